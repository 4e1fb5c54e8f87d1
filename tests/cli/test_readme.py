"""Every command of the README, run as it stands there."""

import re
import shlex
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests import forked
from tests.cli.conftest import Desk
from tracker import config, opml
from tracker.config import places

_CHECKOUT = Path(__file__).resolve().parents[2]
_README = (_CHECKOUT / "README.md").read_text("utf-8")
_BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", _README, re.DOTALL | re.MULTILINE)
COMMANDS = [
    line.removeprefix("$ ")
    for language, block in _BLOCKS
    if language == "console"
    for line in block.splitlines()
]
OURS = [line for line in COMMANDS if line.startswith("tracker ")]
MAKE = [line for line in COMMANDS if line.startswith("make ")]
# `make test` and `make check` would run this test, and `make bench` takes minutes:
# of these, what they call is called on a small part.
_PART = {
    "make test": ["ARGS=--collect-only -q tests/core"],
    "make check": ["--dry-run"],
    "make bench": ["--dry-run"],
    "make digest": ["ARGS=--no-fetch"],
    "make demo": ["ARGS=--help"],
}
# Sources of the shipped feeds.toml, and which of the demo's stand for them.
_SOURCES = {"netflix-techblog": "netflix", "pinterest-engineering": "pinterest"}
_LONG = {"tracker run"}  # runs until it is told to stop: see test_daemon.py
_ELSEWHERE = {"pipx install .", "uv run tracker version"}  # see test_package.py


def test_the_readme_has_no_command_that_is_not_tried() -> None:
    assert len(OURS) > 15
    assert set(COMMANDS) == {*OURS, *MAKE, *_ELSEWHERE}
    assert set(MAKE) == set(_PART)
    assert all(
        line.startswith("$ ")
        for language, block in _BLOCKS
        if language == "console"
        for line in block.splitlines()
    )


def of_ones_own(desk: Desk, folder: Path) -> Desk:
    """Return the desk with settings that a command may edit, and a list to import."""
    settings = folder / "feeds.toml"
    for file in (desk.config, desk.config.with_name("job.md")):
        shutil.copy(file, folder)
    feed = opml.Outline("A blog", "https://blog.example/feed")
    (folder / "subscriptions.opml").write_text(opml.written([feed], ""), "utf-8")
    return replace(desk, config=settings)


def ran(words: list[str], desk: Desk, folder: Path) -> str:
    """Return what `tracker` printed; it must have ended with exit code 0."""
    done = forked.run(words, folder, desk.environment(folder))
    assert done.code == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


@pytest.mark.parametrize("line", [line for line in OURS if line not in _LONG])
def test_the_command_works(line: str, filled: Desk, tmp_path: Path) -> None:
    line = re.sub(r"https://medium\.com/\S+", f"{filled.site.url}/pinterest", line)
    for ours, demos in _SOURCES.items():
        line = line.replace(ours, demos)
    words, own = shlex.split(line)[1:], of_ones_own(filled, tmp_path)
    if words[0] == "restore":
        ran(["backup", words[1]], own, tmp_path)
    said = ran(words, own, tmp_path)
    assert said or words[0] in {"search", "list"} or "--output" in words


@pytest.mark.parametrize("line", MAKE)
def test_the_make_target_works(line: str, filled: Desk, tmp_path: Path) -> None:
    folder = ["--directory", str(_CHECKOUT), "--no-print-directory"]
    words = [*shlex.split(line), *folder, *_PART[line]]
    if not (_CHECKOUT / ".venv").is_dir():
        words.append("--dry-run")  # set up by other means: only say what would run
    done = subprocess.run(
        words,
        env=filled.environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_the_settings_it_shows_are_accepted(tmp_path: Path) -> None:
    shown = [block for language, block in _BLOCKS if language == "toml"]
    assert len(shown) == 2
    (tmp_path / "job.md").write_text("ranking", "utf-8")
    file = tmp_path / "feeds.toml"
    companies = '[[company]]\nname = "pinterest"\n[[company]]\nname = "spotify"\n'
    for block in shown:
        file.write_text(block + companies, "utf-8")
        assert config.load(str(file)).readers[0].name == "me"


def test_the_sources_it_names_are_ours() -> None:
    shipped = config.load(str(places.shipped_config_file())).subscriptions
    assert _SOURCES.keys() <= {subscription.name for subscription in shipped}
    named = re.compile(r"^tracker sources (?:check|disable|enable|remove) (\S+)")
    found = [name[1] for line in OURS if (name := named.match(line))]
    assert len(found) > 3
    assert set(found) <= _SOURCES.keys()


def test_the_files_it_names_exist() -> None:
    for place in re.findall(r"\]\(([^)#:]+)\)", _README):
        assert (_CHECKOUT / place).is_file(), place
