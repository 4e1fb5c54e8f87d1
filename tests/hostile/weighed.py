"""What reading and collecting take: time of the processor, and memory."""

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import ClassVar

from tracker import sources
from tracker.core.values import Document, Page, Request, Window
from tracker.sources.base import Source

_CLEAR = Path("/proc/self/clear_refs")
_STATUS = Path("/proc/self/status")
_FORGET_PEAK = "5"  # proc(5)


@dataclass(frozen=True, slots=True)
class Measures:
    """What something took: seconds of the processor, and bytes at the process's peak.

    `grown` are those of the peak that the process had not at the start.
    """

    seconds: float
    peak: int
    grown: int


class Weighed(Source):
    """A source of some kind at an address of ours; its measures go to a file."""

    read_as: str
    url: str
    measures: Path

    @classmethod
    def at(cls, url: str) -> "Weighed":
        return cls(read_as="feed", url=url, measures=Path())

    def first(self, window: Window) -> tuple[Request, ...]:
        asked = self._source().first(window)[0]
        return (replace(asked, url=self.url),)

    def read(self, document: Document) -> Page:
        with _weighed(self.measures):
            page = self._source().read(document)
        return replace(page, next=())  # which a real kind asks of other hosts

    def _source(self) -> Source:
        return sources.load(self.read_as).at(self.url)


class WeighedFeed(Weighed):
    """The same of a kind that only speaks of papers, as a feed does."""

    is_catalogue: ClassVar[bool] = False


@contextmanager
def _weighed(file: Path) -> Iterator[None]:
    """Write the measures of the block to `file`; nothing, if it never ends."""
    file.touch()
    with weighing() as taken:
        try:
            yield
        finally:
            file.write_text(json.dumps(astuple(taken())))


@contextmanager
def weighing() -> Iterator[Callable[[], Measures]]:
    """Yield what returns the measures of this process since the block began."""
    _forget_peak()
    before, start = _peak(), time.process_time()

    def taken() -> Measures:
        peak = _peak()
        return Measures(time.process_time() - start, peak, peak - before)

    yield taken


def measures(file: Path) -> Measures | None:
    """Return the measures in `file`; None where nothing was read.

    A reading that was ended from outside took for ever.
    """
    if not file.exists():
        return None
    written = file.read_text()
    return Measures(*json.loads(written)) if written else Measures(float("inf"), 0, 0)


def _forget_peak() -> None:
    """Let the peak be that of what follows, where the system can do so: Linux."""
    try:
        _CLEAR.write_text(_FORGET_PEAK)
    except OSError:
        return


def _peak() -> int:
    """Return the bytes that this process had in memory at its peak."""
    try:
        lines = _STATUS.read_text().splitlines()
        (line,) = [line for line in lines if line.startswith("VmHWM:")]
        return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
