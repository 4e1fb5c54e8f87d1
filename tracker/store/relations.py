"""Posts and the papers they are about, as far as both are stored."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select, union

from tracker.core.about import is_about
from tracker.core.values import ItemKind, Related
from tracker.store.rows import ITEM, KEY, LINK, TABLES

_SOURCE = TABLES["source"]


def of(connection: Connection, items: Sequence[int]) -> dict[int, tuple[Related, ...]]:
    """Return what belongs beside items, by number: in order of number."""
    pairs = _pairs(connection, items)
    rows = _rows(
        connection, sorted({one for post, paper, *_ in pairs for one in (post, paper)})
    )
    found: defaultdict[int, dict[int, Related]] = defaultdict(dict)
    for post, paper, relation, evidence in pairs:
        if not (post in rows and paper in rows) or post == paper:
            continue
        one, other = rows[post], rows[paper]
        text = f"{one['title']} {one['summary']}"
        if other["kind"] == ItemKind.PAPER and is_about(relation, text, other["title"]):
            found[post].setdefault(paper, _related(other, evidence))
            found[paper].setdefault(post, _related(one, evidence))
    return {item: tuple(found[item].values()) for item in items if item in found}


def _pairs(
    connection: Connection, items: Sequence[int]
) -> list[tuple[int, int, str, str]]:
    query = select(
        LINK.c.item_id, KEY.c.item_id.label("paper"), LINK.c.relation, LINK.c.evidence
    ).join(KEY, KEY.c.key == LINK.c.key)
    both = union(
        query.where(LINK.c.item_id.in_(items)), query.where(KEY.c.item_id.in_(items))
    )
    return sorted(
        (post, paper, said, why) for post, paper, said, why in connection.execute(both)
    )


def _rows(connection: Connection, items: Sequence[int]) -> dict[int, dict[str, Any]]:
    if not items:
        return {}
    columns = (ITEM.c.id, ITEM.c.kind, ITEM.c.title, ITEM.c.url, ITEM.c.summary)
    rows = connection.execute(
        select(*columns, _SOURCE.c.name)
        .join(_SOURCE, _SOURCE.c.id == ITEM.c.source_id)
        .where(ITEM.c.id.in_(items), ITEM.c.deleted_at.is_(None))
    ).mappings()
    return {row["id"]: dict(row) for row in rows}


def _related(row: dict[str, Any], evidence: str) -> Related:
    kind = ItemKind(row["kind"])
    return Related(row["id"], kind, row["title"], row["url"], row["name"], evidence)
