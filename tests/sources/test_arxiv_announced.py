"""The day's announcements of arXiv, and what is asked of the API about them."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.arxiv import HERE
from tracker.core.values import Author, Document, Page, Window
from tracker.errors import Blocked, ReadError
from tracker.sources.arxiv import Source
from tracker.sources.arxiv.announcements import Batch

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
WINDOW = Window(NOW - timedelta(days=7), NOW)
SOURCE = Source(categories=("cs.IR", "cs.LG"), via="rss")
SPACES = (
    'xmlns:arxiv="http://arxiv.org/schemas/atom"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def item(name: str, kind: str = "new", parts: str = "") -> str:
    return (
        f"<item><title>On\n Ranking</title><link>https://arxiv.org/abs/{name}</link>"
        f"<description>arXiv:{name} Announce Type: {kind} \nAbstract: If $a&lt;b$,\n"
        "we rank.</description>"
        f"<guid isPermaLink='false'>oai:arXiv.org:{name}</guid>"
        "<category>cs.IR</category><category>H.3.3</category>"
        "<pubDate>Tue, 24 Nov 2026 00:00:00 -0500</pubDate>"
        f"<arxiv:announce_type>{kind}</arxiv:announce_type>"
        f"<dc:creator>Ada Lovelace, Andr\u00e9 Weil</dc:creator>{parts}</item>"
    )


def rss(*items: str, title: str = "cs.IR updates on arXiv.org") -> str:
    return (
        f'<rss version="2.0" {SPACES}><channel><title>{title}</title>'
        "<lastBuildDate>Tue, 24 Nov 2026 05:00:02 +0000</lastBuildDate>"
        f"{''.join(items)}</channel></rss>"
    )


ATOM = (
    f'<feed xmlns="http://www.w3.org/2005/Atom" {SPACES}>'
    "<id>http://rss.arxiv.org/atom/cs.IR</id><title>cs.IR updates on arXiv.org</title>"
    "<entry><id>oai:arXiv.org:2611.01234v1</id><title>On Ranking</title>"
    "<summary>arXiv:2611.01234v1 Announce Type: new \nAbstract: If $a&lt;b$, we rank."
    '</summary><category term="cs.IR"/>'
    "<published>2026-11-24T00:00:00-05:00</published>"
    "<arxiv:announce_type>new</arxiv:announce_type>"
    "<dc:creator>Ada Lovelace, Andr\u00e9 Weil</dc:creator></entry></feed>"
)


def read(body: str, source: Source = SOURCE) -> Page:
    (asked,) = source.first(WINDOW)
    return source.read(Document(asked.url, asked.url, 200, body.encode(), NOW))


def asked_by(page: Page) -> list[dict[str, str]]:
    return [
        {name: values[0] for name, values in parse_qs(urlsplit(one.url).query).items()}
        for one in page.next
    ]


def compared(page: Page, *papers: tuple[str, datetime]) -> str:
    """Return what is said when the API has `papers`, by number and submission."""
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/{name}v1</id><title>On Ranking</title>"
        f"<updated>{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</updated>"
        f"<published>{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</published></entry>"
        for name, moment in papers
    )
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom"'
        ' xmlns:o="http://a9.com/-/spec/opensearch/1.1/">'
        f"<o:totalResults>{len(papers)}</o:totalResults><o:startIndex>0</o:startIndex>"
        f"{entries}</feed>"
    )
    url = page.next[0].url
    return SOURCE.read(Document(url, url, 200, body.encode(), NOW)).shortfall


def test_asks_for_the_categories_together() -> None:
    (request,) = SOURCE.first(WINDOW)
    assert request.url.partition("#")[0] == "https://rss.arxiv.org/atom/cs.IR+cs.LG"
    (whole,) = Source(categories=("cs.*",), via="rss").first(WINDOW)
    assert whole.url.partition("#")[0] == "https://rss.arxiv.org/atom/cs"


@pytest.mark.parametrize(
    ("endpoint", "feed", "api"),
    [
        ("http://127.0.0.1:8000", "/atom/cs.IR", "/api/query"),
        ("http://127.0.0.1:8000/", "/atom/cs.IR", "/api/query"),
        ("http://127.0.0.1:8000/x/api/query", "/x/atom/cs.IR", "/x/api/query"),
    ],
)
def test_asks_below_another_base_when_told_so(
    endpoint: str, feed: str, api: str
) -> None:
    source = Source(categories=("cs.IR",), via="rss", endpoint=endpoint)
    (first,) = source.first(WINDOW)
    assert urlsplit(first.url).path == feed
    assert [urlsplit(one.url).path for one in read(rss(), source).next] == [api]


@pytest.mark.parametrize("body", [rss(item("2611.01234v1")), ATOM])
def test_a_new_paper_has_its_authors_apart_and_no_announcement_in_its_text(
    body: str,
) -> None:
    (paper,) = read(body).entries
    assert paper.guid == "arxiv:2611.01234"
    assert paper.ids == (paper.guid,)
    assert paper.title == "On Ranking"
    assert paper.url == "https://arxiv.org/abs/2611.01234"
    assert paper.authors == (Author("Ada Lovelace"), Author("Andr\u00e9 Weil"))
    assert paper.summary == "If $a<b$, we rank."
    assert paper.categories == ("cs.IR",)
    assert paper.version == 1
    assert paper.published == datetime(2026, 11, 24, 5, tzinfo=UTC)


def test_the_window_is_read_from_the_api_all_the_same() -> None:
    (search,) = asked_by(read(rss(item("2611.01234v1"))))
    since = WINDOW.since - timedelta(days=5)
    assert f"[{since:%Y%m%d%H%M} TO 202611241200]" in search["search_query"]
    assert "cat:cs.IR OR cat:cs.LG" in search["search_query"]


def test_of_replacements_and_cross_lists_the_api_is_asked() -> None:
    page = read(
        rss(
            item("2611.01234v1"),
            item("2501.00001v2", "replace"),
            item("2402.00002v3", "replace-cross"),
            item("2611.00003v1", "cross"),
            item("hep-th/9901001v2", "replace"),
        )
    )
    _, listed = asked_by(page)
    assert listed["id_list"] == "2501.00001,2402.00002,2611.00003,hep-th/9901001"
    assert listed["max_results"] == "4"
    # What the feed says of a replaced paper is less than what is known of it.
    assert [entry.guid for entry in page.entries] == [
        "arxiv:2611.01234",
        "arxiv:2611.00003",
    ]


def test_many_replacements_are_asked_for_in_parts() -> None:
    items = [item(f"2501.{n:05}v2", "replace") for n in range(450)]
    _, *listed = asked_by(read(rss(*items)))
    assert [one["max_results"] for one in listed] == ["200", "200", "50"]
    assert all(len(one["id_list"]) < 2_400 for one in listed)


def test_an_empty_batch_is_no_failure() -> None:
    page = read(rss())
    assert (page.entries, page.shortfall, len(page.next)) == ((), "", 1)


def test_a_doi_and_a_venue_in_the_announcement_are_read() -> None:
    parts = (
        "<arxiv:DOI>10.1145/1.2</arxiv:DOI>"
        "<arxiv:journal_reference>SIGIR 2026, pp. 1-9</arxiv:journal_reference>"
    )
    (paper,) = read(rss(item("2611.01234v1", parts=parts))).entries
    assert paper.ids == ("arxiv:2611.01234", "doi:10.1145/1.2")
    assert paper.venue == "SIGIR 2026"


class TestBatch:
    CLOSED = datetime(2026, 11, 23, 13, 59, tzinfo=HERE)

    def test_of_the_day_lacks_nothing(self) -> None:
        page = read(rss(item("2611.01234v1"), item("2611.01300v1", "cross")))
        assert compared(page, ("2611.01300", self.CLOSED)) == ""

    def test_of_the_day_before_under_todays_date_is_named(self) -> None:
        page = read(rss(item("2611.00930v1")))
        said = compared(page, ("2611.00930", self.CLOSED), ("2611.01204", self.CLOSED))
        assert said == (
            "the announcements of 2026-11-24 end with 2611.00930 and lack 2611.01204:"
            " an older batch; read from the API instead"
        )

    def test_does_not_lack_what_tonight_brings(self) -> None:
        page = read(rss(item("2611.00930v1")))
        tonight = self.CLOSED + timedelta(minutes=2)
        assert compared(page, ("2611.01204", tonight)) == ""

    def test_of_monday_does_not_lack_what_the_weekend_brought(self) -> None:
        batch = Batch(date(2026, 11, 23), "2611.00930")
        page = read(rss(item("2611.00930v1")).replace("Tue, 24", "Mon, 23"))
        assert str(batch) in page.next[0].url
        saturday = datetime(2026, 11, 21, 12, tzinfo=HERE)
        assert compared(page, ("2611.01204", saturday)) == ""
        assert compared(page, ("2611.01204", saturday - timedelta(days=2)))

    def test_without_new_papers_says_nothing_of_its_day(self) -> None:
        page = read(rss(item("2402.00002v1", "cross"), item("2403.1v2", "replace")))
        assert compared(page, ("2611.01204", self.CLOSED)) == ""

    def test_is_compared_on_every_page(self) -> None:
        page = read(rss(item("2611.00930v1")))
        url = page.next[0].url
        body = (
            '<feed xmlns="http://www.w3.org/2005/Atom"'
            ' xmlns:o="http://a9.com/-/spec/opensearch/1.1/">'
            "<o:totalResults>900</o:totalResults><o:startIndex>0</o:startIndex>"
            "<entry><id>http://arxiv.org/abs/2611.00001v1</id><title>x</title>"
            "<updated>2026-11-20T10:00:00Z</updated>"
            "<published>2026-11-20T10:00:00Z</published></entry></feed>"
        )
        (more,) = SOURCE.read(Document(url, url, 200, body.encode(), NOW)).next
        assert urlsplit(more.url).fragment == urlsplit(url).fragment != ""


class TestRefusal:
    def test_repeats_what_arxiv_says_of_an_unknown_category(self) -> None:
        with pytest.raises(ReadError, match="arXiv says: Feed error for query: cs"):
            read(rss(title="Feed error for query: cs.XX"))
        with pytest.raises(ReadError, match="arXiv says: Feed error for query: cs"):
            read(ATOM.replace("cs.IR updates on arXiv.org", "Feed error for query: cs"))

    def test_of_items_that_name_no_paper(self) -> None:
        with pytest.raises(ReadError, match="names a paper"):
            read(rss(item("nothing")))

    def test_of_a_page_for_people(self) -> None:
        with pytest.raises(Blocked):
            read("<html><title>Just a moment...</title></html>")

    def test_costs_one_item_and_not_the_others(self) -> None:
        page = read(rss(item("nothing"), item("2611.01234v1")))
        assert len(page.entries) == 1
