"""What the commands that go on until they are stopped take."""

import argparse

from tracker.cli import arguments


def run_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker run`."""
    parser.add_argument(
        "--log-format",
        choices=("text", "json"),
        default="text",
        help="how stderr tells what is done: in lines, or an object of JSON in each",
    )


def web_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker web`."""
    parser.add_argument(
        "--listen",
        metavar="HOST:PORT",
        type=arguments.place,
        help="where to listen (else [web] listen, or 127.0.0.1:8642)",
    )


def demo_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker demo`."""
    parser.add_argument(
        "--output",
        metavar="FILE",
        default="tracker-demo.html",
        help="where to write the digest as a page (else ./%(default)s)",
    )
