"""Reading documents in processes that can be killed: bounded time and memory."""

import logging
import multiprocessing
import signal
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures.process import BrokenProcessPool
from threading import Lock
from typing import Any

from pebble import ProcessExpired, ProcessPool

from tracker.core.values import Document, Page
from tracker.errors import Interrupted, ReadError
from tracker.sources.base import Source

_SECONDS = 60.0
_MEMORY = 2_000_000_000  # bytes of address space; a reader starts at some 200 MB


class Reading:
    """Reads documents in `workers` processes, started when first needed."""

    def __init__(self, workers: int, seconds: float = _SECONDS) -> None:
        self._workers = workers
        self._seconds = seconds
        self._pool: Any = None
        self._waiting: set[Any] = set()  # futures
        self._closed = False
        self._lock = Lock()

    def __call__(self, source: Source, document: Document) -> Page:
        """Return what `source` reads from `document`.

        Raises SourceError as the source does; ReadError when reading took too
        much time or memory; Interrupted once closed.
        """
        future = self._scheduled(source, document)
        try:
            page: Page = future.result()
        except CancelledError:
            raise Interrupted(f"{document.url}: interrupted") from None
        except FutureTimeoutError:
            raise ReadError(
                f"{document.url}: reading took over {self._seconds:g} s"
            ) from None
        except MemoryError:
            raise ReadError(f"{document.url}: reading took too much memory") from None
        except (BrokenProcessPool, ProcessExpired) as error:
            # A process that is stopped in mid-sentence looks like one that died.
            kind = Interrupted if self._closed else ReadError
            raise kind(f"{document.url}: reading broke off ({error})") from None
        finally:
            self._waiting.discard(future)
        return page

    def close(self) -> None:
        """End the processes, whatever they are doing; for good."""
        with self._lock:
            self._closed = True
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()
            pool.join()
        for future in list(self._waiting):  # a pool stopped at its start forgets some
            future.cancel()

    def _scheduled(self, source: Source, document: Document) -> Any:  # noqa: ANN401 - pebble has no types
        with self._lock:
            if self._closed:
                raise Interrupted(f"{document.url}: not read, reading has ended")
            if self._pool is None or not self._pool.active:
                self._pool = ProcessPool(
                    max_workers=self._workers,
                    initializer=_prepare,
                    context=multiprocessing.get_context("spawn"),
                )
            future = self._pool.schedule(
                _read, args=(source, document), timeout=self._seconds
            )
            self._waiting.add(future)
            return future


def _prepare() -> None:
    # What libraries log holds text of the document; it would reach the terminal raw.
    logging.disable()
    # Ctrl-C reaches the whole process group; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, resource.RLIM_INFINITY))


def _read(source: Source, document: Document) -> Page:
    return source.read(document)
