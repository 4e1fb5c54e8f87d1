"""Finding topics in papers: `python -m benchmarks topics --papers FILE`.

FILE holds papers as JSON Lines (title, abstract, categories), packed by xz or not;
without it, papers of our own are judged.
"""

import json
import lzma
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from re import compile as compiled
from time import perf_counter, process_time

from benchmarks import corpus
from benchmarks.results import Aim, Figure, Row, Subject, ratio
from tracker import config
from tracker.config import places, trained
from tracker.core.classify import Topics
from tracker.core.classify.learnt import Learnt, Lesson, learn
from tracker.core.values import Topic

_DAY = datetime(2026, 6, 1, tzinfo=UTC)
_WORD = compiled("[a-z0-9]+")
_TURNS = 5  # the quickest counts, as others only disturb
_OWN = tuple(
    Topic(name.lower(), name, description)
    for name, description in (
        ("Caching", "Redis, Memcached and the invalidation of caches"),
        ("Experiments", "A/B tests, metrics and causal inference"),
        ("Privacy", "federated learning and differential privacy"),
    )
)
_SECOND = Aim(least=2_000)  # papers

Paper = tuple[str, str, tuple[str, ...]]


def measure(file: Path | None, most: int) -> Subject:
    """Return what finding topics costs, beside taking the same texts' words."""
    papers = _papers(file, most)
    print(f"topics of {len(papers):,} papers …", file=sys.stderr, flush=True)
    shipped = config.load(str(places.shipped_config_file())).topics
    topics = Topics(shipped, trained.topics())
    taught = Topics((*shipped, *_OWN), trained.topics()).taught(_learnt(papers))
    rows = (
        _row("topics", lambda: [topics.of(*paper) for paper in papers]),
        _row("and own ones taught", lambda: [taught.of(*paper) for paper in papers]),
        _row("words alone", lambda: [_words(title, text) for title, text, _ in papers]),
    )
    found, more, bare = rows
    size = sum(len(title) + len(text) for title, text, _ in papers) // len(papers)
    whose = f"of {file.name}" if file else "of our own"
    cpu = len(papers) / (found.cpu or found.wall)
    return Subject(
        f"Topics of {len(papers):,} papers",
        (f"papers {whose}, {size:,} characters each; words: one expression, findall",),
        rows,
        (
            Figure("papers a second", len(papers) / found.wall, cpu, _SECOND),
            ratio("topics / words alone", found, bare),
            ratio("and own ones taught / topics", more, found),
        ),
    )


def _learnt(papers: list[Paper]) -> Learnt:
    """Return what ten works each teach of the topics of one's own."""
    texts = [(title, text) for title, text, _ in papers]
    named = [tuple(range(n, 10 * len(_OWN), len(_OWN))) for n in range(len(_OWN))]
    return learn([Lesson(*pair) for pair in zip(_OWN, named, strict=True)], texts)


def _words(title: str, text: str) -> int:
    return len(_WORD.findall(title.lower())) + len(_WORD.findall(text.lower()))


def _papers(file: Path | None, most: int) -> list[Paper]:
    if file is None:
        made = corpus.papers(range(most), _DAY)
        return [(one.title, one.summary, one.categories) for one in made]
    opened = lzma.open if file.suffix == ".xz" else open
    with opened(file, "rt", encoding="utf-8") as lines:
        return list(map(_paper, islice(lines, most)))


def _paper(line: str) -> Paper:
    row = json.loads(line)
    return row["title"], row.get("abstract") or "", tuple(row.get("categories") or ())


def _row(name: str, act: Callable[[], object]) -> Row:
    walls, cpus = [], []
    for _ in range(_TURNS):
        wall, cpu = perf_counter(), process_time()
        act()
        walls.append(perf_counter() - wall)
        cpus.append(process_time() - cpu)
    return Row(name, _TURNS, min(walls), min(cpus))
