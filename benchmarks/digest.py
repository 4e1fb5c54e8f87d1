"""A week's digest out of a large store, beside the bare SQL for the same rows."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks import week
from benchmarks.measured import Run, run
from benchmarks.results import Aim, Figure, Row, Subject, megabytes, ratio, row

_MEMORY = Aim(most=200)  # MB


@dataclass(frozen=True, slots=True)
class Size:
    """How many items are stored, how many of them in the week, how often asked."""

    items: int = 100_000
    in_week: int = 5_000
    times: int = 9
    commands: int = 3


def measure(size: Size) -> Subject:
    """Return what a digest takes, as a step and as a command."""
    with TemporaryDirectory(prefix="tracker-bench-") as name:
        print(f"storing {size.items:,} items …", file=sys.stderr, flush=True)
        made = _module("filling", name, str(size.items), str(size.in_week))
        print("digest, rows …", file=sys.stderr, flush=True)
        settings, store = str(Path(name) / "feeds.toml"), Path(name) / "tracker.db"
        composed = _repeated("digest composed", size, "digest", settings)
        fetched = _repeated("bare SQL, same rows", size, "rows", str(store))
        printed = _command(settings, size.commands)
        megabytes = store.stat().st_size / 1e6
    title = (
        f"Digest: {size.in_week:,} items of a week out of {size.items:,}"
        f" ({megabytes:.0f} MB)"
    )
    notes = (
        "composed: from an open store to the digest; bare SQL: sqlite3, five queries",
        "command: `tracker digest --no-fetch --format html`, start to end",
    )
    figures = (
        ratio("digest composed / bare SQL", composed, fetched),
        ratio("digest command / bare SQL", printed, fetched),
        Figure("digest command, MB", printed.largest or 0.0, aim=_MEMORY),
    )
    rows = (row("storing all, by the store", [made]), composed, fetched, printed)
    return Subject(title, notes, rows, figures)


def _module(name: str, *given: str) -> Run:
    return run([sys.executable, "-m", f"benchmarks.{name}", *given])


def _repeated(name: str, size: Size, *given: str) -> Row:
    """Return the median of the times a process took for it, and its memory."""
    taken = _module("week", *given, str(size.times))
    told = json.loads(taken.output)
    if told["items"] != size.in_week:
        raise SystemExit(f"{name}: {told['items']} items where {size.in_week} are")
    seconds, largest = median(told["seconds"]), megabytes([taken.largest])
    return Row(name, size.times, seconds, largest=largest)


def _command(settings: str, times: int) -> Row:
    command: Sequence[str] = (
        *(sys.executable, "-m", "tracker", "--config", settings),
        *("digest", "--no-fetch", "--week", week.NAME, "--format", "html"),
    )
    return row("digest command", [run(command) for _ in range(times)])
