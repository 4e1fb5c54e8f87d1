"""A refresh of many feeds: at first, when nothing changed, when 5 % changed.

Each contender is a command in a process of its own, which starts from nothing but
its database, and must find the entries that are there to be found.
"""

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import corpus, settings
from benchmarks.measured import ROOT, Run, run
from benchmarks.results import Aim, Figure, Row, Subject, ratio, row
from benchmarks.server import Remote, serving

STEPS = ("cold", "unchanged", "5 % changed")
_COLD_OVER_FLOOR = Aim(most=1.2)
_READER_OVER_COLD = Aim(least=4)
_COLD_OVER_UNCHANGED = Aim(least=5)
_MEMORY = Aim(most=200)  # MB

Runs = dict[tuple[str, str], list[Run]]


@dataclass(frozen=True, slots=True)
class Size:
    """How much is refreshed, how often; `reader_repetitions` for the slow one."""

    feeds: int = 300
    entries: int = 30
    repetitions: int = 3
    reader_repetitions: int = 2


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to refresh: the command for a folder, and how many entries it found.

    `prepare` gets the folder and the addresses, and is not measured.
    """

    name: str
    prepare: Callable[[Path, Sequence[str]], None]
    command: Callable[[Path], list[str]]
    new: Callable[[str], int]


def _tracker() -> Contender:
    def prepare(folder: Path, urls: Sequence[str]) -> None:
        settings.write(folder, urls)

    def command(folder: Path) -> list[str]:
        given = ["--config", str(folder / "feeds.toml"), "fetch", "--all", "--json"]
        return [sys.executable, "-m", "tracker", *given]

    def new(output: str) -> int:
        return sum(source["new"] for source in json.loads(output))

    return Contender("tracker", prepare, command, new)


def _write_urls(folder: Path, urls: Sequence[str]) -> None:
    (folder / "urls").write_text("\n".join(urls))


def _floor() -> Contender:
    def command(folder: Path) -> list[str]:
        files = [str(folder / "floor.db"), str(folder / "urls")]
        threads = str(settings.WORKERS)
        return [sys.executable, "-m", "benchmarks.floor", *files, threads]

    return Contender("floor", _write_urls, command, int)


def _reader(python: Path) -> Contender:
    loop = str(ROOT / "benchmarks" / "reader_loop.py")

    def prepare(folder: Path, urls: Sequence[str]) -> None:
        _write_urls(folder, urls)
        files = [str(folder / "reader.db"), str(folder / "urls")]
        subprocess.run([python, loop, "add", *files], check=True, capture_output=True)

    def command(folder: Path) -> list[str]:
        return [str(python), loop, "update", str(folder / "reader.db")]

    return Contender("reader", prepare, command, int)


def measure(size: Size, python: Path | None, told: str) -> Subject:
    """Return how tracker, the floor and reader compare.

    `python` has the reader package of the version `told`; None leaves it out, for the
    reason `told`.
    """
    runs: Runs = defaultdict(list)
    with serving(size.feeds, size.entries) as site:
        kilobytes = site.bytes_of_a_feed() / 1000
        for repetition in range(size.repetitions):
            contenders = [_tracker(), _floor()]
            if python and repetition < size.reader_repetitions:
                contenders.append(_reader(python))
            for contender in contenders:
                _refresh(contender, site, size, runs)
    rows = {key: row(", ".join(key), taken) for key, taken in runs.items()}
    title = (
        f"Refresh: {size.feeds} feeds x {size.entries} entries"
        f" of {kilobytes:.0f} kB each, from loopback"
    )
    return Subject(title, _notes(python, told), tuple(rows.values()), _figures(rows))


def _refresh(contender: Contender, site: Remote, size: Size, runs: Runs) -> None:
    """Measure a contender's three steps, from an empty database on."""
    changed = len(range(0, size.feeds, corpus.CHANGES_EVERY))
    with TemporaryDirectory(prefix="tracker-bench-") as name:
        folder = Path(name)
        contender.prepare(folder, site.urls)
        for step, edition, bodies, new in (
            (STEPS[0], 0, size.feeds, size.feeds * size.entries),
            (STEPS[1], 0, 0, 0),
            (STEPS[2], 1, changed, changed),
        ):
            what = f"{contender.name}, {step}"
            print(f"{what} …", file=sys.stderr, flush=True)
            site.switch(edition)
            taken = run(contender.command(folder))
            _check(what, contender.new(taken.output), new)
            sent = site.switch(edition)
            _check(what, (sent[200], sent[304]), (bodies, size.feeds - bodies))
            runs[contender.name, step].append(taken)


def _check(what: str, got: object, right: object) -> None:
    """End the benchmark when a contender did not do its work."""
    if got != right:
        raise SystemExit(f"{what}: {got} where {right} is right")


def _figures(rows: dict[tuple[str, str], Row]) -> tuple[Figure, ...]:
    cold, unchanged, changed = (rows["tracker", step] for step in STEPS)
    found = [
        ratio(
            "tracker cold / floor cold", cold, rows["floor", "cold"], _COLD_OVER_FLOOR
        )
    ]
    if ("reader", "cold") in rows:
        slow = rows["reader", "cold"]
        found.append(ratio("reader cold / tracker cold", slow, cold, _READER_OVER_COLD))
    found += [
        ratio("tracker cold / unchanged", cold, unchanged, _COLD_OVER_UNCHANGED),
        ratio("tracker cold / 5 % changed", cold, changed),
        ratio("tracker / floor, unchanged", unchanged, rows["floor", "unchanged"]),
        ratio("tracker / floor, 5 % changed", changed, rows["floor", "5 % changed"]),
    ]
    for which in ("largest", "together"):
        if (peak := getattr(cold, which)) is not None:
            name = {"largest": "largest process", "together": "all processes"}[which]
            found.append(Figure(f"tracker cold, {name}, MB", peak, aim=_MEMORY))
    return tuple(found)


def _notes(python: Path | None, told: str) -> tuple[str, ...]:
    threads = settings.WORKERS
    return (
        f"tracker: `tracker fetch --all`, {threads} threads, a reading process a core",
        f"floor: httpx, feedparser, nh3, Core insert; {threads} threads, one process",
        f"reader {told}: update_feeds(workers=10), without its search"
        if python
        else f"reader: left out, {told}",
    )
