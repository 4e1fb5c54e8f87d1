"""What was read of an entry as values: its names, addresses, people and dates."""

import hashlib
import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from tracker.core import identity
from tracker.core.values import Author, Document, Entry, ItemKind
from tracker.sources import base
from tracker.sources.feed import markup
from tracker.sources.feed.stated import DOIS, Stated

_MOST_LINKS = 20
_LONGEST_NAME = 200
_LONGEST_GUID = 1_000
_TITLE_OF_SUMMARY = 80

# Links as nh3 writes them.
_LINK = re.compile(r'href="(https?://[^"\'\s<>]{1,500})')
_LINKED_SITE = re.compile(r'href="https?://(?:www\.)?([^/?#:"\s]+)')
# Names and texts of rss.arxiv.org, see info.arxiv.org/help/rss_specifications.html
_OAI = re.compile(r"oai:arXiv\.org:(\S+?)(?:v(\d+))?", re.IGNORECASE)
_ARXIV = re.compile(r"https?://(?:[\w-]+\.)*arxiv\.org/", re.IGNORECASE)
_DOI = re.compile(r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?10\.\d", re.IGNORECASE)
_BREAKS = re.compile(r"\s*[\r\n\t]+\s*")


def entries_of(stated: Sequence[Stated], document: Document) -> Iterator[Entry]:
    """Yield the entries, but those that say nothing or whose parts make no sense."""
    stated = [_announced(one) for one in stated]
    # One kind of work at a time: in turns, nh3, the expressions of a summary and the
    # rest would push each other out of the processor's caches.
    texts = [markup.safe(one, document.url) for one in stated]
    summaries = list(map(markup.summary, stated, texts))
    for one, text, summary in zip(stated, texts, summaries, strict=True):
        try:
            entry = _entry(one, text, summary, document)
        except (OverflowError, ValueError):
            continue  # one bad entry does not end a feed
        if entry.title:
            yield entry


def _announced(stated: Stated) -> Stated:
    """Return an entry of arXiv's with its abstract as text: "$a<b$" opens no tag."""
    if stated.summary is None or not _OAI.fullmatch(stated.guid):
        return stated
    return replace(stated, summary=stated.summary._replace(media="text/plain"))


def _entry(stated: Stated, safe: str, summary: str, document: Document) -> Entry:
    oai = _OAI.fullmatch(stated.guid)
    url, now = _url(stated, document), document.fetched_at
    name = base.one_line(stated.guid)
    ids = _ids(oai, stated, url)
    title = markup.title(stated.title) or markup.cut(summary, _TITLE_OF_SUMMARY)
    updated = base.sensible(stated.updated, now)
    return Entry(
        guid=_guid(name or url or "", stated),
        title=title or url or name,
        kind=ItemKind.PAPER if ids else ItemKind.POST,
        url=url,
        ids=ids,
        links=_links(stated, safe, url),
        authors=_authors(stated.people, oai=oai is not None),
        summary=summary,
        content=safe,
        # Many feeds state one date only, and RDF's is dc:date, an update.
        published=base.sensible(stated.published or stated.created, now) or updated,
        updated=updated,
        categories=_plain(stated.tags),
        version=_version(oai, document),
    )


def _version(oai: re.Match[str] | None, document: Document) -> int | None:
    """Return a paper's version; arXiv's word alone: a newer one changes the item."""
    stated = oai[2] if oai and _ARXIV.match(document.url) else None
    return int(stated) if stated else None


def _guid(name: str, stated: Stated) -> str:
    """Return the entry's own name or address, else a hash of what it says."""
    if 0 < len(name) <= _LONGEST_GUID:
        return name
    said = name or "\n".join(
        (stated.title.value, stated.dated, "", markup.said(stated))
    )
    return hashlib.sha256(said.encode(errors="replace")).hexdigest()


def _url(stated: Stated, document: Document) -> str | None:
    for address in _addresses(stated):
        if address and (found := base.web_url(_joined(address), document.url)):
            return found
    return None


def _addresses(stated: Stated) -> Iterator[str]:
    """Yield what may be the entry's address, the likeliest first."""
    yield stated.origin
    yield stated.link
    yield from (address for rel, address in stated.links if rel == "alternate")
    # Only an absolute guid is an address; links are resolved by now, or were relative.
    yield _permalink(stated.guid)


def _permalink(guid: str) -> str:
    return guid if guid.startswith(("http://", "https://")) else ""


def _joined(address: str) -> str:
    """Return `address` without line breaks, its spaces quoted."""
    words = address.split()
    if len(words) == 1:
        return words[0]
    return _BREAKS.sub("", address.strip()).replace(" ", "%20")


def _ids(oai: re.Match[str] | None, stated: Stated, url: str | None) -> tuple[str, ...]:
    """Return the keys of the paper the entry is, none for a post."""
    keys = [identity.arxiv(oai[1])] if oai else []
    keys += [identity.paper_key(page) for page in {stated.guid: 0, url or "": 0}]
    if stated.dois:
        dois = (stated.dois.get(name, "")[:_LONGEST_NAME] for name in DOIS)
        keys += [identity.doi(doi) for doi in dois if _DOI.match(doi)]
    return tuple(dict.fromkeys(filter(None, keys)))


def _links(stated: Stated, safe: str, url: str | None) -> tuple[str, ...]:
    """Return related addresses, and the papers that the sanitised text links to."""
    beside = [address for rel, address in stated.links if rel in {"related", "via"}]
    addresses = beside + _papers(safe)
    if not addresses:
        return ()
    found = dict.fromkeys(map(base.web_url, addresses))
    return tuple(link for link in found if link and link != url)[:_MOST_LINKS]


def _papers(safe: str) -> list[str]:
    """Return the links of a sanitised text that lead to papers."""
    sites = set(_LINKED_SITE.findall(safe))
    if not any(map(identity.is_paper_site, sites)):
        return []  # as for nearly all, without looking at each link
    links = map(html.unescape, _LINK.findall(safe))
    return [link for link in links if identity.paper_key(link)]


def _authors(names: list[str], *, oai: bool) -> tuple[Author, ...]:
    """Return the named authors; arXiv's feeds hold them in one, with commas."""
    if oai:
        names = [name for together in names for name in together.split(", ")]
    return tuple(map(Author, _plain(names)))


def _plain(names: list[str]) -> tuple[str, ...]:
    """Return the different names, plain."""
    if not names:
        return ()
    clean = [_plain_name(name[:_LONGEST_NAME]) for name in names]
    return tuple(dict.fromkeys(filter(None, clean)))


@lru_cache(1_000)  # the same few names and tags stand at many entries of a feed
def _plain_name(name: str) -> str:
    return base.plain_text(name)
