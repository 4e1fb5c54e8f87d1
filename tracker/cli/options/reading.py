"""What the commands that show items take."""

import argparse

from tracker.cli import arguments
from tracker.core.values import ItemKind, MarkState

LIST_FORMATS = ("table", "json", "atom")
"""The forms of a list of items."""
STATES = tuple(str(state) for state in MarkState)
"""What `tracker mark` may make of an item."""


def list_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker list`."""
    narrowing_options(parser)
    parser.add_argument(
        "--limit",
        type=arguments.positive,
        default=50,
        metavar="N",
        help="at most so many (else %(default)s)",
    )
    parser.add_argument(
        "--format",
        choices=LIST_FORMATS,
        default="table",
        help="atom is a feed (else %(default)s)",
    )
    parser.add_argument(
        "--json",
        action="store_const",
        dest="format",
        const="json",
        help="print a list of items",
    )


def narrowing_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which items are meant."""
    parser.add_argument("--topic", metavar="NAME", help="about this topic")
    whose = parser.add_mutually_exclusive_group()
    whose.add_argument("--company", metavar="NAME", help="from this company")
    whose.add_argument("--followed", action="store_true", help="from those you follow")
    parser.add_argument("--venue", metavar="NAME", help='accepted there, such as "KDD"')
    parser.add_argument(
        "--kind", choices=[str(kind) for kind in ItemKind], help="papers or posts alone"
    )
    parser.add_argument("--state", choices=STATES, help="marked so by you")
    parser.add_argument(
        "--since", metavar="DAY", type=arguments.day, help="first seen since"
    )
    parser.add_argument(
        "--until", metavar="DAY", type=arguments.day, help="first seen until"
    )
    parser.add_argument("--reader", metavar="NAME", help="else the first reader")


def search_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker search`."""
    parser.add_argument(
        "words", nargs="+", metavar="WORD", help='all must occur; "a phrase", pref*'
    )
    parser.add_argument(
        "--limit",
        type=arguments.positive,
        default=20,
        metavar="N",
        help="at most so many (else %(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print a list of items")


def show_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker show`."""
    parser.add_argument(
        "item", type=arguments.number, metavar="ITEM", help="an item's number"
    )
    parser.add_argument(
        "--why", action="store_true", help="how its score for the reader comes about"
    )
    parser.add_argument("--reader", metavar="NAME", help="else the first reader")
    parser.add_argument("--json", action="store_true", help="print an object")
