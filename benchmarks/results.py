"""What was measured, as values, and as the table that is printed."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from statistics import median
from typing import Any

from benchmarks.measured import Run

_MEGA = 1e6


@dataclass(frozen=True, slots=True)
class Row:
    """Medians of some runs of one thing: seconds, and megabytes at the peak.

    `largest` is the largest process of the tree, `together` the sum of all.
    """

    name: str
    runs: int
    wall: float
    cpu: float | None = None
    largest: float | None = None
    together: float | None = None


@dataclass(frozen=True, slots=True)
class Aim:
    """What a figure should be: at least or at most so much."""

    least: float = 0.0
    most: float = float("inf")

    def __str__(self) -> str:
        return f">= {self.least:g}" if self.least else f"<= {self.most:g}"

    def verdict(self, figure: float) -> str:
        """Return "met" or "missed"."""
        return "met" if self.least <= figure <= self.most else "missed"


@dataclass(frozen=True, slots=True)
class Figure:
    """A ratio of wall times, and of processor times, or an amount; with its aim."""

    name: str
    wall: float
    cpu: float | None = None
    aim: Aim | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """All that was found on one subject; `notes` say what was done, or was not."""

    title: str
    notes: tuple[str, ...]
    rows: tuple[Row, ...]
    figures: tuple[Figure, ...]


def row(name: str, runs: Sequence[Run]) -> Row:
    """Return the medians of `runs`."""
    return Row(
        name,
        len(runs),
        median(run.wall for run in runs),
        median(run.cpu for run in runs),
        megabytes([run.largest for run in runs]),
        megabytes([run.together for run in runs]),
    )


def megabytes(peaks: Iterable[int | None]) -> float | None:
    """Return the median of peaks in bytes as megabytes, None when none is known."""
    known = [peak for peak in peaks if peak is not None]
    return median(known) / _MEGA if known else None


def ratio(name: str, over: Row, under: Row, aim: Aim | None = None) -> Figure:
    """Return how many times as long `over` takes as `under`."""
    cpu = over.cpu / under.cpu if over.cpu and under.cpu else None
    return Figure(name, over.wall / under.wall, cpu, aim)


def unjudged(subject: Subject) -> Subject:
    """Return the same without aims: start-up outweighs all else in a small run."""
    figures = tuple(replace(figure, aim=None) for figure in subject.figures)
    return replace(subject, figures=figures)


def data(subjects: Iterable[Subject]) -> list[dict[str, Any]]:
    """Return the same for JSON, verdicts included."""
    found = [asdict(subject) for subject in subjects]
    for figure in (figure for subject in found for figure in subject["figures"]):
        aim = Aim(**figure["aim"]) if figure["aim"] else None
        figure["aim"] = str(aim) if aim else None
        for which in ("wall", "cpu"):
            if aim and figure[which] is not None:
                figure[f"{which}_verdict"] = aim.verdict(figure[which])
    return found


def text(subjects: Iterable[Subject]) -> str:
    """Return the table."""
    return "\n\n".join("\n".join(_lines(subject)) for subject in subjects)


def _lines(subject: Subject) -> Iterable[str]:
    yield subject.title
    yield from (f"  {note}" for note in subject.notes)
    yield ""
    heads = ("wall s", "CPU s", "largest MB", "all MB", "runs")
    yield _line("  seconds and peak memory, medians", heads)
    for one in subject.rows:
        numbers = (one.wall, one.cpu, one.largest, one.together)
        yield _line(f"    {one.name}", [*map(_number, numbers), str(one.runs)])
    yield _line("  ratios and aims", ("wall", "CPU", "aim", "wall is", "CPU is"))
    for figure in subject.figures:
        yield _line(f"    {figure.name}", _judged(figure))


def _judged(figure: Figure) -> list[str]:
    numbers = (figure.wall, figure.cpu)
    aim = figure.aim
    verdicts = ["" if n is None or not aim else aim.verdict(n) for n in numbers]
    return [*map(_number, numbers), str(aim or "-"), *verdicts]


def _line(name: str, cells: Iterable[str]) -> str:
    return (f"{name:<44}" + "".join(f"{cell:>11}" for cell in cells)).rstrip()


def _number(value: float | None) -> str:
    """Return a figure to three digits, large ones whole."""
    if value is None:
        return "-"
    return f"{value:.0f}" if value >= 100 else f"{value:#.3g}"
