"""What rises: the spans compared, the z-score, the terms of titles."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import log, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.core.trends import Counted, spans, terms, trends
from tracker.core.weekly import Trend, TrendKind

START = datetime(2026, 11, 16, tzinfo=UTC)
WEEK = timedelta(weeks=1)
DAY = timedelta(days=1)
SPANS = spans(START, START + WEEK)


def seen(
    weeks_ago: int, *titles: str, topics: str = "", companies: str = ""
) -> list[Counted]:
    """Return items first seen in the middle of a week."""
    when = START - weeks_ago * WEEK + 3 * DAY
    about, of = frozenset(topics.split()), frozenset(companies.split())
    return [Counted(when, title, about, of) for title in titles]


def steady(*titles: str, topics: str = "a") -> list[Counted]:
    """Return the same titles in each of the nine weeks."""
    return [one for ago in range(9) for one in seen(ago, *titles, topics=topics)]


def found(items: Sequence[Counted], kind: TrendKind) -> list[Trend]:
    made = trends(items, SPANS, ("a", "b"), ("harbour", "lumen"))
    return [trend for trend in made if trend.kind is kind]


def rising_terms(items: Sequence[Counted]) -> list[str]:
    return [trend.name for trend in found(items, TrendKind.TERM)]


def test_a_week_is_compared_with_the_eight_before() -> None:
    assert len(SPANS) == 9
    assert SPANS[0] == (START - 8 * WEEK, START - 7 * WEEK)
    assert SPANS[-1] == (START, START + WEEK)


def test_a_week_that_is_not_over_is_compared_with_the_same_days() -> None:
    begun = spans(START, START + 2 * DAY)
    assert [end - start for start, end in begun] == [2 * DAY] * 9
    assert begun[-2][0] == START - WEEK


def test_a_longer_time_is_compared_with_times_as_long_within_eight_weeks() -> None:
    assert [start for start, _ in spans(START, START + 10 * DAY)] == [
        START - ago * WEEK for ago in (8, 6, 4, 2, 0)
    ]
    assert len(spans(START, START + 4 * WEEK)) == 3
    assert spans(START, START + 5 * WEEK) == ()


def test_a_week_with_an_hour_more_is_a_week() -> None:
    assert len(spans(START, START + WEEK + timedelta(hours=1))) == 9


def test_an_empty_time_is_compared_with_nothing() -> None:
    assert spans(START, START) == ()
    assert spans(START, START - DAY) == ()


def test_the_rise_is_the_formula_of_the_docstring() -> None:
    items = [*steady(*"vwxyz", topics=""), *seen(0, "p", "q", "r", "s", topics="a")]
    items += seen(3, "t", topics="a")
    topic = found(items, TrendKind.TOPIC)[0]
    here, before = 4.5, 1.5
    odds = log(here / (9 - 4 + 0.5)) - log(before / (41 - 1 + 0.5))
    assert topic.rise == pytest.approx(odds / sqrt(1 / here + 1 / before))
    assert (topic.count, topic.before) == (4, (0, 0, 0, 0, 0, 1, 0, 0))
    assert topic.usual == 1 / 8


def test_a_busy_week_raises_nothing_by_itself() -> None:
    week = [*seen(0, "x", "y", topics="a"), *seen(0, "z", topics="b")]
    items = [*steady("x", "y"), *steady("z", topics="b"), *week * 9]
    assert [round(t.rise, 1) for t in found(items, TrendKind.TOPIC)] == [0.0, 0.0]


def test_topics_stand_in_the_readers_order_and_companies_that_had_items() -> None:
    items = [*steady("x"), *seen(2, "y", companies="lumen other")]
    assert [t.name for t in found(items, TrendKind.TOPIC)] == ["a", "b"]
    assert [t.name for t in found(items, TrendKind.COMPANY)] == ["lumen"]


def test_what_rises_is_marked_and_few_items_never_rise() -> None:
    items = [*steady(*"uvwxyz", topics="b"), *seen(0, *"klmno", topics="a")]
    a, b = found(items, TrendKind.TOPIC)
    assert a.is_rising
    assert not b.is_rising
    few = [*steady(*"uvwxyz", topics="b"), *seen(0, *"klm", topics="a")]
    assert not found(few, TrendKind.TOPIC)[0].is_rising


@pytest.mark.parametrize(("weeks", "told"), [(1, False), (2, False), (3, True)])
def test_there_must_be_two_weeks_to_compare_with(weeks: int, told: bool) -> None:
    items = [one for ago in range(weeks) for one in seen(ago, "x", topics="a")]
    assert bool(trends(items, SPANS, ("a",), ())) is told


def test_weeks_before_the_first_item_do_not_count() -> None:
    items = [one for ago in range(4) for one in seen(ago, "x", topics="a")]
    assert found(items, TrendKind.TOPIC)[0].before == (1, 1, 1)


def test_items_between_the_spans_do_not_count() -> None:
    begun = spans(START, START + DAY)
    items = [*seen(0, "x"), *seen(1, "y")]  # on Thursdays
    assert trends(items, begun, ("a",), ()) == ()


_FILLER = [f"Study {chr(97 + n) * 3} things" for n in range(20)]


def test_a_pair_of_words_rises_in_place_of_its_words() -> None:
    items = [*steady(*_FILLER), *seen(0, *["World models"] * 6, topics="a")]
    assert rising_terms(items) == ["world models"]


def test_a_term_is_written_as_most_titles_write_it() -> None:
    titles = ["World Models", "world models of LLMs", "WORLD MODELS", "A World Model"]
    items = [*steady(*_FILLER), *seen(0, *titles, *titles[:2], topics="a")]
    assert rising_terms(items) == ["world models"]


def test_terms_of_what_the_reader_does_not_follow_do_not_rise() -> None:
    others = seen(0, *["Protein folding"] * 9)
    assert rising_terms([*steady(*_FILLER), *others]) == []
    followed = seen(0, *["Protein folding"] * 9, companies="harbour")
    assert rising_terms([*steady(*_FILLER), *followed]) == ["protein folding"]


def test_at_most_six_terms_rise_and_none_shares_a_word_with_a_better() -> None:
    words = ["alpha", "bravo", "carol", "delta", "echo", "fox", "golf", "hotel"]
    news = [f"{word} is all" for word in words for _ in range(6)]
    news += ["alpha network"] * 5
    found_ = rising_terms([*steady(*_FILLER), *seen(0, *news, topics="a")])
    assert len(found_) == 6
    assert sum("alpha" in term for term in found_) <= 1


def test_nothing_rises_in_a_week_like_the_others() -> None:
    assert rising_terms(steady(*_FILLER, "World models", "Agents that plan")) == []


def test_the_order_of_items_does_not_matter() -> None:
    items = [
        *steady(*_FILLER),
        *seen(0, *["Tiny agents", "agents act"] * 5, topics="a"),
    ]
    made = trends(items, SPANS, ("a",), ())
    assert trends(items[::-1], SPANS, ("a",), ()) == made


@pytest.mark.parametrize(
    ("title", "has", "has_not"),
    [
        ("World Models: LLMs as planners", "world model", "model llm"),
        ("Retrieval for the blind", "retrieval", "the"),
        ("Mixture of Experts", "expert", "mixture expert"),
        ("Test-Time Compute (Scaling) laws", "test-time compute", "scaling law"),
        ("OpenAI’s GPT-5", "openai gpt-5", "openai’s"),  # noqa: RUF001 - as it is typed
        ("3D Gaussians in 2026", "3d gaussian", "2026"),
        (r"$\beta$-VAE, x", "", "x"),
    ],
)
def test_terms_are_words_and_pairs_within_a_clause(
    title: str, has: str, has_not: str
) -> None:
    keys = set(terms(title))
    assert not has or has in keys
    assert has_not not in keys


def test_words_are_written_small_but_for_capitals_inside() -> None:
    assert terms("Fast KV-Cache for LLMs")["kv-cache"] == "KV-cache"
    assert terms("Fast Mixture")["fast mixture"] == "fast mixture"
    assert terms("MoE Routing")["moe routing"] == "MoE routing"


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_title_has_terms_without_spaces_at_their_ends(title: str) -> None:
    for key, written in terms(title).items():
        assert key == key.strip()
        assert len(written.split()) == len(key.split()) <= 2
