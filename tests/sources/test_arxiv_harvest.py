"""arXiv by OAI-PMH: records, versions, errors, and weeks that follow each other."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from tracker.core.values import Author, Document, Entry, ItemKind, Page, Request, Window
from tracker.errors import RateLimited, ReadError
from tracker.fetch.pacing import group_of
from tracker.sources.arxiv import Source, harvest
from tracker.sources.arxiv.names import authors

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SOURCE = Source(categories=("cs.IR", "stat.ML"), via="oai")
BASE = "https://oaipmh.arxiv.org/oai"


def version(number: int, date: str, size: str = "1102kb") -> str:
    return (
        f'<version version="v{number}"><date>{date}</date><size>{size}</size>'
        "<source_type>D</source_type></version>"
    )


FIRST = version(1, "Mon, 12 Jun 2017 17:57:34 GMT")
TENTH = version(10, "Wed, 2 Aug 2023 00:41:18 GMT")
SECOND = version(2, "Mon, 19 Jun 2017 16:49:45 GMT")


def record(
    name: str = "2611.01234", versions: str = FIRST, parts: str = "", authors: str = ""
) -> str:
    return (
        f"<record><header><identifier>oai:arXiv.org:{name}</identifier>"
        "<datestamp>2026-11-20</datestamp></header><metadata>"
        f'<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>{name}</id>'
        f"<submitter>Somebody</submitter>{versions}<title>On\n  Ranking</title>"
        f"<authors>{authors or 'Ada Lovelace, Wei Wang'}</authors>"
        "<categories>cs.IR cs.LG</categories>"
        f"{parts}<abstract>  We rank.\n</abstract></arXivRaw></metadata></record>"
    )


DELETED = (
    '<record><header status="deleted"><identifier>oai:arXiv.org:2611.00009</identifier>'
    "<datestamp>2026-11-20</datestamp></header></record>"
)
NOTHING = '<error code="noRecordsMatch">No records match.</error>'


def listed(*records: str, token: str = "") -> str:
    more = f"<resumptionToken>{token}</resumptionToken>"
    return f"<ListRecords>{''.join(records)}{more}</ListRecords>"


def read(inside: str, request: Request | None = None, source: Source = SOURCE) -> Page:
    url = request.url if request else f"{BASE}?verb=GetRecord"
    body = f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">{inside}</OAI-PMH>'
    return source.read(Document(url, url, 200, body.encode(), NOW))


def only(*records: str) -> Entry:
    (entry,) = read(listed(*records)).entries
    return entry


def start(days: float, source: Source = SOURCE) -> Request:
    (request,) = source.first(Window(NOW - timedelta(days=days), NOW))
    return request


def asked(request: Request) -> dict[str, str]:
    return {n: v[0] for n, v in parse_qs(urlsplit(request.url).query).items()}


class TestRecord:
    def test_is_a_paper_with_all_that_arxiv_says_of_it(self) -> None:
        parts = (
            "<comments>Accepted at KDD 2026</comments><doi>10.1145/1.2</doi>"
            "<journal-ref>Proc. 2026</journal-ref>"
        )
        assert only(record(versions=FIRST + TENTH + SECOND, parts=parts)) == Entry(
            guid="arxiv:2611.01234",
            title="On Ranking",
            kind=ItemKind.PAPER,
            url="https://arxiv.org/abs/2611.01234",
            ids=("arxiv:2611.01234", "doi:10.1145/1.2"),
            authors=(Author("Ada Lovelace"), Author("Wei Wang")),
            summary="We rank.",
            published=datetime(2017, 6, 12, 17, 57, 34, tzinfo=UTC),
            updated=datetime(2023, 8, 2, 0, 41, 18, tzinfo=UTC),
            categories=("cs.IR", "cs.LG"),
            venue="KDD 2026",
            comment="Accepted at KDD 2026",
            version=10,
        )

    def test_keeps_the_slash_of_an_old_identifier(self) -> None:
        assert only(record("quant-ph/0201082")).guid == "arxiv:quant-ph/0201082"

    @pytest.mark.parametrize(
        ("versions", "comment", "withdrawn"),
        [
            (FIRST, "9 pages", False),
            (FIRST + version(2, "Mon, 19 Jun 2017 16:49:45 GMT", "0kb"), "", True),
            (version(2, "Mon, 19 Jun 2017 16:49:45 GMT", "0kb") + FIRST, "", True),
            (version(1, "Mon, 12 Jun 2017 17:57:34 GMT", "0kb") + TENTH, "", False),
            (FIRST, "This paper has been withdrawn", True),
            (FIRST, "Supersedes 2510.00001, which has been withdrawn", False),
        ],
    )
    def test_is_withdrawn_when_its_newest_version_is_empty_or_its_comment_says_so(
        self, versions: str, comment: str, withdrawn: bool
    ) -> None:
        parts = f"<comments>{comment}</comments>"
        assert only(record(versions=versions, parts=parts)).withdrawn is withdrawn

    def test_that_was_deleted_costs_nothing(self) -> None:
        assert only(DELETED, record()).guid == "arxiv:2611.01234"
        assert read(listed(DELETED)).entries == ()

    def test_without_dates_is_still_a_paper(self) -> None:
        entry = only(record(versions=version(1, "some day")))
        assert (entry.published, entry.version) == (None, 1)
        assert only(record(versions="")).version is None


class TestSets:
    @pytest.mark.parametrize(
        ("category", "name"),
        [
            ("cs.IR", "cs:cs:IR"),
            ("cs.*", "cs"),
            ("stat", "stat"),
            ("q-bio.NC", "q-bio:q-bio:NC"),
            ("hep-th", "physics:hep-th"),
            ("astro-ph.GA", "physics:astro-ph:GA"),
            ("astro-ph.*", "physics:astro-ph"),
            ("physics.optics", "physics:physics:optics"),
        ],
    )
    def test_are_named_by_group_archive_and_category(
        self, category: str, name: str
    ) -> None:
        assert harvest.set_of(category) == name


class TestList:
    def test_starts_with_the_day_of_the_window_and_without_an_end(self) -> None:
        request = start(3)
        assert request.url.startswith(f"{BASE}?")
        assert asked(request) == {
            "verb": "ListRecords",
            "metadataPrefix": "arXivRaw",
            "set": "cs:cs:IR",
            "from": "2026-11-21",
        }

    def test_follows_its_token_and_forgets_nothing_meanwhile(self) -> None:
        (more,) = read(listed(record(), token="a b/c"), start(3)).next
        assert asked(more) == {"verb": "ListRecords", "resumptionToken": "a b/c"}
        (following,) = read(listed(record()), more).next
        assert asked(following)["set"] == "stat:stat:ML"
        assert asked(following)["from"] == "2026-11-21"
        assert read(listed(record()), following).next == ()

    def test_goes_week_by_week_and_says_how_far_it_has_come(self) -> None:
        request, pages = start(20), []
        days = []
        while True:
            days.append((asked(request)["from"], asked(request).get("until")))
            pages.append(read(listed(record()), request))
            if not pages[-1].next:
                break
            (request,) = pages[-1].next
        first, second = ("2026-11-04", "2026-11-10"), ("2026-11-11", "2026-11-17")
        last = ("2026-11-18", None)
        assert days == [first, first, second, second, last, last]
        tenth = datetime(2026, 11, 10, tzinfo=UTC)
        later = datetime(2026, 11, 17, tzinfo=UTC)
        assert [p.reached for p in pages] == [None, tenth, None, later, None, None]

    def test_ends_a_run_that_has_read_enough_and_says_what_is_left(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(harvest, "MOST_OF_A_RUN", 2)
        (second,) = read(listed(record()), start(20)).next
        page = read(listed(record("2611.01235")), second)
        assert page.next == ()
        assert page.reached == datetime(2026, 11, 10, tzinfo=UTC)
        assert page.shortfall == (
            "2 papers read, up to 2026-11-10; the others are read next time"
        )

    def test_of_nothing_is_empty_and_goes_on(self) -> None:
        page = read(NOTHING, start(20))
        assert (page.entries, len(page.next)) == ((), 1)
        assert read(NOTHING).entries == ()

    def test_asks_for_a_set_once(self) -> None:
        source = Source(categories=("cs.*", "cs"), via="oai")
        assert read(NOTHING, start(3, source), source).next == ()


class TestRefusal:
    @pytest.mark.parametrize("code", ["badResumptionToken", "badArgument", "idle"])
    def test_repeats_what_arxiv_says(self, code: str) -> None:
        with pytest.raises(ReadError, match=f"arXiv says: {code}: so and so"):
            read(f'<error code="{code}">so and so</error>')

    def test_of_an_answer_without_records(self) -> None:
        with pytest.raises(ReadError, match="neither records nor an error"):
            read("<Identify/>")

    def test_of_another_format(self) -> None:
        with pytest.raises(ReadError, match="another format than arXivRaw"):
            read(listed(record().replace("arXivRaw", "arXiv")))

    def test_of_a_request_to_slow_down(self) -> None:
        with pytest.raises(RateLimited):
            SOURCE.read(Document(BASE, BASE, 200, b"Retry later.", NOW))


@pytest.mark.parametrize(
    "host", ["export.arxiv.org", "rss.arxiv.org", "oaipmh.arxiv.org"]
)
def test_arxivs_hosts_take_turns_as_one(host: str) -> None:
    group = group_of(host, 0.0)
    assert (group.name, group.delay) == ("arxiv.org", 3.0)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("Ada Lovelace", [("Ada Lovelace", ())]),
        ("Ada Lovelace and Wei Wang", [("Ada Lovelace", ()), ("Wei Wang", ())]),
        (
            "A. One, B. Two, and C. Three",
            [("A. One", ()), ("B. Two", ()), ("C. Three", ())],
        ),
        (
            "Ada Lovelace (Pinterest), B. Two",
            [("Ada Lovelace", ("Pinterest",)), ("B. Two", ())],
        ),
        (
            "A. One (1), B. Two (1 and 2) ((1) Pinterest, San Francisco, (2) MIT)",
            [
                ("A. One", ("Pinterest, San Francisco",)),
                ("B. Two", ("Pinterest, San Francisco", "MIT")),
            ],
        ),
        ("A. One (1), B. Two (2)", [("A. One", ()), ("B. Two", ())]),
        (
            r"Andr\'e Weil, Bj\"{o}rn {\O}re, Jo\~ao S\'{\i}lva, Pawe{\l} \v{C}ech",
            [
                ("André Weil", ()),
                ("Björn Øre", ()),
                ("João Sílva", ()),
                ("Paweł Čech", ()),
            ],
        ),
        ("", []),
        ("((1) Nowhere)", []),
        ("A. One ((1) Nowhere", [("A. One", ())]),
    ],
)
def test_names_are_told_apart_with_their_institutions(
    stated: str, expected: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert [(a.name, a.affiliations) for a in authors(stated)] == expected
