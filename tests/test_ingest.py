"""Collecting sources into a store: nothing lost, nothing twice, no other hurt."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

import pytest
from sqlalchemy import Engine

from tests.fakes import MONDAY, Canned, Clock, Web, paper, post, subscription
from tracker import ingest
from tracker.core.values import Author, Company, Hints, Item, ItemKind, Outcome, Topic
from tracker.errors import (
    Blocked,
    FetchError,
    Gone,
    Interrupted,
    RateLimited,
    ReadError,
)
from tracker.ingest import Report, Tools
from tracker.ingest.judging import judge
from tracker.sources import Subscription
from tracker.store import authors, citations, fetches, listing
from tracker.store.engine import reading, writing
from tracker.store.fetches import State
from tracker.store.listing import Wanted

RECSYS = Topic("recsys", "Recommender systems", keywords=("recommender system",))
PINTEREST = Company(
    "pinterest", "Pinterest", ("Pinterest Inc.",), sites=("eng.pinterest.example",)
)
BLOG = "https://blog.example/feed"
OTHER = "https://other.example/feed"


class Desk:
    """A store, a web and a clock, with sources to collect."""

    def __init__(self, engine: Engine, *sources: Subscription) -> None:
        self.engine, self.clock = engine, Clock()
        self.web = Web(self.clock)
        self.sources = sources or (subscription(),)

    def tools(self, topics: tuple[Topic, ...] = (RECSYS,)) -> Tools:
        judged = judge(topics, (PINTEREST,), self.sources)
        return Tools(
            self.engine, self.web.fetch, self.web.read, judged, self.clock, workers=2
        )

    def collect(self) -> dict[str, Report]:
        tools = self.tools()
        due = ingest.due(tools, self.sources, forced=True)
        return {report.name: report for report in ingest.collect(tools, due)}

    def items(self) -> list[Item]:
        with reading(self.engine) as connection:
            return sorted(listing.items(connection, Wanted()), key=lambda i: i.id)

    def states(self) -> dict[str, State]:
        with reading(self.engine) as connection:
            return fetches.states(connection)


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine, subscription("blog"), subscription("other"))


def test_new_entries_become_items(desk: Desk) -> None:
    desk.web.serve(BLOG, post("a", "First"), post("b", "Second"))
    desk.web.serve(OTHER, post("c", "Third", url="https://other.example/c"))
    reports = desk.collect()
    assert reports["blog"].outcome is Outcome.OK
    assert (reports["blog"].entries, reports["blog"].new) == (2, 2)
    assert {item.title for item in desk.items()} == {"First", "Second", "Third"}
    assert {item.first_seen for item in desk.items()} == {MONDAY}


def test_the_same_entries_again_change_nothing(desk: Desk) -> None:
    desk.web.serve(BLOG, post("a"), post("b"))
    desk.collect()
    before = desk.items()
    desk.web.etags[BLOG] = '"changed"'
    desk.clock.move(hours=7)
    assert desk.collect()["blog"].new == 0
    assert desk.items() == before


def test_an_unchanged_answer_is_not_read_again(desk: Desk) -> None:
    desk.web.serve(BLOG, post("a"))
    desk.collect()
    assert desk.collect()["blog"].outcome is Outcome.UNCHANGED
    assert desk.web.asked[-1].etag or desk.web.asked[-2].etag


def test_one_failing_source_does_not_stop_the_others(desk: Desk) -> None:
    desk.web.fail(BLOG, FetchError("the server is gone"))
    desk.web.serve(OTHER, post("c"))
    reports = desk.collect()
    assert reports["blog"].outcome is Outcome.FAILED
    assert reports["blog"].detail == "the server is gone"
    assert reports["other"].new == 1


def test_a_bug_in_a_kind_is_reported_as_our_own_error(desk: Desk) -> None:
    desk.web.serve(OTHER, post("c"))
    desk.web.fail(BLOG, ZeroDivisionError("oops"))
    reports = desk.collect()
    assert "an error in tracker itself" in reports["blog"].detail
    assert reports["other"].outcome is Outcome.OK


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (Blocked("a bot check"), Outcome.BLOCKED),
        (RateLimited("too many"), Outcome.RATE_LIMITED),
        (ReadError("not Atom"), Outcome.FAILED),
    ],
)
def test_each_trouble_has_its_name(
    desk: Desk, error: Exception, outcome: Outcome
) -> None:
    desk.web.fail(BLOG, error)
    assert desk.collect()["blog"].outcome is outcome


def test_a_rate_limited_source_rests_as_long_as_it_asks(desk: Desk) -> None:
    desk.web.fail(BLOG, RateLimited("too many", retry_after=90_000))
    desk.collect()
    rest = desk.states()["blog"].next_check_at
    assert rest is not None
    assert rest >= MONDAY + timedelta(seconds=90_000)


def test_trouble_backs_off_and_success_ends_it(desk: Desk) -> None:
    desk.web.fail(BLOG, FetchError("down"))
    waits = []
    for _ in range(3):
        desk.collect()
        state = desk.states()["blog"]
        assert state.next_check_at is not None
        waits.append(state.next_check_at - desk.clock.now)
    assert waits[0] < waits[1] < waits[2]
    desk.web.serve(BLOG, post("a"))
    desk.collect()
    assert desk.states()["blog"].failures == 0


def test_what_is_due_is_what_the_store_says(desk: Desk) -> None:
    desk.web.serve(BLOG, post("a"))
    desk.web.serve(OTHER, post("b"))
    desk.collect()
    tools = desk.tools()
    assert ingest.due(tools, desk.sources) == []
    desk.clock.move(days=8)
    assert len(ingest.due(tools, desk.sources)) == 2


def test_a_disabled_source_is_never_asked(engine: Engine) -> None:
    desk = Desk(engine, subscription("blog", enabled=False))
    assert desk.collect() == {}
    assert desk.web.asked == []


def test_a_post_in_two_feeds_is_one_item(desk: Desk) -> None:
    desk.web.serve(BLOG, post("a", url="https://x.example/p?utm_source=rss"))
    desk.web.serve(OTHER, post("z", url="http://www.x.example/p/#top"))
    desk.collect()
    (item,) = desk.items()
    assert set(item.sources) == {"blog", "other"}


def test_preprint_and_proceedings_paper_become_one_item(desk: Desk) -> None:
    title = "Ranking pins with graph networks"
    desk.web.serve(BLOG, paper("1", title, ids=("arxiv:2601.00001",)))
    desk.collect()
    desk.web.serve(OTHER, paper("2", title, ids=("doi:10.1145/1.2",), venue="KDD 2026"))
    desk.clock.move(days=1)
    desk.collect()
    (item,) = desk.items()
    assert [claim.name for claim in item.venues] == ["KDD 2026"]
    assert item.venues[0].since == MONDAY + timedelta(days=1)


def test_papers_of_one_title_by_others_stay_two(desk: Desk) -> None:
    title = "Ranking pins with graph networks"
    desk.web.serve(BLOG, paper("1", title))
    desk.web.serve(OTHER, paper("2", title, authors=(Author("Grace Hopper"),)))
    desk.collect()
    assert len(desk.items()) == 2


def test_two_arxiv_papers_of_one_title_stay_two(desk: Desk) -> None:
    title = "Ranking pins with graph networks"
    desk.web.serve(
        BLOG,
        paper("1", title, ids=("arxiv:2601.00001",)),
        paper("2", title, ids=("arxiv:2601.00002",)),
    )
    desk.collect()
    assert len(desk.items()) == 2


def test_an_entry_that_names_both_ids_joins_two_items(desk: Desk) -> None:
    one, other = "Ranking of pins in three stages", "A retitled ranking of our pins"
    desk.web.serve(BLOG, paper("1", one, ids=("arxiv:2601.00001",)))
    desk.collect()
    desk.web.serve(OTHER, paper("2", other, ids=("doi:10.1145/1.2",)))
    desk.collect()
    assert len(desk.items()) == 2
    both = paper("3", one, ids=("arxiv:2601.00001", "doi:10.1145/1.2"))
    desk.web.serve(OTHER, both)
    desk.collect()
    (item,) = desk.items()
    assert set(item.sources) == {"blog", "other"}
    with reading(desk.engine) as connection:
        assert listing.one(connection, 2) == item
        assert listing.search(connection, "retitled", 5) == []


def test_entries_that_share_a_page_stay_apart(desk: Desk) -> None:
    page = "https://blog.example/changelog"
    desk.web.serve(
        BLOG, post("1", "Version 1", url=page), post("2", "Version 2", url=page)
    )
    desk.collect()
    assert len(desk.items()) == 2


def test_a_changed_title_changes_the_item(desk: Desk) -> None:
    desk.web.serve(BLOG, post("a", "Frist"))
    desk.collect()
    desk.web.serve(BLOG, post("a", "First, with a word of wisdom"))
    desk.collect()
    (item,) = desk.items()
    assert item.title == "First, with a word of wisdom"
    with reading(desk.engine) as connection:
        assert listing.search(connection, "wisdom", 5) == [item]
        assert listing.search(connection, "frist", 5) == []


def test_a_redated_post_keeps_its_date_and_is_not_new(desk: Desk) -> None:
    desk.web.serve(BLOG, post("a"))
    desk.collect()
    desk.clock.move(days=30)
    desk.web.serve(BLOG, post("a", published=desk.clock.now))
    assert desk.collect()["blog"].new == 0
    (item,) = desk.items()
    assert item.published == MONDAY - timedelta(days=1)


def test_a_withdrawn_version_marks_the_paper(desk: Desk) -> None:
    first = paper("1", "A claim too good", ids=("arxiv:2601.00001",), version=1)
    desk.web.serve(BLOG, first)
    desk.collect()
    desk.web.serve(BLOG, replace(first, version=2, withdrawn=True))
    desk.collect()
    assert desk.items()[0].withdrawn


def test_a_list_much_shorter_than_before_is_stale_and_deletes_nothing(
    desk: Desk,
) -> None:
    desk.web.serve(BLOG, *(post(str(n), f"Post {n}") for n in range(20)))
    desk.collect()
    desk.web.serve(BLOG, post("1", "Post 1"))
    report = desk.collect()["blog"]
    assert report.outcome is Outcome.STALE
    assert report.detail == "1 entries where there were 20"
    assert len(desk.items()) == 20


def test_an_emptied_feed_is_stale_and_a_new_empty_one_is_empty(desk: Desk) -> None:
    desk.web.serve(BLOG, *(post(str(n), f"Post {n}") for n in range(20)))
    desk.web.serve(OTHER)
    assert desk.collect()["other"].outcome is Outcome.EMPTY
    desk.web.serve(BLOG)
    assert desk.collect()["blog"].outcome is Outcome.STALE


def test_the_archive_of_a_new_blog_is_backlog_but_for_the_newest_few(
    desk: Desk,
) -> None:
    old = [
        post(str(n), f"Post {n}", published=MONDAY - timedelta(days=100 + n))
        for n in range(30)
    ]
    desk.web.serve(BLOG, *old)
    desk.collect()
    news = [item.title for item in desk.items() if not item.backlog]
    assert news == [f"Post {n}" for n in range(5)]
    late = post("late", "An old post found late", published=MONDAY - timedelta(days=90))
    desk.web.serve(BLOG, *old, late)
    desk.collect()
    assert not desk.items()[-1].backlog


def test_what_was_read_before_a_page_failed_is_kept(desk: Desk) -> None:
    desk.web.serve(BLOG, paper("1", "First of all papers"), follow=[f"{BLOG}?page=2"])
    desk.web.fail(f"{BLOG}?page=2", RateLimited("slow down"))
    report = desk.collect()["blog"]
    assert report.outcome is Outcome.RATE_LIMITED
    assert report.new == 1
    desk.web.serve(f"{BLOG}?page=2", paper("2", "Second of all papers"))
    assert desk.collect()["blog"].new == 1


def test_pages_without_end_stop(desk: Desk) -> None:
    desk.web.serve(BLOG, post("a"), follow=[BLOG])
    assert "over 100 pages" in desk.collect()["blog"].detail


def test_topics_and_companies_carry_their_evidence(desk: Desk) -> None:
    author = Author("Ada Lovelace", ("Pinterest Inc., San Francisco",))
    desk.web.serve(BLOG, paper("1", "A recommender system", authors=(author,)))
    desk.collect()
    (item,) = desk.items()
    assert [(c.name, c.evidence) for c in item.topics] == [
        ("recsys", "title: recommender system")
    ]
    assert [(c.name, c.evidence) for c in item.companies] == [
        ("pinterest", "Pinterest Inc., San Francisco")
    ]


def test_changed_topics_judge_stored_items_anew(desk: Desk) -> None:
    author = Author("Ada Lovelace", ("Pinterest Inc.",))
    desk.web.serve(BLOG, paper("1", "Pins in a bloom filter", authors=(author,)))
    desk.collect()
    assert desk.items()[0].topics == ()
    bloom = Topic("bloom", "Bloom filters", keywords=("bloom filter",))
    ingest.bring_up_to_date(desk.tools((RECSYS, bloom)))
    (item,) = desk.items()
    assert [claim.name for claim in item.topics] == ["bloom"]
    assert [claim.name for claim in item.companies] == ["pinterest"]


def test_the_source_itself_names_company_topics_and_venue(engine: Engine) -> None:
    desk = Desk(
        engine,
        subscription("blog", company="pinterest", topics=("recsys",), venue="KDD"),
    )
    desk.web.serve(BLOG, paper("1", "On the matter of pins"))
    desk.collect()
    (item,) = desk.items()
    assert item.kind is ItemKind.PAPER
    assert [claim.name for claim in item.companies] == ["pinterest"]
    assert [claim.name for claim in item.topics] == ["recsys"]
    assert [claim.name for claim in item.venues] == ["KDD 2026"]


def test_companies_of_any_source_outlast_a_new_judgement(desk: Desk) -> None:
    title = "Ranking pins with graph networks"
    elsewhere = Author("Ada Lovelace", ("University of Somewhere",))
    at_work = Author("Ada Lovelace", ("Pinterest Inc.",))
    desk.web.serve(BLOG, paper("1", title, authors=(elsewhere,)))
    desk.collect()
    desk.web.serve(OTHER, paper("2", title, authors=(at_work,)))
    desk.collect()
    before = desk.items()
    assert [claim.name for claim in before[0].companies] == ["pinterest"]
    desk.clock.move(days=1)
    ingest.bring_up_to_date(desk.tools((RECSYS, Topic("bloom", "Bloom filters"))))
    assert desk.items()[0].companies == before[0].companies
    (claim,) = before[0].companies
    assert (claim.evidence, claim.source) == ("Pinterest Inc.", "other")
    assert claim.since == MONDAY


def test_a_post_is_of_the_company_on_whose_site_it_is(desk: Desk) -> None:
    linked = post("a", "Elsewhere", url="https://eng.pinterest.example/a")
    named = paper("b", "A paper on their site", url="https://eng.pinterest.example/b")
    desk.web.serve(BLOG, linked, named)
    desk.collect()
    ours, theirs = sorted(desk.items(), key=lambda item: item.kind, reverse=True)
    (claim,) = ours.companies
    assert (claim.name, claim.evidence) == ("pinterest", "site: eng.pinterest.example")
    assert theirs.companies == ()
    ingest.bring_up_to_date(desk.tools((RECSYS, Topic("bloom", "Bloom filters"))))
    assert [i.companies for i in desk.items() if i.id == ours.id] == [ours.companies]


def stated(desk: Desk) -> list[tuple[str, list[tuple[str, tuple[str, ...]]]]]:
    with reading(desk.engine) as connection:
        found = authors.of(connection, [item.id for item in desk.items()])
    return [
        (one.source, [(who.name, who.affiliations) for who in one.authors])
        for statements in found.values()
        for one in statements
    ]


def test_who_works_where_is_kept_by_source_as_stated_last(desk: Desk) -> None:
    ada, grace = Author("Ada", ("Pinterest Inc.", "Oslo")), Author("Grace")
    key = ("arxiv:2601.00001",)
    desk.web.serve(BLOG, paper("1", "Pins", ids=key, authors=(ada, grace)))
    desk.web.serve(OTHER, paper("2", "Pins", ids=key, authors=(Author("Ada"), grace)))
    desk.collect()
    first = ("blog", [("Ada", ("Pinterest Inc.", "Oslo")), ("Grace", ())])
    assert stated(desk) == [first]
    moved = Author("Ada", ("Elsewhere",))
    desk.web.serve(OTHER, paper("2", "Pins", ids=key, authors=(moved,)))
    desk.collect()
    assert stated(desk) == [first, ("other", [("Ada", ("Elsewhere",))])]
    desk.web.serve(OTHER, paper("2", "Pins!", ids=key, authors=(ada,)))
    desk.collect()
    assert stated(desk)[1] == ("other", [("Ada", ("Pinterest Inc.", "Oslo"))])


def test_items_that_turn_out_to_be_one_keep_who_works_where(desk: Desk) -> None:
    ada = Author("Ada", ("Pinterest Inc.",))
    arxiv, doi = ("arxiv:2601.00001",), ("doi:10.1145/1.2",)
    desk.web.serve(BLOG, paper("1", "Pins", ids=arxiv, authors=(ada,)))
    desk.collect()
    desk.web.serve(OTHER, paper("2", "Boards", ids=doi, authors=(ada,)))
    desk.collect()
    assert len(desk.items()) == 2
    desk.web.serve(OTHER, paper("3", "Pins", ids=(*arxiv, *doi), authors=(ada,)))
    desk.collect()
    assert len(desk.items()) == 1
    assert [source for source, _ in stated(desk)] == ["blog", "other"]


def test_a_joined_item_keeps_the_first_citation_key_and_nobody_gets_the_other(
    desk: Desk,
) -> None:
    arxiv, doi = ("arxiv:2601.00001",), ("doi:10.1145/1.2",)
    desk.web.serve(BLOG, paper("1", "Pins", ids=arxiv))
    desk.collect()
    desk.web.serve(OTHER, paper("2", "Boards", ids=doi))
    desk.collect()
    pins, boards = sorted(item.id for item in desk.items())
    with writing(desk.engine) as connection:
        citations.give(connection, {boards: "ada2026boards"}, MONDAY)
        later = MONDAY + timedelta(days=1)
        citations.give(connection, {pins: "ada2026pins"}, later)
    desk.web.serve(OTHER, paper("3", "Pins", ids=(*arxiv, *doi)))
    desk.collect()
    (item,) = desk.items()
    with reading(desk.engine) as connection:
        assert citations.of(connection, [item.id]) == {item.id: "ada2026boards"}
        both = {"ada2026boards", "ada2026pins"}
        assert citations.taken(connection, (*both, "free")) == both


def test_an_abstract_from_another_source_judges_the_item_anew(desk: Desk) -> None:
    title = "Ranking pins with graph networks"
    desk.web.serve(BLOG, paper("1", title, summary=""))
    desk.collect()
    assert desk.items()[0].topics == ()
    told = "We rank with a recommender system."
    desk.web.serve(OTHER, paper("2", title, summary=told))
    desk.collect()
    (item,) = desk.items()
    assert item.summary == told
    assert [claim.name for claim in item.topics] == ["recsys"]


def test_a_topic_goes_when_the_words_for_it_do(desk: Desk) -> None:
    desk.web.serve(BLOG, post("a", "Our recommender system"))
    desk.collect()
    assert desk.items()[0].topics
    desk.web.serve(BLOG, post("a", "Our cooking recipes"))
    desk.collect()
    assert desk.items()[0].topics == ()


def test_a_newer_version_from_another_source_is_what_the_item_says(desk: Desk) -> None:
    first = paper("1", "A first claim", ids=("arxiv:2601.00001",), version=1)
    desk.web.serve(BLOG, first)
    desk.collect()
    desk.web.serve(OTHER, replace(first, title="A better claim", version=2))
    desk.collect()
    assert [item.title for item in desk.items()] == ["A better claim"]
    desk.web.serve(BLOG, first, paper("2", "Another claim altogether"))
    desk.collect()
    assert desk.items()[0].title == "A better claim"


def test_backlog_that_another_source_has_as_news_is_news(desk: Desk) -> None:
    old = [
        post(str(n), f"Post {n}", published=MONDAY - timedelta(days=100 + n))
        for n in range(8)
    ]
    desk.web.serve(BLOG, *old)
    desk.web.serve(OTHER, post("x", "A post elsewhere"))
    desk.collect()
    desk.clock.move(days=30)
    assert next(item.title for item in desk.items() if item.backlog) == "Post 5"
    desk.web.serve(OTHER, post("x", "A post elsewhere"), old[5])
    desk.collect()
    news = next(item for item in desk.items() if item.title == "Post 5")
    assert not news.backlog
    assert news.first_seen == desk.clock.now


def test_an_edit_of_backlog_is_no_news(desk: Desk) -> None:
    old = [
        post(str(n), f"Post {n}", published=MONDAY - timedelta(days=100 + n))
        for n in range(8)
    ]
    desk.web.serve(BLOG, *old)
    desk.collect()
    desk.clock.move(days=30)
    desk.web.serve(BLOG, *old[:7], replace(old[7], title="Post 7, mended"))
    desk.collect()
    last = desk.items()[-1]
    assert (last.title, last.backlog) == ("Post 7, mended", True)
    assert last.first_seen == MONDAY


def test_entries_that_share_a_page_stay_apart_as_they_come(desk: Desk) -> None:
    page = "https://blog.example/changelog"
    versions = [post(str(n), f"Version {n}", url=page) for n in range(5)]
    for count in range(2, 6):
        desk.web.serve(BLOG, *versions[:count])
        desk.collect()
    assert len(desk.items()) == 5


def test_pages_no_longer_asked_are_forgotten(desk: Desk) -> None:
    """A query's address has its dates in it, and is another one each time."""
    for day in range(3):
        address = f"{BLOG}?since={day}"
        moved = subscription("blog", source=Canned(url=address))
        desk.sources = (moved, subscription("other"))
        desk.web.serve(address, post(str(day), f"Post {day}"))
        desk.web.serve(OTHER, post("x", "A post elsewhere"))
        desk.collect()
    with reading(desk.engine) as connection:
        known = fetches.validators(connection, desk.states()["blog"].id)
    assert list(known) == [f"{BLOG}?since=2"]


def test_checking_a_source_stores_nothing(desk: Desk) -> None:
    desk.web.serve(BLOG, post("a"), post("b"))
    report = ingest.check(desk.tools(), desk.sources[0])
    assert (report.outcome, report.entries) == (Outcome.OK, 2)
    assert (desk.items(), desk.states()) == ([], {})


def test_an_interrupted_source_is_as_due_as_before(desk: Desk) -> None:
    desk.web.fail(BLOG, Interrupted("interrupted"))
    desk.web.serve(OTHER, post("c"))
    assert list(desk.collect()) == ["other"]
    state = desk.states()["blog"]
    assert (state.outcome, state.failures) == (None, 0)
    assert state.next_check_at == MONDAY


def test_two_processes_that_collect_at_once_store_each_work_once(desk: Desk) -> None:
    desk.web.serve(BLOG, *(post(str(n), f"Post {n}") for n in range(20)))
    desk.web.serve(OTHER, *(post(str(n), f"Post {n}") for n in reversed(range(20))))
    with ThreadPoolExecutor(3) as pool:
        for result in [pool.submit(desk.collect) for _ in range(3)]:
            result.result()
    assert len(desk.items()) == 20


class _Feed(Canned):
    is_catalogue: ClassVar[bool] = False


def test_a_catalogues_word_on_a_paper_replaces_that_of_who_linked_to_it(
    engine: Engine,
) -> None:
    blog = subscription("blog", source=_Feed(url=BLOG))
    desk = Desk(engine, blog, subscription("other"))
    key = ("arxiv:2601.00001",)
    linked = "https://arxiv.org/abs/2601.00001?utm_source=blog"
    posted = paper("1", "Must read!", ids=key, url=linked, authors=(), summary="Wow.")
    desk.web.serve(BLOG, posted)
    desk.collect()
    assert desk.items()[0].url == "https://arxiv.org/abs/2601.00001"
    desk.web.serve(OTHER, paper("2", "Ranking pins with graph networks", ids=key))
    desk.collect()
    desk.web.serve(BLOG, replace(posted, title="Must read now!"))
    desk.collect()
    (item,) = desk.items()
    assert item.title == "Ranking pins with graph networks"
    assert item.authors == ("Ada Lovelace", "Alan Turing")
    assert item.summary == "We show a thing."
    assert item.published == MONDAY - timedelta(days=2)


def test_nobody_retitles_the_post_of_another_site(desk: Desk) -> None:
    page = "https://other.example/post"
    stolen = post("x", "Buy now", url=page, summary="Not what it says.")
    desk.web.serve(BLOG, stolen)
    desk.collect()
    desk.web.serve(OTHER, post("y", "How we rank", url=page))
    desk.collect()
    desk.web.serve(BLOG, replace(stolen, title="Buy it now"))
    desk.collect()
    (item,) = desk.items()
    assert item.title == "How we rank"
    assert item.summary == "How it works."


def test_an_emptied_feed_never_passes_for_an_empty_one(desk: Desk) -> None:
    desk.web.serve(BLOG, post("a"), post("b"))
    desk.collect()
    desk.web.serve(BLOG)
    reports = [desk.collect()["blog"] for _ in range(8)]
    assert {report.outcome for report in reports} == {Outcome.STALE}
    assert reports[-1].detail == "no entries where there were 2"


def test_a_lively_source_is_asked_sooner_than_a_slow_one(engine: Engine) -> None:
    at_will = timedelta(minutes=15)
    desk = Desk(engine, *(subscription(n, every=at_will) for n in ("blog", "other")))
    for url, days in ((BLOG, 1), (OTHER, 30)):
        posts = [
            post(f"{url}{n}", f"Post {n}", published=MONDAY - timedelta(days=days * n))
            for n in range(1, 10)
        ]
        desk.web.serve(url, *posts)
    desk.collect()
    states = desk.states()
    lively, slow = states["blog"].pace, states["other"].pace
    assert lively is not None and slow is not None
    assert lively == pytest.approx(timedelta(hours=4.9), abs=timedelta(minutes=10))
    assert slow == pytest.approx(timedelta(hours=26.8), abs=timedelta(minutes=10))
    assert lively <= (states["blog"].next_check_at or MONDAY) - MONDAY < slow


def test_what_an_answer_says_of_when_to_ask_is_heeded_also_unchanged(
    desk: Desk,
) -> None:
    desk.web.serve(BLOG, post("a"), hints=Hints(ttl=timedelta(hours=9)))
    desk.web.headers[BLOG] = {"cache-control": "max-age=72000"}
    for _ in range(2):
        desk.collect()
        assert desk.states()["blog"].pace == timedelta(hours=20)
        desk.clock.move(days=1)
    desk.web.headers[BLOG] = {"cache-control": "max-age=60"}
    assert desk.collect()["blog"].outcome is Outcome.UNCHANGED
    assert desk.states()["blog"].pace == timedelta(hours=9)


def test_a_source_that_is_gone_is_asked_no_more_unless_by_name(desk: Desk) -> None:
    desk.web.fail(BLOG, Gone("gone for good"))
    desk.web.serve(OTHER, post("c"))
    assert desk.collect()["blog"].outcome is Outcome.FAILED
    desk.clock.move(days=60)
    tools = desk.tools()
    assert [one.name for one, _ in ingest.due(tools, desk.sources)] == ["other"]
    moved = subscription("blog", source=Canned(url="https://blog.example/new"))
    assert [one.name for one, _ in ingest.due(tools, [moved])] == ["blog"]
    desk.web.serve(BLOG, post("a"))
    assert desk.collect()["blog"].new == 1
    desk.clock.move(days=60)
    assert len(ingest.due(tools, desk.sources)) == 2


NEW_HOME = "https://new.example/feed"


def moving(desk: Desk, *days: int) -> None:
    """Collect on these days, while the blog's address leads to a new one for good."""
    desk.web.moved[BLOG] = NEW_HOME
    for day in days:
        desk.clock.now = MONDAY + timedelta(days=day)
        desk.web.serve(NEW_HOME, post("a"), post(str(day), f"Post of day {day}"))
        desk.collect()


def asked_since(desk: Desk, count: int) -> list[str]:
    return [
        request.url for request in desk.web.asked[count:] if "other" not in request.url
    ]


def test_a_permanent_redirect_is_adopted_after_days(desk: Desk) -> None:
    moving(desk, 0, 1)
    assert desk.states()["blog"].moved_to is None
    moving(desk, 4)
    assert desk.states()["blog"].moved_to == NEW_HOME
    before = len(desk.web.asked)
    moving(desk, 5, 6)
    assert asked_since(desk, before) == [NEW_HOME, NEW_HOME]
    assert desk.states()["blog"].outcome is Outcome.OK
    assert len(desk.items()) == 6


def test_an_address_that_was_adopted_and_fails_is_given_up(desk: Desk) -> None:
    moving(desk, 0, 1, 4)
    del desk.web.moved[BLOG]
    desk.web.serve(BLOG, post("b"))
    desk.web.fail(NEW_HOME, Gone("gone for good"))
    assert desk.collect()["blog"].outcome is Outcome.FAILED
    state = desk.states()["blog"]
    assert (state.move, state.gone) == (None, None)
    assert desk.collect()["blog"].outcome is Outcome.OK
    assert desk.web.asked[-1].url == BLOG or desk.web.asked[-2].url == BLOG


def test_a_redirect_to_what_is_no_feed_is_not_adopted(desk: Desk) -> None:
    desk.web.moved[BLOG] = NEW_HOME
    desk.web.fail(NEW_HOME, ReadError("a web page instead of a feed"))
    for day in range(9):
        desk.clock.now = MONDAY + timedelta(days=day)
        desk.collect()
    assert desk.states()["blog"].move is None


def test_a_source_is_left_alone_in_the_hours_that_it_skips(desk: Desk) -> None:
    nights = Hints(skip_hours=frozenset(range(13)))
    desk.web.serve(BLOG, post("a"), hints=nights)
    desk.web.serve(OTHER, post("b"))
    desk.collect()
    desk.clock.move(days=9)
    assert [one.name for one, _ in ingest.due(desk.tools(), desk.sources)] == ["other"]
    desk.clock.move(hours=1)
    assert len(ingest.due(desk.tools(), desk.sources)) == 2
