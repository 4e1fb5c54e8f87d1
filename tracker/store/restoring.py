"""Giving back to items that were joined, and are two again, what each of them had."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Table, and_, delete, insert, select, update

from tracker.core.identity import scheme
from tracker.store.mergers import OWNED, Before, Row, forget
from tracker.store.rows import ITEM, KEY, MENTION, TABLES, VERDICT
from tracker.store.stating import STATED, rows_of

_SAID = {TABLES["mark"]: "updated_at", VERDICT: "since"}
"""What people said, with the column that tells when."""

_ALONE = {"merged_into": None, "merged_by": None, "merged_at": None}


def origin(
    mentions: Sequence[Row], joined: Sequence[Row], kept: Sequence[Before]
) -> int | None:
    """Return which of the items that were joined most of some mentions belonged to.

    Of several the one that had the fewest mentions. Of an item joined before what it
    had was kept, its address and source tell.
    """
    ids = frozenset(row["id"] for row in mentions)
    had = {one.item: one.mentions for one in kept}
    places = {(row["source_id"], row["url"]): row["id"] for row in mentions}
    for row in joined:
        same = places.get((row["source_id"], row["url"]))
        had.setdefault(row["id"], frozenset() if same is None else frozenset({same}))
    ranked = [(len(ids & theirs), -len(theirs), -item) for item, theirs in had.items()]
    shared, _, item = max(ranked, default=(0, 0, 0))
    return -item if shared else None


def is_all_its_own(item: int, mentions: Sequence[Row], kept: Sequence[Before]) -> bool:
    """Return whether mentions are all that an item had before any was joined to it."""
    had = [
        {row["id"] for row in one.ours[MENTION.name]}
        for one in kept
        if one.heir == item
    ]
    own = set.intersection(*had) if had else set()
    return bool(own) and own <= {row["id"] for row in mentions}


def revive(connection: Connection, item: int) -> None:
    """Let the row of a joined item be one of its own."""
    connection.execute(update(ITEM).where(ITEM.c.id == item).values(_ALONE))
    forget(connection, item)


def give_back(connection: Connection, heir: int, before: Before) -> None:
    """Give an item that is back what belonged to it, as far as its heir still has it.

    What both had stands with both again.
    """
    for table in OWNED:
        if table is MENTION:
            continue
        if table in _SAID:
            _give_back_said(connection, table, heir, before)
            continue
        ours = {_name(table, row) for row in before.ours[table.name]}
        for row in before.theirs[table.name]:
            if table is KEY and scheme(row["key"]) == "guid":
                continue  # goes with its mention
            if _name(table, row) in ours:
                connection.execute(insert(table), [row])
            else:
                here = _here(table, row, heir)
                moved = update(table).where(here).values(item_id=before.item)
                connection.execute(moved)


def _give_back_said(
    connection: Connection, table: Table, heir: int, before: Before
) -> None:
    """Give back what people said of an item, and to its heir what they said of that.

    What they said of the heir since is true of the heir.
    """
    moment = _SAID[table]
    ours = {_name(table, row): row for row in before.ours[table.name]}
    for row in before.theirs[table.name]:
        connection.execute(insert(table), [row])
        if before.heir != heir:
            continue
        mine, here = ours.get(_name(table, row)), _here(table, row, heir)
        said = connection.scalar(select(table.c[moment]).where(here))
        if said in {row[moment], mine[moment] if mine else None}:
            connection.execute(delete(table).where(here))
            if mine:
                connection.execute(insert(table), [mine])


def _name(table: Table, row: Row) -> tuple[Any, ...]:
    """Return what tells a row from others of one item."""
    return tuple(row[c.name] for c in table.primary_key if c.name != "item_id")


def _here(table: Table, row: Row, item: int) -> Any:  # noqa: ANN401 - SQLAlchemy's clauses share no public type
    same = [c == row[c.name] for c in table.primary_key if c.name != "item_id"]
    return and_(table.c.item_id == item, *same)


def restate(
    connection: Connection, heir: int, before: Before, silent: Collection[int]
) -> None:
    """Let an item state what it did before another was joined to it.

    That is what joining changed, and nobody since; all of it if the source that speaks
    for it now left with the other, one of the `silent`.
    """
    if before.heir != heir:
        return
    row = rows_of(connection, [heir])[heir]
    (old,) = before.ours[ITEM.name]
    names = {name for name, value in before.changes.items() if row[name] == value}
    if row["source_id"] in silent:
        names |= set(STATED)
    values = {name: old[name] for name in sorted(names) if row[name] != old[name]}
    if values:
        connection.execute(update(ITEM).where(ITEM.c.id == heir).values(values))
