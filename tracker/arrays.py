"""What was learnt, kept in a file as plain arrays: a cache, and no more than that."""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from threading import get_ident
from typing import TYPE_CHECKING, Any, TypeVar
from zipfile import BadZipFile

if TYPE_CHECKING:
    from numpy.typing import NDArray

# What zipfile and numpy raise at damaged files; RuntimeError for ones that look
# encrypted, or packed in another way.
_BROKEN: tuple[type[Exception], ...] = (
    *(OSError, ValueError, LookupError, TypeError, EOFError, BadZipFile),
    *(RuntimeError, MemoryError, OverflowError),
)
_LONGEST = 90 * 86_400  # seconds that a file is kept after it was written
_Kept = TypeVar("_Kept")


def read(
    file: Path, name: str | None, made: "Callable[[Mapping[str, NDArray[Any]]], _Kept]"
) -> _Kept | None:
    """Return what is `made` of the arrays in a file, None if it is broken or not there.

    Nor is it if it was written under another name; None takes any.
    """
    import numpy as np

    try:
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as held:
            is_it = name is None or str(held["name"][0]) == name
            return made(held) if is_it else None
    except _BROKEN:
        return None


def write(file: Path, name: str, arrays: "Mapping[str, NDArray[Any]]") -> None:
    """Put arrays into a file, whole or not at all, whoever else writes it.

    What lies beside it and was written long ago is removed: of a reader who left, or of
    topics that nobody follows any more. Whoever does come back learns it again.
    """
    import numpy as np

    own = file.with_suffix(f".{os.getpid()}-{get_ident()}.npz")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        held: dict[str, Any] = {"name": np.array([name]), **arrays}
        np.savez(own, **held)
        own.replace(file)
        _tidy(file)
    except OSError:  # a full or read-only disk: it is learnt again next time
        with suppress(OSError):
            own.unlink()


def _tidy(written: Path) -> None:
    """Remove what lies beside a file and was written long before it."""
    oldest = written.stat().st_mtime - _LONGEST
    for file in written.parent.glob("*.npz"):
        with suppress(OSError):  # another process was quicker
            if file.stat().st_mtime < oldest:
                file.unlink()
