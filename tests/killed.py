"""tracker, but killed at its n-th statement, commit, or document.

`TRACKER_KILL_AT=statement:7:SIGKILL python -m tests.killed --config FILE COMMAND`
"""

import os
import signal
import sys
from itertools import count
from typing import Any

from sqlalchemy import Engine, event

from tracker import bootstrap
from tracker.cli import run
from tracker.core.values import Document, Request
from tracker.fetch import Door

_WHAT, _AT, _SIGNAL = os.environ["TRACKER_KILL_AT"].split(":")
_SEEN = count(1)


def _step(what: str) -> None:
    """Count a step; the n-th of the kind asked for is the end."""
    if what == _WHAT and next(_SEEN) == int(_AT):
        sys.stderr.write(f"killed at {what} {_AT}\n")
        sys.stderr.flush()
        os.kill(os.getpid(), signal.Signals[_SIGNAL])


class _Door(Door):
    """The door to HTTP, which counts the documents that come in."""

    def __call__(self, request: Request) -> Document:
        document = super().__call__(request)
        _step("document")
        return document


def _watch() -> None:
    bootstrap.Door = _Door  # type: ignore[attr-defined]  # not exported, but looked up there

    @event.listens_for(Engine, "before_cursor_execute")
    def _statement(*_given: Any) -> None:  # noqa: ANN401 - as SQLAlchemy calls it
        _step("statement")

    @event.listens_for(Engine, "commit")
    def _commit(*_given: Any) -> None:  # noqa: ANN401 - as SQLAlchemy calls it
        _step("commit")


if __name__ == "__main__":
    _watch()
    sys.exit(run(sys.argv[1:]))
