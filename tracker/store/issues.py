"""Issues: digests as they were published, each with what stood in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    func,
    insert,
    or_,
    select,
)

from tracker.store.tables import Base

ISSUE = Base.metadata.tables["issue"]
ISSUE_ITEM = Base.metadata.tables["issue_item"]
READER = Base.metadata.tables["reader"]


ISSUES = select(ISSUE, READER.c.name).join(READER, READER.c.id == ISSUE.c.reader_id)


@dataclass(frozen=True, slots=True)
class Issue:
    """A digest published: its message is what was, or will be, sent."""

    id: int
    reader: str
    week: str
    message_id: str
    message: bytes
    digest: str


@dataclass(frozen=True, slots=True)
class Composed:
    """An issue before it is stored."""

    week: str
    ends_at: datetime
    message_id: str
    message: bytes
    digest: str
    items: tuple[int, ...]


def find(connection: Connection, reader: int | None, week: str) -> Issue | None:
    """Return a reader's issue of a week."""
    row = connection.execute(
        ISSUES.where(ISSUE.c.reader_id == reader, ISSUE.c.week == week)
    ).one_or_none()
    return None if row is None else of(row)


def of(row: Row[Any]) -> Issue:
    """Return the issue of a row of ISSUES."""
    return Issue(
        row.id, row.name, row.week, row.message_id, bytes(row.message), row.digest
    )


def add(connection: Connection, reader: int, composed: Composed, now: datetime) -> int:
    """Store an issue and its items; return its number.

    Raises sqlalchemy's IntegrityError when the reader has an issue of that week.
    """
    made = connection.execute(
        insert(ISSUE).values(
            reader_id=reader,
            week=composed.week,
            ends_at=composed.ends_at,
            composed_at=now,
            message_id=composed.message_id,
            message=composed.message,
            digest=composed.digest,
        )
    )
    assert made.inserted_primary_key is not None
    issue = int(made.inserted_primary_key[0])
    rows = [{"issue_id": issue, "item_id": item} for item in composed.items]
    if rows:
        connection.execute(insert(ISSUE_ITEM), rows)
    return issue


def last_end(
    connection: Connection, reader: int | None, before: datetime
) -> datetime | None:
    """Return where the reader's last issue that ended by `before` ended."""
    last: datetime | None = connection.scalar(
        select(func.max(ISSUE.c.ends_at)).where(
            ISSUE.c.reader_id == reader, ISSUE.c.ends_at <= before
        )
    )
    return last


def reached(
    connection: Connection,
    reader: int | None,
    week: str,
    end: datetime,
    until: datetime,
) -> bool:
    """Return whether an issue of another week than `week` reached `end` or beyond.

    One that was composed after `until` doesn't count.
    """
    return bool(
        connection.scalar(
            select(func.count())
            .select_from(ISSUE)
            .where(
                ISSUE.c.reader_id == reader,
                ISSUE.c.week != week,
                ISSUE.c.ends_at >= end,
                ISSUE.c.composed_at <= until,
            )
        )
    )


def shown(
    connection: Connection, reader: int | None, week: str, end: datetime
) -> dict[int, datetime]:
    """Return the items of a reader's issues, each with when it was last shown.

    The issue of all of `week`, up to its `end`, doesn't count: what was mailed can
    be printed once more.
    """
    rows = connection.execute(
        select(ISSUE_ITEM.c.item_id, func.max(ISSUE.c.composed_at))
        .join(ISSUE, ISSUE.c.id == ISSUE_ITEM.c.issue_id)
        .where(
            ISSUE.c.reader_id == reader,
            or_(ISSUE.c.week != week, ISSUE.c.ends_at < end),
        )
        .group_by(ISSUE_ITEM.c.item_id)
    )
    return {row[0]: row[1] for row in rows}
