"""What works change in known items, and items that turn out to be one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, select, tuple_, update

from tracker.core.dedup import Work
from tracker.store import verdicts
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
    Draft,
    authors_row,
    batches,
    block_rows,
    claim_row,
    link_rows,
    mention_rows,
    stated,
)

_MARK = TABLES["mark"]
_STATED = (
    "source_id",
    "authority",
    "kind",
    "title",
    "url",
    "summary",
    "content",
    "authors",
    "affiliations",
    "categories",
    "published_at",
    "version",
    "withdrawn",
)
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


def save_known(
    connection: Connection, source: int, drafts: Sequence[Draft], now: datetime
) -> tuple[int, ...]:
    """Let works change the items that own their keys; return those items."""
    owners = joined(connection, [draft.work for draft in drafts], now)
    works = list(zip(owners, drafts, strict=True))
    _note_news(connection, source, works, now)
    _update(connection, source, works)
    keys = [
        {"key": key, "item_id": item}
        for item, draft in works
        for key in draft.work.keys
    ]
    venues = [claim_row(item, c, now) for item, draft in works for c in draft.venues]
    mentions = [r for i, draft in works for r in mention_rows(i, source, draft, now)]
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
    """Return the one item of each work, merging items where it has several owners."""
    heirs: dict[int, int] = {}  # two works of one batch may merge the same item
    found = []
    for work in works:
        item, *others = dict.fromkeys(heirs.get(i, i) for i in work.owners)
        for other in others:
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
) -> None:
    """Let entries change their items, alike changes in one statement."""
    rows = _rows_of(connection, [item for item, _ in works])
    changed: dict[int, set[str]] = {}
    for item, draft in works:
        row = rows[item]
        ours = {"source_id": source, "authority": draft.authority}
        changes = _changes(row, ours | stated(draft.work.entries))
        row |= changes
        changed.setdefault(item, set()).update(changes)
    _store_changes(connection, rows, changed)


def _rows_of(connection: Connection, items: Sequence[int]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for some in batches(items):
        rows = connection.execute(select(ITEM).where(ITEM.c.id.in_(some))).mappings()
        found.update((row["id"], dict(row)) for row in rows)
    return found


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


def _changes(row: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a statement changes in an item's row.

    The item's own source, one of higher authority, or a newer version from anywhere
    states it anew; others of some authority fill gaps, and evidence is added up. Who
    only speaks of others' works changes nothing, and signs them no longer when a source
    of some authority came. A date once known stays with its
    source: posts are re-dated to look new.
    """
    had, has = row["version"] or 0, said["version"] or 0
    own = said["source_id"] == row["source_id"]
    above = said["authority"] > row["authority"]
    anew = above or (own and has >= had) or (has > had > 0)
    if not (anew or own or said["authority"]):
        return {}
    changes = {
        name: value
        for name, value in said.items()
        if value not in ("", None) and (anew or not row[name])
    }
    if above and not row["authority"]:
        changes["authors"] = said["authors"]
    if not above:
        for name in ("source_id", "authority"):
            changes.pop(name, None)
        if row["published_at"]:
            changes.pop("published_at", None)
    for name in ("affiliations", "categories"):
        lines = [*row[name].splitlines(), *said[name].splitlines()]
        changes[name] = "\n".join(dict.fromkeys(lines))
    return {name: value for name, value in changes.items() if value != row[name]}


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


def merge(
    connection: Connection, item: int, other: int, reason: str, now: datetime
) -> None:
    """Make `other` part of `item`, for a `reason`: all that belonged to it moves.

    What both have, such as a mark of one reader, stays as `item` has it; but no note
    and no rating of a reader's is lost, and of what was said of their topics the later
    counts. The row of `other` remains and points to `item`, so that its number still
    finds the work. Of a deleted and another, the other is still there.
    """
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
    rows = _rows_of(connection, [item, other])
    changes = _changes(rows[item], {name: rows[other][name] for name in _STATED})
    changes |= _seen(rows[item], rows[other])
    if rows[other]["deleted_at"] is None:
        changes["deleted_at"] = None
    connection.execute(update(ITEM).where(ITEM.c.id == item).values(changes))
    joined_ = {"merged_into": item, "merged_by": reason or None, "merged_at": now}
    connection.execute(update(ITEM).where(ITEM.c.id == other).values(joined_))
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
