"""Semantic Scholar: which papers it is asked about, and what it tells of them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from pydantic import SecretStr

from tests.sources.damage import JUNK, damaged
from tracker.core.values import Document, SignalName, Window
from tracker.errors import ReadError
from tracker.sources.semantic_scholar import Source

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://api.semanticscholar.org/graph/v1/paper/batch"
EXAMPLE = Path(__file__).parent / "examples/semantic_scholar.json"


def window(*ids: str) -> Window:
    return Window(NOW - timedelta(days=180), NOW, ids)


def document(body: bytes) -> Document:
    return Document(URL, URL, 200, body, NOW)


def test_all_ids_are_asked_about_in_one_post() -> None:
    (request,) = Source().first(window("arxiv:1706.03762", "doi:10.1145/1.2"))
    assert request.url.startswith(f"{URL}?fields=externalIds%2Ctitle")
    assert request.body is not None
    assert json.loads(request.body) == {"ids": ["ARXIV:1706.03762", "DOI:10.1145/1.2"]}
    assert request.token is None


def test_a_request_asks_about_500_papers_and_a_visit_about_2000_at_most() -> None:
    ids = tuple(f"arxiv:2601.{n:05}" for n in range(3000))
    bodies = [json.loads(one.body or b"") for one in Source().first(window(*ids))]
    assert [len(body["ids"]) for body in bodies] == [500] * 4
    assert bodies[0]["ids"][0] == "ARXIV:2601.00000"
    few = Source(rows=2, most=3).first(window(*ids))
    assert [len(json.loads(one.body or b"")["ids"]) for one in few] == [2, 1]


def test_when_nothing_was_kept_nothing_is_asked() -> None:
    assert Source().first(window()) == ()


def test_a_key_goes_into_the_header_that_it_is_for() -> None:
    source = Source(token=SecretStr("geheim"))
    (request,) = source.first(window("arxiv:1706.03762"))
    assert (request.token, request.token_header) == ("geheim", "x-api-key")
    assert "geheim" not in repr(source) + repr(request)


def test_a_paper_tells_its_counts_its_summary_and_its_ids() -> None:
    attention, graphs = Source().read(document(EXAMPLE.read_bytes())).entries
    assert attention.ids == ("arxiv:1706.03762",)
    assert {signal.name: signal.value for signal in attention.signals} == {
        SignalName.CITATIONS: "100000",
        SignalName.INFLUENTIAL: "15000",
        SignalName.TLDR: "A simple architecture of our own words.",
    }
    assert graphs.ids == ("arxiv:1806.01973", "doi:10.1145/3219819.3219890")
    assert [(s.name, s.value) for s in graphs.signals] == [(SignalName.CITATIONS, "35")]


def test_an_id_or_a_summary_is_never_longer_than_one_may_be() -> None:
    paper = {
        "paperId": "1",
        "externalIds": {"ArXiv": "1706.03762", "DOI": f"10.1145/{'x' * 3000}\ud800"},
        "tldr": {"text": "word " * 1000},
    }
    (entry,) = Source().read(document(json.dumps([paper]).encode())).entries
    assert entry.ids == ("arxiv:1706.03762",)
    (summary,) = entry.signals
    assert len(summary.value) == 599


def test_an_answer_that_knows_none_of_them_is_sound() -> None:
    assert Source().read(document(b"[null, null]")).entries == ()


@pytest.mark.parametrize(
    "body", [b'{"error": "No valid paper ids given"}', b"[]", b"[1]", b'[{"id": "x"}]']
)
def test_an_error_in_place_of_the_list_is_told(body: bytes) -> None:
    with pytest.raises(ReadError, match=r"no list of papers(: No valid|$)"):
        Source().read(document(body))


@settings(derandomize=True, max_examples=150, database=None, deadline=None)
@given(JUNK)
def test_no_value_of_a_wrong_type_breaks_reading(junk: dict[int, object]) -> None:
    body = json.dumps(damaged(json.loads(EXAMPLE.read_bytes()), junk)).encode()
    try:
        found = Source().read(document(body)).entries
    except ReadError:
        return
    for entry in found:
        assert entry.ids
        repr(entry).encode()


@pytest.mark.recorded
@pytest.mark.parametrize(
    ("name", "papers"), [("get_papers", 0), ("get_papers_not_found_warning", 3)]
)
def test_recorded_batches_are_read(recorded: Path, name: str, papers: int) -> None:
    """The first was asked for authors only, and names no paper as we do."""
    file = recorded / f"conferences/api/semantic_scholar/test_{name}_0.json"
    found = Source().read(document(file.read_bytes())).entries
    assert len(found) == papers
    assert all(entry.ids[0].startswith("doi:10.") for entry in found)
    counts = [s for e in found for s in e.signals if s.name is SignalName.CITATIONS]
    assert all(int(signal.value) > 1000 for signal in counts)
    assert bool(counts) == bool(papers)


@pytest.mark.recorded
@pytest.mark.parametrize("name", ["bad_query_parameters", "debug", "not_found"])
def test_recorded_errors_are_refused(recorded: Path, name: str) -> None:
    file = recorded / f"conferences/api/semantic_scholar/test_{name}_0.json"
    with pytest.raises(ReadError, match="no list of papers"):
        Source().read(document(file.read_bytes()))
