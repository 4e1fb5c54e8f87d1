"""Entries judged to be one work: pure decisions, nothing is stored here."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracker.core.identity import keys, scheme, surnames
from tracker.core.values import Entry, ItemKind

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
    groups = _Groups(pairs)
    first: dict[str, int] = {}
    kept: list[tuple[Entry, tuple[str, ...]]] = []
    for index, (entry, names) in enumerate(pairs):
        mine = []
        for key in names:
            other = first.setdefault(key, index)
            if other == index:
                mine.append(key)
            elif _may_join(key, groups.owner(other), entry, groups.ids(index)):
                groups.join(other, index)
        kept.append((entry, tuple(mine)))
    return [_work([kept[i] for i in group], owners) for group in groups.members()]


def _work(
    members: Sequence[tuple[Entry, tuple[str, ...]]], owners: Mapping[str, Owner]
) -> Work:
    every = dict.fromkeys(key for _, names in members for key in names)
    named = _named(members, owners, every)
    return Work(
        entries=tuple(entry for entry, _ in members),
        keys=tuple(key for key in every if key in named or key not in owners),
        owners=tuple(sorted(set(named.values()))),
    )


def _named(
    members: Sequence[tuple[Entry, tuple[str, ...]]],
    owners: Mapping[str, Owner],
    every: Iterable[str],
) -> dict[str, int]:
    """Return the stored items that the members name, by key.

    What an entry says makes one of two items only by names of two schemes, such as a
    DOI and an arXiv id; a post's address and guid never do, or any blog could name
    two posts of others, and hide one of them. A post's guid tells which it is.
    """
    named: dict[str, int] = {}
    first: dict[tuple[int, str], int] = {}
    for number, (entry, names) in enumerate(members):
        is_post = entry.kind is ItemKind.POST
        for key in sorted(names, key=lambda key: is_post and scheme(key) != "guid"):
            owner = owners.get(key)
            if owner is None or not _may_join(key, owner, entry, every):
                continue
            about = (0, "post") if is_post else (number, scheme(key))
            if first.setdefault(about, owner.item) == owner.item:
                named[key] = owner.item
    return named


def _may_join(key: str, owner: Owner, entry: Entry, ids: Iterable[str]) -> bool:
    """Return whether `key`, held by both, makes one work of owner and entry.

    A title does so only where the first author of one is an author of the other (or
    one states none), and whose unique ids do not contradict each other. Any author
    would not do: long lists share a Wang or a Kim by chance.
    """
    if scheme(key) != "title":
        return True
    if _contradict(owner.ids, ids):
        return False
    ours = [author.name for author in entry.authors]
    return not ours or not owner.authors or _share_lead(ours, owner.authors)


def _share_lead(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Return whether the first of one list of authors is in the other list."""
    return bool(
        surnames(ours[:1]) & surnames(theirs) or surnames(theirs[:1]) & surnames(ours)
    )


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
    """Disjoint sets of entries, each with the unique ids of its members."""

    def __init__(self, pairs: Sequence[tuple[Entry, tuple[str, ...]]]) -> None:
        self._entries = [entry for entry, _ in pairs]
        self._groups = [
            ([index], {key for key in names if scheme(key) in _UNIQUE})
            for index, (_, names) in enumerate(pairs)
        ]

    def join(self, a: int, b: int) -> None:
        """Make one set of those of `a` and `b`, the smaller going into the larger."""
        small, large = sorted((self._groups[a], self._groups[b]), key=_size)
        if small is not large:
            large[0].extend(small[0])
            large[1].update(small[1])
            for index in small[0]:
                self._groups[index] = large

    def ids(self, index: int) -> tuple[str, ...]:
        """Return the unique ids of the set that `index` is in."""
        return tuple(self._groups[index][1])

    def owner(self, index: int) -> Owner:
        """Return the set of `index` as an owner, with the authors of `index` alone."""
        names = tuple(author.name for author in self._entries[index].authors)
        return Owner(0, names, self.ids(index))

    def members(self) -> list[list[int]]:
        """Return the sets in the order of their first members."""
        sets = {id(group): sorted(group[0]) for group in self._groups}
        return list(sets.values())


def _size(group: tuple[list[int], set[str]]) -> int:
    return len(group[0])
