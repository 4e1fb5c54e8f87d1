"""The keys under which a work is known, and the canonical form of addresses.

A key is "scheme:name". Strong keys (doi, arxiv, openreview, url, guid) name one
work; a title key only suggests it and is checked against authors.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from tracker.core import hosts
from tracker.core.text import normal
from tracker.core.values import Entry, ItemKind

# Schemes whose names belong to one work each: two of one scheme are two works.
UNIQUE = frozenset({"arxiv", "doi", "openreview"})

# Parameters that say how a reader came, never what the page is.
_TRACKING = re.compile(
    r"utm_.*|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|_hs(?:enc|mi)|mkt_tok"
    r"|cmpid?|ref|ref_src|referrer|source|trk|spm|share|s_cid|ncid|at_.*|sk|gi|ss_source",
    re.IGNORECASE,
)
# Those of them that nobody uses for anything else.
_CAME_BY = re.compile(
    r"(?:utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|_hs(?:enc|mi)|mkt_tok)="
    r"|source=rss-",
    re.IGNORECASE,
)
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)
# arXiv identifiers since 2007-04, and before: info.arxiv.org/help/arxiv_identifier.html
_NEW_ARXIV = r"\d{4}\.\d{4,5}"
_OLD_ARXIV = r"[a-z][a-z-]*(?:\.[A-Z]{2})?/\d{7}"
_ARXIV_ID = re.compile(rf"({_NEW_ARXIV}|{_OLD_ARXIV})(?:v\d+)?", re.IGNORECASE)
_ARXIV_HOSTS = re.compile(r"(?:[a-z]+\.)?arxiv\.org|ar5iv\.(?:labs\.arxiv\.)?org")
_ARXIV_PATH = re.compile(
    rf"/(?:abs|pdf|html|format|ps|ftp/arxiv/papers/\d{{4}})/({_NEW_ARXIV}|{_OLD_ARXIV})"
    r"(?:v\d+)?(?:\.pdf)?/?",
    re.IGNORECASE,
)
_PAPER_PAGES = re.compile(rf"/(?:papers|abs|overview)/({_NEW_ARXIV})(?:v\d+)?/?")
_PAPER_PAGE_HOSTS = {"huggingface.co", "hf.co", "alphaxiv.org"}
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)
# No control characters, directional overrides, lone surrogates and noncharacters.
_ODD = r"\s\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff"
_DOI = re.compile(rf"10\.\d{{4,9}}/[^{_ODD}]+")
_BEHIND = re.compile(r"[,\s]+(?:jr|sr|ii|iii|iv|et al)\.?\s*$", re.IGNORECASE)
_HOST = re.compile(r"\s*https?://(?:www\.)?([^/?#:\s]+)", re.IGNORECASE)
_OPENREVIEW = re.compile(r"/(?:forum|pdf|attachment)\?(?:.*&)?id=([\w-]{6,})")
_OPENREVIEW_HOST = "openreview.net"
_SHORTEST_TITLE = (3, 15)  # words, characters: "Editorial" names no work

PAPER_SITES = hosts.HOSTS | _PAPER_PAGE_HOSTS | {_OPENREVIEW_HOST, "arxiv.org"}
"""The hosts, without what stands before these names, at which papers lie."""


def canonical_url(address: str) -> str:
    """Return `address` in the form in which equal pages are equal strings.

    No scheme, "www.", default port, fragment, tracking parameters, index file or
    trailing slash; host in lower case, parameters sorted.
    """
    parts = urlsplit(address.strip())
    host = (parts.hostname or "").removeprefix("www.")
    port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
    query = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.fullmatch(name)
    )
    path = _INDEX.sub("/", unquote(parts.path)).rstrip("/")
    return f"{host}{port}{path}" + (f"?{urlencode(query)}" if query else "")


def untracked(address: str) -> str:
    """Return `address` without the parameters that only say how a reader came."""
    before, mark, query = address.partition("?")
    query, hash_, fragment = query.partition("#")
    kept = "&".join(part for part in query.split("&") if not _CAME_BY.match(part))
    return before + (mark if kept else "") + kept + hash_ + fragment


def doi(text: str) -> str | None:
    """Return the key of a DOI; arXiv's own DOIs are arXiv keys."""
    found = _DOI.search(text)
    if not found:
        return None
    name = found[0].rstrip(".,;)").lower()
    preprint = _ARXIV_DOI.fullmatch(name)
    return arxiv(preprint[1]) if preprint else f"doi:{name}"


def arxiv(text: str) -> str | None:
    """Return the key of an arXiv identifier, without its version."""
    found = _ARXIV_ID.fullmatch(text.strip().removeprefix("arXiv:"))
    return f"arxiv:{found[1].lower()}" if found else None


def url_key(address: str) -> str | None:
    """Return the key an http(s) address stands for: a paper's id, or the page."""
    try:
        if not _is_web(urlsplit(address.strip())):
            return None
        return paper_key(address) or f"url:{canonical_url(address)}"
    except ValueError:
        return None


def paper_key(address: str) -> str | None:
    """Return the key of the paper that an http(s) address leads to, None for others."""
    found = _HOST.match(address)
    if found is None or not is_paper_site(found[1]):
        return None  # as for nearly all, without being taken apart
    host = found[1].lower()
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    place = unquote(parts.path) + (f"?{parts.query}" if parts.query else "")
    return _paper_key(host, parts.path, place)


def is_paper_site(host: str) -> bool:
    """Return whether papers may be found at a host, which comes without "www."."""
    host = host.lower()
    return host in PAPER_SITES or host.endswith("arxiv.org")


def _is_web(parts: SplitResult) -> bool:
    host = (parts.hostname or "").removeprefix("www.")
    return parts.scheme in {"http", "https"} and bool(host)


def _paper_key(host: str, path: str, place: str) -> str | None:
    if _ARXIV_HOSTS.fullmatch(host) and (found := _ARXIV_PATH.fullmatch(path)):
        return f"arxiv:{found[1].lower()}"
    if host in _PAPER_PAGE_HOSTS and (found := _PAPER_PAGES.fullmatch(path)):
        return f"arxiv:{found[1]}"
    if host == _OPENREVIEW_HOST and (found := _OPENREVIEW.match(place)):
        return f"openreview:{found[1]}"
    name = hosts.paper(host, place)
    return normal_id(name) if name else None


def title_key(title: str) -> str | None:
    """Return the key of a title long enough to suggest one work, or None."""
    name = normal(title)
    fewest, shortest = _SHORTEST_TITLE
    if len(name) < shortest or (len(name.split()) < fewest and name.isascii()):
        return None
    return f"title:{name[:500]}"


def keys(entry: Entry, source: str) -> tuple[str, ...]:
    """Return the keys of `entry` as stated by `source`, strongest first.

    Posts get no title key: two posts of one title are often two posts.
    """
    stated = [normal_id(name) for name in entry.ids]
    pages = [url_key(address) for address in (entry.url, entry.guid) if address]
    title = title_key(entry.title) if entry.kind is ItemKind.PAPER else None
    found = [*stated, *pages, title, guid_key(source, entry.guid)]
    return tuple(dict.fromkeys(key for key in found if key))


def normal_id(name: str) -> str | None:
    """Return a stated id ("doi:…", "arxiv:…", "openreview:…") in its one form."""
    scheme, _, rest = name.partition(":")
    match scheme:
        case "doi":
            return doi(rest)
        case "arxiv":
            return arxiv(rest)
        case _:
            return name if rest else None


def guid_key(source: str, guid: str) -> str:
    """Return the key of a source's own name for an entry."""
    return f"guid:{source} {guid}"


def scheme(key: str) -> str:
    """Return a key's scheme: "doi", "arxiv", "openreview", "url", "title", "guid"."""
    return key.partition(":")[0]


def surnames(authors: Iterable[str]) -> frozenset[str]:
    """Return the family names of authors, for comparing author lists.

    That is a name's last word, or the last before its comma: "Wei Li" and "Li, W." are
    both Li.
    """
    return frozenset(last for name in authors if (last := _surname(name)))


def _surname(name: str) -> str:
    family = _BEHIND.sub("", name).partition(",")[0]
    return normal(family).rpartition(" ")[2]


def share_lead(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Return whether the first author of one list is in the other, or one is empty.

    Any author would not do: long lists share a Wang or a Kim by chance.
    """
    if not ours or not theirs:
        return True
    return bool(
        surnames(ours[:1]) & surnames(theirs) or surnames(theirs[:1]) & surnames(ours)
    )


def contradict(ours: Iterable[str], theirs: Iterable[str]) -> bool:
    """Return whether the keys of two entries name two works, by one scheme."""
    mine, other = _unique(ours), _unique(theirs)
    return any(not mine[kind] & other[kind] for kind in mine.keys() & other.keys())


def _unique(names: Iterable[str]) -> dict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for key in names:
        if (kind := scheme(key)) in UNIQUE:
            found[kind].add(key)
    return found
