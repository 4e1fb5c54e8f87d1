"""What every kind of source shares: the interface, and cleaning of fetched text.

A kind is one file in this package. The module's name is the kind; its class
`Source` holds the options (checked by pydantic) and two pure functions.
"""

import html
import json
import re
from abc import ABC, abstractmethod
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Any, ClassVar
from urllib.parse import urljoin, urlsplit

import nh3
from pydantic import BaseModel, BeforeValidator, ConfigDict

from tracker.core.values import Document, Page, Request, Window
from tracker.errors import Blocked, RateLimited, ReadError


class Source(BaseModel, ABC):
    """The options of one [[source]] of some kind, and how to read it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    every: ClassVar[timedelta] = timedelta(hours=6)
    """A source of this kind is asked no more often than this, unless configured."""

    lookback: ClassVar[timedelta] = timedelta(days=14)
    """How far back the first window of a source of this kind reaches."""

    overlap: ClassVar[timedelta] = timedelta(days=7)
    """How far later windows reach back before the last success: what a source
    publishes late, under an earlier date, is found all the same."""

    restates: ClassVar[bool] = False
    """Whether it also brings what was published before the window, such as a new
    version of an old paper: that is stored, and is no news."""

    is_catalogue: ClassVar[bool] = True
    """Whether it lists papers as their publishers state them, with their authors."""

    makes_items: ClassVar[bool] = True
    """Whether what it lists was published there.

    Where it was not, entries only add to the items that exist: their `signals` and
    `ids`, by one of those ids; an entry of an unknown work is dropped. As the work
    may reach us later, such a source is read again whole, and after all others.
    """

    wants_ids: ClassVar[bool] = False
    """Whether it has to be told which works to ask about, in `Window.ids`."""

    @classmethod
    @abstractmethod
    def at(cls, url: str) -> "Source":
        """Return a source of this kind that reads from `url`, for previews."""

    @abstractmethod
    def first(self, window: Window) -> tuple[Request, ...]:
        """Return the requests that start collecting what `window` holds."""

    @abstractmethod
    def read(self, document: Document) -> Page:
        """Return the document's entries and the requests that follow it.

        Raises ReadError, Blocked or RateLimited when the document is not what
        the source promises.
        """

    def absent(self, document: Document) -> tuple[Request, ...]:
        """Return what to ask for in place of what is not there, 404: nothing.

        Only requests that may be missing come to it.
        """
        return ()


# Tags a reading list needs; everything else is dropped with its attributes.
_TAGS = nh3.ALLOWED_TAGS - {"map", "area", "center", "wbr"} | {"section"}
_SCHEMES = {"http", "https"}
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]"
)
_WINDOWS = {
    point: letter
    for point in range(0x80, 0xA0)
    if (letter := bytes([point]).decode("cp1252", "ignore"))
}
_ASCII = "".join(_CONTROL.sub(" ", chr(point)) for point in range(128))
# Directional overrides reorder text: a title could forge its neighbours.
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SPACE = re.compile(r"\s+")
_TAGLESS = nh3.Cleaner(tags=set())
_BLOCK = re.compile(
    r"<(?=/?(?:p|div|br|hr|li|ul|ol|dl|dt|dd|h[1-6]|tr|td|th|table|pre|blockquote"
    r"|section|article|figure|figcaption)\b)",
    re.IGNORECASE,
)
# Tags as nh3 writes them: names in lower case, "<" and ">" escaped within.
_SAFE_BLOCK = re.compile(_BLOCK.pattern + "[^>]*>?")
_SAFE_TAG = re.compile("<[^>]*>?")
# In addresses browsers skip tabs and line breaks, wherever they stand: "https\t://".
_BROKEN_TAG = re.compile("<[a-z][^>\t\n]*[\t\n][^>]*>")
# Nearly all of a text is neither end of a tag, control character, nor outside ASCII:
# whether it has a control character or a broken tag shows in the few that are left.
_USUAL = bytes(set(range(0x20, 0x7F)) - set(b"<>"))
_BROKEN = re.compile("<[^>\t\n]*[\t\n]")
_ADDRESS = re.compile('(?<= )(?:href|src|cite)="[^"]*"')
_BREAK = re.compile("[\t\n]+ *")
# The tags that abstracts have been seen to hold, strictly enough that TeX is none.
_INLINE = re.compile(
    r"</?(?:p|br|div|span|a|b|i|em|strong|su[bp]|[ou]l|li)"
    r"(?:\s{1,9}[a-z-]{1,40}=[^<>]{0,400})?\s{0,9}/?>",
    re.IGNORECASE,
)
_NO_ADDRESS = re.compile(
    r"[\s<>\"\x00-\x20\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
# Absolute addresses of which nothing below would change or refuse anything.
_USUAL_ADDRESS = re.compile(
    r"https?://[a-z0-9][a-z0-9.-]*(?:/[\w.~/%+:@!$&'()*,=-]*)?(?:\?[\w.~/%+:@$&,=-]+)?",
    re.ASCII,
)
_LONGEST_ADDRESS = 2048  # sitemaps.org's limit
_COUNTLESS = 10**9
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=366)


def safe_html(markup: str, base: str | None = None) -> str:
    """Return `markup` sanitised; relative links are resolved against `base`."""
    if _is_bare(markup):
        return markup
    cleaner = _cleaner(base)
    try:
        clean = cleaner.clean(markup)
    except UnicodeEncodeError:  # lone surrogates
        clean = cleaner.clean(_uncontrolled(markup))
    sketch = clean.encode().translate(None, _USUAL).replace(b"<>", b"").decode()
    if _CONTROL.search(sketch):  # again, for those that were written as references
        clean = _uncontrolled(clean)
    return _BROKEN_TAG.sub(_mended, clean) if _BROKEN.search(sketch) else clean


def _is_bare(text: str) -> bool:
    """Return whether `text` is the same as HTML: ASCII, no mark-up, no line break."""
    marked = "<" in text or "&" in text or ">" in text
    return not marked and text.isascii() and text.isprintable()


def _mended(tag: re.Match[str]) -> str:
    """Return a tag with its addresses in one piece."""
    return _ADDRESS.sub(lambda address: _BREAK.sub("", address[0]), tag[0])


def _uncontrolled(text: str) -> str:
    """Return `text` without control characters other than tab and newline.

    Those that Windows-1252 has letters for become these, others spaces.
    """
    # A table is five times as fast as the expression, but only for ASCII.
    return text.translate(_ASCII) if text.isascii() else _CONTROL.sub(_shown, text)


def _shown(control: re.Match[str]) -> str:
    return _WINDOWS.get(ord(control[0]), " ")


@lru_cache(16)  # making one takes as long as cleaning a paragraph
def _cleaner(base: str | None) -> nh3.Cleaner:
    if web_url(base):
        with suppress(ValueError):  # for a host that nh3 takes for none
            return _cleaner_with(("rewrite_with_base", base))
    return _cleaner_with("deny")


def _cleaner_with(relative: Any) -> nh3.Cleaner:  # noqa: ANN401 - see nh3's types
    return nh3.Cleaner(
        tags=_TAGS,
        url_schemes=_SCHEMES,
        url_relative=relative,
        link_rel="noopener noreferrer nofollow",
    )


def plain_text(markup: str) -> str:
    """Return the text of an HTML fragment: no tags, entities decoded, one line."""
    if "<" in markup:
        # Words in neighbouring blocks must not run together.
        markup = _TAGLESS.clean(_BLOCK.sub(" <", _uncontrolled(markup)))
    return one_line(html.unescape(markup))


def bare_of_safe(markup: str) -> str:
    """Return what `safe_html` returned, or its beginning, without its tags.

    As they are nh3's, they need no parser.
    """
    return _SAFE_TAG.sub("", _SAFE_BLOCK.sub(" ", markup))


def plain_of_bare(bare: str) -> str:
    """Return a text without tags plain: entities decoded, one line."""
    return one_line(html.unescape(bare))


def tex_text(text: str) -> str:
    """Return `text` as plain_text does, but where TeX such as $a<b$ is no tag."""
    return plain_text(text) if _INLINE.search(text) else one_line(html.unescape(text))


def one_line(text: str) -> str:
    """Return `text` without control characters, white space folded to one space."""
    # Of white space a space alone is printable; so are no control characters, nor
    # directional ones.
    if text.isprintable() and "  " not in text:
        return text.strip()
    line = " ".join(text.replace("\x85", _WINDOWS[0x85]).split())
    if line.isprintable():
        return line
    return _SPACE.sub(" ", _BIDI.sub("", _uncontrolled(line))).strip()


def web_url(address: str | None, base: str | None = None) -> str | None:
    """Return the absolute http(s) address, or None when it is none.

    Credentials in an address, white space, control characters, directional
    overrides and addresses over 2,048 characters are refused.
    """
    stated = (address or "").strip()
    if len(stated) <= _LONGEST_ADDRESS and _USUAL_ADDRESS.fullmatch(stated):
        return stated
    try:
        absolute = urljoin(base or "", stated)
        parts = urlsplit(absolute)
        port = parts.port
    except ValueError:
        return None
    sound = (
        parts.scheme in _SCHEMES
        and parts.hostname
        and port != 0
        and "@" not in parts.netloc
        and "\\" not in parts.netloc  # which browsers take for the host's end
        and len(absolute) <= _LONGEST_ADDRESS
        and not _NO_ADDRESS.search(absolute)
    )
    return absolute if sound else None


def sensible(moment: datetime | None, now: datetime) -> datetime | None:
    """Return the aware `moment` in UTC, or None outside 1990..`now` + 1 year."""
    try:
        utc = moment.astimezone(UTC) if moment else None
    except (OverflowError, ValueError):
        return None
    return utc if utc and _EARLIEST <= utc <= now + _AHEAD else None


_BOT_CHECK = re.compile(
    rb"making sure you.{1,6}re not a bot|just a moment|challenge-platform|captcha"
    rb"|are you (?:a )?human|verify(?:ing)? (?:that )?you are|anubis|attention required"
    rb"|enable javascript and cookies|access denied|unusual traffic",
    re.IGNORECASE,
)
_PAGE = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b", re.I | re.S
)
_TITLE = re.compile(rb"<title[^>]*>([^<]{1,200})", re.IGNORECASE)
_RATE = re.compile(
    rb"\s*(?:rate exceeded|too many requests|retry later)", re.IGNORECASE
)


def refuse_page(document: Document, promised: str) -> None:
    """Raise when the body is a page for people instead of what was `promised`.

    Raises RateLimited for a plain "Rate exceeded." and its like, Blocked for
    any HTML page (a bot check answers 200 too), ReadError for an empty body.
    """
    head = document.body[:20_000]
    if not head.strip():
        raise ReadError(f"{document.url}: an empty answer instead of {promised}")
    if _RATE.match(head):
        raise RateLimited(f"{document.url}: {one_line(head[:80].decode('latin-1'))}")
    if _PAGE.match(head):
        found = _TITLE.search(head)
        title = plain_text(found[1].decode("utf-8", "replace")) if found else "no title"
        what = "a bot check" if _BOT_CHECK.search(head) else "a web page"
        raise Blocked(f"{document.url}: {what} ({title}) instead of {promised}")


def json_of(document: Document) -> Any:  # noqa: ANN401 - JSON is any value until checked
    """Return the document's JSON value.

    Raises Blocked, RateLimited or ReadError when it is none.
    """
    refuse_page(document, "JSON")
    try:
        return json.loads(document.body)
    except (ValueError, RecursionError) as error:
        raise ReadError(f"{document.url}: broken JSON: {error}") from error


def text(value: object) -> str:
    """Return a JSON string as it is, "" for anything else."""
    return value if isinstance(value, str) else ""


def texts(value: object) -> list[str]:
    """Return the strings of a JSON list, or the one that stands in its place."""
    members = value if isinstance(value, list) else [value]
    return [member for member in members if isinstance(member, str)]


def mapping(value: object) -> dict[str, object]:
    """Return a JSON object as it is, an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def mappings(value: object) -> list[dict[str, object]]:
    """Return the objects of a JSON list, or the one that stands in its place."""
    members = value if isinstance(value, list) else [value]
    return [member for member in members if isinstance(member, dict)]


def count(value: object) -> int:
    """Return a JSON number that counts something, 0 for anything else."""
    return value if type(value) is int and 0 <= value < _COUNTLESS else 0


# Fields of a pydantic model in which a value of a wrong type counts as absent.
Text = Annotated[str, BeforeValidator(text)]
Texts = Annotated[tuple[str, ...], BeforeValidator(texts)]
Count = Annotated[int, BeforeValidator(count)]
MAPPING = BeforeValidator(mapping)
MAPPINGS = BeforeValidator(mappings)
