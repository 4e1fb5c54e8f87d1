"""`make faults`: 1,000 runs (ARGS=100 plays that many), and the figure.

`make faults ARGS="readers 1000"` measures a run over many readers.
"""

import os
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

from tests.faults.cases import runs
from tests.faults.crowd import measured
from tests.faults.playing import Stage, Verdict
from tests.faults.sender import PEOPLE

_RUNS = 1_000
_TOLD = 20


def main(arguments: list[str]) -> int:
    """Play the runs, print what they came to; return 1 when a digest went wrong."""
    if arguments[:1] == ["readers"]:
        sys.stdout.write(f"{measured(int(arguments[1]))}\n")
        return 0
    count = int(arguments[0]) if arguments else _RUNS
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tracker-faults-") as folder:
        stage = Stage(Path(folder))
        # Forked, each has what the stage has loaded; none has a thread.
        with get_context("fork").Pool(os.cpu_count()) as pool:
            verdicts = pool.map(stage.play, runs(count, stage.lines), chunksize=5)
    bad = [verdict for verdict in verdicts if not verdict.is_good]
    for verdict in bad[:_TOLD]:
        sys.stdout.write(f"{verdict}\n")
    sys.stdout.write(_figure(verdicts, stage.lines, time.monotonic() - began))
    return 1 if bad else 0


def _figure(verdicts: list[Verdict], lines: int, seconds: float) -> str:
    def total(name: str) -> int:
        return sum(getattr(verdict, name) for verdict in verdicts)

    return (
        f"{len(verdicts):,} runs of {len(PEOPLE)} readers in {seconds:.0f} s, killed"
        f" at {lines:,} lines: {total('lost')} lost, {total('doubled')} doubled,"
        f" {total('unsettled')} unsettled, {total('broken')} broken\n"
        f"where SMTP cannot tell: {total('repeated')} had it twice, with the same"
        f" Message-ID; {total('unsure')} were told to be in doubt\n"
        f"refused for good, and shown: {total('refused')}\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
