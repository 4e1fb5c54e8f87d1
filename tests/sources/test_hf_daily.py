"""Hugging Face's daily papers: which lists are asked for, and what they tell."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from tests.sources.damage import JUNK, damaged
from tracker.core.values import Document, SignalName, Window
from tracker.errors import ReadError
from tracker.sources.hf_daily import Source

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://huggingface.co/api/daily_papers?date=2026-11-20&limit=100&p=0"
EXAMPLE = Path(__file__).parent / "examples/hf_daily.json"


def document(*papers: Any, url: str = URL) -> Document:  # noqa: ANN401 - JSON
    body = json.dumps([{"paper": paper} for paper in papers]).encode()
    return Document(url, url, 200, body, NOW)


def days(source: Source, since: datetime) -> list[str]:
    requests = source.first(Window(since, NOW))
    return [request.url.partition("date=")[2][:10] for request in requests]


def test_each_day_that_is_over_has_its_request_the_latest_first() -> None:
    assert days(Source(), NOW - timedelta(days=3)) == [
        "2026-11-23",
        "2026-11-22",
        "2026-11-21",
    ]
    (first, *_) = Source().first(Window(NOW - timedelta(days=3), NOW))
    assert first.url.startswith("https://huggingface.co/api/daily_papers?date=")
    assert first.may_be_missing


def test_the_days_asked_for_are_bounded() -> None:
    assert len(days(Source(), NOW - timedelta(days=400))) == 14
    assert len(days(Source(days=2), NOW - timedelta(days=400))) == 2
    assert days(Source(), NOW) == ["2026-11-23"]


def test_the_lists_of_a_week_are_read_again_at_each_visit() -> None:
    yesterday = NOW - timedelta(days=1)
    assert len(days(Source(), yesterday - Source.overlap)) == 8


def test_a_paper_is_known_by_its_arxiv_id_and_tells_what_it_has() -> None:
    whole = Document(URL, URL, 200, EXAMPLE.read_bytes(), NOW)
    attention, ranking = Source().read(whole).entries
    assert attention.ids == ("arxiv:1706.03762",)
    assert {signal.name: signal.value for signal in attention.signals} == {
        SignalName.UPVOTES: "412",
        SignalName.CODE: "https://github.com/example/attention",
        SignalName.PROJECT: "https://attention.example.org/",
        SignalName.ORGANIZATION: "Google & friends",
    }
    assert ranking.ids == ("arxiv:2601.00001",)
    assert [(s.name, s.value) for s in ranking.signals] == [
        (SignalName.ORGANIZATION, "pinterest")
    ]


@pytest.mark.parametrize("upvotes", [True, "12", 1.5, -3, 10**30, None, [1]])
def test_what_counts_nothing_is_no_count(upvotes: object) -> None:
    paper = {"id": "1706.03762", "title": "A", "upvotes": upvotes}
    (entry,) = Source().read(document(paper)).entries
    assert entry.signals == ()


def test_a_week_end_has_an_empty_list_and_that_is_sound() -> None:
    assert Source().read(document()).entries == ()


def test_a_list_of_something_else_is_refused() -> None:
    with pytest.raises(ReadError, match="no list of papers"):
        Source().read(document({"id": "not-arxiv"}, {}))


def test_a_full_page_is_followed_by_the_next_one_and_not_for_ever() -> None:
    papers = [{"id": f"2601.{n:05}", "title": str(n)} for n in range(100)]
    (next_,) = Source().read(document(*papers)).next
    assert next_.url == URL.replace("p=0", "p=1")
    assert Source().read(document(*papers[:99])).next == ()
    assert Source().read(document(*papers, url=URL.replace("p=0", "p=4"))).next == ()
    assert Source().read(document(*papers, url="https://x.example/list")).next == ()


@settings(derandomize=True, max_examples=150, database=None, deadline=None)
@given(JUNK)
def test_no_value_of_a_wrong_type_breaks_reading(junk: dict[int, object]) -> None:
    body = json.dumps(damaged(json.loads(EXAMPLE.read_bytes()), junk)).encode()
    try:
        found = Source().read(Document(URL, URL, 200, body, NOW)).entries
    except ReadError:
        return
    for entry in found:
        assert entry.title
        assert entry.ids
        repr(entry).encode()
