"""Works for other programs: what to export, with keys that never change."""

import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from tracker.bootstrap import App
from tracker.core.values import Item
from tracker.core.weekly import Reader
from tracker.errors import TrackerError, UsageError
from tracker.export import notes
from tracker.export.work import Work, keys, stem
from tracker.store import citations, listing, readers
from tracker.store import engine as store
from tracker.store.listing import Wanted

_LARGEST_NOTE = 5_000_000  # bytes; what is larger is nobody's note


@dataclass(frozen=True, slots=True)
class Written:
    """What became of notes: how many are new, renewed, or were as they should be.

    `left` are the files that are no notes of tracker's, and were left alone.
    """

    new: int
    renewed: int
    same: int
    left: tuple[Path, ...]


def works(
    app: App, reader: Reader, wanted: Wanted | None, numbers: Sequence[int] = ()
) -> list[Work]:
    """Return the works wanted, or those of these numbers, in order of number.

    Each has its citation key: one that has none yet is given it for good. Raises
    UsageError for a number that no item has.
    """
    with store.writing(app.engine) as connection:
        found = listing.items(connection, wanted) if wanted else []
        found += [_one(connection, number) for number in numbers]
        items = sorted({item.id: item for item in found}.values(), key=lambda i: i.id)
        ids = citations.ids(connection, [item.id for item in items])
        given = _given(connection, items, ids, app)
        who = readers.find(connection, reader.name)
        return [
            Work(
                item,
                given[item.id],
                ids[item.id],
                readers.mark_of(connection, who, item.id),
            )
            for item in items
        ]


def _one(connection: Connection, number: int) -> Item:
    item = listing.one(connection, number)
    if item is None:
        raise UsageError(f"no item has the number {number}; see `tracker list`")
    return item


def _given(
    connection: Connection,
    items: Sequence[Item],
    ids: dict[int, tuple[str, ...]],
    app: App,
) -> dict[int, str]:
    """Return the items' citation keys; those without one are given the best free."""
    known = citations.of(connection, [item.id for item in items])
    fresh = [item for item in items if item.id not in known]
    possible = {item.id: list(keys(item, ids[item.id])) for item in fresh}
    taken = set(
        citations.taken(connection, (k for each in possible.values() for k in each))
    )
    # Two that are new and alike both get letters, whichever comes first.
    stems = Counter(map(stem, fresh))
    taken.update(one for one, times in stems.items() if times > 1)
    new: dict[int, str] = {}
    for item in fresh:
        new[item.id] = next(key for key in possible[item.id] if key not in taken)
        taken.add(new[item.id])
    citations.give(connection, new, app.now())
    return known | new


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all; raises TrackerError where that can't be."""
    try:
        _replace(path, text)
    except OSError as error:
        raise TrackerError(f"{path}: {error.strerror}") from error


def write_notes(folder: Path, exported: Sequence[Work]) -> Written:
    """Write a note of each work into a folder, and leave what a reader wrote.

    Raises TrackerError where a file can't be read or written.
    """
    new = renewed = same = 0
    left: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, now, text in _notes(folder, exported):
            if text is None:
                left.append(path)
            elif now is None:
                _replace(path, text)
                new += 1
            elif text == now:
                same += 1
            else:
                _replace(path, text)
                renewed += 1
    except OSError as error:
        raise TrackerError(
            f"{error.filename or folder}: {error.strerror}; nothing in it was lost"
        ) from error
    return Written(new, renewed, same, tuple(left))


def _notes(
    folder: Path, exported: Sequence[Work]
) -> Iterator[tuple[Path, str | None, str | None]]:
    """Yield each note's path, what it holds now, and what it is to hold."""
    for work in exported:
        path = folder / notes.file_name(work)
        try:
            now = _read(path)
        except ValueError:
            yield path, "", None
            continue
        yield path, now, notes.note(work, now)


def _read(path: Path) -> str | None:
    """Return what a note holds, None where there is none yet.

    Raises ValueError where it is no text, or no plain file.
    """
    if not path.exists() and not path.is_symlink():
        return None
    if not path.is_file() or path.stat().st_size > _LARGEST_NOTE:
        raise ValueError(path)
    return path.read_bytes().decode("utf-8")


def _replace(path: Path, text: str) -> None:
    """Put a file in its place in one step, with the rights that it had."""
    path = path.resolve()
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(text.encode("utf-8", "replace"))
            opened.flush()
            # What takes a file's place must be on disk, or a power cut empties both.
            os.fsync(opened.fileno())
        mode = path.stat().st_mode if path.exists() else 0o644
        Path(temporary).chmod(mode & 0o777)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
