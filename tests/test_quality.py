"""docs/quality.md: its sections can be renewed, and its labels are those that count."""

import json
import lzma
import re
import sys
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

from benchmarks import own_topics, picking, quality
from tracker import config
from tracker.config import places
from tracker.core.text import normal
from tracker.evaluation import companies, files, ranking, topics

PAGE = quality.PAGE.read_text("utf-8")


def test_a_section_is_replaced_in_its_place_and_no_other() -> None:
    page = "a\n<!-- x -->\nold\n<!-- end of x -->\nb\n<!-- y -->\n<!-- end of y -->\n"
    once = quality.replaced(page, "x", "new")
    assert once == page.replace("old", "new")
    assert quality.replaced(once, "x", "new") == once
    with pytest.raises(ValueError, match="no section"):
        quality.replaced(page, "z", "new")


def test_the_page_has_a_section_for_all_that_is_measured() -> None:
    found = re.findall(r"<!-- end of (\S+) -->", PAGE)
    assert found == list(quality._sections(Path(), Path()))
    assert found == [
        "topics",
        "topics-years",
        "topics-outside",
        "topics-own",
        "duplicates",
        "posts",
        "companies",
        "companies-tuned",
        "highlights",
        "ranking-ijcai",
        "ranking-editor",
        "ranking-curated",
        "ranking-weekly",
    ]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return recorded input of which nothing is known but its folders."""
    for name in quality._FOLDERS:
        (tmp_path / "data" / name).mkdir(parents=True)
    return tmp_path / "data"


def renew(patch: pytest.MonkeyPatch, *words: object) -> object:
    """Call the program; return its exit code."""
    patch.setattr(sys, "argv", ["quality", *map(str, words)])
    try:
        quality.main()
    except SystemExit as ended:
        return ended.code
    return 0


def test_what_cannot_be_measured_is_told_in_one_line(
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = tmp_path / "page.md"
    page.write_text(PAGE, "utf-8")
    for words, what in (
        ((data, "--only", "nonsense"), "invalid choice: 'nonsense'"),
        ((tmp_path / "none",), "lacks the folders arxiv"),
        ((data, "--only", "duplicates"), "pairs.tsv: No such file"),
        ((data, "--keep", page), "page.md: File exists"),
        ((data, "--page", data), "data: Is a directory"),
    ):
        assert renew(monkeypatch, "--page", page, *words) == 2
        said = capsys.readouterr().err.splitlines()[-1]
        assert what in said
        assert said.startswith("python -m benchmarks.quality: ")
    assert page.read_text("utf-8") == PAGE


def test_what_was_measured_is_kept_where_it_is_wished(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, kept = tmp_path / "page.md", tmp_path / "new" / "kept"
    page.write_text(PAGE, "utf-8")
    words = data, "--page", page, "--only", "companies", "--keep", kept
    assert renew(monkeypatch, *words) == 0
    assert [file.name for file in kept.iterdir()] == ["companies.jsonl"]
    assert "`tracker eval companies companies.jsonl`" in page.read_text("utf-8")
    assert files.rows(kept / "companies.jsonl", companies.NEEDED)


def test_the_page_says_which_labels_count_against_a_topic() -> None:
    for topic, against in topics._AGAINST.items():
        (line,) = (
            line
            for line in PAGE.splitlines()
            if re.match(rf"\| (\S+, )?{topic}[ ,]", line) and "none" in line
        )
        said = line.split("|")[2].replace("_", "-").split(",")
        assert {label.strip() for label in said} == set(against)


def test_every_second_topic_of_ones_own_is_held_out() -> None:
    tables = tomllib.loads(own_topics.TOPICS.read_text("utf-8"))["topic"]
    for name in ("lists", "papers"):
        mine = [table for table in tables if table["set"] == name]
        assert [one["name"] for one in mine] == sorted(one["name"] for one in mine)
        row = ("A row", "of one heading")
        labelled = {row: {mine[0]["headings"][0]}, ("Another", ""): set[str]()}
        tasks = own_topics.staged(mine, labelled, (), ()).tasks
        assert [task.half for task in tasks] == ["tuned on", "held out"] * 9
        assert [len(task.on_it) for task in tasks] == [1, *[0] * 17]


def test_an_outside_title_is_once_in_one_half_and_its_list_wholly() -> None:
    path = quality.PAGE.parents[1] / "benchmarks" / "outside_topics.tsv"
    rows = files.rows(path, ("title", "label", "list", "year", "part"))
    halves = [(row.text("part"), row.text("list")) for row in rows]
    assert halves == sorted(halves)
    assert {part for part, _ in halves} <= {"tuned", "held-out"}
    lists = [name for _, name in set(halves)]
    assert len(lists) == len(set(lists))
    titles = [normal(row.text("title")) for row in rows]
    assert len(titles) == len(set(titles))
    labels = {one for row in rows for one in row.text("label").split(";")}
    known = topics._AGAINST.keys() | topics._NOT_ML
    assert {label.replace("_", "-") for label in labels} <= known
    assert all(re.fullmatch(r"(\d{4})?", row.text("year")) for row in rows)


def test_each_curated_list_is_on_the_page_and_ranked_once() -> None:
    ids: defaultdict[str, list[str]] = defaultdict(list)
    for row in picking.tsv(picking.CURATED):
        ids[row["list"]].append(row["id"])
    ranked = [name for one in picking.LISTS for name in one.lists]
    assert sorted(ranked) == sorted(ids)
    for name, chosen in ids.items():
        assert len(chosen) == len(set(chosen)) >= 30
        (line,) = (line for line in PAGE.splitlines() if line.startswith(f"| [{name}]"))
        assert line.split("|")[5].strip() == str(len(chosen))


def test_a_curated_list_is_a_reader_of_its_topics_in_its_days(tmp_path: Path) -> None:
    row = {"title": "", "abstract": "", "authors": [], "categories": [], "listings": []}
    days = "2025-01-01", "2025-01-02", "2025-01-03"
    stream = tmp_path / "papers.jsonl.xz"
    with lzma.open(stream, "wt", encoding="utf-8") as lines:
        for day in (*days, "2024-12-31"):
            lines.write(json.dumps({**row, "id": day, "first_listed": day}) + "\n")
    one = picking.LISTS[2]._replace(topics=("llm", "genai"), days=days)
    _, settings, *task = picking.curated(one, stream, tmp_path)
    (reader,) = config.load(settings).readers
    assert reader.topics == ("llm", "genai")
    _, _, papers, _, picks, _, split, *at_once = task
    listed = files.rows(Path(papers), ranking.NEEDED)
    assert [row.text("id") for row in listed] == ["2025-01-01", "2025-01-02"]
    chosen = files.rows(Path(picks), ranking.PICKS_NEEDED)
    assert {row.text("reader") for row in chosen} == set(one.lists)
    assert (split, at_once) == ("2025-01-02", ["--at-once", "1500"])


def test_a_report_becomes_a_table() -> None:
    figure = {"value": 0.5, "low": 0.4, "high": 0.6}
    result = {"method": "tracker", "of": "llm", "count": 3, "figures": {"f1": figure}}
    report = {"rows": 4, "notes": ["a note"], "results": [result]}
    said = list(quality.table(report))
    assert said[0] == "4 rows; a note\n"
    assert said[-1] == "| tracker | llm | 3 | 0.500 (0.40-0.60) |"


def test_what_training_tells_of_lists_left_out_becomes_a_table() -> None:
    told = (
        "title left out in turn  ranking          12 0.5 0.25 0.333 0.3 0.31 0.01\n"
        "title left out in turn  macro             6 0.6 0.5 0.533 0.5 0.51 0.02\n"
        "title set aside         ranking           3 0.1 0.1 0.1 0.1 0.1 0.1\n"
        "text left out in turn   ranking        1234 0.4 0.3 0.343 0.2 0.21 0.03\n"
    )
    assert list(quality.left_out(told))[2:] == [
        "| titles | ranking | 12 | 0.5 | 0.25 | 0.333 | 0.3 | 0.31 | 0.01 |",
        "| titles | macro |  | 0.6 | 0.5 | 0.533 | 0.5 | 0.51 | 0.02 |",
        "| abstracts | ranking | 1234 | 0.4 | 0.3 | 0.343 | 0.2 | 0.21 | 0.03 |",
    ]


@pytest.mark.parametrize("half", ["tuned", "held out"])
def test_labelled_affiliations_are_judged_as_the_page_says(half: str) -> None:
    settings = config.load(str(places.shipped_config_file()))
    rows = files.rows(quality.COMPANIES, companies.NEEDED)
    mine = [row for row in rows if row.text("half") == half]
    report = companies.measure(mine, settings)
    tracker, bare = report.lines
    assert tracker.count > 100
    assert report.notes == ()  # every label is of a company that feeds.toml has
    for figure, least in (("precision", 0.98), ("recall", 0.95)):
        value = tracker.figures[figure].value
        assert value is not None and value >= least, report.misses
    assert (bare.figures["f1"].value or 0) < (tracker.figures["f1"].value or 0)
