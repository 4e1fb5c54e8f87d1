"""Works of OpenAlex, as it lists them."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import quote

from pydantic import BaseModel, BeforeValidator, Field

from tracker.core import identity
from tracker.core.values import Author, Entry, ItemKind
from tracker.sources import base

FIELDS = (
    "id,doi,display_name,publication_date,primary_location,locations,authorships"
    ",abstract_inverted_index,is_retracted"
)
"""What is asked for of a work."""

_ID = re.compile(r"(?:https://openalex\.org/)?(W\d{1,15})", re.ASCII)
_LONGEST_ABSTRACT = 20_000  # characters


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


def entries(
    listed: Sequence[dict[str, object]], venue: str | None, now: datetime
) -> Iterator[Entry]:
    """Yield the works that have a title and a name; `venue` is that of them all."""
    for one in listed:
        if entry := _entry(_Work.model_validate(one), venue, now):
            yield entry


def _entry(work: _Work, venue: str | None, now: datetime) -> Entry | None:
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
        published=_published(work, now),
        venue=_venue(work, venue),
        withdrawn=work.is_retracted,
    )


def _venue(work: _Work, venue: str | None) -> str | None:
    year = re.match(r"(?a:(?:19|20)\d\d)", work.publication_date)
    return f"{venue} {year[0]}" if venue and year else None


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
