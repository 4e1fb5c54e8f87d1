"""What was learnt is kept whole or not at all."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracker import arrays

ROWS = np.arange(10_000)


@dataclass
class Slow:
    """An array that, while it is written, lets another thread write the same file."""

    file: Path

    def __array__(self, *_: object, **__: object) -> "NDArray[Any]":
        other = Thread(
            target=arrays.write, args=(self.file, "another", {"few": ROWS[:9]})
        )
        other.start()
        other.join()
        return ROWS


def _rows(held: Mapping[str, Any]) -> "NDArray[Any]":
    return np.asarray(held["rows"])


def test_two_threads_that_write_a_file_at_once_leave_it_whole(tmp_path: Path) -> None:
    file = tmp_path / "kept.npz"
    slow: Any = Slow(file)
    arrays.write(file, "one", {"rows": slow})
    found = arrays.read(file, "one", _rows)
    assert found is not None
    assert (found == ROWS).all()
    assert [*tmp_path.iterdir()] == [file]


def test_what_was_written_long_ago_makes_room(tmp_path: Path) -> None:
    left, known, file = (tmp_path / f"{number}.npz" for number in (7, 8, 9))
    for one, days in ((left, 91), (known, 89)):
        arrays.write(one, "one", {"rows": ROWS})
        then = one.stat().st_mtime - days * 86_400
        os.utime(one, (then, then))
    arrays.write(file, "one", {"rows": ROWS})
    assert sorted(tmp_path.iterdir()) == [known, file]
