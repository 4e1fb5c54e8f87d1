"""Help, versions, and how fast the command line answers."""

import subprocess
import sys

import pytest

from tracker import __version__
from tracker.cli import COMMANDS, run

_HEAVY = ("sqlalchemy", "httpx", "pydantic", "feedparser", "rich", "apscheduler")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run([command, "--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert f"usage: tracker {command}" in said
    assert f"example:\n  tracker {command}" in said


def test_the_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(["--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert all(f"\n  {name} " in said for name in COMMANDS)


def test_the_version_is_told_either_way(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["version"]) == 0
    with pytest.raises(SystemExit):
        run(["--version"])
    assert capsys.readouterr().out == f"tracker {__version__}\n" * 2


@pytest.mark.parametrize("words", [["--help"], ["version"], ["digest", "--help"]])
def test_nothing_heavy_is_imported_for_help(words: list[str]) -> None:
    code = (
        "import sys\nfrom tracker.cli import run\n"
        f"try:\n    run({words!r})\nexcept SystemExit:\n    pass\n"
        f"print(sorted(set({_HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stderr == "[]\n"
