"""Recorded answers of arXiv's query API and of its feeds."""

import csv
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest

from tracker.core.identity import keys
from tracker.core.values import Document, Entry, ItemKind, Page
from tracker.errors import ReadError
from tracker.sources import arxiv, feed

pytestmark = pytest.mark.recorded

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
API = arxiv.Source(categories=("cs.IR",))
FEED_URL = "https://rss.arxiv.org/atom/cs.AI"


class Answer:
    """A recorded answer: what was asked, and the bytes that came."""

    def __init__(self, row: dict[str, str], folder: Path) -> None:
        self.url, self.status = row["url"], int(row["status"])
        self.body = (folder / row["file"]).read_bytes()
        self.asked = {n: v[0] for n, v in parse_qs(urlsplit(self.url).query).items()}

    def read(self) -> Page:
        return API.read(Document(self.url, self.url, 200, self.body, NOW))

    def ids(self) -> list[str]:
        """Return the ids in the answer, without their versions, by another way."""
        found = re.findall(rb"<id>http://arxiv\.org/abs/(\S+?)v\d+</id>", self.body)
        return [f"arxiv:{name.decode()}" for name in found]


@pytest.fixture(scope="module")
def answers(recorded: Path) -> list[Answer]:
    folder = recorded / "arxiv" / "raw_api"
    with (folder / "REQUESTS.tsv").open(encoding="utf-8") as table:
        return [Answer(row, folder) for row in csv.DictReader(table, delimiter="\t")]


def asked(answers: list[Answer], **wanted: str) -> Answer:
    (found,) = [a for a in answers if wanted.items() <= a.asked.items()]
    return found


@pytest.fixture(scope="module")
def announced(recorded: Path) -> tuple[Entry, ...]:
    body = (recorded / "arxiv" / "rss" / "cs.AI_2025-08-20.atom.xml").read_bytes()
    return feed.Source(url=FEED_URL).read(document(body)).entries


def document(body: bytes) -> Document:
    return Document(FEED_URL, FEED_URL, 200, body, NOW)


def test_an_error_that_came_with_status_400_is_a_failure_with_arxivs_words(
    answers: list[Answer],
) -> None:
    (refused,) = [answer for answer in answers if answer.status == 400]
    with pytest.raises(ReadError, match="arXiv says: incorrect id format for abc"):
        refused.read()


def test_every_other_answer_gives_its_papers_in_their_order(
    answers: list[Answer],
) -> None:
    sound = [answer for answer in answers if answer.status == 200]
    assert len(sound) == 19
    for answer in sound:
        assert [entry.guid for entry in answer.read().entries] == answer.ids()


@pytest.mark.parametrize("name", ["0000.0000", "0808.05394"])
def test_an_unknown_id_is_empty_and_no_failure(
    answers: list[Answer], name: str
) -> None:
    page = asked(answers, id_list=name).read()
    assert (page.entries, page.next) == ((), ())


def test_an_unknown_id_beside_a_known_one_costs_nothing(answers: list[Answer]) -> None:
    page = asked(answers, id_list="0808.05394,1707.08567").read()
    assert [entry.guid for entry in page.entries] == ["arxiv:1707.08567"]


@pytest.mark.parametrize(
    ("name", "key", "url"),
    [
        ("quant-ph/0201082v1", "arxiv:quant-ph/0201082", "/abs/quant-ph/0201082"),
        ("astro-ph/0601001", "arxiv:astro-ph/0601001", "/abs/astro-ph/0601001"),
        ("2104.12255v1", "arxiv:2104.12255", "/abs/2104.12255"),
        ("1605.08386", "arxiv:1605.08386", "/abs/1605.08386"),
    ],
)
def test_keys_keep_the_slash_of_old_ids_and_lose_the_version(
    answers: list[Answer], name: str, key: str, url: str
) -> None:
    (paper,) = asked(answers, id_list=name).read().entries
    assert paper.url == f"https://arxiv.org{url}"
    assert paper.version == 1
    assert keys(paper, "arxiv")[0] == key
    assert not [k for k in keys(paper, "arxiv") if re.search(r"\dv\d", k)]


def test_following_the_pages_gives_every_paper_of_the_query_once(
    answers: list[Answer],
) -> None:
    whole = asked(answers, search_query="testing", max_results="100")
    pages = list(
        followed(answers, whole.url.replace("max_results=100", "max_results=10"))
    )
    assert len(pages) == 6
    found = [entry.guid for page in pages for entry in page.entries]
    assert found == whole.ids()[:60]
    assert len(set(found)) == len(found)


def followed(answers: list[Answer], url: str) -> Iterator[Page]:
    """Yield the recorded pages from `url` on, each at the address the last one gave."""
    recorded = {answer.url: answer for answer in answers}
    while url in recorded:
        page = recorded[url].read()
        yield page
        (following,) = page.next
        url = following.url


def test_a_page_that_starts_anywhere_holds_the_same_papers(
    answers: list[Answer],
) -> None:
    whole = asked(answers, search_query="testing", max_results="100").ids()
    for answer in answers:
        if answer.asked.get("search_query") == "testing":
            start, size = int(answer.asked["start"]), int(answer.asked["max_results"])
            found = [entry.guid for entry in answer.read().entries]
            assert found == whole[start : start + size]


def test_papers_have_all_that_a_digest_shows_of_them(answers: list[Answer]) -> None:
    whole = asked(answers, search_query="testing", max_results="100").read()
    for paper in whole.entries:
        assert paper.kind is ItemKind.PAPER
        assert paper.title and paper.title == " ".join(paper.title.split())
        assert paper.summary
        assert paper.authors and all(author.name for author in paper.authors)
        assert paper.published and paper.updated
        assert paper.published <= paper.updated
        assert paper.version and paper.version >= 1
        assert paper.categories
        assert all(re.fullmatch(r"[a-z-]+(\.[A-Za-z-]+)?", c) for c in paper.categories)
    assert not any(paper.withdrawn for paper in whole.entries)


def test_the_daily_feed_gives_papers_with_arxiv_ids_and_versions(
    announced: tuple[Entry, ...],
) -> None:
    assert len(announced) == 7
    for paper in announced:
        (key,) = paper.ids
        assert re.fullmatch(r"arxiv:2508\.\d{5}", key)
        assert paper.kind is ItemKind.PAPER
        assert paper.version == 1
        assert paper.url == f"https://arxiv.org/abs/{key.removeprefix('arxiv:')}"
        assert keys(paper, "arxiv")[0] == key
        assert paper.published == datetime(2025, 8, 20, 4, tzinfo=UTC)


def test_the_daily_feed_tells_authors_apart_and_drops_its_announcement(
    recorded: Path, announced: tuple[Entry, ...]
) -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    path = recorded / "arxiv" / "rss" / "cs.AI_2025-08-20.atom.xml"
    elements = ElementTree.parse(path).getroot().findall(f"{atom}entry")
    creator = "{http://purl.org/dc/elements/1.1/}creator"
    for element, paper in zip(elements, announced, strict=True):
        stated = (element.findtext(creator) or "").split(", ")
        assert [author.name for author in paper.authors] == stated
        abstract = (element.findtext(f"{atom}summary") or "").split("Abstract: ")[1]
        whole, kept = " ".join(abstract.split()), paper.summary.removesuffix("…")
        assert whole.startswith(kept)
        assert len(kept) >= min(len(whole), 1_900)


@pytest.mark.parametrize("kind", ["new", "cross", "replace", "replace-cross"])
def test_every_kind_of_announcement_is_read(recorded: Path, kind: str) -> None:
    body = (recorded / "arxiv" / "rss" / "cs.AI_2025-08-20.atom.xml").read_bytes()
    body = body.replace(b"2508.13426v1", b"2508.13426v2")
    body = body.replace(b"Announce Type: cross", f"Announce Type: {kind}".encode())
    first, *_ = feed.Source(url=FEED_URL).read(document(body)).entries
    assert first.version == 2
    assert first.ids == ("arxiv:2508.13426",)
    assert "Announce" not in first.summary


def test_announcements_are_read_alike_by_both_kinds(
    recorded: Path, announced: tuple[Entry, ...]
) -> None:
    body = (recorded / "arxiv" / "rss" / "cs.AI_2025-08-20.atom.xml").read_bytes()
    papers = API.read(document(body)).entries
    assert len(papers) == len(announced) == 7
    for paper, same in zip(papers, announced, strict=True):
        assert (paper.guid,) == same.ids
        assert (paper.title, paper.authors) == (same.title, same.authors)
        assert (paper.published, paper.version) == (same.published, same.version)
        assert paper.categories == same.categories
        assert paper.summary.startswith(same.summary.removesuffix("…"))


def test_records_of_another_format_of_oai_pmh_are_refused(recorded: Path) -> None:
    for path in sorted((recorded / "arxiv" / "oai_pmh").glob("*.xml")):
        with pytest.raises(ReadError, match="arXivRaw"):
            API.read(document(path.read_bytes()))
