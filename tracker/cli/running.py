"""`tracker run` and `tracker demo`."""

import argparse

from tracker.cli.opening import opened


def run_options(parser: argparse.ArgumentParser) -> None:
    """`tracker run` has no options."""


def run_command(options: argparse.Namespace) -> int:
    """Collect and mail on schedule until told to stop."""
    from tracker.daemon import run

    with opened(options) as app:
        run(app)
    return 0


def demo_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker demo`."""
    parser.add_argument(
        "--output", metavar="FILE", help="where to write the html digest"
    )


def demo_command(options: argparse.Namespace) -> int:
    """Show all of tracker on a sample of every kind of source, without a network."""
    from tracker.demo import run

    return run(options.output)
