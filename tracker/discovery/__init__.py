"""Finding a site's feeds, in as few requests as may be.

In this order, until something is found: what the address implies by itself, the page
(which may be a feed), the feeds it names, where the program that made it puts them, and
where feeds usually are. Whatever is found was fetched and read.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from tracker.core.identity import canonical_url
from tracker.core.values import Document, Outcome, Page, Request, Window
from tracker.discovery.candidates import (
    Candidate,
    conventional,
    guessed,
    implied,
    linked,
    text_of,
)
from tracker.errors import RateLimited, SourceError
from tracker.sources import base, feed
from tracker.sources.base import Source

Fetch = Callable[[Request], Document]
Read = Callable[[Source, Document], Page]

KIND = "feed"
"""The kind of source that reads what is found here."""

_MOST_GUESSES = 12
_GUESSES_IF_REFUSED = 3  # some refuse us their pages and serve us their feeds
_MISSING = 404
_NO_WINDOW = Window(datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
_HEAD = 20_000
_ENTRY = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_TITLE = re.compile(
    r"<(?:\w{1,9}:)?title(?:\s[^<>]{0,200})?>\s*"
    r"(?:<!\[CDATA\[([^\]]{1,500}(?:\][^\]]{1,500}){0,9})\]\]>|([^<]{1,500}))",
    re.IGNORECASE,
)
_JSON_TITLE = re.compile(r'"title"\s*:\s*("(?:[^"\\]|\\.){1,500}")')


@dataclass(frozen=True, slots=True)
class Found:
    """A feed, or what is said to be one: how reading it went, `newest` aware."""

    address: str
    title: str
    outcome: Outcome
    detail: str = ""
    entries: int = 0
    newest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found at so many addresses; `trouble` says how the page failed us."""

    feeds: tuple[Found, ...]
    asked: int
    trouble: str = ""

    @property
    def sound(self) -> tuple[Found, ...]:
        """The feeds that could be read."""
        return tuple(one for one in self.feeds if not one.outcome.is_trouble)


def discover(url: str, fetch: Fetch, read: Read) -> Discovery:
    """Return the feeds of the site at `url`, an http(s) address, or `url` itself."""
    search = _Search(fetch, read)
    try:
        search.run(url)
    except RateLimited as error:  # asking on would be impolite
        search.trouble = str(error)
    return Discovery(tuple(search.feeds.values()), search.asked, search.trouble)


class _Search:
    """One search: what was asked, what was found, by canonical address."""

    def __init__(self, fetch: Fetch, read: Read) -> None:
        self._fetch = fetch
        self._read = read
        self._tried: set[str] = set()
        self.feeds: dict[str, Found] = {}
        self.asked = 0
        self.trouble = ""

    def run(self, url: str) -> None:
        if self._first(conventional(url)):
            return
        try:
            page = self._page(url)
        except RateLimited:
            raise
        except SourceError as error:
            self.trouble = str(error)
            if error.outcome == Outcome.BLOCKED:
                self._first(guessed(url)[:_GUESSES_IF_REFUSED])
            return
        if page is not None:
            self._around(page)

    def _page(self, url: str) -> Document | None:
        """Return the page, None when it is a feed itself; raises SourceError."""
        document = self._document(feed.Source.at(url))
        if document.status == _MISSING:
            self.trouble = f"{url}: no such page (404)"
            return document
        try:
            self._keep(Candidate(url), document)
        except SourceError as error:
            self.trouble = str(error)
            return document
        return None

    def _around(self, page: Document) -> None:
        markup = text_of(page.body)
        self._each(linked(markup, page.url))
        if not any(not one.outcome.is_trouble for one in self.feeds.values()):
            likely = [*conventional(page.url), *implied(markup, page.url)]
            self._first([*likely, *guessed(page.url)][:_MOST_GUESSES])

    def _each(self, candidates: Sequence[Candidate]) -> None:
        """Try what the page names; what is broken is shown as such."""
        for candidate in candidates:
            try:
                self._try(candidate)
            except RateLimited:
                raise
            except SourceError as error:
                outcome = Outcome(error.outcome)
                broken = Found(candidate.address, candidate.title, outcome, str(error))
                self.feeds.setdefault(canonical_url(candidate.address), broken)

    def _first(self, candidates: Sequence[Candidate]) -> bool:
        """Try guesses until one is right; return whether one was."""
        for candidate in candidates:
            try:
                if self._try(candidate):
                    return True
            except RateLimited:
                raise
            except SourceError:
                continue  # only a guess
        return False

    def _try(self, candidate: Candidate) -> bool:
        """Keep a feed; return False when tried before; raises SourceError for none."""
        place = canonical_url(candidate.address)
        if place in self._tried:
            return False
        document = self._document(feed.Source.at(candidate.address))
        if document.status == _MISSING:
            raise SourceError(f"{candidate.address}: no such page (404)")
        self._keep(candidate, document)
        return True

    def _document(self, source: feed.Source) -> Document:
        self._tried.add(canonical_url(source.url))
        self.asked += 1
        (request,) = source.first(_NO_WINDOW)
        return self._fetch(replace(request, may_be_missing=True))

    def _keep(self, candidate: Candidate, document: Document) -> None:
        """Note the feed that `document` is; raises SourceError when it is none."""
        page = self._read(feed.Source.at(document.url), document)
        dates = [entry.published for entry in page.entries if entry.published]
        self.feeds[canonical_url(candidate.address)] = Found(
            address=candidate.address,
            title=_title(document.body) or candidate.title,
            outcome=Outcome.OK if page.entries else Outcome.EMPTY,
            entries=len(page.entries),
            newest=max(dates, default=None),
        )


def _title(body: bytes) -> str:
    """Return the title that a feed gives itself, "" when it has none."""
    head = body[:_HEAD].decode("utf-8", "replace")
    if head.lstrip("\ufeff \t\r\n").startswith("{"):
        said = _JSON_TITLE.search(head)
        return base.plain_text(_json_string(said[1])) if said else ""
    entry = _ENTRY.search(head)
    stated = _TITLE.search(head[: entry.start()] if entry else head)
    return base.plain_text(stated[1] or stated[2]) if stated else ""


def _json_string(text: str) -> str:
    try:
        return str(json.loads(text, strict=False))
    except ValueError:  # it only looked like one
        return ""
