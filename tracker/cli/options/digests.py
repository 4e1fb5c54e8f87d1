"""What the commands on digests take."""

import argparse

from tracker.cli import arguments

FORMATS = ("terminal", "text", "markdown", "html", "json", "atom", "eml")
"""The forms of a digest."""


def digest_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker digest`."""
    when = parser.add_mutually_exclusive_group()
    when.add_argument(
        "--week", metavar="WEEK", help="such as 2026-W47, as it was sent; else this one"
    )
    when.add_argument(
        "--since", metavar="DAY", type=arguments.day, help="from this day on"
    )
    parser.add_argument(
        "--until", metavar="DAY", type=arguments.day, help="up to this day"
    )
    parser.add_argument(
        "--format",
        choices=FORMATS,
        default="terminal",
        help="text and eml are as mailed, atom is a feed (else %(default)s)",
    )
    parser.add_argument("--output", metavar="FILE", help="write to FILE, not to stdout")
    parser.add_argument("--no-fetch", action="store_true", help="don't fetch first")
    parser.add_argument("--reader", metavar="NAME", help="for this reader")


def send_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker send`."""
    parser.add_argument(
        "--week", metavar="WEEK", help="such as 2026-W47; else the last"
    )
    parser.add_argument("--no-fetch", action="store_true", help="don't fetch first")
    parser.add_argument("--reader", metavar="NAME", help="to this reader alone")
    parser.add_argument(
        "--again", action="store_true", help="try what was given up once more"
    )
