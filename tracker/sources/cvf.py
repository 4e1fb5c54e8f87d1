"""CVF open access: the proceedings of CVPR, ICCV and WACV.

https://openaccess.thecvf.com/CVPR2025?day=all lists a year's papers on one page of
HTML: for each a `<dt class="ptitle">` with its title and address, and `<dd>`s with
its authors, links and BibTeX. It states neither abstracts nor affiliations, so its
papers gain those where another source has them too.

One software writes all these pages. They are read by patterns of bounded length:
HTML parsers take quadratic time over hostile input, and these do not.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from urllib.parse import urlsplit

from pydantic import Field

from tracker.core import identity
from tracker.core.values import Author, Document, Entry, ItemKind, Page, Request, Window
from tracker.errors import ReadError
from tracker.sources import base

_SITE = "https://openaccess.thecvf.com"
_LIST = re.compile(r"/([A-Z]+)((?:19|20)\d\d)(?:\.py)?$")
_OWN_TITLE = re.compile(rb"<title>[^<]{0,100}open access", re.IGNORECASE)
_PAPER = re.compile(
    r"<dt\s[^<>]{0,200}?class\s?=\s?[\"']?ptitle\b[^<>]{0,200}>", re.IGNORECASE
)
_LINK = re.compile(
    r"<a\s([^<>]{0,2000})>((?:[^<]|<(?!/?a\b)){0,2000})</a>", re.IGNORECASE
)
_FIELD = re.compile(r"<input\s([^<>]{0,1000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([a-z_-]{1,40})\s?=\s?(?:\"([^\"]*)\"|'([^']*)')", re.I)
_AUTHOR_FIELDS = {"query_author", "query"}  # since 2021, and before
_YEAR = re.compile(r"\byear\s{0,9}=\s{0,9}\{((?:19|20)\d\d)\}", re.ASCII)
_MONTH = re.compile(r"\bmonth\s{0,9}=\s{0,9}\{([A-Za-z]{3})")
# No locale decides how the months are called.
_MONTHS = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
_LONGEST = 200_000  # characters on one paper; some 600 authors


class Source(base.Source):
    """The papers of a conference ("CVPR", "ICCV", "WACV"), one list a year.

    `endpoint` replaces the site. Without `years` the year that is asked about and
    the two before are read. `url` is the address of one list, instead of the
    addresses by rule.
    """

    every: ClassVar[timedelta] = timedelta(days=7)
    lookback: ClassVar[timedelta] = timedelta(days=365)

    conference: str = Field(pattern=r"^[A-Z]+$")
    venue: str
    endpoint: str = _SITE
    years: tuple[int, ...] = ()
    url: str | None = None

    @classmethod
    def at(cls, url: str) -> "Source":
        """Return a source that reads the list at `url`; its name gives the venue."""
        found = _LIST.search(urlsplit(url).path)
        name = found[1] if found else ""
        return cls(conference=name or "CVPR", venue=name, url=url)

    def first(self, window: Window) -> tuple[Request, ...]:
        """Return a request for each year's list; one not yet published is missing."""
        if self.url:
            return (Request(self.url, accept="text/html"),)
        until = window.until.year
        return tuple(
            Request(
                f"{self.endpoint.rstrip('/')}/{self.conference}{year}?day=all",
                accept="text/html",
                may_be_missing=True,
            )
            for year in self.years or (until, until - 1, until - 2)
        )

    def read(self, document: Document) -> Page:
        """Return the papers of a list; a page of the site without any is empty."""
        entries = tuple(self._entries(document))
        if not entries and not _OWN_TITLE.search(document.body[:20_000]):
            base.refuse_page(document, "a list of papers")
            raise ReadError(f"{document.url}: no list of papers")
        return Page(entries)

    def _entries(self, document: Document) -> Iterator[Entry]:
        """Yield the papers that have a title and a page of their own."""
        for markup in _papers(document):
            heading, links = _links(markup)
            title, address = heading
            url = base.web_url(address, _SITE)
            page = urlsplit(url).path if url else ""
            if title and url and page.endswith(".html"):
                yield Entry(
                    guid=page,
                    title=title,
                    kind=ItemKind.PAPER,
                    url=url,
                    ids=_ids(links),
                    links=links,
                    authors=tuple(_authors(markup)),
                    published=base.sensible(_month(markup), document.fetched_at),
                    venue=self._venue(document, markup),
                )

    def _venue(self, document: Document, markup: str) -> str | None:
        listed = _LIST.search(urlsplit(document.requested).path)
        stated = _YEAR.search(markup)
        year = listed[2] if listed else stated[1] if stated else ""
        return f"{self.venue} {year}" if self.venue and year else None


def _papers(document: Document) -> Iterator[str]:
    """Yield what the page says of each paper, from its heading to the next."""
    text = document.body.decode("utf-8", "replace")
    shown, *parts = text.split("<!--")
    shown += "".join(part.partition("-->")[2] for part in parts)
    for markup in _PAPER.split(shown)[1:]:
        yield markup[:_LONGEST]


def _links(markup: str) -> tuple[tuple[str, str], tuple[str, ...]]:
    """Return the title with its address, and the addresses of PDF and preprint.

    What else is linked are authors, supplements, videos and data sets.
    """
    found = [
        (base.plain_text(text), _attributes(tag).get("href", ""))
        for tag, text in _LINK.findall(markup)
    ]
    heading, *others = found or [("", "")]
    named = {text.casefold(): address for text, address in others if address}
    stated = (named[name] for name in ("pdf", "arxiv") if name in named)
    papers = (base.web_url(address, _SITE) for address in stated)
    return heading, tuple(filter(None, papers))


def _ids(links: tuple[str, ...]) -> tuple[str, ...]:
    keys = (identity.url_key(link) for link in links)
    return tuple(key for key in keys if key and identity.scheme(key) == "arxiv")


def _authors(markup: str) -> Iterator[Author]:
    for tag in _FIELD.findall(markup):
        stated = _attributes(tag)
        name = base.plain_text(stated.get("value", ""))
        if name and stated.get("name") in _AUTHOR_FIELDS:
            yield Author(name)


def _attributes(tag: str) -> dict[str, str]:
    return {
        name.lower(): double or single
        for name, double, single in _ATTRIBUTE.findall(tag)
    }


def _month(markup: str) -> datetime | None:
    """Return the first of the month that the BibTeX states for the conference."""
    year, month = _YEAR.search(markup), _MONTH.search(markup)
    if not year or not month or month[1].lower() not in _MONTHS:
        return None
    return datetime(int(year[1]), 1 + _MONTHS.index(month[1].lower()), 1, tzinfo=UTC)
