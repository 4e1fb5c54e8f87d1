"""Printing: tables for people, JSON for programs, progress on a terminal."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tracker.ingest import Report
from tracker.render.clean import one_line

if TYPE_CHECKING:
    from rich.console import Console

_MOST_TROUBLE = 20  # lines: without a network every source is in trouble
_LONGEST_LINE = 300


def console(*, stderr: bool = False) -> "Console":
    """Return a console that colours on a terminal only and honours NO_COLOR."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=False)


def print_json(value: Any) -> None:  # noqa: ANN401 - any JSON value
    """Print a JSON value, readable and in UTF-8."""
    print(json.dumps(value, indent=2, ensure_ascii=False))


def table(rows: Sequence[Sequence[str]], heads: Sequence[str]) -> None:
    """Print rows in columns; as wide as the terminal allows, plain when piped."""
    from rich.table import Table
    from rich.text import Text

    out = console()
    if not out.is_terminal:
        for row in rows:
            print("\t".join(row))
        return
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for head in heads:
        grid.add_column(head, overflow="fold")
    for row in rows:
        grid.add_row(*(Text(cell) for cell in row))
    out.print(grid)


def headed(rows: Sequence[Sequence[str]], heads: Sequence[str]) -> None:
    """Print rows as `table` does, under their heads even when piped."""
    if not console().is_terminal:
        print("\t".join(heads))
    table(rows, heads)


def moment(value: datetime | None, zone: str) -> str:
    """Return a moment in local time, "-" for none."""
    return f"{value.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if value else "-"


def span(value: timedelta | None) -> str:
    """Return a span of time such as "27 h", "15 min" or "7 d", "-" for none."""
    if value is None:
        return "-"
    minutes = value.total_seconds() / 60
    for unit, size, least in (("d", 1440, 2880), ("h", 60, 120)):
        if minutes >= least:
            return f"{minutes / size:.0f} {unit}"
    return f"{minutes:.0f} min"


def stamp(value: datetime | None) -> str | None:
    """Return a moment as ISO 8601 in UTC, for JSON."""
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if value else None


class Progress:
    """A bar on a terminal's stderr; nothing elsewhere."""

    def __init__(self, bar: Any) -> None:  # noqa: ANN401 - rich's Progress or None
        self._bar = bar
        self._task: Any = None

    def start(self, total: int) -> None:
        """Show that `total` sources are to be read."""
        if self._bar is not None:
            self._task = self._bar.add_task("", total=total)

    def report(self, done: Report) -> None:
        """Move on by one source; say so when it is in trouble."""
        if self._bar is not None:
            self._bar.update(self._task, advance=1, description=done.title[:28])


@contextmanager
def progress() -> Iterator[Progress]:
    """Give a progress bar."""
    if not sys.stderr.isatty():
        yield Progress(None)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("reading"),
        BarColumn(24),
        MofNCompleteColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Bar(*columns, console=console(stderr=True), transient=True) as bar:
        yield Progress(bar)


def summary(reports: Sequence[Report]) -> None:
    """Print to stderr how collecting went: totals, and a line for each trouble."""
    out = console(stderr=True)
    if not reports:
        out.print("no source is due yet; `tracker fetch --all` asks them all")
        return
    troubled = [report for report in reports if report.outcome.is_trouble]
    read = len(reports) - len(troubled)
    new = sum(report.new for report in reports)
    trouble = f", {len(troubled)} in trouble" if troubled else ""
    out.print(f"{len(reports)} sources: {read} read{trouble}; {new:,} new items")
    for report in troubled[:_MOST_TROUBLE]:
        line = f"{report.outcome}: {report.title}: {report.detail}"
        out.print(f"  {one_line(line, _LONGEST_LINE)}", markup=False, soft_wrap=True)
    if len(troubled) > _MOST_TROUBLE:
        more = len(troubled) - _MOST_TROUBLE
        out.print(f"  and {more} more; see `tracker sources list`")
