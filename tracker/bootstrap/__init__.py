"""How the parts are joined: an App made from a configuration. The only clock."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from tracker import ingest, publish, sources
from tracker.bootstrap.summaries import Summaries
from tracker.config import Config, load, trained
from tracker.core import schedule
from tracker.core.digest import Shape
from tracker.core.values import Document, Page, Request
from tracker.core.weekly import Digest, Reader, Week
from tracker.errors import ConfigError, StoreError, UsageError
from tracker.fetch import Door, Limits
from tracker.ingest import Report
from tracker.ingest.judging import Judge, judge
from tracker.ingest.teaching import as_last_taught
from tracker.reading import Reading
from tracker.sources import Subscription
from tracker.store import engine as store
from tracker.store import fetches, readers

_KEEP_RECORDS = timedelta(days=90)


def clock() -> datetime:
    """Return the present in UTC."""
    return datetime.now(UTC)


def _is_address(place: str) -> bool:
    return place.startswith(("http://", "https://"))


def _address(place: str) -> str:
    """Return an address for a file too: relative links need one."""
    return place if _is_address(place) else f"https://file.invalid/{quote(place)}"


class App:
    """tracker, ready to work: the settings joined with store, network and mail."""

    def __init__(self, config: Config, now: Callable[[], datetime] = clock) -> None:
        self.config = config
        self.now = now
        self._door: Door | None = None
        self._reading: Reading | None = None
        self._summaries = Summaries(config, now)

    @classmethod
    def configured(cls, given: str | None = None) -> "App":
        """Return an App for the feeds.toml that applies; raises ConfigError."""
        return cls(load(given))

    @cached_property
    def engine(self) -> Engine:
        """The store, its tables checked; an empty store gets its tables."""
        engine = store.open_store(self.config.store_url)
        store.check(engine)
        return engine

    def reload(self) -> None:
        """Read the settings anew; nothing may be under way meanwhile.

        Raises ConfigError when they are wrong, or name another store; nothing has
        changed then.
        """
        config = load(str(self.config.path))
        if config.store_url != self.config.store_url:
            raise ConfigError(
                f"{config.path}: [store] url: another store takes a new start"
            )
        self.interrupt()
        self._door = None
        self.config = config

    def close(self) -> None:
        """Interrupt what is under way and let go of everything."""
        self.interrupt()
        if self._reading is not None:
            self._reading.close()
        if "engine" in self.__dict__:
            self.engine.dispose()

    def interrupt(self) -> None:
        """Stop fetching at once; what is being stored is stored whole."""
        self._summaries.close()
        if self._door is not None:
            self._door.close()

    def door(self) -> Door:
        """Return the door to HTTP."""
        if self._door is None:
            fetch = self.config.fetch
            limits = Limits(
                user_agent=self.config.user_agent,
                timeout=fetch.timeout,
                max_bytes=fetch.max_bytes,
                per_host_delay=fetch.per_host_delay,
                allow_private_addresses=fetch.allow_private_addresses,
            )
            self._door = Door(limits, self.config.data / "pace", self.now)
        return self._door

    def reading(self) -> Reading:
        """Return what reads documents, in processes of their own."""
        if self._reading is None:
            self._reading = Reading(os.cpu_count() or 1)
        return self._reading

    def judge(self) -> Judge:
        """Return what finds topics and companies, as last taught."""
        return as_last_taught(self._judge(), self._learnt)

    def _judge(self) -> Judge:
        config = self.config
        judged = (config.topics, config.companies, config.subscriptions)
        return judge(*judged, trained.topics())

    @property
    def _learnt(self) -> Path:
        return self.config.data / "topics.npz"

    def tools(self) -> ingest.Tools:
        """Return what collecting works with."""
        return ingest.Tools(
            engine=self.engine,
            fetch=self.door(),
            read=self.reading(),
            judge=self._judge(),
            clock=self.now,
            workers=self.config.fetch.workers,
            learnt=self._learnt,
        )

    def press(self) -> publish.Press:
        """Return what publishing works with."""
        config, digest = self.config, self.config.digest
        return publish.Press(
            engine=self.engine,
            topics=config.topics,
            companies=config.companies,
            subscriptions=config.subscriptions,
            shape=Shape(digest.top, digest.per_section, digest.explore),
            week_ends=digest.week_ends,
            at=digest.at,
            tastes=config.data / "tastes",
            summarise=self._summaries,
        )

    def collect(
        self,
        names: Sequence[str] = (),
        *,
        forced: bool = False,
        started: Callable[[int], None] = lambda _: None,
        report: Callable[[Report], None] = lambda _: None,
    ) -> list[Report]:
        """Collect what is due, or the named sources; `started` gets their number.

        Raises UsageError when a name is not that of a source.
        """
        wanted = [self.subscription(name) for name in names]
        tools = self.tools()
        chosen = wanted or self.config.subscriptions
        due = ingest.due(tools, chosen, forced=forced or bool(names))
        started(len(due))
        reports = ingest.collect(tools, due, report)
        if any(one.new for one in reports):
            publish.read_ahead(self.press())
        return reports

    def bring_up_to_date(self) -> None:
        """Judge stored items by the settings of now, where they were by others."""
        ingest.bring_up_to_date(self.tools())

    def check(
        self, names: Sequence[str], report: Callable[[Report], None]
    ) -> list[Report]:
        """Try sources without storing anything: the named ones, or all enabled."""
        chosen = [self.subscription(name) for name in names] or [
            subscription
            for subscription in self.config.subscriptions
            if subscription.enabled
        ]
        tools = self.tools()
        reports = []
        with ThreadPoolExecutor(tools.workers) as pool:
            for done in pool.map(lambda one: ingest.check(tools, one), chosen):
                reports.append(done)
                report(done)
        return reports

    def preview(self, kind: str, place: str) -> Page:
        """Return what a source of `kind` reads from a file or an address.

        Raises UsageError for an unknown kind or a file that can't be read.
        """
        if kind not in sources.kinds():
            known = ", ".join(sources.kinds())
            raise UsageError(f"no kind of source is called {kind!r}; there is {known}")
        source = sources.load(kind).at(_address(place))
        return source.read(self._document(place))

    def _document(self, place: str) -> Document:
        if _is_address(place):
            return self.door()(Request(place))
        try:
            body = Path(place).read_bytes()
        except OSError as error:
            raise UsageError(f"{place}: {error.strerror}") from error
        return Document(place, _address(place), 200, body, self.now())

    def subscription(self, name: str) -> Subscription:
        """Return the source of that name; raises UsageError when there is none."""
        for subscription in self.config.subscriptions:
            if subscription.name == name:
                return subscription
        raise UsageError(f"no source is called {name!r}; see `tracker sources list`")

    def reader(self, name: str | None) -> Reader:
        """Return the reader of that name, the first one for None."""
        for reader in self.config.readers:
            if name is None or reader.name == name:
                return reader
        known = ", ".join(reader.name for reader in self.config.readers)
        raise UsageError(f"no reader is called {name!r}; there is {known}")

    def followed(self, reader: Reader) -> tuple[str, ...]:
        """Return the companies a reader follows, sorted."""
        return tuple(sorted(publish.interests(self.press(), reader).companies))

    def reader_number(self, reader: Reader) -> int | None:
        """Return the store's number of a reader, None before they did anything."""
        with store.reading(self.engine) as connection:
            return readers.find(connection, reader.name)

    def week(self, reader: Reader, name: str | None = None) -> Week:
        """Return the week of that name, or the present one, in the reader's time."""
        zone, ends = ZoneInfo(reader.time_zone), publish.week_ends(self.press(), reader)
        try:
            if name and "/" in name:
                first, _, last = name.partition("/")
                days = date.fromisoformat(first), date.fromisoformat(last)
                return schedule.interval(*days, zone)
            if name:
                return schedule.week_named(name, zone, ends)
            return schedule.week_of(self.now(), zone, ends)
        except (ValueError, OverflowError) as error:  # of years 1 and 9999
            raise UsageError(f"--week: {error}") from error

    def week_before(self, reader: Reader, week: Week) -> Week:
        """Return the week that ends where `week` begins."""
        zone, ends = ZoneInfo(reader.time_zone), publish.week_ends(self.press(), reader)
        return schedule.week_of(week.start - timedelta(hours=1), zone, ends)

    def days(self, reader: Reader, since: date, until: date | None) -> Week:
        """Return the days from `since` to `until`, today by default."""
        zone = ZoneInfo(reader.time_zone)
        last = until or self.now().astimezone(zone).date()
        try:
            return schedule.interval(since, last, zone)
        except ValueError as error:
            raise UsageError(f"--since, --until: {error}") from error

    def digest(self, reader: Reader, week: Week) -> Digest:
        """Return the digest of a week for a reader; stores nothing."""
        return publish.digest(self.press(), reader, week, self.now())

    def migrate(self) -> tuple[str | None, str]:
        """Bring the tables up to date; return their version before and after."""
        engine = store.open_store(self.config.store_url)
        try:
            return store.migrate(engine)
        finally:
            engine.dispose()

    def tidy(self) -> int:
        """Delete records of collecting older than 90 days; return how many."""
        with store.writing(self.engine) as connection:
            return fetches.tidy(connection, self.now(), _KEEP_RECORDS)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the right to be the one daemon of this store.

        Raises StoreError when another process holds it. A process that dies lets
        go of it, however it dies.
        """
        with store.alone(self.engine) as held:
            if not held:
                raise StoreError("another `tracker run` works on this store")
            yield
