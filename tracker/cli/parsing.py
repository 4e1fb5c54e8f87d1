"""Parsers of arguments: help with an example, and mistakes told in one line."""

import argparse
from typing import NoReturn

_MISSING = "the following arguments are required: "


class OneLineParser(argparse.ArgumentParser):
    """A parser that tells a mistake in one line, and where help is."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, without the usage; end with exit code 2."""
        what = message.removeprefix("argument ").replace(_MISSING, "missing: ")
        self.exit(2, f"{self.prog}: {what}; see `{self.prog} --help`\n")


class Parser(OneLineParser):
    """A command's or an action's parser: what it does, and an example."""

    def __init__(self, prog: str, summary: str, example: str) -> None:
        """Take the command's words, what it does, and how it is called."""
        super().__init__(
            prog=prog,
            description=f"{summary[0].upper()}{summary[1:]}.",
            epilog=f"example:\n  {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )


class Actions:
    """The actions of a command, each with a parser of its own."""

    def __init__(self, parser: Parser, dest: str = "action") -> None:
        """Let `parser` demand one of the actions, stored as `dest`."""
        self._prog = parser.prog
        self._added = parser.add_subparsers(
            dest=dest,
            metavar=dest.upper(),
            required=True,
            parser_class=Parser,
        )

    def add(self, name: str, summary: str, example: str) -> argparse.ArgumentParser:
        """Return the parser of a new action; `example` is what follows its name."""
        called = f"{self._prog} {name}"
        parser: argparse.ArgumentParser = self._added.add_parser(
            name,
            prog=called,
            help=summary,
            summary=summary,
            example=f"{called} {example}".rstrip(),
        )
        return parser
