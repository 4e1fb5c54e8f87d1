"""A work as it is exported: an item with its key, ids and what a reader thinks."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from urllib.parse import quote

from tracker.core.identity import scheme
from tracker.core.values import Item, ItemKind, Mark
from tracker.export.names import Name, name

_SCHEMES = ("doi", "arxiv", "openreview", "url", "title", "guid")
_DATED = re.compile(r"(.*?)\s*\b((?:19|20)\d\d)$")
_JOURNALS = frozenset({"JMLR", "TMLR", "TACL", "TOIS", "TORS", "TKDE", "PVLDB", "TIST"})
_SMALL = (
    "a an and are as at by can do does for from how in into is it not of on or our"
    " the this to toward towards via we what when where which why will with you your"
)
_SAYS_LITTLE = frozenset(_SMALL.split())
_LONGEST_WORD = 20


@dataclass(frozen=True, slots=True)
class Work:
    """An item with its citation key, the ids it is known by, and a reader's mark."""

    item: Item
    key: str
    ids: tuple[str, ...] = ()
    mark: Mark = field(default_factory=Mark)

    @property
    def doi(self) -> str | None:
        """Its DOI, of several one that is not arXiv's."""
        found = sorted(self._named("doi"), key=lambda doi: doi.startswith("10.48550/"))
        return found[0] if found else None

    @property
    def arxiv(self) -> str | None:
        """Its number at arXiv."""
        return next(self._named("arxiv"), None)

    @property
    def is_post(self) -> bool:
        """Whether it is a post."""
        return self.item.kind is ItemKind.POST

    @property
    def is_preprint(self) -> bool:
        """Whether no venue is known to have accepted it, and arXiv has it."""
        return not self.venue and self.arxiv is not None

    @property
    def venue(self) -> str | None:
        """Where it was accepted, such as "KDD 2026"."""
        return self.item.venues[-1].name if self.item.venues else None

    @property
    def journal(self) -> str | None:
        """The venue without its year, where it is a journal."""
        bare = _undated(self.venue or "")
        return bare if bare.upper() in _JOURNALS else None

    @property
    def published(self) -> datetime | None:
        """When it was published, where that is in the year of its venue."""
        when = self.item.published
        return when if when and when.year == self.year else None

    @property
    def year(self) -> int:
        """The year of its venue, else of its publication."""
        return year(self.item)

    @property
    def authors(self) -> tuple[Name, ...]:
        """Its authors."""
        return tuple(map(name, self.item.authors))

    @property
    def url(self) -> str | None:
        """Its address, with nothing in it that a BibTeX file could not hold."""
        url = self.item.url
        return quote(url, safe="%/:=&?~#+!$,;'@()*[]") if url else None

    def _named(self, kind: str) -> Iterator[str]:
        for known in sorted(self.ids):
            if scheme(known) == kind:
                yield known.partition(":")[2]


def year(item: Item) -> int:
    """Return the year of an item's venue, else of its publication."""
    dated = _DATED.fullmatch(item.venues[-1].name) if item.venues else None
    return int(dated[2]) if dated else (item.published or item.first_seen).year


def stem(item: Item) -> str:
    """Return what an item's citation key begins with: "vaswani2017attention".

    That is the first author's family name, the year and the title's first word that
    says something, in ASCII.
    """
    first = name(item.authors[0]) if item.authors else None
    family = (first.family or first.whole) if first else ""
    told = [word for part in item.title.split() if (word := _ascii(part))]
    word = next((w for w in told if w not in _SAYS_LITTLE), told[0] if told else "")
    who = _ascii(family) or "anon"
    return f"{who[:_LONGEST_WORD]}{year(item)}{word[:_LONGEST_WORD]}"


def keys(item: Item, ids: Iterable[str]) -> Iterator[str]:
    """Yield the citation keys an item may have, the best first.

    After the stem come ones with letters that follow from its strongest id alone, so
    that two works of one stem get the same keys in whatever order they come.
    """
    start = stem(item)
    yield start
    ranked = sorted(ids, key=lambda known: (_rank(known), known)) or [f"item:{item.id}"]
    digest = blake2b(ranked[0].encode(), digest_size=16).digest()
    letters = "".join(chr(ord("a") + byte % 26) for byte in digest)
    for length in range(2, len(letters)):
        yield f"{start}-{letters[:length]}"


def _rank(known: str) -> int:
    kind = scheme(known)
    return _SCHEMES.index(kind) if kind in _SCHEMES else len(_SCHEMES)


def _ascii(text: str) -> str:
    flat = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", flat.lower())


def _undated(venue: str) -> str:
    dated = _DATED.fullmatch(venue)
    return dated[1] if dated else venue
