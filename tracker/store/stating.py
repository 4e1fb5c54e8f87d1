"""What a statement changes in an item's row: who counts, and for what."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from tracker.store.rows import ITEM, batches

STATED = (
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
"""The columns of an item that sources state."""


def rows_of(connection: Connection, items: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return the rows of items, by number."""
    found: dict[int, dict[str, Any]] = {}
    for some in batches(items):
        rows = connection.execute(select(ITEM).where(ITEM.c.id.in_(some))).mappings()
        found.update((row["id"], dict(row)) for row in rows)
    return found


def changes_of(row: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
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
