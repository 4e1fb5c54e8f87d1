"""What an entry's element says, under feedparser's names.

feedparser's rules for which of several titles, links, dates and texts counts hold
here too, so that it does not matter which of both has read a feed.
"""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from tracker.sources.feed import parts
from tracker.sources.feed.parts import name_of
from tracker.sources.feed.tree import Tree, UnusualError

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_MOST_TAGS = 200  # as in `xml`

_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_DOIS = ("arxiv_doi", "citation_doi")
_NAMES = frozenset({"name", "itunes_name"})
_HREFS = ("url", "uri", "href")
_HTML = frozenset({"text/html", parts.XHTML_TYPE})
_TEXTUAL = re.compile(r"text/(?!xml\Z)|application/xhtml\+xml\Z")
_HALF_REFERENCE = re.compile(r"&(\w+);", re.ASCII)


class Item:
    """What an entry's element says, collected in `raw`."""

    def __init__(self, tree: Tree, element: "Element", readers: "Readers") -> None:
        self.tree = tree
        self.raw: dict[str, Any] = {"links": [], "authors": [], "tags": []}
        self._readers = readers
        if about := element.get(_ABOUT):
            self.raw["id"] = about
        self._depths: dict[str, int] = {}  # from which depth a value was taken
        self._titled: int | None = None  # the depth of the title that counts
        self._has_content = False
        self._read_children(element, 1)

    def _read_children(self, parent: "Element", depth: int) -> None:
        readers = self._readers
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
        named = [stated[name] for name in _HREFS if name in stated] if stated else ()
        href = named[0] if named else None
        address = _written_out(parts.text_of(element)) if href is None else href
        if not address:
            return
        rel = stated.get("rel", "alternate").lower()
        address = self.tree.resolved(address, element)
        self.raw["links"].append({"rel": rel, "href": address})
        is_page = parts.media_type(stated.get("type", "text/html")) in _HTML
        if href is None or (rel == "alternate" and is_page):
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

    def _body(self, element: "Element", media: str) -> dict[str, Any]:
        """Return a text with its media type and its base address."""
        if stated := parts.attributes(element):
            media = parts.media_type(stated.get("type", media))
            if stated.get("mode") == "base64" or not _TEXTUAL.match(media):
                raise UnusualError
        if len(element) or media == parts.XHTML_TYPE:
            text, media = parts.marked_up(self._whole(element, media), media)
        else:
            text = parts.text_of(element)
        plain = media == "text/plain" and self.tree.kind != "feed"
        if plain and parts.looks_like_html(text):
            media = "text/html"
        return {"value": text, "type": media, "base": self.tree.base(element)}

    def _whole(self, element: "Element", media: str) -> "Element":
        """Return what holds all of a text: a div that only wraps it, or the element."""
        if len(element) != 1 or (element.text or "").strip():
            return element
        (only,) = element
        wraps = self.tree.is_atom if media == parts.XHTML_TYPE else media[-3:] != "xml"
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


def _written_out(address: str) -> str:
    """Return an address that stands as text with its references decoded, once more."""
    if "&" not in address:
        return address
    return _HALF_REFERENCE.sub(r"&\1", address.replace("&amp;", "&"))


Reader: TypeAlias = Callable[[Item, "Element", int], None]
Readers: TypeAlias = dict[str, Reader | None]
"""Those of a feed's elements that were met, by lxml's tags."""

_READERS: Mapping[str, Reader] = {
    **dict.fromkeys(("title", "dc_title"), Item.title),
    "media_title": Item.medium_title,
    "link": Item.link,
    **dict.fromkeys(("guid", "id"), Item.guid),
    **dict.fromkeys(
        ("description", "dc_description", "media_description"), Item.description
    ),
    **dict.fromkeys(("summary", "itunes_summary", "abstract"), Item.summary),
    "content": Item.content,
    **dict.fromkeys(("content_encoded", "fullitem"), Item.encoded),
    **dict.fromkeys(("body", "xhtml_body"), Item.xhtml),
    **dict.fromkeys(
        ("author", "managingeditor", "dc_author", "dc_creator", "itunes_author"),
        Item.author,
    ),
    **dict.fromkeys(
        ("category", "keywords", "dc_subject", "media_category", "itunes_category"),
        Item.category,
    ),
    **dict.fromkeys(("tags", "itunes_keywords", "media_keywords"), Item.keywords),
    **dict.fromkeys(
        ("published", "issued", "pubdate", "dcterms_issued"), Item.published
    ),
    **dict.fromkeys(
        ("updated", "modified", "lastbuilddate", "dc_date", "dcterms_modified"),
        Item.updated,
    ),
    **dict.fromkeys(("created", "dcterms_created"), Item.created),
    **dict.fromkeys(
        ("feedburner_origlink", "prism_doi", "dc_identifier", *_DOIS),
        Item.note,
    ),
    **dict.fromkeys(
        ("source", "image", "textinput", "contributor", "itunes_owner"), Item.skip
    ),
}
