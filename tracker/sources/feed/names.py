"""The names that a feed's entries bear: each entry its own, papers not the poster's."""

from collections import Counter
from dataclasses import replace

from tracker.core.values import Entry, ItemKind


def told_apart(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return `entries`, so named that no two different ones bear one name.

    Where one guid names several addresses the address does; where one address bears
    several titles the title is added, but for the last entry: it is the oldest, and
    known by its bare name.
    """
    pages: dict[str, set[str | None]] = {}
    for entry in entries:
        pages.setdefault(entry.guid, set()).add(entry.url)
    titles: dict[str, str] = {}
    apart = []
    for entry in reversed(entries):
        shared = len(pages[entry.guid]) > 1
        name = entry.url if entry.url and shared else entry.guid
        if titles.setdefault(name, entry.title) != entry.title:
            name = f"{name} {entry.title}"
        apart.append(replace(entry, guid=name) if name != entry.guid else entry)
    return tuple(reversed(apart))


def unsigned(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return `entries`, papers without the name that signs the feed.

    Who posts links to papers has not written them: taken for their author, they
    would keep the papers from being known by their title.
    """
    signed = Counter(entry.authors for entry in entries)
    return tuple(
        replace(entry, authors=())
        if entry.kind is ItemKind.PAPER and 1 < signed[entry.authors] > len(entries) / 2
        else entry
        for entry in entries
    )
