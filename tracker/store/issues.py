"""Issues published and their deliveries: each step is one transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, func, insert, or_, select, update

from tracker.store.tables import Base

ISSUE = Base.metadata.tables["issue"]
ISSUE_ITEM = Base.metadata.tables["issue_item"]
DELIVERY = Base.metadata.tables["delivery"]
READER = Base.metadata.tables["reader"]


class DeliveryState(StrEnum):
    """Where a delivery stands; `sending` after a crash means "perhaps sent"."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


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
class Delivery:
    """The handing over of an issue to an address."""

    id: int
    issue: int
    reader: str
    week: str
    address: str
    state: DeliveryState
    attempts: int
    next_attempt_at: datetime
    error: str
    sent_at: datetime | None


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
        select(ISSUE, READER.c.name)
        .join(READER, READER.c.id == ISSUE.c.reader_id)
        .where(ISSUE.c.reader_id == reader, ISSUE.c.week == week)
    ).one_or_none()
    if row is None:
        return None
    return Issue(row.id, row.name, row.week, row.message_id, row.message, row.digest)


def add(
    connection: Connection, reader: int, composed: Composed, address: str, now: datetime
) -> int:
    """Store an issue, its items, and a delivery that is due; return its number.

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
    connection.execute(
        insert(DELIVERY).values(
            issue_id=issue,
            address=address,
            state=str(DeliveryState.PENDING),
            attempts=0,
            next_attempt_at=now,
            error="",
        )
    )
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


def due(connection: Connection, now: datetime) -> list[int]:
    """Return the deliveries to try at `now`, the oldest first.

    One left in `sending` was cut off in mid-flight; it is tried again when its
    time comes, with the same Message-ID.
    """
    waiting = (str(DeliveryState.PENDING), str(DeliveryState.SENDING))
    return list(
        connection.scalars(
            select(DELIVERY.c.id)
            .where(DELIVERY.c.state.in_(waiting), DELIVERY.c.next_attempt_at <= now)
            .order_by(DELIVERY.c.next_attempt_at, DELIVERY.c.id)
        )
    )


def claim(
    connection: Connection, delivery: int, now: datetime, retry_at: datetime
) -> tuple[Delivery, bytes] | None:
    """Take a due delivery for sending; None when another process was faster.

    `retry_at` is when it may be tried again should this try never report back.
    """
    changed = connection.execute(
        update(DELIVERY)
        .where(
            DELIVERY.c.id == delivery,
            DELIVERY.c.state.in_(
                [str(DeliveryState.PENDING), str(DeliveryState.SENDING)]
            ),
            DELIVERY.c.next_attempt_at <= now,
        )
        .values(
            state=str(DeliveryState.SENDING),
            attempts=DELIVERY.c.attempts + 1,
            next_attempt_at=retry_at,
        )
    )
    if not changed.rowcount:
        return None
    (found,) = deliveries(connection, only=[delivery])
    message = connection.scalar(
        select(ISSUE.c.message).where(ISSUE.c.id == found.issue)
    )
    assert message is not None
    return found, bytes(message)


def settle(
    connection: Connection,
    delivery: int,
    state: DeliveryState,
    now: datetime,
    error: str = "",
    retry_at: datetime | None = None,
) -> None:
    """Store what a try came to."""
    values: dict[str, object] = {"state": str(state), "error": error}
    if state is DeliveryState.SENT:
        values["sent_at"] = now
    if retry_at is not None:
        values["next_attempt_at"] = retry_at
    connection.execute(update(DELIVERY).where(DELIVERY.c.id == delivery).values(values))


def deliveries(
    connection: Connection, only: Iterable[int] | None = None
) -> list[Delivery]:
    """Return deliveries, all or those of the given numbers, in order."""
    query = (
        select(DELIVERY, READER.c.name, ISSUE.c.week)
        .join(ISSUE, ISSUE.c.id == DELIVERY.c.issue_id)
        .join(READER, READER.c.id == ISSUE.c.reader_id)
        .order_by(DELIVERY.c.id)
    )
    if only is not None:
        query = query.where(DELIVERY.c.id.in_(list(only)))
    return [
        Delivery(
            row.id,
            row.issue_id,
            row.name,
            row.week,
            row.address,
            DeliveryState(row.state),
            row.attempts,
            row.next_attempt_at,
            row.error,
            row.sent_at,
        )
        for row in connection.execute(query)
    ]
