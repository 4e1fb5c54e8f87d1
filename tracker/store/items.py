"""Items on the way in: who owns a key, saving works, merging items."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, text, update

from tracker.core.dedup import Owner, Work
from tracker.core.identity import scheme
from tracker.core.values import Claim, Entry
from tracker.store.tables import Base

_TABLES = Base.metadata.tables
ITEM = _TABLES["item"]
KEY = _TABLES["item_key"]
MENTION = _TABLES["mention"]
TOPIC = _TABLES["item_topic"]
COMPANY = _TABLES["item_company"]
VENUE = _TABLES["item_venue"]
_BATCH = 500  # values in one IN list
# Tables whose rows belong to an item, with the column that, beside the item, must
# stay unique when two items become one.
_BELONGINGS = (
    (KEY, None),
    (MENTION, None),
    (TOPIC, "name"),
    (COMPANY, "name"),
    (VENUE, "name"),
    (_TABLES["mark"], "reader_id"),
    (_TABLES["issue_item"], "issue_id"),
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A work ready to be stored, with what is claimed of it."""

    work: Work
    topics: tuple[Claim, ...] = ()
    companies: tuple[Claim, ...] = ()
    venues: tuple[Claim, ...] = ()
    backlog: bool = False


def fingerprint(entry: Entry) -> str:
    """Return a short hash of all that an entry states."""
    return blake2b(repr(entry).encode("utf-8", "replace"), digest_size=8).hexdigest()


def known(connection: Connection, source: int, guids: Sequence[str]) -> dict[str, str]:
    """Return the fingerprints of a source's entries that are stored, by guid."""
    found: dict[str, str] = {}
    for some in _batches(guids):
        rows = connection.execute(
            select(MENTION.c.guid, MENTION.c.fingerprint).where(
                MENTION.c.source_id == source, MENTION.c.guid.in_(some)
            )
        )
        found.update((guid, print_) for guid, print_ in rows)
    return found


def owners(connection: Connection, keys: Iterable[str]) -> dict[str, Owner]:
    """Return the items that own `keys`, by key.

    Authors and unique ids are looked up for title keys alone, which need them.
    """
    found: dict[str, int] = {}
    for some in _batches(list(keys)):
        rows = connection.execute(
            select(KEY.c.key, KEY.c.item_id).where(KEY.c.key.in_(some))
        )
        found.update((key, item) for key, item in rows)
    titled = sorted({item for key, item in found.items() if scheme(key) == "title"})
    known_items = _described(connection, titled)
    return {key: known_items.get(item, Owner(item)) for key, item in found.items()}


def _described(connection: Connection, items: Sequence[int]) -> dict[int, Owner]:
    described: dict[int, Owner] = {}
    for some in _batches(items):
        rows = connection.execute(
            select(ITEM.c.id, ITEM.c.authors).where(ITEM.c.id.in_(some))
        )
        names = {row.id: row.authors for row in rows}
        ids: dict[int, list[str]] = {item: [] for item in names}
        for item, key in connection.execute(
            select(KEY.c.item_id, KEY.c.key).where(KEY.c.item_id.in_(some))
        ):
            ids[item].append(key)
        for item, authors in names.items():
            described[item] = Owner(item, tuple(authors.splitlines()), tuple(ids[item]))
    return described


@dataclass(slots=True)
class _Rows:
    """Rows gathered for bulk inserts, by table."""

    items: list[dict[str, Any]]
    keys: list[dict[str, Any]]
    mentions: list[dict[str, Any]]
    claims: dict[str, list[dict[str, Any]]]


def save(
    connection: Connection, source: int, drafts: Sequence[Draft], now: datetime
) -> tuple[int, ...]:
    """Store works: new items, changed ones, merged ones; return the new items' ids."""
    fresh = [draft for draft in drafts if not draft.work.owners]
    ids = _next_ids(connection, len(fresh))
    rows = _Rows([], [], [], {table.name: [] for table in (TOPIC, COMPANY, VENUE)})
    for item, draft in zip(ids, fresh, strict=True):
        rows.items.append(_item_row(item, source, draft, now))
        _gather(rows, item, source, draft, now)
    _insert(connection, rows)
    if ids:
        index(connection, ids[0], ids[-1])
    for draft in drafts:
        if draft.work.owners:
            _save_known(connection, source, draft, now)
    return tuple(ids)


def _next_ids(connection: Connection, count: int) -> list[int]:
    if not count:
        return []
    if connection.dialect.name == "sqlite":  # the writer is alone: see engine.writing
        last = connection.scalar(select(func.max(ITEM.c.id))) or 0
        return list(range(last + 1, last + count + 1))
    rows = connection.execute(
        text("select nextval('item_id_seq') from generate_series(1, :count)"),
        {"count": count},
    )
    return sorted(row[0] for row in rows)


def _item_row(item: int, source: int, draft: Draft, now: datetime) -> dict[str, Any]:
    best = _best(draft.work.entries)
    return {
        "id": item,
        "kind": str(best.kind),
        "first_seen_at": now,
        "source_id": source,
        "backlog": draft.backlog,
        "merged_into": None,
        **_stated(best),
    }


def _stated(entry: Entry) -> dict[str, Any]:
    return {
        "title": entry.title,
        "url": entry.url,
        "summary": entry.summary,
        "content": entry.content,
        "authors": "\n".join(author.name for author in entry.authors),
        "affiliations": "\n".join(
            dict.fromkeys(name for a in entry.authors for name in a.affiliations)
        ),
        "categories": "\n".join(entry.categories),
        "published_at": entry.published,
        "version": entry.version,
        "withdrawn": entry.withdrawn,
    }


def _best(entries: Sequence[Entry]) -> Entry:
    """Return the entry that states most: the newest version, the longest summary."""
    return max(entries, key=lambda entry: (entry.version or 0, len(entry.summary)))


def _gather(rows: _Rows, item: int, source: int, draft: Draft, now: datetime) -> None:
    rows.keys.extend({"key": key, "item_id": item} for key in draft.work.keys)
    rows.mentions.extend(
        _mention_row(item, source, entry, now) for entry in draft.work.entries
    )
    claims = ((TOPIC, draft.topics), (COMPANY, draft.companies), (VENUE, draft.venues))
    for table, found in claims:
        rows.claims[table.name].extend(_claim_row(item, claim, now) for claim in found)


def _mention_row(item: int, source: int, entry: Entry, now: datetime) -> dict[str, Any]:
    return {
        "item_id": item,
        "source_id": source,
        "guid": entry.guid,
        "url": entry.url,
        "links": "\n".join(entry.links),
        "fingerprint": fingerprint(entry),
        "first_seen_at": now,
    }


def _claim_row(item: int, claim: Claim, now: datetime) -> dict[str, Any]:
    return {
        "item_id": item,
        "name": claim.name,
        "evidence": claim.evidence,
        "source": claim.source,
        "weight": claim.weight,
        "since": claim.since or now,
    }


def _insert(connection: Connection, rows: _Rows) -> None:
    pairs = [(ITEM, rows.items), (KEY, rows.keys), (MENTION, rows.mentions)]
    pairs += [(_TABLES[name], claims) for name, claims in rows.claims.items()]
    for table, values in pairs:
        if values:
            connection.execute(insert(table), values)


def index(connection: Connection, first: int, last: int) -> None:
    """Add the new items `first`..`last` to SQLite's full-text index.

    One statement a batch is twice as fast as a trigger a row. PostgreSQL keeps its
    index itself.
    """
    if connection.dialect.name == "sqlite":
        connection.execute(
            text(
                "insert into item_text (rowid, title, summary, authors)"
                " select id, title, summary, authors from item"
                " where id between :first and :last"
            ),
            {"first": first, "last": last},
        )


def _save_known(
    connection: Connection, source: int, draft: Draft, now: datetime
) -> None:
    item, *others = draft.work.owners
    for other in others:
        merge(connection, item, other)
    _update(connection, item, source, draft.work.entries)
    _add_missing(
        connection, KEY, ["key"], [{"key": k, "item_id": item} for k in draft.work.keys]
    )
    for table, claims in (
        (TOPIC, draft.topics),
        (COMPANY, draft.companies),
        (VENUE, draft.venues),
    ):
        rows = [_claim_row(item, claim, now) for claim in claims]
        _add_missing(connection, table, ["item_id", "name"], rows)
    for entry in draft.work.entries:
        _mention(connection, _mention_row(item, source, entry, now))


def _update(
    connection: Connection, item: int, source: int, entries: Sequence[Entry]
) -> None:
    """Let entries change an item: its own source states it anew, others fill gaps."""
    row = connection.execute(select(ITEM).where(ITEM.c.id == item)).mappings().one()
    stated = _stated(_best(entries))
    own = row["source_id"] == source
    newer = (stated["version"] or 0) >= (row["version"] or 0)
    changes = {
        name: value
        for name, value in stated.items()
        if value not in ("", None)
        and value != row[name]
        and ((own and newer) or not row[name])
    }
    if own and newer:
        # A date once known stays: posts are re-dated to look new.
        changes.pop("published_at" if row["published_at"] else "", None)
    if changes:
        connection.execute(update(ITEM).where(ITEM.c.id == item).values(changes))


def _mention(connection: Connection, row: Mapping[str, Any]) -> None:
    here = (MENTION.c.source_id == row["source_id"]) & (MENTION.c.guid == row["guid"])
    changed = {name: row[name] for name in ("url", "links", "fingerprint")}
    if not connection.execute(update(MENTION).where(here).values(changed)).rowcount:
        connection.execute(insert(MENTION).values(row))


def _add_missing(
    connection: Connection, table: Table, unique: list[str], rows: list[dict[str, Any]]
) -> None:
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as upsert
    else:
        from sqlalchemy.dialects.postgresql import insert as upsert  # type: ignore[assignment]  # same shape, other dialect
    statement = upsert(table).on_conflict_do_nothing(index_elements=unique)
    connection.execute(statement, rows)


def merge(connection: Connection, item: int, other: int) -> None:
    """Make `other` part of `item`: all that belonged to it moves.

    What both have, such as a mark of one reader, stays as `item` has it. The row of
    `other` remains and points to `item`, so that its number still finds the work.
    """
    for table, unique in _BELONGINGS:
        if unique is not None:
            column = table.c[unique]
            taken = select(column).where(table.c.item_id == item).scalar_subquery()
            connection.execute(
                delete(table).where(table.c.item_id == other, column.in_(taken))
            )
        moved = update(table).where(table.c.item_id == other).values(item_id=item)
        connection.execute(moved)
    first_seen = connection.scalar(
        select(func.min(ITEM.c.first_seen_at)).where(ITEM.c.id.in_([item, other]))
    )
    connection.execute(
        update(ITEM).where(ITEM.c.id == item).values(first_seen_at=first_seen)
    )
    connection.execute(
        update(ITEM)
        .where((ITEM.c.id == other) | (ITEM.c.merged_into == other))
        .values(merged_into=item)
    )


@dataclass(frozen=True, slots=True)
class Basis:
    """What an item's topics and companies are judged by."""

    id: int
    title: str
    summary: str
    categories: tuple[str, ...]
    affiliations: tuple[str, ...]
    sources: tuple[str, ...]


def bases(connection: Connection, after: int, most: int) -> list[Basis]:
    """Return up to `most` items with numbers over `after`, in order."""
    columns = (ITEM.c.id, ITEM.c.title, ITEM.c.summary, ITEM.c.categories)
    rows = connection.execute(
        select(*columns, ITEM.c.affiliations)
        .where(ITEM.c.id > after, ITEM.c.merged_into.is_(None))
        .order_by(ITEM.c.id)
        .limit(most)
    ).all()
    sources: dict[int, list[str]] = {row.id: [] for row in rows}
    for some in _batches(list(sources)):
        for item, name in connection.execute(
            select(MENTION.c.item_id, _TABLES["source"].c.name)
            .join(_TABLES["source"], _TABLES["source"].c.id == MENTION.c.source_id)
            .where(MENTION.c.item_id.in_(some))
            .order_by(MENTION.c.id)
        ):
            sources[item].append(name)
    return [
        Basis(
            row.id,
            row.title,
            row.summary,
            tuple(row.categories.splitlines()),
            tuple(row.affiliations.splitlines()),
            tuple(sources[row.id]),
        )
        for row in rows
    ]


def reclaim(
    connection: Connection,
    judged: Mapping[int, tuple[Sequence[Claim], Sequence[Claim]]],
    now: datetime,
) -> None:
    """Replace the topics and companies of items, by number."""
    for table, which in ((TOPIC, 0), (COMPANY, 1)):
        for some in _batches(list(judged)):
            connection.execute(delete(table).where(table.c.item_id.in_(some)))
        rows = [
            _claim_row(item, claim, now)
            for item, claims in judged.items()
            for claim in claims[which]
        ]
        if rows:
            connection.execute(insert(table), rows)


def setting(connection: Connection, name: str) -> str | None:
    """Return a fact about the store."""
    table = _TABLES["setting"]
    return connection.scalar(select(table.c.value).where(table.c.name == name))


def set_setting(connection: Connection, name: str, value: str) -> None:
    """Store a fact about the store."""
    table = _TABLES["setting"]
    connection.execute(delete(table).where(table.c.name == name))
    connection.execute(insert(table).values(name=name, value=value))


def _batches(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _BATCH):
        yield values[start : start + _BATCH]
