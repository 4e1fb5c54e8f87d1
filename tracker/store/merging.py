"""Items that turn out to be one: what belonged to either belongs to the one then."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, select, tuple_, update

from tracker.store import mergers, verdicts
from tracker.store.rows import (
    APART,
    AUTHORS,
    BLOCK,
    CITATION,
    COMPANY,
    ITEM,
    KEY,
    LINK,
    MENTION,
    SIGNAL,
    TABLES,
    TOPIC,
    VENUE,
)
from tracker.store.stating import STATED, changes_of, rows_of

_MARK = TABLES["mark"]
# Tables whose rows belong to an item, with the columns that, beside the item, must
# stay unique when two items become one.
_BELONGINGS: tuple[tuple[Table, tuple[str, ...]], ...] = (
    (KEY, ()),
    (BLOCK, ("block",)),
    (LINK, ("key",)),
    (APART, ("other_id",)),
    (MENTION, ()),
    (TOPIC, ("name",)),
    (COMPANY, ("name",)),
    (VENUE, ("name",)),
    (SIGNAL, ("name", "source")),
    (AUTHORS, ("source_id",)),
    (CITATION, ()),
    (_MARK, ("reader_id",)),
    (TABLES["issue_item"], ("issue_id",)),
)


def merge(
    connection: Connection, item: int, other: int, reason: str, now: datetime
) -> None:
    """Make `other` part of `item`, for a `reason`: all that belonged to it moves.

    What both have, such as a mark of one reader, stays as `item` has it; but no note
    and no rating of a reader's is lost, and of what was said of their topics the later
    counts. The row of `other` remains and points to `item`, so that its number still
    finds the work. Of a deleted and another, the other is still there. What either had
    is kept, for the day when somebody says that they are two.
    """
    had = mergers.rows(connection, [item, other])
    _join_marks(connection, item, other)
    verdicts.join(connection, item, other)
    for table, unique in _BELONGINGS:
        if unique:
            columns = [table.c[name] for name in unique]
            taken = select(*columns).where(table.c.item_id == item)
            both = tuple_(*columns).in_(taken)
            connection.execute(delete(table).where(table.c.item_id == other, both))
        moved = update(table).where(table.c.item_id == other).values(item_id=item)
        connection.execute(moved)
    _keep_apart(connection, item, other)
    rows = rows_of(connection, [item, other])
    changes = changes_of(rows[item], {name: rows[other][name] for name in STATED})
    changes |= _seen(rows[item], rows[other])
    if rows[other]["deleted_at"] is None:
        changes["deleted_at"] = None
    connection.execute(update(ITEM).where(ITEM.c.id == item).values(changes))
    joined_ = {"merged_into": item, "merged_by": reason or None, "merged_at": now}
    connection.execute(update(ITEM).where(ITEM.c.id == other).values(joined_))
    mergers.keep(connection, item, other, had, changes)
    led = update(ITEM).where(ITEM.c.merged_into == other)
    connection.execute(led.values(merged_into=item))


def _join_marks(connection: Connection, item: int, other: int) -> None:
    """Let a reader's mark on `item` say what theirs on `other` does too."""
    ours, theirs = (
        {
            row["reader_id"]: row
            for row in connection.execute(
                select(_MARK).where(_MARK.c.item_id == one)
            ).mappings()
        }
        for one in (item, other)
    )
    for reader in sorted(ours.keys() & theirs.keys()):
        mine, his = ours[reader], theirs[reader]
        notes = dict.fromkeys(note for note in (mine["note"], his["note"]) if note)
        rating = his["rating"] if mine["rating"] is None else mine["rating"]
        here = (_MARK.c.reader_id == reader) & (_MARK.c.item_id == item)
        joined_ = {"note": "\n".join(notes), "rating": rating}
        connection.execute(update(_MARK).where(here).values(joined_))


def _keep_apart(connection: Connection, item: int, other: int) -> None:
    """Let what was set apart from `other` be apart from `item`."""
    theirs = select(APART.c.item_id).where(APART.c.other_id == item)
    there = APART.c.other_id == other
    connection.execute(delete(APART).where(there, APART.c.item_id.in_(theirs)))
    connection.execute(update(APART).where(there).values(other_id=item))


def _seen(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Return when two items that are one were first seen: as news, if either was."""
    news = [row for row in (one, other) if not row["backlog"]] or [one, other]
    return {
        "first_seen_at": min(row["first_seen_at"] for row in news),
        "backlog": one["backlog"] and other["backlog"],
    }
