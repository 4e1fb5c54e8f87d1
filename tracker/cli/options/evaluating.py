"""What `tracker eval` takes."""

import argparse

from tracker.cli import arguments
from tracker.cli.parsing import Actions, Parser


def eval_options(parser: Parser) -> None:
    """Add the subjects of `tracker eval`, each with its options."""
    subjects = Actions(parser, "subject")
    for name, what, example in (
        ("topics", "rows of title, label (and abstract, categories)", "rows.tsv"),
        ("duplicates", "rows of kind, same and two entries, …_a and …_b", "pairs.tsv"),
        (
            "companies",
            "rows of affiliations, companies (and authors, url, title)",
            "rows.tsv",
        ),
        (
            "ranking",
            "rows of id, title, first_listed (and abstract, comment …)",
            "papers.jsonl --picks picks.jsonl --split 2026-01-01",
        ),
    ):
        subject = subjects.add(name, what, example)
        subject.add_argument("file", metavar="FILE", help="JSON Lines or TSV")
        subject.add_argument("--json", action="store_true", help="print an object")
        subject.add_argument(
            "--predictions", metavar="OUT", help="write what tracker says of each row"
        )
        if name == "topics":
            subject.add_argument(
                "--complete", action="store_true", help="rows name all their topics"
            )
        if name == "ranking":
            _ranking_options(subject)


def _ranking_options(subject: argparse.ArgumentParser) -> None:
    subject.add_argument("--picks", metavar="FILE", required=True, help="rows of id")
    subject.add_argument(
        "--split",
        metavar="DATE",
        type=arguments.day,
        required=True,
        help="picks before are likes; what is listed since is ranked",
    )
    subject.add_argument(
        "--at-once",
        metavar="COUNT",
        type=arguments.positive,
        help="rank so many rows at once, such as a week's; else all together",
    )
