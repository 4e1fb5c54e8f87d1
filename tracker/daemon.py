"""The daemon: looks for due sources, publishes, delivers, tidies; stops cleanly.

APScheduler keeps the few jobs; what is due stands in the store, so that a crash,
a sleep or a restart loses nothing and repeats nothing.
"""

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
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
        scheduler = _scheduler(app, stopping)
        scheduler.start()
        log.info(
            "started: %d sources, %d readers",
            sum(s.enabled for s in app.config.subscriptions),
            len(app.config.readers),
        )
        stopping.wait()
        app.interrupt()
        _shut_down(scheduler)
    log.info("stopped")


def _log_to_stderr() -> None:
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for name in ("apscheduler", "httpx", "httpcore"):
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


def _scheduler(app: App, stopping: threading.Event) -> Any:  # noqa: ANN401 - APScheduler has no types
    from apscheduler.schedulers.background import BackgroundScheduler
    from apscheduler.triggers.cron import CronTrigger
    from apscheduler.triggers.interval import IntervalTrigger

    # One thread: fetching, publishing and tidying never overlap in one daemon.
    scheduler = BackgroundScheduler(
        timezone="UTC",
        executors={"default": {"type": "threadpool", "max_workers": 1}},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )

    jobs = [
        ("look", look, IntervalTrigger(seconds=LOOK_EVERY.total_seconds())),
        ("tidy", tidy, CronTrigger(timezone=app.config.time_zone, **_TIDY_AT)),
    ]
    if app.config.mail is not None:
        # Each reader's moment is computed from the week, and an issue is unique: a
        # look every minute mails in time, and once, after a sleep or a crash too.
        every = IntervalTrigger(seconds=PUBLISH_EVERY.total_seconds())
        jobs.append(("publish", publish, every))
    for name, job, trigger in jobs:
        soon = {"next_run_time": app.now()} if job is not tidy else {}
        scheduler.add_job(_guarded(name, job, app, stopping), trigger, id=name, **soon)
    return scheduler


def _guarded(
    name: str, job: Callable[[App], None], app: App, stopping: threading.Event
) -> Callable[[], None]:
    """Return the job so that an expected failure is logged in one line."""

    def guarded() -> None:
        if stopping.is_set():
            return
        try:
            job(app)
        except TrackerError as error:
            log.error("%s: %s", name, error)  # noqa: TRY400 - expected: one line, no traceback

    return guarded


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


def _shut_down(scheduler: Any) -> None:  # noqa: ANN401 - APScheduler has no types
    """Wait for the running job to reach its end, but not for ever."""
    ending = threading.Thread(target=scheduler.shutdown, daemon=True)
    ending.start()
    ending.join(_PATIENCE)
