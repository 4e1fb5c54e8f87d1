"""arXiv's query API: preprints by category, word or author, newest first.

The `arxiv` package writes the addresses and reads the entries; fetching is left to
the caller, whose pace and checks that package lacks. The format and the limits:
info.arxiv.org/help/api/user-manual.html.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, ClassVar, Self
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from pydantic import Field, StringConstraints, field_validator, model_validator

from tracker.core import identity
from tracker.core.values import Author, Document, Entry, ItemKind, Page, Request, Window
from tracker.errors import ReadError
from tracker.sources import base
from tracker.sources.arxiv.venue import accepted_venue

if TYPE_CHECKING:
    from arxiv import Result  # type: ignore[import-untyped]  # it has no py.typed

_CATEGORY = r"[a-z][a-z-]*(?:\.(?:[A-Za-z-]+|\*))?"
_Category = Annotated[str, StringConstraints(pattern=rf"^{_CATEGORY}$")]
# A quote would end the phrase it stands in, a backslash escape what follows.
_Phrase = Annotated[
    str, StringConstraints(pattern=r'^[^"\\\x00-\x1f]+$', max_length=200)
]

# A paper is announced, and found, up to five days after its submission: over a long
# weekend (info.arxiv.org/help/availability.html). The windows overlap by as much.
_UNANNOUNCED = timedelta(days=5)
_MOST_OF_A_QUERY = 30_000  # the API refuses to go further
_MOST_OF_A_PAGE = 2_000

_ID = re.compile(r"(\S+?)(?:v(\d{1,4}))?")
# "withdrawn from <some conference>" is no withdrawal from arXiv.
_WITHDRAWN = re.compile(r"\bwithdrawn\b(?! from(?! arxiv))", re.IGNORECASE)

_ATOM = "{http://www.w3.org/2005/Atom}"
_OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


class Source(base.Source):
    """The papers on arXiv that match all of what is given.

    `categories`, `words` (phrases in title or abstract) and `authors` each match
    when one of their members does; `query` is a search_query in the API's own
    syntax instead of them. The newest `most` papers of a window are read, in pages
    of `page_size`.
    """

    every: ClassVar[timedelta] = timedelta(days=1)
    lookback: ClassVar[timedelta] = timedelta(days=7)

    categories: tuple[_Category, ...] = ()
    words: tuple[_Phrase, ...] = ()
    authors: tuple[_Phrase, ...] = ()
    query: str | None = Field(default=None, min_length=1, max_length=4_000)
    endpoint: str = "https://export.arxiv.org/api/query"
    page_size: int = Field(default=500, ge=1, le=_MOST_OF_A_PAGE)
    most: int = Field(default=5_000, ge=1, le=_MOST_OF_A_QUERY)

    @field_validator("endpoint")
    @classmethod
    def _is_address(cls, endpoint: str) -> str:
        if base.web_url(endpoint) is None or set("?#{}") & set(endpoint):
            raise ValueError("must be an http(s) address without a query")
        return endpoint

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        parts = (self.categories, self.words, self.authors)
        if not any(parts) and self.query is None:
            raise ValueError("needs categories, words, authors or query")
        if any(parts) and self.query is not None:
            raise ValueError("query replaces categories, words and authors")
        return self

    @classmethod
    def at(cls, url: str) -> Self:
        """Return a source for an API address or a listing such as /list/cs.IR/recent.

        Any other address gives all of computer science.
        """
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query)).get("search_query")
        if query:
            return cls(query=query, endpoint=urlunsplit((*parts[:3], "", "")))
        listed = re.match(rf"/(?:list|rss|atom)/({_CATEGORY})(?:/|$)", parts.path)
        return cls(categories=(listed[1] if listed else "cs.*",))

    def first(self, window: Window) -> tuple[Request, ...]:
        """Return the request for the first page of what was submitted in `window`.

        The window is stretched backwards over what was not yet announced then.
        """
        import arxiv  # 220 ms

        search = arxiv.Search(
            query=self._search_query(window),
            sort_by=arxiv.SortCriterion.SubmittedDate,
            sort_order=arxiv.SortOrder.Descending,
        )
        client = arxiv.Client(page_size=self.page_size)
        client.query_url_format = f"{self.endpoint}?{{}}"
        return (_request(client._format_url(search, 0, self.page_size)),)

    def _search_query(self, window: Window) -> str:
        wanted = [
            [f"cat:{name}" for name in self.categories],
            [f'{field}:"{word}"' for word in self.words for field in ("ti", "abs")],
            [f'au:"{name}"' for name in self.authors],
            [self.query] if self.query else [],
        ]
        since, until = _minute(window.since - _UNANNOUNCED), _minute(window.until)
        all_of = [f"({' OR '.join(one_of)})" for one_of in wanted if one_of]
        return " AND ".join([*all_of, f"submittedDate:[{since} TO {until}]"])

    def read(self, document: Document) -> Page:
        """Return a page's papers, and the request for the next page if there is one.

        Raises ReadError also for the API's own errors, and for a page without
        entries before the last: the API gives such under load.
        """
        base.refuse_page(document, "arXiv's Atom")
        feed = _feed(document)
        sent = feed.findall(f"{_ATOM}entry")
        _refuse_error(sent, document)
        total, start = _number(feed, "totalResults"), _number(feed, "startIndex")
        if total is None or start is None:
            raise ReadError(f"{document.url}: not an answer of arXiv's query API")
        if not sent and start < total:
            raise ReadError(
                f"{document.url}: no entries from {start} on though {total} match"
            )
        entries = tuple(
            entry
            for element in sent
            for entry in _entries(element, document.fetched_at)
        )
        if sent and not entries:
            raise ReadError(f"{document.url}: no entry has an arXiv id and its dates")
        return Page(entries, self._next(document, start + len(sent), total))

    def _next(self, document: Document, start: int, total: int) -> tuple[Request, ...]:
        """Return the request for the page at `start`, in what was asked before."""
        if start >= min(total, self.most):
            return ()
        parts = urlsplit(document.requested)
        asked = dict(parse_qsl(parts.query, keep_blank_values=True))
        query = urlencode(asked | {"start": str(start)})
        return (_request(urlunsplit(parts._replace(query=query))),)


def _request(url: str) -> Request:
    return Request(url, accept="application/atom+xml")


def _minute(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M")


def _feed(document: Document) -> Element:
    """Return the Atom feed, which must be whole: a cut page would lose papers."""
    try:
        feed = ElementTree.fromstring(document.body)  # noqa: S314 - expat bounds entities
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise ReadError(f"{document.url}: broken Atom: {error}") from error
    if feed.tag != f"{_ATOM}feed":
        raise ReadError(f"{document.url}: {feed.tag!r:.100} instead of arXiv's Atom")
    return feed


def _number(feed: Element, name: str) -> int | None:
    """Return the count that an OpenSearch element of the feed states."""
    text = (feed.findtext(f"{_OPENSEARCH}{name}") or "").strip()
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def _refuse_error(sent: list[Element], document: Document) -> None:
    """Raise what the API says in an entry of its own."""
    for element in sent:
        if "/api/errors" in (element.findtext(f"{_ATOM}id") or ""):
            said = base.one_line(element.findtext(f"{_ATOM}summary") or "no reason")
            raise ReadError(f"{document.url}: arXiv says: {said[:200]}")


def _entries(element: Element, now: datetime) -> list[Entry]:
    """Return the paper in an <entry>, none if it lacks an id or a date."""
    from arxiv import _feed as package

    try:
        result = package._build_result(element)
    except (OverflowError, ValueError):  # a date that is none
        return []
    entry = _entry(result, now) if result else None
    return [entry] if entry else []


def _entry(result: "Result", now: datetime) -> Entry | None:
    found = _ID.fullmatch(result.get_short_id().strip())
    key = identity.arxiv(found[1]) if found else None
    if not found or not key:
        return None
    comment = base.one_line(result.comment or "") or None
    doi = identity.doi(result.doi or "")
    return Entry(
        guid=key,
        title=base.one_line(result.title),
        kind=ItemKind.PAPER,
        url=f"https://arxiv.org/abs/{found[1]}",
        ids=tuple(dict.fromkeys(name for name in (key, doi) if name)),
        authors=_authors(result),
        summary=base.one_line(result.summary),
        published=base.sensible(result.published, now),
        updated=base.sensible(result.updated, now),
        categories=_categories(result),
        venue=accepted_venue(comment or "") or accepted_venue(result.journal_ref or ""),
        comment=comment,
        version=int(found[2]) if found[2] else None,
        withdrawn=result.pdf_url is None or bool(_WITHDRAWN.search(comment or "")),
    )


def _authors(result: "Result") -> tuple[Author, ...]:
    found = (
        Author(
            base.one_line(author.name),
            tuple(name for text in author.affiliation if (name := base.one_line(text))),
        )
        for author in result.authors
    )
    return tuple(author for author in found if author.name)


def _categories(result: "Result") -> tuple[str, ...]:
    """Return arXiv's own categories, the primary one first; no ACM or MSC classes."""
    names = dict.fromkeys([result.primary_category, *result.categories])
    return tuple(name for name in names if re.fullmatch(_CATEGORY, name))
