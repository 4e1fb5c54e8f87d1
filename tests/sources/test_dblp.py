import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings

from tests.sources.damage import JUNK, damaged
from tracker.core.values import Document, Entry, Page, Window
from tracker.errors import Blocked, RateLimited, ReadError, SourceError
from tracker.sources import dblp

EXAMPLE = (Path(__file__).parent / "examples/dblp.json").read_bytes()
URL = "https://dblp.org/search/publ/api?q=x&h=3&f=3&format=json"
NOW = datetime(2026, 11, 24, tzinfo=UTC)
WINDOW = Window(NOW, NOW)
KDD = dblp.Source(stream="conf/kdd", venue="KDD")


def document(body: bytes, url: str = URL) -> Document:
    return Document(requested=url, url=url, status=200, body=body, fetched_at=NOW)


def hits(**fields: object) -> bytes:
    return json.dumps({"result": {"hits": {"@total": "1"} | fields}}).encode()


def one(**fields: object) -> Entry:
    info = {"key": "conf/kdd/A", "title": "A Paper.", "year": "2018"} | fields
    (entry,) = KDD.read(document(hits(hit={"info": info}))).entries
    return entry


def test_this_year_and_the_two_before_are_asked_for() -> None:
    asked = [parse_qs(urlsplit(request.url).query) for request in KDD.first(WINDOW)]
    assert [query["q"] for query in asked] == [
        ["stream:streams/conf/kdd: year:2026"],
        ["stream:streams/conf/kdd: year:2025"],
        ["stream:streams/conf/kdd: year:2024"],
    ]
    assert (asked[0]["h"], asked[0]["format"]) == (["1000"], ["json"])


def test_an_endpoint_and_years_replace_the_rule() -> None:
    local = dblp.Source(
        stream="conf/kdd", venue="KDD", endpoint="http://127.0.0.1/", years=(2018,)
    )
    (request,) = local.first(WINDOW)
    assert request.url.startswith("http://127.0.0.1/search/publ/api?q=stream")


def test_a_preview_reads_the_one_answer_it_was_given() -> None:
    preview = dblp.Source.at(URL)
    assert [request.url for request in preview.first(WINDOW)] == [URL]
    assert {e.venue for e in preview.read(document(EXAMPLE)).entries} == {None}


def test_papers_are_read_without_front_matter_and_numbers_of_namesakes() -> None:
    first, second = KDD.read(document(EXAMPLE)).entries
    assert first.title == (
        "Graph Convolutional Neural Networks for Web-Scale Recommender Systems"
    )
    assert first.guid == "conf/kdd/YingHCEHL18"
    assert first.url == "https://doi.org/10.1145/3219819.3219890"
    assert first.ids == ("doi:10.1145/3219819.3219890",)
    assert [author.name for author in first.authors] == [
        "Rex Ying",
        "Ruining He",
        "Jure Leskovec",
    ]
    assert (first.venue, first.published) == ("KDD 2018", None)
    assert second.title.endswith("at Airbnb & Co")
    assert [author.name for author in second.authors] == ["Mihajlo Grbovic"]
    assert second.ids == ("doi:10.1145/3219819.3219885", "arxiv:1810.09591")


def test_old_data_names_authors_by_plain_texts() -> None:
    found = one(authors={"author": ["Ada Lovelace", {"text": "B"}, None, {"text": 3}]})
    assert [author.name for author in found.authors] == ["Ada Lovelace", "B"]


def test_a_paper_without_an_address_is_known_by_its_record() -> None:
    assert one().url == "https://dblp.org/rec/conf/kdd/A"


def test_no_hits_and_a_single_one_are_no_list() -> None:
    assert KDD.read(document(hits())) == Page(())
    assert one(title="Just one?").title == "Just one?"


def test_a_full_page_is_followed_by_the_next() -> None:
    (following,) = KDD.read(document(EXAMPLE)).next
    assert parse_qs(urlsplit(following.url).query)["f"] == ["6"]
    for url in (URL.replace("h=3", "h=4"), URL.replace("h=3", "h=x"),
                URL.replace("f=3", "f=-1")):  # fmt: skip
        assert KDD.read(document(EXAMPLE, url)).next == ()
    assert KDD.read(document(hits(), URL.replace("h=3", "h=0"))).next == ()


@pytest.mark.parametrize(
    "fields", [{"title": None}, {"title": "."}, {"key": "../x"}, {"key": 3}]
)
def test_a_bad_record_is_skipped(fields: dict[str, object]) -> None:
    info = {"key": "conf/kdd/A", "title": "A Paper."}
    body = hits(hit=[None, 3, {}, {"info": info | fields}, {"info": info}])
    assert [e.guid for e in KDD.read(document(body)).entries] == ["conf/kdd/A"]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", ReadError),
        (b"[]", ReadError),
        (b'{"result": {"hits": []}}', ReadError),
        (b"Too many requests", RateLimited),
        (b"<!doctype html><title>Making sure you're not a bot!</title>", Blocked),
    ],
)
def test_a_document_that_is_no_answer_has_a_named_error(
    body: bytes, error: type[SourceError]
) -> None:
    with pytest.raises(error, match=r"dblp\.org"):
        KDD.read(document(body))


@pytest.mark.recorded
def test_a_recorded_answer_is_read(recorded: Path) -> None:
    folder = recorded / "conferences/api/openalex_dblp_openreview"
    body = (folder / "dblp_search_publ.json").read_bytes()
    (found,) = KDD.read(document(body)).entries
    assert (found.guid, found.ids) == (
        "conf/dac/ZhangYY21",
        ("doi:10.1109/dac18074.2021.9586227",),
    )
    assert found.authors[0].name == "Xiaopeng Zhang"


@settings(derandomize=True, max_examples=150, database=None, deadline=None)
@given(JUNK)
def test_no_value_of_a_wrong_type_breaks_reading(junk: dict[int, object]) -> None:
    body = json.dumps(damaged(json.loads(EXAMPLE), junk)).encode()
    try:
        found = KDD.read(document(body)).entries
    except ReadError:
        return
    for entry in found:
        assert entry.title
        assert entry.url
        repr(entry).encode()
