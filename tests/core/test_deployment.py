"""Whether a work is in use: what its text says of itself, and nothing else."""

from time import process_time

import pytest

from tracker.core.rank.deployment import evidence, industrial


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("Online A/B tests show 2% more saves.", "test", "Online A/B tests"),
        ("An A/B experiment with all of our users.", "test", "A/B experiment"),
        ("Online experiments confirm it.", "test", "Online experiments confirm"),
        ("It has been deployed since May.", "deployed", "has been deployed"),
        ("It is now deployed to all.", "deployed", "now deployed"),
        ("We deployed it at Acme.", "deployed", "We deployed"),
        ("A ranker deployed at Acme.", "deployed", "deployed at Acme"),
        ("The model runs in production.", "production", "runs in production"),
        ("It is in production at Acme.", "production", "in production"),
        ("Our production ranker gained.", "production", "Our production ranker"),
        ("It beats the rest and has been deployed.", "deployed", "has been deployed"),
        ("We deploy it on a large shopping app.", "deployed", None),
        ("Fewer clicks, and gains in online metrics.", "test", None),
        ("Serving over 500 million users.", "users", "Serving over 500 million users"),
        ("It has 3 million daily active users.", "users", "daily active users"),
    ],
)
def test_what_tells_of_use_is_evidence(text: str, kind: str, words: str | None) -> None:
    found = evidence("A title", text)
    assert found[kind] == words or (words is None and found[kind] in text)


@pytest.mark.parametrize(
    "text",
    [
        "Language models are increasingly deployed in hospitals.",
        "Such models have been widely deployed.",
        "It has not been deployed.",
        "We compare them without an A/B test.",
        "Deployment is costly; before A/B tests one would simulate.",
        "If deployed at Acme it would pay.",
        "It could be deployed on phones.",
        "We discuss the barriers to deployment in Asia.",
        "The production of steel, and speech production.",
        "Although A/B tests remain what everybody trusts, they cost much.",
        "Experiments (A/B tests) are often slow.",
        "Language models have been extensively adopted in Europe.",
        "Several options have been deployed to analyze such data.",
        "We deploy a set of learnable prompts.",
        "We deploy our data set on https://example.org.",
        "Models currently in use are hard to read.",
        "It is unsuitable for our production systems.",
        "A pre-production model of a car.",
        "Industrial data sets show the same.",
        "Models deployed in real-world applications face drift.",
        "There is a gap between what is learnt and online metrics.",
        "Such tools have millions of users.",
        "A crab/bear testing ground, an online course, a live album.",
        "Trained with 3 million images of users.",
        "",
    ],
)
def test_what_others_do_or_might_be_done_is_none(text: str) -> None:
    assert evidence("A title", text) == {}


def test_the_title_counts_too_but_for_tests_that_it_is_about() -> None:
    assert "production" in evidence("Bandits in production", "")
    assert evidence("A survey of A/B testing", "") == {}


def test_what_is_compared_on_industrys_data_is_industrial_and_not_in_use() -> None:
    text = "It is better on an industrial dataset."
    assert industrial("A title", text) == "industrial dataset"
    assert evidence("A title", text) == {}
    assert not industrial("A title", "The industrial revolution.")


@pytest.mark.parametrize(
    "text",
    ["online " * 100_000, "deployed " * 80_000, "1,000,000 " * 80_000, "1" * 10**6],
)
def test_a_hostile_text_costs_no_time(text: str) -> None:
    began = process_time()
    evidence("million billion a/b online deploy production", text)
    assert process_time() - began < 5
