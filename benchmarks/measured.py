"""A command run and measured: time, processor time and memory of its process tree."""

import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from tempfile import TemporaryFile
from threading import Event, Thread
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]
"""The checkout: where commands run, so that they find this package."""

_SAMPLE = 0.05  # seconds between two looks at the memory of all processes
_MAXRSS = 1 if sys.platform == "darwin" else 1024  # bytes in a unit of ru_maxrss
_PAGE = os.sysconf("SC_PAGE_SIZE")
_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Run:
    """What a command took: seconds, and bytes of resident memory at their peak.

    `cpu` holds children that were waited for. `largest` is the peak of the largest
    single process as the kernel counts it, None when it is no larger than our own,
    which is counted in. `together` is the greatest sum over the process tree that
    was seen, pages that are shared counted in each; None where there is no /proc, or
    when it ended before we looked.
    """

    wall: float
    cpu: float
    largest: int | None
    together: int | None
    output: str


def run(command: Sequence[str]) -> Run:
    """Run a command to its end and return what it took.

    Raises ChildProcessError, with what was said on stderr, when it fails.
    """
    with TemporaryFile("w+") as out, TemporaryFile("w+") as err:
        ours = getrusage(RUSAGE_SELF).ru_maxrss
        began = perf_counter()
        # Waited for below, by the call that also tells what it took.
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            cwd=ROOT,
            env=_env(),
        )
        with _Watch(process.pid) as watch:
            _, status, used = os.wait4(process.pid, 0)
            wall = perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode:
            what = f"{shlex.join(command)} ended with {process.returncode}"
            raise ChildProcessError(f"{what}:\n{err.read()}")
        cpu, largest = used.ru_utime + used.ru_stime, used.ru_maxrss
        return Run(
            wall=wall,
            cpu=cpu,
            largest=largest * _MAXRSS if largest > ours else None,
            together=watch.peak,
            output=out.read(),
        )


def _env() -> dict[str, str]:
    """Return our environment, but let modules be compiled once, as when installed."""
    apart = "PYTHONDONTWRITEBYTECODE"
    return {name: value for name, value in os.environ.items() if name != apart}


class _Watch:
    """Looks at the memory of a process and all below it, time and again."""

    def __init__(self, pid: int) -> None:
        self.peak: int | None = None
        self._pid = pid
        self._over = Event()
        self._thread = Thread(target=self._look)

    def __enter__(self) -> "_Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(_SAMPLE):
            now = sum(_resident(pid) for pid in _tree(self._pid))
            if now:
                self.peak = max(self.peak or 0, now)


def _tree(pid: int) -> list[int]:
    found = [pid]
    for parent in found:  # which grows meanwhile
        for thread in _read_each(_PROC / str(parent) / "task"):
            found.extend(int(child) for child in thread.split())
    return found


def _read_each(tasks: Path) -> list[str]:
    try:
        return [(task / "children").read_text() for task in tasks.iterdir()]
    except OSError:  # it has ended, or there is no /proc
        return []


def _resident(pid: int) -> int:
    try:
        return int((_PROC / str(pid) / "statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0
