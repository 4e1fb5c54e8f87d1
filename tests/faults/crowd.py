"""Many readers in one run: how long it takes, and that memory stays flat."""

import resource
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta

from tests.fakes import Web, post
from tests.faults.cases import MONDAY
from tests.faults.sender import PINS, SOURCE, Round, started
from tests.faults.server import Fault, FaultyServer
from tracker import ingest
from tracker.core.weekly import Reader
from tracker.ingest import Tools
from tracker.ingest.judging import judge
from tracker.store import engine as store

_ITEMS = 100
_KILLED_AFTER = 0.4  # of the readers have their mail


@dataclass(frozen=True)
class Measured:
    """What a run over so many readers took, and how many have how many mails."""

    readers: int
    seconds: float
    processor_seconds: float
    peak_megabytes: float
    copies: Counter[int]

    def __str__(self) -> str:
        once, more = self.copies[1], sum(self.copies.values()) - self.copies[1]
        return (
            f"{self.readers:,} readers, {_ITEMS} items, killed once on the way:"
            f" {once:,} have it once, {more} twice, {self.readers - once - more} not;"
            f" {self.seconds:.0f} s, {1000 * self.processor_seconds / self.readers:.0f}"
            f" ms of CPU a reader, {self.peak_megabytes:.0f} MB at most"
        )


def measured(readers: int) -> Measured:
    """Publish and deliver to so many readers, with one death on the way."""
    people = tuple(
        Reader(f"r{n}", f"r{n}@reader.example", exclude=(f"word{n % 90}",))
        for n in range(readers)
    )
    with tempfile.TemporaryDirectory(prefix="tracker-crowd-") as folder:
        url = f"sqlite:///{folder}/tracker.db"
        _fill(url)
        unlucky = f"r{int(readers * _KILLED_AFTER)}@reader.example"
        server = FaultyServer([Fault("rcpt", "kill", to=unlucky)])
        began = time.monotonic()
        with closing(server):
            for hours in (0, 1):
                what = Round(MONDAY + timedelta(hours=hours), people=people)
                child, pipe = started(url, server.port, what)
                server.serve([child], [pipe])
        seconds = time.monotonic() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    had = Counter(Counter(to for to, _ in server.taken).values())
    peak = used.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    return Measured(readers, seconds, used.ru_utime + used.ru_stime, peak, had)


def _fill(url: str) -> None:
    engine = store.open_store(url)
    store.check(engine)
    now = MONDAY - timedelta(days=40)
    web = Web()
    judged = judge((PINS,), (), (SOURCE,))
    tools = Tools(engine, web.fetch, web.read, judged, lambda: now)
    old = post("old", "A pin of old")
    week = [
        post(f"{n}", f"A pin for word{n} and more", summary="On pins. " * 40)
        for n in range(_ITEMS)
    ]
    for days, entries in ((40, [old]), (2, [old, *week])):
        now = MONDAY - timedelta(days=days)
        web.serve("https://blog.example/feed", *entries)
        ingest.collect(tools, ingest.due(tools, (SOURCE,), forced=True))
    engine.dispose()
