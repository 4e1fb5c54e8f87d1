"""What was measured, as values."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure, None where it is of nothing, with its 95 % interval if known."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of a method on one thing: a topic, a kind of pair, some likes.

    `count` is the number of labelled ones that there were to find.
    """

    method: str
    about: str
    count: int
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Report:
    """All that was found on one subject.

    `notes` say what was done, and what was left out and why; `misses` are the worst;
    `predictions` are what the shipped path said, an object a row.
    """

    subject: str
    rows: int
    lines: tuple[Line, ...]
    notes: tuple[str, ...]
    predictions: tuple[Mapping[str, object], ...]
    misses: tuple[str, ...] = ()


def data(report: Report) -> dict[str, Any]:
    """Return the report for JSON, without the predictions."""
    return {
        "subject": report.subject,
        "rows": report.rows,
        "notes": list(report.notes),
        "results": [
            {
                "method": line.method,
                "of": line.about,
                "count": line.count,
                "figures": {
                    name: asdict(figure) for name, figure in line.figures.items()
                },
            }
            for line in report.lines
        ],
        "misses": list(report.misses),
    }
