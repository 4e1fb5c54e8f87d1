"""Readers, their pauses, and what they think of items."""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from tracker.core.values import Mark, MarkState
from tracker.store import claims
from tracker.store.tables import Base

READER = Base.metadata.tables["reader"]
MARK = Base.metadata.tables["mark"]
_RENAMED = "renamed reader"


def find(connection: Connection, name: str) -> int | None:
    """Return the number of a reader, None before they did or got anything."""
    return connection.scalar(select(READER.c.id).where(READER.c.name == name))


def ensure(connection: Connection, name: str) -> int:
    """Return the number of a reader, giving them one if needed."""
    found = find(connection, name)
    if found is None:
        made = connection.execute(insert(READER).values(name=name))
        assert made.inserted_primary_key is not None
        found = int(made.inserted_primary_key[0])
    return found


def rename(connection: Connection, old: str, new: str) -> None:
    """Give a reader another name; what they have and are owed goes with them."""
    connection.execute(update(READER).where(READER.c.name == old).values(name=new))
    claims.set_setting(connection, f"{_RENAMED} {old}", new)


def now_called(connection: Connection, name: str) -> str | None:
    """Return what a reader was renamed to who had this name, None when none had."""
    return claims.setting(connection, f"{_RENAMED} {name}")


def pause(connection: Connection, name: str, now: datetime) -> None:
    """Send a reader nothing until they resume; whether feeds.toml has them or not."""
    number = ensure(connection, name)
    is_new = (READER.c.id == number) & READER.c.paused_at.is_(None)
    connection.execute(update(READER).where(is_new).values(paused_at=now))


def resume(connection: Connection, name: str) -> None:
    """Send a reader their digests again."""
    connection.execute(
        update(READER).where(READER.c.name == name).values(paused_at=None)
    )


def paused(connection: Connection) -> dict[str, datetime]:
    """Return since when readers pause, by name."""
    rows = connection.execute(
        select(READER.c.name, READER.c.paused_at).where(READER.c.paused_at.is_not(None))
    )
    return {row.name: row.paused_at for row in rows}


def mark_of(connection: Connection, reader: int | None, item: int) -> Mark:
    """Return a reader's mark on an item; an unmarked item is in the inbox."""
    row = connection.execute(
        select(MARK.c.state, MARK.c.rating, MARK.c.note).where(
            MARK.c.reader_id == reader, MARK.c.item_id == item
        )
    ).one_or_none()
    return Mark(MarkState(row.state), row.rating, row.note) if row else Mark()


def mark(
    connection: Connection, reader: int, item: int, value: Mark, now: datetime
) -> None:
    """Set a reader's mark on an item."""
    here = (MARK.c.reader_id == reader) & (MARK.c.item_id == item)
    values = {
        "state": str(value.state),
        "rating": value.rating,
        "note": value.note,
        "updated_at": now,
    }
    if not connection.execute(update(MARK).where(here).values(values)).rowcount:
        connection.execute(
            insert(MARK).values(reader_id=reader, item_id=item, **values)
        )
