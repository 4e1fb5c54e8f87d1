"""`tracker company` on what the demo's sources hold."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Desk
from tests.cli.test_reading import output
from tracker.cli import run


def test_a_company_is_told_by_topic_venue_and_quarter_with_evidence(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    said = json.loads(output(filled, capsys, "company", "Pinterest", "--json"))
    listed = json.loads(
        output(filled, capsys, "list", "--company", "pinterest", "--json")
    )
    assert (said["company"], said["works"]) == ("pinterest", len(listed))
    assert sum(said["topics"]["recsys"].values()) >= 1
    assert said["venues"]
    assert {work["id"] for work in said["best"]} <= {item["id"] for item in listed}
    for work in said["newest"]:
        assert work["date"] >= said["since"]
        assert work["evidence"]["text"]
        assert work["evidence"]["source"]
    dates = [work["date"] for work in said["newest"]]
    assert dates == sorted(dates, reverse=True)
    assert said["people"]


def test_the_best_work_is_the_one_that_ranks_first(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("company", "pinterest", "--json", "--limit", "100")
    best = json.loads(output(filled, capsys, *asked))["best"]
    scores = []
    for work in best:
        words = ("show", str(work["id"]), "--why", "--json")
        scores.append(json.loads(output(filled, capsys, *words))["why"]["score"])
    assert scores[0] == max(scores) > scores[-1]


def test_the_terminal_tells_the_same(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    said = json.loads(output(filled, capsys, "company", "pinterest", "--json"))
    shown = output(filled, capsys, "company", "pinterest", "--limit", "1")
    first, *_, people = shown.split("\n\n")
    assert first.startswith(f"Pinterest since {said['since']}: ")
    assert f"\n#{said['best'][0]['id']} " in shown
    heads, who = (line.split("\t") for line in people.splitlines())
    assert (heads[0], who[0]) == ("who", said["people"][0]["name"])


def test_a_piped_table_of_quarters_says_which(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    said = json.loads(output(filled, capsys, "company", "pinterest", "--json"))
    quarters = sorted({name for each in said["topics"].values() for name in each})
    for command in ("company", "people"):
        lines = output(filled, capsys, command, "pinterest").splitlines()
        (heads,) = (line for line in lines if line.startswith("works on\t"))
        assert set(quarters) <= set(heads.split("\t"))


def test_what_was_withdrawn_is_no_work_of_a_company(
    filled: Desk, own: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    before = json.loads(output(filled, capsys, "company", "pinterest", "--json"))
    number = before["best"][0]["id"]
    database = own.config.with_name("tracker.db")
    with closing(sqlite3.connect(database)) as store, store:
        store.execute("UPDATE item SET withdrawn = 1 WHERE id = ?", (number,))
    for command in ("company", "people"):
        asked = (command, "pinterest", "--json", "--limit", "100")
        was = json.loads(output(filled, capsys, *asked))
        said = json.loads(output(own, capsys, *asked))
        assert said["works"] == was["works"] - 1
        assert f'"id": {number},' not in json.dumps(said)


def test_a_company_without_works_gets_a_line_that_helps(
    desk: Desk, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    text = desk.config.read_text("utf-8")
    place = f'url = "sqlite:///{desk.config.parent}'
    assert place in text
    empty = tmp_path / "feeds.toml"
    empty.write_text(text.replace(place, f'url = "sqlite:///{tmp_path}'), "utf-8")
    shutil.copy(desk.config.with_name("job.md"), tmp_path)
    assert run(["--config", str(empty), "company", "netflix"]) == 0
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "nothing from Netflix since" in shown.err


def test_no_such_company_is_named(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    said = output(filled, capsys, "company", "pintrest", code=2)
    assert "no company is called 'pintrest'" in said
