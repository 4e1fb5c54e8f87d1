"""`python -m benchmarks.quality DATA`: measure the judgement, renew docs/quality.md.

DATA is the folder of recorded input, which belongs to its authors and is not here.
Each section of the page between two marks is replaced by what `tracker eval` says, or,
of topics, what their training and benchmarks.own_topics do.
"""

import argparse
import csv
import gzip
import json
import lzma
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import own_topics
from tracker.sources.arxiv.paper import own

PAGE = Path(__file__).resolve().parents[1] / "docs/quality.md"
FEEDS = Path(__file__).resolve().parents[1] / "feeds.toml"
COMPANIES = Path(__file__).with_name("companies.tsv")
"""Affiliations with the companies they name, labelled by hand; see the page."""

EDITOR = Path(__file__).with_name("weekly.tsv")
"""What a weekly on information retrieval picked of arXiv; see the page."""

_LEFT_OUT = re.compile(r"^(title|text) left out in turn +(\S+?) *(\d+) (.+)$", re.M)
_ROWS = {"title": "titles", "text": "abstracts"}
_IJCAI = (2020, 2021, 2022)  # the last is ranked for those who liked of the others
_FEWEST = 10, 3  # papers of an interest before the split, and from it on
_RULE = "2025-10-01", "2025-12-29", "2026-01-26"  # from, split, until
_WEEKS = "2025-08-25", "2025-12-01", "2026-02-16"
_WEEK = "1500"  # papers
_READER = """
[[reader]]
name = "editor"
topics = ["recsys", "ranking"]
"""
# What an editor of a weekly on recommenders in industry picks from the cs.IR listing.
_PICKED = re.compile(
    r"A/B[ -]test|online experiment|online test|deployed (?:in|at|on|to)|in production"
    r"|industrial|large-scale commercial",
    re.IGNORECASE,
)

Rows = Iterable[Mapping[str, Any]]


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
    yield "topics-own", _own(data)
    for name, arguments in _cases(data, folder):
        yield name, _section(arguments)


def _topics(*options: str, data: Path) -> Iterator[str]:
    """Yield what training the shipped model tells of what it left out."""
    command = [sys.executable, "-m", "training.topics", str(data), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    asked = " --by-year" if "--by-year" in options else ""
    yield f"`python -m training.topics DATA{asked}`, {datetime.now(UTC):%Y-%m-%d}\n"
    yield from left_out(done.stdout)


def _own(data: Path) -> Iterator[str]:
    """Yield what works named teach topics of one's own."""
    yield f"`python -m benchmarks.own_topics DATA`, {datetime.now(UTC):%Y-%m-%d}\n"
    yield from own_topics.lines(data)


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
    pairs = _table(data / "duplicates/pairs.tsv")
    yield "duplicates", ["eval", "duplicates", _file(folder / "pairs.jsonl", pairs)]
    for name, half in (("companies", "held out"), ("companies-tuned", "tuned")):
        rows = (row for row in _table(COMPANIES) if row["half"] == half)
        yield name, ["eval", "companies", _file(folder / f"{name}.jsonl", rows)]
    yield "ranking-ijcai", _ijcai(data / "conferences/paperlists", folder)
    stream = data / "arxiv/papers.jsonl.xz"
    yield "ranking-editor", _editor(stream, folder)
    yield "ranking-weekly", _weekly(stream, folder)


def _ijcai(folder: Path, target: Path) -> Sequence[str]:
    """Return the task of readers whose interest is a keyword of IJCAI's authors."""
    papers: dict[str, dict[str, Any]] = {}
    interests: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for year in _IJCAI:
        for row in _lines(folder / f"ijcai{year}.jsonl.gz"):
            paper = {name: row[name] for name in ("id", "title", "authors")}
            papers[row["id"]] = {
                **paper,
                "abstract": row["abstract"] or "",
                "first_listed": f"{year}-07-01",
            }
            for keyword in row["keywords"] or ():
                name = ": ".join(keyword.lower().split(": ")[:2])
                interests[name][row["id"]] = year
    picks = [
        {"reader": name, "id": paper}
        for name, chosen in sorted(interests.items())
        if _is_enough(list(chosen.values()))
        for paper in sorted(chosen)
    ]
    return _ranking(target / "ijcai", papers.values(), picks, f"{_IJCAI[-1]}-01-01")


def _is_enough(years: Sequence[int]) -> bool:
    later = years.count(_IJCAI[-1])
    before, since = _FEWEST
    return len(years) - later >= before and later >= since


def _editor(file: Path, target: Path) -> Sequence[str]:
    """Return the task of who edits a weekly: see EDITOR."""
    picks = [{"id": row["id"]} for row in _table(EDITOR)]
    rows = _stream(file, _WEEKS)
    return _by_week(target / "editor", rows, picks, _WEEKS[1])


def _weekly(file: Path, target: Path) -> Sequence[str]:
    """Return the task of who picks from arXiv by a rule: see _PICKED."""
    rows = list(_stream(file, _RULE))
    picks = [
        {"id": row["id"]}
        for row in rows
        if "cs.IR" in row["listings"] and _PICKED.search(row["abstract"] or "")
    ]
    return _by_week(target / "weekly", rows, picks, _RULE[1])


def _stream(file: Path, days: tuple[str, str, str]) -> Rows:
    start, _, end = days
    return (row for row in _lines(file) if start <= row["first_listed"] < end)


def _by_week(target: Path, rows: Rows, picks: Rows, split: str) -> Sequence[str]:
    """Return the task of a reader who follows recommenders and ranking, by weeks."""
    names = ("id", "title", "abstract", "authors", "first_listed")
    kept = ({name: row[name] for name in names} | _categories(row) for row in rows)
    settings = target.with_suffix(".toml")
    settings.write_text(FEEDS.read_text("utf-8") + _READER, "utf-8")
    task = _ranking(target, kept, picks, split)
    return ["--config", str(settings), *task, "--at-once", _WEEK]


def _categories(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row's categories; of some rows the list it stood in alone is known."""
    return {"categories": own([*row["categories"], *row["listings"]])}


def _ranking(target: Path, rows: Rows, picks: Rows, split: str) -> Sequence[str]:
    papers = _file(target.with_suffix(".jsonl"), rows)
    chosen = _file(target.with_suffix(".picks.jsonl"), picks)
    return ["eval", "ranking", papers, "--picks", chosen, "--split", split]


def _table(file: Path) -> Rows:
    with file.open(encoding="utf-8", newline="") as opened:
        yield from csv.DictReader(opened, delimiter="\t")


def _lines(file: Path) -> Iterator[Any]:
    opened = lzma.open if file.suffix == ".xz" else gzip.open
    with opened(file, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _file(target: Path, rows: Rows) -> str:
    target.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return str(target)


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
