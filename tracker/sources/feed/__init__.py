"""Feeds of blogs and journals: RSS 0.9x to 2.0, RDF, Atom, CDF and JSON Feed.

`xml`, `sound` and `json_feed` return entries whose parts have feedparser's names; here
they become values. feedparser's sanitiser and its resolver of relative addresses are
off (slow, and one of them quadratic): nh3 does their work.
"""

import calendar
import hashlib
import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Self

from pydantic import field_validator

from tracker.core import identity
from tracker.core.values import Author, Document, Entry, ItemKind, Page, Request, Window
from tracker.errors import ReadError
from tracker.sources import base
from tracker.sources.feed import json_feed, wishes, xml

Raw = Mapping[str, Any]

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/rdf+xml;q=0.9,"
    " application/feed+json;q=0.9, application/xml;q=0.8, text/xml;q=0.8,"
    " application/json;q=0.7, */*;q=0.1"
)
_MOST_ENTRIES = 10_000
_MOST_LINKS = 20
_LONGEST_TITLE = 500
_LONGEST_SUMMARY = 2_000
# How much is read for a summary until it is found: tags can be many times the text.
_MARKUPS = (3_000, 12_000, 50_000)
_LONGEST_CONTENT = 200_000
_LONGEST_NAME = 200
_LONGEST_GUID = 1_000
_TITLE_OF_SUMMARY = 80

_HTML = frozenset({"text/html", "application/xhtml+xml"})
_TAG = re.compile(r"</?[a-z][^<>]*>?", re.IGNORECASE)
_NESTING = re.compile(  # what opens or closes an element; "/" when it closes
    r"<(/?)(?!(?:br|col|embed|hr|img|input|link|meta|source)\b)[a-z]", re.IGNORECASE
)
_DEEPEST = 512  # browsers' limit; nh3's time grows with the square
_FEW = 1_000  # tags, which do no harm however nested
_STRETCH = 4_096
# Text that is evidently markup though declared plain; prose about HTML is not.
_MARKED_UP = re.compile(
    r"</(?:a|b|i|p|em|strong|code|span|su[bp]|div|h\d|font|u|tt|li|ul|ol|pre|small|mark"
    r"|script|style|iframe)>"
    r"|<(?:br|hr) ?/?>|<img\s|&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,6}|#x[0-9a-f]{1,5}"
    r"|[mn]dash|hellip|[lr][sd]quo);",
    re.IGNORECASE,
)
_PAPER_SITES = "|".join(map(re.escape, sorted(identity.PAPER_SITES)))
_PAPER_LINK = re.compile(  # as nh3 writes links
    rf'href="(https?://(?i:(?:[\w-]+\.)?(?:{_PAPER_SITES}))/[^"\'\s<>]{{1,500}})'
)
# Names and texts of rss.arxiv.org, see info.arxiv.org/help/rss_specifications.html
_OAI = re.compile(r"oai:arXiv\.org:(\S+?)(?:v(\d+))?", re.IGNORECASE)
_ARXIV = re.compile(r"https?://(?:[\w-]+\.)*arxiv\.org/", re.IGNORECASE)
_ANNOUNCED = re.compile(r"\AarXiv:\S+ Announce Type: [\w-]+\s*(?:Abstract: ?)?")
_DOI = re.compile(r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?10\.\d", re.IGNORECASE)
_DOI_NAMES = ("prism_doi", "dc_identifier", "arxiv_doi", "citation_doi")
_LONG_YEAR = re.compile(r"\A\s*\d{5,}-")  # which feedparser takes for another
_SAID = ("title", "published", "published_parsed", "summary")
_BREAKS = re.compile(r"\s*[\r\n\t]+\s*")


class Source(base.Source):
    """A feed at an address: RSS, RDF, Atom or JSON Feed."""

    every: ClassVar[timedelta] = timedelta(minutes=15)
    is_catalogue: ClassVar[bool] = False

    url: str

    @field_validator("url")
    @classmethod
    def _is_address(cls, url: str) -> str:
        if base.web_url(url) is None:
            raise ValueError("must be an http(s) address")
        return url

    @classmethod
    def at(cls, url: str) -> Self:
        """Return the feed at `url`."""
        return cls(url=url)

    def first(self, window: Window) -> tuple[Request, ...]:
        """Return one request: a feed holds what it holds, whatever the window."""
        return (Request(self.url, accept=_ACCEPT),)

    def read(self, document: Document) -> Page:
        """Return the feed's entries; none when a sound feed has none.

        One that breaks off falls short by its end, and has the whole entries before
        it. Raises Blocked, RateLimited, or ReadError when it is no feed.
        """
        base.refuse_page(document, "a feed")
        raws, is_cut = _raws(document)
        if len(raws) > _MOST_ENTRIES:
            raise ReadError(f"{document.url}: over {_MOST_ENTRIES:,} entries")
        entries = tuple(entry for raw in raws for entry in _entries_of(raw, document))
        if raws and not entries:
            raise ReadError(f"{document.url}: its entries have no title, link or text")
        read = _unsigned(_told_apart(entries))
        shortfall = f"the document breaks off after {len(read)} entries" * is_cut
        return Page(read, shortfall=shortfall, hints=wishes.hints(document.body))


def _raws(document: Document) -> tuple[list[dict[str, Any]], bool]:
    """Return the entries, and whether the document breaks off after them."""
    opening = document.body[:1000].lstrip(b"\xef\xbb\xbf\t\r\n ")[:1]
    if opening != b"{":
        return xml.entries(document)
    feed = base.json_of(document)
    try:
        return json_feed.entries(feed), False
    except ReadError as error:
        raise ReadError(f"{document.url}: {error}") from error


def _dicts(value: object) -> list[Raw]:
    parts = value if isinstance(value, list) else []
    return [part for part in parts if isinstance(part, dict)]


def _text(value: object) -> str:
    return str(value) if isinstance(value, str | int) else ""


def _entries_of(raw: Raw, document: Document) -> Iterator[Entry]:
    """Yield the entry, unless it says nothing or its parts make no sense."""
    try:
        entry = _entry(raw, document)
    except (AttributeError, OverflowError, TypeError, ValueError):
        return  # one bad entry does not end a feed
    if entry.title:
        yield entry


def _entry(raw: Raw, document: Document) -> Entry:
    oai = _OAI.fullmatch(_text(raw.get("id")))
    raw = _announced(raw) if oai else raw
    url, content, now = _url(raw, document), _content(raw), document.fetched_at
    safe = base.safe_html(content[:_LONGEST_CONTENT], _base(raw, document))
    ids, title, summary = _ids(raw, url), _title(raw), _summary(raw, safe)
    updated = base.sensible(_moment(raw, "updated"), now)
    published = _moment(raw, "published") or _moment(raw, "created")
    return Entry(
        guid=_guid(raw, url),
        title=title or _cut(summary, _TITLE_OF_SUMMARY) or url or _name(raw),
        kind=ItemKind.PAPER if ids else ItemKind.POST,
        url=url,
        ids=ids,
        links=_links(raw, safe, url),
        authors=_authors(raw, oai=oai is not None),
        summary=summary,
        content=safe,
        # Many feeds state one date only, and RDF's is dc:date, an update.
        published=base.sensible(published, now) or updated,
        updated=updated,
        categories=_categories(raw),
        version=_version(oai, document),
    )


def _announced(raw: Raw) -> Raw:
    """Return an entry of arXiv's with its abstract as text: "$a<b$" opens no tag."""
    detail = raw.get("summary_detail") or {}
    return {**raw, "summary_detail": {**detail, "type": "text/plain"}}


def _version(oai: re.Match[str] | None, document: Document) -> int | None:
    """Return a paper's version; arXiv's word alone: a newer one changes the item."""
    stated = oai[2] if oai and _ARXIV.match(document.url) else None
    return int(stated) if stated else None


def _guid(raw: Raw, url: str | None) -> str:
    """Return the entry's own name, else its address, else a hash of what it says."""
    name = _name(raw) or url or ""
    if 0 < len(name) <= _LONGEST_GUID:
        return name
    said = [name] if name else [_text(raw.get(part)) for part in _SAID]
    return hashlib.sha256("\n".join(said).encode(errors="replace")).hexdigest()


def _name(raw: Raw) -> str:
    return base.one_line(_text(raw.get("id")))


def _told_apart(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return `entries`, so named that no two different ones bear one name.

    Where one guid names several addresses the address does; where one address bears
    several titles the title is added, but for the last entry: it is the oldest, and
    known by its bare name.
    """
    pages: dict[str, set[str | None]] = {}
    for entry in entries:
        pages.setdefault(entry.guid, set()).add(entry.url)
    titles: dict[str, str] = {}
    apart = []
    for entry in reversed(entries):
        shared = len(pages[entry.guid]) > 1
        name = entry.url if entry.url and shared else entry.guid
        if titles.setdefault(name, entry.title) != entry.title:
            name = f"{name} {entry.title}"
        apart.append(replace(entry, guid=name) if name != entry.guid else entry)
    return tuple(reversed(apart))


def _unsigned(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return `entries`, papers without the name that signs the feed.

    Who posts links to papers has not written them: taken for their author, they
    would keep the papers from being known by their title.
    """
    signed = Counter(entry.authors for entry in entries)
    return tuple(
        replace(entry, authors=())
        if entry.kind is ItemKind.PAPER and 1 < signed[entry.authors] > len(entries) / 2
        else entry
        for entry in entries
    )


def _url(raw: Raw, document: Document) -> str | None:
    found = (base.web_url(_joined(one), document.url) for one in _addresses(raw) if one)
    return next((url for url in found if url), None)


def _addresses(raw: Raw) -> Iterator[str]:
    """Yield what may be the entry's address, the likeliest first."""
    yield _text(raw.get("feedburner_origlink"))
    link, name = _text(raw.get("link")), _text(raw.get("id"))
    if link != name or not raw.get("guidislink"):  # as feedparser makes of any guid
        yield link
    for other in _dicts(raw.get("links")):
        if _rel(other) == "alternate":
            yield _text(other.get("href"))
    # Only an absolute guid is an address; links are resolved by now, or were relative.
    yield _permalink(name)


def _permalink(guid: str) -> str:
    return guid if guid.startswith(("http://", "https://")) else ""


def _joined(address: str) -> str:
    """Return `address` without line breaks, its spaces quoted."""
    return _BREAKS.sub("", address.strip()).replace(" ", "%20")


def _rel(link: Raw) -> str:
    return _text(link.get("rel"))


def _ids(raw: Raw, url: str | None) -> tuple[str, ...]:
    """Return the keys of the paper the entry is, none for a post."""
    guid = _text(raw.get("id"))
    oai = _OAI.fullmatch(guid)
    stated = [_text(raw.get(name))[:_LONGEST_NAME] for name in _DOI_NAMES]
    keys = [
        identity.arxiv(oai[1]) if oai else None,
        *map(identity.paper_key, dict.fromkeys((guid, url or ""))),
        *(identity.doi(text) for text in stated if _DOI.match(text)),
    ]
    return tuple(dict.fromkeys(key for key in keys if key))


def _links(raw: Raw, safe: str, url: str | None) -> tuple[str, ...]:
    """Return related addresses, and the papers that the sanitised text links to."""
    stated = [
        _text(link.get("href"))
        for link in _dicts(raw.get("links"))
        if _rel(link) in {"related", "via"}
    ]
    inside = map(html.unescape, _PAPER_LINK.findall(safe))
    papers = [address for address in inside if identity.paper_key(address)]
    found = dict.fromkeys(base.web_url(address) for address in [*stated, *papers])
    return tuple(link for link in found if link and link != url)[:_MOST_LINKS]


def _title(raw: Raw) -> str:
    title = _text(raw.get("title"))[: _MARKUPS[-1]]
    media = _text((raw.get("title_detail") or {}).get("type"))
    is_markup = media in _HTML or _MARKED_UP.search(title)
    return _cut(
        base.plain_text(title) if is_markup else base.one_line(title), _LONGEST_TITLE
    )


def _summary(raw: Raw, safe: str) -> str:
    """Return the entry's summary, else the beginning of its sanitised text."""
    detail = raw.get("summary_detail") or {}
    apart = detail and raw.get("content")  # else the text is the summary
    own = _ANNOUNCED.sub("", _text(raw.get("summary")), count=1) if apart else ""
    plain = _beginning(own, _text(detail.get("type"))) if own else ""
    return _cut(plain or _beginning_of_safe(safe), _LONGEST_SUMMARY)


def _beginning_of_safe(safe: str) -> str:
    """Return the beginning of a sanitised text, plain."""
    for size in _MARKUPS:
        plain = base.text_of_safe(safe[:size])
        if len(plain) > _LONGEST_SUMMARY or len(safe) <= size:
            break
    return plain


def _beginning(text: str, media: str) -> str:
    """Return the beginning of a text of some media type, plain."""
    for size in _MARKUPS:
        plain = base.plain_text(_markup(text[:size], media))
        if len(plain) > _LONGEST_SUMMARY or len(text) <= size:
            break
    return plain


def _content(raw: Raw) -> str:
    """Return the longest text of the entry as HTML, not yet sanitised."""
    own = {"value": raw.get("summary"), **(raw.get("summary_detail") or {})}
    bodies = [body for body in _dicts(raw.get("content")) if body.get("value")] or [own]
    texts = (
        _markup(_text(body.get("value"))[:_LONGEST_CONTENT], _text(body.get("type")))
        for body in bodies
    )
    content = max(texts, key=len)
    announced = _ANNOUNCED.match(content)
    return content[announced.end() :] if announced else content


def _markup(text: str, media: str) -> str:
    """Return a text of some media type as HTML, without tags when nested absurdly."""
    if media not in _HTML and not _MARKED_UP.search(text):
        return html.escape(text, quote=False).replace("\n\n", "<br><br>")
    if _may_be_deep(text) and _depth(text) > _DEEPEST:
        return html.escape(_TAG.sub(" ", text), quote=False)
    return text


def _may_be_deep(markup: str) -> bool:
    """Return whether elements could be nested absurdly, from counts alone.

    At worst, what closes elements in a stretch comes before what opens others.
    """
    level = 0
    for start in range(0, len(markup), _STRETCH) if markup.count("<") > _FEW else ():
        stretch = markup[start : start + _STRETCH]
        closed = stretch.count("</")
        flat = stretch.count("<br") + stretch.count("<img")
        level = max(level - closed, 0) + stretch.count("<") - closed - flat
        if level > _DEEPEST:
            return True
    return False


def _depth(markup: str) -> int:
    """Return how deep the elements of `markup` are nested, at most."""
    depth = deepest = 0
    for closes in _NESTING.findall(markup):
        depth = max(depth - 1, 0) if closes else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _base(raw: Raw, document: Document) -> str:
    bodies = [*_dicts(raw.get("content")), raw.get("summary_detail") or {}]
    bases = (_text(body.get("base")) for body in bodies)
    return next((one for one in bases if one), document.url)


def _cut(text: str, longest: int) -> str:
    """Return the beginning of `text`, cut between words and so marked."""
    if len(text) <= longest:
        return text
    return text[:longest].rpartition(" ")[0].rstrip(" ,;:.") + "…"


def _authors(raw: Raw, *, oai: bool) -> tuple[Author, ...]:
    """Return the named authors; arXiv's feeds hold them in one, with commas."""
    names = [_text(author.get("name")) for author in _dicts(raw.get("authors"))]
    if oai:
        names = [name for together in names for name in together.split(", ")]
    clean = (base.plain_text(name[:_LONGEST_NAME]) for name in names)
    return tuple(Author(name) for name in dict.fromkeys(clean) if name)


def _categories(raw: Raw) -> tuple[str, ...]:
    tags = _dicts(raw.get("tags"))
    terms = [_text(tag.get("term")) or _text(tag.get("label")) for tag in tags]
    clean = (base.plain_text(term[:_LONGEST_NAME]) for term in terms)
    return tuple(dict.fromkeys(term for term in clean if term))


def _moment(raw: Raw, name: str) -> datetime | None:
    """Return a time of feedparser's (UTC) or of JSON Feed (RFC 3339), if it is one."""
    value = raw.get(f"{name}_parsed")
    try:
        if isinstance(value, datetime):
            return value
        if isinstance(value, str):
            moment = datetime.fromisoformat(value.strip())
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if not value or _LONG_YEAR.search(_text(raw.get(name))):
            return None
        return datetime.fromtimestamp(calendar.timegm(value), UTC)
    except (OSError, OverflowError, TypeError, ValueError):
        return None
