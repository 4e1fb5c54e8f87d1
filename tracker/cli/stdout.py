"""Standard output whose failures have a name, for all that commands print."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, redirect_stdout, suppress
from typing import Any, TextIO, cast

from tracker.errors import OutputError


class _Out:
    """A stream that raises OutputError where its file takes no more.

    A pipe that the other side has closed raises BrokenPipeError as ever. What is
    written after a failure goes nowhere, so that it is told once.
    """

    def __init__(self, stream: Any) -> None:  # noqa: ANN401 - of text or of bytes
        self._stream = stream

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the stream has
        return getattr(self._stream, name)

    @property
    def buffer(self) -> "_Out":
        """The stream of bytes below."""
        return _Out(self._stream.buffer)

    def write(self, what: str | bytes) -> int:
        """Write to the stream."""
        with self._named():
            count: int = self._stream.write(what)
        return count

    def flush(self) -> None:
        """Write what is left."""
        with self._named():
            self._stream.flush()

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self._end()
            if isinstance(error, BrokenPipeError):
                raise
            what = f"could not write what was found: {error.strerror}"
            raise OutputError(what) from error

    def _end(self) -> None:
        with suppress(OSError):  # a stream of no file has no number
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)


@contextmanager
def named() -> Iterator[None]:
    """Name the failures of standard output; write all of it at the end."""
    # There is none where it was closed before we began.
    given = nullcontext(sys.stdout) if sys.stdout else open(os.devnull, "w")  # noqa: SIM115 - closed below
    with given as stream, redirect_stdout(cast("TextIO", _Out(stream))):
        try:
            yield
        finally:
            sys.stdout.flush()
