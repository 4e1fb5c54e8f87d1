"""What a reader marked, and the texts around it: what a taste is learnt from."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from tracker.core.values import Claim, Item, ItemKind, Mark, MarkState
from tracker.store.readers import MARK
from tracker.store.rows import ITEM, TOPIC

_TEXT = [
    ITEM.c[name]
    for name in (
        *("id", "kind", "title", "url", "first_seen_at"),
        *("summary", "authors", "categories"),
    )
]


def marks(connection: Connection, reader: int | None) -> list[tuple[Item, Mark]]:
    """Return what a reader marked, by number: items with their texts and topics."""
    marked = (
        select(*_TEXT, MARK.c.state, MARK.c.rating)
        .join(MARK, MARK.c.item_id == ITEM.c.id)
        .where(MARK.c.reader_id == reader, ITEM.c.merged_into.is_(None))
    )
    rows = connection.execute(marked.order_by(ITEM.c.id)).all()
    topics = _topics(connection, marked)
    return [
        (_item(row, topics), Mark(MarkState(row.state), row.rating)) for row in rows
    ]


def around(connection: Connection, reader: int | None, most: int) -> list[Item]:
    """Return up to `most` items first seen before the reader's last mark, the newest.

    So what a taste is learnt from changes with the marks, not with every collecting.
    """
    last: datetime | None = connection.scalar(
        select(func.max(MARK.c.updated_at)).where(MARK.c.reader_id == reader)
    )
    return newest(connection, last, most) if last else []


def newest(connection: Connection, last: datetime, most: int) -> list[Item]:
    """Return up to `most` items first seen until `last`, the newest first."""
    chosen = (
        select(*_TEXT)
        .where(ITEM.c.merged_into.is_(None), ITEM.c.first_seen_at <= last)
        .order_by(ITEM.c.first_seen_at.desc(), ITEM.c.id.desc())
        .limit(most)
    )
    topics = _topics(connection, chosen)
    return [_item(row, topics) for row in connection.execute(chosen)]


def highest(connection: Connection) -> int:
    """Return the highest number of an item, 0 without any."""
    return connection.execute(select(func.max(ITEM.c.id))).scalar() or 0


def first_seen(connection: Connection, number: int) -> datetime | None:
    """Return when the first item from `number` on was first seen."""
    seen = select(ITEM.c.first_seen_at).where(ITEM.c.id >= number)
    return connection.execute(seen.order_by(ITEM.c.id).limit(1)).scalar()


def _topics(
    connection: Connection, items: Select[Any]
) -> defaultdict[int, list[Claim]]:
    found: defaultdict[int, list[Claim]] = defaultdict(list)
    chosen = items.subquery()
    rows = connection.execute(
        select(TOPIC)
        .join(chosen, chosen.c.id == TOPIC.c.item_id)
        .order_by(TOPIC.c.item_id, TOPIC.c.since, TOPIC.c.weight.desc(), TOPIC.c.name)
    )
    for item, name, evidence, source, weight, since in rows:
        found[item].append(Claim(name, evidence, source, weight, since))
    return found


def _item(row: Any, topics: Mapping[int, list[Claim]]) -> Item:  # noqa: ANN401 - a row of _TEXT
    return Item(
        id=row.id,
        kind=ItemKind(row.kind),
        title=row.title,
        url=row.url,
        first_seen=row.first_seen_at,
        summary=row.summary,
        authors=tuple(row.authors.splitlines()),
        categories=tuple(row.categories.splitlines()),
        topics=tuple(topics.get(row.id, ())),
    )
