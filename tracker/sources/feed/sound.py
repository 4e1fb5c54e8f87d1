"""Feeds in well-formed XML, read with lxml by feedparser's rules.

In a tenth of its time. feedparser still reads all that is unusual: what is not
well-formed, document types, undefined entities, CDF, entries in odd places.
"""

from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING
from xml.parsers import expat

from tracker.errors import ReadError
from tracker.sources.feed.item import Item, Readers
from tracker.sources.feed.stated import Stated
from tracker.sources.feed.tree import Tree, UnusualError

if TYPE_CHECKING:
    from lxml.etree import XMLParser

# As in `xml`; what exceeds it is left to that before anything is built.
_MOST_ELEMENTS = 200_000


class MalformedError(ValueError):
    """The document is not well-formed."""


def entries(body: bytes, url: str) -> list[Stated]:
    """Return the entries of a feed in UTF-8, markup untouched.

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
    tree = Tree(root, url, has_bases=b"xml:base" in body)
    readers: Readers = {}
    return [Item(tree, element, readers).stated for element in tree.entries()]


def _is_bounded(body: bytes) -> bool:
    """Return whether the document has so few elements that its tree stays small."""
    return (
        len(body) <= _MOST_ELEMENTS * len("<a/>")
        or body.count(b"<") <= _MOST_ELEMENTS
        or body.count(b"</") + body.count(b"/>") <= _MOST_ELEMENTS
    )


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
