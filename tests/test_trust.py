"""What a feed says of others' works: it may point to them, and change nothing."""

from dataclasses import replace
from typing import ClassVar

import pytest
from sqlalchemy import Engine

from tests.fakes import Canned, Clock, Web, paper, post, subscription
from tracker import ingest
from tracker.core.values import Entry, Item
from tracker.ingest import Tools
from tracker.ingest.judging import judge
from tracker.store import listing
from tracker.store.engine import reading
from tracker.store.listing import Wanted

DOI, PREPRINT = "doi:10.1145/1.2", "arxiv:2601.00001"


class CannedFeed(Canned):
    """A feed: it lists papers, and none of its own."""

    is_catalogue: ClassVar[bool] = False


class Desk:
    """A store, catalogues and feeds, read one after the other."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.clock = engine, Clock()
        self.web = Web(self.clock)
        fed = [
            subscription(name, source=CannedFeed(url=f"https://{name}.example/feed"))
            for name in ("evil", "other")
        ]
        self.sources = {"arxiv": subscription("arxiv"), "acm": subscription("acm")}
        self.sources |= {one.name: one for one in fed}

    def read(self, source: str, *entries: Entry) -> list[Item]:
        """Let a source say this; return the items there are then."""
        self.web.serve(f"https://{source}.example/feed", *entries)
        self.clock.move(days=1)
        tools = Tools(
            self.engine,
            self.web.fetch,
            self.web.read,
            judge((), (), tuple(self.sources.values())),
            self.clock,
        )
        ingest.collect(tools, ingest.due(tools, [self.sources[source]], forced=True))
        with reading(self.engine) as connection:
            found = listing.items(connection, Wanted())
        return sorted(found, key=lambda item: item.id)


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def test_a_feed_that_names_two_papers_makes_them_no_one(desk: Desk) -> None:
    desk.read("arxiv", paper("a", "How to rank pins", ids=(PREPRINT,)))
    desk.read("acm", paper("b", "What boards say", ids=(DOI,)))
    evil = paper("x", "Stolen", ids=(DOI, PREPRINT))
    assert [item.title for item in desk.read("evil", evil)] == [
        "How to rank pins",
        "What boards say",
    ]
    one, other = desk.read("acm", paper("b", "What boards say", ids=(DOI,)))
    assert "evil" not in one.sources
    assert "evil" in other.sources


def test_a_feed_that_came_first_makes_two_papers_no_one_either(desk: Desk) -> None:
    desk.read("evil", paper("x", "Stolen", ids=(DOI, PREPRINT)))
    desk.read("arxiv", paper("a", "How to rank pins", ids=(PREPRINT,)))
    found = desk.read("acm", paper("b", "What boards say", ids=(DOI,)))
    assert sorted(item.title for item in found) == [
        "How to rank pins",
        "What boards say",
    ]


def test_a_feed_fills_no_gap_of_a_paper(desk: Desk) -> None:
    bare = paper("a", "How to rank pins", ids=(PREPRINT,), summary="", published=None)
    desk.read("arxiv", bare)
    evil = paper("x", "Stolen", ids=(PREPRINT,), summary="Buy this.", categories=("x",))
    (item,) = desk.read("evil", evil)
    assert (item.title, item.summary, item.published) == (bare.title, "", None)
    (item,) = desk.read("arxiv", replace(bare, summary="We rank."))
    assert item.summary == "We rank."


def test_of_two_feeds_of_one_post_the_first_keeps_its_text(desk: Desk) -> None:
    page = "https://blog.example/1"
    desk.read("evil", post("x", "A post", url=page, summary=""))
    (item,) = desk.read("other", post("y", "Another", url=page, summary="Buy this."))
    assert (item.title, item.summary) == ("A post", "")
    assert item.sources == ("evil", "other")


def test_a_feed_does_not_tell_what_is_like_a_paper(desk: Desk) -> None:
    desk.read("arxiv", paper("a", "PinRank: ranking pins with graphs", ids=(PREPRINT,)))
    like = paper("x", "PinRank: Rank Pins with a Graph", url="https://evil.example/x")
    assert len(desk.read("evil", like)) == 2


def test_a_paper_under_two_titles_is_one_whichever_comes_first(desk: Desk) -> None:
    long = "PinRank: ranking pins with graph networks"
    first = desk.read("acm", paper("b", f"{long} at home", ids=(DOI,)))
    (item,) = desk.read("arxiv", paper("a", long, ids=(PREPRINT,)))
    assert item.id == first[0].id
    assert item.sources == ("acm", "arxiv")
