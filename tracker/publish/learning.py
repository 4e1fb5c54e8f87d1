"""Learning a reader's taste from their marks, once: it is kept in a file beside.

The file is a cache and no more: without it, or when it is broken or older than the
marks, what it held is learnt again. Readers without a mark share what their topics
teach.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

from sqlalchemy import Connection

from tracker import arrays
from tracker.core.rank import Interests, assumed_points, borne_out, rarity
from tracker.core.rank.opinions import Opinion, opinion
from tracker.core.rank.taste import Taste, learn
from tracker.core.rank.texts import Texts
from tracker.core.values import Item
from tracker.store import claims, marked

MOST = 12_000
"""Texts that likes are told apart from, the newest."""

AROUND = 5_000
"""Texts that those on a reader's topics are among, the newest, without a mark."""

_FORM = "8"  # of what is learnt and how; another number makes all be learnt anew


def informed(
    wanted: Interests, taste: Taste | None, items: Sequence[Item]
) -> Interests:
    """Return a reader's interests with what their taste says of `items`."""
    wanted = replace(wanted, rarity=rarity(items, wanted.topics))
    if taste is None:
        return wanted
    return replace(
        wanted,
        learnt=taste.reasons(items),
        likes=len(taste.named),
        hinted=taste.hinted,
        assumed=taste.assumed,
    )


@dataclass(frozen=True)
class Shelf:
    """What a reader's taste is learnt on: texts, and what was assumed of each."""

    texts: Texts
    assumed: Mapping[int, float]

    @classmethod
    def of(cls, items: Iterable[Item], wanted: Interests) -> "Shelf":
        """Return the shelf of these items, each once."""
        each = {item.id: item for item in items}
        asked = replace(wanted, rarity=rarity(list(each.values()), wanted.topics))
        points = {number: assumed_points(one, asked) for number, one in each.items()}
        return cls(Texts.of(each.values()), points)

    def taste(self, opinions: Sequence[Opinion]) -> Taste | None:
        """Return what opinions of some of the items teach, None without a like."""
        found = learn(opinions, self.texts, self.assumed)
        liked = [self.assumed[one.item.id] for one in opinions if one.weight > 0]
        left = borne_out(liked, list(self.assumed.values()))
        return replace(found, assumed=left) if found else None


def of_topics(items: Sequence[Item], topics: Iterable[str]) -> Taste | None:
    """Return what items on topics teach of who follows them, None where none is."""
    wanted = Interests(tuple(sorted(topics)), frozenset())
    if not any(claim.name in wanted.topics for item in items for claim in item.topics):
        return None
    return Shelf.of(items, wanted).taste(())


def taste_of(
    connection: Connection, reader: int | None, wanted: Interests, folder: Path | None
) -> Taste | None:
    """Return a reader's taste, None where neither marks nor topics teach anything.

    It is read from `folder` if it was learnt of these very marks and items before.
    """
    opinions = [
        held
        for item, mark in marked.marks(connection, reader)
        if (held := opinion(item, mark)) is not None
    ]
    if not opinions:
        return _unmarked(connection, sorted(wanted.topics), folder)
    name = _name(opinions, marked.told_around(connection, reader, MOST), wanted)
    file = folder / f"{reader}.npz" if folder else None
    numbers = frozenset(one.item.id for one in opinions)
    known = arrays.read(file, name, Taste.of) if file else None
    if known is not None:
        return replace(known, marked=numbers)
    others = marked.around(connection, reader, MOST)
    items = [*others, *(one.item for one in opinions)]
    found = Shelf.of(items, wanted).taste(opinions)
    if file and found:
        arrays.write(file, name, found.arrays())
    return replace(found, marked=numbers) if found else None


def _unmarked(
    connection: Connection, topics: Sequence[str], folder: Path | None
) -> Taste | None:
    """Return what topics alone teach, None in a store of few items or none on them.

    It is learnt once for all who follow them, anew when the store has grown or what it
    holds was judged anew.
    """
    grown = marked.grown(connection)
    if grown is None:
        return None
    by = [claims.setting(connection, n) for n in (claims.JUDGED_BY, claims.TAUGHT_BY)]
    name = _hashed(_FORM, topics, grown.isoformat(), *by)
    file = folder / f"topics-{_hashed(*topics)}.npz" if folder else None
    known = arrays.read(file, name, Taste.of) if file else None
    if known is not None:
        return known
    found = of_topics(marked.newest(connection, grown, AROUND), topics)
    if file and found:
        arrays.write(file, name, found.arrays())
    return found


def _hashed(*parts: object) -> str:
    return blake2b(repr(parts).encode(), digest_size=8).hexdigest()


def _name(
    opinions: Sequence[Opinion], around: Iterable[object], wanted: Interests
) -> str:
    """Return a fingerprint of what is learnt from, what stands around likes among it.

    Companies and acceptance of works around the likes are left out: they become known
    later, of some at every collecting, and say too little to learn all anew.
    """
    asked = (_FORM, wanted.topics, sorted(wanted.job_topics))
    hashed = blake2b(repr(asked).encode(), digest_size=16)
    for one in opinions:
        item = one.item
        topics = [(claim.name, claim.weight) for claim in item.topics]
        companies = [claim.name for claim in item.companies]
        known = (topics, companies, bool(item.venues))
        said = (item.id, item.title, item.summary, item.categories)
        hashed.update(repr((one.weight, one.words, known, said)).encode())
    for row in around:
        hashed.update(repr(row).encode())
    return hashed.hexdigest()
