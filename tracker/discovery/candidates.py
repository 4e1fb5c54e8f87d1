"""Where a site's feed may be: what its page states, what its address implies.

All of it is pure, and none of it is trusted: what is returned is an http(s) address
that may be asked, nothing more.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from tracker.sources import base

_LARGEST_PAGE = 500_000  # bytes looked at; feeds are named in a page's head
_MOST_LINKS = 6
_LONGEST_TITLE = 200

# A tag is what stands between "<" and the next one: linear on any input.
_TAG = re.compile(r"<(link|base|a)\s([^<]{1,3000})", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"[\s/]*([a-z][\w:-]{0,40})(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+)))?",
    re.IGNORECASE,
)
_FEED_TYPES = re.compile(
    r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)|application/json|text/xml",
    re.IGNORECASE,
)
_FEED_PATH = re.compile(
    r"/(?:feed|rss|atom)/?$|/(?:[\w-]*feed|rss|atom|index)\.(?:xml|rss|atom|json)$",
    re.IGNORECASE,
)

# From an address without "www." to the feed, by the rules of who runs the site.
_CONVENTIONS = (
    (r"medium\.com/tag/([\w-]+)", r"https://medium.com/feed/tag/\1"),
    (
        r"medium\.com/(?!(?:feed|p|m|me|tag|search|about|plans)(?:/|$))(@?[\w.-]+)",
        r"https://medium.com/feed/\1",
    ),
    (r"([\w-]+\.medium\.com)", r"https://\1/feed"),
    (r"([\w-]+\.substack\.com)", r"https://\1/feed"),
    (r"([\w-]+\.blogspot\.com)", r"https://\1/feeds/posts/default"),
    (r"([\w-]+\.wordpress\.com)", r"https://\1/feed/"),
    (
        r"(?:m\.)?youtube\.com/channel/(UC[\w-]{22})",
        r"https://www.youtube.com/feeds/videos.xml?channel_id=\1",
    ),
    (
        r"(?:m\.)?youtube\.com/playlist\?(?:.*&)?list=([\w-]+)",
        r"https://www.youtube.com/feeds/videos.xml?playlist_id=\1",
    ),
    (
        r"github\.com/([\w.-]+/[\w.-]+)/(releases|tags)",
        r"https://github.com/\1/\2.atom",
    ),
    (r"arxiv\.org/list/([a-z-]+(?:\.[A-Za-z-]+)?)", r"https://rss.arxiv.org/atom/\1"),
)
_AFTER = r"(?=[/?#]|$)"

# What a page says of what made it, and where that puts the feed.
_CHANNEL = re.compile(r"youtube\.com/channel/(UC[\w-]{22})[\"']")
_YOUTUBE = frozenset({"https://www.youtube.com/", "https://m.youtube.com/"})
_MAKERS = (
    (r"cdn-client\.medium\.com|android:app_name\"\s+content=\"Medium\"", "/feed"),
    (r"substackcdn\.com", "/feed"),
    (r"generator[\"']\s+content=[\"']wordpress", "/feed/"),
    (r"generator[\"']\s+content=[\"']ghost", "/rss/"),
    (r"generator[\"']\s+content=[\"']hugo", "/index.xml"),
    (r"generator[\"']\s+content=[\"']jekyll", "/feed.xml"),
    (r"generator[\"']\s+content=[\"']hexo", "/atom.xml"),
    (r"generator[\"']\s+content=[\"']blogger", "/feeds/posts/default"),
)

_NAMES = ("feed", "rss.xml", "atom.xml", "index.xml", "feed.xml", "rss")
_STATIC_NAMES = ("feed.xml", "atom.xml", "index.xml", "rss.xml")  # of GitHub Pages
_AT_ROOT = ("feeds/posts/default", "blog/feed", "blog/rss.xml", "blog/index.xml")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may be a feed, and what the page calls it ("" for nothing)."""

    address: str
    title: str = ""


def conventional(address: str) -> list[Candidate]:
    """Return the feed that an address implies by itself, as on Medium or YouTube."""
    place = re.sub(r"^https?://(?:www\.)?", "", address, flags=re.IGNORECASE)
    found = []
    for pattern, feed in _CONVENTIONS:
        if rule := re.match(pattern + _AFTER, place, re.IGNORECASE):
            found.append(Candidate(rule.expand(feed)))
    return found


def linked(markup: str, address: str) -> list[Candidate]:
    """Return the feeds that a page names in its link tags, else in its links.

    `address` is the page's own; relative addresses are resolved, against its base
    element where it has one.
    """
    tags = [(tag[1].lower(), _attributes(tag[2])) for tag in _TAG.finditer(markup)]
    stated = next((said["href"] for tag, said in tags if _is_base(tag, said)), "")
    start = base.web_url(stated, address) or address
    for kind, is_feed in (("link", _is_alternate), ("a", _looks_like_feed)):
        feeds = [said for tag, said in tags if tag == kind and is_feed(said)]
        if found := _candidates(feeds, start):
            return found
    return []


def _candidates(feeds: list[dict[str, str]], start: str) -> list[Candidate]:
    """Return so many of the addresses, a blog's own feed before its comments'."""
    found: dict[str, Candidate] = {}
    for said in feeds:
        if address := base.web_url(said.get("href"), start):
            title = base.one_line(said.get("title", ""))[:_LONGEST_TITLE]
            found.setdefault(address, Candidate(address, title))
    ordered = sorted(found.values(), key=lambda one: "comment" in one.address.lower())
    return ordered[:_MOST_LINKS]


def implied(markup: str, address: str) -> list[Candidate]:
    """Return where the program that made a page puts its feed."""
    channel = _CHANNEL.search(markup)
    if channel and base.web_url("/", address) in _YOUTUBE:
        return conventional(f"https://youtube.com/channel/{channel[1]}")
    feeds = (
        base.web_url(path, address)
        for sign, path in _MAKERS
        if re.search(sign, markup, re.IGNORECASE)
    )
    return [Candidate(feed) for feed in feeds if feed]


def guessed(address: str) -> list[Candidate]:
    """Return where feeds usually are: below the page, then at the site's root."""
    found = dict.fromkeys(filter(None, _guesses(address)))
    return [Candidate(feed) for feed in found]


def _guesses(address: str) -> Iterator[str | None]:
    parts = urlsplit(address)
    is_pages = (parts.hostname or "").endswith(".github.io")
    names = _STATIC_NAMES if is_pages else _NAMES
    folder = re.sub(r"[^/]*\.\w{2,5}$", "", parts.path).rstrip("/")  # index.html
    for place in dict.fromkeys((folder, "")):
        yield from (base.web_url(f"{place}/{name}", address) for name in names)
    if not is_pages:
        yield from (base.web_url(f"/{name}", address) for name in _AT_ROOT)


def text_of(page: bytes) -> str:
    """Return a page's text as far as it is looked at."""
    return page[:_LARGEST_PAGE].decode("utf-8", "replace")


def _attributes(inside: str) -> dict[str, str]:
    """Return the attributes of a tag, up to its end; the first of a name counts."""
    said: dict[str, str] = {}
    found = _ATTRIBUTE.match(inside)
    while found:
        value = next((part for part in found.groups()[1:] if part is not None), "")
        said.setdefault(found[1].lower(), html.unescape(value))
        found = _ATTRIBUTE.match(inside, found.end())
    return said


def _is_base(tag: str, said: dict[str, str]) -> bool:
    return tag == "base" and "href" in said


def _is_alternate(said: dict[str, str]) -> bool:
    rel = said.get("rel", "").lower().split()
    is_feed = bool(
        _FEED_TYPES.fullmatch(said.get("type", "").partition(";")[0].strip())
    )
    # WordPress names its API so too, as application/json.
    is_api = "/wp-json/" in said.get("href", "") or "oembed" in said.get("type", "")
    return is_feed and not is_api and bool({"alternate", "feed"} & set(rel))


def _looks_like_feed(said: dict[str, str]) -> bool:
    try:
        return bool(_FEED_PATH.search(urlsplit(said.get("href", "")).path))
    except ValueError:
        return False
