"""Taking turns: one request at a time to a host, by all threads and processes.

Hosts form groups; a group is one host, or all the hosts of a site whose terms
count them as one. A request waits for its group's turn: for the other threads of
this process, then for other processes (a lock file), then until the group's delay
has passed since the last request *ended*. What is shared lies in one small file a
group, which holds when that was, and until when the group is closed: a server's
Retry-After closes it for everybody.

With a delay of 0 nothing is locked: requests run in parallel, and the file is
only looked at for a closure.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from threading import Condition

from filelock import BaseFileLock, FileLock, Timeout

from tracker.errors import Blocked, FetchError, RateLimited
from tracker.fetch.answers import LONGEST_WAIT
from tracker.fetch.pace_file import Pace, file_for, read, write

_POLL = 0.05  # seconds between two looks at a lock that another process holds
_LONGEST_CLOSURE = LONGEST_WAIT + 1.0
"""Seconds. A closure further ahead was written under another clock: not believed."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a site asks for; `delay` in seconds, from one request to the next.

    A refusal closes its group for the rest of this process's run, and for
    `closed_for` seconds for everybody.
    """

    delay: float
    closed_for: float


TERMS = {
    # info.arxiv.org/help/api/tou.html: one request every three seconds, a single
    # connection at a time, over all its interfaces. robots.txt: going on after a
    # 403 is treated as an attack.
    "arxiv.org": Terms(delay=3.0, closed_for=6 * 3600.0)
}


@dataclass(frozen=True, slots=True)
class Group:
    """Hosts that take turns together; `delay` is in seconds."""

    name: str
    delay: float
    terms: Terms | None = None


def group_of(host: str, delay: float) -> Group:
    """Return the group of `host`, where `delay` is asked of every host."""
    host = host.rstrip(".")
    for site, terms in TERMS.items():
        if host == site or host.endswith(f".{site}"):
            return Group(site, max(delay, terms.delay), terms)
    return Group(host, delay)


@dataclass(slots=True)
class Turn:
    """A group's turn, while it lasts; what it closes takes effect at its end."""

    group: Group
    closed_for: float = field(default=0.0, init=False)
    refusal: bool = field(default=False, init=False)

    def close_for(self, seconds: float) -> None:
        """Close the group for a while: the server asked for it."""
        self.closed_for = seconds

    def refused(self) -> None:
        """Note that the server refused us; closes the group if its terms ask it."""
        if self.group.terms:
            self.closed_for, self.refusal = self.group.terms.closed_for, True


class Pacing:
    """Whose turn it is; one per process, over a folder that processes share."""

    def __init__(
        self, folder: Path, delay: float, clock: Callable[[], datetime]
    ) -> None:
        self._folder = folder
        self._delay = delay
        self._clock = clock
        self._changed = Condition()
        self._busy: set[str] = set()
        self._refused: set[str] = set()
        self._stopped = False

    @contextmanager
    def turn(self, host: str, check: Callable[[], None]) -> Iterator[Turn]:
        """Wait for the host's turn and hold it.

        `check` is called before each wait and may raise: what happened to those
        ahead in the queue can make the request pointless. Raises Blocked or
        RateLimited at once when the group is closed, which says more than that it
        did not work, and FetchError when stopped, or when the folder cannot be used.
        """
        turn = Turn(group_of(host, self._delay))
        self._open(turn.group)
        check()
        if turn.group.delay > 0:
            with self._thread_turn(turn.group):
                self._open(turn.group)
                check()
                with self._process_turn(turn.group):
                    self._wait(turn.group)
                    yield from self._held(turn)
        else:
            yield from self._free(turn)

    def stop(self) -> None:
        """End all waiting, now and later."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def _held(self, turn: Turn) -> Iterator[Turn]:
        """Yield `turn`, noting its start (in case we crash in it) and its end."""
        self._note(turn)
        try:
            yield turn
        finally:
            self._note(turn)

    def _free(self, turn: Turn) -> Iterator[Turn]:
        """Yield `turn` without pace; only a closure is worth a lock."""
        try:
            yield turn
        finally:
            if turn.closed_for > 0:
                with self._process_turn(turn.group):
                    self._note(turn)

    def _now(self) -> float:
        return self._clock().timestamp()

    def _file(self, group: Group) -> Path:
        return file_for(self._folder, group.name)

    def _read(self, group: Group) -> Pace:
        with _named(self._folder):
            return read(self._file(group), self._now())

    def _note(self, turn: Turn) -> None:
        """Write that the group was asked now, and closed if the turn says so."""
        if turn.refusal:
            self._refused.add(turn.group.name)
        now = self._now()
        pace = replace(self._read(turn.group), last=now)
        if turn.closed_for > 0:
            pace = Pace(now, now + turn.closed_for, turn.refusal)
        with _named(self._folder):
            write(self._file(turn.group), pace)

    def _open(self, group: Group) -> Pace:
        """Return the group's pace; raises Blocked or RateLimited when closed."""
        if group.name in self._refused:
            raise Blocked(f"{group.name}: refused us before; not asked again this run")
        pace = self._read(group)
        left = pace.closed_until - self._now()
        if not 0 < left <= _LONGEST_CLOSURE:
            return pace
        when = f"not asked for another {left:.0f} s"
        if pace.refusal:
            raise Blocked(f"{group.name}: refused us before; {when}")
        raise RateLimited(f"{group.name}: asked us to come back later; {when}", left)

    def _wait(self, group: Group) -> None:
        """Wait until the group's delay has passed since it was last asked."""
        last = self._open(group).last
        if last is not None:
            # Never longer than the delay, whatever was done to the clock.
            self._rest(min(group.delay, last + group.delay - self._now()))

    def _rest(self, seconds: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._stopped, max(seconds, 0.0))
            self._refuse_stopped()

    def _refuse_stopped(self) -> None:
        if self._stopped:
            raise FetchError("interrupted while waiting for a turn")

    @contextmanager
    def _thread_turn(self, group: Group) -> Iterator[None]:
        with self._changed:
            self._changed.wait_for(
                lambda: self._stopped or group.name not in self._busy
            )
            self._refuse_stopped()
            self._busy.add(group.name)
        try:
            yield
        finally:
            with self._changed:
                self._busy.discard(group.name)
                self._changed.notify_all()

    @contextmanager
    def _process_turn(self, group: Group) -> Iterator[None]:
        lock = FileLock(self._file(group).with_suffix(".lock"))
        with _named(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            while not _taken(lock):
                self._rest(_POLL)
        try:
            yield
        finally:
            lock.release()


def _taken(lock: BaseFileLock) -> bool:
    """Return whether we hold `lock` now; raises OSError when nobody could."""
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return False
    return True


@contextmanager
def _named(folder: Path) -> Iterator[None]:
    """Raise a FetchError that names `folder` when it cannot be used."""
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        raise FetchError(f"cannot keep the pace in {folder}: {why}") from error
