"""Feeds in well-formed XML, read with lxml into what feedparser would make of them.

In a tenth of its time. feedparser still reads all that is unusual: what is not
well-formed, document types, undefined entities, CDF, entries in odd places. Its rules
for which of several titles, links, dates and texts counts hold here too, so that it
does not matter which of both has read a feed.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urljoin
from xml.parsers import expat

from tracker.errors import ReadError
from tracker.sources import base
from tracker.sources.feed import parts
from tracker.sources.feed.parts import name_of

if TYPE_CHECKING:
    from lxml.etree import XMLParser
    from lxml.etree import _Element as Element

Raw: TypeAlias = dict[str, Any]

# Bounds as in `xml`; what exceeds the first is left to it before anything is built.
_MOST_ELEMENTS = 200_000
_MOST_TAGS = 200

_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_ROOTS = frozenset({"rss", "feed", "rdf_rdf"})
_ENTRIES = frozenset({"item", "entry"})
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_DOIS = ("arxiv_doi", "citation_doi")
_NAMES = frozenset({"name", "itunes_name"})
_HTML = frozenset({"text/html", parts.XHTML_TYPE})
_SLASHES = re.compile(r"\A(https?://)/+", re.IGNORECASE)
_TEXTUAL = re.compile(r"text/(?!xml\Z)|application/xhtml\+xml\Z")
_HALF_REFERENCE = re.compile(r"&(\w+);", re.ASCII)


class MalformedError(ValueError):
    """The document is not well-formed."""


class UnusualError(ValueError):
    """The document is for feedparser to read."""


def entries(body: bytes, url: str) -> list[Raw]:
    """Return the entries of a feed in UTF-8 under feedparser's names, markup untouched.

    Raises MalformedError or UnusualError, and ReadError over so many elements.
    """
    from lxml import etree

    if not _is_bounded(body):
        _refuse_masses(body, url)
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


def _refuse_masses(body: bytes, url: str) -> None:
    """Raise ReadError over 200,000 elements: counted in a second, without a tree.

    Tags in a text, which are none, may have made us count.
    """
    count = 0

    def note(*_: object) -> None:
        nonlocal count
        count += 1
        if count > _MOST_ELEMENTS:
            raise ReadError(f"{url}: over {_MOST_ELEMENTS:,} elements")

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = note
    with suppress(expat.ExpatError):
        parser.Parse(body)


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
        self.kind = name_of(root)
        self.is_atom = root.tag[1:].lower().startswith(parts.ATOM)  # 1.0
        self.has_bases = has_bases
        self._bases: dict[Element, str] = {}
        self.readers: dict[str, Reader | None] = {}  # of elements, by lxml's tags

    def entries(self) -> list[Raw]:
        """Return the entries, in order.

        Raises UnusualError when it is no feed, or entries stand in odd places.
        """
        named = list(self.root.iter("{*}item", "{*}entry"))
        tags = {one.tag: one for one in named}
        meant = {tag for tag, one in tags.items() if name_of(one) in _ENTRIES}
        found = [one for one in named if one.tag in meant]
        places = {
            self.root,
            *(one for one in self.root if name_of(one) == "channel"),
        }
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
                readers[tag] = _READERS.get(name_of(child))
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
        stated = parts.attributes(element)
        rel = stated.get("rel", "alternate").lower()
        media = parts.media_type(stated.get("type", "text/html"))
        named = (stated.get(name) for name in ("url", "uri", "href"))
        href = next((one for one in named if one is not None), None)
        text = parts.text_of(element).replace("&amp;", "&") if href is None else ""
        address = _HALF_REFERENCE.sub(r"&\1", text) if href is None else href
        if not address:
            return
        address = self.feed.resolved(address, element)
        self.raw["links"].append({"rel": rel, "href": address})
        if href is None or (rel == "alternate" and media in _HTML):
            self.raw["link"] = address

    def guid(self, element: "Element", depth: int) -> None:
        """Read the entry's name, which may be its address too."""
        name = parts.text_of(element)
        self._save("id", name, depth)
        is_link = parts.attributes(element).get("ispermalink", "true") == "true"
        if is_link and name.startswith(("http://", "https://")):  # "1" is no address
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
        self._content(element, parts.XHTML_TYPE)

    def _content(self, element: "Element", media: str) -> None:
        body = self._body(element, media)
        self.raw.setdefault("content", []).append(body)
        if body["type"] in _HTML or body["type"] == "text/plain":
            self.raw.setdefault("summary", body["value"])

    def _body(self, element: "Element", media: str) -> Raw:
        """Return a text with its media type and its base address."""
        if stated := parts.attributes(element):
            media = parts.media_type(stated.get("type", media))
            if stated.get("mode") == "base64" or not _TEXTUAL.match(media):
                raise UnusualError
        text, media = parts.marked_up(self._whole(element, media), media)
        plain = media == "text/plain" and self.feed.kind != "feed"
        if plain and parts.looks_like_html(text):
            media = "text/html"
        return {"value": text, "type": media, "base": self.feed.base(element)}

    def _whole(self, element: "Element", media: str) -> "Element":
        """Return what holds all of a text: a div that only wraps it, or the element."""
        if len(element) != 1 or (element.text or "").strip():
            return element
        (only,) = element
        wraps = self.feed.is_atom if media == parts.XHTML_TYPE else media[-3:] != "xml"
        is_div = name_of(only) in {"div", "xhtml_div"} and not (only.tail or "").strip()
        return only if wraps and is_div else element

    def author(self, element: "Element", depth: int) -> None:
        """Read a person: a name among other elements, or all as text."""
        names = [parts.own_text(part) for part in element if name_of(part) in _NAMES]
        self.raw["authors"].append(
            {"name": names[-1] if names else parts.person(element)}
        )

    def category(self, element: "Element", _: int) -> None:
        """Read a tag: a term, a text, else a label."""
        stated, text = parts.attributes(element), parts.text_of(element)
        terms = [term for term in (stated.get("term"), text) if term]
        label = stated.get("text") or stated.get("label") or ""
        self._tag(*(terms or [label]))

    def keywords(self, element: "Element", _: int) -> None:
        """Read tags with commas between."""
        self._tag(*(term.strip() for term in parts.text_of(element).split(",")))

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
        text = parts.text_of(element)
        self.raw[name], self.raw[f"{name}_parsed"] = text, parts.moment(text)

    def note(self, element: "Element", depth: int) -> None:
        """Read a text that has no rules of its own."""
        self._save(name_of(element), parts.text_of(element), depth)

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
