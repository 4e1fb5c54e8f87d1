"""The ACL Anthology: ACL, EMNLP, NAACL, EACL, COLING and their Findings.

Its metadata is XML in a public git repository, one file a year and collection:
`data/xml/2024.acl.xml` is a `<collection>` of `<volume>`s of `<paper>`s. A paper
is named after all three, "2024.acl-long.12", also where it states no address of
its own. The format: github.com/acl-org/acl-anthology, data/xml/schema.rnc.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from pydantic import Field

from tracker.core import identity
from tracker.core.values import Author, Document, Entry, ItemKind, Page, Request, Window
from tracker.errors import ReadError
from tracker.sources import base

_SITE = "https://aclanthology.org"
_FILE = re.compile(r"/((?:19|20)\d\d)\.([a-z0-9_]+)\.xml$", re.IGNORECASE)
_COLLECTION = re.compile(r"(?a:\d{4}\.\w+)")
_NAME = re.compile(r"(?a:\d{4}\.\w+-[\w-]+\.\d+)")
# Volumes beside a conference whose papers it did not accept.
_BESIDE = re.compile(r"srw|student|tutorials?|doctoral", re.IGNORECASE)
# No locale decides how the months are called.
_MONTHS = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
_MOST_ELEMENTS = 500_000  # about 50 MB of real files; Findings of 2025 had 9


@dataclass(frozen=True, slots=True)
class _Volume:
    """What the papers of a volume share; `name` is such as "2024.acl-long"."""

    name: str
    venue: str | None
    published: datetime | None


class Source(base.Source):
    """The papers of a collection ("acl", "findings", …), one file a year.

    `volumes` are ids such as "long" or "main"; none means all. `endpoint` is where
    the files lie. Without `years` the year that is asked about and the one before
    are read. `url` is the address of one file, instead of the addresses by rule.
    """

    every: ClassVar[timedelta] = timedelta(days=7)
    lookback: ClassVar[timedelta] = timedelta(days=365)

    collection: str = Field(pattern=r"^[a-z0-9_]+$")
    venue: str
    endpoint: str = (
        "https://raw.githubusercontent.com/acl-org/acl-anthology/master/data/xml"
    )
    volumes: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    url: str | None = None

    @classmethod
    def at(cls, url: str) -> "Source":
        """Return a source that reads the file at `url`; its name gives the venue."""
        found = _FILE.search(urlsplit(url).path)
        collection = found[2].lower() if found else "acl"
        venue = collection.upper() if found else ""
        return cls(collection=collection, venue=venue, url=url)

    def first(self, window: Window) -> tuple[Request, ...]:
        """Return a request for each year's file; one not yet published is missing."""
        if self.url:
            return (Request(self.url),)
        until = window.until.year
        return tuple(
            Request(
                f"{self.endpoint.rstrip('/')}/{year}.{self.collection}.xml",
                may_be_missing=True,
            )
            for year in self.years or (until, until - 1)
        )

    def read(self, document: Document) -> Page:
        """Return the papers of a collection's chosen volumes, no front matter."""
        collection = _collection(document)
        entries = (
            _entry(paper, volume, document.fetched_at)
            for element, volume in self._volumes(collection, document.fetched_at)
            for paper in element.iterfind("paper")
        )
        return Page(tuple(entry for entry in entries if entry))

    def _volumes(
        self, collection: Element, now: datetime
    ) -> Iterator[tuple[Element, _Volume]]:
        for element in collection.iterfind("volume"):
            volume = element.get("id", "")
            if not self.volumes or volume in self.volumes:
                name = f"{collection.get('id')}-{volume}"
                venue = self._venue(collection.get("id", ""), volume)
                yield element, _Volume(name, venue, _published(element, now))

    def _venue(self, collection: str, volume: str) -> str | None:
        year, _, name = collection.partition(".")
        if not self.venue or _BESIDE.fullmatch(volume):
            return None
        if name == "findings":
            return f"Findings of {volume.upper()} {year}"
        return f"{self.venue} {year}"


class _Tree(ElementTree.TreeBuilder):
    """Builds a tree of a bounded size, from XML that declares no entities."""

    def __init__(self) -> None:
        super().__init__()
        self._elements = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._elements += 1
        if self._elements > _MOST_ELEMENTS:
            raise ValueError(f"more than {_MOST_ELEMENTS:,} elements")
        return super().start(tag, attrs)

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        """Refuse a document type: only such a thing can declare entities."""
        raise ValueError(f"a document type ({base.one_line(name)[:40]})")


def _collection(document: Document) -> Element:
    """Return the document's collection element."""
    base.refuse_page(document, "an Anthology collection")
    try:
        parser = ElementTree.XMLParser(target=_Tree())  # noqa: S314 - _Tree refuses entities
        parser.feed(document.body)
        root: Element = parser.close()
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise ReadError(f"{document.url}: broken XML: {error}") from error
    if root.tag != "collection" or not _COLLECTION.fullmatch(root.get("id", "")):
        what = base.one_line(f"{root.tag} {root.get('id', '')}")[:80]
        raise ReadError(f"{document.url}: no Anthology collection, but <{what}>")
    return root


def _entry(paper: Element, volume: _Volume, now: datetime) -> Entry | None:
    """Return a paper as an entry, or None when it has no title or no sound name."""
    name, title = f"{volume.name}.{paper.get('id', '')}", _text(paper, "title")
    if not title or not _NAME.fullmatch(name):
        return None
    return Entry(
        guid=name,
        title=title,
        kind=ItemKind.PAPER,
        url=f"{_SITE}/{name}/",
        ids=tuple(filter(None, (identity.doi(_text(paper, "doi")),))),
        links=_links(paper, name),
        authors=tuple(_authors(paper)),
        summary=_text(paper, "abstract"),
        published=_ingested(paper, now) or volume.published,
        venue=volume.venue,
        withdrawn=any(paper.find(tag) is not None for tag in ("retracted", "removed")),
    )


def _text(element: Element, tag: str) -> str:
    """Return the text of a child, without the markup of case, TeX and emphasis."""
    child = element.find(tag)
    return "" if child is None else base.one_line("".join(child.itertext()))


def _links(paper: Element, name: str) -> tuple[str, ...]:
    """Return the paper's PDF: kept by the Anthology, or elsewhere."""
    stated = _text(paper, "url") or _text(paper, "pdf")
    return (base.web_url(stated) or f"{_SITE}/{name}.pdf",)


def _authors(paper: Element) -> Iterator[Author]:
    for author in paper.iterfind("author"):
        name = base.one_line(f"{_text(author, 'first')} {_text(author, 'last')}")
        stated = (
            base.one_line("".join(affiliation.itertext()))
            for affiliation in author.iterfind("affiliation")
        )
        if name:
            yield Author(name, tuple(dict.fromkeys(filter(None, stated))))


def _published(volume: Element, now: datetime) -> datetime | None:
    """Return the day the volume was ingested, else the month it is dated."""
    meta = volume.find("meta")
    ingested = _ingested(volume, now)
    if ingested or meta is None:
        return ingested
    return base.sensible(_month(_text(meta, "year"), _text(meta, "month")), now)


def _ingested(element: Element, now: datetime) -> datetime | None:
    """Return the day a volume or paper came into the Anthology."""
    try:
        day = datetime.fromisoformat(element.get("ingest-date", ""))
    except ValueError:
        return None
    return base.sensible(day.replace(tzinfo=UTC), now)


def _month(year: str, month: str) -> datetime | None:
    """Return the first of a month such as "August" or "July 27--August 1"."""
    try:
        return datetime(int(year), 1 + _MONTHS.index(month[:3].lower()), 1, tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
