"""What `tracker company` takes."""

import argparse

from tracker.cli import arguments


def company_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker company`."""
    parser.add_argument(
        "company", metavar="COMPANY", help="its name, title or alias in feeds.toml"
    )
    parser.add_argument(
        "--quarters",
        type=arguments.positive,
        default=4,
        metavar="N",
        help="published in this quarter and those before, N in all (else %(default)s)",
    )
    parser.add_argument(
        "--limit",
        type=arguments.positive,
        default=5,
        metavar="N",
        help="at most so many works and people (else %(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print an object")
