"""Feeds in well-formed XML, read with lxml into what feedparser would make of them.

In a tenth of its time. feedparser still reads all that is unusual: what is not
well-formed, document types, undefined entities, CDF, entries in odd places. Its rules
for which of several titles, links, dates and texts counts hold here too, so that it
does not matter which of both has read a feed.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urljoin
from xml.sax.saxutils import escape, quoteattr

from tracker.sources import base

if TYPE_CHECKING:
    from lxml.etree import XMLParser
    from lxml.etree import _Element as Element

Raw: TypeAlias = dict[str, Any]

# Bounds as in `xml`; what exceeds the first is left to it before anything is built.
_MOST_ELEMENTS = 200_000
_MOST_TAGS = 200
_LONGEST_AUTHOR = 300

_ATOM = "http://www.w3.org/2005/atom"
_XHTML = "http://www.w3.org/1999/xhtml"
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
# Namespaces in lower case, and the prefixes feedparser knows them by.
_PREFIXES = {
    "": "",
    _ATOM: "",
    "http://purl.org/atom/ns#": "",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://backend.userland.com/rss": "",
    "http://backend.userland.com/rss2": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://purl.org/rss/1.0/modules/rss091#": "",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://search.yahoo.com/mrss": "media",
    "http://search.yahoo.com/mrss/": "media",
    "http://prismstandard.org/namespaces/1.2/basic/": "prism",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    _XHTML: "xhtml",
}
_ROOTS = frozenset({"rss", "feed", "rdf_rdf"})
_ENTRIES = frozenset({"item", "entry"})
_VOID = frozenset(
    {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source"}
    | {"track", "wbr"}
)

_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_DOIS = ("arxiv_doi", "citation_doi")
_NAMES = frozenset({"name", "itunes_name"})
_XHTML_TYPE = "application/xhtml+xml"
_HTML = frozenset({"text/html", _XHTML_TYPE})
_TYPES = {
    "text": "text/plain",
    "plain": "text/plain",
    "html": "text/html",
    "xhtml": _XHTML_TYPE,
}
_SLASHES = re.compile(r"\A(https?://)/+", re.IGNORECASE)
_TEXTUAL = re.compile(r"text/(?!xml\Z)|application/xhtml\+xml\Z")
_HALF_REFERENCE = re.compile(r"&(\w+);", re.ASCII)
_EMAIL = re.compile(r"[\w.+-]+@(?:[a-z0-9-]+\.)+(?:[a-z]{2,4}|[0-9]{1,3})", re.I | re.A)
_RFC_822 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d\d?) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) "
    r"(?:GMT|UTC|([+-][01]\d)([0-5]\d))",
    re.ASCII,
)
_RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:[0-5]\d)", re.ASCII
)
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"


class MalformedError(ValueError):
    """The document is not well-formed."""


class UnusualError(ValueError):
    """The document is for feedparser to read."""


def entries(body: bytes, url: str) -> list[Raw]:
    """Return the entries of a feed in UTF-8 under feedparser's names, markup untouched.

    Raises MalformedError or UnusualError.
    """
    from lxml import etree

    if not _is_bounded(body):
        raise UnusualError
    try:
        root = etree.fromstring(body, _parser())
    except etree.XMLSyntaxError as error:
        raise MalformedError from error
    if root.getroottree().docinfo.doctype:  # which may declare entities
        raise UnusualError
    return _Feed(root, url, has_bases=b"xml:base" in body).entries()


def _is_bounded(body: bytes) -> bool:
    """Return whether the document has so few elements that its tree stays small."""
    few = len(body) <= _MOST_ELEMENTS * len("<a/>")
    return few or body.count(b"</") + body.count(b"/>") <= _MOST_ELEMENTS


@cache
def _parser() -> "XMLParser":
    from lxml import etree

    return etree.XMLParser(
        encoding="utf-8",  # whatever is declared
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


class _Feed:
    """A document's tree, and what is known of all of it."""

    def __init__(self, root: "Element", url: str, *, has_bases: bool) -> None:
        self.url = url
        self.root = root
        self.kind = _name(root)
        self.is_atom = root.tag[1:].lower().startswith(_ATOM)  # 1.0
        self.has_bases = has_bases
        self._bases: dict[Element, str] = {}
        self.readers: dict[str, Reader | None] = {}  # of elements, by lxml's tags

    def entries(self) -> list[Raw]:
        """Return the entries, in order.

        Raises UnusualError when it is no feed, or entries stand in odd places.
        """
        named = list(self.root.iter("{*}item", "{*}entry"))
        tags = {one.tag: one for one in named}
        meant = {tag for tag, one in tags.items() if _name(one) in _ENTRIES}
        found = [one for one in named if one.tag in meant]
        places = {self.root, *(one for one in self.root if _name(one) == "channel")}
        in_place = all(one.getparent() in places for one in found)
        if not found or not in_place or self.kind not in _ROOTS:
            raise UnusualError
        return [_Entry(self, element).raw for element in found]

    def base(self, element: "Element") -> str:
        """Return the address that relative ones in the element start from."""
        if not self.has_bases:
            return self.url
        if element not in self._bases:
            parent, stated = element.getparent(), element.get(_BASE)
            outer = self.url if parent is None else self.base(parent)
            inner = base.web_url(stated, outer) if stated else None
            self._bases[element] = inner or outer
        return self._bases[element]

    def resolved(self, address: str, element: "Element") -> str:
        """Return a link's address as an absolute one, as far as it makes sense."""
        address = _SLASHES.sub(r"\1", address.strip())
        if address.startswith(("https://", "http://")):
            return address
        try:
            return urljoin(self.base(element), address)
        except ValueError:
            return address


class _Entry:
    """What an entry's element says, collected in `raw`."""

    def __init__(self, feed: _Feed, element: "Element") -> None:
        self.feed = feed
        self.raw: Raw = {"links": [], "authors": [], "tags": []}
        if about := element.get(_ABOUT):
            self.raw["id"] = about
        self._depths: dict[str, int] = {}  # from which depth a value was taken
        self._titled: int | None = None  # the depth of the title that counts
        self._has_content = False
        self._read_children(element, 1)

    def _read_children(self, parent: "Element", depth: int) -> None:
        readers = self.feed.readers
        for child in parent:
            tag = child.tag
            if tag not in readers:
                readers[tag] = _READERS.get(_name(child))
            reader = readers[tag]
            if reader is not None:
                reader(self, child, depth)
            elif len(child):
                self._read_children(child, depth + 1)

    def _save(self, name: str, value: str, depth: int) -> None:
        """Save the last value of the shallowest depth."""
        if depth <= self._depths.get(name, depth):
            self._depths[name] = depth
            self.raw[name] = value

    def title(self, element: "Element", depth: int) -> None:
        """Read the title: the first one of the shallowest depth counts."""
        if self._medium_title(element, depth):
            self._titled = depth

    def medium_title(self, element: "Element", depth: int) -> None:
        """Read a medium's title, which gives way to the entry's own."""
        self._medium_title(element, depth)

    def _medium_title(self, element: "Element", depth: int) -> str:
        if self._titled is not None and self._titled <= depth:
            return ""
        detail = self._body(element, "text/plain")
        title: str = detail.pop("value")
        self._save("title", title, depth)
        self.raw["title_detail"] = detail
        return title

    def link(self, element: "Element", _: int) -> None:
        """Read a link: an address in an attribute, or as text."""
        stated = _attributes(element)
        rel = stated.get("rel", "alternate").lower()
        media = _media(stated.get("type", "text/html"))
        named = (stated.get(name) for name in ("url", "uri", "href"))
        href = next((one for one in named if one is not None), None)
        text = _text(element).replace("&amp;", "&") if href is None else ""
        address = _HALF_REFERENCE.sub(r"&\1", text) if href is None else href
        if not address:
            return
        address = self.feed.resolved(address, element)
        self.raw["links"].append({"rel": rel, "href": address})
        if href is None or (rel == "alternate" and media in _HTML):
            self.raw["link"] = address

    def guid(self, element: "Element", depth: int) -> None:
        """Read the entry's name, which may be its address too."""
        name = _text(element)
        self._save("id", name, depth)
        if _attributes(element).get("ispermalink", "true") == "true":
            self.raw.setdefault("link", name)

    def description(self, element: "Element", depth: int) -> None:
        """Read a summary in HTML."""
        self._summary(element, depth, "text/html")

    def summary(self, element: "Element", depth: int) -> None:
        """Read a summary in plain text, or of a stated type."""
        self._summary(element, depth, "text/plain")

    def _summary(self, element: "Element", depth: int, media: str) -> None:
        if "summary" in self.raw and not self._has_content:
            self.content(element, depth)
            return
        detail = self._body(element, media)
        self._save("summary", detail.pop("value"), depth)
        self.raw["summary_detail"] = detail

    def content(self, element: "Element", _: int) -> None:
        """Read the text in a stated type."""
        self._has_content = True
        self._content(element, "text/plain")

    def encoded(self, element: "Element", _: int) -> None:
        """Read the text in HTML."""
        self._has_content = True
        self._content(element, "text/html")

    def xhtml(self, element: "Element", _: int) -> None:
        """Read the text in XHTML."""
        self._content(element, _XHTML_TYPE)

    def _content(self, element: "Element", media: str) -> None:
        body = self._body(element, media)
        self.raw.setdefault("content", []).append(body)
        if body["type"] in _HTML or body["type"] == "text/plain":
            self.raw.setdefault("summary", body["value"])

    def _body(self, element: "Element", media: str) -> Raw:
        """Return a text with its media type and its base address."""
        if stated := _attributes(element):
            media = _media(stated.get("type", media))
            if stated.get("mode") == "base64" or not _TEXTUAL.match(media):
                raise UnusualError
        text, media = _marked_up(self._whole(element, media), media)
        plain = media == "text/plain" and self.feed.kind != "feed"
        if plain and _looks_like_html(text):
            media = "text/html"
        return {"value": text, "type": media, "base": self.feed.base(element)}

    def _whole(self, element: "Element", media: str) -> "Element":
        """Return what holds all of a text: a div that only wraps it, or the element."""
        if len(element) != 1 or (element.text or "").strip():
            return element
        (only,) = element
        wraps = self.feed.is_atom if media == _XHTML_TYPE else media[-3:] != "xml"
        is_div = _name(only) in {"div", "xhtml_div"} and not (only.tail or "").strip()
        return only if wraps and is_div else element

    def author(self, element: "Element", depth: int) -> None:
        """Read a person: a name among other elements, or all as text."""
        names = [_own(part) for part in element if _name(part) in _NAMES]
        self.raw["authors"].append({"name": names[-1] if names else _person(element)})

    def category(self, element: "Element", _: int) -> None:
        """Read a tag: a term, a text, else a label."""
        stated, text = _attributes(element), _text(element)
        terms = [term for term in (stated.get("term"), text) if term]
        label = stated.get("text") or stated.get("label") or ""
        self._tag(*(terms or [label]))

    def keywords(self, element: "Element", _: int) -> None:
        """Read tags with commas between."""
        self._tag(*(term.strip() for term in _text(element).split(",")))

    def _tag(self, *terms: str) -> None:
        room = _MOST_TAGS - len(self.raw["tags"])
        self.raw["tags"] += [{"term": term} for term in terms[:room] if term]

    def published(self, element: "Element", _: int) -> None:
        """Read when it was published; the last date counts."""
        self._date("published", element)

    def updated(self, element: "Element", _: int) -> None:
        """Read when it was changed."""
        self._date("updated", element)

    def created(self, element: "Element", _: int) -> None:
        """Read when it was made."""
        self._date("created", element)

    def _date(self, name: str, element: "Element") -> None:
        text = _text(element)
        self.raw[name], self.raw[f"{name}_parsed"] = text, _moment(text)

    def note(self, element: "Element", depth: int) -> None:
        """Read a text that has no rules of its own."""
        self._save(_name(element), _text(element), depth)

    def skip(self, element: "Element", depth: int) -> None:
        """Read nothing: what is inside speaks of something else."""


Reader: TypeAlias = Callable[[_Entry, "Element", int], None]

_READERS: Mapping[str, Reader] = {
    **dict.fromkeys(("title", "dc_title"), _Entry.title),
    "media_title": _Entry.medium_title,
    "link": _Entry.link,
    **dict.fromkeys(("guid", "id"), _Entry.guid),
    **dict.fromkeys(
        ("description", "dc_description", "media_description"), _Entry.description
    ),
    **dict.fromkeys(("summary", "itunes_summary", "abstract"), _Entry.summary),
    "content": _Entry.content,
    **dict.fromkeys(("content_encoded", "fullitem"), _Entry.encoded),
    **dict.fromkeys(("body", "xhtml_body"), _Entry.xhtml),
    **dict.fromkeys(
        ("author", "managingeditor", "dc_author", "dc_creator", "itunes_author"),
        _Entry.author,
    ),
    **dict.fromkeys(
        ("category", "keywords", "dc_subject", "media_category", "itunes_category"),
        _Entry.category,
    ),
    **dict.fromkeys(("tags", "itunes_keywords", "media_keywords"), _Entry.keywords),
    **dict.fromkeys(
        ("published", "issued", "pubdate", "dcterms_issued"), _Entry.published
    ),
    **dict.fromkeys(
        ("updated", "modified", "lastbuilddate", "dc_date", "dcterms_modified"),
        _Entry.updated,
    ),
    **dict.fromkeys(("created", "dcterms_created"), _Entry.created),
    **dict.fromkeys(
        ("feedburner_origlink", "prism_doi", "dc_identifier", *_DOIS),
        _Entry.note,
    ),
    **dict.fromkeys(
        ("source", "image", "textinput", "contributor", "itunes_owner"), _Entry.skip
    ),
}


def _name(element: "Element") -> str:
    """Return feedparser's name of an element, such as "dc_creator"."""
    space, _, local = element.tag.rpartition("}")
    prefix = _PREFIXES.get(space[1:].lower(), element.prefix or "")
    return f"{prefix}_{local}".lower() if prefix else local.lower()


def _attributes(element: "Element") -> dict[str, str]:
    items = element.items()
    return {name.lower(): value for name, value in items} if items else {}


def _media(stated: str) -> str:
    """Return a media type by its full name."""
    return _TYPES.get(stated.lower(), stated.lower())


def _own(element: "Element") -> str:
    """Return the element's text, that of the elements in it left out."""
    text = element.text or ""
    if len(element):
        text += "".join(child.tail or "" for child in element)
    return text.strip()


def _text(element: "Element") -> str:
    return _repaired(_own(element))


def _repaired(text: str) -> str:
    """Return `text`, decoded where UTF-8 was taken for ISO 8859-1."""
    if text.isascii():
        return text
    with suppress(UnicodeError):
        return text.encode("iso-8859-1").decode()
    return text


def _marked_up(element: "Element", media: str) -> tuple[str, str]:
    """Return an element's text and its media type: markup in it makes it XHTML."""
    text = element.text or ""
    if media == _XHTML_TYPE:
        text = escape(text)
    if len(element):
        media = _XHTML_TYPE
        text += "".join(map(_markup, element))
    return _repaired(text.strip()), media


def _markup(element: "Element") -> str:
    """Return an element and the text behind it as HTML."""
    name = _local(element.tag)
    stated = "".join(
        f" {_local(key)}={quoteattr(value)}" for key, value in element.items()
    )
    inside = escape(element.text or "") + "".join(map(_markup, element))
    end = "" if name in _VOID else f"</{name}>"
    return f"<{name}{stated}>{inside}{end}{escape(element.tail or '')}"


def _local(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


def _looks_like_html(text: str) -> bool:
    if "</" not in text and "&" not in text:
        return False
    from feedparser.mixin import _FeedParserMixin

    return bool(_FeedParserMixin.looks_like_html(text))


def _person(element: "Element") -> str:
    """Return the name beside an e-mail address, or without one."""
    text = _text(element)[:_LONGEST_AUTHOR]
    address = _EMAIL.search(text) if "@" in text else None
    if not address:
        return text
    text = text.replace(address[0], "")
    for brackets in ("()", "<>", "&lt;&gt;"):
        text = text.replace(brackets, "")
    return text.strip().removeprefix("(").removesuffix(")").strip()


def _moment(text: str) -> object:
    """Return an aware datetime, feedparser's struct_time in UTC, or None."""
    with suppress(OverflowError, ValueError):
        if _RFC_3339.fullmatch(text):
            return datetime.fromisoformat(text).replace(microsecond=0)
        if found := _RFC_822.fullmatch(text):
            return _rfc_822(found)
    from feedparser.datetimes import _parse_date

    return _parse_date(text)


def _rfc_822(found: re.Match[str]) -> datetime:
    day, month, year, hour, minute, second, hours, minutes = found.groups()
    moment = datetime(
        int(year),
        _MONTHS.index(month) // 3 + 1,
        int(day),
        int(hour),
        int(minute),
        int(second),
        tzinfo=UTC,
    )
    if not hours:
        return moment
    return moment - timedelta(hours=int(hours), minutes=int(hours[0] + minutes))
