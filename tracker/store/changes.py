"""What works change in known items, and items that turn out to be one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, select, update

from tracker.core.dedup import Work
from tracker.store.corrections import apart
from tracker.store.merging import merge
from tracker.store.rows import (
    AUTHORS,
    BLOCK,
    ITEM,
    KEY,
    LINK,
    MENTION,
    VENUE,
    Draft,
    authors_row,
    batches,
    block_rows,
    claim_row,
    link_rows,
    mention_rows,
    stated,
)
from tracker.store.stating import changes_of, rows_of


def save_known(
    connection: Connection, source: int, drafts: Sequence[Draft], now: datetime
) -> tuple[int, ...]:
    """Let works change the items that own their keys; return those items."""
    owners = joined(connection, [draft.work for draft in drafts], now)
    works = list(zip(owners, drafts, strict=True))
    _note_news(connection, source, works, now)
    rows = _update(connection, source, works)
    keys = [
        {"key": key, "item_id": item}
        for item, draft in works
        for key in draft.work.keys
    ]
    venues = [claim_row(item, c, now) for item, draft in works for c in draft.venues]
    mentions = [
        row
        for item, draft in works
        for row in mention_rows(item, source, draft, now, rows[item])
    ]
    authors = (authors_row(item, source, draft) for item, draft in works)
    add(connection, KEY, ("key",), keys)
    add(connection, BLOCK, ("block", "item_id"), block_rows(works))
    add(connection, LINK, ("item_id", "key"), link_rows(works, now))
    add(connection, VENUE, ("item_id", "name"), venues)
    again = ("url", "links", "fingerprint")
    add(connection, MENTION, ("source_id", "guid"), mentions, again)
    stated_ = [row for row in authors if row]
    add(connection, AUTHORS, ("item_id", "source_id"), stated_, ("authors",))
    return tuple(dict.fromkeys(owners))


def joined(connection: Connection, works: Iterable[Work], now: datetime) -> list[int]:
    """Return the one item of each work, merging items where it has several owners.

    An owner that an earlier work of the batch made part of what was set apart from the
    first one stays as it is.
    """
    heirs: dict[int, int] = {}  # two works of one batch may merge the same item
    found = []
    for work in works:
        item, *others = dict.fromkeys(heirs.get(i, i) for i in work.owners)
        for other in others:
            if other in apart(connection, item):
                continue
            merge(connection, item, other, work.reason, now)
            heirs |= {old: item for old, heir in heirs.items() if heir == other}
            heirs[other] = item
        found.append(item)
    return [heirs.get(item, item) for item in found]


def _note_news(
    connection: Connection,
    source: int,
    works: Sequence[tuple[int, Draft]],
    now: datetime,
) -> None:
    """Let an item that was backlog be first seen now, if another source has news of it.

    Its own sources don't make it news: they restate what they published long ago.
    """
    news = [item for item, draft in works if not draft.backlog]
    for some in batches(news):
        own = select(MENTION.c.item_id).where(
            MENTION.c.source_id == source, MENTION.c.item_id.in_(some)
        )
        connection.execute(
            update(ITEM)
            .where(ITEM.c.id.in_(some), ITEM.c.backlog, ITEM.c.id.not_in(own))
            .values(backlog=False, first_seen_at=now)
        )


def _update(
    connection: Connection, source: int, works: Sequence[tuple[int, Draft]]
) -> dict[int, dict[str, Any]]:
    """Let entries change their items, alike changes in one statement; return rows."""
    rows = rows_of(connection, [item for item, _ in works])
    changed: dict[int, set[str]] = {}
    for item, draft in works:
        row = rows[item]
        ours = {"source_id": source, "authority": draft.authority}
        changes = changes_of(row, ours | stated(draft.work.entries))
        row |= changes
        changed.setdefault(item, set()).update(changes)
    _store_changes(connection, rows, changed)
    return rows


def _store_changes(
    connection: Connection,
    rows: Mapping[int, Mapping[str, Any]],
    changed: Mapping[int, set[str]],
) -> None:
    """Write the changed columns; rows that change in the same ones go together."""
    alike: dict[tuple[str, ...], list[int]] = {}
    for item, names in changed.items():
        if names:
            alike.setdefault(tuple(sorted(names)), []).append(item)
    for columns, items in alike.items():
        values: Any = {name: bindparam(f"new_{name}") for name in columns}
        statement = update(ITEM).where(ITEM.c.id == bindparam("item")).values(values)
        new = [{f"new_{name}": rows[i][name] for name in columns} for i in items]
        connection.execute(
            statement, [{"item": i} | row for i, row in zip(items, new, strict=True)]
        )


def add(
    connection: Connection,
    table: Table,
    unique: tuple[str, ...],
    rows: list[dict[str, Any]],
    again: tuple[str, ...] = (),
) -> None:
    """Insert rows; of those that are there already, change the columns `again`."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as upsert
    else:
        from sqlalchemy.dialects.postgresql import insert as upsert  # type: ignore[assignment]  # same shape, other dialect
    new = upsert(table)
    if again:
        changes = {name: new.excluded[name] for name in again}
        statement = new.on_conflict_do_update(index_elements=unique, set_=changes)
    else:
        statement = new.on_conflict_do_nothing(index_elements=unique)
    connection.execute(statement, rows)
