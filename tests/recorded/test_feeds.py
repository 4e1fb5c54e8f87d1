"""Recorded feeds through the `feed` kind, against what feedparser reads in them.

ORACLE.tsv holds feedparser's own reading of each feed: how many entries, and how many
of them have a title, a link, a date. Files beside the feeds, such as other parsers'
expected output, are to be refused by name.
"""

import codecs
import csv
import re
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pytest

from tracker.core.values import Document, Entry
from tracker.errors import SourceError
from tracker.sources.feed import Source, sound

pytestmark = pytest.mark.recorded

Outcome = tuple[Entry, ...] | str  # what was read, or the name of the refusal

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://blog.example/feed"
CONTROL = re.compile(
    "[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
# What the oracle counts and we refuse, because it says nothing that can be shown.
SAYING_NOTHING = {"recorded/rss-parser/input/incomplete-fields.atom"}  # <author/> alone
# Files in the oracle that are no feeds: feedparser finds no entries in them.
NO_FEEDS = {
    "recorded/fastfeedparser-integration/malformed_rss_namespaced.xml": "ReadError",
    "recorded/rss-parser/input/unrecognized.rss": "Blocked",
}
# A JSON Feed: the oracle, feedparser, reads none.
UNKNOWN_TO_FEEDPARSER = "recorded/fastfeedparser-integration/json_feed_sample.json"
LINKED_TO_AN_ID = "recorded/rss-parser/input/missing-fields.atom"  # tag:, no address
# Breaks off in an entry, which is left out: half of it would be another one.
CUT = "recorded/fastfeedparser-integration/osm-pl.xml"
YEAR_ONE = "1-01-01"  # a date that is none
PARTS = (
    *("guid", "title", "url", "authors", "summary"),
    *("published", "updated", "categories", "links", "ids"),
)
# Where lxml's reader and feedparser differ, and why.
WELLFORMED = "conformance/feedparser/wellformed"
DIFFERENT = {
    f"{WELLFORMED}/namespace/atomsvgdctitle.xml": "a drawing's title is none of ours",
    f"{WELLFORMED}/node_precedence/atom10_id.xml": "nor is an image's id",
    f"{WELLFORMED}/rss/item_category_image.xml": "nor an image's title",
    **dict.fromkeys(
        (
            f"{WELLFORMED}/sanitize/item_{body}_{tag}.xml"
            for body in ("body", "xhtml_body")
            for tag in ("embed", "link", "meta")
        ),
        "void elements are not closed, so a name made of the text is another",
    ),
    **dict.fromkeys(
        (f"conformance/feedparser/encoding/demoronize-{n}.xml" for n in (1, 2)),
        "Windows-1252 is put right later, so a name made of the text is another",
    ),
    "conformance/feedvalidator/rss/must/rss10_mixedContent.xml": (
        "an element in plain text is markup"
    ),
}


@dataclass(frozen=True, slots=True)
class Read:
    """What comes of a file: of itself, and read by feedparser where lxml reads it."""

    outcome: Outcome
    shortfall: str
    by_feedparser: Outcome | None


def read(path: Path) -> Read:
    """Read a file; any exception but a SourceError ends it."""
    body = path.read_bytes()
    outcome, shortfall = what_comes_of(body)
    stripped = body.removeprefix(codecs.BOM_UTF8).lstrip()
    try:
        sound.entries(stripped, URL)
    except ValueError:
        return Read(outcome, shortfall, None)
    # A document type, which feedparser ignores, makes it its turn.
    declared = re.match(rb"<\?xml[^>]*>", stripped)
    start = declared.end() if declared else 0
    theirs = stripped[:start] + b"<!DOCTYPE x>" + stripped[start:]
    return Read(outcome, shortfall, what_comes_of(theirs)[0])


def what_comes_of(body: bytes) -> tuple[Outcome, str]:
    """Return what is read, and what the page says is missing."""
    try:
        page = Source(url=URL).read(Document(URL, URL, 200, body, NOW))
    except SourceError as error:
        return type(error).__name__, ""
    return page.entries, page.shortfall


@pytest.fixture(scope="module")
def reads(recorded: Path) -> dict[str, Read]:
    """Return what comes of each file."""
    feeds = recorded / "feeds"
    folders = [feeds / name for name in ("recorded", "generated", "conformance")]
    paths = sorted(p for folder in folders for p in folder.rglob("*") if p.is_file())
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        results = list(pool.map(read, paths, chunksize=50))
    names = [path.relative_to(feeds).as_posix() for path in paths]
    return dict(zip(names, results, strict=True))


@pytest.fixture(scope="module")
def outcomes(reads: dict[str, Read]) -> dict[str, Outcome]:
    return {name: one.outcome for name, one in reads.items()}


@pytest.fixture(scope="module")
def oracle(recorded: Path) -> dict[str, dict[str, str]]:
    with (recorded / "feeds" / "ORACLE.tsv").open(encoding="utf-8") as table:
        rows = csv.DictReader(table, delimiter="\t")
        return {r["path"]: r for r in rows if not r["path"].startswith("timeseries/")}


class Harm(HTMLParser):
    """Finds in a piece of HTML what could run, or lead to what is no web page."""

    tags = frozenset(
        {"script", "style", "iframe", "frame", "object", "embed", "form", "input"}
        | {"button", "svg", "math", "base", "meta", "link", "template", "noscript"}
    )

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [tag] if tag in self.tags else []
        for name, value in attrs:
            address = name in {"href", "src", "cite", "action", "poster", "data"}
            scheme = urlsplit((value or "").strip()).scheme if address else "http"
            if name.startswith("on") or name in {"style", "srcdoc"}:
                self.found.append(name)
            elif scheme not in {"http", "https", ""}:
                self.found.append(value or "")


def read_and_expected(
    outcomes: dict[str, Outcome], oracle: dict[str, dict[str, str]]
) -> Iterator[tuple[str, tuple[Entry, ...], dict[str, str]]]:
    for name, expected in oracle.items():
        if name not in NO_FEEDS.keys() | SAYING_NOTHING | {CUT}:
            read = outcomes[name]
            assert not isinstance(read, str), f"{name}: {read}"
            yield name, read, expected


def entries(outcomes: dict[str, Outcome]) -> Iterator[tuple[str, Entry]]:
    for name, read in outcomes.items():
        for entry in read if isinstance(read, tuple) else ():
            yield name, entry


def test_each_feed_gives_at_least_the_entries_that_feedparser_finds(
    outcomes: dict[str, Outcome], oracle: dict[str, dict[str, str]]
) -> None:
    compared = list(read_and_expected(outcomes, oracle))
    assert len(compared) > 170
    fewer = [
        (name, len(read), expected["entries"])
        for name, read, expected in compared
        if len(read) < int(expected["entries"])
    ]
    assert fewer == []


def test_no_feed_is_taken_for_cut_but_those_that_are(
    reads: dict[str, Read], oracle: dict[str, dict[str, str]]
) -> None:
    assert len(reads[CUT].outcome) == int(oracle[CUT]["entries"]) - 1
    cut = {name for name, one in reads.items() if one.shortfall}
    assert cut == {CUT, "conformance/feedparser/illformed/rss_incomplete_cdata.xml"}


def test_what_is_no_feed_is_refused_by_name(
    outcomes: dict[str, Outcome], oracle: dict[str, dict[str, str]]
) -> None:
    assert {name: outcomes[name] for name in NO_FEEDS} == NO_FEEDS
    assert {outcomes[name] for name in SAYING_NOTHING} == {"ReadError"}
    beside = {
        name: read
        for name, read in outcomes.items()
        if name.startswith("recorded/") and name not in oracle
    }
    assert len(beside) > 40
    json_feed = beside.pop(UNKNOWN_TO_FEEDPARSER)
    assert len(json_feed) == 2
    assert set(beside.values()) == {"ReadError"}


def test_titles_links_and_dates_are_there_where_feedparser_finds_them(
    outcomes: dict[str, Outcome], oracle: dict[str, dict[str, str]]
) -> None:
    for name, read, expected in read_and_expected(outcomes, oracle):
        titled = sum(bool(entry.title) for entry in read)
        linked = sum(bool(entry.url) for entry in read)
        dated = sorted(entry.published for entry in read if entry.published)
        assert titled >= int(expected["with_title"]), name
        if name != LINKED_TO_AN_ID:
            assert linked >= int(expected["with_link"]), name
        if expected["oldest"] != YEAR_ONE:
            assert len(dated) >= int(expected["with_date"]), name
            if dated and expected["oldest"]:
                assert f"{dated[0]:%Y-%m-%d}" == expected["oldest"], name
                assert f"{dated[-1]:%Y-%m-%d}" == expected["newest"], name


def test_titles_and_links_are_those_that_feedparser_reads(
    recorded: Path, outcomes: dict[str, Outcome], oracle: dict[str, dict[str, str]]
) -> None:
    other_titles, other_links, total = [], [], 0
    for name, read, expected in read_and_expected(outcomes, oracle):
        if not name.startswith("recorded/") or not int(expected["entries"]):
            continue
        plain = {"sanitize_html": False, "resolve_relative_uris": False}  # quicker
        body = BytesIO((recorded / "feeds" / name).read_bytes())
        theirs = feedparser.parse(body, **plain)["entries"]
        for ours, other in zip(read, theirs, strict=True):
            total += 1
            title, link = other.get("title"), other.get("link", "").strip()
            if title and letters(ours.title) != letters(title):
                other_titles.append((name, ours.title, title))
            link = other.get("feedburner_origlink") or link.replace(" ", "%20")
            if link.startswith("http") and ours.url != link:
                other_links.append((name, ours.url, link))
    assert total > 5_000
    assert (other_titles, other_links) == ([], [])


def letters(title: str) -> str:
    """Return the letters of a title, whatever its markup, references and spaces."""
    return re.sub(r"<[^>]*>|[\W_]", "", unescape(title)).casefold()


def test_nothing_that_comes_out_can_harm(outcomes: dict[str, Outcome]) -> None:
    count = 0
    for name, entry in entries(outcomes):
        count += 1
        people = [author.name for author in entry.authors]
        lines = [entry.guid, entry.title, entry.summary, *entry.categories, *people]
        assert not [line for line in lines if CONTROL.search(line)], name
        assert all(lines[:2]), name
        assert Harm(entry.content).found == [], name
        links = [link for link in (entry.url, *entry.links) if link]
        assert all(urlsplit(link).scheme in {"http", "https"} for link in links), name
    assert count > 9_000


def test_no_two_different_entries_of_a_feed_bear_one_name(
    outcomes: dict[str, Outcome],
) -> None:
    for name, read in outcomes.items():
        if not name.startswith("conformance/") and not isinstance(read, str):
            different = {(entry.url, entry.title) for entry in read}
            assert len({entry.guid for entry in read}) >= len(different), name


def test_most_files_of_other_parsers_tests_are_read(
    outcomes: dict[str, Outcome],
) -> None:
    conformance = [r for n, r in outcomes.items() if n.startswith("conformance/")]
    assert len(conformance) > 5_000
    assert set(filter(lambda read: isinstance(read, str), conformance)) <= {
        "ReadError",
        "Blocked",
    }
    assert sum(isinstance(read, tuple) for read in conformance) > 3_000


def test_it_does_not_matter_which_of_both_readers_reads_a_feed(
    reads: dict[str, Read],
) -> None:
    pairs = {
        name: (one.outcome, one.by_feedparser)
        for name, one in reads.items()
        if one.by_feedparser is not None
    }
    assert sum(name.startswith("recorded/") for name in pairs) > 140
    assert len(pairs) > 1_000
    different = {
        name for name, (ours, theirs) in pairs.items() if parts(ours) != parts(theirs)
    }
    assert different == DIFFERENT.keys()


def parts(read: Outcome) -> object:
    if isinstance(read, str):
        return read
    return [[getattr(entry, part) for part in PARTS] for entry in read]
