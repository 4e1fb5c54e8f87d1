"""A feed's tree of elements, and what is known of all of it."""

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from tracker.sources import base
from tracker.sources.feed import parts
from tracker.sources.feed.parts import name_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_ROOTS = frozenset({"rss", "feed", "rdf_rdf"})
_ENTRIES = frozenset({"item", "entry"})
_ABSOLUTE = re.compile(r"https?://(?!/)")
_SLASHES = re.compile(r"\A(https?://)/+", re.IGNORECASE)


class UnusualError(ValueError):
    """The document is for feedparser to read."""


class Tree:
    """A document's tree, and what is known of all of it."""

    def __init__(self, root: "Element", url: str, *, has_bases: bool) -> None:
        self.url = url
        self.root = root
        self.kind = name_of(root)
        self.is_atom = root.tag[1:].lower().startswith(parts.ATOM)  # 1.0
        self.has_bases = has_bases
        self._bases: dict[Element, str] = {}

    def entries(self) -> "list[Element]":
        """Return the entries' elements, in order.

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
        return found

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
        address = address.strip()
        if _ABSOLUTE.match(address):
            return address
        address = _SLASHES.sub(r"\1", address)
        if address.startswith(("https://", "http://")):
            return address
        try:
            return urljoin(self.base(element), address)
        except ValueError:
            return address
