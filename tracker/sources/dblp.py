"""dblp: the papers of a conference, with authors and DOI, and nothing more.

GET /search/publ/api answers `{"result": {"hits": {"@total": "2", "hit": [{"info":
…}, …]}}}`: numbers are texts, a list of one may be the one itself, no hits are no
"hit". It states neither days, abstracts nor affiliations; what it is good for is
telling what a conference accepted. Since 2026 its site often shows a bot check,
which is "blocked". The format: dblp.org/faq/13501473.html.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, ClassVar
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from pydantic import BaseModel, Field

from tracker.core import identity
from tracker.core.values import Author, Document, Entry, ItemKind, Page, Request, Window
from tracker.errors import ReadError
from tracker.sources import base

_KEY = re.compile(r"[\w-]+(?:/[\w.:+-]+){1,4}", re.ASCII)
_NAMESAKE = re.compile(r" \d{4}$", re.ASCII)  # "Jim Gray 0001"
_NUMBER = re.compile(r"\d{1,6}", re.ASCII)
_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
_FRONT_MATTER = {"Editorship", "Books and Theses"}


class _Person(BaseModel):
    text: base.Text = ""


class _Info(BaseModel):
    key: base.Text = ""
    title: base.Text = ""
    year: base.Text = ""
    type: base.Text = ""
    doi: base.Text = ""
    ee: base.Texts = ()
    url: base.Text = ""
    authors: Annotated[dict[str, object], base.MAPPING] = Field(default_factory=dict)

    @property
    def people(self) -> Iterator[str]:
        """The authors' names: objects today, plain texts in old data."""
        stated = self.authors.get("author")
        for one in stated if isinstance(stated, list) else [stated]:
            yield base.text(one) or _Person.model_validate(base.mapping(one)).text


class Source(base.Source):
    """The papers of a conference, one query a year.

    `stream` is the conference's key there, such as "conf/kdd". Without `years` the
    year that is asked about and the two before are read, in pages of `rows`.
    `endpoint` replaces the site, `url` is the address of one answer instead of the
    addresses by rule.
    """

    every: ClassVar[timedelta] = timedelta(days=7)
    lookback: ClassVar[timedelta] = timedelta(days=365)

    stream: str = Field(pattern=r"^[a-z]+/[A-Za-z0-9_-]+$")
    venue: str
    endpoint: str = "https://dblp.org"
    years: tuple[int, ...] = ()
    rows: int = Field(default=1_000, ge=1, le=1_000)
    url: str | None = None

    @classmethod
    def at(cls, url: str) -> "Source":
        """Return a source that reads the one answer at `url`."""
        return cls(stream="conf/any", venue="", url=url)

    def first(self, window: Window) -> tuple[Request, ...]:
        """Return a request for each year."""
        if self.url:
            return (Request(self.url, accept="application/json"),)
        until = window.until.year
        return tuple(
            Request(self._query(year), accept="application/json")
            for year in self.years or (until, until - 1, until - 2)
        )

    def read(self, document: Document) -> Page:
        """Return the papers of an answer and the request for the next page."""
        hits = _hits(document)
        infos = [_Info.model_validate(base.mapping(hit.get("info"))) for hit in hits]
        entries = (self._entry(info) for info in infos)
        return Page(
            tuple(entry for entry in entries if entry),
            tuple(_next(document, len(hits))),
        )

    def _query(self, year: int) -> str:
        asked = {
            "q": f"stream:streams/{self.stream}: year:{year}",
            "h": str(self.rows),
            "f": "0",
            "format": "json",
        }
        return f"{self.endpoint.rstrip('/')}/search/publ/api?{urlencode(asked)}"

    def _entry(self, info: _Info) -> Entry | None:
        """Return a paper as an entry, or None for front matter and what is broken."""
        title = base.plain_text(info.title).removesuffix(".")
        if not title or not _KEY.fullmatch(info.key) or info.type in _FRONT_MATTER:
            return None
        links = tuple(_links(info))
        keys = [identity.doi(info.doi), *map(identity.url_key, links)]
        known = (key for key in keys if key and identity.scheme(key) != "url")
        year = _YEAR.fullmatch(info.year)
        return Entry(
            guid=info.key,
            title=title,
            kind=ItemKind.PAPER,
            url=next(iter(links), f"https://dblp.org/rec/{quote(info.key)}"),
            ids=tuple(dict.fromkeys(known)),
            links=links,
            authors=tuple(_authors(info)),
            venue=f"{self.venue} {year[0]}" if self.venue and year else None,
        )


def _hits(document: Document) -> list[dict[str, object]]:
    """Return the hits; raises ReadError when the document is no answer to a query."""
    answer = base.mapping(base.json_of(document))
    hits = base.mapping(answer.get("result")).get("hits")
    if not isinstance(hits, dict):
        raise ReadError(f"{document.url}: no hits in the answer")
    return base.mappings(hits.get("hit"))


def _next(document: Document, found: int) -> Iterator[Request]:
    """Yield the request for the next page, unless this one is not full."""
    parts = urlsplit(document.requested)
    asked = dict(parse_qsl(parts.query))
    rows, start = asked.get("h", ""), asked.get("f", "")
    if _NUMBER.fullmatch(rows) and _NUMBER.fullmatch(start) and found >= int(rows) > 0:
        query = urlencode(asked | {"f": str(int(start) + found)})
        yield Request(parts._replace(query=query).geturl(), accept="application/json")


def _links(info: _Info) -> Iterator[str]:
    for address in dict.fromkeys(filter(None, info.ee)):
        if link := base.web_url(address):
            yield link


def _authors(info: _Info) -> Iterator[Author]:
    for person in info.people:
        if name := _NAMESAKE.sub("", base.plain_text(person)):
            yield Author(name)
