"""`tracker eval`: how good the judgement is, measured on a labelled file."""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time
from pathlib import Path

from tracker import config
from tracker.cli import output
from tracker.config import places
from tracker.evaluation import companies, duplicates, files, ranking, report, topics
from tracker.evaluation.report import Figure, Report


def eval_command(options: argparse.Namespace) -> int:
    """Measure one subject; print the figures, or write JSON."""
    out = Path(options.predictions) if options.predictions else None
    if out:
        files.check(out, _read(options))
    measured = _MEASURED[options.subject](Path(options.file), options)
    try:
        if out:
            files.write(out, measured.predictions)
    finally:  # the figures took long to find
        _print(measured, as_json=options.json)
    return 0


def _read(options: argparse.Namespace) -> dict[str, Path]:
    """Return the files that are read, by what they are."""
    given = {
        "labels": Path(options.file),
        "settings": places.config_file(options.config),
    }
    return given | ({"picks": Path(options.picks)} if "picks" in options else {})


def _print(measured: Report, *, as_json: bool) -> None:
    if as_json:
        output.print_json(report.data(measured))
    else:
        print("\n".join(_text(measured)))


def _topics(file: Path, options: argparse.Namespace) -> Report:
    settings = config.load(options.config)
    rows = files.rows(file, topics.NEEDED)
    return topics.measure(rows, settings, complete=options.complete)


def _duplicates(file: Path, _options: argparse.Namespace) -> Report:
    return duplicates.measure(files.rows(file, duplicates.NEEDED))


def _companies(file: Path, options: argparse.Namespace) -> Report:
    settings = config.load(options.config)
    return companies.measure(files.rows(file, companies.NEEDED), settings)


def _ranking(file: Path, options: argparse.Namespace) -> Report:
    settings = config.load(options.config)
    picks = files.any_rows(Path(options.picks), ranking.PICKS_NEEDED)
    split = datetime.combine(options.split, time(), UTC)
    rows = files.rows(file, ranking.NEEDED)
    return ranking.measure(rows, settings, picks, split, options.at_once)


_MEASURED = {
    "topics": _topics,
    "duplicates": _duplicates,
    "companies": _companies,
    "ranking": _ranking,
}


def _text(measured: Report) -> Iterator[str]:
    """Yield the lines of a report for people, figures in columns."""
    yield f"{measured.subject}: {measured.rows:,} rows"
    yield from (f"  {note}" for note in measured.notes)
    names = list(dict.fromkeys(n for line in measured.lines for n in line.figures))
    table = [["method", "of", "labelled", *names]]
    for line in measured.lines:
        cells = (_cell(line.figures.get(name)) for name in names)
        table.append([line.method, line.about, f"{line.count:,}", *cells])
    if measured.lines:
        yield ""
        yield from _columns(table)
    if measured.misses:
        yield "\nthe worst misses"
        yield from (f"  {miss}" for miss in measured.misses)


def _cell(figure: Figure | None) -> str:
    """Return "0.834 (0.81-0.86)", with the interval where there is one."""
    if figure is None or figure.value is None:
        return "-"
    if figure.low is None or figure.high is None:
        return f"{figure.value:.3f}"
    return f"{figure.value:.3f} ({figure.low:.2f}-{figure.high:.2f})"


def _columns(table: Sequence[Sequence[str]]) -> Iterable[str]:
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()
