"""What the commands that correct the store take."""

import argparse

from tracker.cli import arguments


def split_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker split`."""
    parser.add_argument(
        "item", type=arguments.number, metavar="ITEM", help="the item's number"
    )
    parser.add_argument(
        "mention",
        nargs="+",
        metavar="MENTION",
        help="what to take out: its number or its source, see `tracker show`;"
        " or the number of an item that stands beside it",
    )
    parser.add_argument("--json", action="store_true", help="print an object")


def delete_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker delete`."""
    parser.add_argument(
        "item",
        type=arguments.number,
        nargs="+",
        metavar="ITEM",
        help="an item's number",
    )
    parser.add_argument("--undo", action="store_true", help="bring it back")
