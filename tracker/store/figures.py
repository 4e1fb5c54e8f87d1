"""Counts of what the store holds and of what is late, for watching over tracker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, select

from tracker.store.tables import Base

_TABLES = Base.metadata.tables
_SOURCE, _COLLECTION = _TABLES["source"], _TABLES["collection"]
_ITEM, _DELIVERY = _TABLES["item"], _TABLES["delivery"]
_OPEN = ("pending", "sending")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts as of a moment; lags are zero when nothing waits.

    `fetches` are of the last day by outcome, `sources` by their latest outcome,
    `deliveries` by state. `fetch_lag` and `delivery_lag` are for how long the longest
    waiting source and delivery have been due.
    """

    items: int
    new_items: int
    fetches: Mapping[str, int]
    sources: Mapping[str, int]
    deliveries: Mapping[str, int]
    fetch_lag: timedelta
    delivery_lag: timedelta
    last_fetch: datetime | None


def figures(connection: Connection, sources: Sequence[str], now: datetime) -> Figures:
    """Return the figures as of `now`; only `sources`, by name, can be due."""
    ours = _SOURCE.c.name.in_(sources)
    due = select(func.min(_SOURCE.c.next_check_at)).where(ours)
    waiting = select(func.min(_DELIVERY.c.next_attempt_at)).where(
        _DELIVERY.c.state.in_(_OPEN)
    )
    items = select(func.count()).where(_ITEM.c.merged_into.is_(None))
    return Figures(
        items=connection.scalar(items) or 0,
        new_items=connection.scalar(items.where(_ITEM.c.first_seen_at > now - _DAY))
        or 0,
        fetches=_counts(
            connection,
            select(_COLLECTION.c.outcome, func.count())
            .where(_COLLECTION.c.started_at > now - _DAY)
            .group_by(_COLLECTION.c.outcome),
        ),
        sources=_counts(
            connection,
            select(_SOURCE.c.outcome, func.count())
            .where(ours, _SOURCE.c.outcome.is_not(None))
            .group_by(_SOURCE.c.outcome),
        ),
        deliveries=_counts(
            connection,
            select(_DELIVERY.c.state, func.count()).group_by(_DELIVERY.c.state),
        ),
        fetch_lag=_lag(connection.scalar(due), now),
        delivery_lag=_lag(connection.scalar(waiting), now),
        last_fetch=connection.scalar(select(func.max(_COLLECTION.c.started_at))),
    )


def _counts(connection: Connection, query: Select[Any]) -> dict[str, int]:
    return {str(row[0]): int(row[1]) for row in sorted(connection.execute(query))}


def _lag(since: datetime | None, now: datetime) -> timedelta:
    return max(now - since, timedelta()) if since else timedelta()
