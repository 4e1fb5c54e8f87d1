"""The citation keys of items: given once, and then kept for good."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select

from tracker.store.rows import CITATION, KEY, batches


def of(connection: Connection, items: Sequence[int]) -> dict[int, str]:
    """Return the citation keys of those items that have one, by number.

    Of an item that another was joined to, the first given stands.
    """
    found: dict[int, str] = {}
    for some in batches(items):
        rows = connection.execute(
            select(CITATION.c.item_id, CITATION.c.key)
            .where(CITATION.c.item_id.in_(some))
            .order_by(CITATION.c.since, CITATION.c.key)
        )
        for item, key in rows:
            found.setdefault(item, key)
    return found


def taken(connection: Connection, keys: Iterable[str]) -> frozenset[str]:
    """Return those of `keys` that some item has."""
    found: set[str] = set()
    for some in batches(sorted(set(keys))):
        rows = select(CITATION.c.key).where(CITATION.c.key.in_(some))
        found.update(connection.scalars(rows))
    return frozenset(found)


def give(connection: Connection, keys: Mapping[int, str], now: datetime) -> None:
    """Give items, by number, the keys that nobody has."""
    rows = [{"item_id": item, "key": key, "since": now} for item, key in keys.items()]
    if rows:
        connection.execute(insert(CITATION), rows)


def ids(connection: Connection, items: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Return the keys that identify items, "doi:…", "arxiv:…", by number."""
    found: dict[int, list[str]] = {item: [] for item in items}
    for some in batches(items):
        rows = connection.execute(
            select(KEY.c.item_id, KEY.c.key)
            .where(KEY.c.item_id.in_(some))
            .order_by(KEY.c.key)
        )
        for item, key in rows:
            found[item].append(key)
    return {item: tuple(keys) for item, keys in found.items()}
