"""Feeds in XML: what `sound` and feedparser are given, and what this one may cost."""

import codecs
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.sax.expatreader import ExpatParser

from tracker.core.values import Document
from tracker.errors import Blocked, ReadError
from tracker.sources.feed import ending, loose, sound
from tracker.sources.feed.stated import Stated
from tracker.sources.feed.tree import UnusualError

if TYPE_CHECKING:
    from feedparser.mixin import _FeedParserMixin as Parser
else:
    Parser = object  # the class below goes before feedparser's, see _parse()

_MARKS = (  # byte order marks, then "<?" in encodings without one (XML 1.0, appendix F)
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
# Python also has codecs that are no encodings of pages, punycode being quadratic.
_ENCODING = re.compile(r"ascii|iso|cp|koi8|mac|big5|gb|euc|shift|hz|johab|tis|kz|ptcp")
_SEVEN_BIT = re.compile(r"iso2022|hz")  # these read as ASCII, so UTF-8 cannot be tried
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "iso8859-1": "cp1252"}

_DECLARATION = re.compile(r"<\?xml\s[^<>]*>")
_ROOT = re.compile(r"<[A-Za-z]")
_LONGEST_PROLOGUE = 20_000  # feedparser's expressions for it are quadratic
_NOT_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCE = re.compile(r"&#(?:x([0-9a-f]+)|([0-9]+));?", re.IGNORECASE)
_LAST_CHARACTER = 0x10FFFF
_LONGEST_REFERENCE = 8
_AMPERSAND = re.compile(  # that begins no reference: "R&D", "?a=1&b=2"
    r"&(?!#[0-9]{1,7};|#x[0-9a-f]{1,6};|[a-z][a-z0-9]{1,31};)", re.IGNORECASE
)
_CDATA = "<![CDATA["
_UNDECLARED = re.compile(r"(</?)rss:")

_MOST_ELEMENTS = 200_000  # feedparser takes 10 to 30 microseconds for each
_MOST_NAMESPACES = 200  # it searches all of them for every foreign element
_MOST_ATTRIBUTES = 1_000  # of an element: xml.sax searches all of them for each
_MOST_TAGS = 200  # of an entry: it compares each with all before it
_MOST_USED_CHARACTERS = 0x3000  # all scripts but CJK's: the table need not hold those
_LONGEST_AUTHOR = 300  # characters: its expression for e-mail addresses is quadratic


def entries(document: Document) -> tuple[list[Stated], bool]:
    """Return the entries of an XML feed, markup untouched.

    And whether the document breaks off: an entry in which it does so is left out, as
    half of it may not even tell its name. Raises ReadError or Blocked when the
    document is no feed.
    """
    for body in _bodies(document):
        try:
            return sound.entries(body, document.url), False
        except sound.MalformedError:
            continue
        except UnusualError:
            break
    feed = _feed(body, document.url)
    _refuse_other(feed, document)
    # Its own dictionary answers for absent keys with others, and warns of it.
    found = [loose.stated(dict(entry)) for entry in feed["entries"]]
    text = _decoded(document)
    is_cut = bool(found) and ending.is_cut(text)
    return (found[:-1] if is_cut and ending.is_in_entry(text) else found), is_cut


def _bodies(document: Document) -> Iterator[bytes]:
    """Yield the document in UTF-8: first as it is, then made ever more well-formed."""
    if _likely_encodings(document)[0] == "utf-8":
        yield document.body.removeprefix(codecs.BOM_UTF8).lstrip()
    text = _clean(_decoded(document))
    yield text.encode()
    if (mended := _mended(text)) != text:
        yield mended.encode()


def _feed(body: bytes, url: str) -> Mapping[str, Any]:
    """Return what feedparser makes of one of `_bodies`, the last that was tried."""
    text = _clean(body.decode("utf-8", "replace"))
    try:
        feed = _parsed(text, url)
        if feed["bozo"] and (mended := _mended(text)) != text:
            feed = _parsed(mended, url)
    except ReadError as error:
        raise ReadError(f"{url}: {error}") from error
    except Exception as error:  # feedparser raises anything on hostile input
        raise ReadError(f"{url}: broken feed: {error!r:.200}") from error
    return feed


def _parsed(text: str, url: str) -> Mapping[str, Any]:
    headers = {
        "content-type": "application/xml; charset=utf-8",
        "content-location": url,
    }
    feed: Mapping[str, Any] = _parse()(
        BytesIO(text.encode()),
        response_headers=headers,
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    return feed


def _refuse_other(feed: Mapping[str, Any], document: Document) -> None:
    """Raise when what was parsed is no feed."""
    title = feed["feed"].get("title", "")
    if title.startswith("Feed error for query"):  # rss.arxiv.org, for a wrong category
        raise ReadError(f"{document.url}: {title[:200]!r}")
    if feed["entries"] or (feed["version"] and not feed["bozo"]):
        return
    if re.search(rb"<html[\s>]", document.body[:5000], re.IGNORECASE):
        raise Blocked(f"{document.url}: a web page instead of a feed")
    why = str(feed.get("bozo_exception", "XML of another kind"))
    raise ReadError(f"{document.url}: not a feed: {why[:200]!r}")


# feedparser, kept within bounds


class Driver(ExpatParser):
    """Expat with buffered text, as a SAX driver.

    Unbuffered, expat calls feedparser for every line and entity of a text; buffered,
    the entries are the same in 0.7 of the time.
    """

    def reset(self) -> None:
        """Begin a document."""
        super().reset()
        expat: Any = vars(self)["_parser"]
        expat.buffer_size = 65_536
        expat.buffer_text = True

    def start_element_ns(self, name: str, attrs: Mapping[str, str]) -> None:
        """Raise ReadError over so many attributes."""
        if len(attrs) > _MOST_ATTRIBUTES:
            raise ReadError(f"over {_MOST_ATTRIBUTES:,} attributes of one element")
        super().start_element_ns(name, attrs)


create_parser = Driver  # what xml.sax.make_parser() calls in a driver's module


@cache
def _parse() -> Callable[..., Any]:
    """Return feedparser.parse, with our driver, our bounds, and less repeated work.

    And with ids as they were written. All are set in feedparser's own modules: its
    function takes none. Importing it takes 100 ms, paid by who reads an odd feed.
    """
    from feedparser import api, mixin

    # It resolves the base address anew at every element, and looks each character of
    # a text up in a dictionary, where an absent one costs an exception.
    mixin.make_safe_absolute_uri = lru_cache(16)(mixin.make_safe_absolute_uri)
    mixin._cp1252 = _characters(mixin._cp1252)

    mixin._FeedParserMixin.can_be_relative_uri -= {"id"}  # "12" is no address
    for name in ("StrictFeedParser", "LooseFeedParser"):
        setattr(api, name, type(name, (Bounded, getattr(api, name)), {}))
    api.PREFERRED_XML_PARSERS[:] = [__name__]
    parse: Callable[..., Any] = api.parse
    return parse


def _characters(replaced: Mapping[int, str]) -> list[int | str]:
    """Return a table for str.translate that replaces as `replaced` does, faster."""
    return [replaced.get(point, point) for point in range(_MOST_USED_CHARACTERS)]


class Bounded(Parser):  # type: ignore[misc]  # feedparser is untyped
    """A parser of feedparser's without the costs that grow with a square."""

    elements = 0

    def unknown_starttag(self, tag: str, attrs: list[tuple[str, str]]) -> None:
        """Raise ReadError over so many elements."""
        self.elements += 1
        if self.elements > _MOST_ELEMENTS:
            raise ReadError(f"over {_MOST_ELEMENTS:,} elements")
        super().unknown_starttag(tag, attrs)

    def track_namespace(self, prefix: str | None, uri: str) -> None:
        """Note so many namespaces."""
        if len(self.namespaces_in_use) < _MOST_NAMESPACES:
            super().track_namespace(prefix, uri)

    def _add_tag(self, *parts: str | None) -> None:
        if len(self._get_context().get("tags", ())) < _MOST_TAGS:
            super()._add_tag(*parts)

    def _sync_author_detail(self, key: str = "author") -> None:
        context = self._get_context()
        if key in context:
            context[key] = context[key][:_LONGEST_AUTHOR]
        super()._sync_author_detail(key)


# From bytes to text that expat accepts


def _decoded(document: Document) -> str:
    """Return the text of an XML document.

    A declared encoding gives way to UTF-8 where that fits: the server's default or
    the template's first line is wrong more often than a text is UTF-8 by chance.
    """
    body = document.body
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    for encoding in _likely_encodings(document):
        try:
            return body.decode(encoding)
        except UnicodeError:
            continue
    return body.decode("cp1252", "replace")


def _likely_encodings(document: Document) -> list[str]:
    header = _CHARSET.search(document.headers.get("content-type", ""))
    inside = _DECLARED.search(document.body[:1000])
    names = [header[1] if header else "", inside[1].decode("latin-1") if inside else ""]
    declared = [encoding for name in names if (encoding := _encoding(name))]
    seven_bit = [encoding for encoding in declared if _SEVEN_BIT.match(encoding)]
    return [*seven_bit, "utf-8", *declared]


def _encoding(name: str) -> str | None:
    """Return Python's name of an encoding of one or more bytes per character."""
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return _WIDER.get(known, known) if _ENCODING.match(known) else None


def _clean(text: str) -> str:
    """Return `text` with what is no XML character replaced, after one declaration.

    Space before the declaration, control characters and references to none of
    Unicode's characters are errors that would send the whole feed to feedparser's
    loose parser, or make that raise.
    """
    text = _REFERENCE.sub(_sound_reference, _NOT_XML.sub(" ", text))
    root = _ROOT.search(text)
    start = root.start() if root else len(text)
    prologue = _DECLARATION.sub("", text[:start][:_LONGEST_PROLOGUE])
    lines = "\n".join(line.strip() for line in prologue.splitlines() if line.strip())
    if "<rss:item" in text and "xmlns:rss" not in text:
        text = text[:start] + _UNDECLARED.sub(r"\1", text[start:])
    return f"<?xml version='1.0' encoding='utf-8'?>\n{lines}\n{text[start:]}"


def _mended(text: str) -> str:
    """Return `text` with every ampersand as part of a reference, CDATA left as it is.

    feedparser's loose parser reads "R&D" as a reference, "R&D;".
    """
    first, *others = text.split(_CDATA)
    parts = [_AMPERSAND.sub("&amp;", first)]
    for other in others:
        inside, end, outside = other.partition("]]>")
        parts += [_CDATA, inside, end, _AMPERSAND.sub("&amp;", outside)]
    return "".join(parts)


def _sound_reference(found: re.Match[str]) -> str:
    hexadecimal, decimal = found.groups()
    digits = (hexadecimal or decimal).lstrip("0")
    if len(digits) > _LONGEST_REFERENCE or not digits:
        return "\ufffd"
    point = int(digits, 16 if hexadecimal else 10)
    sound = point <= _LAST_CHARACTER and not _NOT_XML.match(chr(point))
    return found[0] if sound else "\ufffd"
