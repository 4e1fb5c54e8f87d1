"""What `tracker mark` takes."""

import argparse

from tracker.cli import arguments
from tracker.cli.options.reading import STATES

WHAT = (*STATES, "rating", "note")
"""What `tracker mark` keeps."""


def mark_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker mark`."""
    parser.add_argument(
        "item", type=arguments.number, metavar="ITEM", help="an item's number"
    )
    parser.add_argument(
        "what", nargs="?", choices=WHAT, metavar="WHAT", help=", ".join(WHAT)
    )
    parser.add_argument(
        "value", nargs="*", metavar="VALUE", help="the rating (1 to 5) or the note"
    )
    parser.add_argument("--rating", metavar="1-5", help="how good it is, 5 is best")
    parser.add_argument(
        "--note", metavar="TEXT", help="your own words; empty takes them away"
    )
    for option, what in (
        ("--topic", "say that it is about this topic; several times for several"),
        ("--not-topic", "say that it is not"),
        ("--undo-topic", "take back what was said of it and this topic"),
    ):
        parser.add_argument(
            option, action="append", default=[], metavar="NAME", help=what
        )
    parser.add_argument("--reader", metavar="NAME", help="else the first reader")
