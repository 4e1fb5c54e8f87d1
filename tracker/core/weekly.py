"""A reader, and what a week of theirs is told in: frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tracker.core.values import Item, Outcome


@dataclass(frozen=True, slots=True)
class Schedule:
    """When something is due, by a local clock: on these days, at these times.

    Each is sorted; `days` are those of a month, of `weekdays` Monday is 0.
    """

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """A person: interests, and where and when their digest goes.

    No topics or companies means all configured topics, and the companies marked
    `follow`. `exclude` are words that keep an item out, `include` words that speak
    for it. No schedule means when everybody's week ends. `language` is that of dates,
    such as "de". `deliver` are web addresses that digests are posted to.
    `job_trouble` says why the job description they name has no text.
    """

    name: str
    email: str | None = None
    time_zone: str = "UTC"
    topics: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    job: str = ""
    schedule: Schedule | None = None
    language: str = ""
    deliver: tuple[str, ...] = field(default=(), repr=False)  # paths are secrets
    include: tuple[str, ...] = ()
    job_trouble: str = ""

    @property
    def is_reached(self) -> bool:
        """Whether their digest goes anywhere."""
        return bool(self.email or self.deliver)


@dataclass(frozen=True, slots=True)
class Reason:
    """A named part of a score: its points, and what it says in words."""

    name: str
    points: float
    words: str

    @property
    def is_vague(self) -> bool:
        """Whether it says no more than how close an item is to what is known."""
        return self.words.startswith((CLOSE, UNLIKE))


CLOSE, UNLIKE = "close to ", "unlike "


@dataclass(frozen=True, slots=True)
class Pick:
    """An item with its score, which is the sum of its reasons' points.

    `highlights` are up to two sentences of its summary that carry idea and result.
    """

    item: Item
    score: float
    reasons: tuple[Reason, ...]
    highlights: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of a digest; `more` items fitted it and were left out.

    `key` is "top", "topic:<name>", "companies" or "conferences".
    """

    key: str
    title: str
    picks: tuple[Pick, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class SourceReport:
    """How a source did in the week: its latest outcome, and its new items."""

    name: str
    title: str
    outcome: Outcome
    new: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Week:
    """A reader's local week as an interval [start, end) of aware times, UTC.

    `name` is an ISO 8601 week ("2026-W47"), or "FROM/TO" for a free interval.
    """

    name: str
    start: datetime
    end: datetime


class TrendKind(StrEnum):
    """What a trend is of."""

    TOPIC = "topic"
    COMPANY = "company"
    TERM = "term"


@dataclass(frozen=True, slots=True)
class Trend:
    """How many items a topic, company or term had, week by week.

    `name` is a topic's or company's name, or a term as titles write it. `before` are
    the counts of the weeks before, the oldest first. `rise` is a z-score: how far
    this week's share is above theirs (see core.trends).
    """

    kind: TrendKind
    name: str
    count: int
    before: tuple[int, ...]
    rise: float
    is_rising: bool = False

    @property
    def usual(self) -> float:
        """The mean count of the weeks before."""
        return sum(self.before) / len(self.before) if self.before else 0.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """A reader's reading list: how many items are to read, and being read.

    `longest` are the first few, those being read before the others, each with when
    it was marked, what waits longest first.
    """

    to_read: int = 0
    reading: int = 0
    longest: tuple[tuple[Item, datetime], ...] = ()

    @property
    def count(self) -> int:
        """How many items wait."""
        return self.to_read + self.reading


NOTHING_WAITS = Waiting()


@dataclass(frozen=True, slots=True)
class Digest:
    """A week for a reader.

    `seen` counts the items first seen in the week, `old` those of them that were
    backlog, `joined` the mentions of the week that were of items known already.
    `names` maps the names of topics, companies and sources to their titles for
    display. No trends where there are too few weeks to compare with. `language` is
    that of its dates, "" for English.
    """

    week: Week
    reader: str
    time_zone: str
    sections: tuple[Section, ...]
    sources: tuple[SourceReport, ...]
    seen: int
    names: Mapping[str, str] = field(default_factory=dict)
    joined: int = 0
    old: int = 0
    trends: tuple[Trend, ...] = ()
    waiting: Waiting = NOTHING_WAITS
    language: str = ""
