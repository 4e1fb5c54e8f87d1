"""Reading feeds, beside other parsers: `python -m benchmarks parsing --feeds FOLDER`.

FOLDER holds whole feeds, one a file; TRACKER_RECORDED/feeds/recorded is a good one.
Without it, feeds of our own are read. Every parser's output is sanitised: feedparser's
by its own sanitiser or by nh3, fastfeedparser's by nh3; ours as it is stored. Each is
measured in a process of its own: ours changes feedparser, to the better, where it runs.
"""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import feedparser
import nh3

from benchmarks import corpus
from benchmarks.results import Aim, Figure, Row, Subject, ratio
from tracker.core.values import Document
from tracker.errors import SourceError
from tracker.reading import Reading
from tracker.sources.feed import Source

_URL = "https://blog.example/feed"
_NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
_SOURCE = Source(url=_URL)
_OWN = (100, 30)  # feeds, entries in each
_TURNS = 3  # of each parser on each feed; the quickest counts, as others only disturb
_THREADS = 8  # that hand documents to the readers, as fetching does
_OURS = "tracker, entries as stored"
_DEFAULT = "feedparser, its own sanitiser"
_AIM = Aim(least=12)

Parser = Callable[[Document], int]


def measure(folder: Path | None) -> Subject:
    """Return what reading costs each parser, and how readers share two cores."""
    documents = _documents(folder)
    rows, notes = [], [_said(folder, documents)]
    for name in _parsers():
        print(f"{name} …", file=sys.stderr, flush=True)
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            wall, cpu, entries = process.submit(_taken, name, documents).result()
        rows.append(Row(name, _TURNS, wall, cpu))
        each = 1000 * cpu / len(documents)
        notes.append(f"{name}: {each:.1f} ms of CPU a feed, {entries:,} entries")
    rows += [_shared(documents, workers) for workers in (1, 2)]
    aim = _AIM if folder else None  # it is one for real feeds
    return Subject("Parsing", tuple(notes), tuple(rows), tuple(_figures(rows, aim)))


def _figures(rows: Sequence[Row], aim: Aim | None) -> Iterable[Figure]:
    by_name = {row.name: row for row in rows}
    default, one, two = by_name[_DEFAULT], *rows[-2:]
    for row in rows[:-2]:
        if row is not default:
            wanted = aim if row.name == _OURS else None
            yield ratio(f"{_DEFAULT} / {row.name}"[:44], default, row, wanted)
    yield ratio(f"{one.name} / {two.name}", one, two)


def _said(folder: Path | None, documents: Sequence[Document]) -> str:
    size = sum(len(document.body) for document in documents) / 1e6
    whose = f"of {folder}" if folder else "of our own, no recorded ones being given"
    return f"{len(documents)} feeds {whose}, {size:.1f} MB"


def _documents(folder: Path | None) -> list[Document]:
    """Return the feeds in which some entry is found."""
    if folder is None:
        feeds, entries = _OWN
        bodies: Iterable[bytes] = (corpus.feed(n, entries) for n in range(feeds))
    else:
        bodies = (p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file())
    documents = [Document(_URL, _URL, 200, body, _NOW) for body in bodies]
    return [document for document in documents if _ours(document)]


def _taken(name: str, documents: Sequence[Document]) -> tuple[float, float, int]:
    """Return a parser's wall and processor time of all documents, and its entries."""
    parse = _parsers()[name]
    walls = cpus = 0.0
    entries = 0
    for document in documents:
        times = []
        for _ in range(_TURNS):
            wall, cpu = perf_counter(), process_time()
            found = parse(document)
            times.append((perf_counter() - wall, process_time() - cpu))
        entries += found
        walls += min(wall for wall, _ in times)
        cpus += min(cpu for _, cpu in times)
    return walls, cpus, entries


def _parsers() -> Mapping[str, Parser]:
    parsers = {
        _DEFAULT: lambda document: len(
            feedparser.parse(BytesIO(document.body)).entries
        ),
        "feedparser bare, nh3": _bare,
        _OURS: _ours,
    }
    try:
        import fastfeedparser
    except ImportError:
        return parsers

    def fast(document: Document) -> int:
        try:
            entries = fastfeedparser.parse(document.body)["entries"]
        except ValueError:
            return 0
        return _sanitised(entries, "description")

    return {**parsers, "fastfeedparser, nh3": fast}


def _ours(document: Document) -> int:
    try:
        return len(_SOURCE.read(document).entries)
    except SourceError:
        return 0


def _bare(document: Document) -> int:
    off = {"sanitize_html": False, "resolve_relative_uris": False}
    return _sanitised(
        feedparser.parse(BytesIO(document.body), **off).entries, "summary"
    )


def _sanitised(entries: Sequence[Mapping[str, Any]], summary: str) -> int:
    for entry in entries:
        texts = [entry.get("title"), entry.get(summary)]
        texts += [content["value"] for content in entry.get("content") or ()]
        for text in texts:
            nh3.clean(text or "")
    return len(entries)


def _shared(documents: Sequence[Document], workers: int) -> Row:
    """Return how long reader processes take for all documents, started and warm."""
    reading = Reading(workers)
    try:
        with ThreadPoolExecutor(_THREADS) as pool:
            list(pool.map(lambda one: reading(_SOURCE, one), documents[: 2 * workers]))
            began = perf_counter()
            list(pool.map(lambda one: reading(_SOURCE, one), documents))
            wall = perf_counter() - began
    finally:
        reading.close()
    return Row(f"{workers} reader process{'es' * (workers > 1)}", 1, wall)
