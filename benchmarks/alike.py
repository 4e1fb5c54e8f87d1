"""Papers told apart from their like, as collecting does, but for the database.

`python -m benchmarks.alike COUNT` prints how many were compared with some other.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from benchmarks import corpus
from tracker.core import alike, dedup
from tracker.core.alike import Candidate
from tracker.core.values import Entry

_DAY = datetime(2026, 6, 1, tzinfo=UTC)
_AT_ONCE = 1_000
RETITLED = 50
"""One paper of so many comes again, from elsewhere and under another title."""


def joined(count: int) -> int:
    """Return how many of `count` papers were found to be another."""
    known: defaultdict[int, list[Candidate]] = defaultdict(list)
    found = number = 0
    for batch in _batches(count):
        works = alike.with_blocks(dedup.plan(dedup.keyed(batch, "here"), {}))
        for work in alike.with_likes(works, known):
            found += bool(work.owners) + len(work.entries) - 1
            number += 1
            for block in work.blocks:
                known[block].append((number, alike.paper(work)))
    return found


def _batches(count: int) -> Iterator[list[Entry]]:
    batch: list[Entry] = []
    for number, paper in enumerate(corpus.papers(range(count), _DAY)):
        batch.append(paper)
        if number % RETITLED == 0:
            title = f"{paper.title}: a second look"
            batch.append(replace(paper, guid=title, title=title, url=None, ids=()))
        if len(batch) >= _AT_ONCE:
            yield batch
            batch = []
    yield batch


if __name__ == "__main__":
    print(joined(int(sys.argv[1])))
