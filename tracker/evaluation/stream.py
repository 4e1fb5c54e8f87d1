"""A stream of papers to rank, and what its readers liked and picked of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise

from tracker.config import Config
from tracker.core.values import Author, Entry, Item, ItemKind
from tracker.errors import UsageError
from tracker.evaluation import shipped
from tracker.evaluation.files import Row
from tracker.sources.arxiv.paper import says_withdrawn, venue
from tracker.sources.base import one_line

Likes = tuple[int, ...]
"""The places of what a reader liked."""


@dataclass(frozen=True)
class Stream:
    """Items in the order they were listed; `start` is the first one to rank."""

    items: tuple[Item, ...]
    names: tuple[str | int, ...]
    start: int

    @classmethod
    def of(cls, rows: Sequence[Row], split: datetime, settings: Config) -> "Stream":
        """Return the stream of `rows`; raises UsageError for an id given twice."""
        judge = shipped.judge(settings)
        placed: dict[str, Row] = {}
        for row in rows:
            name = _name(row)
            if name in placed:
                raise UsageError(f"{row.place}: id {name!r} was there before")
            placed[name] = row
        listed = [(row.moment("first_listed"), name) for name, row in placed.items()]
        listed.sort()
        return cls(
            tuple(
                shipped.item(number, _entry(placed[name], when), when, judge)
                for number, (when, name) in enumerate(listed, 1)
            ),
            tuple(placed[name].id(0) for _, name in listed),
            sum(when < split for when, _ in listed),
        )

    def parts(self, size: int | None) -> list[slice]:
        """Return what is ranked together: all of it, or equal parts of some size."""
        count = len(self.items) - self.start
        number = max(1, round(count / size)) if size else 1
        ends = [self.start + count * n // number for n in range(number + 1)]
        return [slice(*both) for both in pairwise(ends)]

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each item stands, by the text of its name."""
        return {str(name): place for place, name in enumerate(self.names)}


def _name(row: Row) -> str:
    """Return a row's id as text: a number in JSON, a text in TSV are one."""
    if row.columns["id"] in (None, ""):
        raise row.wrong("id", "a text or a whole number")
    return str(row.id(0))


def _entry(row: Row, listed: datetime) -> Entry:
    comment = row.text("comment") or None
    return Entry(
        guid=_name(row),
        title=one_line(row.text("title")),
        kind=ItemKind.PAPER,
        url=row.address("url"),
        authors=tuple(Author(name) for name in row.texts("authors")),
        summary=row.text("abstract"),
        published=listed,
        categories=row.texts("categories"),
        comment=comment,
        venue=venue(comment, None),
        withdrawn=says_withdrawn(comment),
    )


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose picks they are: the places of what they liked, and of what is to find."""

    name: str
    likes: Likes
    wanted: frozenset[int]


def readers(stream: Stream, picks: Sequence[Row]) -> list[Reader]:
    """Return the readers that `picks` name in a column, else the one who made them.

    Without picks it is one who likes nothing. Raises UsageError where there are some,
    and none of them is among the rows.
    """
    chosen: dict[str, set[int]] = {}
    for row in picks:
        place = stream.places.get(_name(row))
        if place is not None:
            chosen.setdefault(row.text("reader"), set()).add(place)
    if picks and not chosen:
        raise UsageError("none of the picks is among the rows")
    return [
        Reader(
            name,
            tuple(sorted(place for place in places if place < stream.start)),
            frozenset(place for place in places if place >= stream.start),
        )
        for name, places in (chosen or {"": set[int]()}).items()
    ]


@dataclass(frozen=True, slots=True)
class Case:
    """What a reader likes, and which of a part of the stream they picked."""

    likes: Likes
    part: slice
    wanted: frozenset[int]


def cases(readers: Sequence[Reader], parts: Sequence[slice]) -> list[Case]:
    """Return a case for each part of the stream in which a reader picked anything."""
    return [
        Case(reader.likes, part, wanted)
        for reader in readers
        for part in parts
        if (wanted := reader.wanted.intersection(range(part.start, part.stop)))
    ]
