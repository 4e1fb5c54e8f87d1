"""`python -m benchmarks.quality DATA`: measure the judgement, renew docs/quality.md.

DATA is the folder of recorded input, which belongs to its authors and is not here.
Each section of the page between two marks is replaced by what `tracker eval` says, or
the program that its heading names. With --keep FOLDER the files that the commands name
are left there.
"""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import own_topics, picking
from tracker.cli.parsing import OneLineParser

PAGE = Path(__file__).resolve().parents[1] / "docs/quality.md"
COMPANIES = Path(__file__).with_name("companies.tsv")
"""Affiliations with the companies they name, labelled by hand; see the page."""

_FOLDERS = ("arxiv", "conferences", "duplicates", "feeds", "topics")  # of DATA
_LEFT_OUT = re.compile(r"^(title|text) left out in turn +(\S+?) *(\d+) (.+)$", re.M)
_ROWS = {"title": "titles", "text": "abstracts"}


def main() -> None:
    """Measure each subject and put what was found into the page."""
    parser = _parser()
    options = parser.parse_args()
    lacking = [name for name in _FOLDERS if not (options.data / name).is_dir()]
    if lacking:
        parser.error(f"{options.data} lacks the folders {', '.join(lacking)}")
    try:
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
            _renew(options, options.keep)
            return
        with TemporaryDirectory() as folder:
            _renew(options, Path(folder))
    except OSError as error:
        parser.error(f"{error.filename}: {error.strerror}")


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(prog="python -m benchmarks.quality", allow_abbrev=False)
    parser.add_argument("data", type=Path, help="the folder of recorded input")
    parser.add_argument("--page", type=Path, default=PAGE)
    parser.add_argument(
        "--only",
        nargs="+",
        metavar="SECTION",
        choices=tuple(_sections(Path(), Path())),
        help="measure these alone",
    )
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="where to leave the measured files"
    )
    return parser


def _renew(options: argparse.Namespace, folder: Path) -> None:
    page = options.page.read_text("utf-8")
    for name, measured in _sections(options.data, folder).items():
        if options.only and name not in options.only:
            continue
        print(f"measuring {name} …", file=sys.stderr)
        page = replaced(page, name, "\n".join(measured()))
        options.page.write_text(page, "utf-8")


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


def _sections(data: Path, folder: Path) -> dict[str, Callable[[], Iterable[str]]]:
    """Return what measures each section and gives its lines; files go to `folder`."""
    stream = data / "arxiv/papers.jsonl.xz"
    lists = data / "conferences/paperlists"
    return {
        "topics": lambda: _topics("--out", str(folder / "topics.model"), data=data),
        "topics-years": lambda: _topics("--by-year", data=data),
        "topics-outside": lambda: _told("training.outside", data),
        "topics-own": lambda: _own(data),
        "duplicates": lambda: _section(_duplicates(data, folder)),
        "posts": lambda: _told("benchmarks.posts", data),
        "companies": lambda: _section(_companies("held out", folder / "companies")),
        "companies-tuned": lambda: _section(
            _companies("tuned", folder / "companies-tuned")
        ),
        "highlights": lambda: _told("benchmarks.highlights", data),
        "ranking-ijcai": lambda: _ijcai(lists, folder),
        "ranking-editor": lambda: _section(picking.editor(stream, folder)),
        "ranking-curated": lambda: _curated(stream, folder),
        "ranking-weekly": lambda: _section(picking.weekly(stream, folder)),
    }


def _topics(*options: str, data: Path) -> Iterator[str]:
    """Yield what training the shipped model tells of what it left out."""
    told = _printed("training.topics", str(data), *options)
    asked = " --by-year" if "--by-year" in options else ""
    yield f"`python -m training.topics DATA{asked}`, {datetime.now(UTC):%Y-%m-%d}\n"
    yield from left_out(told)


def _told(module: str, data: Path) -> Iterator[str]:
    """Yield the table that a program prints."""
    yield f"`python -m {module} DATA`, {datetime.now(UTC):%Y-%m-%d}\n"
    yield _printed(module, str(data)).rstrip()


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


def _ijcai(lists: Path, folder: Path) -> Iterator[str]:
    """Yield a table for readers with ten likes or more, and one for those with 20."""
    for likes in (10, 20):
        yield f"\nReaders who like {likes} or more:\n"
        yield from _section(picking.ijcai(lists, folder, likes))


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


def _duplicates(data: Path, folder: Path) -> Sequence[str]:
    stored = picking.tsv(data / "duplicates/pairs.tsv")
    return ["eval", "duplicates", picking.written(folder / "pairs.jsonl", stored)]


def _companies(half: str, file: Path) -> Sequence[str]:
    rows = (row for row in picking.tsv(COMPANIES) if row["half"] == half)
    labelled = picking.written(file.with_suffix(".jsonl"), rows)
    return ["eval", "companies", labelled]


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
