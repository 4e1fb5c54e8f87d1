"""Playing a run: senders start until all is settled; then mail is counted."""

import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tests.fakes import Web, post
from tests.faults import sender
from tests.faults.cases import MONDAY, Case
from tests.faults.sender import BROKEN, PEOPLE, PINS, SENDER, SOURCE
from tests.faults.server import FaultyServer
from tracker import ingest, publish
from tracker.core.weekly import Week
from tracker.ingest import Tools
from tracker.ingest.judging import judge
from tracker.render.message import message
from tracker.store import engine as store

_MOST_ROUNDS = 45
_TWICE = 2


@dataclass(frozen=True)
class Verdict:
    """What a run came to, over all its readers.

    `lost` have no digest and nobody was told; `doubled` have it twice though it was
    known that they had it, or more than twice, or differing; `repeated` have it twice
    where nobody could know; `unsure` may have it or not, and that was told.
    """

    case: Case
    lost: int = 0
    doubled: int = 0
    repeated: int = 0
    unsure: int = 0
    refused: int = 0
    unsettled: int = 0
    broken: int = 0

    @property
    def is_good(self) -> bool:
        return not (self.lost or self.doubled or self.unsettled or self.broken)


class Broken(Exception):
    """A sender met an error of our own; it told so on stderr."""


class Stage:
    """A store in which a week was collected, to be copied for each run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template.db"
        self._fill()
        self.lines = self._lines()

    def play(self, case: Case) -> Verdict:
        """Play a case from its beginning until nothing is due any more."""
        with self._copy() as file:
            server = FaultyServer(case.faults)
            with closing(server):
                try:
                    rows = self._rounds(file, server, case)
                except Broken:
                    return Verdict(case, broken=1)
            return _verdict(case, rows, server.taken)

    def _rounds(self, file: Path, server: FaultyServer, case: Case) -> list["_Row"]:
        rows: list[_Row] = []
        for number in range(_MOST_ROUNDS):
            what, url = case.round(number), f"sqlite:///{file}"
            senders = [
                sender.started(url, server.port, what) for _ in range(case.at_once)
            ]
            children, pipes = [one[0] for one in senders], [one[1] for one in senders]
            if BROKEN in server.serve(children, pipes):
                raise Broken
            rows = _rows(file)
            settled = len(rows) >= len(PEOPLE) and all(row.is_settled for row in rows)
            if number >= len(case.rounds) and settled:
                break
        return rows

    def _fill(self) -> None:
        engine = store.open_store(f"sqlite:///{self._template}")
        store.check(engine)
        web = Web()
        web.serve("https://blog.example/feed", post("a", "A pin called a"))
        now = MONDAY - timedelta(days=40)
        judged = judge((PINS,), (), (SOURCE,))
        tools = Tools(engine, web.fetch, web.read, judged, lambda: now)
        ingest.collect(tools, ingest.due(tools, (SOURCE,), forced=True))
        now = MONDAY - timedelta(days=2)
        entries = [post(name, f"A pin called {name}") for name in "abc"]
        web.serve("https://blog.example/feed", *entries)
        ingest.collect(tools, ingest.due(tools, (SOURCE,), forced=True))
        engine.dispose()
        with closing(sqlite3.connect(self._template)) as connection:
            connection.execute("pragma wal_checkpoint(truncate)")

    def _lines(self) -> int:
        """Return how many lines an undisturbed sender runs; loads what it needs."""
        with self._copy() as file:
            made = sender.press(f"sqlite:///{file}")
            week = publish.last_week(made, PEOPLE[0], MONDAY)
            assert isinstance(week, Week)
            digest = publish.digest(made, PEOPLE[0], week, MONDAY)
            assert digest.sections
            message(digest, SENDER, "warm@reader.example", "<1@x.example>", MONDAY)
            made.engine.dispose()
        with self._copy() as file:
            counted = file.with_suffix(".lines")
            server = FaultyServer()
            with closing(server):
                what = sender.Round(MONDAY)
                pair = sender.started(f"sqlite:///{file}", server.port, what, counted)
                server.serve([pair[0]], [pair[1]])
            return int(counted.read_text("ascii"))

    @contextmanager
    def _copy(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            yield Path(shutil.copy(self._template, Path(folder) / "tracker.db"))


@dataclass(frozen=True)
class _Row:
    """A delivery as the store has it."""

    reader: str
    name: str
    state: str
    doubts: int
    error: str

    @property
    def is_settled(self) -> bool:
        return self.state in {"sent", "failed"}


def _rows(file: Path) -> list[_Row]:
    with closing(sqlite3.connect(file)) as connection:
        found = connection.execute(
            "select r.name, i.message_id, d.state, d.doubts, d.error from delivery d"
            " join issue i on i.id = d.issue_id join reader r on r.id = i.reader_id"
        ).fetchall()
    return [_Row(*row) for row in found]


def _verdict(
    case: Case, rows: Sequence[_Row], taken: Sequence[tuple[str, bytes]]
) -> Verdict:
    found: Counter[str] = Counter()
    for reader in PEOPLE:
        letters = [letter for to, letter in taken if to == reader.email]
        theirs = [row for row in rows if row.reader == reader.name]
        found["lost"] += max(case.weeks - len(theirs), 0)
        found["doubled"] += max(len(theirs) - case.weeks - case.more, 0)
        for row in theirs:
            copies = [letter for letter in letters if row.name.encode() in letter]
            found[_outcome(case, row, copies)] += 1
    del found["well"]
    return Verdict(case, **found)


def _outcome(case: Case, row: _Row, copies: Sequence[bytes]) -> str:
    if not row.is_settled:
        return "unsettled"
    if len(copies) > 1:
        could_know = row.doubts == 0 or len(copies) > _TWICE or len(set(copies)) > 1
        return "doubled" if could_know else "repeated"
    if row.state == "failed" and row.reader in case.refused:
        return "refused"
    if row.state == "failed" and row.doubts == _TWICE:
        return "unsure"
    return "well" if copies else "lost"
