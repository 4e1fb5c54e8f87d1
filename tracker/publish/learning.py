"""Learning a reader's taste from their marks, in a moment: texts are read before.

The store's texts are read anew when it has grown by much, and are the same for all
readers; a mark alone needs none of that again. Both are kept in files, which are a
cache and no more: without them, or when they are broken or older than what they were
made of, all is learnt again. Readers without a mark share what their topics teach.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from tracker import arrays
from tracker.core.rank.interests import Interests, assumed_points, borne_out, rarity
from tracker.core.rank.opinions import Opinion, opinion
from tracker.core.rank.taste import Taste, learn
from tracker.core.rank.texts import Texts
from tracker.core.values import Item
from tracker.errors import TrackerError
from tracker.store import claims, marked

MOST = 12_000
"""Texts that likes are told apart from, the newest."""

AROUND = 5_000
"""Texts that those on a reader's topics are among, the newest, without a mark."""

_FORM = "9"  # of what is learnt and how; another number makes all be learnt anew
_Learnt = TypeVar("_Learnt")

log = logging.getLogger(__name__)


def informed(
    wanted: Interests, taste: Taste | None, items: Sequence[Item]
) -> Interests:
    """Return a reader's interests with what their taste says of `items`.

    Where that can't be told, a warning is logged and they are as without a taste.
    """
    topics = [[claim.name for claim in item.topics] for item in items]
    wanted = replace(wanted, rarity=rarity(topics, wanted.topics))
    learnt = _harmless(lambda: taste.reasons(items)) if taste else None
    if taste is None or learnt is None:
        return wanted
    return replace(
        wanted,
        learnt=learnt,
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
    def of(cls, texts: Texts, wanted: Interests) -> "Shelf":
        """Return the shelf of these texts, for who looks for what is `wanted`."""
        topics = [one.topics for one in texts.known]
        asked = replace(wanted, rarity=rarity(topics, wanted.topics))
        points = (assumed_points(one, asked) for one in texts.known)
        return cls(texts, dict(zip(texts.numbers, points, strict=True)))

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
    return Shelf.of(Texts.of(items), wanted).taste(())


def taste_of(
    connection: Connection, reader: int | None, wanted: Interests, folder: Path | None
) -> Taste | None:
    """Return a reader's taste, None where neither marks nor topics teach anything.

    It is read from `folder` if it was learnt of these very marks and texts before.
    Logs a warning when it can't be learnt, and returns None: a digest must come.
    """
    return _harmless(lambda: _taste_of(connection, reader, wanted, folder))


def _harmless(learn: Callable[[], _Learnt]) -> _Learnt | None:
    """Return what is learnt, None after a warning when that fails, but for the store.

    It leans on large libraries and on memory: whatever fails there, a digest must come.
    """
    try:
        return learn()
    except (SQLAlchemyError, TrackerError):
        raise
    except Exception as error:  # noqa: BLE001 - see above
        what = str(error) or type(error).__name__
        log.warning(
            "learning from marks failed (%s); ranking goes by the settings alone", what
        )
        return None


def _taste_of(
    connection: Connection, reader: int | None, wanted: Interests, folder: Path | None
) -> Taste | None:
    opinions = [
        held
        for item, mark in marked.marks(connection, reader)
        if (held := opinion(item, mark)) is not None
    ]
    last = marked.last(connection, reader)
    if not opinions or last is None:
        return _unmarked(connection, sorted(wanted.topics), folder)
    grown = marked.read_again(connection)
    around = _Around.now(connection, grown or last)
    name = _name(opinions, around.name, wanted)
    file = folder / f"{reader}.npz" if folder else None
    numbers = frozenset(one.item.id for one in opinions)
    known = arrays.read(file, name, Taste.of) if file else None
    if known is not None:
        return replace(known, marked=numbers)
    texts = around.texts(connection, folder if grown else None)  # few are read quickly
    texts = texts.beside(one.item for one in opinions)
    found = Shelf.of(texts, wanted).taste(opinions)
    if file and found:
        arrays.write(file, name, found.arrays())
    return replace(found, marked=numbers) if found else None


def read_ahead(connection: Connection, folder: Path) -> None:
    """Read the store's texts if anybody's marks will ask for them.

    So that who asks for a digest need not wait for it.
    """
    until = marked.read_again(connection)
    if until is None or not marked.is_any(connection):
        return
    _harmless(lambda: _Around.now(connection, until).texts(connection, folder))


@dataclass(frozen=True, slots=True)
class _Around:
    """The newest items until then, what likes are told apart from, and likes of then.

    `name` is a fingerprint of what they say, words and topics. Companies and acceptance
    are not in it: they become known later, of some at every collecting, and say too
    little to read all anew.
    """

    until: datetime
    name: str

    @classmethod
    def now(cls, connection: Connection, until: datetime) -> "_Around":
        hashed = blake2b(_FORM.encode(), digest_size=16)
        for row in marked.told(connection, until, MOST):
            hashed.update(repr(row).encode())
        return cls(until, hashed.hexdigest())

    def texts(self, connection: Connection, folder: Path | None) -> Texts:
        """Return their texts, from `folder` where they are kept."""
        file = folder / "texts.npz" if folder else None
        kept = arrays.read(file, self.name, Texts.made) if file else None
        if kept is not None:
            return kept
        texts = Texts.of(marked.around(connection, self.until, MOST)).mapped()
        if file:
            arrays.write(file, self.name, texts.arrays())
        return texts


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


def _name(opinions: Sequence[Opinion], around: str, wanted: Interests) -> str:
    """Return a fingerprint of what is learnt from, beside texts of that name."""
    asked = (_FORM, around, wanted.topics, sorted(wanted.job_topics))
    hashed = blake2b(repr(asked).encode(), digest_size=16)
    for one in opinions:
        item = one.item
        topics = [(claim.name, claim.weight) for claim in item.topics]
        companies = [claim.name for claim in item.companies]
        known = (topics, companies, bool(item.venues))
        said = (item.id, item.title, item.summary, item.categories)
        hashed.update(repr((one.weight, one.words, known, said)).encode())
    return hashed.hexdigest()
