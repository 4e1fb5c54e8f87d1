"""A sender: the process that publishes and delivers, and may die at any line."""

import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, time
from pathlib import Path
from types import FrameType
from typing import Any

from tests.fakes import subscription
from tracker import mail, publish
from tracker.core.digest import Shape
from tracker.core.values import Topic
from tracker.core.weekly import Reader, Week
from tracker.errors import StoreError
from tracker.mail.smtp import Post
from tracker.store import engine as store

SENDER = "Tracker <digest@tracker.example>"
ADA = Reader("ada", "ada@reader.example")
BOB = Reader("bob", "bob@reader.example")
PEOPLE = (ADA, BOB)
PINS = Topic("pins", "Pins", keywords=("pin",))
SOURCE = subscription("blog")
_TRACED = tuple(
    str(Path(module.__file__ or "").parent)
    for module in (publish, mail, sys.modules["tracker.store"])
)
_DISK_FULL = 3
BROKEN = 9
"""How a sender ends that met an error of our own."""


@dataclass(frozen=True)
class Round:
    """One start of the sender: when, and what befalls it.

    `kill_at` is the line of tracker's publish, mail and store, counted as they are
    run, at which it dies. `disk` is how many bytes a file may grow to.
    """

    now: datetime
    kill_at: int = 0
    disk: int = 0
    patience: float = 10.0
    people: tuple[Reader, ...] = PEOPLE
    week_ends: str = "sunday"


def press(url: str, week_ends: str = "sunday") -> publish.Press:
    """Return the press of the settings that all runs have."""
    engine = store.open_store(url)
    return publish.Press(
        engine, (PINS,), (), (SOURCE,), Shape(top=3, per_section=4), week_ends, time(7)
    )


def started(
    url: str, port: int, what: Round, counted: Path | None = None
) -> tuple[int, int]:
    """Start a sender; return its process, and a pipe that ends when it does.

    How many lines of ours it runs is written into `counted`.
    """
    read, write = os.pipe()
    child = os.fork()
    if child:
        os.close(write)
        return child, read
    try:
        os.close(read)
        _befall(what)
        if counted is None:
            work(url, port, what)
        else:
            ran = lines(lambda: work(url, port, what))
            counted.write_text(str(ran), "ascii")
    except StoreError as error:
        if not what.disk:
            sys.stderr.write(f"{error}\n")
        os._exit(_DISK_FULL if what.disk else BROKEN)
    except BaseException:  # noqa: BLE001 - it is told, and the process ends
        traceback.print_exc()
        os._exit(BROKEN)
    os._exit(0)


def work(url: str, port: int, what: Round) -> None:
    """Publish and deliver once, as the daemon does every minute."""
    made = press(url, what.week_ends)

    def last(reader: Reader) -> Week | None:
        return publish.last_week(made, reader, what.now)

    publish.publish(made, what.people, SENDER, what.now, last)
    server = mail.server(f"smtp://127.0.0.1:{port}", None)
    with closing(Post(replace(server, patience=what.patience))) as outlet:
        hand = publish.by_mail(outlet, SENDER, what.people)
        publish.deliver(made.engine, hand, lambda: what.now)
    made.engine.dispose()


def lines(doing: Callable[[], None]) -> int:
    """Return how many lines of ours are run by `doing`."""
    count = 0

    def seen() -> None:
        nonlocal count
        count += 1

    sys.settrace(_tracer(seen))
    try:
        doing()
    finally:
        sys.settrace(None)
    return count


def _befall(what: Round) -> None:
    if what.disk:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (what.disk, what.disk))
    if what.kill_at:
        left = what.kill_at

        def seen() -> None:
            nonlocal left
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.settrace(_tracer(seen))


def _tracer(seen: Callable[[], None]) -> Callable[[FrameType, str, Any], Any]:
    """Return a trace function that calls `seen` at each line of ours."""

    def line(_frame: FrameType, event: str, _argument: Any) -> Any:  # noqa: ANN401 - as Python calls it
        if event == "line":
            seen()
        return line

    def call(frame: FrameType, _event: str, _argument: Any) -> Any:  # noqa: ANN401 - as Python calls it
        file = frame.f_code.co_filename
        is_ours = file.startswith(_TRACED) or file.endswith("smtplib.py")
        return line if is_ours else None

    return call
