"""Posts and the papers they are about, as far as both are stored."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Text, cast, literal, select

from tracker.core import about
from tracker.core.about import Relation, Told
from tracker.core.values import ItemKind, Related
from tracker.store.rows import APART, BLOCK, ITEM, KEY, LINK, TABLES, batches

_SOURCE = TABLES["source"]
_LINKS = select(LINK.c.item_id, LINK.c.key, LINK.c.relation, LINK.c.evidence)
_BLOCK_KEY = literal(about.BLOCK) + cast(BLOCK.c.block, Text)


class _Pair(NamedTuple):
    """That a post may be about a paper, how, and what shows it."""

    post: int
    paper: int
    relation: str
    evidence: str


def of(connection: Connection, items: Sequence[int]) -> dict[int, tuple[Related, ...]]:
    """Return what belongs beside items, by number: in order of number.

    Not what somebody set apart.
    """
    found_ = {pair for some in batches(items) for pair in _pairs(connection, some)}
    apart = _apart(connection) if found_ else frozenset()
    pairs = sorted(pair for pair in found_ if pair[:2] not in apart)
    rows = _rows(connection, sorted({one for pair in pairs for one in pair[:2]}))
    found: defaultdict[int, dict[int, Related]] = defaultdict(dict)
    for pair in pairs:
        if not (pair.post in rows and pair.paper in rows) or pair.post == pair.paper:
            continue
        post, paper = rows[pair.post], rows[pair.paper]
        shown = _shown(pair, post, paper)
        if shown:
            found[pair.post].setdefault(pair.paper, _related(paper, shown))
            found[pair.paper].setdefault(pair.post, _related(post, shown))
    return {item: tuple(found[item].values()) for item in items if item in found}


def _apart(connection: Connection) -> frozenset[tuple[int, int]]:
    """Return the pairs that somebody set apart, both ways round: they are few."""
    rows = connection.execute(select(APART.c.item_id, APART.c.other_id))
    return frozenset((item, other) for item, other in rows)


def _shown(pair: _Pair, post: dict[str, Any], paper: dict[str, Any]) -> str | None:
    if paper["kind"] != ItemKind.PAPER:
        return None
    told = Told(post["title"], post["summary"], post["content"])
    return about.shown(pair.relation, pair.evidence, told, paper["title"])


def _pairs(connection: Connection, items: Sequence[int]) -> Iterator[_Pair]:
    """Yield the posts and the papers that may belong together, one of them an item."""
    by_key = _LINKS.join(KEY, KEY.c.key == LINK.c.key).add_columns(KEY.c.item_id)
    by_number = _LINKS.join(BLOCK, LINK.c.key == _BLOCK_KEY).add_columns(
        BLOCK.c.item_id
    )
    for query in (
        by_key.where(LINK.c.item_id.in_(items)),
        by_key.where(KEY.c.item_id.in_(items)),
        by_number.where(BLOCK.c.item_id.in_(items)),
    ):
        for post, _, relation, evidence, paper in connection.execute(query):
            yield _Pair(post, paper, relation, evidence)
    yield from _titled(connection, items)


def _titled(connection: Connection, items: Sequence[int]) -> Iterator[_Pair]:
    """Yield the papers under the numbers that the posts among `items` look for.

    They are asked for as numbers: a database looks for no text made of them.
    """
    rows = connection.execute(
        _LINKS.where(LINK.c.item_id.in_(items), LINK.c.relation == Relation.TITLED)
    )
    wanted = [(about.number(key), post, how, why) for post, key, how, why in rows]
    papers: defaultdict[int, list[int]] = defaultdict(list)
    for some in batches(sorted({number for number, *_ in wanted})):
        under = select(BLOCK).where(BLOCK.c.block.in_(some))
        for number, paper in connection.execute(under):
            papers[number].append(paper)
    for number, post, how, why in wanted:
        yield from (_Pair(post, paper, how, why) for paper in papers[number])


def _rows(connection: Connection, items: Sequence[int]) -> dict[int, dict[str, Any]]:
    if not items:
        return {}
    told = (ITEM.c.title, ITEM.c.summary, ITEM.c.content)
    rows = connection.execute(
        select(ITEM.c.id, ITEM.c.kind, ITEM.c.url, *told, _SOURCE.c.name)
        .join(_SOURCE, _SOURCE.c.id == ITEM.c.source_id)
        .where(ITEM.c.id.in_(items), ITEM.c.deleted_at.is_(None))
    ).mappings()
    return {row["id"]: dict(row) for row in rows}


def _related(row: dict[str, Any], evidence: str) -> Related:
    kind = ItemKind(row["kind"])
    return Related(row["id"], kind, row["title"], row["url"], row["name"], evidence)
