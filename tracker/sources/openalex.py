"""OpenAlex: the works of an institution, or of a venue.

GET /works answers `{"meta": {"next_cursor"}, "results": [work, …]}`. Institutions
and venues have ids there; where only a name is configured, it is looked up at the
first visit, which costs as much as ten pages of works, and its ids are remembered.
Names and fields: developers.openalex.org.

A day's requests are paid from a small budget, $0.10 without a key. What is left is
stated in headers, which `fetch` watches: when nothing is, the host is left alone until
the budget is renewed, and the source is rate-limited.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar, Self
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from pydantic import BaseModel, BeforeValidator, Field, SecretStr, model_validator

from tracker.core import identity
from tracker.core.text import normal
from tracker.core.values import Author, Document, Entry, ItemKind, Page, Request, Window
from tracker.errors import RateLimited, ReadError
from tracker.sources import base

_FIELDS = (
    "id,doi,display_name,publication_date,primary_location,locations,authorships"
    ",abstract_inverted_index,is_retracted"
)
_ID = re.compile(r"(?:https://openalex\.org/)?([ISW]\d{1,15})", re.ASCII)
# "Pinterest (United States)": a company's branches are named after their countries.
_BRANCH = re.compile(r" \([^()]{1,60}\)$")
_SPENT = re.compile(r"budget|credit|rate ?limit|too many", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9})?", re.ASCII)
_LONGEST_ABSTRACT = 20_000  # characters
_MOST_IDS = 20


def _flag(value: object) -> bool:
    return value is True


class _Affiliation(BaseModel):
    display_name: base.Text = ""


class _Institution(_Affiliation):
    ror: base.Text = ""
    type: base.Text = ""


class _Authorship(BaseModel):
    author: Annotated[_Affiliation, base.MAPPING] = _Affiliation()
    raw_affiliation_strings: base.Texts = ()
    institutions: Annotated[tuple[_Institution, ...], base.MAPPINGS] = ()


class _Place(BaseModel):
    """An institution or a venue."""

    id: base.Text = ""
    display_name: base.Text = ""
    abbreviated_title: base.Text = ""
    alternate_titles: base.Texts = ()
    display_name_alternatives: base.Texts = ()
    display_name_acronyms: base.Texts = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All that it is called, without the country of a branch."""
        return (
            _BRANCH.sub("", self.display_name),
            self.abbreviated_title,
            *self.alternate_titles,
            *self.display_name_alternatives,
            *self.display_name_acronyms,
        )


class _Location(BaseModel):
    landing_page_url: base.Text = ""
    pdf_url: base.Text = ""


class _Work(BaseModel):
    id: base.Text = ""
    doi: base.Text = ""
    display_name: base.Text = ""
    publication_date: base.Text = ""
    primary_location: Annotated[_Location, base.MAPPING] = _Location()
    locations: Annotated[tuple[_Location, ...], base.MAPPINGS] = ()
    authorships: Annotated[tuple[_Authorship, ...], base.MAPPINGS] = ()
    abstract_inverted_index: Annotated[dict[str, object], base.MAPPING] = Field(
        default_factory=dict
    )
    is_retracted: Annotated[bool, BeforeValidator(_flag)] = False


class Source(base.Source):
    """The works of an institution, of a venue, or of the one at the other.

    `institution_id` ("I1234") and `venue_id` ("S1234") are ids of OpenAlex; without
    them `institution` and `venue` are looked up by name, once: again when the name
    changes, or the ids are no longer there. Works of a venue carry its name and their
    year. `rows` is the size of a page. `endpoint` replaces the API, `url` is the
    address of one answer instead of the query. The token is a free key.
    """

    every: ClassVar[timedelta] = timedelta(days=7)
    lookback: ClassVar[timedelta] = timedelta(days=365)
    # Works come in weeks after the day they were published.
    overlap: ClassVar[timedelta] = timedelta(days=90)

    institution: str | None = Field(default=None, min_length=2, max_length=200)
    institution_id: str | None = Field(default=None, pattern=r"^I[0-9]{1,15}$")
    venue: str | None = Field(default=None, min_length=2, max_length=200)
    venue_id: str | None = Field(default=None, pattern=r"^S[0-9]{1,15}$")
    rows: int = Field(default=100, ge=1, le=100)
    endpoint: str = "https://api.openalex.org"
    url: str | None = None
    token: SecretStr | None = None

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        places = (self.institution, self.institution_id, self.venue, self.venue_id)
        if not any(places) and self.url is None:
            raise ValueError("needs an institution or a venue")
        return self

    @classmethod
    def at(cls, url: str) -> "Source":
        """Return a source that reads the one answer at `url`."""
        return cls(url=url)

    def first(self, window: Window) -> tuple[Request, ...]:
        """Return the look-up of a name that has no id, or the query for works."""
        if self.url:
            return (self._request(self.url),)
        known = {"since": f"{window.since:%Y-%m-%d}"}
        known |= {"institutions": self.institution_id} if self.institution_id else {}
        known |= {"sources": self.venue_id} if self.venue_id else {}
        learned = {
            path: ids
            for path, name in self._names()
            if path not in known and (ids := window.facts.get(_fact(path, name)))
        }
        request = self._ask(known | learned)
        return (_provisional(request, known) if learned else request,)

    def absent(self, document: Document) -> tuple[Request, ...]:
        """Return the look-up of names whose remembered ids are no longer there."""
        return (self._ask(_known(document)),)

    def read(self, document: Document) -> Page:
        """Return an answer's works and the request for the next page.

        Of a look-up it returns the ids found, and the request they make possible.
        """
        answer = _answer(document)
        path = urlsplit(document.requested).path.rpartition("/")[2]
        if name := dict(self._names()).get(path):
            ids = _ids_of(name, answer["results"], document)
            following = self._ask(_known(document) | {path: ids})
            return Page((), (following,), facts={_fact(path, name): ids})
        works = list(map(_Work.model_validate, base.mappings(answer["results"])))
        found = (self._entry(work, document) for work in works)
        entries = tuple(entry for entry in found if entry)
        refused = f"none of {len(works)} works has a title and a name"
        return Page(
            entries,
            tuple(self._next(document, answer)),
            shortfall=refused if works and not entries else "",
        )

    def _names(self) -> Iterator[tuple[str, str]]:
        """Yield the names to look up, each with the path of its look-up."""
        if self.institution and not self.institution_id:
            yield "institutions", self.institution
        if self.venue and not self.venue_id:
            yield "sources", self.venue

    def _ask(self, known: Mapping[str, str]) -> Request:
        """Return the next look-up, or the query for works; `known` is what we know.

        It is kept in the address's fragment, which no server sees.
        """
        for path, name in self._names():
            if path not in known:
                query = urlencode({"search": name, "per_page": "25"})
                return self._request(self._url(path, query) + f"#{urlencode(known)}")
        filters = {
            "authorships.institutions.lineage": known.get("institutions"),
            "primary_location.source.id": known.get("sources"),
            "from_publication_date": known["since"],
            "type": "article|preprint",
        }
        stated = ",".join(f"{name}:{value}" for name, value in filters.items() if value)
        asked = {
            "filter": stated,
            "select": _FIELDS,
            "per_page": str(self.rows),
            "cursor": "*",
        }
        return self._request(self._url("works", urlencode(asked)))

    def _url(self, path: str, query: str) -> str:
        return f"{self.endpoint.rstrip('/')}/{path}?{query}"

    def _request(self, url: str) -> Request:
        token = self.token.get_secret_value() if self.token else None
        return Request(url, accept="application/json", token=token)

    def _next(self, document: Document, answer: dict[str, object]) -> Iterator[Request]:
        """Yield the request for the next page, unless this one is the last."""
        parts = urlsplit(document.requested)
        asked = dict(parse_qsl(parts.query))
        stated = base.mapping(answer.get("meta")).get("next_cursor")
        cursor = base.one_line(base.text(stated))
        if cursor and "cursor" in asked and answer["results"]:
            query = urlencode(asked | {"cursor": cursor})
            yield self._request(parts._replace(query=query).geturl())

    def _entry(self, work: _Work, document: Document) -> Entry | None:
        """Return a work as an entry, or None when it has no title or no name."""
        title, number = base.tex_text(work.display_name), _ID.fullmatch(work.id)
        doi = identity.doi(work.doi)
        name = number[1] if number else doi
        if not title or not name:
            return None
        links = tuple(_links(work))
        return Entry(
            guid=name,
            title=title,
            kind=ItemKind.PAPER,
            url=base.web_url(quote(base.one_line(work.doi), safe="/:;()"))
            or next(iter(links), None),
            ids=_ids(doi, links),
            links=links,
            authors=tuple(_authors(work.authorships)),
            summary=_abstract(work.abstract_inverted_index),
            published=_published(work, document.fetched_at),
            venue=self._venue(work),
            withdrawn=work.is_retracted,
        )

    def _venue(self, work: _Work) -> str | None:
        year = re.match(r"(?a:(?:19|20)\d\d)", work.publication_date)
        return f"{self.venue} {year[0]}" if self.venue and year else None


def _fact(path: str, name: str) -> str:
    """Return under which name the ids of a looked-up name are remembered."""
    return f"{path} called {normal(name)}"


def _known(document: Document) -> dict[str, str]:
    """Return what was known when `document` was asked for."""
    return dict(parse_qsl(urlsplit(document.requested).fragment))


def _provisional(request: Request, known: Mapping[str, str]) -> Request:
    """Return a request that rests on remembered ids; without them `known` is left."""
    url = f"{request.url.partition('#')[0]}#{urlencode(known)}"
    return replace(request, url=url, may_be_missing=True)


def _answer(document: Document) -> dict[str, object]:
    """Return the answer, in which "results" is a list; raise what it refuses with."""
    answer = base.mapping(base.json_of(document))
    if isinstance(answer.get("results"), list):
        return answer
    stated = (base.text(answer.get(name)) for name in ("error", "message"))
    said = base.one_line(" ".join(stated))[:200] or "another answer"
    if _SPENT.search(said):
        raise RateLimited(f"{document.url}: {said}", _until_renewed(document))
    raise ReadError(f"{document.url}: no results, but: {said}")


def _ids_of(name: str, found: object, document: Document) -> str:
    """Return the ids, "I1|I2", of the places that are called `name`.

    Raises ReadError, which names what there is, when none is.
    """
    places = [_Place.model_validate(one) for one in base.mappings(found)]
    sound = [(place, one[1]) for place in places if (one := _ID.fullmatch(place.id))]
    called = [
        number for place, number in sound if normal(name) in map(normal, place.names)
    ]
    if not called:
        others = ", ".join(
            f"{base.one_line(place.display_name)[:60]} ({number})"
            for place, number in sound[:5]
        )
        raise ReadError(f"{document.url}: none is called {name!r}; found: {others}")
    return "|".join(called[:_MOST_IDS])


def _until_renewed(document: Document) -> float | None:
    """Return the seconds until the budget is renewed, at most a day."""
    text = document.headers.get("x-ratelimit-reset", "").strip()
    return min(float(text), 86_400.0) if _NUMBER.fullmatch(text) else None


def _links(work: _Work) -> Iterator[str]:
    places = (work.primary_location, *work.locations)
    stated = [url for one in places for url in (one.landing_page_url, one.pdf_url)]
    for url in dict.fromkeys(filter(None, stated)):
        if link := base.web_url(url):
            yield link


def _ids(doi: str | None, links: tuple[str, ...]) -> tuple[str, ...]:
    """Return the keys of the work: its DOI, and those its addresses stand for."""
    keys = [doi, *map(identity.url_key, links)]
    known = (key for key in keys if key and identity.scheme(key) != "url")
    return tuple(dict.fromkeys(known))


def _authors(authorships: tuple[_Authorship, ...]) -> Iterator[Author]:
    """Yield the authors; an affiliation as printed says more than its institution.

    But that it is a company, and which, an address alone may not say.
    """
    for one in authorships:
        named = [place.display_name for place in one.institutions]
        firms = [
            f"{place.display_name}, {place.ror}"
            for place in one.institutions
            if place.type == "company" and place.ror
        ]
        stated = map(base.plain_text, (*(one.raw_affiliation_strings or named), *firms))
        if name := base.plain_text(one.author.display_name):
            yield Author(name, tuple(dict.fromkeys(filter(None, stated))))


def _abstract(index: dict[str, object]) -> str:
    """Return the text of an inverted index, {"Despite": [0], "growing": [1]}.

    It is cut at 20,000 characters: a word may be long, and state many places.
    """
    places = sorted(
        (place, word)
        for word, where in index.items()
        if isinstance(where, list)
        for place in where
        if type(place) is int
    )
    words: list[str] = []
    length = 0
    for _, word in places:
        length += len(word) + 1
        if length > _LONGEST_ABSTRACT:
            break
        words.append(word)
    return base.tex_text(" ".join(words))


def _published(work: _Work, now: datetime) -> datetime | None:
    """Return the day of publication; one that is still to come is none."""
    try:
        day = datetime.fromisoformat(work.publication_date[:10]).replace(tzinfo=UTC)
    except ValueError:
        return None
    return base.sensible(day, now) if day <= now else None
