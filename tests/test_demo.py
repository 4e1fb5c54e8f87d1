"""The demo: the whole of tracker, on its own sample."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tracker import sources
from tracker.bootstrap import App
from tracker.bootstrap.library import Library, Wanted
from tracker.core.values import Item, Outcome
from tracker.core.weekly import Digest
from tracker.demo import SAMPLE, sample
from tracker.demo.site import dated
from tracker.ingest import Report

_CHECKOUT = Path(__file__).resolve().parents[1]
_NOW = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Shown:
    """What the demo read and made."""

    app: App
    reports: dict[str, Report]
    digest: Digest

    @property
    def titles(self) -> list[str]:
        return [p.item.title for s in self.digest.sections for p in s.picks]


def of_this_week(shown: Shown) -> list[Item]:
    wanted = Wanted(since=shown.digest.week.start, limit=1000)
    return Library(shown.app).items(wanted)


@pytest.fixture(scope="module")
def shown() -> Iterator[Shown]:
    with sample() as app:
        reports = {report.name: report for report in app.collect()}
        reader = app.reader(None)
        yield Shown(app, reports, app.digest(reader, app.week(reader)))


def test_there_is_a_source_of_every_kind(shown: Shown) -> None:
    kinds = {one.kind for one in shown.app.config.subscriptions}
    assert kinds == set(sources.kinds())


def test_all_sources_are_read_but_the_two_that_show_trouble(shown: Shown) -> None:
    outcomes = {name: report.outcome for name, report in shown.reports.items()}
    assert outcomes.pop("broken") is Outcome.FAILED
    assert outcomes.pop("bot-check") is Outcome.BLOCKED
    assert len(outcomes) == 19
    assert set(outcomes.values()) == {Outcome.OK}


def test_there_are_weeks_before_to_compare_with(shown: Shown) -> None:
    trends = {one.name: one for one in shown.digest.trends}
    assert {len(one.before) for one in trends.values()} == {4}
    rising = {name for name, one in trends.items() if one.is_rising}
    assert "llm" in rising
    assert "recsys" not in rising
    assert trends["recsys"].usual > 4


def test_the_weeks_before_are_no_news(shown: Shown) -> None:
    assert {one for item in of_this_week(shown) for one in item.sources} <= {
        one.name for one in shown.app.config.subscriptions
    }
    listed = SAMPLE / "history.tsv"
    earlier = {i.title for i in Library(shown.app).items(Wanted(limit=1000))} - {
        item.title for item in of_this_week(shown)
    }
    assert len(earlier) == len(listed.read_text("utf-8").splitlines())


def test_the_digest_tells_of_the_two_sources_in_trouble(shown: Shown) -> None:
    trouble = {s.name: s.detail for s in shown.digest.sources if s.outcome.is_trouble}
    assert "500" in trouble.pop("broken")
    assert "bot check" in trouble.pop("bot-check")
    assert not trouble


def test_works_seen_at_several_sources_are_joined(shown: Shown) -> None:
    entries = sum(shown.reports[name].entries for name in makers(shown.app))
    items = of_this_week(shown)
    titles = Counter(item.title.casefold() for item in items)
    assert entries - len(items) >= 10
    assert titles.most_common(1)[0][1] == 1


def test_no_title_stands_twice_in_the_digest(shown: Shown) -> None:
    titles = [title.casefold() for title in shown.titles]
    assert len(titles) >= 25
    assert len(set(titles)) == len(titles)


def test_every_topic_the_companies_and_the_conferences_have_a_section(
    shown: Shown,
) -> None:
    topics = {f"topic:{topic.name}" for topic in shown.app.config.topics}
    keys = {section.key for section in shown.digest.sections}
    assert topics
    assert keys == {"top", "companies", "conferences"} | topics


def test_the_top_comes_from_several_sources(shown: Shown) -> None:
    top = shown.digest.sections[0]
    assert len({pick.item.sources[0] for pick in top.picks}) >= 4


def test_pinterest_is_known_by_its_authors_affiliations(shown: Shown) -> None:
    items = Library(shown.app).items(Wanted(companies=("pinterest",), limit=1000))
    evidence = {c.evidence for i in items for c in i.companies if c.name == "pinterest"}
    assert "Pinterest, San Francisco, CA, USA" in evidence


def test_everything_is_of_the_last_fourteen_days(shown: Shown) -> None:
    now = datetime.now(UTC)
    for item in of_this_week(shown):
        assert item.published is not None, item.title
        assert now - timedelta(days=14) < item.published < now, item.title


def makers(app: App) -> list[str]:
    """Return the names of the sources that make items."""
    subscriptions = app.config.subscriptions
    return [one.name for one in subscriptions if one.source.makes_items]


def test_sources_of_evidence_add_to_the_papers_of_others(shown: Shown) -> None:
    items = of_this_week(shown)
    (lora,) = [item for item in items if item.title.startswith("LoRA")]
    assert {(signal.source, str(signal.name)) for signal in lora.signals} == {
        ("hf-daily", "code"),
        ("hf-daily", "organization"),
        ("hf-daily", "upvotes"),
        ("semantic-scholar", "citations"),
        ("semantic-scholar", "influential citations"),
        ("semantic-scholar", "tldr"),
    }
    assert "https://github.com/microsoft/LoRA" in lora.links
    assert "microsoft" in [claim.name for claim in lora.companies]
    assert not any("Quantum" in item.title for item in items)


def test_a_second_look_finds_nothing_changed(shown: Shown) -> None:
    again = shown.app.collect(forced=True)
    assert sum(report.new for report in again) == 0
    read = {r.name: r.outcome for r in again if not r.outcome.is_trouble}
    # Their queries name the time that they ask about, which is another one by now;
    # sources of evidence are read again whole.
    queries = {
        one.name
        for one in shown.app.config.subscriptions
        if one.kind in {"arxiv", "crossref"} or not one.source.makes_items
    }
    assert {read.pop(name) for name in queries} <= {Outcome.OK, Outcome.UNCHANGED}
    assert set(read.values()) == {Outcome.UNCHANGED}


@pytest.mark.parametrize(
    ("template", "date"),
    [
        ("{{1 days ago, RFC 822}}", "Sun, 01 Mar 2026 06:30:00 GMT"),
        ("{{2 days ago, ISO 8601}}", "2026-02-28T06:30:00Z"),
        ("on {{13 days ago, date}}.", "on 2026-02-17."),
        ("date-parts: {{2 days ago, date parts}}", "date-parts: [2026, 2, 28]"),
        ("{{0 days ago, ms}}", "1772433000000"),
    ],
)
def test_dates_of_the_sample_are_counted_from_now(template: str, date: str) -> None:
    assert dated(template, _NOW) == date


@pytest.mark.parametrize("fault", [KeyboardInterrupt, RuntimeError])
def test_an_interrupted_demo_leaves_nothing_behind(fault: type[BaseException]) -> None:
    with pytest.raises(fault), sample() as app:
        _ = app.engine
        folder = app.config.data
        assert (folder / "tracker.db").is_file()
        raise fault
    assert not folder.exists()


def _environment(folder: Path) -> dict[str, str]:
    """Return an environment whose home and folder for temporary files are empty."""
    for name in ("home", "tmp", "elsewhere"):
        (folder / name).mkdir()
    kept = {name: value for name in ("PATH",) if (value := os.environ.get(name))}
    return kept | {
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "tmp"),
        "PYTHONPATH": str(_CHECKOUT),
        "NO_COLOR": "1",
        "COLUMNS": "100",
    }


def _demo(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tracker", "demo", *options],
        cwd=folder / "elsewhere",
        env=_environment(folder),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_command_shows_the_digest_from_any_folder(
    tmp_path: Path, shown: Shown
) -> None:
    done = _demo(tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    for section in shown.digest.sections:
        assert section.title.casefold() in done.stdout.casefold()
    foot = done.stdout.casefold().rpartition("conferences")[2]
    assert "a blog whose server is broken" in foot
    assert "a blog behind a bot check" in foot
    assert "were joined" in done.stdout
    assert "tracker init" in done.stdout
    page = tmp_path / "elsewhere" / "tracker-demo.html"
    assert str(page) in done.stdout
    first = shown.digest.sections[0].picks[0].item.title
    assert first in page.read_text("utf-8")
    assert list((tmp_path / "tmp").iterdir()) == []
    # But for what matplotlib keeps of the fonts that it found.
    left = {one.name for one in (tmp_path / "home").rglob("*") if one.is_file()}
    assert all(name.startswith("fontlist-") for name in left)


def test_a_page_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    done = _demo(tmp_path, "--output", "no-such-folder/page.html")
    assert done.returncode == 1
    assert "no-such-folder/page.html" in done.stderr
    assert "Traceback" not in done.stderr
    assert "READ FIRST" in done.stdout


def test_ctrl_c_ends_the_command_at_once_and_cleans_up(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "tracker", "demo"],
        cwd=tmp_path,
        env=_environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as demo:
        assert demo.stdout is not None
        demo.stdout.readline()
        while not list((tmp_path / "tmp").glob("tracker-demo-*")):
            assert demo.poll() is None  # it will have begun when its store is there
        demo.send_signal(signal.SIGINT)
        _, said = demo.communicate(timeout=120)
    assert demo.returncode == 130
    assert "Traceback" not in said
    assert list((tmp_path / "tmp").iterdir()) == []
