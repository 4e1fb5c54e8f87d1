"""What somebody says of items: that two are two, that one is not to be seen again."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from tracker.store.rows import APART, ITEM, MENTION, TABLES

_SOURCE = TABLES["source"]


class Seen(NamedTuple):
    """Where an item was seen, under which number; what joined it to the item."""

    id: int
    source: str
    url: str | None
    first_seen: datetime
    joined_by: str | None


class Merger(NamedTuple):
    """That another item was joined to this one: its number, by what, when."""

    item: int
    reason: str | None
    at: datetime | None


def seen(connection: Connection, item: int) -> list[Seen]:
    """Return where an item was seen, the first one first."""
    mention = MENTION.c
    rows = connection.execute(
        select(
            *(mention.id, _SOURCE.c.name, mention.url),
            *(mention.first_seen_at, mention.joined_by),
        )
        .join(_SOURCE, _SOURCE.c.id == mention.source_id)
        .where(mention.item_id == item)
        .order_by(mention.first_seen_at, mention.id)
    )
    return [Seen(*row) for row in rows]


def mergers(connection: Connection, item: int) -> list[Merger]:
    """Return the items that were joined to this one, the first one first."""
    rows = connection.execute(
        select(ITEM.c.id, ITEM.c.merged_by, ITEM.c.merged_at)
        .where(ITEM.c.merged_into == item)
        .order_by(ITEM.c.merged_at, ITEM.c.id)
    )
    return [Merger(*row) for row in rows]


def apart(connection: Connection, item: int) -> tuple[int, ...]:
    """Return the items that somebody said are others than this one."""
    rows = select(APART.c.other_id).where(APART.c.item_id == item)
    return tuple(sorted(connection.scalars(rows)))


def set_apart(connection: Connection, one: int, other: int, now: datetime) -> None:
    """Let two items be two, and stand beside each other no more."""
    rows = [
        {"item_id": a, "other_id": b, "since": now}
        for a, b in ((one, other), (other, one))
    ]
    connection.execute(insert(APART), rows)


def deleted_at(connection: Connection, item: int) -> datetime | None:
    """Return since when an item is deleted, None where it is not."""
    found: datetime | None = connection.scalar(
        select(ITEM.c.deleted_at).where(ITEM.c.id == item)
    )
    return found


def delete_items(
    connection: Connection, items: Collection[int], at: datetime | None
) -> None:
    """Delete items, or with None bring them back.

    Their rows and keys stay: what their sources say again is known, and as deleted.
    """
    if items:
        here = ITEM.c.id.in_(sorted(items))
        connection.execute(update(ITEM).where(here).values(deleted_at=at))
