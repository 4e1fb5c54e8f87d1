"""What items had before they were joined: kept, so that it can be given back."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, delete, insert, select, update

from tracker.store.rows import APART, ITEM, MERGER, TABLES
from tracker.store.tables import UtcDateTime

Row = dict[str, Any]
Rows = dict[str, list[Row]]

OWNED = tuple(
    table
    for name, table in sorted(TABLES.items())
    if "item_id" in table.c and table not in {APART, MERGER}
)
"""The tables whose rows belong to an item, but for what it was set apart from."""


class Before(NamedTuple):
    """What an item and its heir had before they were joined: rows by table.

    `changes` is what the heir's own row got by it.
    """

    item: int
    heir: int
    ours: Rows
    theirs: Rows
    changes: Row

    @property
    def mentions(self) -> frozenset[int]:
        """The mentions that were the item's."""
        return frozenset(row["id"] for row in self.theirs["mention"])


def rows(connection: Connection, items: Sequence[int]) -> dict[int, Rows]:
    """Return what belongs to items, and their own rows, by number."""
    found: dict[int, Rows] = {item: {} for item in items}
    for table in (ITEM, *OWNED):
        whose = "id" if table is ITEM else "item_id"
        for item in items:
            here = select(table).where(table.c[whose] == item)
            mine = connection.execute(here.order_by(*table.primary_key)).mappings()
            found[item][table.name] = [dict(row) for row in mine]
    return found


def keep(
    connection: Connection,
    heir: int,
    item: int,
    had: Mapping[int, Rows],
    changes: Mapping[str, Any],
) -> None:
    """Keep what an item and its heir had, and what joining them changes."""
    told = {"ours": had[heir], "theirs": had[item], "changes": dict(changes)}
    text = json.dumps(told, default=datetime.isoformat)
    row = {"item_id": item, "heir_id": heir, "kept": text}
    connection.execute(insert(MERGER), [row])


def of(connection: Connection, heir: int) -> list[Before]:
    """Return what the items had that lead to this one, where it was kept."""
    query = (
        select(MERGER)
        .join(ITEM, ITEM.c.id == MERGER.c.item_id)
        .where(ITEM.c.merged_into == heir)
        .order_by(MERGER.c.item_id)
    )
    return [_before(*row) for row in connection.execute(query)]


def forget(connection: Connection, item: int) -> None:
    """Forget what an item had, which is one of its own again."""
    connection.execute(delete(MERGER).where(MERGER.c.item_id == item))


def lead(connection: Connection, items: Iterable[int], heir: int) -> None:
    """Let the numbers of joined items lead to another one."""
    led = update(ITEM).where(ITEM.c.id.in_(sorted(items)))
    connection.execute(led.values(merged_into=heir))


def _before(item: int, heir: int, kept: str) -> Before:
    told = json.loads(kept)
    ours, theirs = (
        {name: [typed(TABLES[name], row) for row in some] for name, some in one.items()}
        for one in (told["ours"], told["theirs"])
    )
    return Before(item, heir, ours, theirs, typed(ITEM, told["changes"]))


def typed(table: Table, row: Mapping[str, Any]) -> Row:
    """Return a row with its moments, which JSON holds as text."""
    return {
        name: datetime.fromisoformat(value)
        if value is not None and isinstance(table.c[name].type, UtcDateTime)
        else value
        for name, value in row.items()
    }
