"""`python -m tracker` in processes of their own, forked from one that is ready.

That one has imported what the commands import, which takes a second each time.
Programs that start from nothing are in process.py and test_package.py.
"""

import os
import runpy
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

_SECONDS = 60.0
_READY = get_context("forkserver")
_READY.set_forkserver_preload(["tests.forked", "tracker.bootstrap", "tracker.cli"])


@dataclass(frozen=True)
class Ended:
    """How a process ended, negative if by a signal, and what it wrote."""

    code: int
    stdout: str
    stderr: str


def run(
    words: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    module: str = "tracker",
) -> Ended:
    """Run a module as `python -m` does, in `folder`; return how it ended."""
    with TemporaryDirectory() as name:
        said = Path(name, "stdout"), Path(name, "stderr")
        task = module, words, folder, dict(environment), said
        process = _READY.Process(target=_run, args=task)
        process.start()
        process.join(_SECONDS)
        code = process.exitcode
        process.kill()
        process.join()
        out, err = (file.read_text("utf-8") for file in said)
        assert code is not None, f"still running after {_SECONDS:g} s: {err}"
        return Ended(code, out, err)


def _run(
    module: str,
    words: Sequence[str],
    folder: Path,
    environment: dict[str, str],
    said: tuple[Path, Path],
) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, file in enumerate(said, 1):
        with file.open("wb") as opened:
            os.dup2(opened.fileno(), number)
    sys.argv[1:] = words
    runpy.run_module(module, run_name="__main__", alter_sys=True)
