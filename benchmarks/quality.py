"""`python -m benchmarks.quality DATA`: measure the judgement, renew docs/quality.md.

DATA is the folder of recorded input, which belongs to its authors and is not here.
Each section of the page between two marks is replaced by what `tracker eval` says, or,
of topics, what their training and benchmarks.own_topics do.
"""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import own_topics, picking

PAGE = Path(__file__).resolve().parents[1] / "docs/quality.md"
COMPANIES = Path(__file__).with_name("companies.tsv")
"""Affiliations with the companies they name, labelled by hand; see the page."""

_LEFT_OUT = re.compile(r"^(title|text) left out in turn +(\S+?) *(\d+) (.+)$", re.M)
_ROWS = {"title": "titles", "text": "abstracts"}


def main() -> None:
    """Measure each subject and put what was found into the page."""
    options = _options()
    page = options.page.read_text("utf-8")
    with TemporaryDirectory() as folder:
        for name, lines in _sections(options.data, Path(folder)):
            if options.only and name not in options.only:
                continue
            print(f"measuring {name} …", file=sys.stderr)
            page = replaced(page, name, "\n".join(lines))
            options.page.write_text(page, "utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality")
    parser.add_argument("data", type=Path, help="the folder of recorded input")
    parser.add_argument("--page", type=Path, default=PAGE)
    parser.add_argument(
        "--only", nargs="*", default=[], metavar="SECTION", help="measure these alone"
    )
    return parser.parse_args()


def replaced(page: str, name: str, text: str) -> str:
    """Return the page with `text` between the marks of section `name`.

    Raises ValueError when the page has no such section.
    """
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, found, rest = page.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"the page has no section {begin} … {end}")
    return f"{before}{begin}\n{text}\n{end}{after}"


def _sections(data: Path, folder: Path) -> Iterator[tuple[str, Iterable[str]]]:
    """Yield each section with its lines, which are measured as they are taken."""
    yield "topics", _topics("--out", str(folder / "topics.model"), data=data)
    yield "topics-years", _topics("--by-year", data=data)
    yield "topics-outside", _outside(data)
    yield "topics-own", _own(data)
    for name, arguments in _cases(data, folder):
        yield name, _section(arguments)
    yield "ranking-curated", _curated(data / "arxiv/papers.jsonl.xz", folder)


def _topics(*options: str, data: Path) -> Iterator[str]:
    """Yield what training the shipped model tells of what it left out."""
    told = _printed("training.topics", str(data), *options)
    asked = " --by-year" if "--by-year" in options else ""
    yield f"`python -m training.topics DATA{asked}`, {datetime.now(UTC):%Y-%m-%d}\n"
    yield from left_out(told)


def _outside(data: Path) -> Iterator[str]:
    """Yield what the shipped topics are worth on lists that nothing was made with."""
    yield f"`python -m training.outside DATA`, {datetime.now(UTC):%Y-%m-%d}\n"
    yield _printed("training.outside", str(data)).rstrip()


def _printed(module: str, *arguments: str) -> str:
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout


def _own(data: Path) -> Iterator[str]:
    """Yield what works named teach topics of one's own."""
    yield f"`python -m benchmarks.own_topics DATA`, {datetime.now(UTC):%Y-%m-%d}\n"
    yield from own_topics.lines(data)


def _curated(stream: Path, folder: Path) -> Iterator[str]:
    """Yield a table for each set of lists, with its topics above it."""
    for one in picking.LISTS:
        yield f"\n{' and '.join(one.lists)}, on {' and '.join(one.topics)}:\n"
        yield from _section(picking.curated(one, stream, folder))


def left_out(told: str) -> Iterator[str]:
    """Yield the Markdown of what training prints of lists left out in turn."""
    yield "| rows | topic | n | precision | recall | F1 | keywords' | LR's | ECE |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for view, topic, count, figures in _LEFT_OUT.findall(told):
        n = "" if topic == "macro" else count
        cells = [_ROWS[view], topic, n, *figures.split()]
        yield f"| {' | '.join(cells)} |"


def _cases(data: Path, folder: Path) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield each section with the arguments of `tracker` that fill it."""
    stored = picking.tsv(data / "duplicates/pairs.tsv")
    pairs = picking.written(folder / "pairs.jsonl", stored)
    yield "duplicates", ["eval", "duplicates", pairs]
    for name, half in (("companies", "held out"), ("companies-tuned", "tuned")):
        rows = (row for row in picking.tsv(COMPANIES) if row["half"] == half)
        labelled = picking.written(folder / f"{name}.jsonl", rows)
        yield name, ["eval", "companies", labelled]
    yield "ranking-ijcai", picking.ijcai(data / "conferences/paperlists", folder)
    stream = data / "arxiv/papers.jsonl.xz"
    yield "ranking-editor", picking.editor(stream, folder)
    yield "ranking-weekly", picking.weekly(stream, folder)


def _section(arguments: Sequence[str]) -> Iterator[str]:
    command = [sys.executable, "-m", "tracker", *arguments, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    shown = " ".join(Path(one).name if "/" in one else one for one in arguments)
    yield f"`tracker {shown}`, {datetime.now(UTC):%Y-%m-%d}\n"
    yield from table(json.loads(done.stdout))


def table(report: Mapping[str, Any]) -> Iterator[str]:
    """Yield the Markdown of a report as `tracker eval --json` prints it."""
    yield "; ".join([f"{report['rows']:,} rows", *report["notes"]]) + "\n"
    results = report["results"]
    names = list(dict.fromkeys(name for one in results for name in one["figures"]))
    yield f"| method | of | labelled | {' | '.join(names)} |"
    yield f"| --- | --- | ---: | {' | '.join('---' for _ in names)} |"
    for one in results:
        cells = " | ".join(_cell(one["figures"].get(name)) for name in names)
        yield f"| {one['method']} | {one['of']} | {one['count']} | {cells} |"


def _cell(figure: Mapping[str, float | None] | None) -> str:
    if not figure or figure["value"] is None:
        return ""
    low, high = figure["low"], figure["high"]
    interval = "" if low is None else f" ({low:.2f}-{high:.2f})"
    return f"{figure['value']:.3f}{interval}"


if __name__ == "__main__":
    main()
