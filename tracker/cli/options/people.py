"""What `tracker people` takes."""

import argparse

from tracker.cli import arguments


def people_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `tracker people`."""
    parser.add_argument(
        "company", metavar="COMPANY", help="its name, title or alias in feeds.toml"
    )
    parser.add_argument("--topic", metavar="NAME", help="by works about this topic")
    parser.add_argument(
        "--since", metavar="DAY", type=arguments.day, help="by works first seen since"
    )
    parser.add_argument(
        "--limit",
        type=arguments.positive,
        default=20,
        metavar="N",
        help="at most so many (else %(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print an object")
