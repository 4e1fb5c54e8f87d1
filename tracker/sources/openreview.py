"""OpenReview, API 2: what a conference accepted, by the id of its venue.

GET /notes?content.venueid=ICLR.cc/2026/Conference answers `{"notes": [note, …],
"count": n}`; a note's content is `{"title": {"value": …}, …}`. Only notes whose
venueid is the conference's own are accepted papers: submissions, rejected and
withdrawn ones have ids below it. It states no affiliations.

Without an account's token the API mostly answers with a challenge, which is
"blocked". Tokens are those of POST /login, which tracker leaves to its user.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from pydantic import BaseModel, BeforeValidator, Field, SecretStr

from tracker.core.values import Author, Document, Entry, ItemKind, Page, Request, Window
from tracker.errors import Blocked, RateLimited, ReadError
from tracker.sources import base

_SITE = "https://openreview.net"
_ID = re.compile(r"[\w-]{6,20}", re.ASCII)
_YEAR = re.compile(r"/((?:19|20)\d\d)/", re.ASCII)
_NUMBER = re.compile(r"\d{1,6}", re.ASCII)
_DEFAULT_LIMIT = 1_000  # what the API sends unless asked for a number
_CHALLENGE = re.compile(r"challenge|forbidden|captcha", re.IGNORECASE)
_TOO_MANY = re.compile(r"rate ?limit|too many", re.IGNORECASE)


def _value(stated: object) -> object:
    """Return a value of a note's content: {"value": x}, in API 1 x itself."""
    return stated.get("value") if isinstance(stated, dict) else stated


def _text(stated: object) -> str:
    return base.text(_value(stated))


def _texts(stated: object) -> list[str]:
    return base.texts(_value(stated))


def _milliseconds(stated: object) -> int | None:
    return stated if type(stated) is int else None


_Value = Annotated[str, BeforeValidator(_text)]
_Values = Annotated[tuple[str, ...], BeforeValidator(_texts)]
_Milliseconds = Annotated[int | None, BeforeValidator(_milliseconds)]


class _Content(BaseModel):
    title: _Value = ""
    abstract: _Value = ""
    authors: _Values = ()
    keywords: _Values = ()
    venueid: _Value = ""
    pdf: _Value = ""


class _Note(BaseModel):
    id: base.Text = ""
    forum: base.Text = ""
    pdate: _Milliseconds = None
    cdate: _Milliseconds = None
    content: Annotated[_Content, base.MAPPING] = _Content()


class Source(base.Source):
    """The accepted papers of a conference, one query a year.

    `group` is the conference's name at OpenReview, such as "ICLR.cc"; `track` is
    what its ids end with. Without `years` the year that is asked about and the two
    before are read. `endpoint` replaces the API, `url` is the address of one answer
    instead of the addresses by rule.
    """

    every: ClassVar[timedelta] = timedelta(days=7)
    lookback: ClassVar[timedelta] = timedelta(days=365)

    group: str = Field(pattern=r"^[A-Za-z0-9_./-]+$")
    venue: str
    track: str = Field(default="Conference", pattern=r"^[A-Za-z0-9_./-]+$")
    years: tuple[int, ...] = ()
    limit: int = Field(default=1_000, ge=1, le=1_000)
    endpoint: str = "https://api2.openreview.net"
    url: str | None = None
    token: SecretStr | None = None

    @classmethod
    def at(cls, url: str) -> "Source":
        """Return a source that reads all notes of the one answer at `url`."""
        return cls(group="any", venue="", url=url)

    def first(self, window: Window) -> tuple[Request, ...]:
        """Return a request for each year; one not yet decided may be missing."""
        if self.url:
            return (self._request(self.url),)
        until = window.until.year
        years = self.years or (until, until - 1, until - 2)
        return tuple(self._request(self._query(year)) for year in years)

    def read(self, document: Document) -> Page:
        """Return the accepted papers of an answer and the request for the next page."""
        answer = _answer(document)
        asked = dict(parse_qsl(urlsplit(document.requested).query))
        accepted = asked.get("content.venueid")
        notes = map(_Note.model_validate, base.mappings(answer["notes"]))
        entries = (
            self._entry(note, document.fetched_at)
            for note in notes
            if accepted is None or note.content.venueid == accepted
        )
        return Page(
            tuple(entry for entry in entries if entry),
            tuple(self._next(document, answer)),
        )

    def _query(self, year: int) -> str:
        asked = {
            "content.venueid": f"{self.group}/{year}/{self.track}",
            "limit": str(self.limit),
            "offset": "0",
        }
        return f"{self.endpoint.rstrip('/')}/notes?{urlencode(asked)}"

    def _request(self, url: str) -> Request:
        token = self.token.get_secret_value() if self.token else None
        return Request(url, "application/json", may_be_missing=True, token=token)

    def _next(self, document: Document, answer: dict[str, object]) -> Iterator[Request]:
        """Yield the request for the next page, unless this one is not full."""
        parts = urlsplit(document.requested)
        asked = dict(parse_qsl(parts.query))
        notes = base.mappings(answer["notes"])
        limit = _number(asked.get("limit")) or _DEFAULT_LIMIT
        offset = _number(asked.get("offset"))
        if offset is not None and len(notes) >= limit:
            query = urlencode(asked | {"offset": str(offset + len(notes))})
            yield self._request(parts._replace(query=query).geturl())

    def _entry(self, note: _Note, now: datetime) -> Entry | None:
        """Return a note as an entry, or None without a title or a sound id."""
        content, forum = note.content, note.forum or note.id
        title = base.tex_text(content.title)
        if not title or not _ID.fullmatch(forum):
            return None
        pdf = base.web_url(content.pdf, _SITE) if content.pdf else None
        names = map(base.one_line, content.authors)
        return Entry(
            guid=forum,
            title=title,
            kind=ItemKind.PAPER,
            url=f"{_SITE}/forum?id={forum}",
            ids=(f"openreview:{forum}",),
            links=(pdf,) if pdf else (),
            authors=tuple(Author(name) for name in names if name),
            summary=base.tex_text(content.abstract),
            published=base.sensible(_published(note), now),
            categories=_categories(content),
            venue=self._venue(content),
        )

    def _venue(self, content: _Content) -> str | None:
        year = _YEAR.search(content.venueid)
        return f"{self.venue} {year[1]}" if self.venue and year else None


def _answer(document: Document) -> dict[str, object]:
    """Return the answer, in which "notes" is a list; raise what it refuses with."""
    answer = base.mapping(base.json_of(document))
    if isinstance(answer.get("notes"), list):
        return answer
    stated = (base.text(answer.get(name)) for name in ("name", "message"))
    said = base.one_line(" ".join(stated))[:200] or "another answer"
    if _TOO_MANY.search(said):
        raise RateLimited(f"{document.url}: {said}")
    if _CHALLENGE.search(said):
        raise Blocked(f"{document.url}: {said}")
    raise ReadError(f"{document.url}: no notes, but: {said}")


def _number(text: str | None) -> int | None:
    return int(text) if text and _NUMBER.fullmatch(text) else None


def _categories(content: _Content) -> tuple[str, ...]:
    words = map(base.tex_text, content.keywords)
    return tuple(dict.fromkeys(filter(None, words)))


def _published(note: _Note) -> datetime | None:
    """Return when the paper was published, else when it was submitted."""
    stated = note.cdate if note.pdate is None else note.pdate
    try:
        return None if stated is None else datetime.fromtimestamp(stated / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
