"""Weeks in numbers: what trends are counted from, what was joined, what was old."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, func, select

from tracker.core.trends import Counted
from tracker.store.rows import COMPANY, ITEM, MENTION, TOPIC


def counted(
    connection: Connection,
    start: datetime,
    end: datetime,
    topics: Iterable[str],
    companies: Iterable[str],
) -> list[Counted]:
    """Return what was first seen in [start, end), by number, in three queries.

    Each with those of its topics and companies that are asked for. Without what was
    withdrawn or backlog: an archive read at once is no event of its week.
    """
    within = (
        (ITEM.c.first_seen_at >= start)
        & (ITEM.c.first_seen_at < end)
        & ITEM.c.merged_into.is_(None)
        & ITEM.c.deleted_at.is_(None)
        & ~ITEM.c.withdrawn
        & ~ITEM.c.backlog
    )
    about = _names(connection, TOPIC, topics, within)
    of = _names(connection, COMPANY, companies, within)
    rows = connection.execute(
        select(ITEM.c.id, ITEM.c.title, ITEM.c.first_seen_at)
        .where(within)
        .order_by(ITEM.c.id)
    )
    return [
        Counted(seen, title, frozenset(about[item]), frozenset(of[item]))
        for item, title, seen in rows
    ]


def _names(
    connection: Connection,
    table: Table,
    wanted: Iterable[str],
    within: ColumnElement[bool],
) -> defaultdict[int, list[str]]:
    names: defaultdict[int, list[str]] = defaultdict(list)
    rows = connection.execute(
        select(table.c.item_id, table.c.name)
        .join(ITEM, ITEM.c.id == table.c.item_id)
        .where(within, table.c.name.in_(sorted(wanted)))
    )
    for item, name in rows:
        names[item].append(name)
    return names


def joined(connection: Connection, start: datetime, end: datetime) -> int:
    """Return how many mentions of [start, end) were of items known already.

    That is what was first seen then at a source, less what was first seen at all.
    """
    mentions = connection.scalar(
        select(func.count())
        .select_from(MENTION)
        .where(MENTION.c.first_seen_at >= start, MENTION.c.first_seen_at < end)
    )
    return max(0, (mentions or 0) - _first_seen(connection, start, end))


def old(connection: Connection, start: datetime, end: datetime) -> int:
    """Return how many items first seen in [start, end) are backlog."""
    return _first_seen(connection, start, end, ITEM.c.backlog)


def _first_seen(
    connection: Connection,
    start: datetime,
    end: datetime,
    *conditions: ColumnElement[bool],
) -> int:
    query = (
        select(func.count())
        .select_from(ITEM)
        .where(
            ITEM.c.first_seen_at >= start,
            ITEM.c.first_seen_at < end,
            ITEM.c.merged_into.is_(None),
            ITEM.c.deleted_at.is_(None),
            *conditions,
        )
    )
    return connection.scalar(query) or 0
