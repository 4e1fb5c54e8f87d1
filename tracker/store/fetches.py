"""The state of sources: what is due, what an address answered, how it went."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from tracker.core.moves import Move
from tracker.core.values import NO_HINTS, TROUBLE, Hints, Outcome
from tracker.store.rows import MENTION
from tracker.store.tables import Base

SOURCE = Base.metadata.tables["source"]
PAGE = Base.metadata.tables["page"]
COLLECTION = Base.metadata.tables["collection"]
MOVE = Base.metadata.tables["move"]
FACT = Base.metadata.tables["fact"]

_MOST_SECONDS = 2**31 - 1  # what an INTEGER of PostgreSQL holds


@dataclass(frozen=True, slots=True)
class State:
    """How a source is doing. `outcome` is None before it was first collected.

    `moments` are those of its latest posts, newest first; `pace` is how long it is
    left alone after a visit. `gone` is the address that is gone for good, and not
    asked again. `move` is where its address leads permanently.
    """

    id: int
    name: str
    outcome: Outcome | None = None
    detail: str = ""
    failures: int = 0
    checked_at: datetime | None = None
    succeeded_at: datetime | None = None
    next_check_at: datetime | None = None
    moments: tuple[datetime, ...] = ()
    hints: Hints = NO_HINTS
    pace: timedelta | None = None
    gone: str | None = None
    move: Move | None = None

    @property
    def moved_to(self) -> str | None:
        """The address that is asked in place of the source's own, None for that."""
        return self.move.target if self.move and self.move.is_adopted else None


@dataclass(frozen=True, slots=True)
class Validators:
    """What makes a request conditional, and a hash of what was answered last."""

    etag: str | None
    last_modified: str | None
    digest: str
    entries: int


@dataclass(frozen=True, slots=True)
class Collected:
    """The result of collecting a source once.

    `reached` is up to when it was read, though not to the end.
    """

    outcome: Outcome
    detail: str = ""
    entries: int = 0
    new: int = 0
    reached: datetime | None = None

    def advances(self, state: State) -> bool:
        """Return whether it came further than any run before, and not to the end."""
        if not self.outcome.is_trouble or self.reached is None:
            return False
        return state.succeeded_at is None or self.reached > state.succeeded_at


@dataclass(frozen=True, slots=True)
class Learned:
    """What a visit taught for those to come; see State for what they are."""

    moments: tuple[datetime, ...] = ()
    hints: Hints = NO_HINTS
    pace: timedelta | None = None
    gone: str | None = None
    move: Move | None = None


NOTHING = Learned()


def register(connection: Connection, names: Iterable[str], now: datetime) -> None:
    """Give each named source a row; a new one is due at `now`."""
    have = set(connection.scalars(select(SOURCE.c.name)))
    rows = [
        {"name": name, "next_check_at": now, "detail": "", "failures": 0}
        | _columns(NOTHING)
        for name in names
        if name not in have
    ]
    if rows:
        connection.execute(insert(SOURCE), rows)


def states(connection: Connection, until: datetime | None = None) -> dict[str, State]:
    """Return the state of every source ever collected or registered, by name.

    With `until`, of those that are to be checked by then.
    """
    moves = {
        row.source_id: Move(row.url, row.target, row.since, row.seen, row.sightings)
        for row in connection.execute(select(MOVE))
    }
    query = select(SOURCE)
    if until is not None:
        next_ = SOURCE.c.next_check_at
        query = query.where(next_.is_(None) | (next_ <= until))
    rows = connection.execute(query)
    return {row.name: _state(row, moves.get(row.id)) for row in rows}


def _state(row: Any, move: Move | None) -> State:  # noqa: ANN401 - a row of SOURCE
    return State(
        row.id,
        row.name,
        Outcome(row.outcome) if row.outcome else None,
        row.detail,
        row.failures,
        row.checked_at,
        row.succeeded_at,
        row.next_check_at,
        tuple(datetime.fromisoformat(line) for line in row.moments.splitlines()),
        Hints(
            timedelta(seconds=row.max_age),
            timedelta(seconds=row.ttl),
            frozenset(_numbers(row.skip_hours)),
            frozenset(_numbers(row.skip_days)),
        ),
        None if row.pace is None else timedelta(seconds=row.pace),
        row.gone,
        move,
    )


def _columns(learned: Learned) -> dict[str, object]:
    """Return how what was learned stands in a row of SOURCE."""
    hints = learned.hints
    return {
        "moments": "\n".join(moment.isoformat() for moment in learned.moments),
        "max_age": _seconds(hints.max_age),
        "ttl": _seconds(hints.ttl),
        "skip_hours": ",".join(map(str, sorted(hints.skip_hours))),
        "skip_days": ",".join(map(str, sorted(hints.skip_days))),
        "pace": None if learned.pace is None else _seconds(learned.pace),
        "gone": learned.gone,
    }


def _seconds(span: timedelta) -> int:
    return min(int(span.total_seconds()), _MOST_SECONDS)


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",") if number]


def facts(connection: Connection, source: int) -> dict[str, str]:
    """Return what a source's pages taught at earlier visits, by name."""
    query = select(FACT.c.name, FACT.c.value).where(FACT.c.source_id == source)
    return {row.name: row.value for row in connection.execute(query)}


def learn(connection: Connection, source: int, taught: Mapping[str, str]) -> None:
    """Store what a source's pages taught, in place of what they did before."""
    for name, value in taught.items():
        here = (FACT.c.source_id == source) & (FACT.c.name == name)
        connection.execute(delete(FACT).where(here))
        row = {"source_id": source, "name": name, "value": value}
        connection.execute(insert(FACT).values(row))


def validators(connection: Connection, source: int) -> dict[str, Validators]:
    """Return what is known of a source's addresses, by address."""
    rows = connection.execute(
        select(
            PAGE.c.url, PAGE.c.etag, PAGE.c.last_modified, PAGE.c.digest, PAGE.c.entries
        ).where(PAGE.c.source_id == source)
    )
    return {url: Validators(*rest) for url, *rest in rows}


def remember(
    connection: Connection, source: int, url: str, validators_: Validators
) -> None:
    """Store what an address answered, for the next conditional request."""
    here = (PAGE.c.source_id == source) & (PAGE.c.url == url)
    values = {
        "etag": validators_.etag,
        "last_modified": validators_.last_modified,
        "digest": validators_.digest,
        "entries": validators_.entries,
    }
    if not connection.execute(update(PAGE).where(here).values(values)).rowcount:
        connection.execute(insert(PAGE).values(source_id=source, url=url, **values))


def forget(connection: Connection, source: int, keep: Sequence[str]) -> None:
    """Delete what a source's addresses answered, but for those to `keep`.

    Queries have their dates in their address, which is another one each time.
    """
    known = connection.scalars(select(PAGE.c.url).where(PAGE.c.source_id == source))
    gone = [{"gone": url} for url in set(known).difference(keep)]
    if gone:
        here = (PAGE.c.source_id == source) & (PAGE.c.url == bindparam("gone"))
        connection.execute(delete(PAGE).where(here), gone)


def record(
    connection: Connection,
    state: State,
    collected: Collected,
    now: datetime,
    next_check_at: datetime,
    learned: Learned = NOTHING,
) -> None:
    """Store how collecting a source went, what it taught, and when to look again."""
    trouble = collected.outcome.is_trouble
    changes = _columns(learned) | {
        "outcome": str(collected.outcome),
        "detail": collected.detail,
        "failures": state.failures + 1 if trouble else 0,
        "checked_at": now,
        "next_check_at": next_check_at,
    }
    if not trouble:
        changes["succeeded_at"] = now
    if collected.advances(state):
        changes |= {"succeeded_at": collected.reached, "failures": 0}
    connection.execute(update(SOURCE).where(SOURCE.c.id == state.id).values(changes))
    if learned.move != state.move:
        _move(connection, state.id, learned.move)
    connection.execute(
        insert(COLLECTION).values(
            source_id=state.id,
            started_at=now,
            outcome=str(collected.outcome),
            detail=collected.detail,
            entries=collected.entries,
            new=collected.new,
        )
    )


def _move(connection: Connection, source: int, move: Move | None) -> None:
    connection.execute(delete(MOVE).where(MOVE.c.source_id == source))
    if move is not None:
        connection.execute(
            insert(MOVE).values(
                source_id=source,
                url=move.url,
                target=move.target,
                since=move.since,
                seen=move.seen,
                sightings=move.sightings,
            )
        )


def last_whole(connection: Connection, source: int) -> datetime | None:
    """Return when a source was last read to its end, None if that is not on record.

    `succeeded_at` may be later: a run that was cut short advances it.
    """
    mine = COLLECTION.c.source_id == source
    sound = COLLECTION.c.outcome.not_in([str(outcome) for outcome in TROUBLE])
    query = select(func.max(COLLECTION.c.started_at)).where(mine, sound)
    last: datetime | None = connection.scalar(query)
    return last


def make_due(connection: Connection, names: Sequence[str], now: datetime) -> None:
    """Make the named sources due at once, gone or not."""
    connection.execute(
        update(SOURCE)
        .where(SOURCE.c.name.in_(names))
        .values(next_check_at=now, gone=None)
    )


def new_by_source(
    connection: Connection, start: datetime, end: datetime
) -> dict[str, int]:
    """Return how many entries each source brought first in [start, end), by name."""
    rows = connection.execute(
        select(SOURCE.c.name, func.count())
        .join(MENTION, MENTION.c.source_id == SOURCE.c.id)
        .where(MENTION.c.first_seen_at >= start, MENTION.c.first_seen_at < end)
        .group_by(SOURCE.c.name)
    )
    return {row[0]: int(row[1]) for row in rows}


def began(connection: Connection) -> datetime | None:
    """Return when the first source on record was collected."""
    first: datetime | None = connection.scalar(
        select(func.min(COLLECTION.c.started_at))
    )
    return first


def tidy(connection: Connection, now: datetime, keep: timedelta) -> int:
    """Delete records of collecting older than `keep`; return how many."""
    old = delete(COLLECTION).where(COLLECTION.c.started_at < now - keep)
    return connection.execute(old).rowcount
