from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.core.values import Document, Entry, Window
from tracker.errors import Blocked, RateLimited, ReadError, SourceError
from tracker.sources import anthology

EXAMPLE = (Path(__file__).parent / "examples/anthology.xml").read_bytes()
URL = "https://raw.example.org/data/xml/2024.acl.xml"
NOW = datetime(2026, 11, 24, tzinfo=UTC)
ACL = anthology.Source(collection="acl", venue="ACL")
AUGUST = datetime(2024, 8, 1, tzinfo=UTC)
PAPER = "<title>A Paper</title><author><last>Lovelace</last></author>"


def document(body: bytes | str, url: str = URL) -> Document:
    body = body.encode() if isinstance(body, str) else body
    return Document(requested=url, url=url, status=200, body=body, fetched_at=NOW)


def collection(papers: str, name: str = "2024.acl", volume: str = 'id="long"') -> str:
    return f'<collection id="{name}"><volume {volume}>{papers}</volume></collection>'


def one(inner: str, volume: str = 'id="long"', name: str = "2024.acl") -> Entry:
    body = collection(f'<paper id="1">{inner}</paper>', name, volume)
    (entry,) = ACL.read(document(body)).entries
    return entry


def test_the_file_of_the_year_and_the_year_before_are_asked_for() -> None:
    asked = ACL.first(Window(NOW, NOW))
    assert [request.url.rpartition("/")[2] for request in asked] == [
        "2026.acl.xml",
        "2025.acl.xml",
    ]
    assert all(request.may_be_missing for request in asked)
    assert asked[0].url.startswith("https://raw.githubusercontent.com/acl-org/")


def test_an_endpoint_and_years_replace_the_rule() -> None:
    local = anthology.Source(
        collection="acl", venue="ACL", endpoint="http://127.0.0.1/xml/", years=(2024,)
    )
    (request,) = local.first(Window(NOW, NOW))
    assert request.url == "http://127.0.0.1/xml/2024.acl.xml"


def test_a_preview_asks_for_the_one_file_it_was_given() -> None:
    preview = anthology.Source.at(URL)
    assert [request.url for request in preview.first(Window(NOW, NOW))] == [URL]
    assert {e.venue for e in preview.read(document(EXAMPLE)).entries} == {"ACL 2024"}


def test_papers_are_read_without_front_matter() -> None:
    first, second, third = ACL.read(document(EXAMPLE)).entries
    assert first.guid == "2024.acl-long.1"
    assert first.url == "https://aclanthology.org/2024.acl-long.1/"
    assert first.links == ("https://aclanthology.org/2024.acl-long.1.pdf",)
    assert first.ids == ("doi:10.18653/v1/2024.acl-long.1",)
    assert first.published == datetime(2024, 8, 27, tzinfo=UTC)
    assert first.summary.endswith(r"takes up to 7\times less memory.")
    assert second.title == "MAGE: Machine-generated Text Detection in the Wild"
    assert second.authors[1].affiliations == ("Tencent AI Lab",)
    assert third.summary.endswith("https://github.com/DD-DuDa/BitDistiller.")


def test_a_paper_without_an_address_of_its_own_is_named_by_its_place() -> None:
    third = ACL.read(document(EXAMPLE)).entries[2]
    assert third.url == "https://aclanthology.org/2024.acl-long.7/"
    assert third.links == ("https://aclanthology.org/2024.acl-long.7.pdf",)


def test_a_paper_kept_elsewhere_links_there() -> None:
    found = one(f"{PAPER}<url>http://example.org/a.pdf</url>")
    assert found.links == ("http://example.org/a.pdf",)


def test_only_the_chosen_volumes_are_read() -> None:
    industry = ACL.model_copy(update={"volumes": ("industry",)})
    assert industry.read(document(EXAMPLE)).entries == ()
    long = ACL.model_copy(update={"volumes": ("short", "long")})
    assert len(long.read(document(EXAMPLE)).entries) == 3


def test_findings_name_the_conference_they_are_of() -> None:
    found = one(PAPER, 'id="emnlp"', "2024.findings")
    assert (found.guid, found.venue) == (
        "2024.findings-emnlp.1",
        "Findings of EMNLP 2024",
    )


@pytest.mark.parametrize("volume", ["srw", "tutorials"])
def test_what_stands_beside_the_conference_claims_no_venue(volume: str) -> None:
    assert one(PAPER, f'id="{volume}"').venue is None


def test_authors_may_lack_a_first_name_or_have_several_affiliations() -> None:
    found = one(
        "<title>T</title><author><first/><last>Sukarno</last>"
        "<affiliation>Google</affiliation><affiliation>Technion</affiliation>"
        "<affiliation>Google</affiliation></author>"
        '<author><first>Yue</first><last>Zhang</last><variant script="hani">'
        "<first>岳</first><last>张</last></variant></author><author/>"
    )
    assert [(a.name, a.affiliations) for a in found.authors] == [
        ("Sukarno", ("Google", "Technion")),
        ("Yue Zhang", ()),
    ]


def test_a_retracted_paper_is_withdrawn() -> None:
    assert one(f'{PAPER}<retracted date="2025-01-01">Why</retracted>').withdrawn
    assert not one(PAPER).withdrawn


@pytest.mark.parametrize(
    ("volume", "meta", "published"),
    [
        ('ingest-date="2024-08-27"', "", datetime(2024, 8, 27, tzinfo=UTC)),
        ("", "<year>2024</year><month>August</month>", AUGUST),
        ("", "<year>2024</year><month>August 27--September 1</month>", AUGUST),
        ("", "<year>2024</year>", None),
        ('ingest-date="1900-01-01"', "<year>99999</year><month>May</month>", None),
        ('ingest-date="soon"', "<year>x</year><month>May</month>", None),
    ],
)
def test_a_paper_is_dated_by_its_ingestion_or_month(
    volume: str, meta: str, published: datetime | None
) -> None:
    body = collection(f'<meta>{meta}</meta><paper id="1">{PAPER}</paper>')
    body = body.replace('id="long"', f'id="long" {volume}')
    assert ACL.read(document(body)).entries[0].published == published


def test_a_papers_own_ingestion_date_goes_first() -> None:
    body = collection(
        f'<paper id="1" ingest-date="2025-02-03">{PAPER}</paper>',
        volume='id="long" ingest-date="2024-08-27"',
    )
    (found,) = ACL.read(document(body)).entries
    assert found.published == datetime(2025, 2, 3, tzinfo=UTC)


def test_a_bad_paper_is_skipped_and_the_others_are_kept() -> None:
    body = collection(
        "<paper/><paper id='2'><title> </title></paper><paper id='../3'>"
        f"{PAPER}</paper><paper id='4'>{PAPER}</paper>"
    )
    assert [e.guid for e in ACL.read(document(body)).entries] == ["2024.acl-long.4"]


ENTITIES = "<!ENTITY a 'aaaaaaaa'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)
)


@pytest.mark.parametrize(
    "body",
    [
        f"<!DOCTYPE collection [{ENTITIES}]><collection id='2024.acl'>&j;</collection>",
        "<!DOCTYPE collection SYSTEM 'file:///etc/passwd'><collection id='2024.acl'/>",
        '<!DOCTYPE c [<!ENTITY x SYSTEM "http://127.0.0.1/">]><c>&x;</c>'.encode(
            "utf-16"
        ),
    ],
)
def test_a_document_type_is_refused(body: str | bytes) -> None:
    with pytest.raises(ReadError, match="document type"):
        ACL.read(document(body))


def test_a_tree_without_bounds_is_refused() -> None:
    body = b"<collection id='2024.acl'>" + b"<a/>" * 500_001 + b"</collection>"
    with pytest.raises(ReadError, match="more than 500,000 elements"):
        ACL.read(document(body))


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", ReadError),
        (b"Rate exceeded.", RateLimited),
        (b"<html><title>Just a moment...</title></html>", Blocked),
        (b"<feed/>", ReadError),
        (b"<collection id='P19'/>", ReadError),
        (
            b"<?xml version='1.0' encoding='none'?><collection id='2024.acl'/>",
            ReadError,
        ),
        (b"<collection id='2024.acl'>&nbsp;</collection>", ReadError),
        (b"<collection id='2024.acl'>&#xD800;\x00</collection>", ReadError),
        (EXAMPLE[: len(EXAMPLE) // 2], ReadError),
    ],
)
def test_a_document_that_is_no_collection_has_a_named_error(
    body: bytes, error: type[SourceError]
) -> None:
    with pytest.raises(error, match=r"raw\.example\.org"):
        ACL.read(document(body))


BROKEN = (b"", b"<", b"&", b"\x00", b"\xff", b"]]>", b'"', b"<!--", b"\xc2\x85", b":")
MOVED = (b"</paper>", b"<paper>", b"<title/>", b'id=""', b"&#10;", b"<b>", b"<?x?>")
PIECES = st.sampled_from([*BROKEN, *MOVED])


@settings(derandomize=True, max_examples=300, database=None, deadline=None)
@given(st.integers(0, len(EXAMPLE)), st.integers(0, 40), PIECES)
def test_no_damage_to_a_file_raises_anything_but_a_source_error(
    start: int, length: int, piece: bytes
) -> None:
    body = EXAMPLE[:start] + piece + EXAMPLE[start + length :]
    try:
        found = ACL.read(document(body)).entries
    except SourceError:
        return
    for entry in found:
        assert entry.title
        assert entry.guid.startswith("2024.acl-long.")
        repr(entry).encode()
