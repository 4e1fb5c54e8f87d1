"""What stored items are judged by, and what is claimed of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Table, delete, insert, select

from tracker.core.values import Claim, ItemKind, Signal, Verdict
from tracker.store import authors, signals, verdicts
from tracker.store.authors import Statement
from tracker.store.rows import (
    COMPANY,
    ITEM,
    MENTION,
    TABLES,
    TOPIC,
    VENUE,
    batches,
    claim_row,
)

JUDGED_BY = "judged by"
"""The setting that tells by which topics and companies the stored items were judged."""

TAUGHT_BY = "taught by"
"""The setting that tells by what was learnt of a user's own topics they were judged."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What an item's topics and companies are judged by.

    Each affiliation comes with the source that stated it; `site` is a post's address.
    """

    id: int
    title: str
    summary: str
    categories: tuple[str, ...]
    affiliations: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]
    site: str | None = None
    signals: tuple[Signal, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    venues: tuple[Claim, ...] = ()


def numbers(
    connection: Connection, after: int, most: int, since: datetime | None = None
) -> list[int]:
    """Return the next up to `most` items' numbers over `after`, in order.

    Of those first seen since `since` alone, if that is given.
    """
    found = (
        select(ITEM.c.id)
        .where(ITEM.c.id > after, ITEM.c.merged_into.is_(None))
        .order_by(ITEM.c.id)
        .limit(most)
    )
    if since is not None:
        found = found.where(ITEM.c.first_seen_at >= since)
    return list(connection.scalars(found))


def bases(connection: Connection, items: Sequence[int]) -> Iterator[Basis]:
    """Yield what the items of these numbers are judged by, in order of number."""
    names = ("id", "kind", "title", "url", "summary", "categories", "affiliations")
    columns = [ITEM.c[name] for name in names]
    for some in batches(sorted(items)):
        rows = connection.execute(
            select(*columns).where(ITEM.c.id.in_(some)).order_by(ITEM.c.id)
        ).all()
        sources = _sources(connection, some)
        stated = authors.of(connection, some)
        found = signals.of(connection, some)
        said = verdicts.of(connection, some)
        accepted = of(connection, VENUE, some)
        for row in rows:
            yield Basis(
                row.id,
                row.title,
                row.summary,
                tuple(row.categories.splitlines()),
                tuple(_places(row.affiliations, stated[row.id], sources[row.id])),
                tuple(sources[row.id]),
                row.url if row.kind == ItemKind.POST else None,
                tuple(found[row.id]),
                tuple(said[row.id]),
                tuple(accepted[row.id]),
            )


def _places(
    affiliations: str, stated: Sequence[Statement], sources: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """Yield the affiliations with the source of each, else the item's first source."""
    source = {
        place: one.source
        for one in reversed(stated)
        for author in one.authors
        for place in author.affiliations
    }
    first = next(iter(sources), "")
    for place in affiliations.splitlines():
        yield place, source.get(place, first)


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


def of(
    connection: Connection, table: Table, items: Sequence[int]
) -> defaultdict[int, list[Claim]]:
    """Return what a table of claims says of items, by number, the oldest first."""
    found: defaultdict[int, list[Claim]] = defaultdict(list)
    rows = connection.execute(
        select(table)
        .where(table.c.item_id.in_(items))
        .order_by(table.c.since, table.c.weight.desc(), table.c.name)
    )
    for item, name, evidence, source, weight, since in rows:
        found[item].append(Claim(name, evidence, source, weight, since))
    return found


def reclaim(
    connection: Connection,
    judged: Mapping[int, tuple[Sequence[Claim], Sequence[Claim]]],
    now: datetime,
) -> None:
    """Replace the topics and companies of items, by number.

    A claim that is made again keeps the moment it was first made.
    """
    for table, which in ((TOPIC, 0), (COMPANY, 1)):
        since: dict[tuple[int, str], datetime] = {}
        for some in batches(list(judged)):
            old = select(table.c.item_id, table.c.name, table.c.since)
            known = connection.execute(old.where(table.c.item_id.in_(some)))
            since.update(((item, name), made) for item, name, made in known)
            connection.execute(delete(table).where(table.c.item_id.in_(some)))
        rows = [
            claim_row(item, claim, since.get((item, claim.name), now))
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
