"""The text of a PDF, read in a process of its own: bounded in time and memory.

`python -m tracker.pdf FILE` is that process; it prints the text. A hostile file costs
it alone: whatever breaks there is one sentence here.
"""

import logging
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.errors import FileError

if TYPE_CHECKING:
    from pypdf import PdfReader

_LARGEST = 20_000_000  # bytes
_PAGES = 50
_LONGEST = 1_000_000  # characters
_SECONDS = 20.0
_MEMORY = 1_000_000_000  # bytes of address space
_ENCRYPTED = 3  # exit code


def text(file: Path, seconds: float = _SECONDS) -> str:
    """Return the text of a PDF's first 50 pages, with control characters in it.

    Raises FileError when it is too large, broken, encrypted or without text, and
    OSError when it can't be opened.
    """
    size = file.stat().st_size
    if size > _LARGEST:
        most = _LARGEST // 1_000_000
        raise FileError(
            f"{file}: {size // 1_000_000} MB; a PDF of {most} MB at most is read"
        )
    # -P: a folder that tracker is called in must not lend it modules.
    command = [sys.executable, "-P", "-m", "tracker.pdf", str(file.resolve())]
    try:
        done = subprocess.run(  # noqa: S603 - ourselves, and no shell
            command, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise FileError(f"{file}: reading it took over {seconds:g} s") from None
    if done.returncode == _ENCRYPTED:
        raise FileError(f"{file}: encrypted; save it without a password")
    if done.returncode:
        raise FileError(f"{file}: a broken PDF; save it anew, or as text")
    found = done.stdout.decode(errors="replace")
    if not found.strip():
        raise FileError(f"{file}: no text in it, a scan perhaps; save it as text")
    return found


def main() -> int:
    """Print the text of the file named on the command line; return the exit code."""
    logging.disable()
    _bound()
    from pypdf import PdfReader

    reader = PdfReader(sys.argv[1])
    if reader.is_encrypted and not _opens(reader):
        return _ENCRYPTED
    left = _LONGEST
    for page in reader.pages[:_PAGES]:
        found = (page.extract_text() or "")[:left]
        sys.stdout.buffer.write(f"{found}\n".encode(errors="replace"))
        left -= len(found)
    return 0


def _bound() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    allowed = _MEMORY if most == resource.RLIM_INFINITY else min(_MEMORY, most)
    resource.setrlimit(resource.RLIMIT_AS, (allowed, most))


def _opens(reader: "PdfReader") -> bool:
    """Return whether a file is encrypted with an empty password, as many are."""
    from pypdf.errors import DependencyError

    try:
        return bool(reader.decrypt(""))
    except DependencyError:  # AES takes a package that is not ours
        return False


if __name__ == "__main__":
    sys.exit(main())
