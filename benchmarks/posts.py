"""`python -m benchmarks.posts DATA`: are posts linked to the papers they are about?

DATA is the folder of recorded input; the labels are ours (posts.tsv): pairs of a post
in a recorded feed and a paper, found by the addresses that posts link to and by words
that titles share, and whether the post is about that paper. A digest and a passing
mention are about none. Half of the posts, by a hash, were looked at while the rules
were made; the others are reported.
"""

import csv
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from tracker import sources
from tracker.core.identity import UNIQUE, scheme
from tracker.core.values import Document, Entry, ItemKind
from tracker.evaluation import shipped
from tracker.sources.base import one_line

_LABELS = Path(__file__).with_name("posts.tsv")
_READ_AT = datetime(2026, 1, 1, tzinfo=UTC)
_ADDRESS = "https://feed.invalid/"


class Row(NamedTuple):
    """A labelled pair: which half, what it was found by, and the two entries."""

    half: str
    by: str
    is_about: bool
    post: Entry
    paper: Entry


class Counts(NamedTuple):
    """Pairs that are linked, that should be, and that are both."""

    linked: int
    wanted: int
    right: int


def main() -> None:
    data = Path(sys.argv[1])
    labelled = rows(data)
    print("| half | found by | pairs | about | precision | recall |")
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    for half in ("tuned", "held-out"):
        for by in ("link", "title", ""):
            some = [row for row in labelled if row.half == half and by in {"", row.by}]
            found = counts(some)
            shares = f"{found.right / max(1, found.linked):.2f} | "
            shares += f"{found.right / max(1, found.wanted):.2f}"
            print(
                f"| {half} | {by or 'both'} | {len(some)} | {found.wanted} | {shares} |"
            )
    for row in labelled:
        if "-v" in sys.argv and row.is_about != shipped.linked(row.post, row.paper):
            said = "missed" if row.is_about else "wrong"
            print(f"{row.half} {said}: {row.post.title} | {row.paper.title}")


def counts(some: list[Row]) -> Counts:
    """Return how the pairs were judged by what tracker ships."""
    said = [shipped.linked(row.post, row.paper) for row in some]
    right = sum(yes and row.is_about for yes, row in zip(said, some, strict=True))
    return Counts(sum(said), sum(row.is_about for row in some), right)


def rows(data: Path) -> list[Row]:
    """Return the labelled pairs."""
    with _LABELS.open(encoding="utf-8") as table:
        lines = list(csv.DictReader(table, delimiter="\t"))
    entries = {
        (name, entry.guid): entry
        for name in {line["feed"] for line in lines}
        for entry in _entries(data / "feeds" / name)
    }
    return [
        Row(
            line["half"],
            line["by"],
            line["about"] == "yes",
            entries[line["feed"], line["guid"]],
            _paper(line["paper"], line["title"]),
        )
        for line in lines
    ]


def _entries(file: Path) -> tuple[Entry, ...]:
    source = sources.load("feed").at(_ADDRESS)
    document = Document(_ADDRESS, _ADDRESS, 200, file.read_bytes(), _READ_AT)
    return source.read(document).entries


def _paper(key: str, title: str) -> Entry:
    """Return a paper as a catalogue would state it."""
    name = scheme(key)
    return Entry(
        guid=key,
        title=one_line(title),
        kind=ItemKind.PAPER,
        url=f"https://{key[4:]}" if name == "url" else None,
        ids=(key,) if name in UNIQUE else (),
    )


if __name__ == "__main__":
    main()
