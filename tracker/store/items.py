"""Items on the way in: who owns a key, and saving works."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, text

from tracker.core.alike import MOST_OF_A_BLOCK as _MANY
from tracker.core.alike import Candidate
from tracker.core.dedup import Owner, best
from tracker.core.identity import scheme
from tracker.core.likeness import Paper
from tracker.store.changes import save_known
from tracker.store.rows import (
    APART,
    AUTHORS,
    BLOCK,
    COMPANY,
    ITEM,
    KEY,
    LINK,
    MENTION,
    TABLES,
    TOPIC,
    VENUE,
    Draft,
    authors_row,
    batches,
    block_rows,
    claim_row,
    fingerprint,
    link_rows,
    mention_rows,
    stated,
)

__all__ = [
    "Draft",
    "Saved",
    "best",
    "candidates",
    "fingerprint",
    "known",
    "owners",
    "save",
    "stated",
]


@dataclass(frozen=True, slots=True)
class Saved:
    """The numbers of the items that works became: new ones, and known ones."""

    new: tuple[int, ...]
    known: tuple[int, ...]


def known(connection: Connection, source: int, guids: Sequence[str]) -> dict[str, str]:
    """Return the fingerprints of a source's entries that are stored, by guid."""
    found: dict[str, str] = {}
    for some in batches(guids):
        rows = connection.execute(
            select(MENTION.c.guid, MENTION.c.fingerprint).where(
                MENTION.c.source_id == source, MENTION.c.guid.in_(some)
            )
        )
        found.update((guid, print_) for guid, print_ in rows)
    return found


def owners(connection: Connection, keys: Iterable[str]) -> dict[str, Owner]:
    """Return the items that own `keys`, by key.

    What they state is looked up for title keys alone, which need it.
    """
    found: dict[str, int] = {}
    for some in batches(list(keys)):
        rows = connection.execute(
            select(KEY.c.key, KEY.c.item_id).where(KEY.c.key.in_(some))
        )
        found.update((key, item) for key, item in rows)
    titled = sorted({item for key, item in found.items() if scheme(key) == "title"})
    known_items = _described(connection, titled)
    apart = _apart(connection)
    owners_ = {key: known_items.get(item, Owner(item)) for key, item in found.items()}
    return {
        key: replace(owner, apart=apart[owner.item]) if owner.item in apart else owner
        for key, owner in owners_.items()
    }


def _apart(connection: Connection) -> dict[int, frozenset[int]]:
    """Return the items that somebody set apart, with what from: they are few."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    pairs = select(APART.c.item_id, APART.c.other_id)
    for item, other in connection.execute(pairs):
        if other != item:  # as two that were apart and were joined for all that
            found[item].add(other)
    return {item: frozenset(others) for item, others in found.items()}


def candidates(
    connection: Connection, blocks: Iterable[int]
) -> dict[int, list[Candidate]]:
    """Return the stored papers that stand under `blocks`, by block.

    Where many do, the block tells nothing: none of them is returned.
    """
    pairs: list[tuple[int, int]] = []
    for some in batches(list(blocks)):
        rows = connection.execute(select(BLOCK).where(BLOCK.c.block.in_(some)))
        pairs.extend((block, item) for block, item in rows)
    many = {n for n, count in Counter(n for n, _ in pairs).items() if count > _MANY}
    pairs = [pair for pair in pairs if pair[0] not in many]
    papers = _papers(connection, sorted({item for _, item in pairs}))
    found: defaultdict[int, list[Candidate]] = defaultdict(list)
    for block, item in pairs:
        if item in papers:
            found[block].append((item, papers[item]))
    return found


def _papers(connection: Connection, items: Sequence[int]) -> dict[int, Paper]:
    papers: dict[int, Paper] = {}
    columns = (ITEM.c.id, ITEM.c.title, ITEM.c.authors, ITEM.c.summary)
    for some in batches(items):
        ids = _ids(connection, some)
        rows = connection.execute(
            select(*columns, ITEM.c.published_at).where(ITEM.c.id.in_(some))
        )
        for item, title, authors, summary, published in rows:
            year = published.year if published else None
            names = tuple(authors.splitlines())
            papers[item] = Paper(title, names, summary, frozenset(ids[item]), year)
    return papers


def _ids(connection: Connection, items: Sequence[int]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    rows = select(KEY.c.item_id, KEY.c.key).where(KEY.c.item_id.in_(items))
    for item, key in connection.execute(rows):
        found[item].append(key)
    return found


def _described(connection: Connection, items: Sequence[int]) -> dict[int, Owner]:
    return {
        item: Owner(item, said.authors, tuple(sorted(said.ids)), said=said)
        for item, said in _papers(connection, items).items()
    }


@dataclass(slots=True)
class _Rows:
    """Rows gathered for bulk inserts, by table."""

    items: list[dict[str, Any]]
    keys: list[dict[str, Any]]
    blocks: list[dict[str, Any]]
    links: list[dict[str, Any]]
    mentions: list[dict[str, Any]]
    authors: list[dict[str, Any]]
    claims: dict[str, list[dict[str, Any]]]


def save(
    connection: Connection, source: int, drafts: Sequence[Draft], now: datetime
) -> Saved:
    """Store works as new items, changes of known ones, and merges of several."""
    fresh = [draft for draft in drafts if not draft.work.owners]
    ids = next_ids(connection, len(fresh))
    rows = _Rows(
        [], [], [], [], [], [], {table.name: [] for table in (TOPIC, COMPANY, VENUE)}
    )
    for item, draft in zip(ids, fresh, strict=True):
        rows.items.append(_item_row(item, source, draft, now))
        _gather(rows, item, source, draft, now)
    _insert(connection, rows)
    if ids:
        index(connection, ids[0], ids[-1])
    known_ = save_known(connection, source, [d for d in drafts if d.work.owners], now)
    return Saved(tuple(ids), known_)


def next_ids(connection: Connection, count: int) -> list[int]:
    """Return the numbers of the next items, so many."""
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
    return {
        "id": item,
        "first_seen_at": now,
        "source_id": source,
        "backlog": draft.backlog,
        "authority": draft.authority,
        "merged_into": None,
        "merged_by": None,
        "merged_at": None,
        "deleted_at": None,
        **stated(draft.work.entries),
    }


def _gather(rows: _Rows, item: int, source: int, draft: Draft, now: datetime) -> None:
    rows.keys.extend({"key": key, "item_id": item} for key in draft.work.keys)
    rows.blocks.extend(block_rows([(item, draft)]))
    rows.links.extend(link_rows([(item, draft)], now))
    rows.mentions.extend(mention_rows(item, source, draft, now, rows.items[-1]))
    if authors := authors_row(item, source, draft):
        rows.authors.append(authors)
    claims = ((TOPIC, draft.topics), (COMPANY, draft.companies), (VENUE, draft.venues))
    for table, found in claims:
        rows.claims[table.name].extend(claim_row(item, claim, now) for claim in found)


def _insert(connection: Connection, rows: _Rows) -> None:
    pairs = [
        (ITEM, rows.items),
        (KEY, rows.keys),
        (BLOCK, rows.blocks),
        (LINK, rows.links),
        (MENTION, rows.mentions),
        (AUTHORS, rows.authors),
    ]
    pairs += [(TABLES[name], claims) for name, claims in rows.claims.items()]
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
