from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.server import Route, Site
from tracker.core.values import Document, Entry, Window
from tracker.errors import Blocked, RateLimited, ReadError, SourceError
from tracker.fetch import Door, Limits
from tracker.sources import pmlr

EXAMPLE = (Path(__file__).parent / "examples/pmlr.yaml").read_bytes()
SITE = "https://proceedings.mlr.press"
FRONT = f"{SITE}/#2026,2025,2024"
LIST = f"{SITE}/v235/assets/bib/citeproc.yaml"
NOW = datetime(2026, 11, 24, tzinfo=UTC)
ICML = pmlr.Source(venue="ICML")
VOLUMES = """<!DOCTYPE html><html><title>PMLR</title>
<ul>
<li><a href="v306"><b>Volume 306</b></a> Proceedings of ICML 2026 </li>
<li><a href='/v267/'>Volume 267</a> Proceedings of ICML 2025</li>
<li><a href="https://proceedings.mlr.press/v235"><b>Volume 235</b></a>
 Proceedings of ICML 2024</li>
<li><a href="v251"><b>Volume 251</b></a> Proceedings of GRaM at ICML 2024</li>
<li><a href="v202"><b>Volume 202</b></a> Proceedings of ICML 2023</li>
<li><a href="v270"><b>Volume 270</b></a> Proceedings of The CoRL 2024.</li>
</ul></html>"""
RECORD = "- title: A Paper\n  id: a24a\n  volume: 235\n"


def document(body: bytes | str, url: str = LIST) -> Document:
    body = body.encode() if isinstance(body, str) else body
    return Document(requested=url, url=url, status=200, body=body, fetched_at=NOW)


def one(fields: str = "", url: str = LIST) -> Entry:
    (entry,) = ICML.read(document(RECORD + fields, url)).entries
    return entry


def test_the_front_page_is_asked_for_and_leads_to_this_year_and_two_before() -> None:
    (front,) = ICML.first(Window(NOW, NOW))
    assert front.url == FRONT
    page = ICML.read(document(VOLUMES, FRONT))
    assert page.entries == ()
    assert [request.url for request in page.next] == [
        f"{SITE}/v306/assets/bib/citeproc.yaml#2026",
        f"{SITE}/v267/assets/bib/citeproc.yaml#2025",
        f"{SITE}/v235/assets/bib/citeproc.yaml#2024",
    ]
    assert all(request.may_be_missing for request in page.next)


def test_a_year_that_is_not_out_yet_is_no_shortfall_but_an_unknown_name_is() -> None:
    late = ICML.model_copy(update={"years": (2027,)})
    page = late.read(document(VOLUMES, late.first(Window(NOW, NOW))[0].url))
    assert (page.next, page.shortfall) == ((), "")
    typo = pmlr.Source(venue="ICLM").read(document(VOLUMES, FRONT))
    assert typo.shortfall == "no volume is called 'ICLM'"


def test_a_conference_may_be_listed_under_other_names() -> None:
    source = pmlr.Source(venue="Robot Learning", match=("CoRL", "C.RL"))
    (request,) = source.read(document(VOLUMES, FRONT)).next
    assert request.url.endswith("/v270/assets/bib/citeproc.yaml#2024")


def test_volumes_and_an_endpoint_replace_the_rule() -> None:
    local = pmlr.Source(
        venue="ICML", endpoint="http://127.0.0.1/", volumes={2024: 235, 2023: 202}
    )
    assert [request.url for request in local.first(Window(NOW, NOW))] == [
        "http://127.0.0.1/v235/assets/bib/citeproc.yaml#2024",
        "http://127.0.0.1/v202/assets/bib/citeproc.yaml#2023",
    ]


def test_what_a_fragment_tells_us_no_server_sees(tmp_path: Path) -> None:
    routes: dict[str, Route] = {"/": (200, {}, VOLUMES.encode()),
              "/v267/assets/bib/citeproc.yaml": (200, {}, EXAMPLE)}  # fmt: skip
    with Site(routes) as site:
        limits = Limits(
            user_agent="t", per_host_delay=0.0, allow_private_addresses=True
        )
        door = Door(limits, tmp_path, lambda: NOW)
        source = pmlr.Source(venue="ICML", endpoint=site.url, years=(2025,))
        (front,) = source.first(Window(NOW, NOW))
        (volume,) = source.read(door(front)).next
        found = source.read(door(volume)).entries
        door.close()
        assert site.paths() == ["/", "/v267/assets/bib/citeproc.yaml"]
    assert {entry.venue for entry in found} == {"ICML 2025"}


def test_papers_are_read_with_their_links_and_ids() -> None:
    first, second = ICML.read(document(EXAMPLE)).entries
    assert first.guid == "v235/zhai24a"
    assert first.url == f"{SITE}/v235/zhai24a.html"
    assert first.ids == ("openreview:xye7iNsgXn",)
    assert first.links[0].endswith("/assets/zhai24a/zhai24a.pdf")
    assert first.summary.endswith("gains from $10^{12}$ parameters where $n<m$ & more.")
    assert first.published == datetime(2024, 7, 8, tzinfo=UTC)
    assert first.venue == "ICML 2024"
    assert [author.name for author in second.authors] == [
        "Alec Radford",
        "Jong Wook Kim",
    ]
    assert second.summary.endswith(
        "so that a class need only be named to be told apart."
    )
    assert second.published == datetime(2021, 7, 1, tzinfo=UTC)


def test_the_year_asked_for_goes_before_that_of_publication() -> None:
    issued = "  issued: {date-parts: [2025, 1, 12]}\n"
    assert one(issued, f"{LIST}#2024").venue == "ICML 2024"
    assert one(issued).venue == "ICML 2025"
    assert one("", LIST).venue is None
    assert pmlr.Source.at(LIST).read(document(EXAMPLE)).entries[0].venue is None


@pytest.mark.parametrize(
    "issued",
    ["", "x", "[]", "{date-parts: 2024}", "{date-parts: [2024]}", "{date-parts: [[]]}",
     "{date-parts: [2024, 13, 1]}", "{date-parts: [0, 1, 1]}",
     "{date-parts: [10000000000, 1, 1]}", "{date-parts: [9999, 1, 1]}"],
)  # fmt: skip
def test_a_year_alone_is_no_date(issued: str) -> None:
    assert one(f"  issued: {issued}\n").published is None


def test_scalars_are_texts_whatever_yaml_calls_them() -> None:
    body = (
        "- {title: No, id: 12, volume: 'v9', abstract: 2024-01-01, author: {family: ~}}"
    )
    (found,) = ICML.read(document(body)).entries
    assert (found.title, found.guid, found.summary) == ("No", "v9/12", "2024-01-01")
    assert found.authors[0].name == "~"


def test_control_characters_and_line_ends_of_other_systems_are_no_obstacle() -> None:
    body = RECORD.replace("A Paper", "A \x08\x00\x1b\ufeff\x85\u2028Paper") + RECORD
    first, second = ICML.read(document(body.replace("\n", "\r\n"))).entries
    assert first.title == second.title == "A Paper"


def test_a_broken_record_is_told_and_costs_no_other() -> None:
    body = f'{RECORD}- title: "not closed\n  id: b\n- just text\n{RECORD}'
    page = ICML.read(document(body))
    assert len(page.entries) == 2
    assert page.shortfall == "2 of 4 records are broken"


@pytest.mark.parametrize(
    "record",
    ["- title: A\n  id: b/c\n  volume: 1\n", "- id: b\n  volume: 1\n",
     "- title: ' '\n  id: b\n  volume: 1\n", "- title: [A]\n  id: {}\n",
     "- title: A\n"],
)  # fmt: skip
def test_a_record_without_a_title_or_a_name_is_skipped(record: str) -> None:
    page = ICML.read(document(record + RECORD))
    assert [entry.guid for entry in page.entries] == ["v235/a24a"]
    assert page.shortfall == ""


@pytest.mark.parametrize(
    "record",
    ["- &a [*a]", "- title: &a x\n  id: *a", "- {a: &b [x, x], c: [*b, *b, *b]}",
     f"- {'[' * 50}{']' * 50}", f"- title: {'x' * 200_001}", "- !!python/name:os",
     "- {? [a] : b", "-\n  <<: *x"],
)  # fmt: skip
def test_aliases_depth_and_length_are_refused(record: str) -> None:
    page = ICML.read(document(f"{RECORD}{record}\n"))
    assert len(page.entries) == 1
    assert page.shortfall == "1 of 2 records are broken"


def test_a_list_without_bounds_is_refused() -> None:
    with pytest.raises(ReadError, match="more than 50,000 records"):
        ICML.read(document("- a\n" * 50_001))


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("", ReadError),
        ("[]", ReadError),
        ("error: offline", ReadError),
        ("- a\n- b\n", ReadError),
        ("<ul></ul>", ReadError),
        ("Rate exceeded.", RateLimited),
        ("<!doctype html><title>Just a moment...</title>", Blocked),
    ],
)
def test_a_document_that_is_no_list_has_a_named_error(
    body: str, error: type[SourceError]
) -> None:
    with pytest.raises(error, match=r"proceedings\.mlr\.press"):
        ICML.read(document(body))


PIECES = st.sampled_from(
    [b"", b"- ", b"\n- ", b": ", b"'", b'"', b"|", b">", b"&a ", b"*a", b"[", b"{",
     b"\x00", b"\xff", b"!!int ", b"%", b"@", b"`", b"\t", b"---\n", b"?", b"\n"]
)  # fmt: skip


@settings(derandomize=True, max_examples=300, database=None, deadline=None)
@given(st.integers(0, len(EXAMPLE)), st.integers(0, 40), PIECES)
def test_no_damage_to_a_list_raises_anything_but_a_source_error(
    start: int, length: int, piece: bytes
) -> None:
    body = EXAMPLE[:start] + piece + EXAMPLE[start + length :]
    try:
        found = ICML.read(document(body)).entries
    except SourceError:
        return
    for entry in found:
        assert entry.title
        assert entry.guid
        repr(entry).encode()
