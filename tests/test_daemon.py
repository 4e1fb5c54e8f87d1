"""The daemon: as a process on real servers, and its jobs under a fake clock."""

import json
import logging
import signal
import socket
import sqlite3
import sys
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.fakes import Clock
from tests.postoffice import PostOffice
from tests.process import Tracker, rss, settings
from tests.server import Reply, Seen, Site
from tracker import daemon
from tracker.bootstrap import App, clock
from tracker.bootstrap.mailing import Mailing
from tracker.config import load
from tracker.core.weekly import Reader
from tracker.daemon import Worker
from tracker.daemon.telling import JsonLines
from tracker.errors import StoreError

_SOON = 20.0  # seconds; stopping takes 5 at most, on a machine with nothing else to do


@pytest.fixture
def site() -> Iterator[Site]:
    with Site({"/feed": (200, {}, rss("a", "b"))}) as opened:
        yield opened


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with PostOffice() as opened:
        yield opened


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    """Return what a query finds in the store, read from outside."""
    connection = sqlite3.connect(folder / "tracker.db")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_it_collects_logs_one_line_a_run_and_stops_cleanly(
    tmp_path: Path, site: Site
) -> None:
    config = settings(tmp_path, {"blog": f"{site.url}/feed"})
    with Tracker(config, "run") as running:
        running.wait_for("collected 1 sources: 2 new items, 0 in trouble")
        running.send(signal.SIGTERM)
        assert running.end(_SOON) == 0
    said = [line.partition("tracker.daemon: ")[2] for line in running.lines]
    assert said == [
        "started: 1 source, 1 reader",
        "collected 1 sources: 2 new items, 0 in trouble",
        "stopped",
    ]
    assert rows(tmp_path, "pragma integrity_check") == [("ok",)]
    assert rows(tmp_path, "select count(*) from item") == [(2,)]


def test_it_logs_objects_of_json_when_told_to(tmp_path: Path, site: Site) -> None:
    feeds = {"blog": f"{site.url}/feed", "gone": f"{site.url}/nowhere"}
    command = ["run", "--log-format", "json"]
    with Tracker(settings(tmp_path, feeds), *command) as running:
        running.wait_for('"trouble"')
        running.send(signal.SIGTERM)
        assert running.end(_SOON) == 0
    told = [json.loads(line) for line in running.lines]
    assert [one["event"] for one in told] == [
        *("started", "collected", "trouble", "stopped")
    ]
    assert all(datetime.fromisoformat(one["time"]) for one in told)
    collected, trouble = told[1:3]
    assert (collected["sources"], collected["new"], collected["troubled"]) == (2, 2, 1)
    assert (trouble["level"], trouble["source"]) == ("warning", "gone")
    assert trouble["outcome"] == "failed"
    assert "404" in trouble["detail"]


def test_settings_are_read_anew_on_sighup_and_new_sources_at_once(
    tmp_path: Path, site: Site
) -> None:
    site.routes["/other"] = (200, {}, rss("c", "d", "e"))
    config = settings(tmp_path, {"blog": f"{site.url}/feed"})
    with Tracker(config, "run") as running:
        running.wait_for("collected 1 sources: 2 new items, 0 in trouble")
        both = {"blog": f"{site.url}/feed", "other": f"{site.url}/other"}
        settings(tmp_path, both)
        running.send(signal.SIGHUP)
        running.wait_for("reloaded: 2 sources, 1 reader")
        running.wait_for("collected 1 sources: 3 new items, 0 in trouble")
        running.send(signal.SIGTERM)
        assert running.end(_SOON) == 0


def test_broken_settings_are_refused_by_name_and_the_old_ones_stand(
    tmp_path: Path, site: Site
) -> None:
    config = settings(tmp_path, {"blog": f"{site.url}/feed"})
    text = config.read_text("utf-8")
    with Tracker(config, "run") as running:
        running.wait_for("collected 1 sources")
        config.write_text(text.replace("per_host_delay", "per_hots_delay"), "utf-8")
        running.send(signal.SIGHUP)
        running.wait_for("did you mean 'per_host_delay'?")
        running.wait_for("kept: the settings are those of before")
        config.write_text(text.replace("tracker.db", "other.db"), "utf-8")
        running.send(signal.SIGHUP)
        running.wait_for("another store takes a new start")
        running.send(signal.SIGTERM)
        assert running.end(_SOON) == 0
    assert not (tmp_path / "other.db").exists()


def test_a_supervisor_is_told_that_it_is_ready_lives_and_stops(
    tmp_path: Path, site: Site
) -> None:
    config = settings(tmp_path, {"blog": f"{site.url}/feed"})
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(tmp_path / "notify"))
        ear.settimeout(60)
        told = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "500000"}
        with Tracker(config, "run", environment=told) as running:
            assert ear.recv(999) == b"READY=1\nSTATUS=1 source, 1 reader"
            assert ear.recv(999) == b"WATCHDOG=1"
            running.send(signal.SIGHUP)
            heard = b""
            while not heard.startswith(b"RELOADING=1"):
                heard = ear.recv(999)
            while not heard.startswith(b"READY=1"):
                heard = ear.recv(999)
            running.send(signal.SIGTERM)
            while heard != b"STOPPING=1":
                heard = ear.recv(999)
            assert running.end(_SOON) == 0


def test_a_job_that_takes_impossibly_long_is_no_sign_of_life(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started, go_on = threading.Event(), threading.Event()

    def work() -> None:
        started.set()
        go_on.wait(60)

    worker = Worker({"work": work})
    assert worker.is_well()
    worker.ask("work")
    assert started.wait(60)
    assert worker.is_well()
    monkeypatch.setattr("tracker.daemon.worker._LONGEST_JOB", timedelta())
    assert not worker.is_well()
    go_on.set()
    assert worker.end(60)


def test_an_unexpected_error_is_one_line_of_json_too() -> None:
    try:
        raise ZeroDivisionError("oops")
    except ZeroDivisionError:
        found = sys.exc_info()
    record = logging.LogRecord("tracker", logging.ERROR, "", 1, "a\nb", (), found)
    line = JsonLines().format(record)
    assert "\n" not in line
    told = json.loads(line)
    assert (told["level"], told["event"], told["message"]) == (
        "error",
        "message",
        "a\nb",
    )
    assert "ZeroDivisionError: oops" in told["traceback"]


def test_a_source_in_trouble_is_logged_with_its_reason(
    tmp_path: Path, site: Site
) -> None:
    config = settings(tmp_path, {"gone": f"{site.url}/nowhere"})
    with Tracker(config, "run") as running:
        running.wait_for("collected 1 sources: 0 new items, 1 in trouble")
        assert "404" in running.wait_for("WARNING tracker.daemon: gone: failed")


def test_stopping_in_the_middle_of_a_fetch_leaves_its_source_due(
    tmp_path: Path, site: Site
) -> None:
    asked, over = threading.Event(), threading.Event()

    def slow(_seen: Seen) -> Reply:
        asked.set()
        over.wait(60)
        return 200, {}, rss("c")

    site.routes["/slow"] = slow
    feeds = {"blog": f"{site.url}/feed", "slow": f"{site.url}/slow"}
    try:
        with Tracker(settings(tmp_path, feeds), "run") as running:
            assert asked.wait(60)
            running.send(signal.SIGTERM)
            assert running.end(_SOON) == 0
    finally:
        over.set()
    query = "select outcome, failures from source where name = 'slow'"
    assert rows(tmp_path, query) == [(None, 0)]
    assert not [line for line in running.lines if "slow" in line or "Trace" in line]


def test_a_mail_server_that_never_answers_does_not_keep_it_from_stopping(
    tmp_path: Path, site: Site
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        deaf.settimeout(60)
        port = deaf.getsockname()[1]
        config = settings(tmp_path, {"blog": f"{site.url}/feed"}, port)
        _fill_last_week(config, site)
        with Tracker(config, "run") as running:
            connection, _ = deaf.accept()
            with connection:
                running.send(signal.SIGTERM)
                assert running.end(_SOON) == 0
    assert "cut off what was under way" in running.lines[-2]
    assert rows(tmp_path, "select state, attempts from delivery") == [("sending", 1)]


def test_a_second_daemon_on_a_store_is_refused(tmp_path: Path, site: Site) -> None:
    config = settings(tmp_path, {"blog": f"{site.url}/feed"})
    with Tracker(config, "run") as first:
        first.wait_for("started")
        with Tracker(config, "run") as second:
            assert second.end() == 1
        assert second.lines == ["tracker: another `tracker run` works on this store"]
        first.send(signal.SIGKILL)
        first.end()
    with Tracker(config, "run") as third:
        third.wait_for("started")


def test_old_tables_are_refused_with_what_to_do(tmp_path: Path, site: Site) -> None:
    config = settings(tmp_path, {"blog": f"{site.url}/feed"})
    App(load(str(config))).engine.dispose()
    with sqlite3.connect(tmp_path / "tracker.db") as connection:
        connection.execute("update alembic_version set version_num = '0000'")
    connection.close()
    with Tracker(config, "run") as running:
        assert running.end() == 1
    (line,) = running.lines
    assert "`tracker migrate`" in line


def _fill_last_week(config: Path, site: Site) -> None:
    """Collect three weeks ago, and once more in the week whose issue is due now."""
    then = Clock(clock() - timedelta(days=21))
    app = App(load(str(config)), then)
    app.collect(forced=True)
    then.now = clock()
    week = Mailing(app).last_week(app.reader(None))
    assert week is not None
    then.now = week.start + timedelta(hours=1)
    site.routes["/feed"] = (200, {}, rss("a", "b", "missed"))
    app.collect(forced=True)
    app.close()


def test_after_being_down_it_mails_the_last_week_once(
    tmp_path: Path, site: Site, office: PostOffice
) -> None:
    config = settings(tmp_path, {"blog": f"{site.url}/feed"}, office.port)
    _fill_last_week(config, site)
    for expected in ("delivery of", "collected"):
        with Tracker(config, "run") as running:
            running.wait_for(expected)
            running.send(signal.SIGTERM)
            assert running.end(_SOON) == 0
        with sqlite3.connect(tmp_path / "tracker.db") as connection:
            connection.execute("update source set next_check_at = '2000-01-01'")
        connection.close()
    (letter,) = office.messages
    assert "A pin called missed" in letter.as_string()
    assert not [line for line in running.lines if "publish" in line]


# Its jobs under a fake clock


class Keeper:
    """The daemon's jobs on a store of their own, under a clock."""

    def __init__(self, folder: Path, site: Site, port: int, zone: str) -> None:
        self.clock = Clock(datetime(2026, 10, 5, 12, tzinfo=UTC))
        config = settings(folder, {"blog": f"{site.url}/feed"}, port, zone)
        self.app = App(load(str(config)), self.clock)
        self._site, self._posts = site, 0

    def look(self) -> None:
        """Collect the blog, which has a new post each time."""
        self._posts += 1
        names = [f"number-{n}" for n in range(self._posts)]
        self._site.routes["/feed"] = (200, {}, rss(*names))
        self.app.collect(forced=True)

    def publish(self) -> None:
        daemon.publish(self.app)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
def test_it_mails_each_week_at_seven_across_a_clock_change(
    tmp_path: Path, site: Site, office: PostOffice, zone: str
) -> None:
    keeper = Keeper(tmp_path, site, office.port, zone)
    keeper.look()
    sent = []
    for sunday in (11, 18, 25, 32, 39):  # of October, from noon on
        noon = datetime(2026, 10, 1, 12, tzinfo=UTC)
        keeper.clock.now = noon + timedelta(sunday - 1)
        keeper.look()
        for _ in range(30):
            before = len(office.messages)
            keeper.publish()
            if len(office.messages) > before:
                sent.append(keeper.clock.now)
            keeper.clock.move(hours=1)
    keeper.app.close()
    due = {"Europe/Berlin": (5, 5, 6, 6, 6), "America/New_York": (11, 11, 11, 12, 12)}
    assert [moment.hour for moment in sent] == list(due[zone])
    assert {moment.weekday() for moment in sent} == {0}
    assert len({letter["Message-ID"] for letter in office.messages}) == 5


def test_after_a_sleep_of_weeks_it_mails_once(
    tmp_path: Path, site: Site, office: PostOffice
) -> None:
    keeper = Keeper(tmp_path, site, office.port, "UTC")
    keeper.look()
    keeper.clock.move(days=8)
    keeper.publish()
    keeper.look()
    keeper.clock.move(days=25)
    for _ in range(3):
        keeper.publish()
        keeper.clock.move(minutes=1)
    keeper.app.close()
    _, letter = office.messages
    assert "number-1" in letter.as_string()


def test_looking_with_nothing_due_says_nothing(
    tmp_path: Path, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    app = App(load(str(settings(tmp_path, {"blog": f"{site.url}/feed"}))))
    with caplog.at_level(logging.INFO, "tracker"):
        daemon.look(app)
        daemon.look(app)
    app.close()
    assert len(caplog.records) == 1


def test_tidying_forgets_old_records_alone(
    tmp_path: Path, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    keeper = Keeper(tmp_path, site, 25, "UTC")
    keeper.look()
    keeper.clock.move(days=91)
    keeper.look()
    with caplog.at_level(logging.INFO, "tracker"):
        daemon.tidy(keeper.app)
    keeper.app.close()
    assert caplog.messages == ["tidied: 1 old records deleted"]
    assert rows(tmp_path, "select count(*) from item") == [(2,)]


def test_without_mail_nothing_is_published(tmp_path: Path, site: Site) -> None:
    app = App(load(str(settings(tmp_path, {"blog": f"{site.url}/feed"}))))
    stop = threading.Event()
    stop.set()
    daemon.run(app, stop)
    app.close()
    assert rows(tmp_path, "select count(*) from issue") == [(0,)]


class Faulty(Mailing):
    """Mailing that fails over one reader."""

    def publish(
        self, people: Sequence[Reader], _week: object = None
    ) -> dict[str, int | None]:
        if people[0].name == "ada":
            raise ZeroDivisionError("in composing")
        return {people[0].name: 7}


def test_what_goes_wrong_with_one_reader_is_no_others_trouble(
    tmp_path: Path,
    site: Site,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = settings(tmp_path, {"blog": f"{site.url}/feed"}, 9)
    file.write_text(f'{file.read_text("utf-8")}\n[[reader]]\nname = "bob"\n', "utf-8")
    app = App(load(str(file)))
    monkeypatch.setattr("tracker.daemon.Mailing", Faulty)
    with caplog.at_level(logging.INFO):
        daemon.publish(app)
    app.close()
    assert "publish for ada: an error of our own" in caplog.text
    assert "published issue 7 for bob" in caplog.text


# Its worker


class Jobs:
    """Jobs that note that they ran; the first waits until it is let go."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.begun, self.go, self.done = (threading.Event() for _ in range(3))

    def worker(self) -> Worker:
        names = {"first": self.first, "broken": self.broken, "last": self.last}
        return Worker(names)

    def first(self) -> None:
        self.begun.set()
        assert self.go.wait(60)
        self.ran.append("first")

    def broken(self) -> None:
        self.ran.append("broken")
        if self.ran.count("broken") == 1:
            raise StoreError("the disk is full")
        raise ZeroDivisionError

    def last(self) -> None:
        self.ran.append("last")
        self.done.set()


def test_jobs_run_in_turn_and_once_however_often_asked() -> None:
    jobs = Jobs()
    worker = jobs.worker()
    worker.ask("first")
    assert jobs.begun.wait(60)
    for name in ("broken", "last", "broken", "last"):
        worker.ask(name)
    jobs.go.set()
    assert jobs.done.wait(60)
    assert worker.end(60)
    assert jobs.ran == ["first", "broken", "last"]


def test_an_expected_failure_is_one_line_and_an_unexpected_one_is_told_in_full(
    caplog: pytest.LogCaptureFixture,
) -> None:
    jobs = Jobs()
    jobs.go.set()
    worker = jobs.worker()
    for _ in range(2):
        worker.ask("broken")
        worker.ask("last")
        assert jobs.done.wait(60)
        jobs.done.clear()
    assert worker.end(60)
    expected, unexpected = caplog.records
    assert expected.getMessage() == "broken: the disk is full"
    assert expected.exc_info is None
    assert unexpected.exc_info is not None


def test_a_job_that_does_not_end_is_not_waited_for() -> None:
    jobs = Jobs()
    worker = jobs.worker()
    worker.ask("first")
    worker.ask("last")
    assert jobs.begun.wait(60)
    assert not worker.end(0.01)
    jobs.go.set()
    assert worker.end(60)
    assert jobs.ran == ["first"]
