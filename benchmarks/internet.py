"""A make-believe internet: feeds with rhythms on hosts with troubles, at any moment.

It stands where connections would be made; above it all is tracker's own.
"""

import random
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from hashlib import blake2b

from tracker.errors import FetchError
from tracker.fetch.addresses import Address
from tracker.fetch.answers import Answer
from tracker.fetch.deadline import Deadline
from tracker.fetch.failures import Failures

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_IN_FEED = 20
_BEFORE = 30  # posts before the start
# Rhythms, and how many sources of a hundred have them.
_RHYTHMS = (
    *((_HOUR, 3), (6 * _HOUR, 5), (_DAY, 20)),
    *((7 * _DAY, 42), (30 * _DAY, 30)),
)
_SHARED = 10  # hosts that a third of the sources share
_TIMED_OUT = "no whole answer within 30 s"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Blog:
    """A source as it is: when it posts, what it states, where it is and moves to.

    `ttl` is in minutes; `max_age` in seconds. `gone` and `moved` are moments.
    """

    number: int
    host: str
    posts: tuple[datetime, ...]
    has_etag: bool = True
    max_age: int | None = None
    ttl: int | None = None
    skip_days: tuple[int, ...] = ()
    skip_hours: tuple[int, ...] = ()
    gone: datetime | None = None
    moved: datetime | None = None
    every: timedelta | None = None

    @property
    def url(self) -> str:
        """Its address at the start."""
        return f"https://{self.host}/{self.number}"

    @property
    def new_url(self) -> str:
        """The address it moves to, if it does."""
        return f"https://{self.host}/{self.number}/new"

    @property
    def is_open(self) -> bool:
        """Whether it may be asked as often as it posts."""
        is_patient = (self.max_age or 0) > 3600 or (self.ttl or 0) > 60
        return not (self.every or self.skip_days or self.skip_hours or is_patient)

    def feed(self, now: datetime) -> bytes:
        """Return the feed at a moment: the last 20 posts."""
        upto = bisect_right(self.posts, now)
        shown = range(upto - 1, max(upto - _IN_FEED, 0) - 1, -1)
        items = "".join(self._item(number) for number in shown)
        channel = f"<channel>{self._head()}{items}</channel>"
        return f"<rss version='2.0'>{channel}</rss>".encode()

    def _head(self) -> str:
        ttl = f"<ttl>{self.ttl}</ttl>" if self.ttl else ""
        days = "".join(f"<day>{_DAYS[day]}</day>" for day in self.skip_days)
        hours = "".join(f"<hour>{hour}</hour>" for hour in self.skip_hours)
        skipped = f"<skipDays>{days}</skipDays><skipHours>{hours}</skipHours>"
        return (
            f"<title>Blog {self.number}</title>{ttl}{skipped if days or hours else ''}"
        )

    def _item(self, number: int) -> str:
        date = format_datetime(self.posts[number], usegmt=True)
        link = f"https://{self.host}/{self.number}/{number}"
        name = f"Post {number} of blog {self.number}"
        return (
            f"<item><title>{name}</title><link>{link}</link>"
            f"<guid>{link}</guid><pubDate>{date}</pubDate></item>"
        )


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a host answers to everything between two moments; None: nothing at all."""

    start: datetime
    end: datetime
    status: int | None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Visit:
    """A request as its server saw it, and the answer; no status for none at all."""

    at: datetime
    blog: Blog
    url: str
    is_conditional: bool
    status: int | None
    headers: Mapping[str, str]


class Internet:
    """Answers by the clock, in place of tracker.fetch.visits.Visits; keeps a log."""

    def __init__(
        self,
        blogs: list[Blog],
        troubles: Mapping[str, list[Trouble]],
        clock: Callable[[], datetime],
    ) -> None:
        self.visits: list[Visit] = []
        self.failures: Failures | None = None  # set by who joins it with a door
        self._blogs = {blog.number: blog for blog in blogs}
        self._troubles = troubles
        self._clock = clock

    def answer(
        self,
        address: Address,
        headers: Mapping[str, str],
        _deadline: Deadline,
        _posted: bytes | None,
    ) -> Answer:
        """Return what the address answers now; raises FetchError when it does not."""
        now, blog = self._clock(), self._blogs[int(address.target.split("/")[1])]
        given = headers.get("If-None-Match")
        answer = self._answer(blog, address, given, now)
        status = answer.status if answer else None
        said = answer.headers if answer else {}
        self.visits.append(Visit(now, blog, address.url, bool(given), status, said))
        server = address.host, address.port
        assert self.failures is not None
        if answer is None:
            self.failures.remember(server, _TIMED_OUT)
            raise FetchError(f"{address.url}: {_TIMED_OUT}")
        self.failures.forget(server)
        return answer

    def stop(self) -> None:
        """Nothing is under way."""

    close = stop

    def _answer(
        self, blog: Blog, address: Address, given: str | None, now: datetime
    ) -> Answer | None:
        for trouble in self._troubles.get(blog.host, ()):
            if trouble.start <= now < trouble.end:
                status = trouble.status
                return None if status is None else Answer(status, trouble.headers)
        if blog.gone and now >= blog.gone:
            return Answer(410, {})
        if blog.moved and now >= blog.moved and address.url == blog.url:
            return Answer(301, {"location": blog.new_url})
        return _page(blog, given, now)


def _page(blog: Blog, given: str | None, now: datetime) -> Answer:
    body = blog.feed(now)
    headers = {"content-type": "application/rss+xml"}
    if blog.has_etag:
        headers["etag"] = f'"{blake2b(body, digest_size=8).hexdigest()}"'
    if blog.max_age is not None:
        headers["cache-control"] = f"public, max-age={blog.max_age}"
    if given is not None and given == headers.get("etag"):
        return Answer(304, headers)
    return Answer(200, headers, body)


def blogs(count: int, start: datetime, end: datetime) -> list[Blog]:
    """Return so many blogs, the same for the same `count`, posting from before on."""
    chance = random.Random(count)
    rhythms = [rhythm for rhythm, share in _RHYTHMS for _ in range(share)]
    return [
        _blog(number, count, chance.choice(rhythms), chance, (start, end))
        for number in range(count)
    ]


def _blog(
    number: int,
    count: int,
    rhythm: timedelta,
    chance: random.Random,
    span: tuple[datetime, datetime],
) -> Blog:
    start, end = span
    is_shared = number < count // 3
    host = f"shared{number % _SHARED}.example" if is_shared else f"own{number}.example"
    day = start + chance.uniform(1, 5) * _DAY
    return Blog(
        number=number,
        host=host,
        posts=tuple(_posts(rhythm, start, end, chance)),
        has_etag=chance.random() < 0.85,
        max_age=chance.choice([600, 3600, 43_200, 10**8]) if number % 3 == 0 else None,
        ttl=chance.choice([15, 60, 720]) if number % 7 == 0 else None,
        skip_days=(5, 6) if number % 20 == 1 else (),
        skip_hours=tuple(range(6)) if number % 20 == 2 else (),
        gone=day if number % 50 == 3 else None,
        moved=day if number % 30 == 4 else None,
        every=_DAY if number % 5 == 0 else None,
    )


def _posts(
    rhythm: timedelta, start: datetime, end: datetime, chance: random.Random
) -> list[datetime]:
    """Return moments of posts, earliest first; gaps vary as a person's do."""
    moment = start - rhythm * _BEFORE
    found = []
    while moment < end:
        found.append(moment.replace(microsecond=0))
        moment += rhythm * chance.choice([0.02, 0.5, 0.8, 1, 1.2, 1.5, 2])
    return found


def troubles(start: datetime) -> dict[str, list[Trouble]]:
    """Return what befalls the hosts that many share, by host."""

    def on(day: float, hours: float) -> tuple[datetime, datetime]:
        return start + day * _DAY, start + day * _DAY + hours * _HOUR

    reset = {"x-ratelimit-reset": "7200"}
    found = [
        [Trouble(*on(3.2, 8), None)],
        [Trouble(*on(6, 24), 429, {"retry-after": "7200"})],
        [Trouble(*on(8, 4), 503)],
        [Trouble(*on(4, 24), 429)],
        [Trouble(*on(0, 99 * 24), None)],
        [Trouble(*on(9, 24), 429, reset)],
        [Trouble(*on(5, 6), 503, {"retry-after": "86400000"})],
        [Trouble(*on(5, 48), 403)],
        [Trouble(*on(2 + day, 1), 500) for day in range(8)],
    ]
    return {f"shared{number}.example": those for number, those in enumerate(found)}
