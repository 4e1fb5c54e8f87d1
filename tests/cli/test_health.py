"""What is told of a source that moved, is gone or fell silent, and how it is mended."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.fakes import MONDAY
from tracker.bootstrap import App
from tracker.bootstrap.health import findings
from tracker.cli import output, run
from tracker.config import load
from tracker.core.moves import Move
from tracker.core.values import Outcome
from tracker.render import words
from tracker.store import engine as store
from tracker.store import fetches
from tracker.store.fetches import Collected, Learned

OLD, NEW = "http://blog.example/feed", "https://blog.example/feed.xml"
DAY = timedelta(days=1)
_SETTINGS = """\
[store]
url = "sqlite:///{folder}/t.db"
[[source]]
name = "blog"
kind = "feed"   # a comment
url = "{url}"   # another
[[source]]
name = "kdd"
kind = "feed"
url = "https://kdd.example/feed"
venue = "KDD"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "feeds.toml"
    made.write_text(_SETTINGS.format(folder=tmp_path, url=OLD), "utf-8")
    return made


@pytest.fixture
def app(file: Path) -> Iterator[App]:
    opened = App(load(str(file)), lambda: MONDAY)
    yield opened
    opened.close()


def learn(app: App, learned: Learned, outcome: Outcome = Outcome.OK) -> None:
    """Have both sources collected once, with this outcome and this lesson."""
    with store.writing(app.engine) as connection:
        fetches.register(connection, ["blog", "kdd"], MONDAY)
        for state in fetches.states(connection).values():
            came_to = Collected(outcome, "" if outcome is Outcome.OK else "410 Gone")
            fetches.record(connection, state, came_to, MONDAY, MONDAY, learned)


def warnings(app: App) -> dict[str, str]:
    return {found.subject: found.words for found in findings(app)}


def silence(days: int) -> tuple[datetime, ...]:
    return tuple(MONDAY - (days + 2 * number) * DAY for number in range(6))


def listed(file: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """Return the lines of `tracker sources list` by source."""
    assert run(["--config", str(file), "sources", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    return {line.split("\t")[0]: line for line in lines}


def test_a_silent_source_is_named_but_no_conference(
    app: App, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    learn(app, Learned(moments=silence(22)))
    told = warnings(app)
    assert told["blog"].startswith("silent: nothing new since 2026-11-01, long for it")
    assert "kdd" not in told
    report = app.digest(app.reader(None), app.week(app.reader(None))).sources[0]
    assert words.trouble(report) == ("blog", "out of date: silent since 2026-11-01")
    assert "silent since 2026-11-01" in listed(file, capsys)["blog"]


def test_a_source_that_keeps_its_rhythm_is_not_silent(app: App) -> None:
    learn(app, Learned(moments=silence(20)))
    assert "blog" not in warnings(app)
    report = app.digest(app.reader(None), app.week(app.reader(None))).sources[0]
    assert report.outcome is Outcome.OK


def test_a_source_that_is_gone_says_so_until_it_is_enabled(
    app: App, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    learn(app, Learned(gone=OLD), Outcome.FAILED)
    words = warnings(app)["blog"]
    assert words.startswith("gone: 410 Gone; it is not asked any more")
    assert "`tracker sources remove blog`" in words
    assert "gone, not asked any more; 410 Gone" in listed(file, capsys)["blog"]
    assert run(["--config", str(file), "sources", "enable", "blog"]) == 0
    with store.reading(app.engine) as connection:
        assert fetches.states(connection)["blog"].gone is None


def test_an_adopted_address_is_shown_and_written_down(
    app: App, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    learn(app, Learned(move=Move(OLD, NEW, MONDAY - 4 * DAY, MONDAY, 3)))
    advice = "`tracker sources move blog`"
    assert f"to {NEW}" in warnings(app)["blog"]
    assert advice in warnings(app)["blog"]
    assert f"moved to {NEW}: {advice}" in listed(file, capsys)["blog"]
    assert run(["--config", str(file), "sources", "move", "blog"]) == 0
    assert capsys.readouterr().out.startswith(f'moved: "blog" to {NEW}')
    written = _SETTINGS.format(folder=file.parent, url=NEW)
    assert file.read_text("utf-8") == written
    assert run(["--config", str(file), "sources", "move", "blog"]) == 2
    assert '"blog" is not known to have moved' in capsys.readouterr().err


def test_a_move_that_was_not_seen_often_enough_is_not_shown(app: App) -> None:
    learn(app, Learned(move=Move(OLD, NEW, MONDAY, MONDAY)))
    assert "blog" not in warnings(app)


def test_the_list_of_sources_holds_pace_and_failures(
    app: App, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    learn(app, Learned(pace=timedelta(hours=27)), Outcome.FAILED)
    _, _, outcome, read, _, pace, new, failures, detail = listed(file, capsys)[
        "blog"
    ].split("\t")
    assert (outcome, read, pace, new, failures) == ("failed", "-", "27 h", "0", "1")
    assert detail == "410 Gone"
    assert run(["--config", str(file), "sources", "list", "--json"]) == 0
    blog = json.loads(capsys.readouterr().out)[0]
    assert (blog["pace_seconds"], blog["failures"]) == (97_200, 1)
    assert (blog["gone"], blog["moved_to"], blog["silent_since"]) == (False, None, None)


@pytest.mark.parametrize(
    ("minutes", "said"), [(15, "15 min"), (120, "2 h"), (1620, "27 h"), (10080, "7 d")]
)
def test_a_span_of_time_is_short(minutes: int, said: str) -> None:
    assert output.span(timedelta(minutes=minutes)) == said
