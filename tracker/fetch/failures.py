"""Remembering which servers are dead, so that nobody waits for them again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from tracker.errors import Unreached

_KEPT = timedelta(seconds=60)

Server = tuple[str, int]


class Failures:
    """The servers (host, port) that did not work in the last 60 seconds."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._known: dict[Server, tuple[datetime, str]] = {}

    def remember(self, server: Server, cause: str) -> None:
        """Note that `server` does not work; the first cause is kept."""
        now = self._clock()
        with self._lock:
            if not self._is_fresh(server, now):
                self._known[server] = now, cause

    def forget(self, server: Server) -> None:
        """Note that `server` is alive."""
        with self._lock:
            self._known.pop(server, None)

    def refuse(self, server: Server, where: str) -> None:
        """Raise Unreached, naming the cause, when `server` failed just now."""
        now = self._clock()
        with self._lock:
            fresh = self._is_fresh(server, now)
            cause = self._known[server][1] if fresh else ""
        if fresh:
            raise Unreached(
                f"{where}: not tried, {server[0]} did not work just before: {cause}"
            )

    def _is_fresh(self, server: Server, now: datetime) -> bool:
        """Return whether it failed lately; a clock set back makes it no later."""
        if server not in self._known:
            return False
        return timedelta() <= now - self._known[server][0] < _KEPT
