"""Who wrote an item, and where they work, as each source states it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from tracker.core.values import Author
from tracker.store.rows import AUTHORS, ITEM, TABLES, batches

_SOURCE = TABLES["source"]


@dataclass(frozen=True, slots=True)
class Statement:
    """The authors of an item with their affiliations, as the source states them."""

    source: str
    authors: tuple[Author, ...]


def of(
    connection: Connection, items: Sequence[int]
) -> defaultdict[int, list[Statement]]:
    """Return what is stated of the authors of items, by number, in order of source.

    Of an item whose sources state no affiliations, and of one that was stored by an
    older version, there is nothing.
    """
    found: defaultdict[int, list[Statement]] = defaultdict(list)
    for some in batches(items):
        rows = connection.execute(
            select(AUTHORS.c.item_id, _SOURCE.c.name, AUTHORS.c.authors)
            .join(_SOURCE, _SOURCE.c.id == AUTHORS.c.source_id)
            .where(AUTHORS.c.item_id.in_(some))
            .order_by(AUTHORS.c.item_id, AUTHORS.c.source_id)
        )
        for item, source, lines in rows:
            found[item].append(
                Statement(source, tuple(map(_author, lines.split("\n"))))
            )
    return found


def spokesmen(connection: Connection, items: Sequence[int]) -> dict[int, str]:
    """Return the sources whose words stand in items, authors too, by number."""
    found: dict[int, str] = {}
    for some in batches(items):
        rows = connection.execute(
            select(ITEM.c.id, _SOURCE.c.name)
            .join(_SOURCE, _SOURCE.c.id == ITEM.c.source_id)
            .where(ITEM.c.id.in_(some))
        )
        found.update((item, source) for item, source in rows)
    return found


def _author(line: str) -> Author:
    name, *places = line.split("\t")
    return Author(name, tuple(places))
