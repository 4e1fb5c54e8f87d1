"""`tracker export` on what the demo's sources hold."""

import json
from pathlib import Path

import pytest
import rispy
from pybtex.database import parse_string

from tests.cli.conftest import Desk
from tests.cli.test_reading import listed, output
from tracker.cli import run


def exported(
    desk: Desk, capsys: pytest.CaptureFixture[str], *words: str, code: int = 0
) -> str:
    return output(desk, capsys, "export", *words, code=code)


def keys(desk: Desk, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, str]:
    """Return the titles exported, by key."""
    told = json.loads(exported(desk, capsys, *words, "--format", "csl-json"))
    return {one["id"]: one["title"] for one in told}


def test_every_form_holds_the_works_one_asks_for(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = listed(filled, capsys, "list", "--venue", "KDD", "--limit", "500")
    titles = {item["title"] for item in wanted}
    found = keys(filled, capsys, "--venue", "KDD")
    assert set(found.values()) == titles
    entries = parse_string(exported(filled, capsys, "--venue", "KDD"), "bibtex").entries
    assert set(entries) == set(found)
    ris = rispy.loads(exported(filled, capsys, "--venue", "KDD", "--format", "ris"))
    assert {one["id"]: one["title"] for one in ris} == found


def test_a_work_has_one_key_whatever_it_is_exported_with(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    (some,) = listed(filled, capsys, "list", "--venue", "KDD", "--limit", "1")
    (alone,) = keys(filled, capsys, f"#{some['id']}")
    every = keys(filled, capsys, "--all")
    assert every[alone] == some["title"]
    assert keys(filled, capsys, "--all") == every
    assert len(every) == len(listed(filled, capsys, "list", "--limit", "5000"))


def test_notes_are_written_once_and_a_reader_s_words_stay(
    filled: Desk, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = tmp_path / "vault" / "papers"
    words = ("--venue", "KDD", "--format", "markdown", "--output", str(folder))
    assert exported(filled, capsys, *words) == ""
    notes = sorted(folder.iterdir())
    assert {note.stem for note in notes} == set(keys(filled, capsys, "--venue", "KDD"))
    mine = notes[0].read_text("utf-8") + "\nMine.\n"
    notes[0].write_text(mine, "utf-8")
    before = {note: note.stat().st_mtime_ns for note in notes}
    exported(filled, capsys, *words)
    assert {note: note.stat().st_mtime_ns for note in sorted(folder.iterdir())} == (
        before
    )
    assert notes[0].read_text("utf-8") == mine


def test_a_file_that_is_nobody_s_note_is_left_alone_and_named(
    filled: Desk, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    words = ("--venue", "KDD", "--format", "markdown", "--output", str(tmp_path))
    one, other, third = sorted(keys(filled, capsys, "--venue", "KDD"))[:3]
    (tmp_path / f"{one}.md").write_text("My own words.", "utf-8")
    (tmp_path / f"{other}.md").write_bytes(b"\xff\xfe")
    (tmp_path / f"{third}.md").mkdir()
    said = exported(filled, capsys, *words, code=1)
    assert all(f"{key}.md: left alone" in said for key in (one, other, third))
    assert (tmp_path / f"{one}.md").read_text("utf-8") == "My own words."
    assert (tmp_path / f"{other}.md").read_bytes() == b"\xff\xfe"


def test_a_file_is_written_whole(
    filled: Desk, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "kdd.bib"
    assert exported(filled, capsys, "--venue", "KDD", "--output", str(file)) == ""
    assert file.read_text("utf-8") == exported(filled, capsys, "--venue", "KDD")
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ((), 2, "say what to export"),
        (("--all", "--format", "markdown"), 2, "notes need a folder"),
        (("999999",), 2, "no item has the number 999999"),
        (("--company", "nobody"), 2, "no company is called 'nobody'"),
        (("--all", "--output", "/no/such/folder/x.bib"), 1, "No such file"),
        (
            ("--all", "--format", "markdown", "--output", "/dev/null/x"),
            1,
            "Not a directory",
        ),
    ],
)
def test_what_cannot_be_done_is_one_line(
    filled: Desk,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    code: int,
    says: str,
) -> None:
    said = exported(filled, capsys, *words, code=code)
    assert says in said
    assert said.count("\n") == 1


def test_nothing_that_fits_gets_a_line_that_helps(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--config", str(filled.config), "export", "--since", "2999-01-01"]) == 0
    shown = capsys.readouterr()
    assert (shown.out, "nothing fits" in shown.err) == ("", True)
