"""Deliveries: issues on their way to addresses; each step is one transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from tracker.store import issues
from tracker.store.issues import ISSUE, ISSUES, READER, Issue
from tracker.store.tables import Base

DELIVERY = Base.metadata.tables["delivery"]


class DeliveryState(StrEnum):
    """Where a delivery stands; `sending` after a crash means "perhaps sent"."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


_WAITING = (str(DeliveryState.PENDING), str(DeliveryState.SENDING))


@dataclass(frozen=True, slots=True)
class Delivery:
    """The handing over of an issue to an address.

    `doubts` counts the tries after which it may have arrived, for all that is known.
    """

    id: int
    issue: int
    reader: str
    week: str
    address: str
    state: DeliveryState
    attempts: int
    doubts: int
    next_attempt_at: datetime
    error: str
    sent_at: datetime | None

    @property
    def is_mail(self) -> bool:
        """Whether it goes by mail."""
        return "@" in self.address


def add(
    connection: Connection, issue: int, addresses: Iterable[str], now: datetime
) -> None:
    """Store deliveries of an issue that are due."""
    waiting = {"state": str(DeliveryState.PENDING), "attempts": 0, "doubts": 0}
    connection.execute(
        insert(DELIVERY).values(
            issue_id=issue, next_attempt_at=now, error="", **waiting
        ),
        [{"address": address} for address in addresses],
    )


def due(connection: Connection, now: datetime, far: datetime) -> list[int]:
    """Return the deliveries to try at `now`, the oldest first.

    One left in `sending` was cut off in mid-flight; it is tried again when its
    time comes, with the same Message-ID. One that would wait beyond `far` was given
    its time by a clock that has been set back since. Readers who pause get nothing.
    """
    return list(
        connection.scalars(
            select(DELIVERY.c.id)
            .join(ISSUE, ISSUE.c.id == DELIVERY.c.issue_id)
            .join(READER, READER.c.id == ISSUE.c.reader_id)
            .where(_is_due(now, far), READER.c.paused_at.is_(None))
            .order_by(DELIVERY.c.next_attempt_at, DELIVERY.c.id)
        )
    )


def _is_due(now: datetime, far: datetime) -> ColumnElement[bool]:
    when = DELIVERY.c.next_attempt_at
    return DELIVERY.c.state.in_(_WAITING) & ((when <= now) | (when > far))


def tried_since(connection: Connection, moment: datetime, now: datetime) -> int:
    """Return how many deliveries were last tried after `moment`, up to `now`."""
    found = connection.scalar(
        select(func.count())
        .select_from(DELIVERY)
        .where(DELIVERY.c.tried_at > moment, DELIVERY.c.tried_at <= now)
    )
    return found or 0


def claim(
    connection: Connection,
    delivery: int,
    now: datetime,
    far: datetime,
    retry_at: datetime,
) -> tuple[Delivery, Issue] | None:
    """Take a due delivery for sending; None when another process was faster.

    None too when its reader pauses since it was found to be due.

    `retry_at` is when it may be tried again should this try never report back. The
    number of tries it returns names the claim: a later one has another.
    """
    pausing = (
        select(ISSUE.c.id)
        .join(READER, READER.c.id == ISSUE.c.reader_id)
        .where(READER.c.paused_at.is_not(None))
    )
    changed = connection.execute(
        update(DELIVERY)
        .where(DELIVERY.c.id == delivery, _is_due(now, far))
        .where(DELIVERY.c.issue_id.not_in(pausing))
        .values(
            state=str(DeliveryState.SENDING),
            attempts=DELIVERY.c.attempts + 1,
            tried_at=now,
            next_attempt_at=retry_at,
        )
    )
    if not changed.rowcount:
        return None
    (found,) = deliveries(connection, only=[delivery])
    row = connection.execute(ISSUES.where(ISSUE.c.id == found.issue)).one()
    return found, issues.of(row)


def doubt(connection: Connection, taken: Delivery) -> bool:
    """Note that a message is about to go out; whether it arrives may stay unknown.

    False when the claim is not ours any more: then it must not go out.
    """
    changed = connection.execute(
        update(DELIVERY).where(_is_ours(taken)).values(doubts=DELIVERY.c.doubts + 1)
    )
    return bool(changed.rowcount)


def _is_ours(taken: Delivery) -> ColumnElement[bool]:
    return (
        (DELIVERY.c.id == taken.id)
        & (DELIVERY.c.state == str(DeliveryState.SENDING))
        & (DELIVERY.c.attempts == taken.attempts)
    )


@dataclass(frozen=True, slots=True)
class Result:
    """What a try came to. `answered`: it is known whether the message arrived."""

    state: DeliveryState
    error: str = ""
    retry_at: datetime | None = None
    answered: bool = True


def settle(
    connection: Connection, taken: Delivery, result: Result, now: datetime
) -> None:
    """Store what a try came to; one that a later try overtook changes nothing.

    But that it was sent is true whatever came later.
    """
    values: dict[str, object] = {"state": str(result.state), "error": result.error}
    if result.retry_at is not None:
        values["next_attempt_at"] = result.retry_at
    if result.answered:  # what earlier tries left in doubt stays so
        values["doubts"] = taken.doubts
    where = _is_ours(taken)
    if result.state is DeliveryState.SENT:
        values["sent_at"] = now
        where = DELIVERY.c.id == taken.id
    connection.execute(update(DELIVERY).where(where).values(values))


def postpone(
    connection: Connection, delivery: Delivery, error: str, retry_at: datetime
) -> None:
    """Count a try that was not made, as nothing could have come of it."""
    connection.execute(
        update(DELIVERY)
        .where(
            DELIVERY.c.id == delivery.id,
            DELIVERY.c.attempts == delivery.attempts,
            DELIVERY.c.state.in_(_WAITING),
        )
        .values(attempts=DELIVERY.c.attempts + 1, error=error, next_attempt_at=retry_at)
    )


def renew(connection: Connection, reader: str | None, now: datetime) -> int:
    """Have deliveries that were given up tried again, at once; return how many.

    Those of the newest issue of each reader, or of one reader, alone.
    """
    newest = select(func.max(ISSUE.c.id)).group_by(ISSUE.c.reader_id)
    if reader is not None:
        newest = newest.join(READER, READER.c.id == ISSUE.c.reader_id).where(
            READER.c.name == reader
        )
    changed = connection.execute(
        update(DELIVERY)
        .where(
            DELIVERY.c.state == str(DeliveryState.FAILED),
            DELIVERY.c.issue_id.in_(newest),
        )
        .values(
            state=str(DeliveryState.PENDING), attempts=0, doubts=0, next_attempt_at=now
        )
    )
    return changed.rowcount


def latest(connection: Connection) -> dict[str, Delivery]:
    """Return each reader's newest delivery, by name."""
    newest = (
        select(func.max(DELIVERY.c.id))
        .join(ISSUE, ISSUE.c.id == DELIVERY.c.issue_id)
        .group_by(ISSUE.c.reader_id)
    )
    numbers = connection.scalars(newest).all()
    return {one.reader: one for one in deliveries(connection, only=numbers)}


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
            row.doubts,
            row.next_attempt_at,
            row.error,
            row.sent_at,
        )
        for row in connection.execute(query)
    ]
