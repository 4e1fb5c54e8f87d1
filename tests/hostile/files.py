"""Hostile files of a user's own: feeds.toml, and subscription lists in OPML."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tracker import config, opml
from tracker.errors import ConfigError, ReadError, TrackerError

Reader = Callable[[Path], object]


@dataclass(frozen=True, slots=True)
class FileCase:
    """A file that must be refused with `error`, in lines that match `said`."""

    name: str
    body: bytes
    read: Reader
    error: type[TrackerError]
    said: str


def _toml(path: Path) -> object:
    return config.load(str(path))


def _opml(path: Path) -> object:
    return opml.read(path.read_bytes(), path.name)


def _settings(name: str, text: str | bytes, said: str) -> FileCase:
    body = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return FileCase(f"toml-{name}", body, _toml, ConfigError, said)


def _list(name: str, text: str | bytes, said: str) -> FileCase:
    body = text if isinstance(text, bytes) else text.encode()
    return FileCase(f"opml-{name}", body, _opml, ReadError, said)


def _source(*lines: str) -> str:
    return "\n".join(['[[source]]\nname = "a"\nkind = "feed"', *lines])


_URL = 'url = "https://a.example/feed"'
_NAMED = '[[source]]\nname = "{}"\nkind = "feed"\n' + _URL
_KIND = '[[source]]\nname = "a"\nkind = "{}"'
_ZONE = '[digest]\ntime_zone = "{}"'
_AGENT = '[fetch]\nuser_agent = "{}"'
_READER = '[[reader]]\nname = "a"\n'
_MAIL = '[mail]\nurl = "{}"\nfrom = "a@b.example"'
_CRLF = "\\r\\n"
_XML = '<?xml version="1.0" encoding="{}"?><opml/>'
_OUTLINE = '<outline text="{0}" xmlUrl="https://a.example/{0}"/>'


def _attributes() -> str:
    return "<opml " + " ".join(f'a{n}=""' for n in range(200_000))


CASES = (
    _settings("empty-key", "= 1", "not TOML"),
    _settings("depth-of-lists", f"a = {'[' * 100_000}", "not TOML"),
    _settings("depth-of-tables", f"a = {'{b=' * 100_000}", "not TOML"),
    _settings("depth-of-keys", f"{'a.' * 50_000}a = 1", "over 50 parts"),
    _settings("depth-of-headers", f"[{'a.' * 50_000}a]", "over 50 parts"),
    _settings("number-of-9,000-digits", f"[fetch]\nworkers = {'9' * 9_000}", "."),
    _settings("number-infinite", "[fetch]\ntimeout = inf", "timeout"),
    _settings("not-a-number", "[fetch]\ntimeout = nan", "timeout"),
    _settings("number-huge", "[fetch]\nmax_bytes = -1", "max_bytes"),
    _settings("nul", b"a = '\0'", "not TOML"),
    _settings("not-utf-8", b"\xff\xfea", "not UTF-8"),
    _settings("surrogate", 'a = "\ud800"', "not UTF-8"),
    _settings("date", "a = 2026-02-31", "not TOML"),
    _settings("keys-repeated", "a = 1\na = 2", "not TOML"),
    _settings("string-unended", f'a = "{"x" * 1_000_000}', "not TOML"),
    _settings("string-of-quotes", f'a = """{chr(34) * 2} ' * 20_000, "not TOML"),
    _settings("source-as-a-table", "[source]\nname = 'a'", "there may be several"),
    _settings("source-as-a-text", "source = 'a'", "there may be several"),
    _settings("source-as-numbers", "source = [1, 2]", "source"),
    _settings("topic-as-lists", "topic = [[[]]]", "topic"),
    _settings("kind-of-a-path", _KIND.format("../../os"), "unknown kind"),
    _settings("kind-of-a-module", _KIND.format("base"), "unknown kind"),
    _settings("kind-of-a-class", _KIND.format("feed.xml"), "unknown kind"),
    _settings("name-of-a-path", _NAMED.format("../a"), "name"),
    _settings(
        "name-that-breaks-lines",
        _NAMED.format("a\\nb"),
        "name",
    ),
    _settings("name-of-escapes", _NAMED.format("\\u001b[2J"), "name"),
    _settings("table-of-escapes", '["\\u001b]0;owned\\u0007"]', "unknown table"),
    _settings("key-of-escapes", _source(_URL, '"\\u001b[31m" = 1'), "unknown key"),
    _settings("url-of-a-file", _source('url = "file:///etc/passwd"'), "url"),
    _settings("url-of-javascript", _source('url = "javascript:alert(1)"'), "url"),
    _settings("url-with-credentials", _source('url = "http://a:b@c.example/"'), "url"),
    _settings(
        "url-with-line-breaks", _source('url = "http://a.example/\\r\\nX: 1"'), "url"
    ),
    _settings(
        "every-of-9,000-digits", _source(_URL, f'every = "{"9" * 9_000}d"'), "every"
    ),
    _settings("every-of-ages", _source(_URL, 'every = "99999999999w"'), "every"),
    _settings("every-of-other-digits", _source(_URL, 'every = "\u00b2d"'), "every"),
    _settings("time-zone-of-a-path", _ZONE.format("../../etc/passwd"), "time_zone"),
    _settings("time-zone-of-nul", _ZONE.format("a\\u0000b"), "time_zone"),
    _settings(
        "time-zone-of-100-kilobytes",
        _ZONE.format("a/" * 50_000),
        "time_zone",
    ),
    _settings("time-zone-of-a-folder", _ZONE.format("Europe"), "time_zone"),
    _settings("agent-that-breaks-lines", _AGENT.format(f"a{_CRLF}X: 1"), "user_agent"),
    _settings("contact-that-breaks-lines", '[fetch]\ncontact = "a\\nX: 1"', "contact"),
    _settings(
        "reader-that-breaks-lines",
        f'{_READER}email = "a@b.c{_CRLF}Bcc: x@y.z"',
        "email",
    ),
    _settings(
        "sender-that-breaks-lines",
        f'[mail]\nurl = "smtp://a"\nfrom = "a@b.c{_CRLF}Bcc: x@y.z"',
        "from",
    ),
    _settings("mail-port", _MAIL.format("smtp://a.example:99999"), "url"),
    _settings("mail-port-of-letters", _MAIL.format("smtp://a:b"), "url"),
    _settings("mail-half-a-bracket", _MAIL.format("smtp://[::1"), "url"),
    _settings("job-with-nul", f'{_READER}job = "a\\u0000b"', "job"),
    _settings("job-of-nobody", f'{_READER}job = "~nobody-at-all/x"', "job"),
    _list(
        "doctype", '<!DOCTYPE opml SYSTEM "file:///etc/passwd"><opml/>', "document type"
    ),
    _list("depth", "<opml>" + "<outline>" * 200_000, "levels deep"),
    _list(
        "100,000-feeds",
        f"<opml>{''.join(map(_OUTLINE.format, range(50_000)))}</opml>",
        "over 20,000 feeds",
    ),
    _list(
        "attributes",
        _attributes(),
        "not OPML",
    ),
    _list("namespaces", "<opml " + "xmlns:a='b' " * 100_000 + "/>", "not OPML"),
    _list("utf-7", _XML.format("utf-7"), "not OPML"),
    _list(
        "encoding-punycode",
        _XML.format("punycode"),
        "not OPML",
    ),
    _list("comment-unended", f"<opml><!--{'-' * 4_000_000}", "not OPML"),
)
