"""Fakes with names, and small examples: a clock, sources, entries, a web of answers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tracker.core.values import (
    NO_HINTS,
    Author,
    Document,
    Entry,
    Hints,
    ItemKind,
    Page,
    Request,
    Window,
)
from tracker.errors import FetchError, SourceError
from tracker.sources import Subscription
from tracker.sources.base import Source

MONDAY = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


class Canned(Source):
    """A source whose documents are names of canned pages."""

    url: str

    @classmethod
    def at(cls, url: str) -> "Canned":
        return cls(url=url)

    def first(self, window: Window) -> tuple[Request, ...]:
        return (Request(self.url),)

    def read(self, document: Document) -> Page:
        raise NotImplementedError("a Web reads its own pages")


class Web:
    """Answers by address: entries, an error, or a page of both; counts requests.

    `headers` are an address's own; one in `moved` redirects there for good.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self.pages: dict[str, Page | SourceError | Exception] = {}
        self.asked: list[Request] = []
        self.etags: dict[str, str] = {}
        self.headers: dict[str, dict[str, str]] = {}
        self.moved: dict[str, str] = {}
        self._clock = clock or Clock()

    def serve(
        self,
        url: str,
        *entries: Entry,
        follow: Sequence[str] = (),
        hints: Hints = NO_HINTS,
    ) -> None:
        following = tuple(Request(next_) for next_ in follow)
        self.pages[url] = Page(entries, following, hints=hints)
        self.etags[url] = f'"{hash(entries)}"'

    def fail(self, url: str, error: Exception) -> None:
        self.pages[url] = error

    def fetch(self, request: Request) -> Document:
        self.asked.append(request)
        target = self.moved.get(request.url)
        url = target or request.url
        page = self.pages.get(url)
        if page is None:
            raise FetchError(f"{request.url}: 404 Not Found")
        if isinstance(page, SourceError):
            raise page
        etag = self.etags.get(url, "")
        status = 304 if request.etag and request.etag == etag else 200
        body = b"" if status == 304 else url.encode() + etag.encode()
        headers = {"etag": etag, **self.headers.get(url, {})}
        return Document(
            request.url, url, status, body, self._clock(), headers, moved_to=target
        )

    def read(self, _source: Source, document: Document) -> Page:
        page = self.pages[document.url]
        if isinstance(page, Page):
            return page
        raise page


class ReadingHere:
    """Reads documents in this process, where there should be others: Reading."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def __call__(self, source: Source, document: Document) -> Page:
        return source.read(document)

    def close(self) -> None:
        """Nothing is open."""


def post(guid: str = "a", title: str = "A post", **changes: object) -> Entry:
    """Return a post; its address follows from its guid."""
    entry = Entry(
        guid=guid,
        title=title,
        kind=ItemKind.POST,
        url=f"https://blog.example/{guid}",
        summary="How it works.",
        published=MONDAY - timedelta(days=1),
    )
    return replace(entry, **changes)  # type: ignore[arg-type]  # checked by replace itself


def paper(guid: str = "p", title: str = "A paper of note", **changes: object) -> Entry:
    """Return a paper by two authors."""
    entry = Entry(
        guid=guid,
        title=title,
        kind=ItemKind.PAPER,
        authors=(Author("Ada Lovelace"), Author("Alan Turing")),
        summary="We show a thing.",
        published=MONDAY - timedelta(days=2),
    )
    return replace(entry, **changes)  # type: ignore[arg-type]  # checked by replace itself


def subscription(name: str = "blog", **changes: object) -> Subscription:
    """Return a source of canned pages at https://<name>.example/feed."""
    made = Subscription(
        name=name,
        title=name.title(),
        kind="canned",
        source=Canned(url=f"https://{name}.example/feed"),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # checked by replace itself
