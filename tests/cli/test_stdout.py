"""Standard output that takes nothing: a full disk, a closed pipe, none at all."""

import io
import os
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from tests.cli.conftest import Desk
from tracker.cli import run

SAID = "tracker: could not write what was found: No space left on device\n"
FULL = Path("/dev/full")

pytestmark = pytest.mark.skipif(not FULL.exists(), reason="no device is always full")


def ran(words: str, *, buffered: bool) -> int:
    """Run a command as where the disk is full, `python -u` or not."""
    raw = FULL.open("wb", 0)
    lines = io.BufferedWriter(raw) if buffered else raw
    stream = io.TextIOWrapper(lines, "utf-8", write_through=not buffered)
    with stream, redirect_stdout(stream):
        return run(words.split())


@pytest.mark.parametrize("buffered", [True, False])
@pytest.mark.parametrize(
    "words",
    [
        "version",
        "list",
        "list --json",
        "list --format atom",
        "search recommending",
        "show 1",
        "people pinterest",
        "company pinterest --quarters 8",
        "export --state inbox",
        "sources list",
        "sources export",
        "readers list",
        "digest --no-fetch",
        "digest --no-fetch --format markdown",
        "health",
        "doctor",
        "db check",
    ],
)
def test_a_full_disk_is_told_in_one_line(
    filled: Desk,
    words: str,
    buffered: bool,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert ran(f"--config {filled.config} {words}", buffered=buffered) == 1
    assert capsys.readouterr().err.endswith(SAID)


@pytest.mark.parametrize("buffered", [True, False])
@pytest.mark.parametrize("words", ["--help", "--version", "eval topics --help"])
def test_help_that_cannot_be_written_is_told(
    words: str,
    buffered: bool,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert ran(words, buffered=buffered) == 1
    assert capsys.readouterr().err == SAID


@pytest.mark.parametrize(
    "words", ["version", "list --limit 99", "list --format atom", "--help"]
)
def test_a_closed_pipe_is_quiet(
    filled: Desk, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    there, here = os.pipe()
    os.close(there)
    with os.fdopen(here, "w", encoding="utf-8") as stream, redirect_stdout(stream):
        assert run(["--config", str(filled.config), *words.split()]) == 0
    assert capsys.readouterr().err == ""


def test_without_standard_output_a_command_runs() -> None:
    with redirect_stdout(None):
        assert run(["version"]) == 0


@pytest.mark.parametrize("words", ["version", "--help"])
def test_python_has_nothing_to_add_at_its_end(words: str) -> None:
    command = [sys.executable, "-m", "tracker", words]
    with FULL.open("w") as stream:
        done = subprocess.run(
            command, stdout=stream, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, done.stderr) == (1, SAID)
