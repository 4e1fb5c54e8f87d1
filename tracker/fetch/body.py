"""Reading a body: bounded in size before and after inflation.

A decoder that inflates a whole chunk at once can be handed 64 KB that become
64 MB; this one asks zlib for a little at a time.
"""

import io
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Protocol

from tracker.errors import FetchError

ACCEPTED = "gzip, deflate"
"""The value of Accept-Encoding."""

_STEP = 64 * 1024  # bytes inflated at a time
_GZIP = 31  # zlib's window bits for the gzip format, RFC 1952
_ZLIB = 15  # the zlib format, RFC 1950: what "deflate" means
_RAW = -15  # bare deflate, RFC 1951: what some servers send as "deflate"
_ZLIB_HEADER = 2  # bytes


def whole(
    chunks: Iterable[bytes], headers: Mapping[str, str], cap: int, where: str
) -> bytes:
    """Return the decoded body that `chunks` make up.

    Raises FetchError when it is over `cap` bytes, as sent or decoded, or is not
    in the encoding its headers state. `where` starts the message.
    """
    decoder = _decoder(headers, where)
    _refuse_length(headers, cap, where)
    kept = io.BytesIO()  # its value is handed out without a copy
    try:
        for piece in _decoded(decoder, _capped(chunks, cap, where)):
            _refuse_size(kept.tell() + len(piece), cap, where)
            kept.write(piece)
    except zlib.error as error:
        raise FetchError(f"{where}: a broken {_coding(headers)} body") from error
    return kept.getvalue()


def head(chunks: Iterable[bytes], headers: Mapping[str, str], cap: int) -> bytes:
    """Return the first `cap` bytes of a decoded body, or b"" when it is broken."""
    kept = bytearray()
    try:
        for piece in _decoded(_decoder(headers, ""), chunks):
            kept += piece
            if len(kept) >= cap:
                break
    except (FetchError, zlib.error):
        kept.clear()
    return bytes(kept[:cap])


def _refuse_length(headers: Mapping[str, str], cap: int, where: str) -> None:
    """Raise before reading when Content-Length alone is too much."""
    stated = headers.get("content-length", "")
    if stated.isascii() and stated.isdigit():
        # int() is slow on very long digits; h11 has refused those over 20.
        _refuse_size(int(stated[:20]), cap, where)


def _capped(chunks: Iterable[bytes], cap: int, where: str) -> Iterator[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        _refuse_size(total, cap, where)
        yield chunk


def _refuse_size(size: int, cap: int, where: str) -> None:
    if size > cap:
        raise FetchError(f"{where}: over {cap:,} bytes; max_bytes allows no more")


def _coding(headers: Mapping[str, str]) -> str:
    """Return the content codings stated, in order: "", "gzip", "gzip+br"."""
    stated = headers.get("content-encoding", "").lower().split(",")
    names = [name.strip().removeprefix("x-") for name in stated]
    return "+".join(name for name in names if name not in {"", "identity"})


class _Decoder(Protocol):
    """Decodes a stream; both raise zlib.error when it is broken."""

    def feed(self, chunk: bytes) -> Iterator[bytes]: ...

    def end(self) -> None: ...


def _decoder(headers: Mapping[str, str], where: str) -> _Decoder:
    known: dict[str, Callable[[], _Decoder]] = {
        "": _Plain,
        "gzip": _Gunzip,
        "deflate": _Inflate,
    }
    coding = _coding(headers)
    if coding not in known:
        raise FetchError(f"{where}: an encoding nobody asked for: {coding[:40]!a}")
    return known[coding]()


def _decoded(decoder: _Decoder, chunks: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        yield from decoder.feed(chunk)
    decoder.end()


class _Plain:
    """A body that is sent as it is."""

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        yield chunk

    def end(self) -> None:
        """Any end will do: HTTP's own framing says whether it is whole."""


class _Gunzip:
    """A gzip stream: one member or several, perhaps padded with zeros."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(_GZIP)
        self._begun = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        data = self._ahead(chunk)
        while data:
            self._begun = True
            yield from _poured(self._zlib, data)
            data = self._ahead(self._zlib.unused_data)

    def _ahead(self, data: bytes) -> bytes:
        """Return what is left to inflate, ready for the next member if due."""
        if not self._zlib.eof:
            return data
        data = data.lstrip(b"\0")
        if data:
            self._zlib = zlib.decompressobj(_GZIP)
        return data

    def end(self) -> None:
        _refuse_early_end(self._zlib, begun=self._begun)


class _Inflate:
    """A zlib stream, or the bare deflate stream some servers send instead."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(_ZLIB)
        self._start = b""

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        if len(self._start) < _ZLIB_HEADER:
            chunk = self._start = self._start + chunk
            if len(chunk) < _ZLIB_HEADER:
                return
            self._zlib = zlib.decompressobj(_ZLIB if _is_zlib(chunk) else _RAW)
        if not self._zlib.eof:
            yield from _poured(self._zlib, chunk)

    def end(self) -> None:
        _refuse_early_end(self._zlib, begun=bool(self._start))


def _is_zlib(start: bytes) -> bool:
    """Return whether a stream starts as RFC 1950, section 2.2, says."""
    deflate = start[0] & 0x0F == zlib.DEFLATED
    return deflate and int.from_bytes(start[:_ZLIB_HEADER]) % 31 == 0


def _poured(inflater: "zlib._Decompress", data: bytes) -> Iterator[bytes]:
    """Yield what `data` inflates to, in small pieces."""
    piece = b""
    # At its end zlib may leave the rest both "unused" and "unconsumed".
    while not inflater.eof and (data or len(piece) == _STEP):
        piece = inflater.decompress(data, _STEP)
        yield piece
        data = inflater.unconsumed_tail


def _refuse_early_end(inflater: "zlib._Decompress", *, begun: bool) -> None:
    if begun and not inflater.eof:
        raise zlib.error("the compressed stream ends too early")
