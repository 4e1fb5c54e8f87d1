"""Job descriptions: the text of a file, be it text, markdown or PDF."""

import codecs
import contextlib
import os
import re
from hashlib import sha256
from pathlib import Path

from tracker import pdf
from tracker.errors import FileError

_LARGEST = 1_000_000  # bytes of a text
_PDF_WITHIN = 1_024  # bytes, of which the first are some mail's or server's at times
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f]")  # controls, which no text has
_HIGH = re.compile(rb"[\x80-\xff]")
_MOST_HIGH = 0.1  # of the bytes of a text in Latin letters, accents and dashes


def text(file: Path, cache: Path | None = None) -> str:
    """Return the text of a job description; of a long one, its first megabyte.

    It is in UTF-8, in UTF-16 with a byte order mark, or in Windows-1252 (Latin-1).
    What was read of a PDF is kept in the folder `cache`: each command reads settings,
    and a PDF takes half a second. Raises FileError when it is neither text nor a sound
    PDF, OSError when it can't be opened.
    """
    file = file.expanduser()
    if file.exists() and not file.is_file():
        raise FileError(f"{file}: not a file")
    with file.open("rb") as opened:
        body = opened.read(_LARGEST)
    if b"%PDF-" in body[:_PDF_WITHIN]:
        return _of_pdf(file, cache)
    for encoding in _encodings(body):
        decoder = codecs.getincrementaldecoder(encoding)()
        with contextlib.suppress(UnicodeDecodeError):
            found = decoder.decode(body, final=len(body) < _LARGEST)
            return found.removeprefix("\ufeff")
    raise FileError(
        f"{file}: neither text nor PDF; save it as text in UTF-8, markdown or PDF"
    )


def _encodings(body: bytes) -> tuple[str, ...]:
    """Return the encodings that a text may be in, the likeliest first."""
    if body.startswith(_UTF_16):
        return ("utf-16",)
    is_latin = len(_HIGH.findall(body)) <= _MOST_HIGH * len(body)
    if is_latin and not _NO_TEXT.search(body):
        return "utf-8-sig", "cp1252"
    return ("utf-8-sig",)


def _of_pdf(file: Path, cache: Path | None) -> str:
    if cache is None:
        return pdf.text(file)
    kept = cache / f"{_fingerprint(file)}.txt"
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return kept.read_text("utf-8")
    found = pdf.text(file)
    with contextlib.suppress(OSError):  # a full or read-only disk: read again next time
        cache.mkdir(parents=True, exist_ok=True)
        own = kept.with_suffix(f".{os.getpid()}")
        own.write_text(found, "utf-8")
        own.replace(kept)
    return found


def _fingerprint(file: Path) -> str:
    """Return what names a file by its size and time, so that it need not be read."""
    state = file.stat()
    named = f"{file.resolve()}\n{state.st_size}\n{state.st_mtime_ns}"
    return sha256(named.encode(errors="surrogateescape")).hexdigest()
