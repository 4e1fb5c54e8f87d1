"""Entries judged to be one work: pure decisions, nothing is stored here."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracker.core.identity import keys, scheme, surnames
from tracker.core.values import Entry

# Schemes whose names belong to one work each: two of one scheme are two works.
_UNIQUE = frozenset({"arxiv", "doi", "openreview"})


@dataclass(frozen=True, slots=True)
class Owner:
    """A stored item that owns a key: its id, its authors, its unique ids."""

    item: int
    authors: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """Entries that are one thing, their keys, and the items that own those keys.

    No owner is a new item, one is a known item, several are items to merge.
    """

    entries: tuple[Entry, ...]
    keys: tuple[str, ...]
    owners: tuple[int, ...]


def keyed(entries: Iterable[Entry], source: str) -> list[tuple[Entry, tuple[str, ...]]]:
    """Return each entry with the keys that identify it within this batch.

    An address that several differently named entries of one batch share, such as
    a changelog's page, identifies none of them.
    """
    pairs = [(entry, keys(entry, source)) for entry in entries]
    pages: defaultdict[str, set[str]] = defaultdict(set)
    for entry, names in pairs:
        for key in names:
            if scheme(key) == "url":
                pages[key].add(entry.guid)
    shared = {key for key, guids in pages.items() if len(guids) > 1}
    shared -= _same_post(pairs, shared)
    return [
        (entry, tuple(k for k in names if k not in shared)) for entry, names in pairs
    ]


def _same_post(
    pairs: Sequence[tuple[Entry, tuple[str, ...]]], shared: set[str]
) -> set[str]:
    """Return the shared addresses whose entries all bear one title: one post twice."""
    titles: defaultdict[str, set[str]] = defaultdict(set)
    for entry, names in pairs:
        for key in shared.intersection(names):
            titles[key].add(entry.title)
    return {key for key, named in titles.items() if len(named) == 1}


def plan(
    pairs: Sequence[tuple[Entry, tuple[str, ...]]], owners: Mapping[str, Owner]
) -> list[Work]:
    """Return the works that `pairs` of entry and keys make, in order of appearance.

    `owners` maps keys to the stored items that own them.
    """
    groups = _Groups(len(pairs))
    first: dict[str, int] = {}
    kept: list[tuple[Entry, tuple[str, ...]]] = []
    for index, (entry, names) in enumerate(pairs):
        mine = []
        for key in names:
            other = first.setdefault(key, index)
            if other == index:
                mine.append(key)
            elif _may_join(key, _as_owner(*pairs[other]), entry, names):
                groups.join(other, index)
        kept.append((entry, tuple(mine)))
    return [_work([kept[i] for i in group], owners) for group in groups.members()]


def _work(
    members: Sequence[tuple[Entry, tuple[str, ...]]], owners: Mapping[str, Owner]
) -> Work:
    found = Counter[int]()
    refused: set[str] = set()
    for entry, names in members:
        for key in names:
            owner = owners.get(key)
            if owner is None:
                continue
            if _may_join(key, owner, entry, names):
                found[owner.item] += 1
            else:
                refused.add(key)
    every = dict.fromkeys(key for _, names in members for key in names)
    return Work(
        entries=tuple(entry for entry, _ in members),
        keys=tuple(key for key in every if key not in refused),
        owners=tuple(sorted(found)),
    )


def _as_owner(entry: Entry, names: tuple[str, ...]) -> Owner:
    return Owner(0, tuple(author.name for author in entry.authors), names)


def _may_join(key: str, owner: Owner, entry: Entry, names: tuple[str, ...]) -> bool:
    """Return whether `key`, held by both, makes one work of owner and entry.

    A title does so only between works that share an author (or where one states
    none) and whose unique ids do not contradict each other.
    """
    if scheme(key) != "title":
        return True
    if _contradict(owner.ids, names):
        return False
    ours = surnames(author.name for author in entry.authors)
    theirs = surnames(owner.authors)
    return not ours or not theirs or bool(ours & theirs)


def _contradict(ours: Iterable[str], theirs: Iterable[str]) -> bool:
    mine: defaultdict[str, set[str]] = defaultdict(set)
    for key in ours:
        mine[scheme(key)].add(key)
    other: defaultdict[str, set[str]] = defaultdict(set)
    for key in theirs:
        other[scheme(key)].add(key)
    return any(
        mine[kind] and other[kind] and not mine[kind] & other[kind] for kind in _UNIQUE
    )


class _Groups:
    """Disjoint sets of 0..n-1 (union-find with path halving)."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))

    def join(self, a: int, b: int) -> None:
        low, high = sorted((self._root(a), self._root(b)))
        self._parent[high] = low

    def members(self) -> list[list[int]]:
        groups: dict[int, list[int]] = {}
        for index in range(len(self._parent)):
            groups.setdefault(self._root(index), []).append(index)
        return list(groups.values())

    def _root(self, index: int) -> int:
        while self._parent[index] != index:
            self._parent[index] = self._parent[self._parent[index]]
            index = self._parent[index]
        return index
