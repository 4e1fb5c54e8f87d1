"""Feeds recorded at many dates, replayed in order: each post once, none lost.

What a post is, is decided here without our own code: feedparser reads a snapshot,
and entries whose links have the same host and path are one post (all links of these
series are the posts' own pages; none tells posts apart by query or fragment). A post
is new in the first snapshot that links to it, and in no other.
"""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pytest
from sqlalchemy import Engine

from tests.fakes import Clock
from tracker import ingest
from tracker.core.values import Document, Item, Outcome, Request
from tracker.ingest import Report, Tools
from tracker.ingest.judging import judge
from tracker.sources import Subscription, feed
from tracker.store import engine as store
from tracker.store import listing
from tracker.store.listing import Wanted

pytestmark = pytest.mark.recorded

SERIES = (
    "linukaar_medium",
    "mibuhand_hf_daily_papers",
    "olshansk_feed_anthropic_engineering",
    "olshansk_feed_anthropic_news",
    "olshansk_feed_google_ai",
    "olshansk_feed_meta_ai",
    "olshansk_feed_openai_research",
    "olshansk_feed_the_batch",
)
ERROR_PAGE = "2024-08-29T211948.xml"  # in linukaar_medium


def snapshots(recorded: Path, series: str) -> list[Path]:
    return sorted((recorded / "feeds" / "timeseries" / series).glob("*.xml"))


def taken_at(snapshot: Path) -> datetime:
    return datetime.strptime(snapshot.stem, "%Y-%m-%dT%H%M%S").replace(tzinfo=UTC)


def page(link: str) -> str:
    """Return host and path of a link: what it is of whatever scheme it is."""
    parts = urlsplit(link)
    return parts.netloc.lower().removeprefix("www.") + parts.path.rstrip("/")


def posts(snapshot: Path) -> set[str]:
    """Return the pages a snapshot links to, as feedparser reads it."""
    return {page(entry["link"]) for entry in read(snapshot)}


def read(snapshot: Path) -> list[dict[str, str]]:
    plain = {"sanitize_html": False, "resolve_relative_uris": False}  # quicker
    entries: list[dict[str, str]]
    entries = feedparser.parse(BytesIO(snapshot.read_bytes()), **plain)["entries"]
    return entries


class Replay:
    """A store and a clock, and one feed that is served as it was at many dates."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.clock, self.body = engine, Clock(), b""
        source = feed.Source(url="https://blog.example/feed.xml")
        self.subscription = Subscription("blog", "Blog", "feed", source)

    def fetch(self, request: Request) -> Document:
        return Document(request.url, request.url, 200, self.body, self.clock())

    def collect(self, snapshot: Path) -> Report:
        self.body, self.clock.now = snapshot.read_bytes(), taken_at(snapshot)
        subscriptions = (self.subscription,)
        tools = Tools(
            self.engine,
            self.fetch,
            lambda source, document: source.read(document),
            judge((), (), subscriptions),
            self.clock,
            workers=1,
        )
        due = ingest.due(tools, subscriptions, forced=True)
        (report,) = ingest.collect(tools, due)
        return report

    def items(self) -> list[Item]:
        with store.reading(self.engine) as connection:
            return listing.items(connection, Wanted())


@pytest.fixture
def replay(sqlite_template: Path, tmp_path: Path) -> Iterator[Replay]:
    file = tmp_path / "tracker.db"
    shutil.copy(sqlite_template, file)
    engine = store.open_store(f"sqlite:///{file}")
    yield Replay(engine)
    engine.dispose()


def test_every_recorded_series_is_replayed(recorded: Path) -> None:
    folders = (recorded / "feeds" / "timeseries").iterdir()
    assert sorted(folder.name for folder in folders) == list(SERIES)


@pytest.mark.parametrize("series", SERIES)
def test_each_post_is_new_once_and_none_is_lost(
    recorded: Path, replay: Replay, series: str
) -> None:
    first_seen: dict[str, datetime] = {}
    for snapshot in snapshots(recorded, series):
        unseen = posts(snapshot) - first_seen.keys()
        first_seen |= dict.fromkeys(unseen, taken_at(snapshot))
        assert replay.collect(snapshot).new == len(unseen), snapshot.name
    found = replay.items()
    assert {page(item.url or ""): item.first_seen for item in found} == first_seen
    assert len(found) == len(first_seen)


def test_an_error_page_saved_as_a_feed_is_named_and_changes_nothing(
    recorded: Path, replay: Replay
) -> None:
    before, error, after = [
        snapshot
        for snapshot in snapshots(recorded, "linukaar_medium")
        if "2024-08-29T15" <= snapshot.name < "2024-08-30T05"
    ]
    assert error.name == ERROR_PAGE
    replay.collect(before)
    held = replay.items()
    report = replay.collect(error)
    assert report.outcome is Outcome.BLOCKED
    assert "Just a moment" in report.detail
    assert replay.items() == held
    assert replay.collect(after).outcome in {Outcome.OK, Outcome.UNCHANGED}
    assert replay.items() == held


def test_an_emptied_feed_is_told_and_its_posts_are_not_new_when_they_return(
    recorded: Path, replay: Replay
) -> None:
    first, emptied, *others = snapshots(recorded, "olshansk_feed_openai_research")
    replay.collect(first)
    held = replay.items()
    report = replay.collect(emptied)
    assert report.outcome is Outcome.STALE
    assert report.detail == "no entries where there were 160"
    assert replay.items() == held
    assert posts(others[-1]) & posts(first)
    replay.collect(others[-1])
    returned = {item.id: item.first_seen for item in replay.items()}
    assert all(returned[item.id] == item.first_seen for item in held)


def test_posts_whose_guids_all_lose_a_slash_are_known(
    recorded: Path, replay: Replay
) -> None:
    series = snapshots(recorded, "olshansk_feed_the_batch")
    names = [{entry["id"] for entry in read(snapshot)} for snapshot in series]
    (turn,) = [n for n in range(1, len(series)) if not names[n - 1] & names[n]]
    replay.collect(series[turn - 1])
    new = posts(series[turn]) - posts(series[turn - 1])
    report = replay.collect(series[turn])
    assert (report.new, report.entries) == (len(new), len(names[turn]))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"https://www.", b"http://www."),
        (b"https://www.", b"https://"),
        (b"</link>", b"?utm_source=rss</link>"),
    ],
)
def test_posts_all_renamed_by_their_site_are_known(
    recorded: Path, replay: Replay, tmp_path: Path, before: bytes, after: bytes
) -> None:
    snapshot = snapshots(recorded, "olshansk_feed_anthropic_engineering")[-1]
    replay.collect(snapshot)
    renamed = tmp_path / "2026-09-01T000000.xml"
    renamed.write_bytes(snapshot.read_bytes().replace(before, after))
    report = replay.collect(renamed)
    assert (report.outcome, report.entries, report.new) == (Outcome.OK, 25, 0)
    assert len(replay.items()) == 25
