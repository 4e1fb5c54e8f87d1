"""`tracker eval` as it is called: tables, JSON, predictions, one-line errors."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Desk
from tracker.cli import run
from tracker.evaluation import topics

TOPICS = '{"title": "Recommending songs", "label": "recsys"}\n' * 3 + (
    '{"title": "Cooking pasta", "label": "none"}\n'
)


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    file = tmp_path / "labelled.jsonl"
    file.write_text(TOPICS, "utf-8")
    return file


def evaluate(desk: Desk, *words: str) -> int:
    return run(["--config", str(desk.config), "eval", *words])


def test_figures_stand_in_a_table_beside_their_baselines(
    desk: Desk, labelled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(desk, "topics", str(labelled)) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "topics: 4 rows"
    (ours,) = (line for line in said if line.startswith("tracker") and "recsys" in line)
    assert ours.split()[:5] == ["tracker", "recsys", "3", "1.000", "(1.00-1.00)"]
    assert any(line.startswith("keywords") for line in said)


def test_json_and_predictions_are_written(
    desk: Desk, labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.jsonl"
    words = ("topics", str(labelled), "--json", "--predictions", str(out))
    assert evaluate(desk, *words) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["subject"] == "topics"
    assert found["results"][0]["figures"]["f1"]["value"] == 1
    predicted = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert predicted[0] == {"id": 0, "topics": ["recsys"]}
    assert predicted[3] == {"id": 3, "topics": []}


@pytest.mark.parametrize("subject", ["topics", "duplicates", "companies"])
@pytest.mark.parametrize(
    "body", [b"", b"\x89PNG\r\n\x1a\n\0", b'{"odd": 1}\n', b'{"a":1}\n' * 6 + b"{"]
)
def test_a_hostile_file_gets_one_line_and_exit_code_2(
    desk: Desk,
    labelled: Path,
    capsys: pytest.CaptureFixture[str],
    subject: str,
    body: bytes,
) -> None:
    labelled.write_bytes(body)
    assert evaluate(desk, subject, str(labelled)) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert str(labelled) in said.err


def test_ranking_is_measured_from_two_files(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, picks = tmp_path / "rows.tsv", tmp_path / "picks.tsv"
    papers = "".join(f"{n}\tRecommending {n}\t2026-11-0{n}\n" for n in range(1, 9))
    file.write_text(f"id\ttitle\tfirst_listed\n{papers}", "utf-8")
    picks.write_text("id\n2\n7\n", "utf-8")
    words = ("ranking", str(file), "--picks", str(picks), "--split", "2026-11-05")
    assert evaluate(desk, *words) == 0
    said = capsys.readouterr().out
    assert "1 likes among 4 rows before the split; 1 picks to find among 4" in said


@pytest.mark.parametrize("given", ["labels", "picks", "settings"])
@pytest.mark.parametrize("name", ["itself", "another"])
def test_no_file_that_is_read_is_written_over(
    desk: Desk,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    given: str,
    name: str,
) -> None:
    rows, picks = tmp_path / "labels.tsv", tmp_path / "picks.tsv"
    rows.write_text("id\ttitle\tfirst_listed\n1\tA\t2026-11-01\n", "utf-8")
    picks.write_text("id\n1\n", "utf-8")
    settings = tmp_path / "settings.toml"
    settings.write_bytes(desk.config.read_bytes())
    file = {"labels": rows, "picks": picks, "settings": settings}[given]
    before, out = file.read_bytes(), file
    if name == "another":
        out = tmp_path / "linked"
        out.hardlink_to(file)
    words = ["ranking", str(rows), "--picks", str(picks), "--split", "2026-11-05"]
    words = ["--config", str(settings), "eval", *words, "--predictions", str(out)]
    assert run(words) == 2
    assert f"is the file with the {given}" in capsys.readouterr().err
    assert file.read_bytes() == before


def test_predictions_that_cannot_be_written_are_told_before_measuring(
    desk: Desk,
    labelled: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(topics, "measure", None)
    for out, why in (
        (tmp_path, "Is a directory"),
        (tmp_path / "none" / "out", "No such file or directory"),
        (labelled / "out", "Not a directory"),
        (tmp_path / ("long" * 100), "File name too long"),
    ):
        assert evaluate(desk, "topics", str(labelled), "--predictions", str(out)) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err == f"tracker: --predictions: {out}: {why}\n"


def test_a_file_for_predictions_is_not_made_before_there_are_some(
    desk: Desk, labelled: Path, tmp_path: Path
) -> None:
    labelled.write_text("", "utf-8")
    for name, was in (("none", None), ("old", "kept")):
        out = tmp_path / name
        if was:
            out.write_text(was, "utf-8")
        assert evaluate(desk, "topics", str(labelled), "--predictions", str(out)) == 2
        assert out.exists() == bool(was)
        assert not was or out.read_text("utf-8") == was


def test_figures_are_printed_even_if_predictions_cannot_be_written(
    desk: Desk, labelled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(desk, "topics", str(labelled), "--predictions", "/dev/full") == 2
    said = capsys.readouterr()
    assert said.out.startswith("topics: 4 rows\n")
    assert said.err == "tracker: --predictions: /dev/full: No space left on device\n"
