"""Items that were joined wrongly are what they were before, once they are split."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, delete, insert, update

from tests.fakes import MONDAY, paper, post
from tests.store.test_corrections import ARXIV, DOI, PREPRINT, PRINTED, TITLE, Desk
from tracker.core.values import Author, Item, Mark, MarkState, Verdict
from tracker.store import (
    corrections,
    listing,
    readers,
    soundness,
    splitting,
    verdicts,
)
from tracker.store.engine import reading, writing
from tracker.store.rows import APART, MENTION, MERGER

BOARDS = replace(PRINTED, title="What boards say", summary="Boards say a lot.")
SAME = replace(BOARDS, ids=(DOI, PREPRINT))
GONE = post("z", "A post in place of what was listed")


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def marked(desk: Desk, item: int, mark: Mark | None = None) -> Mark:
    """Return Ada's mark on an item, after setting it where one is given."""
    with writing(desk.engine) as connection:
        ada = readers.ensure(connection, "ada")
        if mark:
            readers.mark(connection, ada, item, mark, desk.clock())
        return readers.mark_of(connection, ada, item)


def words(item: Item) -> tuple[object, ...]:
    """Return what an item says, and when it was seen."""
    said = (item.title, item.summary, item.authors, item.url)
    return (item.id, *said, item.first_seen, item.published, item.sources, item.venues)


def two(desk: Desk) -> list[Item]:
    first, second = desk.read(ARXIV, BOARDS)
    return [first, second]


def test_a_split_brings_back_a_joined_item_though_its_source_is_silent(
    desk: Desk,
) -> None:
    before = two(desk)
    first, second = before
    (item,) = desk.read(ARXIV, SAME)
    assert desk.split(item.id, "acm") == second.id
    assert [words(one) for one in desk.items()] == [words(one) for one in before]
    with reading(desk.engine) as connection:
        found = listing.one(connection, second.id)
        assert found
        assert found.title == BOARDS.title
        assert [one.id for one in listing.search(connection, "boards", 5)] == [2]
        assert corrections.mergers(connection, first.id) == []
        assert list(soundness.findings(connection)) == []
    again = [one for one in desk.read(ARXIV, GONE) if one.title != GONE.title]
    assert [words(one) for one in again] == [words(one) for one in before]
    assert [one.id for one in desk.read(ARXIV, SAME)][:2] == [first.id, second.id]


def test_what_was_said_of_either_is_as_it_was(desk: Desk) -> None:
    first, second = two(desk)
    mine, his = (
        Mark(MarkState.READ, None, "ask Bo"),
        Mark(MarkState.NOT_FOR_ME, 1, "no"),
    )
    marked(desk, first.id, mine)
    marked(desk, second.id, his)
    said = [Verdict("pins", about, MONDAY) for about in (True, False)]
    with writing(desk.engine) as connection:
        for item, verdict in zip((first, second), said, strict=True):
            verdicts.say(connection, item.id, [verdict])
    (item,) = desk.read(ARXIV, SAME)
    assert marked(desk, item.id) == Mark(MarkState.READ, 1, "ask Bo\nno")
    desk.split(item.id, "acm")
    assert [marked(desk, one) for one in (first.id, second.id)] == [mine, his]
    with reading(desk.engine) as connection:
        found = verdicts.of(connection, [first.id, second.id])
    assert [found[first.id], found[second.id]] == [[said[0]], [said[1]]]


def test_what_was_said_since_they_were_joined_stays(desk: Desk) -> None:
    first, second = two(desk)
    his = Mark(MarkState.TO_READ)
    marked(desk, second.id, his)
    (item,) = desk.read(ARXIV, SAME)
    assert marked(desk, item.id) == his
    since = marked(desk, item.id, Mark(MarkState.READ, 5))
    desk.split(item.id, "acm")
    assert [marked(desk, one) for one in (first.id, second.id)] == [since, his]


def test_what_one_lent_to_the_other_is_taken_back(desk: Desk) -> None:
    bare = replace(ARXIV, summary="", published=None)
    before = desk.read(bare, BOARDS)
    (item,) = desk.read(bare, SAME)
    assert item.summary == BOARDS.summary
    desk.split(item.id, "acm")
    assert [words(one) for one in desk.items()] == [words(one) for one in before]


def test_of_several_joined_one_after_the_other_each_is_back(desk: Desk) -> None:
    third = paper("c", "Of boards and pins", ids=("openreview:abcdefg",), summary="So.")
    desk.add("third", third)
    before = desk.read(ARXIV, BOARDS)
    desk.add("third", replace(third, ids=(*third.ids, DOI)))
    assert len(desk.read(ARXIV, BOARDS)) == 2
    (item,) = desk.read(ARXIV, SAME)
    assert desk.split(item.id, "third") == before[2].id
    assert desk.split(item.id, "acm") == before[1].id
    assert [words(one) for one in desk.items()] == [words(one) for one in before]


def test_a_joined_item_leads_to_the_one_that_took_all_of_it(desk: Desk) -> None:
    third = paper("c", "Of boards and pins", ids=("openreview:abcdefg",), summary="So.")
    desk.add("third", third)
    _, second, other = desk.read(ARXIV, BOARDS)
    desk.add("third", replace(third, ids=(*third.ids, DOI)))
    desk.read(ARXIV, BOARDS)
    (item,) = desk.read(ARXIV, SAME)
    assert desk.split(item.id, "acm", "third") == second.id
    with reading(desk.engine) as connection:
        found = listing.one(connection, other.id)
    assert found
    assert found.id == second.id


def test_words_are_back_where_what_else_there_was_is_not_known(desk: Desk) -> None:
    before = two(desk)
    (item,) = desk.read(ARXIV, SAME)
    with writing(desk.engine) as connection:
        connection.execute(delete(MERGER))
    assert desk.split(item.id, "acm") == before[1].id
    assert [words(one) for one in desk.items()] == [words(one) for one in before]


@pytest.mark.parametrize("knows_all", [True, False])
def test_who_takes_out_the_first_gets_back_the_joined(
    desk: Desk, *, knows_all: bool
) -> None:
    before = two(desk)
    mark = marked(desk, before[1].id, Mark(MarkState.TO_READ))
    (item,) = desk.read(ARXIV, SAME)
    if not knows_all:
        with writing(desk.engine) as connection:
            connection.execute(delete(MERGER))
    new = desk.split(item.id, "arxiv")
    said = {one.sources: (one.title, one.summary) for one in desk.items()}
    assert said == {one.sources: (one.title, one.summary) for one in before}
    if knows_all:
        assert [words(one) for one in desk.items()] == [words(one) for one in before]
        assert [marked(desk, one.id) for one in before] == [Mark(), mark]
        assert new == before[1].id


NAMING_BOTH = replace(PRINTED, summary="Of homes.", ids=(DOI, PREPRINT))


def parted(desk: Desk, source: str) -> dict[tuple[str, ...], tuple[str, str]]:
    """Return what two say that were never two, by their sources."""
    (item,) = desk.read(ARXIV, NAMING_BOTH)
    desk.split(item.id, source)
    said = {one.sources: (one.title, one.summary) for one in desk.items()}
    again = {
        one.sources: (one.title, one.summary)
        for one in desk.read(ARXIV, GONE)
        if one.title != GONE.title
    }
    assert again == said
    return said


@pytest.mark.parametrize("source", ["arxiv", "acm"])
def test_what_was_joined_as_it_came_says_what_it_said_then(
    desk: Desk, source: str
) -> None:
    assert parted(desk, source) == {
        ("arxiv",): (ARXIV.title, ARXIV.summary),
        ("acm",): (PRINTED.title, NAMING_BOTH.summary),
    }


@pytest.mark.parametrize("summary", ["Of homes.", "Of the homes of all of us."])
def test_two_entries_of_one_source_part_with_their_own_words(
    desk: Desk, summary: str
) -> None:
    twin = replace(ARXIV, guid="twin", title=f"{TITLE} at home", summary=summary)
    desk.web.serve("https://arxiv.example/feed", ARXIV, twin)
    (item,) = desk.collect()
    with writing(desk.engine) as connection:
        _, other = corrections.seen(connection, item.id)
        splitting.split(connection, item.id, [other.id], desk.clock())
    said = [(one.title, one.summary) for one in desk.items()]
    assert said == [(ARXIV.title, ARXIV.summary), (twin.title, summary)]


def test_who_wrote_what_is_known_though_its_words_are_not(desk: Desk) -> None:
    who = (Author("Grace Hopper", ("Navy",)), Author("Ada Lovelace"))
    (item,) = desk.read(ARXIV, replace(NAMING_BOTH, authors=who))
    with writing(desk.engine) as connection:
        connection.execute(update(MENTION).values(said=None))
    desk.split(item.id, "acm")
    _, new = desk.items()
    assert (new.authors, new.summary) == (("Grace Hopper", "Ada Lovelace"), "")


def test_entries_of_one_batch_make_no_item_of_two_that_were_set_apart(
    desk: Desk,
) -> None:
    printed = replace(PRINTED, title=TITLE)
    (item,) = desk.read(ARXIV, printed)
    desk.split(item.id, "acm")
    third = paper("c", "What boards say", url=None, ids=("openreview:abcdefgh",))
    desk.add("reviews", third)
    assert [one.id for one in desk.collect()] == [1, 2, 3]
    both = paper("1", "Of pins and boards", url=None, ids=(PREPRINT, *third.ids))
    one = paper("2", third.title, url=None, ids=(DOI,))
    desk.add("index", both)
    desk.web.serve("https://index.example/feed", both, one)
    assert [one.id for one in desk.collect()] == [1, 2]  # the third is the first
    with reading(desk.engine) as connection:
        assert corrections.apart(connection, 1) == (2,)
        assert corrections.apart(connection, 2) == (1,)
        assert list(soundness.findings(connection)) == []
    desk.web.serve("https://index.example/feed", both, replace(one, summary="More."))
    assert [one.id for one in desk.collect()] == [1, 2]


def test_an_item_apart_from_itself_is_found_and_still_collected(desk: Desk) -> None:
    (item, _) = two(desk)
    with writing(desk.engine) as connection:
        row = {"item_id": item.id, "other_id": item.id, "since": desk.clock()}
        connection.execute(insert(APART), row)
        (found,) = soundness.findings(connection)
    assert found == "1 items that are set apart from themselves: 1"
    changed = replace(ARXIV, summary="It ranks pins, and boards too.")
    assert [one.id for one in desk.read(changed, BOARDS)] == [1, 2]
    assert desk.items()[0].summary == changed.summary
