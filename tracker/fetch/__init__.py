"""The only door to HTTP.

`Door` turns a Request into a Document, or raises what it came to. Everything that
comes in is taken for hostile: where it leads, how long it takes, how large it is.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import RLock
from types import TracebackType

from tracker.core.values import Document, Request
from tracker.errors import AddressRefused, FetchError, Interrupted
from tracker.fetch.limits import Limits
from tracker.fetch.wording import shown

__all__ = ["Door", "Limits"]


class Door:
    """Fetches; thread-safe, one per process.

    `pace_folder` is shared with other processes: hosts are asked in turns by all
    of them. `clock` returns aware times.
    """

    def __init__(
        self, limits: Limits, pace_folder: Path, clock: Callable[[], datetime]
    ) -> None:
        # Not above: HTTP takes 0.1 s to import, which few commands need.
        from tracker.fetch.documents import Documents

        self._documents = Documents(limits, pace_folder, clock)
        self._lock = RLock()  # a signal may close the door on its way through
        self._closed = False
        self._active = 0

    def __call__(self, request: Request) -> Document:
        """Return the document that answers `request`.

        Its status is 200; 304 with an empty body when the request was conditional;
        404 with an empty body when the request may be missing.

        Raises Blocked when the server refuses us or shows a bot check, RateLimited
        when it asks us to come back later (or did, and it is not later yet),
        AddressRefused for an address that is not http(s) or not public, Interrupted
        once the door is closed, and FetchError for everything else that keeps a
        whole document from coming.
        """
        self._enter(request.url)
        try:
            return self._documents.document(request)
        except AddressRefused:
            raise
        except FetchError as error:
            if self._closed:
                raise Interrupted(f"{shown(request.url)}: interrupted") from error
            raise
        finally:
            self._leave()

    def close(self) -> None:
        """Interrupt what is in flight or waiting, at once; may be called again."""
        with self._lock:
            self._closed = True
        self._documents.stop()
        self._close_idle()

    def __enter__(self) -> "Door":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _enter(self, url: str) -> None:
        with self._lock:
            if self._closed:
                raise Interrupted(f"{shown(url)}: not asked, fetching has ended")
            self._active += 1

    def _leave(self) -> None:
        with self._lock:
            self._active -= 1
        self._close_idle()

    def _close_idle(self) -> None:
        """Close the connections, if we are the last one out of a closed door."""
        with self._lock:
            if self._closed and self._active == 0:
                self._documents.close()
