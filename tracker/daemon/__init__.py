"""The daemon: looks for due sources, publishes, delivers, tidies; stops cleanly.

APScheduler keeps the few jobs; what is due stands in the store, so that a crash,
a sleep or a restart loses nothing and repeats nothing.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from types import FrameType
from typing import Any

from tracker.bootstrap import App
from tracker.bootstrap.mailing import Mailing
from tracker.core.weekly import Reader
from tracker.daemon.telling import log_to_stderr, tell
from tracker.daemon.worker import Worker
from tracker.errors import ConfigError, TrackerError
from tracker.supervisor import Supervisor

__all__ = ["Worker", "look", "publish", "reload", "run", "tidy"]

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(minutes=5)
PUBLISH_EVERY = timedelta(minutes=1)
_TIDY_AT = {"hour": 3, "minute": 30}
# A signal may reach another thread; the main one sees it when it next wakes up.
_NOBODY = Supervisor()
_HEED = 0.5  # seconds
_PATIENCE = 5.0  # seconds a stop waits for what is being stored


def run(
    app: App,
    stop: threading.Event | None = None,
    supervisor: Supervisor = _NOBODY,
    *,
    as_json: bool = False,
) -> None:
    """Work until SIGTERM, SIGINT or `stop`; log to stderr, `as_json` or in lines.

    SIGHUP has feeds.toml read anew. The supervisor is told when it is ready, that it
    lives, and that it stops. Raises StoreError when another daemon works on this
    store, SchemaError when its tables are old.
    """
    log_to_stderr(as_json=as_json)
    stopping = stop or threading.Event()
    with app.alone(), _working(app, supervisor) as worker, _signals(stopping, worker):
        scheduler = _scheduler(app, worker)
        scheduler.start()
        sources, readers = _followed(app)
        tell(f"started: {_status(app)}", sources=sources, readers=readers)
        supervisor.ready(_status(app))
        _watch(worker, stopping, supervisor)
        supervisor.stopping()
        scheduler.shutdown(wait=False)
    tell("stopped")


@contextmanager
def _working(app: App, supervisor: Supervisor) -> Iterator[Worker]:
    """Give a worker that knows the jobs; it ends with what it is at, or is cut off."""
    worker = Worker(_jobs(app, supervisor))
    try:
        yield worker
    finally:
        app.interrupt()
        if not worker.end(_PATIENCE):
            log.warning("cut off what was under way; it is done again later")


def _followed(app: App) -> tuple[int, int]:
    """Return how many sources are read, for how many readers."""
    sources = sum(s.enabled for s in app.config.subscriptions)
    return sources, len(app.config.readers)


def _status(app: App) -> str:
    counts = zip(_followed(app), ("source", "reader"), strict=True)
    return ", ".join(f"{n} {word}" + "s" * (n != 1) for n, word in counts)


def _watch(worker: Worker, stopping: threading.Event, supervisor: Supervisor) -> None:
    """Wait until told to stop; give signs of life while the worker is well."""
    every = supervisor.watchdog.total_seconds() / 2  # as sd_watchdog_enabled(3) has it
    told = time.monotonic()
    while not stopping.wait(_HEED):
        if every and time.monotonic() - told >= every and worker.is_well():
            supervisor.alive()
            told = time.monotonic()


@contextmanager
def _signals(stopping: threading.Event, worker: Worker) -> Iterator[None]:
    """Let SIGTERM and SIGINT set `stopping`, SIGHUP have settings read anew.

    Only the main thread may.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    def again(_number: int, _frame: FrameType | None) -> None:
        worker.ask("reload")
        worker.ask("look")

    handlers = {signal.SIGTERM: stop, signal.SIGINT: stop, signal.SIGHUP: again}
    before = {number: signal.signal(number, do) for number, do in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _jobs(app: App, supervisor: Supervisor) -> dict[str, Callable[[], None]]:
    """Return the jobs by name."""
    jobs = {"publish": publish, "look": look, "tidy": tidy}
    bound: dict[str, Callable[[], None]] = {
        name: partial(job, app) for name, job in jobs.items()
    }
    return bound | {"reload": partial(reload, app, supervisor)}


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
    for name, trigger in triggers.items():
        scheduler.add_job(worker.ask, trigger, args=[name], id=name)
        if name != "tidy":
            worker.ask(name)
    return scheduler


def look(app: App) -> None:
    """Collect the sources that are due; log one line."""
    reports = app.collect()
    if not reports:
        return
    troubled = [report for report in reports if report.outcome.is_trouble]
    new = sum(report.new for report in reports)
    told = (
        f"collected {len(reports)} sources: {new} new items, {len(troubled)} in trouble"
    )
    tell(told, sources=len(reports), new=new, troubled=len(troubled))
    for report in troubled:
        outcome, detail = str(report.outcome), report.detail
        message = f"{report.name}: {outcome}: {detail}"
        fields = {"source": report.name, "outcome": outcome, "detail": detail}
        tell(message, "trouble", logging.WARNING, **fields)


def publish(app: App) -> None:
    """Publish what is due for every reader and try the deliveries that are due."""
    if app.config.mail is None and not any(one.deliver for one in app.config.readers):
        return  # digests are read where they are printed
    mailing = Mailing(app)
    for one in app.config.readers:
        _publish(mailing, one)
    for delivery in mailing.deliver():
        week, reader, state = delivery.week, delivery.reader, str(delivery.state)
        tell(
            f"delivery of {week} to {reader}: {state} {delivery.error}",
            week=week,
            reader=reader,
            state=state,
            error=delivery.error,
        )


def _publish(mailing: Mailing, reader: Reader) -> None:
    """Publish what is due for a reader; what goes wrong there is no other's trouble."""
    try:
        issue = mailing.publish([reader]).get(reader.name)
    except TrackerError:
        raise  # of the store or the settings, and so everyone's
    except Exception:  # the others get theirs, and the next minute may go well
        log.exception("publish for %s: an error of our own", reader.name)
        return
    if issue is not None:
        tell(
            f"published issue {issue} for {reader.name}",
            issue=issue,
            reader=reader.name,
        )


def reload(app: App, supervisor: Supervisor = _NOBODY) -> None:
    """Read feeds.toml anew; what is wrong with it is logged, and the old one stands."""
    supervisor.reloading()
    try:
        app.reload()
    except ConfigError as error:
        lines = str(error).splitlines()
        for line in lines:
            tell(f"refused: {line}", level=logging.ERROR, reason=line)
        tell("kept: the settings are those of before", problems=len(lines))
    else:
        sources, readers = _followed(app)
        tell(f"reloaded: {_status(app)}", sources=sources, readers=readers)
    supervisor.ready(_status(app))


def tidy(app: App) -> None:
    """Delete old records."""
    deleted = app.tidy()
    tell(f"tidied: {deleted} old records deleted", deleted=deleted)
