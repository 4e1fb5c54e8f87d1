"""`tracker init --job`: interests from a file, printed and written to be edited."""

from pathlib import Path

import pytest

from tests import pdfs
from tests.cli.conftest import Desk
from tracker.cli import run
from tracker.config import load

_JOB = (
    "Ranking engineer at Pinterest",
    "You build two-tower models for recommender systems in PyTorch.",
)
_MINE = '# mine\n[[company]]\nname = "x"\ntitle = "X Corp"\nfollow = true\n'


def wrote(folder: Path, name: str = "job.md", text: str = "\n".join(_JOB)) -> Path:
    file = folder / name
    file.write_text(text, "utf-8")
    return file


def test_a_new_file_holds_what_the_job_asks_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    job, target = wrote(tmp_path), tmp_path / "feeds.toml"
    assert run(["init", str(target), "--job", str(job)]) == 0
    said = capsys.readouterr().out
    assert "companies  pinterest" in said
    (asked, beside) = said.split("and after them stays what you follow\n")
    assert "topics     recsys" in asked
    assert "genai" not in asked
    assert "genai" in beside
    assert f'written to {target}, [[reader]] "me"; edit it there' in said
    (reader,) = load(str(target)).readers
    assert reader.topics[0] == "recsys"
    assert len(reader.topics) > 1  # all were followed, and still are
    assert reader.companies[0] == "pinterest"
    assert len(reader.companies) > 1  # those marked to follow are still followed
    assert {"two-tower", "PyTorch"} <= set(reader.include)
    assert reader.job == job.read_text("utf-8")
    assert 'job = "job.md"' in target.read_text("utf-8")


def test_a_pdf_says_the_same(tmp_path: Path) -> None:
    job = tmp_path / "job.pdf"
    job.write_bytes(pdfs.of(*_JOB))
    target = tmp_path / "feeds.toml"
    assert run(["init", str(target), "--job", str(job)]) == 0
    (reader,) = load(str(target)).readers
    assert {"two-tower", "PyTorch"} <= set(reader.include)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1", "cp1252"])
def test_a_text_is_read_in_what_editors_write(tmp_path: Path, encoding: str) -> None:
    text = "Für Pinterest:\ntwo-tower models in PyTorch, at Pinterest's café"
    job, target = tmp_path / "job.txt", tmp_path / "feeds.toml"
    job.write_bytes(text.encode(encoding))
    assert run(["init", str(target), "--job", str(job)]) == 0
    (reader,) = load(str(target)).readers
    assert reader.job == text
    assert reader.companies[0] == "pinterest"


def test_a_job_that_went_away_stops_nothing_and_is_said_where_it_counts(
    filled: Desk, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    text = filled.config.read_text("utf-8")
    assert '\njob = "job.md"' in text
    gone = filled.config.with_name("gone.toml")
    gone.write_text(text.replace('"job.md"', '"gone.md"'), "utf-8")
    with caplog.at_level("WARNING"):
        assert run(["--config", str(gone), "list"]) == 0
        assert caplog.messages == []
        assert run(["--config", str(gone), "digest", "--no-fetch"]) == 0
    assert "tracker show NUMBER tells more" in capsys.readouterr().out
    (said,) = caplog.messages
    assert f"job: {gone.with_name('gone.md')}: No such file" in said
    assert "ranking goes on without it" in said
    run(["--config", str(gone), "doctor"])
    assert "gone.md: No such file or directory; put the file" in capsys.readouterr().out


def test_a_file_that_exists_is_added_to_and_not_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    job = wrote(tmp_path, text="Join X Corp for semantic IDs and RLHF. X Corp hires.")
    target = wrote(tmp_path, "feeds.toml", _MINE)
    assert run(["--config", str(target), "init", "--job", str(job)]) == 0
    capsys.readouterr()
    text = target.read_text("utf-8")
    assert text.startswith(_MINE)
    assert 'companies = ["x"]' in text
    assert run(["--config", str(target), "init", "--job", str(job)]) == 0
    assert "all of it stands already in" in capsys.readouterr().out
    assert target.read_text("utf-8") == text


def test_the_reader_is_the_one_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    job = wrote(tmp_path)
    readers = '[[reader]]\nname = "ada"\n[[reader]]\nname = "bob"\n'
    target = wrote(tmp_path, "feeds.toml", _MINE + readers)
    command = ["init", str(target), "--job", str(job), "--reader"]
    assert run([*command, "bob"]) == 0
    ada, bob = load(str(target)).readers
    assert (ada.include, "PyTorch" in bob.include) == ((), True)
    assert run([*command, "eve"]) == 2
    assert "no reader is called 'eve'; there is ada, bob" in capsys.readouterr().err
    assert run(["init", "--reader", "ada"]) == 2


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("job.md", b"Bake a cake.", "names no topic or company"),
        ("job.md", b"", "names no topic or company"),
        (
            "job.docx",
            b"PK\x03\x04\xff",
            "neither text nor PDF; save it as text in UTF-8",
        ),
        ("job.txt", b"\xff\xfe\x00", "neither text nor PDF"),
        ("job.txt", "Ищем инженера".encode("koi8-r"), "neither text nor PDF"),
        ("job.pdf", b"%PDF-1.7 broken", "a broken PDF"),
    ],
)
def test_a_file_that_says_nothing_is_one_line_and_nothing_is_written(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    body: bytes,
    said: str,
) -> None:
    job, target = tmp_path / name, tmp_path / "feeds.toml"
    job.write_bytes(body)
    assert run(["init", str(target), "--job", str(job)]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert len(error.splitlines()) == 1
    assert not target.exists()
    assert run(["init", str(target), "--job", str(tmp_path / "none.md")]) == 2
    assert "none.md: No such file" in capsys.readouterr().err
