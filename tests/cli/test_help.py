"""Help, versions, and how fast the command line answers."""

import argparse
import importlib
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tracker import __version__
from tracker.cli import COMMANDS, run
from tracker.cli.parsing import Parser

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


def parsers() -> Iterator[Parser]:
    """Yield the parser of every command, and of every action of one."""
    for name, command in COMMANDS.items():
        parser = Parser(f"tracker {name}", command.summary, command.example)
        options = importlib.import_module(f"tracker.cli.options.{command.module}")
        getattr(options, f"{name}_options")(parser)
        yield parser
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                yield from action.choices.values()


@pytest.mark.parametrize("parser", list(parsers()), ids=lambda parser: parser.prog)
def test_every_option_has_words_and_every_action_an_example(parser: Parser) -> None:
    assert f"example:\n  {parser.prog}" in parser.format_help()
    assert not [action.dest for action in parser._actions if not _told(action)]


def _told(action: argparse.Action) -> bool:
    return bool(action.help) or isinstance(action, argparse._SubParsersAction)


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["bogus"],
        ["--bogus"],
        ["show"],
        ["sources"],
        ["list", "--limit", "0"],
        ["list", "--limit", "9223372036854775808"],
        ["list", "--since", "9999-12-31"],
        ["show", "2147483648"],
        ["mark", "99999999999999999999", "read"],
        ["split", "#99999999999999999999", "a-blog"],
        ["delete", "1", "99999999999999999999"],
        ["export", "9" * 30],
    ],
    ids=" ".join,
)
def test_a_mistake_is_told_in_one_line_that_leads_to_help(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(words)
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("tracker")
    assert said.endswith(" --help`\n")
    assert said.count("\n") == 1
    assert len(said) < 400


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


# Each in a process that has imported libraries alone.
_FIRST = """
import importlib, os, sys
import httpcore, sqlmodel
for name in sys.argv[1:]:
    if not os.fork():
        importlib.import_module(name)
        os._exit(0)
    assert os.wait()[1] == 0, name
"""


def test_every_command_can_be_the_first_thing_imported() -> None:
    modules = {f"tracker.cli.{command.module}" for command in COMMANDS.values()}
    words = [sys.executable, "-c", _FIRST, *sorted(modules)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


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
