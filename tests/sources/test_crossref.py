import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.core.values import Document, Entry, Window
from tracker.errors import Blocked, RateLimited, ReadError, SourceError
from tracker.sources import crossref

EXAMPLE = (Path(__file__).parent / "examples/crossref.json").read_bytes()
NOW = datetime(2026, 11, 24, tzinfo=UTC)
SINCE = datetime(2026, 11, 17, tzinfo=UTC)
KDD = crossref.Source(venue="KDD")
ROR = {"id": "https://ror.org/012345678", "id-type": "ROR"}
URL = "https://api.crossref.org/works?rows=4&cursor=%2A"


def document(body: bytes, url: str = URL) -> Document:
    return Document(requested=url, url=url, status=200, body=body, fetched_at=NOW)


def work_list(*items: object, cursor: object = "next=+/") -> bytes:
    message = {"items": items, "next-cursor": cursor}
    answer = {"status": "ok", "message-type": "work-list", "message": message}
    return json.dumps(answer).encode()


def work(**fields: object) -> dict[str, object]:
    """Return a work as Crossref lists it; "_" in a name stands for "-"."""
    paper: dict[str, object] = {
        "DOI": "10.1145/1.2",
        "title": ["A Paper"],
        "container-title": ["Proceedings of the 31st ACM SIGKDD Conference"],
        "event": {"name": "KDD '25: The 31st ACM SIGKDD", "acronym": "KDD '25"},
        "author": [{"given": "Ada", "family": "Lovelace"}],
        "issued": {"date-parts": [[2025, 8, 3]]},
    }
    return paper | {name.replace("_", "-"): value for name, value in fields.items()}


def one(source: crossref.Source = KDD, /, **fields: object) -> Entry:
    (entry,) = source.read(document(work_list(work(**fields)))).entries
    return entry


def test_the_query_asks_for_what_was_indexed_since_and_published_lately() -> None:
    source = crossref.Source(venue="WWW", container="ACM Web Conference")
    (request,) = source.first(Window(SINCE, NOW))
    asked = parse_qs(urlsplit(request.url).query)
    assert asked["filter"] == [
        "prefix:10.1145,type:proceedings-article"
        ",from-index-date:2026-11-17,from-pub-date:2025-01-01"
    ]
    assert asked["query.container-title"] == ["ACM Web Conference"]
    assert (asked["cursor"], asked["rows"]) == (["*"], ["200"])
    assert "query.affiliation" not in asked
    assert "mailto" not in asked


def test_a_preview_reads_all_works_of_the_one_answer_it_was_given() -> None:
    preview = crossref.Source.at(URL)
    assert [request.url for request in preview.first(Window(SINCE, NOW))] == [URL]
    found = preview.read(document(EXAMPLE)).entries
    assert [entry.venue for entry in found] == [None, None, None]


def test_the_example_is_read_without_its_session_details() -> None:
    first, second, third = KDD.read(document(EXAMPLE)).entries
    assert first.title == "XGBoost: A Scalable Tree Boosting System"
    assert first.ids == ("doi:10.1145/2939672.2939785",)
    assert first.url == "https://doi.org/10.1145/2939672.2939785"
    assert first.venue == "KDD 2016"
    assert first.summary == (
        "Describes a library of boosted trees that scales, "
        "and how it treats sparse data."
    )
    assert second.published == datetime(2016, 8, 8, 14, 5, 54, tzinfo=UTC)
    assert third.published == datetime(2018, 7, 19, tzinfo=UTC)
    assert third.authors[1].affiliations == ("Pinterest, San Francisco, CA, USA",)


def test_a_full_page_is_followed_by_the_next_at_its_cursor() -> None:
    page = KDD.read(document(work_list(*[work()] * 4), URL))
    (request,) = page.next
    assert parse_qs(urlsplit(request.url).query) == {
        "rows": ["4"],
        "cursor": ["next=+/"],
    }


def test_the_next_page_of_a_real_cursor_has_an_address_of_usual_length() -> None:
    source = crossref.Source(
        venue="WWW", container="ACM Web Conference", affiliation="Pinterest", rows=1
    )
    (first,) = source.first(Window(SINCE, NOW))
    body = work_list(work(), cursor="D" * 1510 + "==")
    (following,) = source.read(document(body, first.url)).next
    assert len(following.url) <= 2048


def test_a_cursor_that_is_no_text_does_not_break_reading() -> None:
    (request,) = KDD.read(document(work_list(*[work()] * 4, cursor="\ud800"))).next
    assert request.url.endswith("cursor=%3F")


@pytest.mark.parametrize(
    ("items", "cursor", "url"),
    [
        (3, "next", URL),
        (4, None, URL),
        (4, ["next"], URL),
        (4, "next", "https://api.crossref.org/works?rows=4"),
        (0, "next", URL.replace("rows=4", "rows=0")),
        (4, "next", URL.replace("rows=4", "rows=many")),
    ],
)
def test_paging_ends_at_a_page_that_is_not_full(
    items: int, cursor: object, url: str
) -> None:
    body = work_list(*[work()] * items, cursor=cursor)
    assert KDD.read(document(body, url)).next == ()


def test_works_of_other_venues_are_left_out_of_a_fuzzy_answer() -> None:
    other = {"name": "SIGMOD '25: Management of Data", "acronym": "SIGMOD '25"}
    body = work_list(
        work(),
        work(DOI="10.1145/1.3", event=other, container_title=["PKDDish"]),
        work(DOI="10.1145/1.4", event={}, container_title=["KDD-UC 2025"]),
        work(DOI="10.1145/1.5", event=None, container_title=["Proceedings of KDD"]),
    )
    kept = KDD.read(document(body)).entries
    assert [entry.guid for entry in kept] == ["10.1145/1.2", "10.1145/1.5"]


def test_phrases_to_match_replace_the_venue() -> None:
    source = crossref.Source(venue="TheWebConf", match=("ACM Web Conference", "WWW"))
    event = {"name": "WWW '25: The ACM Web Conference 2025", "acronym": "WWW '25"}
    assert one(source, event=event).venue == "TheWebConf 2025"


def test_an_affiliation_is_checked_in_the_answer() -> None:
    source = crossref.Source(venue="KDD", affiliation="Snap")
    authors = [{"family": "A", "affiliation": [{"name": "Snapshot Labs"}]}]
    body = work_list(work(author=authors), work(author=None))
    assert source.read(document(body)).entries == ()
    authors[0]["affiliation"] = [{"name": "Snap Inc., Santa Monica"}]
    assert one(source, author=authors).authors[0].affiliations == (
        "Snap Inc., Santa Monica",
    )


@pytest.mark.parametrize(
    ("fields", "venue"),
    [
        ({}, "KDD 2025"),
        ({"event": {"name": "KDD \u201926: The 32nd ACM SIGKDD"}}, "KDD 2026"),
        ({"event": {"acronym": ["KDD 2024"]}}, "KDD 2024"),
        ({"event": {"name": "KDD"}}, "KDD 2025"),
        ({"event": {}, "container_title": ["KDD Proceedings"]}, "KDD 2025"),
        ({"container_title": ["Companion Proceedings of KDD"]}, None),
        ({"container_title": "Adjunct Proceedings of KDD"}, None),
        ({"event": {"name": "Workshop at KDD '25"}}, None),
        ({"event": {"name": "KDD-AP '25: x", "acronym": "KDD-AP '25"},
          "container_title": ["ACM KDD in the Asia Pacific"]}, None),
        ({"event": {"name": "KDD"}, "issued": {"date-parts": [[None]]}}, None),
    ],
)  # fmt: skip
def test_the_venue_is_claimed_for_its_own_proceedings_only(
    fields: dict[str, object], venue: str | None
) -> None:
    assert one(KDD, **fields).venue == venue


@pytest.mark.parametrize(
    ("issued", "created", "published"),
    [
        ([2025, 8, 3], "", datetime(2025, 8, 3, tzinfo=UTC)),
        ([2025], "", None),
        ([None], "", None),
        (["2025", "8", "3"], "", None),
        ([2025, 13, 40], "", None),
        ([10**30, 1, 1], "", None),
        ([2025, 8], "2025-07-20T01:02:03Z", datetime(2025, 7, 20, 1, 2, 3, tzinfo=UTC)),
        ([1999], "2025-07-20T01:02:03Z", None),
        ([None], "2025-07-20", datetime(2025, 7, 20, tzinfo=UTC)),
        ([None], "0001-01-01T00:00:00+14:00", None),
    ],
)
def test_a_year_alone_is_no_date(
    issued: list[object], created: str, published: datetime | None
) -> None:
    dates = {"issued": {"date-parts": [issued]}, "created": {"date-time": created}}
    assert one(KDD, **dates).published == published


@pytest.mark.parametrize(
    "fields",
    [
        {"title": []},
        {"title": None},
        {"title": [""]},
        {"title": [7]},
        {"DOI": None},
        {"DOI": "not a doi"},
        {"title": ["Session details: Recommendation"]},
        {"title": ["Proceedings of the 31st Conference"], "author": []},
        {"title": ["Organizing committee"], "author": None},
    ],
)
def test_what_is_no_paper_is_skipped(fields: dict[str, object]) -> None:
    good = work(DOI="10.1145/9.9")
    body = work_list(None, 3, [], work(**fields), good)
    assert [e.guid for e in KDD.read(document(body)).entries] == ["10.1145/9.9"]


def test_a_title_without_authors_is_still_a_paper() -> None:
    assert one(title=["Preferences in Ranking"], author=[]).authors == ()


def test_titles_lose_markup_and_gain_the_subtitle_that_stands_apart() -> None:
    found = one(title=["Fast <i>k</i>NN &amp; Co"], subtitle=["A &lt; B"])
    assert found.title == "Fast kNN & Co: A < B"
    assert one(title=["Why?"], subtitle=["Because"]).title == "Why? Because"
    assert one(title=["One: Two"], subtitle=["Two"]).title == "One: Two"


def test_authors_may_be_groups_and_lack_parts() -> None:
    authors = [
        {"given": "Ada", "family": "Lovelace", "affiliation": [{"name": "A &amp; B"}]},
        {"family": "Sukarno", "affiliation": [None, {}, {"name": 7}]},
        {"name": "The Consortium"},
        {"given": None, "affiliation": "x"},
        {"family": "Dio", "affiliation": [{"name": "A", "id": [{"id-type": "ISNI"}]}]},
        {"family": "Eve", "affiliation": [{"name": "A", "id": [ROR]}, {"id": [ROR]}]},
        None,
    ]
    assert [(a.name, a.affiliations) for a in one(author=authors).authors] == [
        ("Ada Lovelace", ("A & B",)),
        ("Sukarno", ()),
        ("The Consortium", ()),
        ("Dio", ("A",)),
        ("Eve", ("A, https://ror.org/012345678", "https://ror.org/012345678")),
    ]


def test_an_abstract_loses_its_markup_and_heading() -> None:
    jats = (
        "<jats:sec><jats:title>Background</jats:title><jats:p>One &lt; two.</jats:p>"
        "</jats:sec><jats:p>Three<script>alert(1)</script></jats:p>"
    )
    assert one(abstract=jats).summary == "Background One < two. Three"


def test_a_doi_with_odd_characters_has_a_sound_address() -> None:
    found = one(DOI="10.1145/(SICI)1097<1:A>2#X?")
    assert found.url == "https://doi.org/10.1145/(sici)1097%3C1:a%3E2%23x%3F"


@pytest.mark.parametrize(
    ("body", "error", "words"),
    [
        (b"", ReadError, "empty"),
        (b"Rate exceeded.", RateLimited, "Rate"),
        (b"<html><title>Just a moment...</title></html>", Blocked, "bot check"),
        (b"Resource not found.", ReadError, "broken JSON"),
        (b"[]", ReadError, "another answer"),
        (b'{"message-type": "journal", "message": {}}', ReadError, "another answer"),
        (b'{"message-type": "work-list", "message": []}', ReadError, "without items"),
        (
            b'{"message-type": "work-list", "message": {"items": null}}',
            ReadError,
            "without",
        ),
        (
            b'{"status": "failed", "message-type": "resource-failure",'
            b' "message": [{"type": "cursor-invalid", "message": "Cursor not valid"}]}',
            ReadError,
            "Cursor not valid",
        ),
    ],
)
def test_a_document_that_is_no_list_of_works_has_a_named_error(
    body: bytes, error: type[SourceError], words: str
) -> None:
    with pytest.raises(error, match=words):
        KDD.read(document(body))


def test_the_answer_for_one_doi_is_a_list_of_one() -> None:
    url = "https://api.crossref.org/works/10.1145/1.2"
    answer = {"status": "ok", "message-type": "work", "message": work()}
    page = KDD.read(document(json.dumps(answer).encode(), url))
    assert [entry.ids for entry in page.entries] == [("doi:10.1145/1.2",)]
    assert page.next == ()


WRONG: tuple[object, ...] = (
    None,
    True,
    7,
    -(10**40),
    float("inf"),
    "",
    "\ud800",
    "//[",
    [],
    {},
    [None],
)
ODD: tuple[object, ...] = (
    [[["x"]]],
    {"name": {}},
    "x" * 3000,
    "0000-99-99T99:99",
    "&#xD800;<",
)
JUNK = st.sampled_from([*WRONG, *ODD])


def changed(value: object, junk: dict[int, object], places: Iterator[int]) -> object:
    """Return a JSON value with some of its parts, counted from outside, replaced."""
    place = next(places)
    if place in junk:
        return junk[place]
    if isinstance(value, dict):
        return {name: changed(part, junk, places) for name, part in value.items()}
    if isinstance(value, list):
        return [changed(part, junk, places) for part in value]
    return value


@settings(derandomize=True, max_examples=150, database=None, deadline=None)
@given(st.dictionaries(st.integers(1, 300), JUNK, min_size=1, max_size=12))
def test_no_value_of_a_wrong_type_breaks_reading(junk: dict[int, object]) -> None:
    value = changed(json.loads(EXAMPLE), junk, count())
    body = json.dumps(value).encode()
    try:
        found = KDD.read(document(body)).entries
    except ReadError:
        assert not re.search(rb'"work-list".*"items": \[', body)
        return
    for entry in found:
        assert entry.title
        assert entry.ids
        repr(entry).encode()
        assert entry.url is None or entry.url.startswith("https://doi.org/10.")
