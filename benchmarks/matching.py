"""Finding papers that are one under two titles among many: time, memory, growth."""

import sys
from dataclasses import dataclass

from benchmarks.alike import RETITLED
from benchmarks.measured import Run, run
from benchmarks.results import Aim, Figure, Subject, row

_TIME = Aim(most=60)  # seconds
_GROWTH = Aim(most=2.2)  # of twice as many: linear, and some noise


@dataclass(frozen=True, slots=True)
class Size:
    """How many papers there are."""

    papers: int = 100_000


def measure(size: Size) -> Subject:
    """Return what telling papers from their like takes, beside half as many."""
    print(f"matching {size.papers:,} papers …", file=sys.stderr, flush=True)
    half, whole = (_matched(count) for count in (size.papers // 2, size.papers))
    title = f"Matching {size.papers:,} papers, one in {RETITLED} twice"
    notes = ("in batches of 1,000, each held against all before it; making them is in",)
    rows = (row("half of them", [half]), row("all", [whole]))
    figures = (
        Figure("all, seconds", whole.wall, whole.cpu, _TIME),
        Figure("all / half", whole.wall / half.wall, whole.cpu / half.cpu, _GROWTH),
        Figure(
            "MB, all / half", (whole.largest or 1) / (half.largest or 1), aim=_GROWTH
        ),
    )
    return Subject(title, notes, rows, figures)


def _matched(count: int) -> Run:
    taken = run([sys.executable, "-m", "benchmarks.alike", str(count)])
    wanted = -(-count // RETITLED)
    if int(taken.output) != wanted:
        raise SystemExit(
            f"{taken.output.strip()} papers joined where {wanted} are twice"
        )
    return taken
