"""What a reader marked, and the newest items: what a taste is learnt from."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Subquery, Table, func, select

from tracker.core.values import Claim, Item, ItemKind, Mark, MarkState
from tracker.store.readers import MARK
from tracker.store.rows import COMPANY, ITEM, TOPIC, VENUE

_ENOUGH = 512  # items from which a store is learnt from without a mark
_STEP = 4_096  # items after which what topics teach grows old
_SHARE = 4  # leading bits of a store's size after which its texts grow old …
_STEPS = 6, 10  # … or so many bits of it, at least and at most

_TEXT = [
    ITEM.c[name]
    for name in (
        *("id", "kind", "title", "url", "first_seen_at"),
        *("summary", "authors", "categories"),
    )
]
_THERE = ITEM.c.merged_into.is_(None), ITEM.c.deleted_at.is_(None)


def marks(connection: Connection, reader: int | None) -> list[tuple[Item, Mark]]:
    """Return what a reader marked, by number: items with their texts and claims."""
    marked = (
        select(*_TEXT, MARK.c.state, MARK.c.rating)
        .join(MARK, MARK.c.item_id == ITEM.c.id)
        .where(MARK.c.reader_id == reader, *_THERE)
    )
    rows = connection.execute(marked.order_by(ITEM.c.id)).all()
    claims = _Claims(connection, marked)
    return [
        (_item(row, claims), Mark(MarkState(row.state), row.rating)) for row in rows
    ]


def last(connection: Connection, reader: int | None) -> datetime | None:
    """Return when a reader last marked anything."""
    found: datetime | None = connection.scalar(
        select(func.max(MARK.c.updated_at)).where(MARK.c.reader_id == reader)
    )
    return found


def is_any(connection: Connection) -> bool:
    """Return whether any reader has marked anything."""
    return connection.scalar(select(MARK.c.item_id).limit(1)) is not None


def told(
    connection: Connection, until: datetime, most: int
) -> Iterator[tuple[object, ...]]:
    """Yield what items `around` say, words and topics: plain rows, in a steady order.

    Enough to know whether any of it changed, in a third of the time.
    """
    chosen = _around(until, most)
    said = chosen.with_only_columns(
        ITEM.c.id, ITEM.c.title, ITEM.c.summary, ITEM.c.categories
    )
    yield from map(tuple, connection.execute(said))
    some = chosen.with_only_columns(ITEM.c.id).subquery()
    topics = select(TOPIC.c.item_id, TOPIC.c.name, TOPIC.c.weight)
    topics = topics.join(some, some.c.id == TOPIC.c.item_id)
    ordered = topics.order_by(TOPIC.c.item_id, TOPIC.c.name)
    yield from map(tuple, connection.execute(ordered))


def newest(connection: Connection, until: datetime, most: int) -> list[Item]:
    """Return up to `most` items first seen until then, the newest first."""
    return _items(connection, _newest(until, most))


def around(connection: Connection, until: datetime, most: int) -> list[Item]:
    """Return those items, and what anybody had marked until then, however old."""
    return _items(connection, _around(until, most))


def _items(connection: Connection, chosen: Select[Any]) -> list[Item]:
    claims = _Claims(connection, chosen)
    return [_item(row, claims) for row in connection.execute(chosen)]


def _newest(until: datetime, most: int) -> Select[Any]:
    return _kept().where(ITEM.c.first_seen_at <= until).limit(most)


def _around(until: datetime, most: int) -> Select[Any]:
    newest_ = _newest(until, most).with_only_columns(ITEM.c.id)
    held = select(MARK.c.item_id).where(MARK.c.updated_at <= until)
    return _kept().where(ITEM.c.id.in_(newest_) | ITEM.c.id.in_(held))


def _kept() -> Select[Any]:
    found = select(*_TEXT).where(*_THERE)
    return found.order_by(ITEM.c.first_seen_at.desc(), ITEM.c.id.desc())


def grown(connection: Connection) -> datetime | None:
    """Return when the store last grew so far that topics are to be learnt anew.

    None for one of few items. It changes now and then, not with every collecting.
    """
    highest = _highest(connection)
    if highest < _ENOUGH:
        return None
    size = highest // _STEP * _STEP or 1 << (highest.bit_length() - 1)
    return _reached(connection, size)


def read_again(connection: Connection) -> datetime | None:
    """Return when the store last grew so far that its texts are to be read anew.

    None for one of few items. That is when it had grown by an eighth to a sixteenth, by
    64 items at least, and by 1,024 at most.
    """
    highest = _highest(connection)
    if highest < _ENOUGH:
        return None
    least, most = _STEPS
    bits = max(least, min(most, highest.bit_length() - _SHARE))
    return _reached(connection, highest >> bits << bits)


def _highest(connection: Connection) -> int:
    return connection.scalar(select(func.max(ITEM.c.id))) or 0


def _reached(connection: Connection, size: int) -> datetime | None:
    """Return when the store first held so many items."""
    seen = select(ITEM.c.first_seen_at).where(ITEM.c.id >= size)
    return connection.scalar(seen.order_by(ITEM.c.id).limit(1))


class _Claims:
    """What is claimed of items, by their numbers."""

    def __init__(self, connection: Connection, items: Select[Any]) -> None:
        chosen = items.subquery()
        self.topics, self.companies, self.venues = (
            _claims(connection, table, chosen) for table in (TOPIC, COMPANY, VENUE)
        )


def _claims(
    connection: Connection, table: Table, items: Subquery
) -> defaultdict[int, tuple[Claim, ...]]:
    found: defaultdict[int, tuple[Claim, ...]] = defaultdict(tuple)
    rows = connection.execute(
        select(table)
        .join(items, items.c.id == table.c.item_id)
        .order_by(table.c.item_id, table.c.since, table.c.weight.desc(), table.c.name)
    )
    for item, name, evidence, source, weight, since in rows:
        found[item] += (Claim(name, evidence, source, weight, since),)
    return found


def _item(row: Any, claims: _Claims) -> Item:  # noqa: ANN401 - a row of _TEXT
    return Item(
        id=row.id,
        kind=ItemKind(row.kind),
        title=row.title,
        url=row.url,
        first_seen=row.first_seen_at,
        summary=row.summary,
        authors=tuple(row.authors.splitlines()),
        categories=tuple(row.categories.splitlines()),
        topics=claims.topics[row.id],
        companies=claims.companies[row.id],
        venues=claims.venues[row.id],
    )
