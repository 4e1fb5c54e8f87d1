from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.core.values import Document, Entry, Page, Window
from tracker.errors import Blocked, RateLimited, ReadError, SourceError
from tracker.sources import cvf

EXAMPLE = (Path(__file__).parent / "examples/cvf.html").read_bytes()
SITE = "https://openaccess.thecvf.com"
LIST = f"{SITE}/CVPR2022?day=all"
NOW = datetime(2026, 11, 24, tzinfo=UTC)
CVPR = cvf.Source(conference="CVPR", venue="CVPR")
HEADING = '<dt class="ptitle"><br><a href="/content/CVPR2022/html/A.html">A Paper</a>'


def document(body: bytes | str, url: str = LIST) -> Document:
    body = body.encode() if isinstance(body, str) else body
    return Document(requested=url, url=url, status=200, body=body, fetched_at=NOW)


def one(markup: str, url: str = LIST) -> Entry:
    (entry,) = CVPR.read(document(markup, url)).entries
    return entry


def test_the_lists_of_this_year_and_the_two_before_are_asked_for() -> None:
    asked = CVPR.first(Window(NOW, NOW))
    assert [request.url for request in asked] == [
        f"{SITE}/CVPR2026?day=all",
        f"{SITE}/CVPR2025?day=all",
        f"{SITE}/CVPR2024?day=all",
    ]
    assert all(request.may_be_missing for request in asked)


def test_an_endpoint_and_years_replace_the_rule() -> None:
    local = cvf.Source(
        conference="ICCV", venue="ICCV", endpoint="http://127.0.0.1/", years=(2023,)
    )
    (request,) = local.first(Window(NOW, NOW))
    assert request.url == "http://127.0.0.1/ICCV2023?day=all"


def test_a_preview_reads_the_one_list_it_was_given() -> None:
    preview = cvf.Source.at(LIST)
    assert [request.url for request in preview.first(Window(NOW, NOW))] == [LIST]
    assert {e.venue for e in preview.read(document(EXAMPLE)).entries} == {"CVPR 2022"}


def test_papers_are_read_with_their_links_and_authors() -> None:
    first, second = CVPR.read(document(EXAMPLE)).entries
    assert first.title == "Masked Autoencoders Are Scalable Vision Learners"
    assert first.guid == (
        "/content/CVPR2022/html/"
        "He_Masked_Autoencoders_Are_Scalable_Vision_Learners_CVPR_2022_paper.html"
    )
    assert first.url == SITE + first.guid
    assert first.ids == ("arxiv:2111.06377",)
    assert [link.rpartition("/")[2] for link in first.links] == [
        "He_Masked_Autoencoders_Are_Scalable_Vision_Learners_CVPR_2022_paper.pdf",
        "2111.06377",
    ]
    assert [author.name for author in first.authors] == [
        "Kaiming He",
        "Xinlei Chen",
        "Ross Girshick",
    ]
    assert second.authors[1].name == "Björn Ommer"
    assert second.ids == ()
    assert {e.published for e in (first, second)} == {datetime(2022, 6, 1, tzinfo=UTC)}


def test_lists_of_before_2021_have_other_names_and_relative_addresses() -> None:
    found = one(
        '<dt class="ptitle"><br><a href="content_CVPR_2020/html/Wu.html">A &amp; B</a>'
        '<dd><form><input type="hidden" name="query" value="Shangzhe Wu"></form>',
        f"{SITE}/CVPR2020.py?day=all",
    )
    assert (found.title, found.venue) == ("A & B", "CVPR 2020")
    assert found.url == f"{SITE}/content_CVPR_2020/html/Wu.html"
    assert found.authors[0].name == "Shangzhe Wu"


def test_an_address_without_a_year_leaves_it_to_the_bibtex() -> None:
    found = one(f"{HEADING}<div>@x{{y, month = {{June}}, year = {{2021}} }}", SITE)
    assert (found.venue, found.published) == (
        "CVPR 2021",
        datetime(2021, 6, 1, tzinfo=UTC),
    )
    assert one(HEADING, SITE).venue is None


@pytest.mark.parametrize(
    "bibtex",
    ["year = {2022}", "month = {June}", "month = {Soon}, year = {2022}",
     "month = {June}, year = {9999}", "month = {June}, year = {0000}"],
)  # fmt: skip
def test_half_a_date_or_a_senseless_one_is_none(bibtex: str) -> None:
    assert one(f"{HEADING}<div class='bibref'>{bibtex}").published is None


def test_a_bad_paper_is_skipped_and_the_others_are_kept() -> None:
    page = CVPR.read(
        document(
            '<dt class="ptitle"><a href="/a.html"> </a>'
            '<dt class="ptitle"><a>No address</a>'
            '<dt class="ptitle"><a href="javascript:x.html">Not on the web</a>'
            '<dt class="ptitle"><a href="/menu">No paper</a>'
            '<dt class="ptitle"><a href="#a_paper.html">A place on the page</a>'
            '<dt class="ptitle"><a href="/b.html">Not closed'
            '<!-- <dt class="ptitle"><a href="/c.html">Commented out</a> -->'
            f'{HEADING}<!-- <dt class="ptitle"><a href="/d.html">Comment left open</a>'
        )
    )
    assert [entry.title for entry in page.entries] == ["A Paper"]


def test_a_page_of_the_site_without_papers_is_empty() -> None:
    body = "<!DOCTYPE html><html><title>CVPR 2027 Open Access Repository</title></html>"
    assert CVPR.read(document(body)) == Page(())


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", ReadError),
        (b"<dl></dl>", ReadError),
        (b'<dl><dt class="ptitle"></dt></dl>', ReadError),
        (b"Rate exceeded.", RateLimited),
        (b"<!doctype html><title>Just a moment...</title>", Blocked),
        (b"<html><head><title>Under maintenance</title></head></html>", Blocked),
    ],
)
def test_a_document_that_is_no_list_has_a_named_error(
    body: bytes, error: type[SourceError]
) -> None:
    with pytest.raises(error, match=r"openaccess\.thecvf\.com"):
        CVPR.read(document(body))


BROKEN = (b"", b"<", b">", b"&", b"\x00", b"\xff", b'"', b"'", b"<!--", b"&#xD800;")
MOVED = (b"<dt class=ptitle>", b"</a>", b"<a ", b'href="//["', b"<input ", b"{", b"<b>")
PIECES = st.sampled_from([*BROKEN, *MOVED])


@settings(derandomize=True, max_examples=300, database=None, deadline=None)
@given(st.integers(0, len(EXAMPLE)), st.integers(0, 40), PIECES)
def test_no_damage_to_a_list_raises_anything_but_a_source_error(
    start: int, length: int, piece: bytes
) -> None:
    body = EXAMPLE[:start] + piece + EXAMPLE[start + length :]
    try:
        found = CVPR.read(document(body)).entries
    except SourceError:
        return
    for entry in found:
        assert entry.title
        assert entry.url
        assert entry.url.startswith("http")
        repr(entry).encode()


@pytest.mark.parametrize(
    "piece",
    ["<dt ", "<dt class=ptitle>", "<a ", '<a href="', '<a href="/x.html">', "<b>", "&",
     "<!--", "<input ", '<input name="query" value="', "year = {", " "],
)  # fmt: skip
def test_reading_takes_time_in_proportion_to_the_size(piece: str) -> None:
    # Quadratic time would be minutes: the test run would notice.
    page = CVPR.read(document(HEADING + "</dt>" + piece * (1_000_000 // len(piece))))
    assert page.entries[0].title == "A Paper"
