"""Crossref, for conferences that publish with ACM: KDD, RecSys, SIGIR, WWW, FAccT.

GET /works answers `{"status", "message-type": "work-list", "message": {"items":
[work, …], "next-cursor"}}`. A query is fuzzy, so what comes back is checked here.
The fields: github.com/CrossRef/rest-api-doc, api_format.md. The contact address
that Crossref asks for is in the User-Agent.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from tracker.core import identity
from tracker.core.values import Author, Document, Entry, ItemKind, Page, Request, Window
from tracker.errors import ReadError
from tracker.sources import base

_FIELDS = "DOI,title,subtitle,author,container-title,event,issued,created,abstract"
_DEFAULT_ROWS = 20  # what Crossref sends unless asked for a number
_NUMBER = re.compile(r"[0-9]{1,4}")
_YEAR = re.compile(r"(?a:(?:\b(19|20)|['\u2019])(\d\d)\b)")  # 2025, '25
# Volumes beside the proceedings, whose papers the conference did not accept as such.
_BESIDE = re.compile(
    r"companion|adjunct|workshop|challenge\b|extended abstracts|doctoral", re.IGNORECASE
)
_SESSION = re.compile(r"session details\b", re.IGNORECASE)
_FRONT = re.compile(
    r"(?:proceedings of|front ?matter|table of contents|(?:author )?index|preface"
    r"|foreword|welcome|title page|copyright|.*\bcommittees?$)",
    re.IGNORECASE,
)
_JATS_BLOCK = re.compile(r"</?jats:(?:p|title|sec|list|list-item|break)\b[^<>]*>")
_JATS_INLINE = re.compile(r"</?jats:[a-z-]+[^<>]*>")
_HEADING = re.compile(r"<jats:title>\s*abstract\s*</jats:title>", re.IGNORECASE)


def _date_parts(value: object) -> list[int]:
    """Return [year, month, day] as far as known: "date-parts" may be [[null]]."""
    outer = value[0] if isinstance(value, list) and value else None
    inner = outer if isinstance(outer, list) else []
    return [part for part in inner[:3] if type(part) is int]


class _Model(BaseModel):
    model_config = ConfigDict(alias_generator=lambda name: name.replace("_", "-"))


class _Date(_Model):
    date_parts: Annotated[tuple[int, ...], BeforeValidator(_date_parts)] = ()
    date_time: base.Text = ""


class _Id(_Model):
    id: base.Text = ""
    id_type: base.Text = ""


class _Affiliation(_Model):
    name: base.Text = ""
    id: Annotated[tuple[_Id, ...], base.MAPPINGS] = ()

    @property
    def stated(self) -> str:
        """The affiliation as printed, and its id in ROR, https://ror.org."""
        ids = (one.id for one in self.id if one.id_type == "ROR")
        return ", ".join(filter(None, (self.name, next(ids, ""))))


class _Person(_Model):
    given: base.Text = ""
    family: base.Text = ""
    name: base.Text = ""
    affiliation: Annotated[tuple[_Affiliation, ...], base.MAPPINGS] = ()


class _Meeting(_Model):
    """An event, such as name "KDD '25: The 31st …", acronym "KDD '25"."""

    name: base.Text = ""
    acronym: base.Texts = ()


class _Work(_Model):
    doi: base.Text = Field("", alias="DOI")
    title: base.Texts = ()
    subtitle: base.Texts = ()
    author: Annotated[tuple[_Person, ...], base.MAPPINGS] = ()
    container_title: base.Texts = ()
    event: Annotated[_Meeting, base.MAPPING] = _Meeting()
    issued: Annotated[_Date, base.MAPPING] = _Date()
    created: Annotated[_Date, base.MAPPING] = _Date()
    abstract: base.Text = ""

    @property
    def name(self) -> str:
        """Its title, plain; "" when it has none. A subtitle may stand apart."""
        title = base.plain_text(next(iter(self.title), ""))
        below = base.plain_text(next(iter(self.subtitle), ""))
        if not title or not below or below.casefold() in title.casefold():
            return title
        return f"{title} {below}" if title[-1] in ":?!" else f"{title}: {below}"

    @property
    def is_paper(self) -> bool:
        """Whether it has a DOI and a title, and is no front matter of its volume."""
        front = not self.author and _FRONT.match(self.name)
        apart = front or _SESSION.match(self.name)
        return bool(self.name and identity.doi(self.doi) and not apart)

    @property
    def short_name(self) -> str:
        """The meeting's short name, such as "KDD '25"; "" when it states none."""
        before, colon, _ = self.event.name.partition(":")
        return next(iter(self.event.acronym), before if colon else "").strip()

    @property
    def places(self) -> tuple[str, ...]:
        """The names of where it appeared, the shortest first."""
        return (*self.event.acronym, self.event.name, *self.container_title)

    @property
    def year(self) -> int | None:
        """The meeting's year, else the year it was issued."""
        for place in self.places:
            if found := _YEAR.search(place):
                return int((found[1] or "20") + found[2])
        return next(iter(self.issued.date_parts), None)


class _WorkList(_Model):
    items: list[object]
    next_cursor: base.Text = ""


class Source(base.Source):
    """The papers of a conference, as its publisher registered their DOIs.

    `container` is what is asked for, the venue unless given. Of the answer those
    works are kept where one of `match` is found as words in the name of the volume
    or event (the venue unless given; none of them: all works), and an author's
    affiliation holds `affiliation`, if given. `url` is the address of one answer,
    instead of the query by rule.
    """

    every: ClassVar[timedelta] = timedelta(days=7)
    lookback: ClassVar[timedelta] = timedelta(days=365)

    venue: str
    container: str = ""
    match: tuple[str, ...] | None = None
    affiliation: str = ""
    prefix: str = "10.1145"
    endpoint: str = "https://api.crossref.org"
    rows: int = Field(200, ge=1, le=1000)
    url: str | None = None

    @classmethod
    def at(cls, url: str) -> "Source":
        """Return a source that reads all works of the answer at `url`."""
        return cls(venue="", match=(), url=url)

    def first(self, window: Window) -> tuple[Request, ...]:
        """Return the query for works indexed since, and of these two years."""
        if self.url:
            return (Request(self.url, accept="application/json"),)
        filters = (
            f"prefix:{self.prefix},type:proceedings-article"
            f",from-index-date:{window.since:%Y-%m-%d}"
            f",from-pub-date:{window.until.year - 1}-01-01"
        )
        asked = {
            "filter": filters,
            "query.container-title": self.container or self.venue,
            "query.affiliation": self.affiliation,
            "select": _FIELDS,
            "rows": str(self.rows),
            "cursor": "*",
        }
        query = urlencode({name: value for name, value in asked.items() if value})
        url = f"{self.endpoint.rstrip('/')}/works?{query}"
        return (Request(url, accept="application/json"),)

    def read(self, document: Document) -> Page:
        """Return the works that match, and the request for the next page."""
        listed = _work_list(document)
        works = [_Work.model_validate(one) for one in base.mappings(listed.items)]
        entries = tuple(
            self._entry(work, document.fetched_at)
            for work in works
            if work.is_paper and self._fits(work)
        )
        return Page(entries, tuple(_next(document, listed)))

    @property
    def _phrases(self) -> tuple[str, ...]:
        return (self.venue,) if self.match is None else self.match

    def _fits(self, work: _Work) -> bool:
        stated = [one.name for author in work.author for one in author.affiliation]
        return (not self._phrases or _any(self._phrases, work.places)) and (
            not self.affiliation or _any((self.affiliation,), stated)
        )

    def _entry(self, work: _Work, now: datetime) -> Entry:
        doi = base.one_line(work.doi).lower()
        return Entry(
            guid=doi,
            title=work.name,
            kind=ItemKind.PAPER,
            url=base.web_url(f"https://doi.org/{quote(doi, safe='/:;()')}"),
            ids=tuple(filter(None, (identity.doi(doi),))),
            authors=tuple(_authors(work.author)),
            summary=_abstract(work.abstract),
            published=base.sensible(_published(work), now),
            venue=self._venue(work),
        )

    def _venue(self, work: _Work) -> str | None:
        """Return the venue with its year, when the work is in its proceedings.

        "SIGIR" is also in the names of SIGIR-AP and ICTIR: a meeting that states
        its short name is the venue only if that is the short name.
        """
        beside = any(_BESIDE.search(place) for place in work.places)
        if not self.venue or not work.year or beside:
            return None
        names = "|".join(re.escape(name) for name in (self.venue, *self._phrases))
        short = rf"(?:ACM )?(?:{names})\s*(?:['\u2019]?\d\d|\d{{4}})?"
        stated = work.short_name
        if stated and not re.fullmatch(short, stated, re.IGNORECASE):
            return None
        return f"{self.venue} {work.year}"


def _work_list(document: Document) -> _WorkList:
    """Return the list of works that the document holds; one work is a list of one."""
    answer = base.json_of(document)
    answer = answer if isinstance(answer, dict) else {}
    message, kind = answer.get("message"), answer.get("message-type")
    if kind == "work":
        return _WorkList(items=[message])
    if kind != "work-list":
        said = base.one_line(_refusal(message))[:200] or "another answer"
        raise ReadError(f"{document.url}: no list of works, but: {said}")
    try:
        return _WorkList.model_validate(message)
    except ValidationError as error:
        raise ReadError(f"{document.url}: a list of works without items") from error


def _refusal(message: object) -> str:
    """Return what a failure says: `[{"type", "value", "message"}]`."""
    return "; ".join(
        base.text(stated.get("message")) for stated in base.mappings(message)
    )


def _next(document: Document, listed: _WorkList) -> Iterator[Request]:
    """Yield the request for the next page, unless this one is not full.

    The cursor stays valid past the end, and its value may stay the same.
    """
    parts = urlsplit(document.requested)
    asked = dict(parse_qsl(parts.query))
    rows = asked.get("rows", "")
    full = int(rows) if _NUMBER.fullmatch(rows) else _DEFAULT_ROWS
    if "cursor" in asked and listed.next_cursor and len(listed.items) >= max(full, 1):
        query = urlencode(asked | {"cursor": listed.next_cursor}, errors="replace")
        yield Request(parts._replace(query=query).geturl(), accept="application/json")


def _any(phrases: Iterable[str], texts: Iterable[str]) -> bool:
    """Whether one of the phrases is in one of the texts, as whole words."""
    found: Callable[[str], re.Match[str] | None] = re.compile(
        rf"(?<![\w-])(?:{'|'.join(map(re.escape, phrases))})(?![\w-])", re.IGNORECASE
    ).search
    return any(found(text) for text in texts)


def _authors(people: Iterable[_Person]) -> Iterator[Author]:
    for person in people:
        name = base.one_line(f"{person.given} {person.family}")
        stated = (base.plain_text(one.stated) for one in person.affiliation)
        if name := name or base.one_line(person.name):
            yield Author(name, tuple(dict.fromkeys(filter(None, stated))))


def _abstract(jats: str) -> str:
    """Return the text of an abstract in JATS XML, without its heading."""
    apart = _JATS_BLOCK.sub(" ", _HEADING.sub("", jats))
    return base.plain_text(_JATS_INLINE.sub("", apart))


def _published(work: _Work) -> datetime | None:
    """Return the day it was issued, else the day its DOI was registered.

    A year alone is no day, and a DOI registered in another year tells none.
    """
    try:
        match work.issued.date_parts:
            case (year, month, day):
                return datetime(year, month, day, tzinfo=UTC)
            case (year, *_):
                created = _moment(work.created.date_time)
                return created if created.year == year else None
            case _:
                return _moment(work.created.date_time)
    except (ValueError, OverflowError):
        return None


def _moment(text: str) -> datetime:
    """Return an ISO 8601 time; one without an offset counts as UTC."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
