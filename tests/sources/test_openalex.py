import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from pydantic import SecretStr, ValidationError

from tests.sources.damage import JUNK, damaged
from tracker.core.values import Document, Entry, Request, Window
from tracker.errors import Blocked, RateLimited, ReadError, SourceError
from tracker.sources import openalex

EXAMPLE = (Path(__file__).parent / "examples/openalex.json").read_bytes()
API = "https://api.openalex.org"
URL = f"{API}/works?per_page=100&cursor=%2A"
NOW = datetime(2026, 11, 24, tzinfo=UTC)
SINCE = datetime(2026, 8, 26, tzinfo=UTC)
WINDOW = Window(SINCE, NOW)
PINTEREST = openalex.Source(institution_id="I7")
NAMED = openalex.Source(institution="Pinterest")


def document(
    body: bytes, url: str = URL, headers: Mapping[str, str] | None = None
) -> Document:
    return Document(url, url, 200, body, NOW, headers or {})


def answer(*results: object, cursor: object = None) -> bytes:
    meta = {"count": len(results), "next_cursor": cursor}
    return json.dumps({"meta": meta, "results": results}).encode()


def work(**fields: object) -> dict[str, object]:
    paper: dict[str, object] = {
        "id": "https://openalex.org/W1",
        "doi": "https://doi.org/10.1145/1.2",
        "display_name": "A Paper",
        "publication_date": "2026-08-03",
    }
    return paper | fields


def one(source: openalex.Source = PINTEREST, /, **fields: object) -> Entry:
    (entry,) = source.read(document(answer(work(**fields)))).entries
    return entry


def asked(request: Request) -> dict[str, list[str]]:
    return parse_qs(urlsplit(request.url).query)


def place(number: str, name: str, **fields: object) -> dict[str, object]:
    return {"id": f"https://openalex.org/{number}", "display_name": name} | fields


def test_an_id_leads_straight_to_the_works_since() -> None:
    (request,) = PINTEREST.first(WINDOW)
    assert asked(request)["filter"] == [
        "authorships.institutions.lineage:I7,from_publication_date:2026-08-26"
        ",type:article|preprint"
    ]
    assert (asked(request)["cursor"], asked(request)["per_page"]) == (["*"], ["100"])
    assert request.token is None


def test_a_name_is_looked_up_and_leads_to_the_works_of_all_its_branches() -> None:
    (lookup,) = NAMED.first(WINDOW)
    assert lookup.url.startswith(f"{API}/institutions?search=Pinterest&")
    found = answer(
        place("I9", "Pinterest Fan Club"),
        place("I7", "Pinterest (United States)"),
        place("I8", "Pin", display_name_alternatives=["PINTEREST"]),
        place("X1", "Pinterest"),
        None,
    )
    page = NAMED.read(document(found, lookup.url))
    assert page.entries == ()
    assert asked(page.next[0])["filter"] == [
        "authorships.institutions.lineage:I7|I8,from_publication_date:2026-08-26"
        ",type:article|preprint"
    ]


def test_the_ids_of_a_name_are_looked_up_once() -> None:
    (lookup,) = NAMED.first(WINDOW)
    facts = NAMED.read(document(answer(place("I7", "Pinterest")), lookup.url)).facts
    (request,) = NAMED.first(replace(WINDOW, facts=facts))
    assert "lineage:I7,from_publication_date:2026-08-26" in asked(request)["filter"][0]
    other = openalex.Source(institution="Etsy", venue="KDD")
    (second,) = other.first(replace(WINDOW, facts=facts))
    assert second.url.startswith(f"{API}/institutions?search=Etsy&")


def test_remembered_ids_that_are_gone_are_looked_up_again() -> None:
    facts = {"institutions called pinterest": "I7"}
    (request,) = NAMED.first(replace(WINDOW, facts=facts))
    assert request.may_be_missing
    (lookup,) = NAMED.absent(Document(request.url, request.url, 404, b"", NOW))
    assert lookup.url.startswith(f"{API}/institutions?search=Pinterest&")
    (works,) = NAMED.read(document(answer(place("I8", "Pinterest")), lookup.url)).next
    assert "lineage:I8,from_publication_date:2026-08-26" in asked(works)["filter"][0]
    # Those just found, or of feeds.toml, are not looked for a second time.
    assert not works.may_be_missing
    assert not PINTEREST.first(replace(WINDOW, facts=facts))[0].may_be_missing


def test_a_name_that_is_none_is_answered_with_those_there_are() -> None:
    (lookup,) = NAMED.first(WINDOW)
    found = answer(place("I9", "Pinterest Fan Club"))
    with pytest.raises(ReadError, match=r"'Pinterest'; found: Pinterest Fan Club .I9"):
        NAMED.read(document(found, lookup.url))


def test_institution_and_venue_are_looked_up_one_after_the_other() -> None:
    both = openalex.Source(institution="Pinterest", venue="KDD")
    (first,) = both.first(WINDOW)
    (second,) = both.read(document(answer(place("I7", "Pinterest")), first.url)).next
    assert second.url.startswith(f"{API}/sources?search=KDD&")
    kdd = place("S4", "Knowledge Discovery", alternate_titles=["KDD", None])
    (third,) = both.read(document(answer(kdd), second.url)).next
    assert asked(third)["filter"][0].startswith(
        "authorships.institutions.lineage:I7,primary_location.source.id:S4,"
    )


def test_a_source_asks_for_something_and_by_sound_ids() -> None:
    for options in ({}, {"institution_id": "7"}, {"venue_id": "I7"}):
        with pytest.raises(ValidationError):
            openalex.Source.model_validate(options)


def test_a_key_goes_along_with_each_request_and_is_never_shown() -> None:
    source = openalex.Source(institution="Pinterest", token=SecretStr("geheim"))
    (lookup,) = source.first(WINDOW)
    (works,) = source.read(document(answer(place("I7", "Pinterest")), lookup.url)).next
    (more,) = source.read(document(answer(work(), cursor="x"), works.url)).next
    assert [one.token for one in (lookup, works, more)] == ["geheim"] * 3
    assert "geheim" not in repr((source, lookup, works, more))
    assert "geheim" not in lookup.url + works.url + more.url


def test_an_institution_that_is_a_company_is_stated_with_its_id() -> None:
    firm = {
        "display_name": "Acme (Norway)",
        "ror": "https://ror.org/012345678",
        "type": "company",
    }
    university = firm | {"display_name": "Oslo", "type": "education"}
    nameless = firm | {"ror": None}
    stated = {
        "author": {"display_name": "Ada"},
        "raw_affiliation_strings": ["1 High Street"],
        "institutions": [firm, university, nameless],
    }
    (author,) = one(authorships=[stated]).authors
    assert author.affiliations == (
        "1 High Street",
        "Acme (Norway), https://ror.org/012345678",
    )


def test_the_example_is_read_with_affiliations_as_printed() -> None:
    first, second = openalex.Source.at(URL).read(document(EXAMPLE)).entries
    assert first.guid == "W1001"
    assert first.url == "https://doi.org/10.1145/3580305.3599918"
    assert first.ids == ("doi:10.1145/3580305.3599918", "arxiv:2306.00248")
    assert first.summary == "Reads the latest actions of the user as they come."
    assert [author.affiliations for author in first.authors] == [
        ("Pinterest, San Francisco, CA, USA",),
        ("Pinterest (United States)",),
    ]
    assert first.published == datetime(2023, 8, 4, tzinfo=UTC)
    assert first.venue is None
    assert second.title == (
        "OmniSearchSage: Multi-Task Multi-Entity Embeddings for Pinterest Search"
    )
    assert (second.ids, second.summary) == (("arxiv:2404.16260",), "")


def test_works_of_a_venue_carry_its_name_and_year() -> None:
    venue = openalex.Source(venue="KDD", venue_id="S4")
    assert one(venue).venue == "KDD 2026"
    assert one(venue, publication_date=None).venue is None


def test_a_retracted_work_is_withdrawn() -> None:
    assert one(is_retracted=True).withdrawn
    assert not one(is_retracted="yes").withdrawn


@pytest.mark.parametrize(
    "date", ["2027-02-01", "1066-10-14", "2026-13-01", "2026", "", None, 20260803]
)
def test_a_day_that_is_to_come_or_makes_no_sense_is_no_date(date: object) -> None:
    assert one(publication_date=date).published is None


@pytest.mark.parametrize(
    ("index", "text"),
    [
        ({"b": [1], "a": [0, 2]}, "a b a"),
        ({"late": [900], "early": [-1, 3]}, "early early late"),
        ({"a": [True, "1", None, 2.5], "b": 7, "c": [0]}, "c"),
        ([], ""),
    ],
)
def test_an_abstract_is_put_in_order(index: object, text: str) -> None:
    assert one(abstract_inverted_index=index).summary == text


def test_a_small_index_cannot_become_a_large_text() -> None:
    index = {"x" * 5_000: list(range(100_000))}
    assert len(one(abstract_inverted_index=index).summary) <= 20_000


@pytest.mark.parametrize(
    "fields",
    [{"display_name": None}, {"display_name": "<b> </b>"}, {"id": None, "doi": 3}],
)
def test_what_has_no_title_or_no_name_is_skipped(fields: dict[str, object]) -> None:
    body = answer(None, 3, [], work(**fields), work(id="https://openalex.org/W9"))
    assert [e.guid for e in PINTEREST.read(document(body)).entries] == ["W9"]


def test_a_work_without_an_id_is_known_by_its_doi() -> None:
    assert one(id=None).guid == "doi:10.1145/1.2"


def test_pages_follow_by_cursor_until_there_is_none() -> None:
    page = PINTEREST.read(document(answer(work(), cursor="next=+/")))
    assert asked(page.next[0])["cursor"] == ["next=+/"]
    for body in (answer(work()), answer(cursor="x"), answer(work(), cursor=["x"])):
        assert PINTEREST.read(document(body)).next == ()


def test_an_answer_whose_works_are_all_refused_says_so() -> None:
    page = PINTEREST.read(
        document(answer(work(display_name=None), work(id="x", doi=3)))
    )
    assert page.entries == ()
    assert page.shortfall == "none of 2 works has a title and a name"
    for body in (answer(), answer(work(display_name=None), work())):
        assert PINTEREST.read(document(body)).shortfall == ""


@pytest.mark.parametrize(
    ("body", "error", "words"),
    [
        (b"", ReadError, "empty"),
        (b"<html><title>Just a moment...</title></html>", Blocked, "bot check"),
        (b'{"results": {}}', ReadError, "another answer"),
        (b'{"error": "Invalid query", "message": "no \\u001bfield"}', ReadError,
         "Invalid query no field"),
        (b'{"error": "Rate limit exceeded", "message": "Insufficient budget"}',
         RateLimited, "budget"),
    ],
)  # fmt: skip
def test_a_document_that_is_no_list_of_works_has_a_named_error(
    body: bytes, error: type[SourceError], words: str
) -> None:
    with pytest.raises(error, match=words):
        PINTEREST.read(document(body))


@pytest.mark.recorded
def test_a_recorded_work_is_read(recorded: Path) -> None:
    folder = recorded / "conferences/api/openalex_dblp_openreview"
    work = json.loads((folder / "openalex_work_trimmed.json").read_bytes())
    (found,) = PINTEREST.read(document(answer(work | {"display_name": "T"}))).entries
    assert (found.guid, found.ids) == (
        "W2046766973",
        ("doi:10.1371/journal.pone.0000308",),
    )
    assert len(found.authors) == 3


@settings(derandomize=True, max_examples=150, database=None, deadline=None)
@given(JUNK)
def test_no_value_of_a_wrong_type_breaks_reading(junk: dict[int, object]) -> None:
    body = json.dumps(damaged(json.loads(EXAMPLE), junk)).encode()
    try:
        found = PINTEREST.read(document(body)).entries
    except ReadError:
        return
    for entry in found:
        assert entry.title
        assert entry.guid
        repr(entry).encode()
