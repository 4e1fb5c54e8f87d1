"""Four weeks of `tracker run` in minutes: is everything there, once, and is it sound?

Clock and network are make-believe, the mail server listens on loopback; everything
else is tracker's own, the jobs of its daemon too. It is stopped and started anew every
three days, and twice killed in the middle of collecting.
"""

import gc
import logging
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import event, select

from benchmarks import fortnight, internet
from benchmarks.internet import Blog, Internet
from benchmarks.results import Aim, Figure, Row, Subject
from tracker import daemon
from tracker.bootstrap import App, keeping
from tracker.config import load
from tracker.core.values import Document, Page
from tracker.render.chart import Bar, png
from tracker.sources.base import Source
from tracker.store import engine as store
from tracker.store.deliveries import DeliveryState
from tracker.store.rows import MENTION
from tracker.store.tables import Base

_START = datetime(2026, 11, 2, tzinfo=UTC)  # a Monday
_TICK = timedelta(minutes=15)
_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)
_ZONES = ("UTC", "Pacific/Auckland", "America/Los_Angeles", "Asia/Kolkata")
_KILLED_AT = (60, 2_000)  # visits
_ISSUE, _DELIVERY = Base.metadata.tables["issue"], Base.metadata.tables["delivery"]


@dataclass(frozen=True, slots=True)
class Size:
    """How many sources and readers there are for how many weeks."""

    sources: int = 200
    readers: int = 8
    weeks: int = 4


@dataclass(slots=True)
class Found:
    """What a soak came to: memory in bytes and open files, at the end of each week."""

    posts_missed: int = 0
    posts_twice: int = 0
    issues_amiss: int = 0
    mails_lost: int = 0
    mails_doubled: int = 0
    unsound: list[str] = field(default_factory=list)
    starts: int = 0
    kills: int = 0
    mails: int = 0
    memory: list[int] = field(default_factory=list)
    files: list[int] = field(default_factory=list)


class Killed(BaseException):
    """The process would end here."""


class _Clock:
    def __init__(self) -> None:
        self.now = _START

    def __call__(self) -> datetime:
        return self.now


class _Web(Internet):
    """The make-believe internet; its log is cut, and some visits kill who asks."""

    def __init__(
        self, blogs: list[Blog], troubles: Mapping[str, Any], clock: _Clock
    ) -> None:
        super().__init__(blogs, troubles, clock)
        self._visited = count()

    def answer(self, *asked: Any) -> Any:  # noqa: ANN401 - as the Internet's
        """Answer as the internet does."""
        if next(self._visited) in _KILLED_AT:
            raise Killed
        del self.visits[:-100]
        return super().answer(*asked)


class _Reading:
    """Reads in this process: what documents can do to it is not the question here."""

    def __call__(self, source: Source, document: Document) -> Page:
        return source.read(document)

    def close(self) -> None:
        """Nothing is open."""


class _App(App):
    """tracker, joined with the make-believe clock and internet."""

    def __init__(self, config: Path, web: _Web, clock: _Clock) -> None:
        super().__init__(load(str(config)), clock)
        self._web = web
        self._fetching = fortnight.Fetching(web, self.config.data / "pace", clock)
        event.listen(self.engine, "connect", fortnight.hurry)
        self.engine.dispose()

    def door(self) -> Any:  # noqa: ANN401 - what stands for a Door
        """Return the door to the make-believe internet."""
        return self._fetching.document

    def reading(self) -> Any:  # noqa: ANN401 - what stands for a Reading
        """Return what reads documents here."""
        return _Reading()


class _Office:
    """A mail server with bad days: closed on Mondays until noon, slow to trust."""

    def __init__(self, clock: _Clock) -> None:
        self.taken: Counter[str] = Counter()
        self._clock = clock
        self._known: set[str] = set()

    async def handle_RCPT(self, *told: Any) -> str:  # noqa: ANN401, N802 - aiosmtpd's
        _server, _session, envelope, address, _options = told
        if self._clock.now.weekday() == 0 and self._clock.now.hour < 12:
            return "451 come back at noon"
        if address not in self._known:  # greylisting: RFC 6647
            self._known.add(address)
            return "450 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, *told: Any) -> str:  # noqa: ANN401, N802 - aiosmtpd's
        name = str(message_from_bytes(told[2].content)["Message-ID"])
        self.taken[name] += 1
        return "250 OK"


def run(size: Size) -> Found:
    """Return what a soak came to."""
    clock, end = _Clock(), _START + size.weeks * _WEEK
    png([Bar("once", "once", 1, 1.0)])  # loads libraries of 50 MB, once and for all
    blogs = internet.blogs(size.sources, _START, end)
    web, office, found = (
        _Web(blogs, internet.troubles(_START), clock),
        _Office(clock),
        Found(),
    )
    with TemporaryDirectory(prefix="tracker-soak-") as name, _open(office) as port:
        config = _settings(Path(name), blogs, size.readers, port)
        app = _App(config, web, clock)
        while clock.now < end:
            app = _day(app, config, web, clock, found)
        _judge(app, blogs, office, size, found)
        app.close()
    return found


@contextmanager
def _open(office: _Office) -> Iterator[int]:
    from aiosmtpd.controller import Controller

    class Anywhere(Controller):
        """A controller on a port of the system's choice."""

        def _trigger_server(self) -> None:
            server: Any = self.server
            self.port = server.sockets[0].getsockname()[1]
            super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd's

    controller = Anywhere(office, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def _settings(folder: Path, blogs: list[Blog], readers: int, port: int) -> Path:
    tables = [
        f'[store]\nurl = "sqlite:///{folder}/tracker.db"',
        "[fetch]\nworkers = 1\nper_host_delay = 0",
        f'[mail]\nurl = "smtp://127.0.0.1:{port}"\nfrom = "tracker@x.example"',
        '[[topic]]\nname = "posts"\nkeywords = ["post*"]',
    ]
    tables += [
        f'[[source]]\nname = "blog-{blog.number}"\nkind = "feed"\nurl = "{blog.url}"'
        + ('\nevery = "1d"' if blog.every else "")
        for blog in blogs
    ]
    tables += [
        f'[[reader]]\nname = "reader-{number}"\nemail = "r{number}@x.example"\n'
        f'time_zone = "{_ZONES[number % len(_ZONES)]}"'
        for number in range(readers)
    ]
    file = folder / "feeds.toml"
    file.write_text("\n\n".join(tables), "utf-8")
    return file


def _day(app: _App, config: Path, web: _Web, clock: _Clock, found: Found) -> _App:
    """Let a day pass; return the App that works at its end."""
    start = clock.now
    while clock.now < start + _DAY:
        try:
            daemon.look(app)
            if clock.now.minute == 0:
                daemon.publish(app)
        except Killed:
            found.kills += 1
            app = _restarted(app, config, web, clock, found)
        clock.now += _TICK
    daemon.tidy(app)
    days = (clock.now - _START).days
    if days % 3 == 0:
        app = _restarted(app, config, web, clock, found)
    if days % 7 == 0:
        app.engine.dispose()  # of idle connections, of which there may be any number
        gc.collect()
        found.memory.append(_memory())
        found.files.append(len(os.listdir("/proc/self/fd")))
    return app


def _restarted(app: _App, config: Path, web: _Web, clock: _Clock, found: Found) -> _App:
    app.close()
    found.starts += 1
    return _App(config, web, clock)


def _memory() -> int:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _judge(
    app: _App, blogs: list[Blog], office: _Office, size: Size, found: Found
) -> None:
    """Hold what is stored and what was mailed to what should be."""
    end = _START + size.weeks * _WEEK
    with store.reading(app.engine) as connection:
        guids = Counter(connection.scalars(select(MENTION.c.guid)))
        items = connection.scalars(select(MENTION.c.item_id)).all()
        issues = connection.execute(
            select(_ISSUE.c.message_id, _ISSUE.c.reader_id)
        ).all()
        states = Counter(connection.scalars(select(_DELIVERY.c.state)))
    troubled = internet.troubles(_START)
    free = [b for b in blogs if b.host not in troubled and b.gone is None]
    span = _START + _DAY, end - 3 * _DAY
    found.posts_missed = fortnight.missed(free, guids, span)
    found.posts_twice = sum(n - 1 for n in guids.values()) + len(items) - len({*items})
    found.issues_amiss = abs(size.readers * size.weeks - len(issues))
    names = [row.message_id for row in issues]
    found.mails_lost = sum(office.taken[name] == 0 for name in names)
    found.mails_doubled = sum(max(office.taken[name] - 1, 0) for name in names)
    found.mails = office.taken.total()
    found.unsound = keeping.check(app)
    for state, number in states.items():
        if state != DeliveryState.SENT:
            found.unsound.append(f"{number} deliveries are {state}")


def measure(size: Size) -> Subject:
    """Return what four weeks came to."""
    logging.disable(logging.WARNING)  # the daemon's; its troubles are made
    print(
        f"{size.weeks} weeks of {size.sources} sources …", file=sys.stderr, flush=True
    )
    wall, cpu = perf_counter(), process_time()
    found = run(size)
    taken = Row("simulated", 1, perf_counter() - wall, process_time() - cpu)
    none = Aim(most=0)
    growth = found.memory[-1] / found.memory[0]
    return Subject(
        f"A soak: {size.weeks} weeks, {size.sources} sources, {size.readers} readers",
        (
            f"{found.starts} new starts, {found.kills} of them after being killed;"
            f" {found.mails} mails",
            f"MB at the ends of weeks: {[round(m / 1e6) for m in found.memory]};"
            f" open files: {found.files}",
            *found.unsound,
        ),
        (taken,),
        (
            Figure("posts missed", found.posts_missed, aim=none),
            Figure("posts stored twice", found.posts_twice, aim=none),
            Figure("issues missing or too many", found.issues_amiss, aim=none),
            Figure("mails lost", found.mails_lost, aim=none),
            Figure("mails doubled", found.mails_doubled, aim=none),
            Figure("findings of `tracker db check`", len(found.unsound), aim=none),
            Figure("memory, last week / first", growth, aim=Aim(most=1.15)),
            Figure(
                "open files, last week - first",
                found.files[-1] - found.files[0],
                aim=none,
            ),
        ),
    )
