"""The hostile corpus from the command line.

`python -m tests.hostile` plays it and prints its figures; `python -m tests.hostile
fuzz --seconds N` looks for what is not in it yet.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.hostile import fuzz
from tests.hostile.files import CASES as FILES
from tests.hostile.playing import (
    BUSY,
    CASES,
    COLLECTING,
    COLLECTOR,
    MEMORY,
    SLACK,
    TIMEOUT,
    WORKERS,
    Result,
    play,
    refuse,
)
from tests.hostile.weighed import Measures


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 when everything survived."""
    parser = argparse.ArgumentParser("python -m tests.hostile", description=__doc__)
    commands = parser.add_subparsers(dest="command")
    fuzzing = commands.add_parser("fuzz", help="damage the examples of every reader")
    fuzzing.add_argument("--seconds", type=float, default=60)
    fuzzing.add_argument("--seed", type=int, default=1)
    names = [reader.name for reader in fuzz.READERS]
    fuzzing.add_argument("--reader", choices=names, help="of this one alone")
    given = parser.parse_args(arguments)
    if given.command == "fuzz":
        return fuzz.run(given.seconds, given.seed, given.reader)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        results = [*play(CASES, folder), *(refuse(case, folder) for case in FILES)]
    for line in report(results):
        sys.stdout.write(f"{line}\n")
    return 1 if any(result.faults for result in results) else 0


def report(results: Sequence[Result]) -> list[str]:
    """Return the faults, and the corpus's figures, as lines."""
    (collector,) = [result for result in results if result.name == COLLECTOR]
    cases = [result for result in results if result is not collector]
    alive = sum(not result.faults for result in cases)
    slow = max(cases, key=_seconds)
    large = max(cases, key=lambda result: _peak(result.reading))
    peak, _ = _peak(large.reading)
    _, grown = _peak(collector.reading)
    return [
        *(f"{result.name}: {fault}" for result in results for fault in result.faults),
        f"cases         {len(cases)}",
        f"survivors     {alive}",
        f"worst time    {_seconds(slow):.1f} s, {slow.name}"
        f" (bounds: fetching {TIMEOUT + SLACK:g} s, reading {BUSY:g} s)",
        f"worst memory  {peak / 1e6:.0f} MB of a reading process, {large.name}"
        f" (bound: {MEMORY / 1e6:.0f} MB)",
        f"              {grown / 1e6:.0f} MB more in the collecting process,"
        f" {WORKERS} at once (bound: {COLLECTING / 1e6:.0f} MB)",
    ]


def _seconds(result: Result) -> float:
    return result.seconds + (result.reading.seconds if result.reading else 0.0)


def _peak(reading: Measures | None) -> tuple[int, int]:
    return (reading.peak, reading.grown) if reading else (0, 0)


if __name__ == "__main__":
    sys.exit(main())
