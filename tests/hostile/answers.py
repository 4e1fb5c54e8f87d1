"""Hostile answers: bombs, false headers, servers that drip, stall and lie."""

import gzip
import random
import socket
import struct
import zlib
from functools import cache
from threading import Event

from tests.fetch.wire import Script, drips, keeps_silent, says
from tests.hostile.case import (
    BLOCKED,
    EMPTY,
    FAILED,
    LIMITED,
    OK,
    XML,
    Case,
    Wired,
    document,
    item,
    rss,
)
from tests.server import Reply, Seen
from tracker.core.values import Outcome

_GOOD = rss(item("All the same"))
_GOT = ("All the same",)
_OPENING = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
_LENGTH = b"Content-Length: %d\r\n\r\n"
_TOO_LARGE = "allows no more"
_LATE = "within 2 s"
_BROKEN = "broken answer"


# Bombs: what is sent is small, what it becomes is not


@cache
def _gzip_bomb() -> bytes:
    """Return 1.3 MB that become 1.3 GB: gzip members one after another."""
    return gzip.compress(bytes(1_000_000), mtime=0) * 1_300


@cache
def _raw_bomb() -> bytes:
    """Return a bare deflate stream of 2 GB, the same block over and over."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(1_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    return block * 2_000


def _zstd_bomb() -> bytes:
    """Return a zstd frame of runs of 128 KB in four bytes each: RFC 8878, 3.1.1."""
    run = (0x20000 << 3 | 1 << 1).to_bytes(3, "little") + b"\0"
    return b"\x28\xb5\x2f\xfd\0\x58" + run * 100_000


def _encoded(name: str, coding: str, body: bytes, said: str) -> Case:
    def play(seen: Seen) -> Reply:
        return document(body, XML, Content_Encoding=coding)

    return Case(f"encoding-{name}", play, FAILED, said)


def _bombs() -> tuple[Case, ...]:
    nobody = "encoding nobody asked for"
    zeros = gzip.compress(bytes(25_000_000), 9, mtime=0)
    post = gzip.compress(_GOOD, mtime=0)
    return (
        _encoded("gzip-bomb", "gzip", zeros, _TOO_LARGE),
        _encoded("gzip-bomb-of-members", "gzip", _gzip_bomb(), _TOO_LARGE),
        _encoded("gzip-in-gzip", "gzip, gzip", gzip.compress(post), nobody),
        _encoded("gzip-bomb-in-x-gzip", "X-GZip", _gzip_bomb(), _TOO_LARGE),
        _encoded("deflate-bomb", "deflate", _raw_bomb(), _TOO_LARGE),
        _encoded(
            "deflate-bomb-in-zlib", "deflate", b"\x78\x9c" + _raw_bomb(), _TOO_LARGE
        ),
        _encoded("brotli-bomb", "br", b"\xcf\xff\xff\x7f\xf8" * 20_000, nobody),
        _encoded("zstd-bomb", "zstd", _zstd_bomb(), nobody),
        _encoded("unheard-of", "exi", _GOOD, nobody),
        _encoded("gzip-that-is-none", "gzip", _GOOD, "broken gzip"),
        _encoded("deflate-that-is-none", "deflate", _GOOD, "broken deflate"),
        _encoded("gzip-cut-short", "gzip", post[:-20], "broken gzip"),
        _encoded("gzip-with-a-false-sum", "gzip", post[:-8] + bytes(8), "broken gzip"),
        _encoded("gzip-with-a-tail", "gzip", post + b"tail", "broken gzip"),
    )


# Bytes on the wire


def _wired(name: str, text: bytes, outcome: Outcome, said: str = "") -> Case:
    return Case(name, Wired(says(text)), outcome, said, _GOT if outcome is OK else None)


def _sized(stated: bytes, body: bytes = _GOOD) -> bytes:
    return _OPENING + b"Content-Length: " + stated + b"\r\n\r\n" + body


def _chunked(chunks: bytes) -> bytes:
    return _OPENING + b"Transfer-Encoding: chunked\r\n\r\n" + chunks


def _chunk(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(body), body)


def _stalls(start: bytes) -> Script:
    """Return a script that says `start`, and then nothing."""

    def script(connection: socket.socket, over: Event) -> None:
        connection.sendall(start)
        over.wait(5)

    return script


def _resets(start: bytes) -> Script:
    """Return a script that says `start` and resets the connection."""

    def script(connection: socket.socket, over: Event) -> None:
        connection.sendall(start)
        at_once = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)

    return script


def _pours(start: bytes, more: bytes) -> Script:
    """Return a script that says `start`, and `more` for ever, as fast as it can."""

    def script(connection: socket.socket, over: Event) -> None:
        connection.sendall(start)
        while not over.is_set():
            connection.sendall(more)

    return script


_HALF = _OPENING + _LENGTH % len(_GOOD) + _GOOD[:60]
_LONG_LINE = b"X: " + b"x" * 2_000_000 + b"\r\n"

_LENGTHS = (
    _wired("length-too-long", _sized(b"%d" % (len(_GOOD) + 9)), FAILED, _BROKEN),
    _wired("length-too-short", _sized(b"60"), FAILED, "not a feed|broken feed"),
    _wired("length-of-a-terabyte", _sized(b"1000000000000"), FAILED, _TOO_LARGE),
    _wired("length-of-400-digits", _sized(b"9" * 400), FAILED, "."),
    _wired("length-negative", _sized(b"-1"), FAILED, _BROKEN),
    _wired("length-in-words", _sized(b"twenty"), FAILED, _BROKEN),
    _wired("lengths-that-differ", _sized(b"9\r\nContent-Length: 60"), FAILED, _BROKEN),
    _wired("length-0", _sized(b"0"), FAILED, "an empty answer"),
    _wired(
        "length-and-chunks",
        _OPENING
        + b"Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n"
        + _chunk(_GOOD)
        + b"0\r\n\r\n",
        OK,
    ),
    _wired("no-length", _OPENING + b"Connection: close\r\n\r\n" + _GOOD, OK),
    _wired("chunk-size-negative", _chunked(b"-9\r\nxx\r\n"), FAILED, _BROKEN),
    _wired("chunk-size-huge", _chunked(b"f" * 40 + b"\r\nxx"), FAILED, _BROKEN),
    _wired("chunks-without-an-end", _chunked(_chunk(_GOOD)), FAILED, _BROKEN),
    _wired(
        "chunk-of-a-line-break", _chunked(b"5;a=\nb\r\nhello\r\n0\r\n\r\n"), FAILED, "."
    ),
)
_NOISE = random.Random(7).randbytes(5_000)
_WIRES = (
    _wired("no-http", b"SSH-2.0-OpenSSH_9.9\r\n", FAILED, _BROKEN),
    _wired("noise", _NOISE, FAILED, _BROKEN),
    _wired("http-0.9", _GOOD, FAILED, _BROKEN),
    _wired("status-in-words", b"HTTP/1.1 fine OK\r\n\r\n", FAILED, _BROKEN),
    _wired("nothing-said", b"", FAILED, _BROKEN),
    _wired("headers-without-names", b"HTTP/1.1 200 OK\r\n: x\r\n\r\n", FAILED, _BROKEN),
    _wired("header-of-2-megabytes", b"HTTP/1.1 200 OK\r\n" + _LONG_LINE, FAILED, "."),
    _wired(
        "200,000-headers", b"HTTP/1.1 200 OK\r\n" + b"X: 1\r\n" * 200_000, FAILED, "."
    ),
    _wired(
        "etag-that-breaks-lines",
        _OPENING + b'ETag: "a\rX-Evil: 1"\r\n' + _LENGTH % len(_GOOD) + _GOOD,
        FAILED,
        _BROKEN,
    ),
    Case("silence", Wired(keeps_silent), FAILED, _LATE),
    Case("stall-in-the-headers", Wired(_stalls(_OPENING)), FAILED, _LATE),
    Case("stall-in-the-body", Wired(_stalls(_HALF)), FAILED, _LATE),
    Case("drip-of-a-header", Wired(drips(_OPENING + b"X: ")), FAILED, _LATE),
    Case("drip-of-headers", Wired(drips(_OPENING, b"X: 1\r\n")), FAILED, _LATE),
    Case(
        "drip-of-hints",
        Wired(drips(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n")),
        FAILED,
        _LATE,
    ),
    Case("drip-of-the-body", Wired(drips(_OPENING + _LENGTH % 9_000)), FAILED, _LATE),
    Case("drip-of-chunks", Wired(drips(_chunked(b""), b"1\r\nx\r\n")), FAILED, _LATE),
    Case(
        "drip-of-gzip",
        Wired(drips(_OPENING + b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08", b"\0")),
        FAILED,
        ".",
    ),
    Case("reset-in-the-headers", Wired(_resets(_OPENING)), FAILED, _BROKEN),
    Case("reset-in-the-body", Wired(_resets(_HALF)), FAILED, _BROKEN),
    Case("hang-up-in-the-body", Wired(says(_HALF)), FAILED, _BROKEN),
    Case(
        "body-without-an-end",
        Wired(_pours(_OPENING + b"\r\n", b" " * 65_536)),
        FAILED,
        _TOO_LARGE,
    ),
    Case(
        "chunks-of-a-body-without-an-end",
        Wired(_pours(_chunked(b""), _chunk(b" " * 65_536))),
        FAILED,
        _TOO_LARGE,
    ),
    Case(
        "headers-without-an-end",
        Wired(_pours(_OPENING, b"X: 1\r\n" * 1000)),
        FAILED,
        ".",
    ),
)

# What headers say of a body


def _typed(name: str, media: str, body: bytes = _GOOD) -> Case:
    return Case(f"type-{name}", document(body, media), OK, titles=_GOT)


_SCRIPT_7 = "+ADw-script+AD4-alert(1)+ADw-/script+AD4-"
_TYPES = (
    _typed("image", "image/png"),
    _typed("html", "text/html"),
    _typed("json", "application/json"),
    _typed("none", ""),
    _typed("nonsense", "/;;=,\"'"),
    _typed("charset-unheard-of", "text/xml; charset=klingon"),
    _typed("charset-utf-16", "text/xml; charset=utf-16"),
    _typed("charset-that-is-a-codec", "text/xml; charset=zip"),
    _typed("charset-punycode", "text/xml; charset=punycode"),
    _typed("charset-escape", "text/xml; charset=unicode_escape"),
    _typed("charset-idna", "text/xml; charset=idna"),
    _typed("charset-of-20-kilobytes", f"text/xml; charset={'x' * 20_000}"),
    Case(
        "type-charset-utf-7",
        document(rss(item(_SCRIPT_7)), "text/xml; charset=utf-7"),
        OK,
        titles=(_SCRIPT_7,),
    ),
)

# Pages in place of a feed


def _page(
    name: str, body: bytes, outcome: Outcome, said: str, media: str = "text/html"
) -> Case:
    return Case(f"page-{name}", document(body, media), outcome, said)


_HTML = b"<!DOCTYPE html><html><head><title>%s</title></head><body>%s</body></html>"
_PAGES = (
    _page("moment", _HTML % (b"Just a moment...", b""), BLOCKED, "bot check"),
    _page(
        "anubis",
        _HTML % (b"Making sure you&#39;re not a bot!", b""),
        BLOCKED,
        "bot check",
    ),
    _page("captcha", _HTML % (b"One step", b"<div id=captcha>"), BLOCKED, "bot check"),
    _page(
        "script-in-title",
        _HTML % (b"<script>alert(1)", b""),
        BLOCKED,
        "a web page",
    ),
    _page(
        "escapes-in-title",
        _HTML % (b"\x1b]0;owned\x07\x1b[31m\xe2\x80\xaetxt", b""),
        BLOCKED,
        "a web page",
    ),
    _page("of-a-site", _HTML % (b"Home", b"<p>Hello"), BLOCKED, "a web page"),
    _page("of-frames", b"<html><frameset>", BLOCKED, "a web page"),
    _page("after-comments", b"<!-- a --> " * 50 + _HTML % (b"", b""), BLOCKED, "page"),
    _page("json-error", b'{"error": "no such user"}', FAILED, "not a JSON Feed"),
    _page("json-null", b"null", FAILED, "not a feed"),
    _page("rate-exceeded", b"Rate exceeded.", LIMITED, "Rate exceeded"),
    _page("empty", b"", FAILED, "an empty answer"),
    _page("blank", b" \r\n" * 9_000, FAILED, "an empty answer"),
    _page("nul", bytes(9_000), FAILED, "not a feed"),
    _page("text", b"It works!", FAILED, "not a feed"),
    _page("pdf", b"%PDF-1.7\n1 0 obj<<>>endobj", FAILED, "not a feed"),
    _page("gzip-undeclared", gzip.compress(_GOOD), FAILED, "not a feed"),
    _page("svg", b"<svg onload='alert(1)'/>", FAILED, "not a feed", XML),
    _page("sitemap", b"<urlset><url><loc>/</loc></url></urlset>", FAILED, "not", XML),
    _page("opml", b"<opml><body/></opml>", FAILED, "not a feed", XML),
    _page("feed-without-entries", rss(""), EMPTY, "no entries", XML),
)

# Refusals


def _refusal(
    name: str, status: int, outcome: Outcome, body: bytes = b"", **headers: str
) -> Case:
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    said = f"{status}|bot check"
    return Case(f"refusal-{name}", (status, named, body), outcome, said)


def _later(name: str, when: str, status: int = 429) -> Case:
    limited = LIMITED if status == 429 else FAILED
    return _refusal(f"retry-after-{name}", status, limited, Retry_After=when)


_REFUSALS = (
    _later("30-years", "999999999"),
    _later("400-digits", "9" * 400),
    _later("negative", "-1"),
    _later("not-a-number", "NaN"),
    _later("infinite", "1e309"),
    _later("year-9999", "Fri, 31 Dec 9999 23:59:59 GMT"),
    _later("year-10000", "Sat, 01 Jan 10000 00:00:00 GMT"),
    _later("offset-of-years", "Fri, 31 Dec 9999 23:59:59 -9999"),
    _later("soon-for-ever", "0"),
    _later("nonsense-unavailable", "soon", 503),
    _refusal("unauthorized", 401, BLOCKED, WWW_Authenticate="Negotiate"),
    _refusal("forbidden-with-a-feed", 403, BLOCKED, _GOOD),
    _refusal("gone-with-a-feed", 410, FAILED, _GOOD),
    _refusal("challenge-with-200", 200, BLOCKED, _GOOD, Cf_Mitigated="challenge"),
    _refusal("not-modified-unasked", 304, FAILED),
    _refusal("no-content", 204, FAILED),
    _refusal("partial", 206, FAILED, _GOOD),
    _refusal("status-999", 999, FAILED, _GOOD),
    _refusal("error-of-20-megabytes", 500, FAILED, b"x" * 20_000_000),
    _refusal(
        "error-that-is-a-bomb", 500, FAILED, _gzip_bomb(), Content_Encoding="gzip"
    ),
)

CASES = (*_bombs(), *_LENGTHS, *_WIRES, *_TYPES, *_PAGES, *_REFUSALS)
