"""Virtual sites of conferences: NeurIPS, ICML, ICLR, MLSys, AISTATS, CVPR, ECCV.

One software runs them all and publishes a year's talks and posters as one JSON
list at https://{host}/static/virtual/data/{conference}-{year}-orals-posters.json,
`{"count": n, "results": [event, …]}`, without a key. An institution is the one
of an author's profile at the time of the event.

Some lists leave abstracts out and keep them in a second file. A document is read
on its own, so entries of such a list have no summary.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, Field

from tracker.core import identity
from tracker.core.values import Author, Document, Entry, ItemKind, Page, Request, Window
from tracker.errors import ReadError
from tracker.sources import base

_LIST = re.compile(r"/([a-z0-9]+)-((?:19|20)\d\d)-[^/]*$", re.IGNORECASE)
_WHOLE = 0.9  # share of the declared events from which a list counts as whole
_REFUSED = re.compile(r"reject|withdr", re.IGNORECASE)
_PRESENTED = re.compile(r"\b(?:poster|oral|spotlight|highlight)", re.IGNORECASE)
# Groups and event types that share the list and are no papers of the conference.
_ELSEWHERE = re.compile(
    r"workshop|tutorial|competition|journal|[tj]mlr|blog|high_?school|social"
    r"|creative_ai|affinity|expo\b|session",
    re.IGNORECASE,
)


def _text(value: object) -> str:
    """Return a JSON string or number as one line, "" for anything else."""
    return base.one_line(str(value)) if type(value) in {str, int} else ""


def _plain(value: object) -> str:
    """Return a JSON text without entities and tags; TeX such as $a<b$ is no tag."""
    return base.tex_text(_text(value))


def _members(kept: type) -> Callable[[object], list[object]]:
    """Return what turns a JSON value into the list of its members of one type."""
    return lambda value: (
        [member for member in value if isinstance(member, kept)]
        if isinstance(value, list)
        else []
    )


# Every field of a list has been seen empty, null or absent: nothing is required,
# and a value of a wrong type counts as absent.
_Text = Annotated[str, BeforeValidator(_text)]
_Plain = Annotated[str, BeforeValidator(_plain)]
_OBJECTS = BeforeValidator(_members(dict))


class _Person(BaseModel):
    fullname: _Plain = ""
    institution: _Plain = ""


class _Medium(BaseModel):
    uri: _Text = ""


class _Event(BaseModel):
    """A poster, talk or session as the list states it."""

    id: _Text = ""
    uid: _Text = ""
    name: _Plain = ""
    authors: Annotated[tuple[_Person, ...], _OBJECTS] = ()
    abstract: _Plain = ""
    topic: _Plain = ""
    keywords: Annotated[tuple[_Plain, ...], BeforeValidator(_members(str))] = ()
    decision: _Text = ""
    eventtype: _Text = ""
    visible: Annotated[bool, BeforeValidator(lambda value: value is not False)] = True
    virtualsite_url: _Text = ""
    sourceurl: _Text = ""
    paper_url: _Text = ""
    paper_pdf_url: _Text = ""
    eventmedia: Annotated[tuple[_Medium, ...], _OBJECTS] = ()
    starttime: _Text = ""

    @property
    def is_paper(self) -> bool:
        """Whether it presents an accepted paper of the main conference."""
        presented = self.eventtype or self.decision
        return (
            bool(self.name)
            and self.visible
            and not _REFUSED.search(self.decision)
            and not _ELSEWHERE.search(f"{self.sourceurl} {self.eventtype}")
            and bool(_PRESENTED.search(presented) or _accepts(presented))
        )

    @property
    def start(self) -> datetime | None:
        """When it starts; a time without an offset counts as UTC."""
        try:
            moment = datetime.fromisoformat(self.starttime)
        except ValueError:
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Source(base.Source):
    """The accepted papers of a conference, one list a year.

    `host` serves the virtual site, `endpoint` replaces `https://{host}`. Without
    `years` the year that is asked about and the one before are read. `url` is the
    address of one list, instead of the addresses by rule.
    """

    every: ClassVar[timedelta] = timedelta(days=7)
    lookback: ClassVar[timedelta] = timedelta(days=365)

    conference: str = Field(pattern=r"^[a-z0-9]+$")
    host: str
    venue: str
    endpoint: str | None = None
    years: tuple[int, ...] = ()
    url: str | None = None

    @classmethod
    def at(cls, url: str) -> "Source":
        """Return a source that reads the list at `url`; its name gives the venue."""
        found = _LIST.search(urlsplit(url).path)
        name = found[1].lower() if found else "conference"
        host = urlsplit(url).hostname or ""
        venue = name.upper() if found else ""
        return cls(conference=name, host=host, venue=venue, url=url)

    def first(self, window: Window) -> tuple[Request, ...]:
        """Return a request for each year's list; one not yet published is missing."""
        if self.url:
            return (Request(self.url, accept="application/json"),)
        until = window.until.year
        site = (self.endpoint or f"https://{self.host}").rstrip("/")
        return tuple(
            Request(
                f"{site}/static/virtual/data/{self.conference}-{year}-orals-posters.json",
                accept="application/json",
                may_be_missing=True,
            )
            for year in self.years or (until, until - 1)
        )

    def read(self, document: Document) -> Page:
        """Return the papers of a list: a poster and a talk of one paper are one."""
        listed = base.json_of(document)
        results = listed.get("results") if isinstance(listed, dict) else None
        if not isinstance(results, list):
            raise ReadError(f"{document.url}: no list of results in the answer")
        events = (_Event.model_validate(one) for one in results if type(one) is dict)
        papers = _papers(event for event in events if event.is_paper)
        entries = tuple(self._entry(paper, document) for paper in papers)
        return Page(entries, shortfall=_shortfall(listed.get("count"), len(results)))

    def _entry(self, events: Sequence[_Event], document: Document) -> Entry:
        first = events[0]
        url = _address(first.virtualsite_url, document)
        links = _links(events, document)
        return Entry(
            guid=first.uid or first.id or first.name,
            title=first.name,
            kind=ItemKind.PAPER,
            url=url or next(iter(links), None),
            ids=_ids(links),
            links=links,
            authors=_authors(events),
            summary=next((e.abstract for e in events if e.abstract), ""),
            published=_published(events, document.fetched_at),
            categories=tuple(
                dict.fromkeys(filter(None, (first.topic, *first.keywords)))
            ),
            venue=f"{self.venue} {_year(document)}" if self.venue else None,
        )


def _shortfall(declared: object, carried: int) -> str:
    """Return what to say of a list that carries far fewer events than it declares."""
    if not isinstance(declared, int) or carried >= declared * _WHOLE:
        return ""
    return f"the list declares {declared} events and carries {carried}"


def _accepts(decision: str) -> bool:
    return decision.casefold().startswith("accept")


def _papers(events: Iterable[_Event]) -> list[list[_Event]]:
    """Return the events of each paper, its poster first: that one has the links.

    A paper's events share a `uid`; a talk without one is known by its title.
    """
    papers: list[list[_Event]] = []
    named: dict[str, list[_Event]] = {}
    for event in sorted(
        events, key=lambda event: "poster" not in event.eventtype.casefold()
    ):
        uid, title = f"uid {event.uid}", f"title {event.name.casefold()}"
        paper = named.get(uid if event.uid else title)
        if paper is None:
            paper = []
            papers.append(paper)
        paper.append(event)
        named.setdefault(title, paper)
        if event.uid:
            named[uid] = paper
    return papers


def _address(address: str, document: Document) -> str | None:
    """Return the absolute address; the list's are relative to its site."""
    return base.web_url(address, document.url) if address else None


def _links(events: Sequence[_Event], document: Document) -> tuple[str, ...]:
    """Return the addresses of the paper, and of media that are papers."""
    stated = [a for e in events for a in (e.paper_url, e.paper_pdf_url)]
    media = [medium.uri for e in events for medium in e.eventmedia]
    stated += [uri for uri in media if _is_paper(uri)]
    found = [_address(address, document) for address in stated]
    return tuple(dict.fromkeys(filter(None, found)))


def _is_paper(address: str) -> bool:
    key = identity.url_key(address)
    return key is not None and identity.scheme(key) != "url"


def _ids(links: Iterable[str]) -> tuple[str, ...]:
    """Return the keys that links to OpenReview, arXiv or a DOI stand for."""
    keys = [identity.url_key(link) for link in links if _is_paper(link)]
    return tuple(dict.fromkeys(filter(None, keys)))


def _authors(events: Sequence[_Event]) -> tuple[Author, ...]:
    people = next((event.authors for event in events if event.authors), ())
    return tuple(
        Author(person.fullname, tuple(filter(None, (person.institution,))))
        for person in people
        if person.fullname
    )


def _published(events: Sequence[_Event], now: datetime) -> datetime | None:
    """Return when the paper was first presented, if that is past already."""
    starts = [base.sensible(event.start, now) for event in events]
    return min((start for start in starts if start and start <= now), default=None)


def _year(document: Document) -> int:
    found = _LIST.search(urlsplit(document.requested).path)
    return int(found[2]) if found else document.fetched_at.year
