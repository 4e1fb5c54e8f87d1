"""The day's announcements at rss.arxiv.org, as Atom or RSS 2.0.

A batch holds what was announced the evening before, none on weekends and holidays.
It has neither comments nor dates of submission: those are asked of the API.
info.arxiv.org/help/rss_specifications.html, info.arxiv.org/help/availability.html
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from typing import Self
from urllib.parse import parse_qs, urlencode
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

from tracker.core import identity
from tracker.core.values import Author, Document, Entry, ItemKind, Request
from tracker.errors import ReadError
from tracker.sources import base
from tracker.sources.arxiv import paper

_HERE = ZoneInfo("America/New_York")
_CLOSES = time(14)  # what is submitted by then is announced in the evening
_MONDAY = 0
_FIRST = frozenset({"new", "cross"})

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_SOUND = "updates on arXiv.org"
_TITLE = re.compile(rf"{_SOUND}|Feed error for query")
_ANNOUNCED = re.compile(r"arXiv:\S+ Announce Type: ([\w-]+)\s*(?:Abstract: ?)?")


@dataclass(frozen=True, slots=True)
class Batch:
    """A day's announcements: the day, and the newest number among them."""

    day: date
    newest: str

    def __str__(self) -> str:
        """Return the batch as it is written in the fragment of an address."""
        return urlencode({"announced": self.day.isoformat(), "newest": self.newest})

    @classmethod
    def written(cls, fragment: str) -> Self | None:
        """Return the batch written in `fragment`, None without one."""
        parts = parse_qs(fragment)
        if not {"announced", "newest"} <= parts.keys():
            return None
        return cls(date.fromisoformat(parts["announced"][0]), parts["newest"][0])

    def lacks(self, entry: Entry) -> bool:
        """Return whether a paper should be in the batch, being newer than all of it."""
        days = 3 if self.day.weekday() == _MONDAY else 1
        closed = datetime.combine(self.day - timedelta(days=days), _CLOSES, _HERE)
        in_time = entry.published is not None and entry.published <= closed
        return in_time and paper.number(entry.guid) > self.newest


def request(address: str, categories: Sequence[str], window: str) -> Request:
    """Return the request for the announcements of some categories.

    `window` stands in the fragment, for the requests that follow the answer.
    """
    names = "+".join(name.removesuffix(".*") for name in categories)
    return Request(f"{address}/{names}#{window}", accept="application/atom+xml")


def is_batch(root: Element) -> bool:
    """Return whether a document is one of announcements."""
    return root.tag == "rss" or _TITLE.search(_title(root)) is not None


def read(
    root: Element, document: Document
) -> tuple[tuple[Entry, ...], tuple[str, ...], Batch | None]:
    """Return the papers announced first, the keys of all others, and their batch.

    Without a new paper there is no telling which batch it is. Raises ReadError for
    what is no batch of arXiv's.
    """
    title = _title(root)
    if _SOUND not in title:
        raise ReadError(f"{document.url}: arXiv says: {title[:200] or 'nothing'}")
    sent = root.findall("channel/item") or root.findall(f"{_ATOM}entry")
    stated = [(_kind(element), _entry(element, document)) for element in sent]
    announced = [(kind, entry) for kind, entry in stated if entry]
    if sent and not announced:
        raise ReadError(f"{document.url}: no announcement names a paper")
    first = tuple(entry for kind, entry in announced if kind in _FIRST)
    known = tuple(entry.guid for kind, entry in announced if kind != "new")
    return first, known, _batch(first) if len(known) < len(announced) else None


def _batch(first: Sequence[Entry]) -> Batch | None:
    days = [entry.published for entry in first if entry.published]
    newest = max(paper.number(entry.guid) for entry in first)
    return Batch(max(days).astimezone(_HERE).date(), newest) if days else None


def _title(root: Element) -> str:
    return paper.line(root, "channel/title") or paper.line(root, f"{_ATOM}title")


def _text(element: Element, *names: str) -> str:
    """Return the first of the named children that says anything, as it is."""
    return next((text for name in names if (text := element.findtext(name))), "")


def _kind(element: Element) -> str:
    """Return "new", "cross", "replace" or "replace-cross"."""
    said = _ANNOUNCED.match(_text(element, "description", f"{_ATOM}summary"))
    return paper.line(element, f"{_ARXIV}announce_type") or (said[1] if said else "new")


def _entry(element: Element, document: Document) -> Entry | None:
    name = paper.Name.of(_text(element, "guid", f"{_ATOM}id"))
    title = base.one_line(_text(element, "title", f"{_ATOM}title"))
    if name is None or not title:
        return None
    said = _text(element, "description", f"{_ATOM}summary")
    doi = identity.doi(paper.line(element, f"{_ARXIV}DOI"))
    journal = paper.line(element, f"{_ARXIV}journal_reference")
    return Entry(
        guid=name.key,
        title=title,
        kind=ItemKind.PAPER,
        url=name.url,
        ids=(name.key, doi) if doi else (name.key,),
        authors=_authors(element),
        summary=base.one_line(_ANNOUNCED.sub("", said, count=1)),
        published=base.sensible(_moment(element), document.fetched_at),
        categories=_categories(element),
        venue=paper.venue(None, journal),
        version=name.version,
    )


def _moment(element: Element) -> datetime | None:
    """Return when a paper was announced; midnight in New York."""
    text = _text(element, "pubDate", f"{_ATOM}published").strip()
    try:
        atom = element.tag == f"{_ATOM}entry"
        moment = datetime.fromisoformat(text) if atom else parsedate_to_datetime(text)
    except (OverflowError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=_HERE)


def _authors(element: Element) -> tuple[Author, ...]:
    """Return the authors, whose names stand in one text, between commas."""
    together = [found.text or "" for found in element.findall(f"{_DC}creator")]
    names = (base.one_line(name) for text in together for name in text.split(", "))
    return tuple(Author(name) for name in dict.fromkeys(names) if name)


def _categories(element: Element) -> tuple[str, ...]:
    atom = [found.get("term", "") for found in element.findall(f"{_ATOM}category")]
    return paper.own(atom + [found.text or "" for found in element.findall("category")])
