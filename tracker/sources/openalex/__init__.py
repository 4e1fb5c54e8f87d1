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
from datetime import timedelta
from typing import ClassVar, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from pydantic import Field, SecretStr, model_validator

from tracker.core.text import normal
from tracker.core.values import Document, Page, Request, Window
from tracker.errors import RateLimited, ReadError
from tracker.sources import base
from tracker.sources.openalex import places, works

_SPENT = re.compile(r"budget|credit|rate ?limit|too many", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9})?", re.ASCII)


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
            ids = places.ids(name, answer["results"], document.url)
            following = self._ask(_known(document) | {path: ids})
            return Page((), (following,), facts={_fact(path, name): ids})
        listed = base.mappings(answer["results"])
        entries = tuple(works.entries(listed, self.venue, document.fetched_at))
        refused = f"none of {len(listed)} works has a title and a name"
        return Page(
            entries,
            tuple(self._next(document, answer)),
            shortfall=refused if listed and not entries else "",
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
            "select": works.FIELDS,
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


def _until_renewed(document: Document) -> float | None:
    """Return the seconds until the budget is renewed, at most a day."""
    text = document.headers.get("x-ratelimit-reset", "").strip()
    return min(float(text), 86_400.0) if _NUMBER.fullmatch(text) else None
