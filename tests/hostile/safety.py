"""What is dangerous in what was stored, and in what a digest is rendered to.

Each function yields a line for each thing it finds; a safe thing yields nothing.
"""

import re
from collections.abc import Iterator, Mapping
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from typing import Any

from tracker.core.values import SignalName
from tracker.render.templates import source

_CONTROL = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_WEB = re.compile(r"https?://[^/?#@\\]+(?:[/?#]|\Z)", re.IGNORECASE)
_NO_ADDRESS = re.compile(r'[\s"<>\0-\x20\x7f-\x9f]')
_SECRET = re.compile(r"root:\w*:0:0:")  # as /etc/passwd begins
_LINE_BREAK = re.compile("[\t\n]")
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")

# What a browser runs, loads or is led away by.
# fmt: off
_ACTIVE = frozenset({
    "script", "iframe", "frame", "frameset", "object", "embed", "applet", "form",
    "input", "button", "select", "textarea", "base", "svg", "math", "template",
    "noscript", "xmp", "plaintext", "noembed", "marquee", "audio", "video", "source",
    "track", "portal", "dialog", "isindex",
})
_OF_PAGES = frozenset({  # ours may have them
    "style", "link", "meta", "title",
})
_ADDRESSES = frozenset({
    "href", "src", "srcset", "action", "formaction", "poster", "background", "cite",
    "data", "xlink:href", "longdesc", "manifest", "ping",
})
_HEADERS = frozenset({
    "subject", "from", "to", "date", "message-id", "auto-submitted", "list-id",
    "list-unsubscribe",
    "mime-version", "content-type", "content-transfer-encoding",
})
# fmt: on

_OUR_COMMENTS = re.findall(r"<!--(.*?)-->", source("mail.html"))


def line(text: str, what: str) -> Iterator[str]:
    """Find what does not belong in one line of plain text."""
    if _SECRET.search(text):
        yield f"{what}: a file of this machine: {text[:80]!a}"
    if _CONTROL.search(text) or _LINE_BREAK.search(text):
        yield f"{what}: a control character: {text[:80]!a}"
    if _DIRECTION.search(text):
        yield f"{what}: a directional override: {text[:80]!a}"


def address(text: str | None, what: str) -> Iterator[str]:
    """Find what keeps a text from being a plain web address."""
    if text is None:
        return
    if not _WEB.match(text) or _NO_ADDRESS.search(text) or _DIRECTION.search(text):
        yield f"{what}: no plain web address: {text[:80]!a}"


class _Markup(HTMLParser):
    """Gathers what is dangerous in HTML; `is_page`: it may have a page's own parts."""

    def __init__(self, *, is_page: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.styles = 0
        self._is_page = is_page
        self._refused = _ACTIVE if is_page else _ACTIVE | _OF_PAGES

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.styles += tag == "style"
        if tag in self._refused:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            self._look_at(tag, name, value or "")

    handle_startendtag = handle_starttag

    def handle_comment(self, data: str) -> None:
        # Where one ends, browsers and this parser disagree.
        if not self._is_page or data not in _OUR_COMMENTS:
            self.found.append(f"a comment: {data[:60]!a}")

    handle_pi = unknown_decl = handle_comment

    def _look_at(self, tag: str, name: str, value: str) -> None:
        if name.startswith("on") or name in {"srcdoc", "formaction", "srcset"}:
            self.found.append(f"<{tag} {name}>")
        if name == "http-equiv" and value.lower() == "refresh":
            self.found.append(f"<{tag} {name}={value}>")
        if name in _ADDRESSES and not _is_harmless(value):
            self.found.append(f"<{tag} {name}={value[:60]!a}>")
        if name == "style" and re.search(r"url\(|expression|@import|script", value):
            self.found.append(f"<{tag} style={value[:60]!a}>")


def _is_harmless(value: str) -> bool:
    # Which host a link leads to is its own affair: it is the scheme that may act.
    # Browsers strip spaces before it (URL Standard, section 4.4).
    return bool(re.match(r" *(?:#|https?:)", value, re.IGNORECASE))


def fragment(markup: str, what: str) -> Iterator[str]:
    """Find what is active in stored HTML."""
    parser = _Markup(is_page=False)
    parser.feed(markup)
    parser.close()
    yield from (f"{what}: {one}" for one in parser.found)
    if _CONTROL.search(markup):
        yield f"{what}: a control character"


def page(markup: str, what: str) -> Iterator[str]:
    """Find what is active in a whole page of ours."""
    parser = _Markup(is_page=True)
    parser.feed(markup)
    parser.close()
    yield from (f"{what}: {one}" for one in parser.found)
    if parser.styles > 1:
        yield f"{what}: {parser.styles} styles"
    if _CONTROL.search(markup) or _DIRECTION.search(markup):
        yield f"{what}: a control character or a directional override"


def letter(body: bytes) -> Iterator[str]:
    """Find headers nobody wrote, parts nobody made, and what is active in a mail."""
    message = message_from_bytes(body, policy=default)
    assert isinstance(message, EmailMessage)
    names = [name.lower() for name in message]
    if not _HEADERS.issuperset(names) or len(set(names)) != len(names):
        yield f"mail: headers {sorted(names)}"
    yield from line(str(message["Subject"]), "mail subject")
    parts = [part for part in message.walk() if not part.is_multipart()]
    kinds = [part.get_content_type() for part in parts]
    if kinds != ["text/plain", "text/html"]:
        yield f"mail: parts {kinds}"
        return
    text = parts[0].get_content().replace("\r\n", "\n")
    yield from printed(text, "mail text")
    yield from page(parts[1].get_content().replace("\r\n", "\n"), "mail page")


_COLOURS = re.compile(r"\x1b\[[\d;]*m")
_LINK = re.compile(r"\x1b\]8;(?:id=\d+)?;([^\x1b]*)\x1b\\")


def terminal(text: str) -> Iterator[str]:
    """Find what a terminal would obey, but for colours and links to web pages."""
    for target in _LINK.findall(text):
        if target:
            yield from address(target, "terminal link")
    yield from printed(_LINK.sub("", _COLOURS.sub("", text)), "terminal")


def printed(text: str, what: str) -> Iterator[str]:
    """Find what does not belong in lines of plain text."""
    for one in text.split("\n"):
        yield from line(one, what)


_DESTINATION = re.compile(r"(?<=\])\(<([^<>]*)>\)")
_ESCAPED = re.compile(r"\\[!-/:-@\[-`{-~]")
_CODE = re.compile(r"`[^`\n]*`")
_MARKUP = re.compile(r".{0,40}(?:<|\]\(|\]:|!\[).{0,40}")


def markdown(text: str) -> Iterator[str]:
    """Find links to what is no web page, and markup that Markdown hands on."""
    bare = _ESCAPED.sub("", text)
    for target in _DESTINATION.findall(bare):
        yield from address(target.replace("&amp;", "&"), "markdown link")
    rest = _CODE.sub("", _DESTINATION.sub("", bare))
    for found in _MARKUP.finditer(rest):
        yield f"markdown: markup: {found[0]!a}"
    yield from printed(text, "markdown")


def item(row: Mapping[str, Any]) -> Iterator[str]:
    """Find what is dangerous in a row of the store's items."""
    for name in ("title", "summary"):
        yield from line(row[name], name)
    for name in ("authors", "affiliations", "categories"):
        for one in row[name].split("\n"):
            yield from line(one, name)
    yield from address(row["url"], "url")
    yield from fragment(row["content"], "content")


def mention(row: Mapping[str, Any]) -> Iterator[str]:
    """Find what is dangerous in a row that says where an item was seen."""
    yield from line(row["guid"], "guid")
    yield from address(row["url"], "mention url")
    for link in filter(None, row["links"].split("\n")):
        yield from address(link, "link")


def signal(name: str, value: str) -> Iterator[str]:
    """Find what is dangerous in what a source tells of a work."""
    yield from line(value, name)
    if name in {SignalName.CODE, SignalName.PROJECT}:
        yield from address(value, name)
