"""The benchmark program: its input, its site, its arithmetic, and a quick run."""

import subprocess
import sys
from datetime import UTC, datetime
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from benchmarks import corpus, measured, refresh, results
from benchmarks.measured import ROOT, Run
from benchmarks.results import Aim, Figure, Row
from benchmarks.server import Remote, serving
from tracker import sources
from tracker.core.values import Document, Entry

_NOW = datetime(2026, 9, 1, tzinfo=UTC)
_RSS, _ATOM = 0, 4


def _entries(feed: bytes) -> tuple[Entry, ...]:
    url = "https://blog.example/feed"
    document = Document(url, url, 200, feed, _NOW)
    return sources.load("feed").at(url).read(document).entries


@pytest.mark.parametrize("number", [_RSS, 1, _ATOM])
def test_a_feed_is_of_the_size_that_is_stated_and_every_entry_is_read(
    number: int,
) -> None:
    feed = corpus.feed(number, 30)
    entries = _entries(feed)
    assert len({entry.guid for entry in entries}) == 30
    assert 80_000 < len(feed) < 105_000
    assert all(e.title and e.summary and e.published and e.authors for e in entries)
    assert all("<p>" in entry.content for entry in entries)


def test_a_feed_is_the_same_in_every_process() -> None:
    script = "import sys; from benchmarks import corpus; sys.stdout.buffer.write("
    command = [sys.executable, "-c", f"{script}corpus.feed(7, 3, 1))"]
    other = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    assert other.stdout == corpus.feed(7, 3, 1)


def test_a_later_edition_has_one_new_entry_in_one_feed_of_twenty() -> None:
    before = [_entries(corpus.feed(number, 5)) for number in range(20)]
    after = [_entries(corpus.feed(number, 5, 1)) for number in range(20)]
    assert after[1:] == before[1:]
    assert after[0][1:] == before[0][:-1]
    assert after[0][0] not in before[0]


def _status(site: Remote, number: int, etag: str = "") -> tuple[int, str]:
    connection = HTTPConnection(urlsplit(site.urls[0]).netloc, timeout=10)
    connection.request("GET", f"/{number}", headers={"If-None-Match": etag})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.headers["ETag"] or ""


def test_the_site_sends_a_body_once_and_again_when_the_feed_changes() -> None:
    with serving(feeds=2, entries=2) as site:
        tags = [_status(site, number)[1] for number in (0, 1)]
        assert [_status(site, n, tags[n])[0] for n in (0, 1)] == [304, 304]
        assert site.switch(1) == {200: 2, 304: 2}
        assert [_status(site, n, tags[n])[0] for n in (0, 1)] == [200, 304]
        assert _status(site, 2)[0] == 404


def test_a_run_counts_the_time_and_memory_of_children_too() -> None:
    child = "bytearray(90_000_000); sum(range(3_000_000))"
    parent = (
        f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    )
    taken = measured.run([sys.executable, "-c", parent])
    bare = measured.run([sys.executable, "-c", "pass"])
    assert taken.cpu > bare.cpu
    assert taken.largest is None or taken.largest > 90_000_000
    with pytest.raises(ChildProcessError, match="no such luck"):
        measured.run([sys.executable, "-c", "raise SystemExit('no such luck')"])


def test_rows_are_medians_and_aims_are_judged() -> None:
    runs = [Run(n, n / 2, n * 1_000_000, None, "") for n in (1, 100, 3)]
    row = results.row("ours", runs)
    assert row == Row("ours", 3, wall=3, cpu=1.5, largest=3.0, together=None)
    bare = Row("bare", 3, wall=2, cpu=2)
    figure = results.ratio("ours / bare", row, bare, Aim(most=1.2))
    assert figure == Figure("ours / bare", 1.5, 0.75, Aim(most=1.2))
    subject = results.Subject("A subject", ("a note",), (row, bare), (figure,))
    (told,) = results.data([subject])[0]["figures"]
    assert (told["wall_verdict"], told["cpu_verdict"]) == ("missed", "met")
    last = results.text([subject]).splitlines()[-1]
    assert " ".join(last.split()) == "ours / bare 1.50 0.750 <= 1.2 missed met"


_ROWS = (
    *(f"{who}, {step}" for who in ("tracker", "floor") for step in refresh.STEPS),
    *("tracker cold / floor cold", "tracker cold / unchanged", "reader: left out"),
    *("digest composed", "bare SQL, same rows", "digest composed / bare SQL"),
    *("tracker --help / python -c pass", "tracker version", "tracker list"),
    *("topics / words alone", "and own ones taught / topics", "papers a second"),
    *("rules broken", "share of pages answered 304"),
)


def test_a_quick_run_measures_everything_and_prints_one_table() -> None:
    command = [sys.executable, "-m", "benchmarks", "--quick"]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    lines = [line.strip() for line in done.stdout.decode().splitlines()]
    for name in _ROWS:
        assert any(line.startswith(name) for line in lines), name
    date, python, cores, _ = lines[-1].split(", ")
    assert datetime.fromisoformat(date).year >= 2026
    assert (python.split()[0], cores.split()[1]) == ("Python", "cores")
