"""Feeds of blogs and journals: RSS 0.9x to 2.0, RDF, Atom, CDF and JSON Feed.

`xml` and `json_feed` return what the entries state; `entry` makes values of it.
feedparser's sanitiser and its resolver of relative addresses are off (slow, and one of
them quadratic): nh3 does their work.
"""

from datetime import timedelta
from typing import ClassVar, Self

from pydantic import field_validator

from tracker.core.values import Document, Page, Request, Window
from tracker.errors import ReadError
from tracker.sources import base
from tracker.sources.feed import json_feed, names, wishes, xml
from tracker.sources.feed.entry import entries_of
from tracker.sources.feed.stated import Stated

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/rdf+xml;q=0.9,"
    " application/feed+json;q=0.9, application/xml;q=0.8, text/xml;q=0.8,"
    " application/json;q=0.7, */*;q=0.1"
)
_MOST_ENTRIES = 10_000


class Source(base.Source):
    """A feed at an address: RSS, RDF, Atom or JSON Feed."""

    every: ClassVar[timedelta] = timedelta(minutes=15)
    is_catalogue: ClassVar[bool] = False

    url: str

    @field_validator("url")
    @classmethod
    def _is_address(cls, url: str) -> str:
        if base.web_url(url) is None:
            raise ValueError("must be an http(s) address")
        return url

    @classmethod
    def at(cls, url: str) -> Self:
        """Return the feed at `url`."""
        return cls(url=url)

    def first(self, window: Window) -> tuple[Request, ...]:
        """Return one request: a feed holds what it holds, whatever the window."""
        return (Request(self.url, accept=_ACCEPT),)

    def read(self, document: Document) -> Page:
        """Return the feed's entries; none when a sound feed has none.

        One that breaks off falls short by its end, and has the whole entries before
        it. Raises Blocked, RateLimited, or ReadError when it is no feed.
        """
        base.refuse_page(document, "a feed")
        stated, is_cut = _stated(document)
        if len(stated) > _MOST_ENTRIES:
            raise ReadError(f"{document.url}: over {_MOST_ENTRIES:,} entries")
        entries = tuple(entries_of(stated, document))
        if stated and not entries:
            raise ReadError(f"{document.url}: its entries have no title, link or text")
        read = names.unsigned(names.told_apart(entries))
        shortfall = f"the document breaks off after {len(read)} entries" * is_cut
        return Page(read, shortfall=shortfall, hints=wishes.hints(document.body))


def _stated(document: Document) -> tuple[list[Stated], bool]:
    """Return what the entries state, and whether the document breaks off after them."""
    opening = document.body[:1000].lstrip(b"\xef\xbb\xbf\t\r\n ")[:1]
    if opening != b"{":
        return xml.entries(document)
    feed = base.json_of(document)
    try:
        return json_feed.entries(feed), False
    except ReadError as error:
        raise ReadError(f"{document.url}: {error}") from error
