"""Text of PDFs, sound and hostile: one line of text, or one line of what is wrong."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import pdfs
from tracker import pdf
from tracker.config import job
from tracker.errors import FileError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "job.pdf"


def test_the_text_of_a_sound_file_is_read(file: Path) -> None:
    file.write_bytes(pdfs.of("Ranking engineer", "Two towers"))
    assert pdf.text(file).split() == ["Ranking", "engineer", "Two", "towers"]


def test_no_module_of_the_folder_that_it_is_called_in_is_run(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_bytes(pdfs.of("Ranking engineer"))
    (tmp_path / "pypdf.py").write_text("print('somebody else')")
    monkeypatch.chdir(tmp_path)
    assert pdf.text(file).split() == ["Ranking", "engineer"]


def test_a_machine_that_bounds_memory_itself_reads_too(file: Path) -> None:
    file.write_bytes(pdfs.of("Ranking engineer"))
    bounded = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "resource.setrlimit(resource.RLIMIT_AS, (2_000_000_000, 2_000_000_000))\n"
        "from tracker import pdf\n"
        "print(pdf.text(Path(sys.argv[1])))"
    )
    command = [sys.executable, "-c", bounded, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["Ranking", "engineer"], done.stderr


def test_an_empty_password_is_none(file: Path) -> None:
    pdfs.encrypted(file, "")
    assert "secret ranking" in pdf.text(file)


def test_an_encrypted_file_is_named_so(file: Path) -> None:
    pdfs.encrypted(file, "hush")
    with pytest.raises(FileError, match=r"job\.pdf: encrypted; save it without"):
        pdf.text(file)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda file: file.write_bytes(b"%PDF-1.7\nnothing"), "a broken PDF"),
        (lambda file: file.write_bytes(pdfs.of("a")[:300]), "PDF"),
        (lambda file: file.write_bytes(pdfs.circular()), "PDF|no text"),
        (lambda file: file.write_bytes(pdfs.swelling()), "a broken PDF"),
        (pdfs.scanned, "no text in it, a scan perhaps"),
    ],
)
def test_what_can_not_be_read_is_one_line(
    file: Path, make: Callable[[Path], object], said: str
) -> None:
    make(file)
    with pytest.raises(FileError, match=said) as caught:
        pdf.text(file)
    assert str(caught.value).startswith(f"{file}: ")
    assert len(str(caught.value).splitlines()) == 1


def test_a_large_file_is_not_opened(file: Path) -> None:
    with file.open("wb") as opened:
        opened.truncate(104_000_000)
    with pytest.raises(FileError, match="104 MB; a PDF of 20 MB at most is read"):
        pdf.text(file)


def test_reading_is_bounded_in_time(file: Path) -> None:
    file.write_bytes(pdfs.of("a"))
    with pytest.raises(FileError, match=r"took over 0\.001 s"):
        pdf.text(file, seconds=0.001)


def test_what_was_read_of_a_pdf_is_kept_until_it_changes(file: Path) -> None:
    cache = file.parent / "jobs"
    file.write_bytes(pdfs.of("Ranking"))
    assert job.text(file, cache).strip() == "Ranking"
    (kept,) = cache.iterdir()
    kept.write_text("from the folder", "utf-8")
    assert job.text(file, cache) == "from the folder"
    file.write_bytes(pdfs.of("Ranking of boats"))
    assert job.text(file, cache).strip() == "Ranking of boats"


def test_a_folder_that_can_not_be_written_costs_nothing(file: Path) -> None:
    file.write_bytes(pdfs.of("Ranking"))
    assert job.text(file, file / "no-folder").strip() == "Ranking"


def test_a_text_is_read_as_it_is_and_cut_between_characters(tmp_path: Path) -> None:
    file = tmp_path / "job.md"
    file.write_bytes("\ufeffRanking für alle".encode())
    assert job.text(file) == "Ranking für alle"
    file.write_bytes(b"a" + "ü".encode() * 600_000)
    assert job.text(file) == "a" + "ü" * 499_999


def test_what_is_neither_text_nor_pdf_is_named_so(tmp_path: Path) -> None:
    file = tmp_path / "job.docx"
    file.write_bytes(b"PK\x03\x04\xff\xfe")
    with pytest.raises(FileError, match="neither text nor PDF; save it as text"):
        job.text(file)
    with pytest.raises(FileError, match="not a file"):
        job.text(tmp_path)
