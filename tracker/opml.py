"""OPML, the subscription lists of feed readers: opml.org/spec2.opml, and 1.0.

Read with expat, which comes with Python, and without document type declarations: where
none is accepted no entity can be declared, so none can grow or name a file.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NoReturn
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from tracker.errors import ReadError

LARGEST = 5_000_000
"""Bytes; 400 feeds take 60,000."""

_MOST_OUTLINES = 20_000
_DEEPEST = 100
# What XML 1.0 has no character for, not even escaped.
_NO_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Outline:
    """A subscription: its title ("" for none), the feed's address, the site's."""

    title: str
    address: str
    page: str | None = None


def read(body: bytes, name: str) -> tuple[Outline, ...]:
    """Return the subscriptions of the OPML document `body`, folders left out.

    Titles and addresses are as they stand there, not checked. Raises ReadError
    that begins with `name` when it is no OPML, broken, or out of all proportion.
    """
    if len(body) > LARGEST:
        raise ReadError(f"{name}: over {LARGEST / 1e6:g} MB, too large for OPML")
    reader = _Reader()
    try:
        reader.parser.Parse(body, True)  # noqa: FBT003 - as expat has it: is_final
    except (expat.ExpatError, ReadError, ValueError, LookupError) as error:
        raise ReadError(f"{name}: not OPML that can be read: {error}") from error
    return tuple(reader.outlines)


class _Reader:
    """What expat calls, element by element; it recurses nowhere."""

    def __init__(self) -> None:
        self.outlines: list[Outline] = []
        self._depth = 0
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = _refuse_doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._depth == 0 and tag.lower() != "opml":
            raise ReadError(f"its root is <{tag[:40]}>, not <opml>")
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ReadError(f"over {_DEEPEST} levels deep")
        if tag.lower() == "outline":
            self._outline({key.lower(): text for key, text in attributes.items()})

    def _end(self, _tag: str) -> None:
        self._depth -= 1

    def _outline(self, said: dict[str, str]) -> None:
        address = said.get("xmlurl", "").strip()
        if not address:
            return  # a folder, or a note
        title = said.get("title", "").strip() or said.get("text", "").strip()
        self.outlines.append(Outline(title, address, said.get("htmlurl") or None))
        if len(self.outlines) > _MOST_OUTLINES:
            raise ReadError(f"over {_MOST_OUTLINES:,} feeds")


def _refuse_doctype(*_parts: object) -> NoReturn:
    raise ReadError("it has a document type declaration, which OPML has no use for")


def written(outlines: Iterable[Outline], title: str) -> str:
    """Return an OPML 2.0 document of the subscriptions."""
    lines = "\n".join(f"    {_outline(outline)}" for outline in outlines)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n  <head>\n'
        f"    <title>{escape(sound(title))}</title>\n  </head>\n  <body>\n"
        f"{lines}\n  </body>\n</opml>\n"
    )


def _outline(outline: Outline) -> str:
    said = {
        "type": "rss",
        "text": outline.title,
        "title": outline.title,
        "xmlUrl": outline.address,
    }
    if outline.page:
        said["htmlUrl"] = outline.page
    stated = (f"{key}={quoteattr(sound(text))}" for key, text in said.items())
    return f"<outline {' '.join(stated)}/>"


def sound(text: str) -> str:
    """Return `text` with a space for each character that XML 1.0 does not have."""
    return _NO_CHARACTER.sub(" ", text)
