"""The query API: requests for a window or for some papers, and what they answer.

A window is read from its oldest paper on, so that what a run leaves, or breaks off
at, is where the next one goes on. The `arxiv` package writes the addresses and reads
the entries; fetching is left to the caller, whose pace and checks it lacks.
info.arxiv.org/help/api/user-manual.html
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from xml.etree.ElementTree import Element

from tracker.core import identity
from tracker.core.values import Author, Document, Entry, ItemKind, Page, Request
from tracker.errors import ReadError
from tracker.sources import base
from tracker.sources.arxiv import paper
from tracker.sources.arxiv.announcements import Batch

if TYPE_CHECKING:
    from arxiv import Result  # type: ignore[import-untyped]  # it has no py.typed

MOST_OF_A_QUERY = 30_000  # the API refuses to go further
MOST_OF_A_PAGE = 2_000

_LISTED = 200  # ids in one address: 3 KB
_ATOM = "{http://www.w3.org/2005/Atom}"
_OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def search(address: str, query: str, size: int, batch: str = "") -> Request:
    """Return the request for the first page of `size` papers that match `query`.

    `batch` is an announcement written down, which the answers are compared with.
    """
    import arxiv  # 220 ms

    wanted = arxiv.Search(
        query=query,
        sort_by=arxiv.SortCriterion.SubmittedDate,
        sort_order=arxiv.SortOrder.Ascending,
    )
    client = arxiv.Client(page_size=size)
    client.query_url_format = f"{address}?{{}}"
    return _request(client._format_url(wanted, 0, size) + (batch and f"#{batch}"))


def listed(address: str, keys: Sequence[str]) -> tuple[Request, ...]:
    """Return the requests for the papers that have `keys`."""
    names = [key.removeprefix("arxiv:") for key in keys]
    parts = [names[i : i + _LISTED] for i in range(0, len(names), _LISTED)]
    asked = (
        {"id_list": ",".join(part), "start": 0, "max_results": len(part)}
        for part in parts
    )
    return tuple(_request(f"{address}?{urlencode(one)}") for one in asked)


def minute(moment: datetime) -> str:
    """Return a moment as the API's queries write it, in UTC."""
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M")


def read(feed: Element, document: Document) -> Page:
    """Return a page's papers, and the request for the next page if there is one.

    Raises ReadError also for the API's own errors, and for a page without entries
    before the last: the API gives such under load.
    """
    sent = feed.findall(f"{_ATOM}entry")
    _refuse_error(sent, document)
    total, start = _number(feed, "totalResults"), _number(feed, "startIndex")
    if total is None or start is None:
        raise ReadError(f"{document.url}: not an answer of arXiv's query API")
    if not sent and start < total:
        raise ReadError(
            f"{document.url}: no entries from {start} on though {total} match"
        )
    entries = _entries(sent, document.fetched_at)
    if sent and not entries:
        raise ReadError(f"{document.url}: no entry has an arXiv id and its dates")
    end, reached = start + len(sent), _reached(entries, document)
    return Page(
        entries,
        _next(document, end, total),
        _left(end, total, reached) or _missing(entries, document),
        reached,
    )


def _next(document: Document, start: int, total: int) -> tuple[Request, ...]:
    """Return the request for the page at `start`, in what was asked before."""
    if start >= min(total, MOST_OF_A_QUERY):
        return ()
    parts = urlsplit(document.requested)
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    asked["start"] = str(start)
    size = asked.get("max_results", "")
    if size.isdecimal():
        asked["max_results"] = str(min(int(size), MOST_OF_A_QUERY - start))
    return (_request(urlunsplit(parts._replace(query=urlencode(asked)))),)


def _reached(entries: Sequence[Entry], document: Document) -> datetime | None:
    """Return up to when the papers of a window have been read."""
    if "submittedDate" not in urlsplit(document.requested).query:
        return None  # a list of ids
    dates = [entry.published for entry in entries if entry.published]
    return min(dates[-1], document.fetched_at) if dates else None


def _left(end: int, total: int, reached: datetime | None) -> str:
    if end < MOST_OF_A_QUERY or end >= total:
        return ""
    until = f", up to {reached:%Y-%m-%d}" if reached else ""
    return f"{end:,} of {total:,} papers read{until}; the others are read next time"


def _missing(entries: Iterable[Entry], document: Document) -> str:
    """Return what to say of a batch that lacks papers which arXiv has announced."""
    batch = Batch.written(urlsplit(document.requested).fragment)
    if batch is None:
        return ""
    late = [entry.guid for entry in entries if batch.lacks(entry)]
    if not late:
        return ""
    return (
        f"the announcements of {batch.day} end with {batch.newest} and lack"
        f" {paper.number(max(late))}: an older batch; read from the API instead"
    )


def _request(url: str) -> Request:
    return Request(url, accept="application/atom+xml")


def _number(feed: Element, name: str) -> int | None:
    """Return the count that an OpenSearch element of the feed states."""
    text = (feed.findtext(f"{_OPENSEARCH}{name}") or "").strip()
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def _refuse_error(sent: Iterable[Element], document: Document) -> None:
    """Raise what the API says in an entry of its own."""
    for element in sent:
        if "/api/errors" in (element.findtext(f"{_ATOM}id") or ""):
            said = paper.line(element, f"{_ATOM}summary") or "no reason"
            raise ReadError(f"{document.url}: arXiv says: {said[:200]}")


def _entries(sent: Iterable[Element], now: datetime) -> tuple[Entry, ...]:
    """Return the papers in <entry>s; one without an id, title or date is left out."""
    found = (_entry(element, now) for element in sent)
    return tuple(entry for entry in found if entry)


def _entry(element: Element, now: datetime) -> Entry | None:
    from arxiv import _feed as package

    try:
        result = package._build_result(element)
    except (OverflowError, ValueError):  # a date that is none
        return None
    name = paper.Name.of(result.get_short_id()) if result else None
    stated = _stated(result, name, now) if name else None
    return stated if stated and stated.title else None


def _stated(result: "Result", name: paper.Name, now: datetime) -> Entry:
    comment = base.one_line(result.comment or "") or None
    doi = identity.doi(result.doi or "")
    return Entry(
        guid=name.key,
        title=base.one_line(result.title),
        kind=ItemKind.PAPER,
        url=name.url,
        ids=(name.key, doi) if doi else (name.key,),
        authors=_authors(result),
        summary=base.one_line(result.summary),
        published=base.sensible(result.published, now),
        updated=base.sensible(result.updated, now),
        categories=paper.own([result.primary_category, *result.categories]),
        venue=paper.venue(comment, result.journal_ref),
        comment=comment,
        version=name.version,
        withdrawn=result.pdf_url is None or paper.says_withdrawn(comment),
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
