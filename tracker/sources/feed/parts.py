"""What one element of a feed in XML says: its name, text, markup, person or date."""

import re
from calendar import timegm
from contextlib import suppress
from datetime import UTC, datetime
from time import struct_time
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

ATOM = "http://www.w3.org/2005/atom"
_XHTML = "http://www.w3.org/1999/xhtml"
XHTML_TYPE = "application/xhtml+xml"
# Namespaces in lower case, and the prefixes feedparser knows them by.
_PREFIXES = {
    "": "",
    ATOM: "",
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
_VOID = frozenset(
    {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source"}
    | {"track", "wbr"}
)

_TYPES = {
    "text": "text/plain",
    "plain": "text/plain",
    "html": "text/html",
    "xhtml": XHTML_TYPE,
}
_LONGEST_DATE = 100
_LONGEST_AUTHOR = 300

_EMAIL = re.compile(r"[\w.+-]+@(?:[a-z0-9-]+\.)+(?:[a-z]{2,4}|[0-9]{1,3})", re.I | re.A)
_RFC_822 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d\d?) ([A-Z][a-z]{2}) (\d{4}) (\d\d:\d\d:\d\d) "
    r"(?:([+-][01]\d)([0-5]\d)|(GMT|UTC?|Z|[ECMP][SD]T))",
    re.ASCII,
)
_RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:[0-5]\d)", re.ASCII
)
_LONG_YEAR = re.compile(r"\s*\d{5,}-")  # which feedparser takes for another
_ZONES = {  # RFC 822's names; the others are UTC's
    name: f"-{hours:02}:00"
    for standard, hours in (("EST", 5), ("CST", 6), ("MST", 7), ("PST", 8))
    for name, hours in ((standard, hours), (f"{standard[0]}DT", hours - 1))
}
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"


def name_of(element: "Element") -> str:
    """Return feedparser's name of an element, such as "dc_creator"."""
    space, _, local = element.tag.rpartition("}")
    prefix = _PREFIXES.get(space[1:].lower(), element.prefix or "")
    return f"{prefix}_{local}".lower() if prefix else local.lower()


def attributes(element: "Element") -> dict[str, str]:
    """Return the element's attributes, their names in lower case."""
    items = element.items()
    return {name.lower(): value for name, value in items} if items else {}


def media_type(stated: str) -> str:
    """Return a media type by its full name."""
    return _TYPES.get(stated.lower(), stated.lower())


def own_text(element: "Element") -> str:
    """Return the element's text, that of the elements in it left out."""
    text = element.text or ""
    if len(element):
        text += "".join(child.tail or "" for child in element)
    return text.strip()


def text_of(element: "Element") -> str:
    """Return the element's own text, repaired."""
    text = own_text(element) if len(element) else (element.text or "").strip()
    return text if text.isascii() else _repaired(text)


def _repaired(text: str) -> str:
    """Return `text`, decoded where UTF-8 was taken for ISO 8859-1."""
    try:
        return text.encode("iso-8859-1").decode()
    except UnicodeError:
        return text


def marked_up(element: "Element", media: str) -> tuple[str, str]:
    """Return an element's text and its media type: markup in it makes it XHTML."""
    text = element.text or ""
    if media == XHTML_TYPE:
        text = escape(text)
    if len(element):
        media = XHTML_TYPE
        text += "".join(map(_markup, element))
    text = text.strip()
    return text if text.isascii() else _repaired(text), media


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


def looks_like_html(text: str) -> bool:
    """Return whether a text is markup though declared plain, as feedparser decides."""
    if "</" not in text and "&" not in text:
        return False
    from feedparser.mixin import _FeedParserMixin

    return bool(_FeedParserMixin.looks_like_html(text))


def person(element: "Element") -> str:
    """Return the name beside an e-mail address, or without one."""
    text = text_of(element)[:_LONGEST_AUTHOR]
    address = _EMAIL.search(text) if "@" in text else None
    if not address:
        return text
    text = text.replace(address[0], "")
    for brackets in ("()", "<>", "&lt;&gt;"):
        text = text.replace(brackets, "")
    return text.strip().removeprefix("(").removesuffix(")").strip()


def moment(text: str) -> datetime | None:
    """Return the aware time that a text states, in any of many formats."""
    try:
        if found := _RFC_822.fullmatch(text):
            return _rfc_822(found)
        if _RFC_3339.fullmatch(text):
            return datetime.fromisoformat(text).replace(microsecond=0)
    except ValueError:  # such as the 31st of June
        return _odd_moment(text)
    return _odd_moment(text)


def _odd_moment(text: str) -> datetime | None:
    from feedparser.datetimes import _parse_date

    return of_struct(_parse_date(text[:_LONGEST_DATE]), text)


def _rfc_822(found: re.Match[str]) -> datetime:
    day, name, year, clock, hours, minutes, zone = found.groups()
    month = _MONTHS.index(name) // 3 + 1
    offset = f"{hours}:{minutes}" if hours else _ZONES.get(zone, "Z")
    return datetime.fromisoformat(f"{year}-{month:02}-{day:0>2}T{clock}{offset}")


def of_struct(moment: struct_time | None, text: str) -> datetime | None:
    """Return what feedparser made of a date, in UTC, as an aware time."""
    if not moment or _LONG_YEAR.match(text):
        return None
    with suppress(OSError, OverflowError, ValueError):
        return datetime.fromtimestamp(timegm(moment), UTC)
    return None
