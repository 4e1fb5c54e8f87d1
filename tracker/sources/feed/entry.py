"""What was read of an entry as values: its names, addresses, people and dates."""

import calendar
import hashlib
import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache

from tracker.core import identity
from tracker.core.values import Author, Document, Entry, ItemKind
from tracker.sources import base
from tracker.sources.feed import markup
from tracker.sources.feed.raw import Raw, dicts, text

_MOST_LINKS = 20
_LONGEST_NAME = 200
_LONGEST_GUID = 1_000
_TITLE_OF_SUMMARY = 80

_LINK = re.compile(r'href="(https?://[^"\'\s<>]{1,500})')  # as nh3 writes links
# Names and texts of rss.arxiv.org, see info.arxiv.org/help/rss_specifications.html
_OAI = re.compile(r"oai:arXiv\.org:(\S+?)(?:v(\d+))?", re.IGNORECASE)
_ARXIV = re.compile(r"https?://(?:[\w-]+\.)*arxiv\.org/", re.IGNORECASE)
_DOI = re.compile(r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?10\.\d", re.IGNORECASE)
_DOI_NAMES = ("prism_doi", "dc_identifier", "arxiv_doi", "citation_doi")
_LONG_YEAR = re.compile(r"\A\s*\d{5,}-")  # which feedparser takes for another
_SAID = ("title", "published", "published_parsed", "summary")
_BREAKS = re.compile(r"\s*[\r\n\t]+\s*")


def entries_of(raw: Raw, document: Document) -> Iterator[Entry]:
    """Yield the entry, unless it says nothing or its parts make no sense."""
    try:
        entry = _entry(raw, document)
    except (AttributeError, OverflowError, TypeError, ValueError):
        return  # one bad entry does not end a feed
    if entry.title:
        yield entry


def _entry(raw: Raw, document: Document) -> Entry:
    oai = _OAI.fullmatch(text(raw.get("id")))
    raw = _announced(raw) if oai else raw
    url, now = _url(raw, document), document.fetched_at
    safe = markup.safe(raw, document.url)
    ids, title, summary = _ids(raw, url), markup.title(raw), markup.summary(raw, safe)
    updated = base.sensible(_moment(raw, "updated"), now)
    published = _moment(raw, "published") or _moment(raw, "created")
    return Entry(
        guid=_guid(raw, url),
        title=title or markup.cut(summary, _TITLE_OF_SUMMARY) or url or _name(raw),
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
    said = [name] if name else [text(raw.get(part)) for part in _SAID]
    return hashlib.sha256("\n".join(said).encode(errors="replace")).hexdigest()


def _name(raw: Raw) -> str:
    return base.one_line(text(raw.get("id")))


def _url(raw: Raw, document: Document) -> str | None:
    for address in _addresses(raw):
        if address and (found := base.web_url(_joined(address), document.url)):
            return found
    return None


def _addresses(raw: Raw) -> Iterator[str]:
    """Yield what may be the entry's address, the likeliest first."""
    yield text(raw.get("feedburner_origlink"))
    link, name = text(raw.get("link")), text(raw.get("id"))
    if link != name or not raw.get("guidislink"):  # as feedparser makes of any guid
        yield link
    for other in dicts(raw.get("links")):
        if _rel(other) == "alternate":
            yield text(other.get("href"))
    # Only an absolute guid is an address; links are resolved by now, or were relative.
    yield _permalink(name)


def _permalink(guid: str) -> str:
    return guid if guid.startswith(("http://", "https://")) else ""


def _joined(address: str) -> str:
    """Return `address` without line breaks, its spaces quoted."""
    words = address.split()
    if len(words) == 1:
        return words[0]
    return _BREAKS.sub("", address.strip()).replace(" ", "%20")


def _rel(link: Raw) -> str:
    return text(link.get("rel"))


def _ids(raw: Raw, url: str | None) -> tuple[str, ...]:
    """Return the keys of the paper the entry is, none for a post."""
    guid = text(raw.get("id"))
    oai = _OAI.fullmatch(guid)
    stated = [text(raw[name])[:_LONGEST_NAME] for name in _DOI_NAMES if name in raw]
    keys = [
        identity.arxiv(oai[1]) if oai else None,
        *map(identity.paper_key, {guid: 0, url or "": 0}),
        *(identity.doi(doi) for doi in stated if _DOI.match(doi)),
    ]
    return tuple(dict.fromkeys(key for key in keys if key))


def _links(raw: Raw, safe: str, url: str | None) -> tuple[str, ...]:
    """Return related addresses, and the papers that the sanitised text links to."""
    stated = [
        text(link.get("href"))
        for link in dicts(raw.get("links"))
        if _rel(link) in {"related", "via"}
    ]
    inside = map(html.unescape, _LINK.findall(safe))
    papers = [address for address in inside if identity.paper_key(address)]
    if not stated and not papers:
        return ()
    found = dict.fromkeys(base.web_url(address) for address in [*stated, *papers])
    return tuple(link for link in found if link and link != url)[:_MOST_LINKS]


def _authors(raw: Raw, *, oai: bool) -> tuple[Author, ...]:
    """Return the named authors; arXiv's feeds hold them in one, with commas."""
    names = [text(author.get("name")) for author in dicts(raw.get("authors"))]
    if oai:
        names = [name for together in names for name in together.split(", ")]
    clean = (_plain(name[:_LONGEST_NAME]) for name in names)
    return tuple(Author(name) for name in dict.fromkeys(clean) if name)


def _categories(raw: Raw) -> tuple[str, ...]:
    tags = dicts(raw.get("tags"))
    terms = [text(tag.get("term")) or text(tag.get("label")) for tag in tags]
    clean = (_plain(term[:_LONGEST_NAME]) for term in terms)
    return tuple(dict.fromkeys(term for term in clean if term))


@lru_cache(1_000)  # the same few names and tags stand at many entries of a feed
def _plain(name: str) -> str:
    return base.plain_text(name)


def _moment(raw: Raw, name: str) -> datetime | None:
    """Return a time of feedparser's (UTC) or of JSON Feed (RFC 3339), if it is one."""
    value = raw.get(f"{name}_parsed")
    try:
        if isinstance(value, datetime):
            return value
        if isinstance(value, str):
            moment = datetime.fromisoformat(value.strip())
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if not value or _LONG_YEAR.search(text(raw.get(name))):
            return None
        return datetime.fromtimestamp(calendar.timegm(value), UTC)
    except (OSError, OverflowError, TypeError, ValueError):
        return None
