"""What moves and what waits, in words."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.render import example
from tests.render.example import WEEK, digest, item
from tracker.core.weekly import Trend, TrendKind, Waiting
from tracker.render.movement import Movement, movement
from tracker.render.shelf import shelf


def moved(*trends: Trend, **changes: object) -> Movement:
    found = movement(digest(trends=trends, **changes))
    assert found
    return found


def topic(name: str = "llm", count: int = 3, *before: int) -> Trend:
    return Trend(TrendKind.TOPIC, name, count, before or (1, 2), 1.0)


def company(name: str, count: int) -> Trend:
    return Trend(TrendKind.COMPANY, name, count, (1, 2), 1.0)


def test_bars_are_topics_in_order_then_the_busiest_companies() -> None:
    companies = [company(f"c{n}", n) for n in range(1, 9)]
    found = moved(topic("recsys"), topic("llm"), *companies)
    names = [bar.name for bar in found.bars]
    assert names == ["recsys", "llm", "c8", "c7", "c6", "c5", "c4", "c3"]


def test_what_had_nothing_in_all_weeks_has_no_bar() -> None:
    assert [b.name for b in moved(topic("a", 0, 0, 0), topic("b")).bars] == ["b"]
    assert movement(digest(trends=(topic("a", 0, 0, 0),))) is None
    assert movement(digest()) is None


def test_the_title_says_with_what_is_compared() -> None:
    assert moved(topic("a", 1, 1, 1, 1)).title == "This week against the last 3"
    days = replace(WEEK, name="2026-11-16/2026-11-20")
    assert moved(topic(), week=days).title == "These days against those before"


def test_what_rises_most_comes_first_and_terms_stand_in_quotes() -> None:
    found = movement(example.week())
    assert found
    assert found.rising == (
        ("\u201cworld models\u201d", "12, usually 1.5"),
        ("Large language models", "142, usually 90"),
        ("Harbour", "4, usually 1"),
    )


def test_a_long_name_is_cut_to_what_the_chart_has_room_for() -> None:
    (bar,) = moved(topic("x"), names={"x": "Retrieval and ranking at large"}).bars
    assert bar.label == "Retrieval and ranking at\u2026"


def test_words_say_what_the_bars_show() -> None:
    assert moved(topic("llm", 3, 1, 2)).said.endswith(
        "Large language models 3, usually 1.5."
    )


@pytest.mark.parametrize(
    ("waiting", "said"),
    [
        (Waiting(to_read=3), "3 to read"),
        (Waiting(reading=1), "1 being read"),
        (Waiting(to_read=1_200, reading=2), "2 being read, 1,200 to read"),
    ],
)
def test_a_reading_list_is_counted(waiting: Waiting, said: str) -> None:
    found = shelf(digest(waiting=waiting))
    assert found
    assert found.said == said


def test_an_empty_reading_list_is_not_told_of() -> None:
    assert shelf(digest()) is None


def test_what_waits_has_a_title_that_can_be_shown_and_no_strange_link() -> None:
    since = datetime(2026, 10, 3, 9, tzinfo=UTC)
    kept = item(7, "A\x1b[31m title", url="javascript:alert(1)")
    found = shelf(digest(waiting=Waiting(1, 0, ((kept, since),))))
    assert found
    assert (found.longest[0].title, found.longest[0].href) == ("A title", None)
    assert found.longest[0].since == "3 Oct"
