"""The linear model of topics, on one small enough to work out by hand."""

import math
import zlib
from dataclasses import replace

import pytest

from tracker.core.classify import Model, Topics
from tracker.core.classify.model import SQUARE, UNIT, ZERO, dump, grams, load, read
from tracker.core.text import words
from tracker.core.values import Claim, Topic
from tracker.ingest.judging import judge

SEARCH = Topic("search", "Search", keywords=("search*",), exclude=("job search",))
COOKING = Topic("cooking", "Cooking", keywords=("recipe*", "slow oven"))
TEXT = "A long text on pans " * 10


def row(*weights: float, idf: float = 1) -> list[int]:
    steps = (round(weight * UNIT) + ZERO for weight in weights)
    return [1, round(idf * idf * SQUARE), *steps]


MODEL = load(
    dump(
        {
            "names": ["search", "cooking"],
            "known": {"search": ["search*", "job search"], "cooking": ["recipe*"]},
            "views": {
                "search": [
                    [0, 2, 1, 3, -1, 2, 0, -1],
                    [-1, 2, 2, 3, 0.5, 2, -2, -3],
                ],
                "cooking": [[0, 1, 1, 2, -2, 2, 0, -9]] * 2,
            },
        },
        (
            {"query": row(3, -1), "oven": row(-2, 4, idf=2), "chess": row(-4, 0)},
            {"query": row(1, 0), "pan": row(0, 3), "#cs.IR": row(5, -5)},
        ),
    )
)


def claims(*topics: Topic, title: str, text: str = "") -> list[Claim]:
    return list(Topics(topics, MODEL).of(title, text, (), "blog"))


def names(*topics: Topic, title: str, text: str = "") -> list[str]:
    return [claim.name for claim in claims(*topics, title=title, text=text)]


def test_a_score_is_the_sum_of_weights_over_the_length_of_each_bag() -> None:
    length = math.sqrt(1 + 4)
    assert MODEL.scores(read("Query the oven", "pans")) == {
        "search": (3 - 2) / length + 1 / math.sqrt(2),
        "cooking": (-1 + 4) / length + 3 / math.sqrt(2),
    }


def test_a_work_with_a_text_is_read_by_another_view_than_a_title() -> None:
    assert MODEL.scores(read("Query"))["search"] == 3 + 1
    assert MODEL.scores(read("Query", TEXT))["search"] == -1 + 3 + 1 / math.sqrt(2)


def test_a_category_is_a_word_of_the_whole() -> None:
    assert MODEL.scores(read("", "", ["cs.IR"]))["search"] == 5


@pytest.mark.parametrize("title", ["Kangaroos", ""])
def test_words_that_no_topic_knows_say_nothing(title: str) -> None:
    assert MODEL.scores(read(title)) == {"search": 0, "cooking": 0}


def test_what_the_model_finds_is_claimed_with_the_words_that_say_so() -> None:
    (claim,) = claims(SEARCH, COOKING, title="Query")
    assert (claim.name, claim.evidence, claim.source) == (
        "search", "title: query", "blog",
    )  # fmt: skip
    assert claim.weight == round(1 / (1 + math.exp(-(2 * 4 - 1))), 3)
    (claim,) = claims(SEARCH, COOKING, title="A pan")
    assert (claim.name, claim.evidence) == ("cooking", "text: pan")


def test_a_keyword_raises_the_probability_and_is_the_evidence() -> None:
    (claim,) = claims(SEARCH, title="Search")
    assert claim.evidence == "title: search*"
    assert claim.weight == round(1 / (1 + math.exp(-(3 - 1))), 3)
    assert claims(SEARCH, title="Kangaroos") == []


def test_a_keyword_in_the_text_says_less_than_one_in_the_title() -> None:
    text = f"{TEXT}, search and search"
    (named,) = claims(SEARCH, title="Search", text=TEXT)
    (told,) = claims(SEARCH, title="Kangaroos", text=text)
    assert (named.evidence, told.evidence) == ("title: search*", "text: search*")
    assert told.weight < named.weight


def test_what_the_model_finds_unlikely_is_not_claimed_for_a_keyword() -> None:
    assert names(SEARCH, title="Tree search in chess") == []


def test_a_text_that_makes_a_topic_improbable_outweighs_its_title() -> None:
    topics = Topics((COOKING,), MODEL)
    (claim,) = topics.of("A recipe", "", ("cs.IR",))
    assert claim.weight < 0.2
    assert topics.of("A recipe", TEXT, ("cs.IR",)) == ()
    assert topics.of("A recipe", TEXT)[0].weight > 0.2


def test_an_excluded_phrase_in_the_title_leaves_it_to_keywords() -> None:
    assert names(SEARCH, title="Query for a job search") == []
    assert names(SEARCH, title="Query for a job search, and a search") == ["search"]


def test_a_topic_that_the_model_does_not_know_goes_by_its_keywords() -> None:
    rust = Topic("rust", "Rust", "systems programming", keywords=("rust", "cargo"))
    assert names(rust, SEARCH, title="Query engines in Rust") == ["rust", "search"]
    text = "We use Rust. Cargo builds it."
    assert names(rust, SEARCH, title="Engines", text=text) == ["rust"]


def test_a_keyword_added_to_a_topic_of_the_model_counts() -> None:
    chess = replace(SEARCH, keywords=("search*", "minimax"))
    assert names(chess, title="Minimax in chess") == ["search"]
    assert names(SEARCH, title="Minimax in chess") == []


def test_an_exclusion_added_to_a_topic_of_the_model_keeps_titles_out() -> None:
    picky = replace(SEARCH, exclude=("job search", "sql"))
    assert names(picky, title="Query planning for SQL") == []
    assert names(SEARCH, title="Query planning for SQL") == ["search"]


def test_a_topic_left_out_of_the_settings_is_never_claimed() -> None:
    assert names(COOKING, title="Query") == []


@pytest.mark.parametrize("cut", [1, 40])
def test_a_broken_file_is_no_model(cut: int) -> None:
    with pytest.raises(zlib.error):
        load(dump({}, ({}, {}))[:-cut])


def test_ngrams_are_words_stems_and_pairs_without_filler() -> None:
    assert grams(words("Learning to rank the songs")) == {
        "learning", "learn*", "rank", "rank*", "song", "song*",
        "learning rank", "rank song",
    }  # fmt: skip


def test_a_judge_with_another_model_judges_stored_items_anew() -> None:
    other: Model = replace(MODEL, digest="another")
    bases = {judge((SEARCH,), (), (), model).basis for model in (None, MODEL, other)}
    assert len(bases) == 3
