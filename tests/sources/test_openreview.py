import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from pydantic import SecretStr

from tests.sources.damage import JUNK, damaged
from tracker.core.values import Document, Entry, Window
from tracker.errors import Blocked, RateLimited, ReadError, SourceError
from tracker.sources import openreview

EXAMPLE = (Path(__file__).parent / "examples/openreview.json").read_bytes()
API = "https://api2.openreview.net"
ACCEPTED = "NeurIPS.cc/2023/Conference"
URL = f"{API}/notes?content.venueid=NeurIPS.cc%2F2023%2FConference&limit=2&offset=4"
NOW = datetime(2026, 11, 24, tzinfo=UTC)
WINDOW = Window(NOW, NOW)
NEURIPS = openreview.Source(group="NeurIPS.cc", venue="NeurIPS")


def document(body: bytes, url: str = URL) -> Document:
    return Document(requested=url, url=url, status=200, body=body, fetched_at=NOW)


def notes(*found: object) -> bytes:
    return json.dumps({"notes": found, "count": len(found)}).encode()


def note(name: object = "abcdefghij", **content: object) -> dict[str, object]:
    stated = {"title": "A Paper", "venueid": ACCEPTED} | content
    wrapped = {field: {"value": value} for field, value in stated.items()}
    return {"id": name, "forum": name, "content": wrapped}


def one(found: dict[str, object]) -> Entry:
    (entry,) = NEURIPS.read(document(notes(found))).entries
    return entry


def test_this_year_and_the_two_before_are_asked_for() -> None:
    asked = [parse_qs(urlsplit(r.url).query) for r in NEURIPS.first(WINDOW)]
    assert [query["content.venueid"] for query in asked] == [
        ["NeurIPS.cc/2026/Conference"],
        ["NeurIPS.cc/2025/Conference"],
        ["NeurIPS.cc/2024/Conference"],
    ]
    assert asked[0]["limit"] == ["1000"]
    assert all(request.may_be_missing for request in NEURIPS.first(WINDOW))


def test_an_endpoint_a_track_and_years_replace_the_rule() -> None:
    local = openreview.Source(
        group="ICLR.cc", venue="ICLR", track="Workshop/X", years=(2025,),
        endpoint="http://127.0.0.1/",
    )  # fmt: skip
    (request,) = local.first(WINDOW)
    assert request.url == (
        "http://127.0.0.1/notes?content.venueid=ICLR.cc%2F2025%2FWorkshop%2FX"
        "&limit=1000&offset=0"
    )


def test_a_token_goes_along_and_is_never_shown() -> None:
    source = NEURIPS.model_copy(update={"token": SecretStr("geheim")})
    requests = (*source.first(WINDOW), *source.read(document(EXAMPLE)).next)
    assert [request.token for request in requests] == ["geheim"] * 4
    assert "geheim" not in repr((source, requests))
    assert {request.token for request in NEURIPS.first(WINDOW)} == {None}


def test_papers_are_read_from_their_wrapped_values() -> None:
    first, second = NEURIPS.read(document(EXAMPLE)).entries
    assert first.guid == "HPuSIXJaa9"
    assert first.url == "https://openreview.net/forum?id=HPuSIXJaa9"
    assert first.ids == ("openreview:HPuSIXJaa9",)
    assert first.links == ("https://openreview.net/pdf/5f9b8a0c.pdf",)
    assert first.summary.endswith(r"where $\beta<1$, with no reward model of its own.")
    assert first.authors[4].name == "Stefano Ermon"
    assert first.categories[1] == "language models"
    assert first.published == datetime(2023, 9, 21, 6, tzinfo=UTC)
    assert second.published == datetime(2023, 5, 12, 3, 41, 40, tzinfo=UTC)
    assert {entry.venue for entry in (first, second)} == {"NeurIPS 2023"}


@pytest.mark.parametrize(
    "venueid",
    [f"{ACCEPTED}/Rejected_Submission", f"{ACCEPTED}/Withdrawn_Submission",
     f"{ACCEPTED}/Submission", "NeurIPS.cc/2023/Workshop", "", None],
)  # fmt: skip
def test_what_was_not_accepted_is_left_out(venueid: str | None) -> None:
    body = notes(note(venueid=venueid), note("accepted-1"))
    assert [e.guid for e in NEURIPS.read(document(body)).entries] == ["accepted-1"]


def test_a_preview_reads_all_notes_and_flat_values_too() -> None:
    url = f"{API}/notes/search?term=x"
    flat = {"id": "abcdefghij", "content": {"title": "Old", "authors": ["A", 3, "B"]}}
    preview = openreview.Source.at(url)
    assert [request.url for request in preview.first(WINDOW)] == [url]
    (found,) = preview.read(document(notes(flat), url)).entries
    assert (found.title, found.venue) == ("Old", None)
    assert [author.name for author in found.authors] == ["A", "B"]


def test_a_full_page_is_followed_by_the_next() -> None:
    (following,) = NEURIPS.read(document(EXAMPLE)).next
    assert parse_qs(urlsplit(following.url).query)["offset"] == ["6"]
    assert NEURIPS.read(document(notes(note()))).next == ()
    assert NEURIPS.read(document(EXAMPLE, URL.replace("=4", "=x"))).next == ()


@pytest.mark.parametrize("name", ["", "a/b", "short", "x" * 21, None, 7])
def test_a_note_without_a_title_or_a_sound_id_is_skipped(name: object) -> None:
    body = notes(None, 3, note(name), note("no-title-1", title=" "), note())
    assert [e.guid for e in NEURIPS.read(document(body)).entries] == ["abcdefghij"]


@pytest.mark.parametrize("pdate", [True, 10**40, -(10**40), "1695276000000", 0])
def test_a_time_that_makes_no_sense_is_none(pdate: object) -> None:
    assert one(note() | {"pdate": pdate}).published is None


@pytest.mark.parametrize(
    ("body", "error", "words"),
    [
        (b"", ReadError, "empty"),
        (b"<html><title>Just a moment...</title></html>", Blocked, "bot check"),
        (b"{}", ReadError, "another answer"),
        (b'{"notes": {}}', ReadError, "no notes"),
        (b'{"name": "ChallengeRequiredError", "message": "x"}', Blocked, "Challenge"),
        (b'{"name": "ForbiddenError", "message": "x"}', Blocked, "Forbidden"),
        (b'{"name": "RateLimitError", "message": "x"}', RateLimited, "RateLimit"),
        (b'{"name": "NotFoundError", "message": "y"}', ReadError, "NotFoundError y"),
    ],
)
def test_a_document_that_is_no_list_of_notes_has_a_named_error(
    body: bytes, error: type[SourceError], words: str
) -> None:
    with pytest.raises(error, match=words):
        NEURIPS.read(document(body))


@pytest.mark.recorded
def test_a_recorded_answer_is_read(recorded: Path) -> None:
    folder = recorded / "conferences/api/openalex_dblp_openreview"
    url = f"{API}/notes/search?term=x"
    body = (folder / "openreview_notes_search.json").read_bytes()
    found = openreview.Source.at(url).read(document(body, url)).entries
    assert [entry.guid for entry in found] == ["k7l7p1yVZj", "s7kNuWIB09"]
    assert all(len(entry.authors) == 5 for entry in found)


@settings(derandomize=True, max_examples=150, database=None, deadline=None)
@given(JUNK)
def test_no_value_of_a_wrong_type_breaks_reading(junk: dict[int, object]) -> None:
    body = json.dumps(damaged(json.loads(EXAMPLE), junk)).encode()
    try:
        found = openreview.Source.at(API).read(document(body, API)).entries
    except SourceError:
        return
    for entry in found:
        assert entry.title
        assert entry.url
        repr(entry).encode()
