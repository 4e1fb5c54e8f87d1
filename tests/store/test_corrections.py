"""What somebody said of items stays so, whatever their sources say later."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from tests.fakes import MONDAY, Clock, Web, paper, post, subscription
from tracker import ingest
from tracker.core.dedup import Work
from tracker.core.likeness import blocks
from tracker.core.values import (
    Author,
    Entry,
    Item,
    Mark,
    MarkState,
    Signal,
    SignalName,
)
from tracker.ingest import Tools
from tracker.ingest.judging import judge
from tracker.store import (
    corrections,
    listing,
    readers,
    signals,
    soundness,
    splitting,
)
from tracker.store.engine import reading, writing
from tracker.store.listing import Wanted
from tracker.store.rows import TABLES

DOI, PREPRINT = "doi:10.1145/1.2", "arxiv:2601.00001"
TITLE = "Ranking pins with graph networks"
PRINTED = paper("b", f"{TITLE} at home", url="https://acm.example/b", ids=(DOI,))
ARXIV = paper("a", TITLE, url="https://arxiv.org/abs/2601.00001", ids=(PREPRINT,))


class Desk:
    """A store, and two catalogues to read: one of preprints, one of a conference."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.clock = engine, Clock()
        self.web = Web(self.clock)
        self.sources = [subscription("arxiv"), subscription("acm", venue="KDD")]

    def read(self, preprint: Entry, printed: Entry) -> list[Item]:
        """Let the sources say this; return the items there are then."""
        self.web.serve("https://arxiv.example/feed", preprint)
        self.web.serve("https://acm.example/feed", printed)
        return self.collect()

    def collect(self) -> list[Item]:
        """Read what the sources say; return the items there are then."""
        self.clock.move(days=1)
        judged = judge((), (), tuple(self.sources))
        tools = Tools(
            self.engine, self.web.fetch, self.web.read, judged, self.clock, workers=1
        )
        for source in self.sources:
            ingest.collect(tools, ingest.due(tools, [source], forced=True))
        return self.items()

    def items(self) -> list[Item]:
        with reading(self.engine) as connection:
            return sorted(listing.items(connection, Wanted()), key=lambda i: i.id)

    def add(self, name: str, entry: Entry) -> None:
        """Let a third catalogue be read too, and say this."""
        if name not in {source.name for source in self.sources}:
            self.sources.append(subscription(name))
        self.web.serve(f"https://{name}.example/feed", entry)

    def split(self, item: int, *sources: str) -> int:
        with writing(self.engine) as connection:
            seen = corrections.seen(connection, item)
            chosen = [one.id for one in seen if one.source in sources]
            return splitting.split(connection, item, chosen, self.clock())


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def joined(desk: Desk) -> Item:
    """Return the one item that the conference joined by naming the preprint's id."""
    (item,) = desk.read(ARXIV, replace(PRINTED, ids=(DOI, PREPRINT)))
    return item


def test_what_joined_a_mention_is_kept(desk: Desk) -> None:
    item = joined(desk)
    with reading(desk.engine) as connection:
        first, second = corrections.seen(connection, item.id)
    assert (first.source, first.joined_by) == ("arxiv", None)
    assert (second.source, second.joined_by) == ("acm", PREPRINT)


def test_two_items_that_turn_out_to_be_one_say_by_what(desk: Desk) -> None:
    first, second = desk.read(ARXIV, replace(PRINTED, title="What boards say"))
    said = replace(PRINTED, title="What boards say", ids=(DOI, PREPRINT))
    (item,) = desk.read(ARXIV, said)
    assert item.id == first.id
    with reading(desk.engine) as connection:
        (merger,) = corrections.mergers(connection, item.id)
    assert (merger.item, merger.at) == (second.id, MONDAY + timedelta(days=2))
    assert merger.reason
    assert DOI in merger.reason
    assert PREPRINT in merger.reason


def test_a_split_makes_two_items_of_one(desk: Desk) -> None:
    item = joined(desk)
    new = desk.split(item.id, "acm")
    old, other = desk.items()
    assert (old.id, old.sources, old.venues) == (item.id, ("arxiv",), ())
    assert (other.id, other.sources) == (new, ("acm",))
    assert [venue.name for venue in other.venues] == ["KDD 2026"]
    with reading(desk.engine) as connection:
        assert corrections.apart(connection, item.id) == (new,)
        assert corrections.apart(connection, new) == (item.id,)


@pytest.mark.parametrize("source", ["arxiv", "acm"])
@pytest.mark.parametrize(
    "later",
    [
        replace(PRINTED, ids=(DOI, PREPRINT)),
        replace(PRINTED, ids=(DOI, PREPRINT), title="A title changed since"),
        replace(PRINTED, title=TITLE),
        replace(PRINTED, url=ARXIV.url),
    ],
    ids=["as before", "another title", "the same title", "the same address"],
)
def test_a_split_stays_whatever_the_sources_say_later(
    desk: Desk, source: str, later: Entry
) -> None:
    item = joined(desk)
    new = desk.split(item.id, source)
    for preprint in (ARXIV, replace(ARXIV, summary="We show another thing.")):
        assert [one.id for one in desk.read(preprint, later)] == [item.id, new]
    kept = {one.id: one.sources for one in desk.items()}
    assert kept[new] == (source,)


def test_after_a_split_each_item_says_what_its_own_source_does(desk: Desk) -> None:
    item = joined(desk)
    new = desk.split(item.id, "arxiv")
    desk.read(ARXIV, replace(PRINTED, ids=(DOI, PREPRINT)))
    titles = {one.id: one.title for one in desk.items()}
    assert titles == {item.id: PRINTED.title, new: ARXIV.title}


@pytest.mark.parametrize("source", ["arxiv", "acm"])
def test_a_store_is_sound_whatever_is_corrected(desk: Desk, source: str) -> None:
    first, second = desk.read(ARXIV, replace(PRINTED, title="What boards say"))
    (item,) = desk.read(ARXIV, replace(PRINTED, ids=(DOI, PREPRINT)))
    assert (item.id, faults(desk)) == (first.id, [])
    new = desk.split(item.id, source)
    assert new == second.id
    assert faults(desk) == []
    for at in (desk.clock(), None):
        with writing(desk.engine) as connection:
            corrections.delete_items(connection, [item.id, new], at)
        assert faults(desk) == []
        desk.read(replace(ARXIV, summary=f"At {at}."), PRINTED)
        assert faults(desk) == []
    assert [one.id for one in desk.items()] == [item.id, new]


def test_a_note_on_either_of_two_that_are_one_is_kept(desk: Desk) -> None:
    first, second = desk.read(ARXIV, replace(PRINTED, title="What boards say"))
    with writing(desk.engine) as connection:
        ada = readers.ensure(connection, "ada")
        for item, mark in (
            (first, Mark(MarkState.READ, None, "ask Bo")),
            (second, Mark(MarkState.TO_READ, 5, "we could use this")),
        ):
            readers.mark(connection, ada, item.id, mark, MONDAY)
    (one,) = desk.read(ARXIV, replace(PRINTED, ids=(DOI, PREPRINT)))
    with reading(desk.engine) as connection:
        kept = readers.mark_of(connection, ada, one.id)
    assert kept == Mark(MarkState.READ, 5, "ask Bo\nwe could use this")


def faults(desk: Desk) -> list[str]:
    with reading(desk.engine) as connection:
        return list(soundness.findings(connection))


def test_marks_stay_with_the_item_that_was_split(desk: Desk) -> None:
    item = joined(desk)
    with writing(desk.engine) as connection:
        ada = readers.ensure(connection, "ada")
        readers.mark(connection, ada, item.id, Mark(MarkState.TO_READ), MONDAY)
    new = desk.split(item.id, "arxiv")
    with reading(desk.engine) as connection:
        assert readers.mark_of(connection, ada, item.id).state is MarkState.TO_READ
        assert readers.mark_of(connection, ada, new).state is MarkState.INBOX


def rows(desk: Desk, name: str) -> dict[int, set[str]]:
    """Return the values of a table's first columns beside the item, by item."""
    table = TABLES[name]
    first = {"item_block": "block", "item_link": "key", "item_signal": "name"}[name]
    with reading(desk.engine) as connection:
        found: dict[int, set[str]] = {}
        for item, value in connection.execute(select(table.c.item_id, table.c[first])):
            found.setdefault(item, set()).add(str(value))
    return found


@pytest.mark.parametrize("source", ["arxiv", "acm"])
def test_each_part_of_a_split_is_found_by_its_own_title_and_authors(
    desk: Desk, source: str
) -> None:
    third = replace(PRINTED, authors=(Author("Grace Hopper"), Author("Wei Wang")))
    (item,) = desk.read(ARXIV, replace(third, ids=(DOI, PREPRINT)))
    parts = [
        {str(n) for n in blocks(one.title, [author.name for author in one.authors])}
        for one in (ARXIV, third)
    ]
    assert rows(desk, "item_block") == {item.id: parts[0] | parts[1]}
    new = desk.split(item.id, source)
    mine, other = reversed(parts) if source == "arxiv" else parts
    assert rows(desk, "item_block") == {item.id: mine, new: other}


def test_parts_of_one_title_are_both_found_by_it(desk: Desk) -> None:
    (item,) = desk.read(ARXIV, replace(PRINTED, title=TITLE))
    both = rows(desk, "item_block")[item.id]
    new = desk.split(item.id, "acm")
    assert rows(desk, "item_block") == {item.id: both, new: both}


def test_the_papers_that_a_post_is_about_go_with_who_says_so(desk: Desk) -> None:
    def telling(guid: str, paper_: str) -> Entry:
        page = f"https://arxiv.org/abs/{paper_}"
        text = f'<a href="{page}">our paper</a>'
        url = "https://blog.example/pins"
        return post(guid, "Of pins", url=url, content=text, links=(page,))

    (item,) = desk.read(telling("a", "2601.00001"), telling("b", "2601.00002"))
    assert rows(desk, "item_link") == {
        item.id: {"arxiv:2601.00001", "arxiv:2601.00002"}
    }
    new = desk.split(item.id, "acm")
    assert rows(desk, "item_link") == {
        item.id: {"arxiv:2601.00001"},
        new: {"arxiv:2601.00002"},
    }


@pytest.mark.parametrize("source", ["arxiv", "acm"])
def test_signals_go_where_the_id_is_that_they_were_asked_for_by(
    desk: Desk, source: str
) -> None:
    item = joined(desk)
    signal = Signal(SignalName.UPVOTES, "7")
    said = Work((replace(ARXIV, signals=(signal,)),), (PREPRINT,), (item.id,))
    with writing(desk.engine) as connection:
        signals.save(connection, "hf", [said], MONDAY)
    new = desk.split(item.id, source)
    preprint = new if source == "arxiv" else item.id
    assert rows(desk, "item_signal") == {preprint: {"upvotes"}}


def test_what_is_joined_to_a_part_stays_apart_from_the_other(desk: Desk) -> None:
    item = joined(desk)
    new = desk.split(item.id, "acm")
    third = paper("c", "What boards say", ids=("openreview:abcdef",))
    desk.sources.append(subscription("third"))
    desk.web.serve("https://third.example/feed", third)
    (*_, other) = desk.read(ARXIV, PRINTED)
    assert other.id not in {item.id, new}
    desk.web.serve("https://third.example/feed", replace(third, ids=(*third.ids, DOI)))
    desk.read(ARXIV, PRINTED)
    said = replace(third, ids=(*third.ids, DOI, PREPRINT))
    desk.web.serve("https://third.example/feed", said)
    assert len(desk.read(ARXIV, PRINTED)) == 2


def test_a_deleted_item_is_seen_nowhere_and_comes_back_only_when_asked(
    desk: Desk,
) -> None:
    item = joined(desk)
    with writing(desk.engine) as connection:
        corrections.delete_items(connection, [item.id], desk.clock())
    again = replace(ARXIV, title="Ranking anew", published=MONDAY + timedelta(days=2))
    assert desk.read(again, PRINTED) == []
    start, end = MONDAY - timedelta(days=7), MONDAY + timedelta(days=7)
    with reading(desk.engine) as connection:
        assert listing.search(connection, "ranking", 10) == []
        assert listing.for_digest(connection, start, end, None) == []
        assert listing.count(connection, Wanted()) == 0
    with writing(desk.engine) as connection:
        corrections.delete_items(connection, [item.id], None)
    assert [one.id for one in desk.items()] == [item.id]


def test_a_work_like_a_deleted_one_is_that(desk: Desk) -> None:
    text = " ".join(f"word{n}" for n in range(60))
    preprint = replace(ARXIV, summary=text)
    first, _ = desk.read(preprint, post("z", "A post"))
    with writing(desk.engine) as connection:
        corrections.delete_items(connection, [first.id], desk.clock())
    printed = replace(PRINTED, title="Graphs of boards for all", summary=text)
    assert [one.title for one in desk.read(preprint, printed)] == ["A post"]
