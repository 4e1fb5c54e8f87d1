"""Looking names up, without waiting longer than we want to."""

import contextlib
import ipaddress
from concurrent.futures import Future, InvalidStateError
from threading import RLock, Thread

from tracker.fetch import addresses

_Lookup = Future[tuple[str, ...]]


class Lookups:
    """The look-ups under way.

    The system's own can be neither timed nor interrupted: each goes on in a thread
    of its own, while we stop waiting for it.
    """

    def __init__(self) -> None:
        self._lock = RLock()
        self._waiting: set[_Lookup] = set()
        self._stopped = False

    def ips(self, host: str, port: int, wait: float) -> tuple[str, ...]:
        """Return the IP addresses of `host` within `wait` seconds.

        Raises OSError (TimeoutError after `wait`), UnicodeError for a name that
        cannot be looked up, or CancelledError once stopped.
        """
        if _is_literal(host):
            return (host,)
        lookup = self._begun()
        Thread(target=_look_up, args=(lookup, host, port), daemon=True).start()
        try:
            return lookup.result(wait)
        finally:
            with self._lock:
                self._waiting.discard(lookup)

    def stop(self) -> None:
        """Let nobody wait for a look-up, now and later."""
        with self._lock:
            self._stopped = True
            for lookup in list(self._waiting):
                lookup.cancel()

    def _begun(self) -> _Lookup:
        lookup = _Lookup()
        with self._lock:
            self._waiting.add(lookup)
            if self._stopped:
                lookup.cancel()
        return lookup


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _look_up(lookup: _Lookup, host: str, port: int) -> None:
    """Put the addresses of `host`, or the error, into `lookup` if it still waits."""
    with contextlib.suppress(InvalidStateError):
        try:
            lookup.set_result(addresses.resolve(host, port))
        except (OSError, UnicodeError) as error:
            lookup.set_exception(error)
