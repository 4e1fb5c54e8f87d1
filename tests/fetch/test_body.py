"""Bodies: decoded, whole, and never larger than allowed."""

import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import pytest

from tests.fetch.conftest import OpenDoor
from tests.fetch.wire import Wire, says
from tests.server import Site
from tracker.core.values import Request
from tracker.errors import FetchError
from tracker.fetch import Door
from tracker.fetch.body import head, whole

TEXT = b"all that is new " * 8_000


def _bare_deflate(text: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(text) + compressor.flush()


ENCODED = [
    ("gzip", gzip.compress(TEXT)),
    ("x-gzip", gzip.compress(TEXT)),
    ("GZIP, identity", gzip.compress(TEXT)),
    ("gzip", gzip.compress(TEXT[:1000]) + gzip.compress(TEXT[1000:])),
    ("gzip", gzip.compress(TEXT) + bytes(512)),
    ("deflate", zlib.compress(TEXT)),
    ("deflate", _bare_deflate(TEXT)),
    ("identity", TEXT),
    ("", TEXT),
]


@pytest.mark.parametrize(("coding", "sent"), ENCODED)
def test_a_compressed_body_is_decoded(door: Door, coding: str, sent: bytes) -> None:
    with Site({"/feed": (200, {"Content-Encoding": coding}, sent)}) as site:
        document = door(Request(f"{site.url}/feed"))
    assert document.body == TEXT
    assert "content-encoding" not in document.headers


@pytest.mark.parametrize(("coding", "sent"), ENCODED)
@pytest.mark.parametrize("size", [1, 2, 1000])
def test_it_does_not_matter_how_a_body_is_cut_up(
    coding: str, sent: bytes, size: int
) -> None:
    chunks = (sent[i : i + size] for i in range(0, len(sent), size))
    decoded = whole(chunks, {"content-encoding": coding}, len(TEXT), "here")
    assert decoded == TEXT


@pytest.mark.parametrize("coding", ["gzip", "deflate", ""])
def test_an_empty_body_is_empty_in_every_encoding(coding: str) -> None:
    assert whole([], {"content-encoding": coding}, 10, "here") == b""
    assert whole([b""], {"content-encoding": coding}, 10, "here") == b""


@pytest.mark.parametrize(
    ("coding", "sent"),
    [
        ("gzip", TEXT),
        ("gzip", gzip.compress(TEXT)[:-9]),
        ("gzip", gzip.compress(TEXT)[:5]),
        ("gzip", gzip.compress(TEXT) + b"more"),
        ("gzip", bytes(100)),
        ("gzip", gzip.compress(TEXT)[:-8] + bytes(8)),
        ("deflate", b"<feed>not deflated</feed>"),
        ("deflate", zlib.compress(TEXT)[:-9]),
        ("deflate", b"x"),
        ("br", TEXT),
        ("zstd", TEXT),
        ("gzip, gzip", gzip.compress(gzip.compress(TEXT))),
        ("gzip, br", TEXT),
        ("\x1b[2J", TEXT),
    ],
)
def test_a_body_that_is_not_in_its_stated_encoding_is_an_error(
    coding: str, sent: bytes
) -> None:
    with pytest.raises(FetchError) as raised:
        whole([sent], {"content-encoding": coding}, 10**6, "here")
    assert str(raised.value).startswith("here: ")
    assert str(raised.value).isprintable()


def test_a_false_encoding_is_an_error_over_the_wire(door: Door) -> None:
    routes = {"/feed": (200, {"Content-Encoding": "gzip"}, b"<feed/>")}
    with Site(routes) as site, pytest.raises(FetchError, match="a broken gzip body"):
        door(Request(f"{site.url}/feed"))


ZEROS = bytes(10**7)


def _long() -> bytes:
    compressor = zlib.compressobj(wbits=31)
    pieces = [compressor.compress(ZEROS) for _ in range(10)]
    return b"".join(pieces) + compressor.flush()


BOMBS: list[tuple[str, Callable[[], bytes]]] = [
    ("gzip", _long),
    ("gzip", lambda: gzip.compress(ZEROS) * 50),
    ("gzip", lambda: gzip.compress(b"") * 5000 + gzip.compress(ZEROS)),
    ("deflate", lambda: zlib.compress(ZEROS)),
]


@pytest.mark.parametrize(
    ("coding", "made"), BOMBS, ids=["long", "many", "late", "zlib"]
)
def test_a_bomb_is_dropped_before_it_takes_memory(
    open_door: OpenDoor, coding: str, made: Callable[[], bytes]
) -> None:
    sent = made()
    door = open_door(max_bytes=1_000_000)
    refused = pytest.raises(FetchError, match="over 1,000,000 bytes")
    with Site({"/feed": (200, {"Content-Encoding": coding}, sent)}) as site, refused:
        tracemalloc.start()
        try:
            door(Request(f"{site.url}/feed"))
        finally:
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
    assert peak < 4_000_000


def test_a_body_may_be_as_large_as_allowed_and_not_larger(open_door: OpenDoor) -> None:
    door = open_door(max_bytes=1000)
    with Site({"/a": (200, {}, b"x" * 1000), "/b": (200, {}, b"x" * 1001)}) as site:
        assert len(door(Request(f"{site.url}/a")).body) == 1000
        with pytest.raises(FetchError, match="over 1,000 bytes"):
            door(Request(f"{site.url}/b"))


def test_a_body_stated_too_large_is_not_read(open_door: OpenDoor) -> None:
    start = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"
    with Wire(says(start)) as wire, pytest.raises(FetchError, match="over 1,000"):
        open_door(max_bytes=1000)(Request(wire.url))


def test_a_body_without_a_stated_size_is_cut_off_at_the_limit(
    open_door: OpenDoor,
) -> None:
    start = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 5000
    with Wire(says(start)) as wire, pytest.raises(FetchError, match="over 1,000"):
        open_door(max_bytes=1000)(Request(wire.url))


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhalf\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nha",
        b"HTTP/1.1 200 OK\r\nX: 1",
        b"HTTP/1.1 200 OK\r\n" + b"X: 1\r\n" * 50_000 + b"\r\n",
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"\x1b[2J\r\n\r\n",
        b"",
    ],
)
def test_a_torn_answer_is_an_error(door: Door, answer: bytes) -> None:
    with Wire(says(answer)) as wire, pytest.raises(FetchError) as raised:
        door(Request(wire.url))
    assert str(raised.value).isprintable()
    assert wire.url in str(raised.value)


def test_the_head_of_a_refusal_is_short_and_never_an_error() -> None:
    assert head([b"x" * 50], {}, 20) == b"x" * 20
    assert head([gzip.compress(bytes(10**6))], {"content-encoding": "gzip"}, 20) == (
        bytes(20)
    )
    assert head([b"no"], {"content-encoding": "gzip"}, 20) == b""
    assert head([b"no"], {"content-encoding": "br"}, 20) == b""
