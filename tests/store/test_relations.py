"""Posts stand beside the papers that they are about, whichever came first."""

import pytest
from sqlalchemy import Engine

from tests.fakes import Clock, Web, paper, post, subscription
from tracker import ingest
from tracker.core.values import Entry, Item
from tracker.ingest import Tools
from tracker.ingest.judging import judge
from tracker.store import listing
from tracker.store.engine import reading
from tracker.store.listing import Wanted

PAGE = "https://arxiv.org/abs/2601.00001"
PIN_RANK = paper("p", "PinRank: Ranking Pins with Graphs", url=PAGE)
OTHER = paper("q", "PinRank: Cooking for Two", url="https://arxiv.org/abs/2601.00002")
POSTS = {
    "link": post("a", "News", content=f'<a href="{PAGE}">our paper</a>', links=(PAGE,)),
    "title": post("b", "PinRank: ranking pins with graphs"),
    "name": post("c", "Introducing PinRank", summary="It ranks pins, by graphs."),
}


def stored(engine: Engine, *entries: Entry) -> list[Item]:
    """Return the items that entries become, read one after the other."""
    clock, web = Clock(), Web()
    for entry in entries:
        source = subscription(f"source-{entry.guid}")
        web.serve(f"https://{source.name}.example/feed", entry)
        judged = judge((), (), (source,))
        tools = Tools(engine, web.fetch, web.read, judged, clock, workers=1)
        ingest.collect(tools, ingest.due(tools, [source], forced=True))
        clock.move(days=1)
    with reading(engine) as connection:
        return listing.items(connection, Wanted())


def beside(items: list[Item]) -> dict[str, list[str]]:
    """Return by title what stands beside items."""
    return {item.title: [one.title for one in item.related] for item in items}


@pytest.mark.parametrize("way", list(POSTS))
@pytest.mark.parametrize("is_first", [True, False])
def test_a_post_stands_beside_its_paper_and_beside_no_other(
    engine: Engine, way: str, *, is_first: bool
) -> None:
    entries = (
        [POSTS[way], PIN_RANK, OTHER] if is_first else [OTHER, PIN_RANK, POSTS[way]]
    )
    said = beside(stored(engine, *entries))
    assert said[PIN_RANK.title] == [POSTS[way].title]
    assert said[POSTS[way].title] == [PIN_RANK.title]
    assert said[OTHER.title] == []


def test_a_post_is_no_paper_of_that_title(engine: Engine) -> None:
    again = post("d", POSTS["title"].title)
    said = stored(engine, POSTS["title"], again)
    assert [item.related for item in said] == [(), ()]
