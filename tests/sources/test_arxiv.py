from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import ValidationError

from tracker.core.values import Author, Document, Entry, ItemKind, Window
from tracker.errors import Blocked, RateLimited, ReadError
from tracker.sources.arxiv import Source
from tracker.sources.arxiv.venue import accepted_venue

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
WINDOW = Window(NOW - timedelta(days=1), NOW)
EXAMPLE = Path(__file__).parent / "examples" / "arxiv.xml"
API = "https://export.arxiv.org/api/query"
URL = f"{API}?search_query=cat%3Acs.IR&id_list=&start=0&max_results=2"
SOURCE = Source(categories=("cs.IR",))


def document(body: str | bytes, requested: str = URL) -> Document:
    body = body.encode() if isinstance(body, str) else body
    return Document(requested, requested, 200, body, NOW)


def entry(name: str = "2611.01234v1", parts: str = "", pdf: bool = True) -> str:
    link = f'<link href="https://arxiv.org/pdf/{name}" title="pdf" rel="related"/>'
    return (
        f"<entry><id>http://arxiv.org/abs/{name}</id><title>On Ranking</title>"
        "<updated>2026-11-21T10:00:00Z</updated><summary>We rank.</summary>"
        f"<published>2026-11-20T10:00:00Z</published>{link if pdf else ''}{parts}"
        "</entry>"
    )


def page(*entries: str, total: int = 1, start: int = 0) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"'
        ' xmlns:arxiv="http://arxiv.org/schemas/atom"'
        ' xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">'
        "<opensearch:itemsPerPage>2</opensearch:itemsPerPage>"
        f"<opensearch:totalResults>{total}</opensearch:totalResults>"
        f"<opensearch:startIndex>{start}</opensearch:startIndex>"
        f"{''.join(entries)}</feed>"
    )


def read(*entries: str) -> tuple[Entry, ...]:
    return SOURCE.read(document(page(*entries, total=len(entries)))).entries


def asked(source: Source) -> dict[str, str]:
    (request,) = source.first(WINDOW)
    return {name: one[0] for name, one in parse_qs(urlsplit(request.url).query).items()}


class TestRequest:
    def test_asks_for_categories_and_words_in_a_window_of_minutes(self) -> None:
        source = Source(categories=("cs.IR", "stat.ML"), words=("click model",))
        assert asked(source)["search_query"] == (
            "(cat:cs.IR OR cat:stat.ML)"
            ' AND (ti:"click model" OR abs:"click model")'
            " AND submittedDate:[202611181200 TO 202611241200]"
        )

    def test_asks_for_the_oldest_first_from_the_beginning(self) -> None:
        query = asked(Source(categories=("cs.IR",), page_size=100))
        assert query["sortBy"] == "submittedDate"
        assert query["sortOrder"] == "ascending"
        assert query["start"] == "0"
        assert query["max_results"] == "100"

    def test_asks_again_for_what_was_not_yet_announced_when_last_asked(self) -> None:
        since = WINDOW.since - timedelta(days=5)
        assert f"[{since:%Y%m%d%H%M} TO " in asked(SOURCE)["search_query"]

    def test_asks_for_authors_as_phrases(self) -> None:
        source = Source(authors=("Ada Example", "Bob Example"))
        assert '(au:"Ada Example" OR au:"Bob Example")' in asked(source)["search_query"]

    def test_puts_a_query_of_the_readers_own_in_brackets(self) -> None:
        query = asked(Source(query="all:electron OR all:proton"))["search_query"]
        assert query.startswith("(all:electron OR all:proton) AND submittedDate:[")

    def test_asks_another_endpoint_when_told_so(self) -> None:
        source = Source(categories=("cs.IR",), endpoint="http://127.0.0.1:8080/api")
        (request,) = source.first(WINDOW)
        assert request.url.startswith("http://127.0.0.1:8080/api?search_query=")

    @pytest.mark.parametrize(
        "options",
        [
            {},
            {"categories": ()},
            {"categories": ("cs.IR) OR all:x",)},
            {"words": ('a" OR all:"x',)},
            {"words": ("back\\slash",)},
            {"authors": ("two\nlines",)},
            {"query": "all:x", "words": ("y",)},
            {"query": ""},
            {"categories": ("cs.IR",), "page_size": 2001},
            {"categories": ("cs.IR",), "via": "ftp"},
            {"categories": ("cs.IR",), "words": ("x",), "via": "rss"},
            {"words": ("x",), "via": "oai"},
            {"categories": ("cs.IR",), "endpoint": "file:///etc/passwd"},
            {"categories": ("cs.IR",), "endpoint": "https://example.org/{0}"},
            {"categories": ("cs.IR",), "unknown": 1},
        ],
    )
    def test_refuses_options_that_ask_for_nothing_or_something_else(
        self, options: dict[str, object]
    ) -> None:
        with pytest.raises(ValidationError):
            Source.model_validate(options)

    @pytest.mark.parametrize(
        ("url", "expected"),
        [
            (
                f"{API}?search_query=all:x+AND+cat:cs.IR&start=5",
                "(all:x AND cat:cs.IR)",
            ),
            ("https://arxiv.org/list/cs.IR/recent", "(cat:cs.IR)"),
            ("https://arxiv.org/list/math.CO/new", "(cat:math.CO)"),
            ("https://arxiv.org/", "(cat:cs.*)"),
        ],
    )
    def test_makes_a_source_of_an_address(self, url: str, expected: str) -> None:
        assert asked(Source.at(url))["search_query"].startswith(f"{expected} AND ")


class TestEntry:
    def test_is_a_paper_with_all_that_arxiv_says_of_it(self) -> None:
        paper = SOURCE.read(document(EXAMPLE.read_bytes())).entries[0]
        assert paper == Entry(
            guid="arxiv:1706.03762",
            title="Attention Is All You Need",
            kind=ItemKind.PAPER,
            url="https://arxiv.org/abs/1706.03762",
            ids=("arxiv:1706.03762",),
            authors=(
                Author("Ashish Vaswani", ("Google Brain",)),
                Author("Noam Shazeer"),
            ),
            summary="A translation model that has neither recurrence nor convolution,"
            " only attention. Its cost is $O(n^2)$ in the length of the text, and every"
            " position is computed at once.",
            published=datetime(2017, 6, 12, 17, 57, 34, tzinfo=UTC),
            updated=datetime(2023, 8, 2, 0, 41, 18, tzinfo=UTC),
            categories=("cs.CL", "cs.LG"),
            comment="15 pages, 5 figures",
            version=7,
        )

    def test_has_its_doi_and_the_venue_of_its_journal_reference(self) -> None:
        paper = SOURCE.read(document(EXAMPLE.read_bytes())).entries[1]
        assert paper.ids == ("arxiv:1512.03385", "doi:10.1109/cvpr.2016.90")
        assert paper.venue == "CVPR 2016"

    def test_keeps_the_slash_of_an_old_identifier(self) -> None:
        paper = SOURCE.read(document(EXAMPLE.read_bytes())).entries[2]
        assert paper.guid == "arxiv:quant-ph/0201082"
        assert paper.url == "https://arxiv.org/abs/quant-ph/0201082"
        assert paper.version == 1

    def test_keeps_the_tex_of_a_title(self) -> None:
        (paper,) = read(entry().replace("On Ranking", r"$k$-NN in  $\mathbb{R}^d$"))
        assert paper.title == r"$k$-NN in $\mathbb{R}^d$"

    def test_has_its_primary_category_first(self) -> None:
        terms = "".join(
            f'<category term="{term}"/>' for term in ("cs.AI", "H.3.3", "cs.IR")
        )
        primary = '<arxiv:primary_category term="cs.IR"/>'
        (paper,) = read(entry(parts=terms + primary))
        assert paper.categories == ("cs.IR", "cs.AI")

    @pytest.mark.parametrize(
        ("comment", "pdf", "withdrawn"),
        [
            ("10 pages", True, False),
            ("10 pages", False, True),
            ("This paper has been withdrawn by the author", True, True),
            ("Withdrawn from arXiv: an error in Lemma 2", True, True),
            ("Withdrawn from ICLR 2026", True, False),
            ("Supersedes 2510.00001, which has been withdrawn", True, False),
        ],
    )
    def test_is_withdrawn_without_a_pdf_or_when_its_comment_says_so(
        self, comment: str, pdf: bool, withdrawn: bool
    ) -> None:
        parts = f"<arxiv:comment>{comment}</arxiv:comment>"
        (paper,) = read(entry(parts=parts, pdf=pdf))
        assert paper.withdrawn is withdrawn

    def test_that_is_bad_does_not_cost_the_others(self) -> None:
        bad = entry("2611.00002v1").replace("2026-11-20T10:00:00Z", "yesterday")
        nameless = entry("2611.00003v1").replace("<id>http://arxiv.org/abs/", "<id>x ")
        papers = read(entry("2611.00001v1"), bad, nameless, entry("2611.00004v2"))
        assert [paper.guid for paper in papers] == [
            "arxiv:2611.00001",
            "arxiv:2611.00004",
        ]


class TestPaging:
    def test_goes_on_behind_what_the_server_sent_though_one_was_unreadable(
        self,
    ) -> None:
        bad = entry("2611.00002v1").replace("2026-11-20T10:00:00Z", "yesterday")
        whole = document(page(entry("2611.00001v1"), bad, total=5))
        read = SOURCE.read(whole)
        assert len(read.entries) == 1
        assert [request.url for request in read.next] == [
            URL.replace("start=0", "start=2")
        ]

    def test_ends_with_the_last_entry(self) -> None:
        last = document(
            page(entry(), total=3, start=2), URL.replace("start=0", "start=2")
        )
        assert SOURCE.read(last).next == ()

    def test_ends_where_the_api_does_and_says_what_is_left(self) -> None:
        asked = document(
            page(entry(), total=70_000, start=29_999),
            f"{API}?search_query=cat:cs.LG+AND+submittedDate:[1+TO+2]"
            "&start=29999&max_results=1",
        )
        read = SOURCE.read(asked)
        assert read.next == ()
        assert read.shortfall == (
            "30,000 of 70,000 papers read, up to 2026-11-20;"
            " the others are read next time"
        )
        assert read.reached == datetime(2026, 11, 20, 10, tzinfo=UTC)

    def test_asks_for_no_more_than_the_api_gives(self) -> None:
        asked = URL.replace("start=0", "start=29999").replace("results=2", "results=7")
        body = page(entry(), total=70_000, start=29_998)
        (following,) = SOURCE.read(document(body, asked)).next
        assert "start=29999" in following.url
        assert "max_results=1" in following.url

    def test_says_that_a_page_before_the_last_is_empty(self) -> None:
        with pytest.raises(ReadError, match="no entries from 2 on though 5 match"):
            SOURCE.read(document(page(total=5, start=2)))

    def test_ends_at_once_when_nothing_matches(self) -> None:
        read = SOURCE.read(document(page(total=0)))
        assert (read.entries, read.next) == ((), ())


class TestRefusal:
    def test_repeats_what_the_api_says(self) -> None:
        error = (
            "<entry><id>https://arxiv.org/api/errors#incorrect_id_format_for_abc</id>"
            "<title>Error</title><summary>incorrect id format for abc</summary></entry>"
        )
        with pytest.raises(ReadError, match="arXiv says: incorrect id format for abc"):
            SOURCE.read(document(page(error)))

    def test_of_a_cut_page_loses_no_paper(self) -> None:
        body = page(entry("2611.00001v1"), entry("2611.00002v1"), total=2)
        with pytest.raises(ReadError, match="broken XML"):
            SOURCE.read(document(body[: body.index("2611.00002")]))

    @pytest.mark.parametrize(
        "body",
        [
            "<rss version='2.0'><channel/></rss>",
            "<feed xmlns='http://www.w3.org/2005/Atom'><title>A blog</title></feed>",
            "<feed xmlns='http://www.w3.org/2005/Atom'>" + entry() + "</feed>",
            '{"feed": []}',
            '<?xml version="1.0" encoding="no-such-encoding"?><feed/>',
        ],
    )
    def test_of_anything_but_the_query_api(self, body: str) -> None:
        with pytest.raises(ReadError, match=r"arxiv\.org"):
            SOURCE.read(document(body))

    def test_of_entities_that_would_fill_the_memory(self) -> None:
        levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
        bomb = f'<!DOCTYPE x [<!ENTITY l0 "lol">{levels}]>'
        body = (
            page(entry()).replace("<feed", f"{bomb}<feed").replace("We rank.", "&l9;")
        )
        with pytest.raises(ReadError, match="broken XML"):
            SOURCE.read(document(body))


@pytest.mark.parametrize(
    ("comment", "venue"),
    [
        ("Accepted at KDD 2026", "KDD 2026"),
        ("RecSys '26", "RecSys 2026"),
        ("RecSys \u201926 industry track, 9 pages", "RecSys 2026"),
        ("to appear in CVPR 2026", "CVPR 2026"),
        ("NeurIPS 2025 Spotlight", "NeurIPS 2025"),
        ("accepted by The Web Conference 2026 (WWW '26)", "TheWebConf 2026"),
        ("Proceedings of the ACM Web Conference (WWW) 2025", "TheWebConf 2025"),
        ("9 pages, 2 figures, accepted at AAAI-26.", "AAAI 2026"),
        ("Accepted by\n  ICCV'25. Code: https://example.org/2024", "ICCV 2025"),
        ("EMNLP2025 main", "EMNLP 2025"),
        ("ACL 2025 Findings", "Findings of ACL 2025"),
        ("In Findings of the ACL: NAACL 2025", "Findings of NAACL 2025"),
        ("2026 IEEE/CVF Winter Conference (WACV)", "WACV 2026"),
        ("Conference on Fairness and Transparency (FAccT) '25", "FAccT 2025"),
        ("Submitted to ICLR 2026. Accepted at SIGIR 2026", "SIGIR 2026"),
        ("accepted in ICCV 25", "ICCV 2025"),
        ("Accepted by Neurips 2025", "NeurIPS 2025"),
        ("accepted at the research track at RecSys 2025", "RecSys 2025"),
        ("Accepted in Round 1 at WACV 2026, Oral", "WACV 2026"),
        ("Accepted by AAAI 2026 AISI", "AAAI 2026"),
        ("EMNLP 2025 MainConference, see GitHub", "EMNLP 2025"),
        ("CVPR 2025 (IEEE/CVF Conference)", "CVPR 2025"),
        ("To appear at ICML 25 pages 1-9", None),
        ("Accepted at SomeHealth at NAACL 2025", None),
        ("Accepted at Opportunities at Small Scale (OSS), ICML 2025", None),
        ("accepted by CVPR 2025 MULTI", None),
        ("ICCV 2025 (DriveZ) paper id 5", None),
        ("ICLR 2025 ML4XS", None),
        ("NeurIPS 2025. Workshop: Bridging Models", None),
        ("Submitted to KDD 2026", None),
        ("Under review at ICLR 2026", None),
        ("underreview in EMNLP25", None),
        ("Rejected by NeurIPS 2025, revised", None),
        ("NeurIPS 2025 Workshop on Ranking", None),
        ("Accepted at ICCVW 2025", None),
        ("RankML @ ICML 2025", None),
        ("Accepted to BEA, co-located with ACL 2025", None),
        ("2nd place in the KDD Cup 2024", None),
        ("Extended version of our ICML 2024 paper", None),
        ("Prepared with the NeurIPS 2024 template", None),
        ("ACL Rolling Review, May 2025", None),
        ("International Conference on ML and Applications (ICMLA 2025)", None),
        ("International Semantic Web Conference 2025", None),
        ("AAAI/ACM Conference on AI, Ethics, and Society 2025", None),
        ("SIGIR-AP 2025", None),
        ("Accepted by ICCV", None),
        ("10 pages, 3 figures", None),
        ("", None),
    ],
)
def test_a_venue_is_taken_only_from_what_says_acceptance(
    comment: str, venue: str | None
) -> None:
    assert accepted_venue(comment) == venue


def test_a_page_for_people_is_never_an_empty_result() -> None:
    with pytest.raises(Blocked):
        SOURCE.read(document("<html><title>Just a moment...</title></html>"))
    with pytest.raises(RateLimited):
        SOURCE.read(document("Rate exceeded."))
    with pytest.raises(ReadError):
        SOURCE.read(replace(document(""), body=b""))


def test_a_comment_of_any_length_takes_no_time() -> None:
    # Ten seconds for 100,000 characters, were it searched to its end.
    assert accepted_venue("2025 " * 20_000) is None
    assert accepted_venue("Accepted at KDD 2026. " + "2025 " * 20_000) == "KDD 2026"
