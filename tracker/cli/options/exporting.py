"""What `tracker export` takes."""

import argparse

from tracker.cli import arguments
from tracker.cli.options.reading import narrowing_options

EXPORTS = ("bibtex", "ris", "csl-json", "markdown")
"""The forms of `tracker export`."""


def export_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker export`."""
    parser.add_argument(
        "item", type=arguments.number, nargs="*", metavar="ITEM", help="items' numbers"
    )
    parser.add_argument(
        "--format",
        choices=EXPORTS,
        default="bibtex",
        help="what to write (else %(default)s)",
    )
    parser.add_argument(
        "--output", metavar="PATH", help="a file, else stdout; for notes a folder"
    )
    parser.add_argument("--all", action="store_true", help="all that is stored")
    narrowing_options(parser)
