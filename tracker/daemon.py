"""The daemon: looks for due sources, publishes, delivers, tidies; stops cleanly.

APScheduler keeps the few jobs; what is due stands in the store, so that a crash,
a sleep or a restart loses nothing and repeats nothing.
"""

import json
import logging
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from types import FrameType
from typing import Any

from tracker.bootstrap import App
from tracker.bootstrap.mailing import Mailing
from tracker.errors import TrackerError

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(minutes=5)
PUBLISH_EVERY = timedelta(minutes=1)
_TIDY_AT = {"hour": 3, "minute": 30}
# A signal may reach another thread; the main one sees it when it next wakes up.
_HEED = 0.5  # seconds
_PATIENCE = 5.0  # seconds a stop waits for what is being stored


def run(
    app: App, stop: threading.Event | None = None, *, as_json: bool = False
) -> None:
    """Work until SIGTERM, SIGINT or `stop`; log to stderr, `as_json` or in lines.

    Raises StoreError when another daemon works on this store, SchemaError when its
    tables are old.
    """
    _log_to_stderr(as_json=as_json)
    stopping = stop or threading.Event()
    with app.alone(), _signals(stopping):
        worker = Worker(_jobs(app))
        scheduler = _scheduler(app, worker)
        scheduler.start()
        sources = sum(s.enabled for s in app.config.subscriptions)
        readers = len(app.config.readers)
        _tell(
            f"started: {sources} sources, {readers} readers",
            sources=sources,
            readers=readers,
        )
        while not stopping.wait(_HEED):
            pass
        scheduler.shutdown(wait=False)
        app.interrupt()
        if not worker.end(_PATIENCE):
            log.warning("cut off what was under way; it is done again later")
    _tell("stopped")


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


class JsonLines(logging.Formatter):
    """A line of JSON for each record: time, level, event, message, and its fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        told = {
            "time": f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%SZ}",
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": getattr(record, "event", "message"),
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


def _tell(
    message: str, event: str = "", level: int = logging.INFO, **fields: str | float
) -> None:
    """Log a message; its first word names the event, unless that is given."""
    event = event or message.partition(" ")[0].rstrip(":")
    log.log(level, "%s", message, extra={"event": event, "fields": fields})


def _log_to_stderr(*, as_json: bool) -> None:
    handler = logging.StreamHandler()
    form = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    handler.setFormatter(JsonLines() if as_json else logging.Formatter(form))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
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
    if not any(reader.is_reached for reader in app.config.readers):
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
    new = sum(report.new for report in reports)
    told = (
        f"collected {len(reports)} sources: {new} new items, {len(troubled)} in trouble"
    )
    _tell(told, sources=len(reports), new=new, troubled=len(troubled))
    for report in troubled:
        outcome, detail = str(report.outcome), report.detail
        message = f"{report.name}: {outcome}: {detail}"
        fields = {"source": report.name, "outcome": outcome, "detail": detail}
        _tell(message, "trouble", logging.WARNING, **fields)


def publish(app: App) -> None:
    """Publish what is due for every reader and try the deliveries that are due."""
    mailing = Mailing(app)
    for name, issue in mailing.publish(app.config.readers).items():
        if issue is not None:
            told = f"published issue {issue} for {name}"
            _tell(told, issue=issue, reader=name)
    for delivery in mailing.deliver():
        week, reader, state = delivery.week, delivery.reader, str(delivery.state)
        _tell(
            f"delivery of {week} to {reader}: {state} {delivery.error}",
            week=week,
            reader=reader,
            state=state,
            error=delivery.error,
        )


def tidy(app: App) -> None:
    """Delete old records."""
    deleted = app.tidy()
    _tell(f"tidied: {deleted} old records deleted", deleted=deleted)
