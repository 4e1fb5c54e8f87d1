"""The tasks of `tracker eval ranking` on docs/quality.md: who picked what of a stream.

Each writes its files into a folder and returns the arguments of `tracker` for them.
"""

import csv
import gzip
import json
import lzma
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tracker.sources.arxiv.paper import own

_FEEDS = Path(__file__).resolve().parents[1] / "feeds.toml"

EDITOR = Path(__file__).with_name("weekly.tsv")
"""What a weekly on information retrieval picked of arXiv; see the page."""

CURATED = Path(__file__).with_name("curated.tsv")
"""What lists of papers hold of the recorded year of arXiv; see the page."""

_IJCAI = (2020, 2021, 2022)  # the last is ranked for those who liked of the others
_FEWEST = 3  # papers of an interest from the split on
_RULE = "2025-10-01", "2025-12-29", "2026-01-26"  # from, split, until
_WEEKS = "2025-08-25", "2025-12-01", "2026-02-16"
_WEEK = "1500"  # papers
_READER = """
[[reader]]
name = "editor"
topics = {}
"""
_FOLLOWED = "recsys", "ranking"
# What an editor of a weekly on recommenders in industry picks from the cs.IR listing.
_PICKED = re.compile(
    r"A/B[ -]test|online experiment|online test|deployed (?:in|at|on|to)|in production"
    r"|industrial|large-scale commercial",
    re.IGNORECASE,
)

Rows = Iterable[Mapping[str, Any]]


class Curated(NamedTuple):
    """Lists of CURATED, each a reader, and the topics that their titles name."""

    name: str
    lists: tuple[str, ...]
    topics: tuple[str, ...]
    days: tuple[str, str, str]  # from, split, until; half of the picks before the split


LISTS = (
    Curated(
        "weekly-reading",
        ("Recommended-Paper-Weekly-Reading",),
        ("recsys",),
        ("2025-08-25", "2025-12-01", "2026-02-09"),
    ),
    Curated(
        "weekly-recsys",
        ("WeeklyRecSysPapers",),
        ("recsys",),
        ("2025-09-22", "2026-01-08", "2026-02-12"),
    ),
    Curated(
        "generative",
        ("Tri-Decoupled-GenRec", "Awesome-Item-ID-Gen-RecSys"),
        ("recsys",),
        ("2025-03-01", "2025-08-01", "2026-02-16"),
    ),
    Curated(
        "search-agents",
        ("Awesome-Search-Agent-Papers",),
        ("ranking", "llm"),
        ("2025-03-01", "2025-06-30", "2025-09-29"),
    ),
)


def ijcai(folder: Path, target: Path, likes: int) -> Sequence[str]:
    """Return the task of readers whose interest is a keyword of IJCAI's authors.

    They are those who like at least so many papers before the split.
    """
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
        if _is_enough(list(chosen.values()), likes)
        for paper in sorted(chosen)
    ]
    file = target / f"ijcai-{likes}"
    return _ranking(file, papers.values(), picks, f"{_IJCAI[-1]}-01-01")


def _is_enough(years: Sequence[int], likes: int) -> bool:
    later = years.count(_IJCAI[-1])
    return len(years) - later >= likes and later >= _FEWEST


def editor(file: Path, target: Path) -> Sequence[str]:
    """Return the task of who edits a weekly: see EDITOR."""
    picks = [{"id": row["id"]} for row in tsv(EDITOR)]
    rows = _stream(file, _WEEKS)
    return _by_week(target / "editor", rows, picks, _WEEKS[1])


def curated(task: Curated, file: Path, target: Path) -> Sequence[str]:
    """Return the task of who made these lists; `file` is a recorded stream."""
    picks = [
        {"reader": row["list"], "id": row["id"]}
        for row in tsv(CURATED)
        if row["list"] in task.lists
    ]
    rows = _stream(file, task.days)
    return _by_week(target / task.name, rows, picks, task.days[1], task.topics)


def weekly(file: Path, target: Path) -> Sequence[str]:
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


def _by_week(
    target: Path,
    rows: Rows,
    picks: Rows,
    split: str,
    topics: Sequence[str] = _FOLLOWED,
) -> Sequence[str]:
    """Return the task of a reader who follows these topics, by weeks."""
    names = ("id", "title", "abstract", "authors", "first_listed")
    kept = ({name: row[name] for name in names} | _categories(row) for row in rows)
    settings = target.with_suffix(".toml")
    reader = _READER.format(json.dumps(topics))
    settings.write_text(_FEEDS.read_text("utf-8") + reader, "utf-8")
    task = _ranking(target, kept, picks, split)
    return ["--config", str(settings), *task, "--at-once", _WEEK]


def _categories(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row's categories; of some rows the list it stood in alone is known."""
    return {"categories": own([*row["categories"], *row["listings"]])}


def _ranking(target: Path, rows: Rows, picks: Rows, split: str) -> Sequence[str]:
    papers = written(target.with_suffix(".jsonl"), rows)
    chosen = written(target.with_suffix(".picks.jsonl"), picks)
    return ["eval", "ranking", papers, "--picks", chosen, "--split", split]


def tsv(file: Path) -> Rows:
    """Yield the rows of a TSV file with a heading."""
    with file.open(encoding="utf-8", newline="") as opened:
        yield from csv.DictReader(opened, delimiter="\t")


def _lines(file: Path) -> Iterator[Any]:
    opened = lzma.open if file.suffix == ".xz" else gzip.open
    with opened(file, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def written(target: Path, rows: Rows) -> str:
    """Write rows as JSON Lines and return where they are."""
    target.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return str(target)
