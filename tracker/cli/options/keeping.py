"""What the commands that keep the store take."""

import argparse

from tracker.cli.parsing import Actions, Parser


def backup_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker backup`."""
    parser.add_argument("file", metavar="FILE", help="a SQLite file; replaced if there")


def restore_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker restore`."""
    parser.add_argument("file", metavar="FILE", help="what `tracker backup` wrote")
    parser.add_argument(
        "--replace", action="store_true", help="also when the store has items"
    )


def db_options(parser: Parser) -> None:
    """Add the subcommands of `tracker db`."""
    actions = Actions(parser)
    check = actions.add("check", "look whether the store is sound", "")
    check.add_argument("--json", action="store_true", help="print a list of findings")
    actions.add("reindex", "make the search index anew", "")
