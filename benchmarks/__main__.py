"""`python -m benchmarks`: measure everything, print one table."""

import argparse
import json
import os
import platform
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import (
    digest,
    fortnight,
    matching,
    parsing,
    ranking,
    refresh,
    results,
    rival,
    soak,
    startup,
    topics,
)
from benchmarks.results import Subject

_QUICK_REFRESH = refresh.Size(feeds=20, entries=5, repetitions=1)
_QUICK_DIGEST = digest.Size(items=300, in_week=100, times=2, commands=1)
_QUICK_RANKING = ranking.Size(ranked=300, texts=400, judged=200, times=1)
_QUICK_FORTNIGHT = fortnight.Size(sources=20, days=3)
_QUICK_SOAK = soak.Size(sources=20, readers=2, weeks=2)
_QUICK_MATCHING = matching.Size(papers=1_000)
_TOPICS, _QUICK_TOPICS = 3_000, 100  # papers
_STARTS, _QUICK_STARTS = 15, 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="What tracker costs, as ratios to the least the work can cost.",
    )
    parser.add_argument(
        "what",
        nargs="?",
        choices=(
            "all",
            "fortnight",
            "matching",
            "parsing",
            "ranking",
            "soak",
            "topics",
        ),
        default="all",
        help="one of them alone; soak: four simulated weeks of all that `run` does",
    )
    parser.add_argument(
        "--feeds",
        metavar="FOLDER",
        type=Path,
        help="parse the feeds of this folder (else made-up ones)",
    )
    parser.add_argument(
        "--papers",
        metavar="FILE",
        type=Path,
        help="find the topics of these papers, as JSON Lines (else of made-up ones)",
    )
    parser.add_argument(
        "--quick", action="store_true", help="a little of each, within half a minute"
    )
    parser.add_argument("--json", action="store_true", help="print JSON, not a table")
    parser.add_argument(
        "--reader-venv",
        metavar="PATH",
        type=Path,
        default=rival.FOLDER,
        help="a virtual environment that has the reader package",
    )
    parser.add_argument(
        "--install-reader", action="store_true", help="make one under build/ first"
    )
    return parser.parse_args()


def main() -> None:
    """Measure and print; what is being done goes to stderr."""
    options = _options()
    subjects = list(_measured(options))
    machine = _machine()
    if options.json:
        document = {**machine, "subjects": results.data(subjects)}
        print(json.dumps(document, indent=2))
        return
    print(results.text(subjects))
    print("\n{date}, Python {python}, {cores} cores, {system}".format_map(machine))


def _alone(options: argparse.Namespace) -> Callable[[], Subject] | None:
    """Return what measures the one subject asked for, None where all are."""
    quick = options.quick
    alone: dict[str, Callable[[], Subject]] = {
        "fortnight": lambda: fortnight.measure(
            _QUICK_FORTNIGHT if quick else fortnight.Size()
        ),
        "matching": lambda: matching.measure(
            _QUICK_MATCHING if quick else matching.Size()
        ),
        "parsing": lambda: parsing.measure(options.feeds),
        "ranking": lambda: ranking.measure(_QUICK_RANKING if quick else ranking.Size()),
        "soak": lambda: soak.measure(_QUICK_SOAK if quick else soak.Size()),
        "topics": lambda: topics.measure(
            options.papers, _QUICK_TOPICS if quick else _TOPICS
        ),
    }
    return alone.get(options.what)


def _measured(options: argparse.Namespace) -> Iterator[Subject]:
    if alone := _alone(options):
        yield alone()
        return
    if options.quick:
        yield from map(results.unjudged, _quickly())
        return
    yield refresh.measure(refresh.Size(), *_reader(options))
    yield digest.measure(digest.Size())
    yield ranking.measure(ranking.Size())
    yield startup.measure(_STARTS)
    yield parsing.measure(options.feeds)
    yield matching.measure(matching.Size())
    yield topics.measure(options.papers, _TOPICS)
    yield fortnight.measure(fortnight.Size())


def _quickly() -> Iterator[Subject]:
    yield refresh.measure(_QUICK_REFRESH, None, "the run is a quick one")
    yield digest.measure(_QUICK_DIGEST)
    yield ranking.measure(_QUICK_RANKING)
    yield startup.measure(_QUICK_STARTS)
    yield matching.measure(_QUICK_MATCHING)
    yield topics.measure(None, _QUICK_TOPICS)
    yield fortnight.measure(_QUICK_FORTNIGHT)


def _reader(options: argparse.Namespace) -> tuple[Path | None, str]:
    """Return the Python that has the reader package, or None and why."""
    if options.install_reader and rival.find(rival.FOLDER)[0] is None:
        try:
            rival.install()
        except (OSError, subprocess.CalledProcessError) as error:
            return None, f"it could not be installed: {error}"
    return rival.find(options.reader_venv)


def _machine() -> dict[str, Any]:
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
    }


if __name__ == "__main__":
    main()
