"""Reading documents in processes that can be killed: bounded time and memory."""

import multiprocessing
import signal
from concurrent.futures import TimeoutError as FutureTimeoutError
from threading import Lock
from typing import Any

from pebble import ProcessExpired, ProcessPool

from tracker.core.values import Document, Page
from tracker.errors import ReadError
from tracker.sources.base import Source

_SECONDS = 60.0
_MEMORY = 2_000_000_000  # bytes of address space; a reader starts at some 200 MB


class Reading:
    """Reads documents in `workers` processes, started when first needed."""

    def __init__(self, workers: int, seconds: float = _SECONDS) -> None:
        self._workers = workers
        self._seconds = seconds
        self._pool: Any = None
        self._lock = Lock()

    def __call__(self, source: Source, document: Document) -> Page:
        """Return what `source` reads from `document`.

        Raises SourceError as the source does; ReadError when reading took too
        much time or memory.
        """
        future = self._started().schedule(
            _read, args=(source, document), timeout=self._seconds
        )
        try:
            page: Page = future.result()
        except FutureTimeoutError:
            raise ReadError(
                f"{document.url}: reading took over {self._seconds:g} s"
            ) from None
        except (ProcessExpired, MemoryError):
            raise ReadError(f"{document.url}: reading took too much memory") from None
        return page

    def close(self) -> None:
        """End the processes, whatever they are doing."""
        with self._lock:
            if self._pool is not None:
                self._pool.stop()
                self._pool.join()
                self._pool = None

    def _started(self) -> Any:  # noqa: ANN401 - pebble has no types
        with self._lock:
            if self._pool is None:
                self._pool = ProcessPool(
                    max_workers=self._workers,
                    initializer=_prepare,
                    context=multiprocessing.get_context("spawn"),
                )
            return self._pool


def _prepare() -> None:
    # Ctrl-C reaches the whole process group; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, resource.RLIM_INFINITY))


def _read(source: Source, document: Document) -> Page:
    return source.read(document)
