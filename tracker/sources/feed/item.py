"""What an entry's element says.

feedparser's rules for which of several titles, links, dates and texts counts hold
here too, so that it does not matter which of both has read a feed.
"""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from tracker.sources.feed import parts
from tracker.sources.feed.parts import name_of
from tracker.sources.feed.stated import DOIS, Stated, Text
from tracker.sources.feed.tree import Tree, UnusualError

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_MOST_TAGS = 200  # as in `xml`

_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_NAMES = frozenset({"name", "itunes_name"})
_HREFS = ("url", "uri", "href")
_HTML = frozenset({"text/html", parts.XHTML_TYPE})
_TEXTUAL = re.compile(r"text/(?!xml\Z)|application/xhtml\+xml\Z")
_HALF_REFERENCE = re.compile(r"&(\w+);", re.ASCII)
_NOWHERE = 1_000_000  # deeper than any element


class Item:
    """What an entry's element says, collected in `stated`."""

    __slots__ = ("_depths", "_has_content", "_readers", "_titled", "stated", "tree")

    def __init__(self, tree: Tree, element: "Element", readers: "Readers") -> None:
        self.tree = tree
        self.stated = Stated(guid=element.get(_ABOUT, ""))
        self._readers = readers
        self._depths: dict[str, int] = {}  # from which depth a value was taken
        self._titled = _NOWHERE  # the depth of the title that counts
        self._has_content = False
        self._read_children(element, 1)

    def _read_children(self, parent: "Element", depth: int) -> None:
        readers = self._readers
        for child in parent:
            try:
                reader = readers[child.tag]
            except KeyError:
                reader = readers[child.tag] = _READERS.get(name_of(child))
            if reader is not None:
                reader(self, child, depth)
            elif len(child):
                self._read_children(child, depth + 1)

    def _counts(self, name: str, depth: int) -> bool:
        """Return whether a value counts: the last one of the shallowest depth does."""
        if depth > self._depths.get(name, depth):
            return False
        self._depths[name] = depth
        return True

    def title(self, element: "Element", depth: int) -> None:
        """Read the title: the first one of the shallowest depth counts."""
        if self._title(element, depth):
            self._titled = depth

    def medium_title(self, element: "Element", depth: int) -> None:
        """Read a medium's title, which gives way to the entry's own."""
        self._title(element, depth)

    def _title(self, element: "Element", depth: int) -> str:
        if self._titled <= depth:
            return ""
        title = self._text(element, "text/plain")
        if self._counts("title", depth):
            self.stated.title = title
        return title.value

    def link(self, element: "Element", _: int) -> None:
        """Read a link: an address in an attribute, or as text."""
        stated = parts.attributes(element)
        href = next((stated[name] for name in _HREFS if name in stated), None)
        address = _written_out(parts.text_of(element)) if href is None else href
        if not address:
            return
        rel = stated.get("rel", "alternate").lower()
        address = self.tree.resolved(address, element)
        self.stated.links.append((rel, address))
        is_page = parts.media_type(stated.get("type", "text/html")) in _HTML
        if href is None or (rel == "alternate" and is_page):
            self.stated.link = address

    def guid(self, element: "Element", depth: int) -> None:
        """Read the entry's name, which may be its address too."""
        name = parts.text_of(element)
        if self._counts("guid", depth):
            self.stated.guid = name
        if self.stated.link or not name.startswith(("http://", "https://")):
            return  # "1" is no address
        if parts.attributes(element).get("ispermalink", "true") == "true":
            self.stated.link = name

    def origin(self, element: "Element", depth: int) -> None:
        """Read the address that FeedBurner's leads to."""
        if self._counts("origin", depth):
            self.stated.origin = parts.text_of(element)

    def description(self, element: "Element", depth: int) -> None:
        """Read a summary in HTML."""
        self._summary(element, depth, "text/html")

    def summary(self, element: "Element", depth: int) -> None:
        """Read a summary in plain text, or of a stated type."""
        self._summary(element, depth, "text/plain")

    def _summary(self, element: "Element", depth: int, media: str) -> None:
        stated = self.stated
        if (stated.summary or stated.contents) and not self._has_content:
            self.content(element, depth)
            return
        summary = self._text(element, media)
        if self._counts("summary", depth):
            stated.summary = summary

    def content(self, element: "Element", _: int) -> None:
        """Read the text in a stated type."""
        self._has_content = True
        self.stated.contents.append(self._text(element, "text/plain"))

    def encoded(self, element: "Element", _: int) -> None:
        """Read the text in HTML."""
        self._has_content = True
        self.stated.contents.append(self._text(element, "text/html"))

    def xhtml(self, element: "Element", _: int) -> None:
        """Read the text in XHTML."""
        self.stated.contents.append(self._text(element, parts.XHTML_TYPE))

    def _text(self, element: "Element", media: str) -> Text:
        """Return a text of that media type, unless another one is stated."""
        if element.keys():
            media = _stated_media(element, media)
        if media == parts.XHTML_TYPE or len(element):
            text, media = parts.marked_up(self._whole(element, media), media)
        else:
            text = parts.text_of(element)
        plain = media == "text/plain" and self.tree.kind != "feed"
        if plain and parts.looks_like_html(text):
            media = "text/html"
        return Text(text, media, self.tree.base(element))

    def _whole(self, element: "Element", media: str) -> "Element":
        """Return what holds all of a text: a div that only wraps it, or the element."""
        if len(element) != 1 or (element.text or "").strip():
            return element
        (only,) = element
        wraps = self.tree.is_atom if media == parts.XHTML_TYPE else media[-3:] != "xml"
        is_div = name_of(only) in {"div", "xhtml_div"} and not (only.tail or "").strip()
        return only if wraps and is_div else element

    def author(self, element: "Element", _: int) -> None:
        """Read a person: a name among other elements, or all as text."""
        names = [parts.own_text(part) for part in element if name_of(part) in _NAMES]
        self.stated.people.append(names[-1] if names else parts.person(element))

    def category(self, element: "Element", _: int) -> None:
        """Read a tag: a term, a text, else a label."""
        stated, text = parts.attributes(element), parts.text_of(element)
        if term := stated.get("term"):
            self._tag([term, text])
        else:
            self._tag([text or stated.get("text") or stated.get("label") or ""])

    def keywords(self, element: "Element", _: int) -> None:
        """Read tags with commas between."""
        self._tag([term.strip() for term in parts.text_of(element).split(",")])

    def _tag(self, terms: list[str]) -> None:
        tags = self.stated.tags
        tags += filter(None, terms[: _MOST_TAGS - len(tags)])

    def published(self, element: "Element", _: int) -> None:
        """Read when it was published; the last date counts."""
        self.stated.dated = text = parts.text_of(element)
        self.stated.published = parts.moment(text)

    def updated(self, element: "Element", _: int) -> None:
        """Read when it was changed."""
        self.stated.updated = parts.moment(parts.text_of(element))

    def created(self, element: "Element", _: int) -> None:
        """Read when it was made."""
        self.stated.created = parts.moment(parts.text_of(element))

    def doi(self, element: "Element", depth: int) -> None:
        """Read what may be a DOI, by its element's name."""
        if self._counts(name := name_of(element), depth):
            self.stated.dois[name] = parts.text_of(element)

    def skip(self, element: "Element", depth: int) -> None:
        """Read nothing: what is inside speaks of something else."""


def _stated_media(element: "Element", media: str) -> str:
    """Return the media type of a text's element; UnusualError when it is no text's."""
    stated = parts.attributes(element)
    media = parts.media_type(stated.get("type", media))
    if stated.get("mode") == "base64" or not _TEXTUAL.match(media):
        raise UnusualError
    return media


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
    "feedburner_origlink": Item.origin,
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
    **dict.fromkeys(DOIS, Item.doi),
    **dict.fromkeys(
        ("source", "image", "textinput", "contributor", "itunes_owner"), Item.skip
    ),
}
