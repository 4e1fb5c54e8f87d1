"""The command line: finds the command, prints expected errors in one line.

Nothing heavy is imported before the arguments are read: help must feel instant.
`options` says what each command takes; the command's module has a function that takes
the parsed arguments and returns an exit code: 0 done, 1 failed, 2 wrong usage.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import NamedTuple

from tracker import __version__
from tracker.cli import stdout
from tracker.cli.parsing import OneLineParser, Parser
from tracker.errors import ConfigError, FileError, OutputError, TrackerError, UsageError

FAILED = 1
WRONG_USAGE = 2
INTERRUPTED = 130
_WRONG = (UsageError, ConfigError, FileError)


class Command(NamedTuple):
    """A command: the module that has it, what it does, how it is called."""

    module: str
    summary: str
    example: str


COMMANDS = {
    "init": Command("setup", "write a feeds.toml of your own", "tracker init"),
    "fetch": Command("collecting", "collect the sources that are due", "tracker fetch"),
    "digest": Command(
        "digests", "print a week's ranked digest", "tracker digest --week 2026-W47"
    ),
    "send": Command("digests", "mail the last week's digest, once", "tracker send"),
    "run": Command(
        "running", "collect and mail on schedule (the daemon)", "tracker run"
    ),
    "web": Command(
        "running", "serve the links of mails, health and metrics", "tracker web"
    ),
    "list": Command("reading", "list items", "tracker list --topic recsys --limit 20"),
    "search": Command("reading", "search titles and texts", "tracker search two tower"),
    "show": Command("reading", "show an item with its evidence", "tracker show 12"),
    "people": Command(
        "people",
        "tell who publishes at a company, on what, with whom",
        "tracker people pinterest --topic recsys",
    ),
    "company": Command(
        "company",
        "tell what a company works on, where and by whom",
        "tracker company pinterest --quarters 2",
    ),
    "mark": Command(
        "marking",
        "keep what you think of an item, and what it is about",
        'tracker mark 12 note "ask about it"',
    ),
    "split": Command(
        "correcting",
        "make two items of one that was joined wrongly",
        "tracker split 12 arxiv-recsys",
    ),
    "delete": Command(
        "correcting", "delete items for good, or bring them back", "tracker delete 12"
    ),
    "export": Command(
        "exporting",
        "write works as BibTeX, RIS, CSL-JSON or Markdown notes",
        "tracker export --state to-read --output to-read.bib",
    ),
    "sources": Command(
        "collecting",
        "list, check, find, add or remove sources",
        "tracker sources add https://blog.example.org",
    ),
    "readers": Command(
        "readers",
        "list, add, remove, pause or test readers",
        "tracker readers add ada --email ada@example.org --schedule 'friday 16:00'",
    ),
    "migrate": Command(
        "setup", "bring the store's tables up to date", "tracker migrate"
    ),
    "backup": Command(
        "keeping", "write the store to a file, while it is used", "tracker backup b.db"
    ),
    "restore": Command(
        "keeping", "put a backup in the store's place", "tracker restore b.db"
    ),
    "db": Command("keeping", "look whether the store is sound", "tracker db check"),
    "demo": Command("running", "see all of it without a network", "tracker demo"),
    "doctor": Command(
        "setup", "find out what is wrong and how to mend it", "tracker doctor"
    ),
    "health": Command("setup", "say whether anything is late", "tracker health"),
    "eval": Command(
        "evaluating",
        "measure topics, duplicates, companies or ranking on labelled rows",
        "tracker eval topics labelled.jsonl --predictions topics.jsonl",
    ),
    "version": Command("setup", "print the version", "tracker version"),
}


def run(arguments: Sequence[str]) -> int:
    """Run one command; return the exit code."""
    for stream in filter(None, (sys.stdout, sys.stderr)):
        stream.reconfigure(errors="replace")
    try:
        with stdout.named():
            return _told(arguments)
    except BrokenPipeError:  # `tracker list | head`
        return 0
    except OutputError as error:  # of what was left to be written
        print(f"tracker: {error}", file=sys.stderr)
        return FAILED


def _told(arguments: Sequence[str]) -> int:
    """Return the exit code of a command; tell how it failed."""
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        print("tracker: interrupted; what was stored is whole", file=sys.stderr)
        return INTERRUPTED
    except TrackerError as error:
        for line in str(error).splitlines():
            print(f"tracker: {line}", file=sys.stderr)
        return WRONG_USAGE if isinstance(error, _WRONG) else FAILED


def _run(arguments: Sequence[str]) -> int:
    ours, rest = _split(arguments)
    top = _parser().parse_args(ours)
    command = COMMANDS[top.command]
    parser = Parser(f"tracker {top.command}", command.summary, command.example)
    options = importlib.import_module(f"tracker.cli.options.{command.module}")
    getattr(options, f"{top.command}_options")(parser)
    given = parser.parse_args(rest, argparse.Namespace(config=top.config))
    module = importlib.import_module(f"tracker.cli.{command.module}")
    code: int = getattr(module, f"{top.command}_command")(given)
    return code


def _split(arguments: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Return the arguments up to the command's name, and those that are its own."""
    for place, word in enumerate(arguments):
        if word in COMMANDS and arguments[place - 1 : place] != ["--config"]:
            return arguments[: place + 1], arguments[place + 1 :]
    return arguments, ()


def _parser() -> argparse.ArgumentParser:
    width = max(len(name) for name in COMMANDS)
    listed = "\n".join(
        f"  {name:<{width}}  {command.summary}" for name, command in COMMANDS.items()
    )
    parser = OneLineParser(
        prog="tracker",
        usage="tracker [--config FILE] COMMAND …",
        description="What is new in machine learning: blogs, preprints and conference\n"
        "papers in one weekly, ranked digest.",
        epilog=f"commands:\n{listed}\n\n"
        "examples:\n  tracker digest              this week's digest, after fetching\n"
        "  tracker demo                all of it, without a network\n\n"
        "`tracker COMMAND --help` tells more about each.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--config",
        metavar="FILE",
        help="the feeds.toml to use (else $TRACKER_CONFIG, ./feeds.toml, yours, ours)",
    )
    parser.add_argument("--version", action="version", version=f"tracker {__version__}")
    parser.add_argument(
        "command", choices=COMMANDS, metavar="COMMAND", help=argparse.SUPPRESS
    )
    return parser
