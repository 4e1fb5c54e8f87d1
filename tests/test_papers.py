"""Papers from real kinds of source, over real HTTP, into a real store.

A small arXiv on loopback answers queries by window and page as the real one does;
feeds and Crossref lie beside it.
"""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import Engine

from tests.fakes import MONDAY, Clock
from tests.server import Reply, Seen, Site
from tracker import ingest
from tracker.core.values import Item, Outcome, Topic
from tracker.fetch import Door, Limits
from tracker.ingest import Report, Tools
from tracker.ingest.judging import judge
from tracker.sources import Subscription, arxiv, crossref, feed
from tracker.store import engine as store
from tracker.store import listing
from tracker.store.listing import Wanted

WINDOW = re.compile(r"submittedDate:\[(\d{12}) TO (\d{12})\]")
CATEGORY = re.compile(r"cat:([\w.-]+)")
TITLE = "Ranking pins with graph networks"
OF_KDD = Topic("mining", "Mining", venues=("KDD",))


@dataclass(frozen=True)
class Paper:
    """A paper as the small arXiv holds it."""

    name: str
    submitted: datetime
    title: str = TITLE
    version: int = 1
    categories: tuple[str, ...] = ("cs.IR",)
    authors: tuple[str, ...] = ("Ada Lovelace", "Wei Wang")
    comment: str = "9 pages"
    pdf: bool = True

    def __str__(self) -> str:
        """Return the paper as the API writes it."""
        address = f"arxiv.org/abs/{self.name}v{self.version}"
        pdf = '<link href="https://arxiv.org/pdf/x" title="pdf" rel="related"/>'
        people = "".join(f"<author><name>{a}</name></author>" for a in self.authors)
        terms = "".join(f'<category term="{c}"/>' for c in self.categories)
        updated = self.submitted + timedelta(days=self.version - 1)
        return (
            f"<entry><id>http://{address}</id><title>{escape(self.title)}</title>"
            f"<updated>{updated:%Y-%m-%dT%H:%M:%SZ}</updated>"
            f"<published>{self.submitted:%Y-%m-%dT%H:%M:%SZ}</published>"
            f"<summary>We rank.</summary>{people}{terms}"
            f"<arxiv:comment>{self.comment}</arxiv:comment>{pdf if self.pdf else ''}"
            "</entry>"
        )


@dataclass
class Arxiv:
    """Answers the query API's questions about its papers."""

    papers: list[Paper] = field(default_factory=list)

    def __call__(self, seen: Seen) -> Reply:
        asked = {n: v[0] for n, v in parse_qs(urlsplit(seen.path).query).items()}
        found = WINDOW.search(asked["search_query"])
        assert found
        since, until = found.groups()
        wanted = set(CATEGORY.findall(asked["search_query"]))
        held = sorted(
            (
                paper
                for paper in self.papers
                if since <= f"{paper.submitted:%Y%m%d%H%M}" <= until
                and wanted & set(paper.categories)
            ),
            key=lambda paper: paper.submitted,
        )
        start, size = int(asked["start"]), int(asked["max_results"])
        body = (
            '<feed xmlns="http://www.w3.org/2005/Atom"'
            ' xmlns:arxiv="http://arxiv.org/schemas/atom"'
            ' xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">'
            f"<opensearch:totalResults>{len(held)}</opensearch:totalResults>"
            f"<opensearch:startIndex>{start}</opensearch:startIndex>"
            f"{''.join(map(str, held[start : start + size]))}</feed>"
        )
        return 200, {"Content-Type": "application/atom+xml"}, body.encode()


class Desk:
    """A site, a store and a clock, with the sources that read from them."""

    def __init__(self, site: Site, engine: Engine, door: Door, clock: Clock) -> None:
        self.site, self.engine, self.door, self.clock = site, engine, door, clock
        self.arxiv = Arxiv()
        site.routes["/api"] = self.arxiv
        api = f"{site.url}/api"
        self.sources = {
            "ir": arxiv.Source(categories=("cs.IR",), endpoint=api, page_size=2),
            "lg": arxiv.Source(categories=("cs.LG",), endpoint=api),
            "daily": feed.Source(url=f"{site.url}/daily"),
            "blog": feed.Source(url=f"{site.url}/blog"),
            "kdd": crossref.Source(venue="KDD", endpoint=site.url),
        }

    def collect(self, name: str) -> Report:
        kind = type(self.sources[name]).__module__.rpartition(".")[2]
        source = self.sources[name]
        venue = getattr(source, "venue", None)  # as the settings do
        subscription = Subscription(name, name, kind, source, venue=venue)
        tools = Tools(
            self.engine,
            self.door,
            lambda source, document: source.read(document),
            judge((OF_KDD,), (), (subscription,)),
            self.clock,
            workers=1,
        )
        due = ingest.due(tools, (subscription,), forced=True)
        (report,) = ingest.collect(tools, due)
        return report

    def items(self) -> list[Item]:
        with store.reading(self.engine) as connection:
            found = listing.items(connection, Wanted())
        return sorted(found, key=lambda item: item.id)

    def serve_feed(self, path: str, *entries: str) -> None:
        body = f'<feed xmlns="http://www.w3.org/2005/Atom">{"".join(entries)}</feed>'
        self.site.routes[path] = (200, {"Content-Type": "text/xml"}, body.encode())

    def serve_works(self, *works: dict[str, object]) -> None:
        message = {"items": works, "next-cursor": "x"}
        answer = {"status": "ok", "message-type": "work-list", "message": message}
        body = json.dumps(answer).encode()
        self.site.routes["/works"] = (200, {"Content-Type": "application/json"}, body)


@pytest.fixture
def desk(sqlite_template: Path, tmp_path: Path) -> Iterator[Desk]:
    file = tmp_path / "tracker.db"
    shutil.copy(sqlite_template, file)
    engine, clock = store.open_store(f"sqlite:///{file}"), Clock()
    limits = Limits("tracker/test", per_host_delay=0, allow_private_addresses=True)
    with Site() as site, Door(limits, tmp_path / "pace", clock) as door:
        yield Desk(site, engine, door, clock)
    engine.dispose()


PAPER = Paper("2611.01234", MONDAY - timedelta(days=3))


def work(title: str = TITLE, family: str = "Lovelace") -> dict[str, object]:
    return {
        "DOI": "10.1145/1.2",
        "title": [title],
        "container-title": ["Proceedings of the 32nd ACM SIGKDD Conference"],
        "event": {"name": "KDD '26: The 32nd ACM SIGKDD", "acronym": ["KDD '26"]},
        "author": [
            {"given": "A.", "family": family},
            {"given": "Min", "family": "Wang"},
        ],
        "issued": {"date-parts": [[2026, 8, 9]]},
    }


def test_the_queries_of_the_arxiv_package_go_through_our_door(desk: Desk) -> None:
    desk.arxiv.papers = [PAPER]
    assert desk.collect("ir").new == 1
    (seen,) = desk.site.requests
    assert seen.headers["user-agent"] == "tracker/test"
    assert seen.headers["accept"] == "application/atom+xml"


def test_all_pages_of_a_window_are_read(desk: Desk) -> None:
    desk.arxiv.papers = [
        Paper(
            f"2611.0000{n}", MONDAY - timedelta(hours=n), f"Ranking, part {n} of many"
        )
        for n in range(1, 8)
    ]
    report = desk.collect("ir")
    assert (report.outcome, report.entries, report.new) == (Outcome.OK, 7, 7)
    assert len(desk.site.requests) == 4


def test_after_a_gap_what_was_missed_is_found_and_nothing_is_new_twice(
    desk: Desk,
) -> None:
    desk.arxiv.papers = [
        Paper(
            f"2611.{day:05}", MONDAY + timedelta(days=day - 10), f"Ranking on day {day}"
        )
        for day in range(7, 55)
    ]
    before = desk.collect("ir")
    desk.clock.move(days=40)  # the machine was off
    after = desk.collect("ir")
    assert (before.new, after.new) == (4, 40)
    titles = [item.title for item in desk.items()]
    assert len(titles) == len(set(titles)) == 44


def test_a_paper_announced_late_under_an_earlier_date_is_found(desk: Desk) -> None:
    desk.collect("ir")
    desk.clock.move(days=5)
    desk.arxiv.papers = [replace(PAPER, submitted=MONDAY - timedelta(days=1))]
    assert desk.collect("ir").new == 1


def test_a_new_version_updates_the_item_and_is_not_new(desk: Desk) -> None:
    desk.arxiv.papers = [PAPER]
    desk.collect("ir")
    (before,) = desk.items()
    desk.clock.move(days=1)
    desk.arxiv.papers = [
        replace(PAPER, version=2, title="Ranking pins, renamed and mended")
    ]
    assert desk.collect("ir").new == 0
    (after,) = desk.items()
    assert after.title == "Ranking pins, renamed and mended"
    assert (after.first_seen, after.published) == (before.first_seen, before.published)


def test_a_venue_in_the_comment_of_a_later_version_is_the_items(desk: Desk) -> None:
    desk.arxiv.papers = [PAPER]
    desk.collect("ir")
    desk.clock.move(days=1)
    desk.arxiv.papers = [replace(PAPER, version=2, comment="Accepted at KDD 2026")]
    desk.collect("ir")
    (item,) = desk.items()
    assert [claim.name for claim in item.venues] == ["KDD 2026"]
    assert [(c.name, c.evidence) for c in item.topics] == [
        ("mining", "venue: KDD 2026")
    ]
    assert item.venues[0].since == MONDAY + timedelta(days=1)


def test_what_a_venue_accepted_is_about_its_topic_at_once(desk: Desk) -> None:
    desk.arxiv.papers = [
        replace(PAPER, comment="Accepted at KDD 2026"),
        replace(PAPER, name="2611.01235", title="Sorting boats by length"),
    ]
    desk.collect("ir")
    assert [[claim.name for claim in one.topics] for one in desk.items()] == [
        ["mining"],
        [],
    ]


def test_a_withdrawn_paper_stays_and_is_marked(desk: Desk) -> None:
    desk.arxiv.papers = [PAPER]
    desk.collect("ir")
    desk.arxiv.papers = [
        replace(PAPER, version=2, pdf=False, comment="Withdrawn: Lemma 2")
    ]
    desk.clock.move(days=1)
    desk.collect("ir")
    (item,) = desk.items()
    assert item.withdrawn


def test_a_cross_listed_paper_is_one_item_with_both_sources(desk: Desk) -> None:
    desk.arxiv.papers = [replace(PAPER, categories=("cs.IR", "cs.LG"))]
    assert (desk.collect("ir").new, desk.collect("lg").new) == (1, 0)
    (item,) = desk.items()
    assert item.sources == ("ir", "lg")


def test_the_daily_feed_and_the_api_name_one_paper_alike(desk: Desk) -> None:
    desk.serve_feed(
        "/daily",
        "<entry><id>oai:arXiv.org:2611.01234v1</id>"
        f"<title>{TITLE}</title><link href='https://arxiv.org/abs/2611.01234'/>"
        "<summary>arXiv:2611.01234v1 Announce Type: new \nAbstract: We rank.</summary>"
        "<published>2026-11-23T05:00:00Z</published></entry>",
    )
    desk.arxiv.papers = [replace(PAPER, version=2)]
    assert (desk.collect("daily").new, desk.collect("ir").new) == (1, 0)
    (item,) = desk.items()
    assert item.sources == ("daily", "ir")
    assert item.summary == "We rank."


def test_a_preprint_that_appears_in_proceedings_is_one_item_with_a_venue(
    desk: Desk,
) -> None:
    desk.arxiv.papers = [PAPER]
    desk.collect("ir")
    desk.serve_works(work(TITLE.upper()))
    assert desk.collect("kdd").new == 0
    (item,) = desk.items()
    assert [claim.name for claim in item.venues] == ["KDD 2026"]
    assert item.sources == ("ir", "kdd")


def test_a_paper_of_a_companion_volume_was_not_accepted_by_the_conference(
    desk: Desk,
) -> None:
    beside = {"container-title": ["Companion Proceedings of the 32nd ACM SIGKDD"]}
    desk.serve_works(work() | beside)
    assert desk.collect("kdd").new == 1
    assert desk.items()[0].venues == ()


def test_a_paper_of_that_title_by_another_first_author_is_another(desk: Desk) -> None:
    desk.arxiv.papers = [PAPER]
    desk.collect("ir")
    desk.serve_works(work(family="Hopper"))  # and a Wang, as there
    assert desk.collect("kdd").new == 1
    assert [len(item.venues) for item in desk.items()] == [0, 1]


def test_a_post_about_a_paper_is_an_item_of_its_own(desk: Desk) -> None:
    desk.arxiv.papers = [PAPER]
    desk.collect("ir")
    desk.serve_feed(
        "/blog",
        f"<entry><id>1</id><title>{TITLE}</title><link href='https://blog.example/1'/>"
        "<content type='html'>&lt;a href='https://arxiv.org/abs/2611.01234'&gt;paper"
        "&lt;/a&gt;</content></entry>",
    )
    assert desk.collect("blog").new == 1
    assert [item.kind for item in desk.items()] == ["paper", "post"]


def test_an_edited_post_is_updated_and_not_new(desk: Desk) -> None:
    def post(title: str, day: int) -> str:
        return (
            f"<entry><id>tag:blog.example,2026:1</id><title>{title}</title>"
            f"<link href='https://blog.example/{day}/ranking'/>"
            f"<updated>2026-11-{day}T00:00:00Z</updated></entry>"
        )

    desk.serve_feed("/blog", post("How we rank", 20))
    desk.collect("blog")
    desk.clock.move(days=1)
    desk.serve_feed("/blog", post("How we rank, corrected", 24))
    assert desk.collect("blog").new == 0
    (item,) = desk.items()
    assert item.title == "How we rank, corrected"
    assert item.published == datetime(2026, 11, 20, tzinfo=UTC)


def test_an_overloaded_arxiv_is_named_and_what_it_missed_comes_later(
    desk: Desk,
) -> None:
    desk.arxiv.papers = [PAPER]
    desk.site.routes["/api"] = (200, {"Content-Type": "text/plain"}, b"Rate exceeded.")
    assert desk.collect("ir").outcome is Outcome.RATE_LIMITED
    desk.site.routes["/api"] = desk.arxiv
    desk.clock.move(days=2)
    assert desk.collect("ir").new == 1
