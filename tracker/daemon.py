"""The daemon: looks for due sources, publishes, delivers, tidies; stops cleanly.

APScheduler keeps the few jobs; what is due stands in the store, so that a crash,
a sleep or a restart loses nothing and repeats nothing.
"""

import logging
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from types import FrameType
from typing import Any

from tracker.bootstrap import App
from tracker.errors import TrackerError

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(minutes=5)
PUBLISH_EVERY = timedelta(minutes=1)
_TIDY_AT = {"hour": 3, "minute": 30}
_PATIENCE = 5.0  # seconds a stop waits for what is being stored


def run(app: App, stop: threading.Event | None = None) -> None:
    """Work until SIGTERM, SIGINT or `stop`.

    Raises StoreError when another daemon works on this store, SchemaError when its
    tables are old.
    """
    _log_to_stderr()
    stopping = stop or threading.Event()
    with app.alone(), _signals(stopping):
        worker = Worker(_jobs(app))
        scheduler = _scheduler(app, worker)
        scheduler.start()
        log.info(
            "started: %d sources, %d readers",
            sum(s.enabled for s in app.config.subscriptions),
            len(app.config.readers),
        )
        stopping.wait()
        scheduler.shutdown(wait=False)
        app.interrupt()
        if not worker.end(_PATIENCE):
            log.warning("cut off what was under way; it is done again later")
    log.info("stopped")


class Worker:
    """Runs jobs by name, one after the other, in a thread that the process outlives.

    A job asked for while it waits already is run once. One that does not end, were
    it for a mail server that never answers, keeps no process from ending.
    """

    def __init__(self, jobs: Mapping[str, Callable[[], None]]) -> None:
        self._jobs = jobs
        self._asked: dict[str, None] = {}
        self._ending = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._work, name="worker", daemon=True)
        self._thread.start()

    def ask(self, name: str) -> None:
        """Have a job run when those before it are done."""
        with self._changed:
            self._asked[name] = None
            self._changed.notify()

    def end(self, patience: float) -> bool:
        """Run nothing more; return whether the running job ended in time (seconds)."""
        with self._changed:
            self._ending = True
            self._changed.notify()
        self._thread.join(patience)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while (name := self._next()) is not None:
            try:
                self._jobs[name]()
            except TrackerError as error:
                if not self._ending:
                    log.error("%s: %s", name, error)  # noqa: TRY400 - expected: one line, no traceback
            except (
                Exception
            ):  # the next time may go well, and the other jobs must go on
                log.exception("%s: an error of our own", name)

    def _next(self) -> str | None:
        with self._changed:
            self._changed.wait_for(lambda: self._ending or self._asked)
            if self._ending:
                return None
            name = next(iter(self._asked))
            del self._asked[name]
            return name


def _log_to_stderr() -> None:
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for name in ("alembic", "apscheduler", "httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


@contextmanager
def _signals(stopping: threading.Event) -> Iterator[None]:
    """Let SIGTERM and SIGINT set `stopping`; only the main thread may."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handle(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    before = {n: signal.signal(n, handle) for n in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _jobs(app: App) -> dict[str, Callable[[], None]]:
    """Return the jobs by name, in the order in which a start runs them."""
    jobs = {"publish": publish, "look": look, "tidy": tidy}
    if app.config.mail is None:
        del jobs["publish"]
    return {name: partial(job, app) for name, job in jobs.items()}


def _scheduler(app: App, worker: Worker) -> Any:  # noqa: ANN401 - APScheduler has no types
    """Return what asks for the jobs in time; it starts with all but tidying."""
    from apscheduler.schedulers.background import BackgroundScheduler
    from apscheduler.triggers.cron import CronTrigger
    from apscheduler.triggers.interval import IntervalTrigger

    defaults = {"coalesce": True, "misfire_grace_time": None}
    scheduler = BackgroundScheduler(timezone="UTC", job_defaults=defaults)
    triggers = {
        # Each reader's moment is computed from the week, and an issue is unique: a
        # look every minute mails in time, and once, after a sleep or a crash too.
        "publish": IntervalTrigger(seconds=PUBLISH_EVERY.total_seconds()),
        "look": IntervalTrigger(seconds=LOOK_EVERY.total_seconds()),
        "tidy": CronTrigger(timezone=app.config.time_zone, **_TIDY_AT),
    }
    for name in _jobs(app):
        scheduler.add_job(worker.ask, triggers[name], args=[name], id=name)
        if name != "tidy":
            worker.ask(name)
    return scheduler


def look(app: App) -> None:
    """Collect the sources that are due; log one line."""
    reports = app.collect()
    if not reports:
        return
    troubled = [report for report in reports if report.outcome.is_trouble]
    log.info(
        "collected %d sources: %d new items, %d in trouble",
        len(reports),
        sum(report.new for report in reports),
        len(troubled),
    )
    for report in troubled:
        log.warning("%s: %s: %s", report.name, report.outcome, report.detail)


def publish(app: App) -> None:
    """Publish what is due for every reader and try the deliveries that are due."""
    for name, issue in app.publish(app.config.readers).items():
        if issue is not None:
            log.info("published issue %d for %s", issue, name)
    for delivery in app.deliver():
        log.info(
            "delivery of %s to %s: %s %s",
            delivery.week,
            delivery.reader,
            delivery.state,
            delivery.error,
        )


def tidy(app: App) -> None:
    """Delete old records."""
    log.info("tidied: %d old records deleted", app.tidy())
