"""Items on the way out: found by what one asks for, as values."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    Table,
    func,
    literal_column,
    select,
    text,
)

from tracker.core.values import Item, ItemKind, SignalName
from tracker.store import claims, relations, signals
from tracker.store.rows import COMPANY, ITEM, MENTION, TOPIC, VENUE
from tracker.store.tables import Base

_SOURCE = Base.metadata.tables["source"]
_MARK = Base.metadata.tables["mark"]
_ISSUE_ITEM = Base.metadata.tables["issue_item"]
_ISSUE = Base.metadata.tables["issue"]
_BATCH = 500
_UNTOLD = {"content", "source_id", "version"}
_UNTOLD |= {"merged_into", "merged_by", "merged_at", "deleted_at"}
_COLUMNS = [column for column in ITEM.c if column.name not in _UNTOLD]
_LINKS = frozenset({SignalName.CODE, SignalName.PROJECT})
_WORD = re.compile(r"\w+\*?|\"[^\"]+\"")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to list; None means any. `since` and `until` bound when first seen."""

    topic: str | None = None
    companies: tuple[str, ...] | None = None
    venue: str | None = None
    kind: ItemKind | None = None
    since: datetime | None = None
    until: datetime | None = None
    state: str | None = None
    reader: int | None = None
    limit: int | None = None


def items(connection: Connection, wanted: Wanted) -> list[Item]:
    """Return the items wanted, the newest first."""
    query = _conditions(select(*_COLUMNS), wanted).limit(wanted.limit)
    return _hydrated(connection, _newest_first(query))


def count(connection: Connection, wanted: Wanted) -> int:
    """Return how many items are wanted, the limit aside."""
    query = _conditions(select(func.count()).select_from(ITEM), wanted)
    return connection.scalar(query) or 0


def _newest_first(query: Select[Any]) -> Select[Any]:
    return query.order_by(ITEM.c.first_seen_at.desc(), ITEM.c.id.desc())


def _conditions(query: Select[Any], wanted: Wanted) -> Select[Any]:
    query = query.where(ITEM.c.merged_into.is_(None), ITEM.c.deleted_at.is_(None))
    if wanted.topic is not None:
        query = query.where(_claimed(TOPIC, TOPIC.c.name == wanted.topic))
    if wanted.companies is not None:
        query = query.where(_claimed(COMPANY, COMPANY.c.name.in_(wanted.companies)))
    if wanted.venue is not None:  # "KDD" finds "KDD 2026" too
        pattern = wanted.venue.replace("%", "").replace("_", "") + "%"
        query = query.where(_claimed(VENUE, VENUE.c.name.ilike(pattern)))
    if wanted.kind is not None:
        query = query.where(ITEM.c.kind == str(wanted.kind))
    if wanted.since is not None:
        query = query.where(ITEM.c.first_seen_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(ITEM.c.first_seen_at < wanted.until)
    return _with_state(query, wanted)


def _claimed(table: Table, condition: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's clauses share no public type
    return ITEM.c.id.in_(select(table.c.item_id).where(condition))


def _with_state(query: Select[Any], wanted: Wanted) -> Select[Any]:
    if wanted.state is None:
        return query
    mine = select(_MARK.c.item_id).where(_MARK.c.reader_id == wanted.reader)
    if wanted.state == "inbox":
        return query.where(ITEM.c.id.not_in(mine.where(_MARK.c.state != "inbox")))
    return query.where(ITEM.c.id.in_(mine.where(_MARK.c.state == wanted.state)))


def one(connection: Connection, item: int) -> Item | None:
    """Return the item of that number, or the one it was joined to."""
    row = connection.execute(
        select(ITEM.c.id, ITEM.c.merged_into).where(ITEM.c.id == item)
    ).one_or_none()
    if row is None:
        return None
    found = _hydrated(
        connection, select(*_COLUMNS).where(ITEM.c.id == (row.merged_into or row.id))
    )
    return found[0] if found else None


def search(connection: Connection, words: str, limit: int) -> list[Item]:
    """Return the items that hold all `words`, the best match first.

    A word may end in "*" and a "phrase" may stand in quotes.
    """
    parts = _WORD.findall(words)
    if not parts:
        return []
    if connection.dialect.name == "sqlite":
        found = connection.execute(
            text(
                "select rowid from item_text where item_text match :query"
                " order by bm25(item_text, 4.0, 1.0, 2.0), rowid desc limit :limit"
            ),
            {"query": " ".join(_fts5(part) for part in parts), "limit": limit},
        )
    else:
        english: ColumnElement[str] = literal_column("'english'")
        document = func.to_tsvector(
            english, ITEM.c.title + " " + ITEM.c.summary + " " + ITEM.c.authors
        )
        query = func.websearch_to_tsquery(english, words.replace("*", ""))
        found = connection.execute(
            select(ITEM.c.id)
            .where(document.op("@@")(query))
            .order_by(func.ts_rank(document, query).desc(), ITEM.c.id.desc())
            .limit(limit)
        )
    ids = [row[0] for row in found]
    there = (ITEM.c.merged_into.is_(None), ITEM.c.deleted_at.is_(None))
    matching = select(*_COLUMNS).where(ITEM.c.id.in_(ids), *there)
    place = {item: at for at, item in enumerate(ids)}
    return sorted(_hydrated(connection, matching), key=lambda item: place[item.id])


def _fts5(part: str) -> str:
    """Return a word or phrase as an FTS5 string, so that no character is syntax."""
    bare = part.strip('"')
    return f'"{bare.removesuffix("*")}"' + ("*" if bare.endswith("*") else "")


def for_digest(
    connection: Connection, start: datetime, end: datetime, reader: int | None
) -> list[Item]:
    """Return what may stand in a digest of [start, end), by number.

    That is what was first seen then, and what an earlier issue of the reader
    showed and a venue accepted then; without what the reader has dealt with, what
    was withdrawn, and what was old already, unless a venue accepted it.
    """
    seen = (ITEM.c.first_seen_at >= start) & (ITEM.c.first_seen_at < end)
    shown = (
        select(_ISSUE_ITEM.c.item_id).join(_ISSUE).where(_ISSUE.c.reader_id == reader)
    )
    accepted = select(VENUE.c.item_id).where(
        VENUE.c.since >= start, VENUE.c.since < end
    )
    done = select(_MARK.c.item_id).where(
        _MARK.c.reader_id == reader, _MARK.c.state.in_(["read", "not-for-me"])
    )
    query = select(*_COLUMNS).where(
        ITEM.c.merged_into.is_(None),
        ITEM.c.deleted_at.is_(None),
        ~ITEM.c.withdrawn,
        ~ITEM.c.backlog | ITEM.c.id.in_(select(VENUE.c.item_id)),
        seen | (ITEM.c.id.in_(shown) & ITEM.c.id.in_(accepted)),
        ITEM.c.id.not_in(done),
    )
    return _hydrated(connection, query.order_by(ITEM.c.id))


def _hydrated(connection: Connection, query: Select[Any]) -> list[Item]:
    found: list[Item] = []
    for rows in connection.execute(query).mappings().partitions(_BATCH):
        found.extend(_with_claims(connection, rows))
    return found


def _with_claims(connection: Connection, rows: Sequence[RowMapping]) -> list[Item]:
    ids = [row["id"] for row in rows]
    said = [claims.of(connection, table, ids) for table in (TOPIC, COMPANY, VENUE)]
    sources, addresses = _seen_at(connection, ids)
    found = signals.of(connection, ids)
    related = relations.of(connection, ids)
    for item, stated in found.items():
        links = (signal.value for signal in stated if signal.name in _LINKS)
        addresses[item].update(dict.fromkeys(links))
    return [
        Item(
            id=row["id"],
            kind=ItemKind(row["kind"]),
            title=row["title"],
            url=row["url"],
            first_seen=row["first_seen_at"],
            published=row["published_at"],
            links=tuple(a for a in addresses[row["id"]] if a != row["url"]),
            authors=tuple(row["authors"].splitlines()),
            summary=row["summary"],
            categories=tuple(row["categories"].splitlines()),
            sources=tuple(sources[row["id"]]),
            topics=tuple(said[0][row["id"]]),
            companies=tuple(said[1][row["id"]]),
            venues=tuple(said[2][row["id"]]),
            withdrawn=row["withdrawn"],
            backlog=row["backlog"],
            signals=tuple(found[row["id"]]),
            related=related.get(row["id"], ()),
        )
        for row in rows
    ]


def _seen_at(
    connection: Connection, ids: Sequence[int]
) -> tuple[defaultdict[int, dict[str, None]], defaultdict[int, dict[str, None]]]:
    """Return sources and addresses by item, each once, in order of appearance."""
    sources: defaultdict[int, dict[str, None]] = defaultdict(dict)
    addresses: defaultdict[int, dict[str, None]] = defaultdict(dict)
    rows = connection.execute(
        select(MENTION.c.item_id, _SOURCE.c.name, MENTION.c.url, MENTION.c.links)
        .join(_SOURCE, _SOURCE.c.id == MENTION.c.source_id)
        .where(MENTION.c.item_id.in_(ids))
        .order_by(MENTION.c.first_seen_at, MENTION.c.id)
    )
    for item, name, url, links in rows:
        sources[item][name] = None
        addresses[item].update(dict.fromkeys([url] if url else []))
        addresses[item].update(dict.fromkeys(links.splitlines()))
    return sources, addresses
