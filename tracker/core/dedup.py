"""Entries judged to be one work: pure decisions, nothing is stored here."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tracker.core.identity import UNIQUE, contradict, keys, scheme, share_lead
from tracker.core.likeness import Paper, are_namesakes
from tracker.core.values import Entry, ItemKind


@dataclass(frozen=True, slots=True)
class Owner:
    """A stored item that owns a key: its id, its authors, its unique ids.

    `said` is what it states as a paper, where a title key is owned. `apart` are the
    items that somebody said are other works: never one with it.
    """

    item: int
    authors: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    apart: frozenset[int] = frozenset()
    said: Paper | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """Entries that are one thing, their keys, and the items that own those keys.

    No owner is a new item, one is a known item, several are items to merge.
    `evidence` says of each entry by what it was joined to the others or to the
    owner: a key, or how alike they are; "" of one that was not. `blocks` are the
    numbers under which papers alike are found: see likeness.
    """

    entries: tuple[Entry, ...]
    keys: tuple[str, ...]
    owners: tuple[int, ...]
    evidence: tuple[str, ...] = ()
    blocks: tuple[int, ...] = ()

    @property
    def reason(self) -> str:
        """What makes one of its owners, or of them and its entries."""
        return "; ".join(dict.fromkeys(said for said in self.evidence if said))


Keyed = tuple[Entry, tuple[str, ...]]
"""An entry with the keys that identify it."""


def best(entries: Sequence[Entry]) -> Entry:
    """Return the entry that states most: the newest version, the longest summary."""
    return max(entries, key=lambda entry: (entry.version or 0, len(entry.summary)))


def paper(entry: Entry, ids: Iterable[str] = ()) -> Paper:
    """Return what an entry states as a paper, of these keys."""
    return Paper(
        entry.title,
        tuple(author.name for author in entry.authors),
        entry.summary,
        frozenset(key for key in ids if scheme(key) in UNIQUE),
        entry.published.year if entry.published else None,
    )


def keyed(entries: Iterable[Entry], source: str) -> list[Keyed]:
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


def _same_post(pairs: Sequence[Keyed], shared: set[str]) -> set[str]:
    """Return the shared addresses whose entries all bear one title: one post twice."""
    titles: defaultdict[str, set[str]] = defaultdict(set)
    for entry, names in pairs:
        for key in shared.intersection(names):
            titles[key].add(entry.title)
    return {key for key, named in titles.items() if len(named) == 1}


def plan(
    pairs: Sequence[Keyed], owners: Mapping[str, Owner], *, may_merge: bool = True
) -> list[Work]:
    """Return the works that `pairs` of entry and keys make, in order of appearance.

    `owners` maps keys to the stored items that own them. What a source that only
    speaks of works says, without `may_merge`, never makes one of two: an entry names
    one item and one id of a paper, the first. Entries whose guids are those of items
    that somebody set apart stay apart, whatever they share.
    """
    pairs = [
        (entry, _own(names, owners, may_merge=may_merge)) for entry, names in pairs
    ]
    groups = _Groups(pairs, owners)
    first: dict[str, int] = {}
    kept: list[_Member] = []
    for index, (entry, names) in enumerate(pairs):
        mine, joined_by = [], ""
        for key in names:
            other = first.setdefault(key, index)
            if other == index:
                mine.append(key)
            elif _may_join(
                key, groups.owner(other), entry, groups.ids(index)
            ) and groups.may_join(other, index, may_merge=may_merge):
                groups.join(other, index)
                joined_by = joined_by or key
        kept.append(_Member(entry, tuple(mine), joined_by))
    return [
        _work([kept[i] for i in group], owners, may_merge=may_merge)
        for group in groups.members()
    ]


def _own(
    names: tuple[str, ...], owners: Mapping[str, Owner], *, may_merge: bool
) -> tuple[str, ...]:
    """Return the names of an entry that may tell which work it is."""
    if not may_merge:
        others = [key for key in names if scheme(key) in UNIQUE][1:]
        names = tuple(key for key in names if key not in others)
    mine = next((owners[k] for k in names if k in owners and scheme(k) == "guid"), None)
    if mine is None or not mine.apart:
        return names
    return tuple(
        k for k in names if k not in owners or owners[k].item not in mine.apart
    )


def _work(
    members: Sequence["_Member"], owners: Mapping[str, Owner], *, may_merge: bool
) -> Work:
    every = dict.fromkeys(key for member in members for key in member.names)
    named = _named(members, owners, every, may_merge=may_merge)
    free = (
        key
        for key in every
        if key in named
        or (key not in owners and (may_merge or not named or scheme(key) not in UNIQUE))
    )
    return Work(
        entries=tuple(member.entry for member in members),
        keys=tuple(free),
        owners=tuple(sorted(set(named.values()))),
        evidence=tuple(_evidence(member, named) for member in members),
    )


def _evidence(member: "_Member", named: Mapping[str, int]) -> str:
    """Return by which names an entry was joined, "" of one known by its guid."""
    ways: dict[int, str] = {}
    for key in member.names:
        if key in named:
            ways.setdefault(named[key], key)
    names = list(ways.values()) or [member.joined_by]
    return " and ".join(names) if len(names) > 1 or scheme(names[0]) != "guid" else ""


def _named(
    members: Sequence["_Member"],
    owners: Mapping[str, Owner],
    every: Iterable[str],
    *,
    may_merge: bool,
) -> dict[str, int]:
    """Return the stored items that the members name, by key.

    What an entry says makes one of two items only by names of two schemes, such as a
    DOI and an arXiv id; a post's address and guid never do, or any blog could name
    two posts of others, and hide one of them. An entry's guid tells which it is.
    """
    named: dict[str, int] = {}
    first: dict[tuple[int, str], int] = {}
    parted: frozenset[int] = frozenset()
    for number, (entry, names, _) in enumerate(members):
        is_one = entry.kind is ItemKind.POST or not may_merge
        for key in sorted(names, key=lambda key: is_one and scheme(key) != "guid"):
            owner = owners.get(key)
            if owner is None or not _may_join(key, owner, entry, every):
                continue
            about = (0, "one") if is_one else (number, scheme(key))
            here = first.setdefault(about, owner.item) == owner.item
            if here and owner.item not in parted:
                named[key] = owner.item
                parted |= owner.apart
    return named


def _may_join(key: str, owner: Owner, entry: Entry, ids: Iterable[str]) -> bool:
    """Return whether `key`, held by both, makes one work of owner and entry.

    A title does so only where the first author of one is an author of the other (or
    one states none), whose unique ids do not contradict each other, and which are no
    namesakes. Any author would not do: long lists share a Wang or a Kim by chance.
    """
    if scheme(key) != "title":
        return True
    if contradict(owner.ids, ids):
        return False
    ours = paper(entry)
    if owner.said and are_namesakes(owner.said, ours):
        return False
    return share_lead(ours.authors, owner.authors)


class _Member(NamedTuple):
    """An entry, the keys that it was the first to name, and how it joined others."""

    entry: Entry
    names: tuple[str, ...]
    joined_by: str


@dataclass(slots=True)
class _Group:
    """Entries by number, their unique ids, and the items that their guids own."""

    members: list[int]
    ids: set[str]
    items: set[int]
    apart: frozenset[int]


class _Groups:
    """Disjoint sets of entries."""

    def __init__(self, pairs: Sequence[Keyed], owners: Mapping[str, Owner]) -> None:
        self._entries = [entry for entry, _ in pairs]
        self._groups = [
            _group(index, names, owners) for index, (_, names) in enumerate(pairs)
        ]

    def may_join(self, a: int, b: int, *, may_merge: bool) -> bool:
        """Return whether nothing keeps the sets of `a` and `b` apart."""
        one, other = self._groups[a], self._groups[b]
        if one.apart & other.items or other.apart & one.items:
            return False
        return may_merge or not one.ids or not other.ids or one.ids == other.ids

    def join(self, a: int, b: int) -> None:
        """Make one set of those of `a` and `b`, the smaller going into the larger."""
        small, large = sorted((self._groups[a], self._groups[b]), key=_size)
        if small is not large:
            large.members.extend(small.members)
            large.ids |= small.ids
            large.items |= small.items
            large.apart |= small.apart
            for index in small.members:
                self._groups[index] = large

    def ids(self, index: int) -> tuple[str, ...]:
        """Return the unique ids of the set that `index` is in."""
        return tuple(self._groups[index].ids)

    def owner(self, index: int) -> Owner:
        """Return the set of `index` as an owner that says what `index` does."""
        said = paper(self._entries[index])
        return Owner(0, said.authors, self.ids(index), said=said)

    def members(self) -> list[list[int]]:
        """Return the sets in the order of their first members."""
        sets = {id(group): sorted(group.members) for group in self._groups}
        return list(sets.values())


def _group(index: int, names: Sequence[str], owners: Mapping[str, Owner]) -> _Group:
    found = [owners[k] for k in names if k in owners and scheme(k) == "guid"]
    return _Group(
        [index],
        {key for key in names if scheme(key) in UNIQUE},
        {owner.item for owner in found},
        frozenset(item for owner in found for item in owner.apart),
    )


def _size(group: _Group) -> int:
    return len(group.members)
