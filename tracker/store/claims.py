"""What stored items are judged by, and what is claimed of them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from tracker.core.values import Claim, Signal
from tracker.store import signals
from tracker.store.rows import COMPANY, ITEM, MENTION, TABLES, TOPIC, batches, claim_row


@dataclass(frozen=True, slots=True)
class Basis:
    """What an item's topics and companies are judged by."""

    id: int
    title: str
    summary: str
    categories: tuple[str, ...]
    affiliations: tuple[str, ...]
    sources: tuple[str, ...]
    signals: tuple[Signal, ...] = ()


def numbers(connection: Connection, after: int, most: int) -> list[int]:
    """Return the next up to `most` items' numbers over `after`, in order."""
    return list(
        connection.scalars(
            select(ITEM.c.id)
            .where(ITEM.c.id > after, ITEM.c.merged_into.is_(None))
            .order_by(ITEM.c.id)
            .limit(most)
        )
    )


def bases(connection: Connection, items: Sequence[int]) -> Iterator[Basis]:
    """Yield what the items of these numbers are judged by, in order of number."""
    columns = (ITEM.c.id, ITEM.c.title, ITEM.c.summary, ITEM.c.categories)
    for some in batches(sorted(items)):
        rows = connection.execute(
            select(*columns, ITEM.c.affiliations)
            .where(ITEM.c.id.in_(some))
            .order_by(ITEM.c.id)
        ).all()
        sources = _sources(connection, some)
        found = signals.of(connection, some)
        for row in rows:
            yield Basis(
                row.id,
                row.title,
                row.summary,
                tuple(row.categories.splitlines()),
                tuple(row.affiliations.splitlines()),
                tuple(sources[row.id]),
                tuple(found[row.id]),
            )


def _sources(
    connection: Connection, items: Sequence[int]
) -> defaultdict[int, dict[str, None]]:
    """Return the names of the sources each item was seen at, the first one first."""
    source = TABLES["source"]
    found: defaultdict[int, dict[str, None]] = defaultdict(dict)
    for item, name in connection.execute(
        select(MENTION.c.item_id, source.c.name)
        .join(source, source.c.id == MENTION.c.source_id)
        .where(MENTION.c.item_id.in_(items))
        .order_by(MENTION.c.first_seen_at, MENTION.c.id)
    ):
        found[item][name] = None
    return found


def reclaim(
    connection: Connection,
    judged: Mapping[int, tuple[Sequence[Claim], Sequence[Claim]]],
    now: datetime,
) -> None:
    """Replace the topics and companies of items, by number."""
    for table, which in ((TOPIC, 0), (COMPANY, 1)):
        for some in batches(list(judged)):
            connection.execute(delete(table).where(table.c.item_id.in_(some)))
        rows = [
            claim_row(item, claim, now)
            for item, claims in judged.items()
            for claim in claims[which]
        ]
        if rows:
            connection.execute(insert(table), rows)


def setting(connection: Connection, name: str) -> str | None:
    """Return a fact about the store."""
    table = TABLES["setting"]
    return connection.scalar(select(table.c.value).where(table.c.name == name))


def set_setting(connection: Connection, name: str, value: str) -> None:
    """Store a fact about the store."""
    table = TABLES["setting"]
    connection.execute(delete(table).where(table.c.name == name))
    connection.execute(insert(table).values(name=name, value=value))
