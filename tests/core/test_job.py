"""Job descriptions, made up: who hires, and which words are particular to the job."""

from time import process_time

import pytest

from tracker.core.job import essential, hirer, phrases
from tracker.core.values import Company

HARBOUR = Company("harbour", "Harbour", ("HarbourTech",), domains=("harbour.example",))
LAGOON = Company("lagoon", "Lagoon", ("lagoon", "Lagoon Labs"))
COMPANIES = (LAGOON, HARBOUR)
KEYWORDS = ("recommend*", "retrieval", "two tower", "llm", "ranking")

AD = """Staff Machine Learning Engineer, Boats

About Harbour:
Thousands of skippers come to Harbour every day. You will build two-tower models and
embedding retrieval at scale, with approximate search over boats.

- Own multi-task learning and cold start
- Hands-on experience with PyTorch, Spark and SQL; 5+ years in industry
- LLM fine-tuning, distributed training (FSDP) and Lagoon Cloud are a plus

Benefits: dental insurance and quantum yoga. Harbour is an equal opportunity employer.
"""


def test_words_of_the_job_are_found_and_those_of_every_job_are_not() -> None:
    found = phrases(AD, KEYWORDS, ["Harbour", "Lagoon"])
    assert {"two-tower", "embedding retrieval", "PyTorch", "cold start"} <= set(found)
    assert {"LLM fine-tuning", "multi-task learning", "FSDP"} <= set(found)
    said = " ".join(found).lower()
    for word in ("experience", "engineer", "years", "team", "sql", "harbour", "yoga"):
        assert word not in said
    assert len(found) <= 15


def test_what_comes_again_and_is_of_the_field_comes_first() -> None:
    text = "We work on salt crystals. We care for generative retrieval. " * 2
    assert phrases(text + "We like generative retrieval.", KEYWORDS) == (
        "generative retrieval",
        "salt crystals",
    )


def test_a_plain_word_counts_when_it_comes_again_and_again() -> None:
    assert phrases("We like podcasts.") == ()
    assert phrases("We like podcasts. Do you like podcasts? And podcasts?") == (
        "podcasts",
    )


def test_a_line_that_goes_on_is_one() -> None:
    assert phrases("You will work on semantic\nids with us.") == ("semantic ids",)


def test_of_other_languages_only_terms_are_taken() -> None:
    text = (
        "Wir suchen Menschen mit Erfahrung in PyTorch und BERT, die gerne Boote bauen"
    )
    assert phrases(text) == ("PyTorch", "BERT")


@pytest.mark.parametrize("text", ["", "  \n", "We are looking for a great engineer."])
def test_where_nothing_is_particular_nothing_is_found(text: str) -> None:
    assert phrases(text, KEYWORDS) == ()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (AD, "harbour"),
        ("Ranking engineer at Harbour", "harbour"),
        ("Write to jobs@harbour.example", "harbour"),
        ("LAGOON hires. " + "We are by the sea. " * 30, "lagoon"),
        ("Boats at Harbour\nYou have worked at Lagoon or Lagoon Labs.", "harbour"),
        ("Experience with boats is needed. Lagoon hires", "lagoon"),
        ("x " * 200 + "Join HarbourTech now", "harbour"),
    ],
)
def test_the_company_that_hires_is_known(text: str, name: str) -> None:
    assert hirer(text, COMPANIES) == (name,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "We rank boats.",
        "x " * 200 + "Experience with Lagoon Cloud, Lagoon Docs and Lagoon Sheets.",
        "x " * 200 + "You have worked at Harbour before.",
        "You worked at Lagoon Labs, HarbourTech or Harbour before. Boats matter.",
        "You have experience with the boats of others, from\nHarbour,\nLagoon to Reef.",
        "Our founders come from Harbour and Lagoon; companies like Harbour pay us.",
        "harbour master wanted for the harbour by the harbour",
        "Harbouring and Lagooned, PreHarbour and a.Harbour",
    ],
)
def test_a_tool_or_a_former_employer_does_not_hire(text: str) -> None:
    assert hirer(text, COMPANIES) == ()


def test_formalities_say_nothing_of_the_work() -> None:
    left = essential(AD)
    assert "equal opportunity" not in left
    assert "two-tower" in left


@pytest.mark.parametrize(
    "piece", ["A ", "- ", "@", "a\n", "A1", "Harbour ", "at ", "worked at ,\n"]
)
def test_a_hostile_text_takes_no_time(piece: str) -> None:
    text = piece * 500_000
    began = process_time()
    hirer(text, COMPANIES)
    phrases(text, KEYWORDS)
    assert process_time() - began < 2
