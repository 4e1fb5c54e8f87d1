"""arXiv: preprints by its query API, its daily announcements, or its OAI-PMH.

One kind for three interfaces: their papers are the same, and what one of them lacks
is asked of another. A document is known by its root element.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar, Literal, Self
from urllib.parse import parse_qsl, urlsplit, urlunsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from pydantic import Field, StringConstraints, field_validator, model_validator

from tracker.core.values import Document, Page, Request, Window
from tracker.errors import ReadError
from tracker.sources import base
from tracker.sources.arxiv import announcements, api, harvest
from tracker.sources.arxiv.paper import CATEGORY

_Category = Annotated[str, StringConstraints(pattern=rf"^{CATEGORY}$")]
# A quote would end the phrase it stands in, a backslash escape what follows.
_Phrase = Annotated[
    str, StringConstraints(pattern=r'^[^"\\\x00-\x1f]+$', max_length=200)
]

# A paper is announced, and found, up to five days after its submission: over a long
# weekend (info.arxiv.org/help/availability.html). The windows overlap by as much.
_UNANNOUNCED = timedelta(days=5)
_API, _QUERY = "https://export.arxiv.org", "/api/query"
_HOSTS = {"/atom": "https://rss.arxiv.org", "/oai": "https://oaipmh.arxiv.org"}
_LISTED = re.compile(rf"/(list|rss|atom)/({CATEGORY}(?:\+{CATEGORY})*)(?:/|$)")
_ATOM = "{http://www.w3.org/2005/Atom}feed"
_OAI = "{http://www.openarchives.org/OAI/2.0/}OAI-PMH"


class Source(base.Source):
    """The papers on arXiv that match all of what is given.

    `categories`, `words` (phrases in title or abstract) and `authors` each match
    when one of their members does; `query` is a search_query in the API's own
    syntax instead of them. `via` "rss" reads the day's announcements as well, and
    "oai" whatever changed; both by `categories` alone.
    """

    every: ClassVar[timedelta] = timedelta(days=1)
    lookback: ClassVar[timedelta] = timedelta(days=7)
    restates: ClassVar[bool] = True

    categories: tuple[_Category, ...] = ()
    words: tuple[_Phrase, ...] = ()
    authors: tuple[_Phrase, ...] = ()
    query: str | None = Field(default=None, min_length=1, max_length=4_000)
    via: Literal["api", "rss", "oai"] = "api"
    endpoint: str = f"{_API}{_QUERY}"
    page_size: int = Field(default=500, ge=1, le=api.MOST_OF_A_PAGE)

    @field_validator("endpoint")
    @classmethod
    def _is_address(cls, endpoint: str) -> str:
        if base.web_url(endpoint) is None or set("?#{}") & set(endpoint):
            raise ValueError("must be an http(s) address without a query")
        bare = not urlsplit(endpoint).path.strip("/")
        return f"{endpoint.rstrip('/')}{_QUERY}" if bare else endpoint

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        parts = (self.categories, self.words, self.authors)
        if not any(parts) and self.query is None:
            raise ValueError("needs categories, words, authors or query")
        if any(parts) and self.query is not None:
            raise ValueError("query replaces categories, words and authors")
        chosen = self.words or self.authors or self.query
        if self.via != "api" and (chosen or not self.categories):
            raise ValueError(f"via {self.via!r} needs categories and nothing else")
        return self

    @classmethod
    def at(cls, url: str) -> Self:
        """Return a source for an address of the API, of announcements or of a list.

        Any other address gives all of computer science.
        """
        parts = urlsplit(url)
        asked = dict(parse_qsl(parts.query)).get("search_query")
        if asked:
            return cls(query=asked, endpoint=urlunsplit((*parts[:3], "", "")))
        listed = _LISTED.match(parts.path)
        if not listed:
            return cls(categories=("cs.*",))
        via: Literal["api", "rss"] = "api" if listed[1] == "list" else "rss"
        return cls(categories=tuple(listed[2].split("+")), via=via)

    def first(self, window: Window) -> tuple[Request, ...]:
        """Return the request that starts the reading of `window`."""
        if self.via == "oai":
            return harvest.first(self._address("/oai"), self._sets(), window)
        if self.via == "api":
            return (self._search(window),)
        noted = f"{api.minute(window.since)}-{api.minute(window.until)}"
        address = self._address("/atom")
        return (announcements.request(address, self.categories, noted),)

    def read(self, document: Document) -> Page:
        """Return a document's papers, and the requests for what follows them.

        Raises ReadError also for arXiv's own errors.
        """
        base.refuse_page(document, "arXiv's XML")
        root = _root(document)
        if root.tag == _OAI:
            return harvest.read(root, document, self._sets())
        if announcements.is_batch(root):
            return self._announced(root, document)
        if root.tag != _ATOM:
            raise ReadError(f"{document.url}: {root.tag!r:.100} instead of arXiv's XML")
        return api.read(root, document)

    def _announced(self, root: Element, document: Document) -> Page:
        """Return the papers announced first; the API tells of them and the others."""
        entries, known, batch = announcements.read(root, document)
        window = _window(urlsplit(document.requested).fragment)
        if window is None:
            return Page(entries)
        others = api.listed(self.endpoint, known)
        return Page(entries, (self._search(window, str(batch or "")), *others))

    def _search(self, window: Window, batch: str = "") -> Request:
        """Return the request for what was submitted in `window`.

        The window is stretched backwards over what was not yet announced then.
        """
        wanted = [
            [f"cat:{name}" for name in self.categories],
            [f'{field}:"{word}"' for word in self.words for field in ("ti", "abs")],
            [f'au:"{name}"' for name in self.authors],
            [self.query] if self.query else [],
        ]
        since = api.minute(window.since - _UNANNOUNCED)
        all_of = [f"({' OR '.join(one_of)})" for one_of in wanted if one_of]
        dated = f"submittedDate:[{since} TO {api.minute(window.until)}]"
        asked = " AND ".join([*all_of, dated])
        return api.search(self.endpoint, asked, self.page_size, batch)

    def _address(self, path: str) -> str:
        """Return where another interface is: beside the API, if that is elsewhere."""
        place = self.endpoint.removesuffix(_QUERY)
        return f"{_HOSTS[path] if place == _API else place}{path}"

    def _sets(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(map(harvest.set_of, self.categories)))


def _root(document: Document) -> Element:
    """Return the root of a document, which must be whole: a cut one loses papers."""
    try:
        return ElementTree.fromstring(document.body)  # noqa: S314 - expat bounds entities
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise ReadError(f"{document.url}: broken XML: {error}") from error


def _window(noted: str) -> Window | None:
    """Return the window that a fragment notes, None without one."""
    if not re.fullmatch(r"\d{12}-\d{12}", noted):
        return None
    since, until = (
        datetime.strptime(text, "%Y%m%d%H%M").replace(tzinfo=UTC)
        for text in noted.split("-")
    )
    return Window(since, until)
