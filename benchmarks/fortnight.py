"""A fortnight of collecting in seconds: how polite it was, and how prompt.

The clock and the network are make-believe; ingest, the store, and all of fetching but
its connections are tracker's own.
"""

import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from sqlalchemy import event, select

from benchmarks import internet, rules
from benchmarks.internet import Blog, Internet, Visit
from benchmarks.results import Aim, Figure, Row, Subject
from tracker import ingest, sources
from tracker.core.values import Document, Page
from tracker.fetch.documents import Documents
from tracker.fetch.limits import Limits
from tracker.ingest import Tools
from tracker.ingest.judging import judge
from tracker.sources import Subscription
from tracker.sources.base import Source
from tracker.store import engine as store
from tracker.store.rows import MENTION

_START = datetime(2026, 11, 2, tzinfo=UTC)
_LOOK = timedelta(minutes=5)  # as the daemon's
_SETTLED = timedelta(days=1)  # after which promptness is measured
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Size:
    """How many sources are followed for how long."""

    sources: int = 500
    days: int = 14


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened: visits as servers saw them, posts and when they were stored."""

    blogs: Sequence[Blog]
    visits: Sequence[Visit]
    stored: dict[str, datetime]
    end: datetime

    @property
    def breaches(self) -> Counter[str]:
        """How often each rule was broken."""
        return rules.breaches(self.visits, self.end)

    def requests(self, per: str) -> list[int]:
        """Return the numbers of requests per "source" or "host", sorted."""
        counted = Counter(
            visit.blog.host if per == "host" else str(visit.blog.number)
            for visit in self.visits
        )
        return sorted(counted.values())

    @property
    def unchanged(self) -> float:
        """The share of pages that were answered 304."""
        counted = Counter(visit.status for visit in self.visits)
        return counted[304] / (counted[200] + counted[304])

    def delays(self) -> list[float]:
        """Return the hours from each post to its being stored, sorted.

        Counted are posts after the first day, on hosts and blogs without trouble.
        """
        troubled = self._troubled
        since = _START + _SETTLED
        return sorted(
            (self.stored[guid] - moment) / _HOUR
            for blog in self.blogs
            if blog.host not in troubled
            for guid, moment in _posts(blog, since, self.end)
            if guid in self.stored
        )

    def missed(self) -> int:
        """Return how many posts no visit found, of blogs that let themselves be read.

        Those of the last days may be found yet.
        """
        span = _START + _SETTLED, self.end - timedelta(days=3)
        troubled = self._troubled
        free = [blog for blog in self.blogs if blog.host not in troubled]
        return missed(free, self.stored, span)

    @property
    def _troubled(self) -> set[str]:
        return {v.blog.host for v in self.visits if v.status not in {200, 304, 301}}


def missed(
    blogs: Sequence[Blog], stored: Container[str], span: tuple[datetime, datetime]
) -> int:
    """Return how many posts of a span are not stored, of blogs free to be read."""
    return sum(
        guid not in stored
        for blog in blogs
        if blog.is_open
        for guid, _ in _posts(blog, *span)
    )


def _posts(blog: Blog, since: datetime, until: datetime) -> list[tuple[str, datetime]]:
    return [
        (f"https://{blog.host}/{blog.number}/{number}", moment)
        for number, moment in enumerate(blog.posts)
        if since <= moment < until
    ]


class _Clock:
    """A clock that is moved."""

    def __init__(self) -> None:
        self.now = _START

    def __call__(self) -> datetime:
        return self.now


class Fetching(Documents):
    """Fetching over a make-believe internet."""

    def __init__(
        self, web: Internet, folder: Path, clock: Callable[[], datetime]
    ) -> None:
        limits = Limits("tracker/benchmark", per_host_delay=0.0)
        super().__init__(limits, folder, clock)
        web.failures = self._failures
        self._visits = web  # type: ignore[assignment]  # it answers as Visits does


def run(size: Size) -> Outcome:
    """Return what a simulated fortnight comes to."""
    clock, end = _Clock(), _START + timedelta(days=size.days)
    blogs = internet.blogs(size.sources, _START, end)
    web = Internet(blogs, internet.troubles(_START), clock)
    followed = [_subscription(blog) for blog in blogs]
    with TemporaryDirectory(prefix="tracker-fortnight-") as name:
        folder = Path(name)
        engine = store.open_store(f"sqlite:///{folder / 'tracker.db'}")
        store.check(engine)
        event.listen(engine, "connect", hurry)
        engine.dispose()  # so that all connections hurry
        tools = Tools(
            engine=engine,
            fetch=Fetching(web, folder / "pace", clock).document,
            read=_read,
            judge=judge((), (), followed),
            clock=clock,
            workers=1,  # so that every run is the same
        )
        while clock.now < end:
            _look(tools, followed)
            clock.now += _LOOK
        stored = _stored(tools)
        engine.dispose()
    return Outcome(blogs, web.visits, stored, end)


def hurry(connection: sqlite3.Connection, _record: object) -> None:
    """Let nothing wait for the disk: what a power cut would take is thrown away."""
    connection.execute("pragma synchronous = off")


def _look(tools: Tools, followed: Sequence[Subscription]) -> None:
    """Do what the daemon does every five minutes."""
    for report in ingest.collect(tools, ingest.due(tools, followed)):
        if "tracker itself" in report.detail:
            raise SystemExit(report.detail)


def _subscription(blog: Blog) -> Subscription:
    kind = sources.load("feed")
    return Subscription(
        name=f"blog-{blog.number}",
        title=f"Blog {blog.number}",
        kind="feed",
        source=kind.at(blog.url),
        every=blog.every or kind.every,
    )


def _read(source: Source, document: Document) -> Page:
    return source.read(document)


def _stored(tools: Tools) -> dict[str, datetime]:
    with store.reading(tools.engine) as connection:
        found = connection.execute(select(MENTION.c.guid, MENTION.c.first_seen_at))
        return {row.guid: row.first_seen_at for row in found}


def measure(size: Size) -> Subject:
    """Return how polite and how prompt a simulated fortnight was."""
    print(f"a fortnight of {size.sources} sources …", file=sys.stderr, flush=True)
    wall, cpu = perf_counter(), process_time()
    outcome = run(size)
    taken = Row("simulated", 1, perf_counter() - wall, process_time() - cpu)
    broken = outcome.breaches
    named = [f"broken: {rule}, {times} times" for rule, times in sorted(broken.items())]
    return Subject(
        f"A simulated fortnight: {size.sources} sources, {size.days} days",
        ("amounts, not times; rules: docs/politeness.md", *named),
        (taken,),
        tuple(_figures(outcome, broken.total())),
    )


def _figures(outcome: Outcome, broken: int) -> list[Figure]:
    by_source, by_host = outcome.requests("source"), outcome.requests("host")
    delays = outcome.delays()
    return [
        Figure("rules broken", broken, aim=Aim(most=0)),
        Figure("requests", len(outcome.visits)),
        Figure("requests per source, median", median(by_source)),
        Figure("requests per source, most", by_source[-1]),
        Figure("requests per host, median", median(by_host)),
        Figure("requests per host, most", by_host[-1]),
        Figure("share of pages answered 304", outcome.unchanged),
        Figure("hours from post to store, median", median(delays)),
        Figure("hours from post to store, 95 %", quantiles(delays, n=20)[-1]),
        Figure("posts that no visit found", outcome.missed(), aim=Aim(most=0)),
    ]
