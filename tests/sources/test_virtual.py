import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.core.values import Document, Entry, Page, Window
from tracker.errors import Blocked, RateLimited, ReadError, SourceError
from tracker.sources import virtual

EXAMPLE = (Path(__file__).parent / "examples/virtual.json").read_bytes()
LIST = "https://neurips.cc/static/virtual/data/neurips-2023-orals-posters.json"
NOW = datetime(2026, 11, 24, tzinfo=UTC)
NEURIPS = virtual.Source(conference="neurips", host="neurips.cc", venue="NeurIPS")


def document(body: bytes, url: str = LIST, now: datetime = NOW) -> Document:
    return Document(requested=url, url=url, status=200, body=body, fetched_at=now)


def listed(*events: object) -> bytes:
    return json.dumps({"count": len(events), "results": events}).encode()


def event(**fields: object) -> dict[str, object]:
    paper = {
        "id": 1,
        "uid": "a1",
        "name": "A Paper",
        "eventtype": "Poster",
        "decision": "Accept (poster)",
        "virtualsite_url": "/virtual/2023/poster/1",
    }
    return paper | fields


def entries(*events: object) -> tuple[Entry, ...]:
    return NEURIPS.read(document(listed(*events))).entries


def test_the_list_of_the_year_and_the_year_before_are_asked_for() -> None:
    asked = NEURIPS.first(Window(NOW, NOW))
    assert [request.url[-30:] for request in asked] == [
        "neurips-2026-orals-posters.json"[-30:],
        "neurips-2025-orals-posters.json"[-30:],
    ]
    assert all(request.may_be_missing for request in asked)


def test_an_endpoint_and_years_replace_the_rule() -> None:
    local = NEURIPS.model_copy(
        update={"endpoint": "http://127.0.0.1:8000/", "years": (2023,)}
    )
    (request,) = local.first(Window(NOW, NOW))
    assert request.url == LIST.replace("https://neurips.cc", "http://127.0.0.1:8000")


def test_a_preview_asks_for_the_one_list_it_was_given() -> None:
    preview = virtual.Source.at(LIST)
    assert [request.url for request in preview.first(Window(NOW, NOW))] == [LIST]
    assert {e.venue for e in preview.read(document(EXAMPLE)).entries} == {
        "NEURIPS 2023"
    }


def test_oral_and_poster_of_a_paper_are_one_entry() -> None:
    page = NEURIPS.read(document(EXAMPLE))
    assert [entry.title.split(":")[0] for entry in page.entries] == [
        "Direct Preference Optimization",
        "QLoRA",
        "Toolformer",
    ]
    first = page.entries[0]
    assert first.guid == "9c1b47a1c1d84f3d97d3be7f1f3ce6a1"
    assert first.url == "https://neurips.cc/virtual/2023/poster/71865"
    assert first.ids == ("openreview:HPuSIXJaa9",)
    assert first.venue == "NeurIPS 2023"
    assert first.published == datetime(2023, 12, 14, 16, tzinfo=UTC)


def test_an_oral_without_a_uid_is_known_by_its_title() -> None:
    oral = event(id=2, uid=None, name="A  paper", eventtype="Oral", abstract="Short.")
    (found,) = entries(oral, event())
    assert (found.guid, found.title, found.summary) == ("a1", "A Paper", "Short.")


def test_papers_of_one_title_and_different_uids_stay_apart() -> None:
    assert len(entries(event(), event(id=2, uid="b2"))) == 2


def test_institutions_become_affiliations_and_empty_ones_none() -> None:
    found = NEURIPS.read(document(EXAMPLE)).entries[1].authors
    assert [(a.name, a.affiliations) for a in found] == [
        ("Tim Dettmers", ("University of Washington",)),
        ("Artidoro Pagnoni", ()),
        ("Ari Holtzman", ()),
        ("Luke Zettlemoyer", ("University of Washington; Meta",)),
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {
            "sourceurl": "https://openreview.net/group?id=NeurIPS.cc/2023/Workshop/ATTRIB"
        },
        {"eventtype": "Tutorial", "decision": None},
        {"eventtype": "Invited Talk", "decision": None},
        {"eventtype": "", "decision": None},
        {"eventtype": "Doctoral Consortium"},
        {"eventtype": "Poster Session"},
        {"sourceurl": "https://openreview.net/group?id=TMLR"},
        {"decision": "Reject"},
        {"decision": "Withdrawn"},
        {"visible": False},
        {"name": "<b> </b>"},
        {"name": None},
    ],
)
def test_what_is_no_accepted_paper_of_the_conference_is_left_out(
    fields: dict[str, object],
) -> None:
    assert entries(event() | fields) == ()


@pytest.mark.parametrize(
    "fields",
    [
        {"decision": None, "eventtype": "Spotlight Poster"},
        {"decision": "Accept (regular)", "eventtype": None},
        {"decision": "poster"},
        {"sourceurl": "https://openreview.net/group?id=NeurIPS.cc/2023/Conference"},
        {"sourceurl": "…/NeurIPS.cc/2023/Track/Datasets_and_Benchmarks"},
    ],
)
def test_a_paper_with_fields_missing_is_kept(fields: dict[str, object]) -> None:
    assert len(entries(event() | fields)) == 1


def test_a_list_not_published_yet_is_an_empty_page() -> None:
    assert NEURIPS.read(document(b'{"count": 0, "results": []}')) == Page(())


def test_a_presentation_still_to_come_is_no_date_of_publication() -> None:
    ahead = event(starttime="2023-12-14T10:00:00-06:00")
    page = NEURIPS.read(document(listed(ahead), now=datetime(2023, 11, 1, tzinfo=UTC)))
    assert page.entries[0].published is None


def test_a_time_without_an_offset_counts_as_utc() -> None:
    (found,) = entries(event(starttime="2023-12-14T10:00:00"))
    assert found.published == datetime(2023, 12, 14, 10, tzinfo=UTC)


def test_entities_are_decoded_tags_dropped_and_tex_kept() -> None:
    (found,) = entries(
        event(name="A &amp; B", abstract="If $a<b$ and $c>d$, then &lt;.", topic="X->Y")
    )
    assert (found.title, found.categories) == ("A & B", ("X->Y",))
    assert found.summary == "If $a<b$ and $c>d$, then <."
    (marked,) = entries(
        event(abstract="<P class=x>One<script>x</script></p><p>two</p>")
    )
    assert marked.summary == "One two"


def test_media_that_are_papers_give_ids_and_others_no_links() -> None:
    media = [
        {"uri": "https://openreview.net/pdf?id=Yacmpz84TH"},
        {"uri": "http://arxiv.org/abs/2302.04761v1"},
        {"uri": "https://slideslive.com/1"},
        {"uri": "javascript:alert(1)"},
        None,
    ]
    (found,) = entries(event(eventmedia=media, paper_pdf_url="/media/1.pdf"))
    assert found.ids == ("openreview:Yacmpz84TH", "arxiv:2302.04761")
    assert found.links[0] == "https://neurips.cc/media/1.pdf"
    assert len(found.links) == 3


def test_a_bad_record_is_skipped_and_the_others_are_kept() -> None:
    junk: tuple[object, ...] = (
        None,
        7,
        "text",
        [],
        {},
        {"name": ["A"]},
        {"name": {}, "uid": []},
    )
    (found,) = entries(
        *junk, event(authors=[None, 3, {"fullname": 5}], keywords=[1, "k"])
    )
    assert [author.name for author in found.authors] == ["5"]
    assert found.categories == ("k",)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", ReadError),
        (b"[]", ReadError),
        (b'{"count": 3}', ReadError),
        (b'{"results": {}}', ReadError),
        (b"Rate exceeded.", RateLimited),
        (b"<!doctype html><title>Just a moment...</title>", Blocked),
        (EXAMPLE[: len(EXAMPLE) // 2], ReadError),
    ],
)
def test_a_document_that_is_no_list_has_a_named_error(
    body: bytes, error: type[SourceError]
) -> None:
    with pytest.raises(error, match=r"neurips\.cc"):
        NEURIPS.read(document(body))


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
    {"uri": {}},
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
        found = NEURIPS.read(document(body)).entries
    except ReadError:
        assert not re.search(rb'"results": \[', body)
        return
    for entry in found:
        assert entry.title
        assert entry.guid
        repr(entry).encode()
        assert all(
            link.startswith("http") for link in (entry.url, *entry.links) if link
        )
