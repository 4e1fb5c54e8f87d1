"""What the commands that set up and look after take."""

import argparse


def init_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker init`."""
    parser.add_argument(
        "file",
        nargs="?",
        metavar="FILE",
        help="where to write (else your configuration folder)",
    )
    parser.add_argument(
        "--job",
        metavar="FILE",
        help="take interests from a job description (text, markdown, PDF) and add them"
        " to the reader's; also in a feeds.toml that exists",
    )
    parser.add_argument(
        "--reader", metavar="NAME", help="whose job it is (else the first reader's)"
    )


def migrate_options(parser: argparse.ArgumentParser) -> None:
    """`tracker migrate` has no options."""


def doctor_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker doctor`."""
    parser.add_argument("--json", action="store_true", help="print a list of findings")


def health_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker health`."""
    parser.add_argument("--json", action="store_true", help="print an object")


def version_options(parser: argparse.ArgumentParser) -> None:
    """`tracker version` has no options."""
