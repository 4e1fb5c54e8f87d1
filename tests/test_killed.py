"""A run that is killed, interrupted or out of space, and run again."""

import os
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests import forked
from tests.forked import Ended
from tests.process import rss, settings
from tests.server import Site
from tracker import ingest
from tracker.bootstrap import App
from tracker.config import load

_CHECKOUT = Path(__file__).resolve().parents[1]
_FEEDS = ("blog", "other", "third")
_REACHED = "killed at"
# What may differ between two runs: the moments of a run; numbers, which are given in
# order of arrival, and that is up to the threads; and whether what was collected last
# is new or unchanged. Rows are compared by what names them instead of by number.
_CONTENTS = {
    "source": "select name, replace(outcome, 'unchanged', 'ok'), detail, failures"
    " from source",
    "page": "select s.name, p.url, p.etag, p.digest, p.entries"
    " from page p join source s on s.id = p.source_id",
    "item": "select kind, title, url, summary, content, authors, affiliations,"
    " categories, published_at, version, withdrawn, backlog, merged_into from item",
    "key": "select k.key, i.title from item_key k join item i on i.id = k.item_id",
    "mention": "select s.name, m.guid, m.url, m.links, m.fingerprint, i.title"
    " from mention m join source s on s.id = m.source_id"
    " join item i on i.id = m.item_id",
    "topic": "select i.title, t.name, t.evidence, t.weight"
    " from item_topic t join item i on i.id = t.item_id",
    "company": "select i.title, c.name from item_company c"
    " join item i on i.id = c.item_id",
    "venue": "select i.title, v.name from item_venue v join item i on i.id = v.item_id",
    "index": "select i.title from item i join item_text t on t.rowid = i.id"
    " where item_text match 'pin'",
    "setting": "select name, value from setting",
}


class Place:
    """A folder with settings and a store, on which `tracker fetch` runs."""

    def __init__(self, folder: Path, site: Site) -> None:
        folder.mkdir()
        self.folder = folder
        feeds = {name: f"{site.url}/{name}" for name in _FEEDS}
        self.config = settings(folder, feeds)

    def fetch(self, kill: str = "") -> Ended:
        """Run `tracker fetch --all`, killed as `kill` says."""
        module = "tests.killed" if kill else "tracker"
        words = ["--config", str(self.config), "fetch", "--all"]
        environment = os.environ | {"TRACKER_KILL_AT": kill}
        return forked.run(words, _CHECKOUT, environment, module)

    def fetch_again(self) -> None:
        """Collect all once more, undisturbed."""
        app = App(load(str(self.config)))
        tools = replace(
            app.tools(), read=lambda source, page: source.read(page), workers=1
        )
        subscriptions = app.config.subscriptions
        reports = ingest.collect(tools, ingest.due(tools, subscriptions, forced=True))
        app.close()
        assert not [report for report in reports if report.outcome.is_trouble]

    def contents(self) -> dict[str, list[tuple[object, ...]]]:
        """Return what the store holds, table by table."""
        connection = sqlite3.connect(self.folder / "tracker.db")
        try:
            assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
            connection.execute(
                "insert into item_text (item_text, rank) values ('integrity-check', 1)"
            )
            connection.rollback()
            return {
                name: sorted(connection.execute(query).fetchall(), key=repr)
                for name, query in _CONTENTS.items()
            }
        finally:
            connection.close()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """Yield a site of three blogs, two of which have a post in common."""
    routes = {
        f"/{name}": (200, {"ETag": '"1"'}, rss(*(f"{name}-{n}" for n in range(12))))
        for name in _FEEDS
    }
    common = rss("common", *(f"other-{n}" for n in range(12)))
    with Site(
        routes | {"/other": (200, {}, common), "/third": (200, {}, common)}
    ) as up:
        yield up


@pytest.fixture(scope="module")
def undisturbed(
    site: Site, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[tuple[object, ...]]]:
    """Return what the store holds after an undisturbed run."""
    place = Place(tmp_path_factory.mktemp("undisturbed") / "place", site)
    assert place.fetch().code == 0
    contents = place.contents()
    assert len(contents["item"]) == 25
    return contents


@pytest.mark.parametrize(
    "step",
    [
        *(f"statement:{n}" for n in (1, 40, 48, 55, 64, 67, 70, 75, 83, 93, 99)),
        *(f"commit:{n}" for n in (1, 3, 7, 9)),
        *(f"document:{n}" for n in (1, 3)),
    ],
)
def test_a_killed_run_run_again_leaves_what_an_undisturbed_one_leaves(
    tmp_path: Path,
    site: Site,
    undisturbed: dict[str, list[tuple[object, ...]]],
    step: str,
) -> None:
    place = Place(tmp_path / "place", site)
    killed = place.fetch(f"{step}:SIGKILL")
    assert _REACHED in killed.stderr
    assert killed.code == -signal.SIGKILL
    place.fetch_again()
    assert place.contents() == undisturbed


@pytest.mark.parametrize("step", ["statement:81", "document:1"])
def test_an_interrupted_run_says_so_in_one_line_and_leaves_the_store_whole(
    tmp_path: Path,
    site: Site,
    undisturbed: dict[str, list[tuple[object, ...]]],
    step: str,
) -> None:
    place = Place(tmp_path / "place", site)
    ended = place.fetch(f"{step}:SIGINT")
    assert _REACHED in ended.stderr
    assert ended.code == 130
    assert "Traceback" not in ended.stderr
    assert "tracker: interrupted; what was stored is whole" in ended.stderr
    place.contents()
    place.fetch_again()
    assert place.contents() == undisturbed


def _started(place: Place) -> subprocess.CompletedProcess[str]:
    """Run `tracker fetch --all` under the limits of this process."""
    words = ["-m", "tracker", "--config", str(place.config), "fetch", "--all"]
    return subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, check=False
    )


def test_a_disk_that_is_full_is_told_in_one_line(
    tmp_path: Path, site: Site, undisturbed: dict[str, list[tuple[object, ...]]]
) -> None:
    place = Place(tmp_path / "place", site)
    assert _REACHED in place.fetch("statement:1:SIGKILL").stderr
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        ended = _started(place)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert ended.returncode == 1
    told = [line for line in ended.stderr.splitlines() if line.strip()]
    assert len(told) == 1, ended.stderr
    assert told[0].startswith(f"tracker: sqlite:///{place.folder}/tracker.db: ")
    place.fetch_again()
    assert place.contents() == undisturbed
