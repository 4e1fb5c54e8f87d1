"""Runs the daemon's jobs by name, one after the other."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta

from tracker.errors import TrackerError

log = logging.getLogger(__name__)

_LONGEST_JOB = timedelta(hours=6)  # a first reading of everything takes less


class Worker:
    """Runs jobs by name, one after the other, in a thread that the process outlives.

    A job asked for while it waits already is run once. One that does not end, were
    it for a mail server that never answers, keeps no process from ending.
    """

    def __init__(self, jobs: Mapping[str, Callable[[], None]]) -> None:
        self._jobs = jobs
        self._asked: dict[str, None] = {}
        self._ending = False
        self._since: float | None = None
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._work, name="worker", daemon=True)
        self._thread.start()

    def ask(self, name: str) -> None:
        """Have a job run when those before it are done."""
        with self._changed:
            self._asked[name] = None
            self._changed.notify()

    def is_well(self) -> bool:
        """Return whether it works, and no job takes impossibly long."""
        since = self._since
        taken = 0.0 if since is None else time.monotonic() - since
        return self._thread.is_alive() and taken < _LONGEST_JOB.total_seconds()

    def end(self, patience: float) -> bool:
        """Run nothing more; return whether the running job ended in time (seconds)."""
        with self._changed:
            self._ending = True
            self._changed.notify()
        self._thread.join(patience)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while (name := self._next()) is not None:
            self._since = time.monotonic()
            try:
                self._jobs[name]()
            except TrackerError as error:
                if not self._ending:
                    log.error("%s: %s", name, error)  # noqa: TRY400 - expected: one line, no traceback
            except (
                Exception
            ):  # the next time may go well, and the other jobs must go on
                log.exception("%s: an error of our own", name)
            finally:
                self._since = None

    def _next(self) -> str | None:
        with self._changed:
            self._changed.wait_for(lambda: self._ending or self._asked)
            if self._ending:
                return None
            name = next(iter(self._asked))
            del self._asked[name]
            return name
