"""What somebody said of an item's topics outlives whatever is judged or joined."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from tests.fakes import MONDAY
from tests.store.test_corrections import ARXIV, DOI, PREPRINT, PRINTED, Desk, joined
from tracker.core.values import Item, Topic, Verdict
from tracker.ingest.judging import Judge, judge, judge_anew
from tracker.store import listing, verdicts
from tracker.store.engine import reading, writing

PINS = Topic("pins", "Pins", keywords=("ranking pins",))
BOARDS = Topic("boards", "Boards")
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def said(desk: Desk, item: int) -> list[tuple[str, bool]]:
    with reading(desk.engine) as connection:
        found = verdicts.of(connection, [item])[item]
    return [(one.topic, one.about) for one in found]


def say(desk: Desk, item: int, *words: Verdict) -> None:
    with writing(desk.engine) as connection:
        verdicts.say(connection, item, words)


def judged_by(desk: Desk, judge_: Judge) -> Item:
    """Judge all that is stored anew; return the first item."""
    with writing(desk.engine) as connection:
        judge_anew(connection, judge_, 0, desk.clock())
        found = listing.one(connection, desk.items()[0].id)
    assert found is not None
    return found


def test_what_is_said_wins_over_words_and_is_judged_so_again(desk: Desk) -> None:
    item = joined(desk)
    judge_ = judge((PINS, BOARDS), (), tuple(desk.sources))
    assert [c.name for c in judged_by(desk, judge_).topics] == ["pins"]
    say(
        desk,
        item.id,
        Verdict("pins", about=False, since=MONDAY),
        Verdict("boards", about=True, since=MONDAY),
        Verdict("gone", about=True, since=MONDAY),
    )
    (claim,) = judged_by(desk, judge_).topics
    assert (claim.name, claim.evidence, claim.weight) == ("boards", "you said so", 1)
    other = judge((PINS, BOARDS, Topic("gone", "Gone")), (), tuple(desk.sources))
    found = judged_by(desk, other).topics
    assert [claim.name for claim in found] == ["boards", "gone"]


def test_a_thing_said_twice_keeps_its_moment_and_another_word_replaces_it(
    desk: Desk,
) -> None:
    item = joined(desk).id
    say(desk, item, Verdict("pins", about=True, since=MONDAY))
    say(desk, item, Verdict("pins", about=True, since=TUESDAY))
    with reading(desk.engine) as connection:
        (kept,) = verdicts.of(connection, [item])[item]
    assert kept.since == MONDAY
    say(desk, item, Verdict("pins", about=False, since=TUESDAY))
    assert said(desk, item) == [("pins", False)]


@pytest.mark.parametrize("later", [0, 1])
def test_of_two_that_are_one_all_words_are_kept_and_the_later_wins(
    desk: Desk, later: int
) -> None:
    first, second = desk.read(ARXIV, replace(PRINTED, title="What boards say"))
    moments = (TUESDAY, MONDAY) if later == 0 else (MONDAY, TUESDAY)
    for item, other, moment in zip(
        (first, second), ("ours", "theirs"), moments, strict=True
    ):
        about = item is first
        words = [Verdict("pins", about, moment), Verdict(other, about, moment)]
        say(desk, item.id, *words)
    (one,) = desk.read(ARXIV, replace(PRINTED, ids=(DOI, PREPRINT)))
    assert one.id == first.id
    pins = ("pins", later == 0)
    assert said(desk, one.id) == [("ours", True), pins, ("theirs", False)]
    assert said(desk, second.id) == []


def test_what_was_said_stays_with_the_item_that_was_split(desk: Desk) -> None:
    item = joined(desk)
    say(desk, item.id, Verdict("pins", about=True, since=MONDAY))
    new = desk.split(item.id, "arxiv")
    say(desk, new, Verdict("pins", about=False, since=MONDAY))
    assert said(desk, item.id) == [("pins", True)]
    assert said(desk, new) == [("pins", False)]
