"""Sources that read badly: too long, too much, to death; for tests of reading."""

import logging
import os
import signal
from pathlib import Path

from tests.fakes import Canned
from tracker.core.values import Document, Page
from tracker.errors import Blocked, RateLimited, ReadError


class Plain(Canned):
    """Reads nothing, well."""

    def read(self, document: Document) -> Page:
        return Page((), shortfall=document.body.decode())


class Endless(Canned):
    """Never comes to an end, once it has said so by making the file `begun`."""

    begun: Path | None = None

    def read(self, document: Document) -> Page:
        if self.begun:
            self.begun.touch()
        while True:
            signal.pause()


class Greedy(Canned):
    """Asks for more memory than anybody may have."""

    def read(self, document: Document) -> Page:
        return Page((), shortfall="x" * 4_000_000_000)


class Deadly(Canned):
    """Takes its process with it."""

    def read(self, document: Document) -> Page:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError


class Troubled(Canned):
    """Fails as sources do; `how` is the name of the error."""

    how: str

    def read(self, document: Document) -> Page:
        if self.how == "RateLimited":
            raise RateLimited("slow down", retry_after=90.5)
        if self.how == "Blocked":
            raise Blocked("a bot check")
        if self.how == "ReadError":
            raise ReadError("not Atom")
        raise ZeroDivisionError("oops")


class Talkative(Canned):
    """Has a library log what the document says; answers whether it was let."""

    def read(self, document: Document) -> Page:
        log = logging.getLogger("a library")
        log.warning(document.body.decode())
        return Page((), shortfall=str(log.isEnabledFor(logging.CRITICAL)))
