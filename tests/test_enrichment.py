"""Sources of evidence: they add to the items that exist, and make none."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, insert

from tests.fakes import MONDAY, Canned, Clock, Web, paper, post, subscription
from tests.server import Reply, Site
from tracker import ingest
from tracker.core.values import (
    Author,
    Company,
    Entry,
    Item,
    Mark,
    MarkState,
    Outcome,
    Request,
    Signal,
    SignalName,
    Topic,
    Window,
)
from tracker.fetch import Door, Limits
from tracker.ingest import Report, Tools
from tracker.ingest.judging import judge
from tracker.sources import Subscription, semantic_scholar
from tracker.store import listing, readers, signals
from tracker.store.engine import reading, writing
from tracker.store.listing import Wanted
from tracker.store.tables import Base

PINTEREST = Company("pinterest", "Pinterest")
ARXIV = "https://arxiv.example/feed"
KDD = "https://kdd.example/feed"
LIST = "https://list.example/feed"
OTHER = "https://other.example/feed"
PINS = "arxiv:2601.00001"
UPVOTES, CODE = SignalName.UPVOTES, SignalName.CODE


class Evidence(Canned):
    """A source of canned pages that publishes nothing."""

    makes_items: ClassVar[bool] = False


class Asking(Evidence):
    """One that posts the ids it is told, two in a request."""

    wants_ids: ClassVar[bool] = True
    lookback: ClassVar[timedelta] = timedelta(days=180)

    def first(self, window: Window) -> tuple[Request, ...]:
        starts = range(0, len(window.ids), 2)
        bodies = (json.dumps(window.ids[at : at + 2]).encode() for at in starts)
        return tuple(Request(self.url, body=body) for body in bodies)


class Desk:
    """A store with a catalogue, proceedings and two sources of evidence."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.web, self.clock = engine, Web(), Clock()
        self.sources: tuple[Subscription, ...] = (
            subscription("list", title="The List", source=Evidence(url=LIST)),
            subscription("arxiv"),
            subscription("kdd"),
            subscription("other", source=Evidence(url=OTHER)),
        )
        for url in (ARXIV, KDD, LIST, OTHER):
            self.web.serve(url)

    def tools(self, *topics: Topic) -> Tools:
        judged = judge(topics, (PINTEREST,), self.sources)
        return Tools(
            self.engine, self.web.fetch, self.web.read, judged, self.clock, workers=2
        )

    def collect(self, *names: str) -> dict[str, Report]:
        tools = self.tools()
        chosen = [one for one in self.sources if not names or one.name in names]
        due = ingest.due(tools, chosen, forced=True)
        return {report.name: report for report in ingest.collect(tools, due)}

    def items(self) -> list[Item]:
        with reading(self.engine) as connection:
            return sorted(listing.items(connection, Wanted()), key=lambda i: i.id)

    def kept(self, since: datetime = MONDAY - timedelta(days=180)) -> Sequence[str]:
        with reading(self.engine) as connection:
            return signals.kept(connection, since)

    def mark(self, item: int, mark: Mark) -> None:
        with writing(self.engine) as connection:
            who = readers.ensure(connection, "ada")
            readers.mark(connection, who, item, mark, self.clock.now)


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def evidence(ids: str = PINS, **told: str) -> Entry:
    """Return what a list says of a work: `evidence(upvotes="3")`."""
    stated = tuple(Signal(SignalName(name), value) for name, value in told.items())
    return paper(f"about {ids}", "As the list has it", ids=(ids,), signals=stated)


def told(item: Item) -> dict[tuple[str, str], str]:
    return {(signal.source, str(signal.name)): signal.value for signal in item.signals}


def test_evidence_is_added_to_the_item_that_owns_the_id(desk: Desk) -> None:
    desk.web.serve(ARXIV, paper("1", "Ranking of pins in three stages", ids=(PINS,)))
    desk.web.serve(LIST, evidence(upvotes="412", code="https://github.com/x/pins"))
    report = desk.collect()["list"]
    assert (report.outcome, report.entries, report.new) == (Outcome.OK, 1, 0)
    (item,) = desk.items()
    assert item.title == "Ranking of pins in three stages"
    assert item.signals == (
        Signal(CODE, "https://github.com/x/pins", "list", MONDAY),
        Signal(UPVOTES, "412", "list", MONDAY),
    )
    assert item.links == ("https://github.com/x/pins",)
    assert item.sources == ("arxiv",), "it was not published there"


def test_evidence_on_unknown_works_makes_nothing(desk: Desk) -> None:
    desk.web.serve(LIST, evidence(upvotes="3"), evidence("doi:10.1145/2", upvotes="4"))
    assert desk.collect()["list"].new == 0
    assert desk.items() == []


def test_evidence_that_came_before_its_item_is_added_when_the_item_is_there(
    desk: Desk,
) -> None:
    desk.web.serve(LIST, evidence(upvotes="3"))
    desk.collect()
    desk.clock.move(days=1)
    desk.web.serve(ARXIV, paper("1", "Ranking of pins in three stages", ids=(PINS,)))
    desk.collect()
    assert told(desk.items()[0]) == {("list", "upvotes"): "3"}
    asked = [request for request in desk.web.asked if request.url == LIST]
    assert [request.etag for request in asked] == [None, None], "it is read whole"


def test_a_run_adds_evidence_to_what_the_same_run_found(desk: Desk) -> None:
    """Whichever source is due first: the list is the first one here."""
    desk.web.serve(LIST, evidence(upvotes="3"))
    desk.web.serve(ARXIV, paper("1", "Ranking of pins in three stages", ids=(PINS,)))
    assert list(desk.collect())[-2:] in (["list", "other"], ["other", "list"])
    assert told(desk.items()[0]) == {("list", "upvotes"): "3"}


def test_a_count_is_updated_in_place_and_dated_when_it_changes(desk: Desk) -> None:
    desk.web.serve(ARXIV, paper("1", "Ranking of pins in three stages", ids=(PINS,)))
    desk.web.serve(LIST, evidence(upvotes="3"))
    desk.collect()
    desk.clock.move(days=1)
    assert desk.collect()["list"].outcome is Outcome.OK
    assert desk.items()[0].signals == (Signal(UPVOTES, "3", "list", MONDAY),)
    desk.web.serve(LIST, evidence(upvotes="5"))
    assert desk.collect()["list"].new == 0
    later = MONDAY + timedelta(days=1)
    (item,) = desk.items()
    assert item.signals == (Signal(UPVOTES, "5", "list", later),)
    assert (item.first_seen, item.title) == (MONDAY, "Ranking of pins in three stages")


def test_what_a_list_no_longer_says_is_kept(desk: Desk) -> None:
    desk.web.serve(ARXIV, paper("1", "Ranking of pins in three stages", ids=(PINS,)))
    desk.web.serve(LIST, evidence(upvotes="3"))
    desk.collect()
    desk.web.serve(LIST)
    assert desk.collect()["list"].outcome is Outcome.EMPTY
    assert told(desk.items()[0]) == {("list", "upvotes"): "3"}


def test_each_source_keeps_its_own_word(desk: Desk) -> None:
    desk.web.serve(ARXIV, paper("1", "Ranking of pins in three stages", ids=(PINS,)))
    desk.web.serve(LIST, evidence(upvotes="3"))
    desk.web.serve(OTHER, evidence(upvotes="8"))
    desk.collect()
    assert told(desk.items()[0]) == {
        ("list", "upvotes"): "3",
        ("other", "upvotes"): "8",
    }


def test_a_title_or_an_address_alone_is_no_name_of_a_work(desk: Desk) -> None:
    page = "https://pins.example/paper"
    published = paper("1", "Ranking of pins in three stages", ids=(PINS,), url=page)
    desk.web.serve(ARXIV, published, post("2", "A post", url="https://pins.example/2"))
    stated = (Signal(UPVOTES, "3"),)
    desk.web.serve(LIST, replace(published, ids=(), signals=stated))
    desk.collect()
    assert [item.signals for item in desk.items()] == [(), ()]


def test_an_organization_is_evidence_of_a_company(desk: Desk) -> None:
    elsewhere = Author("Ada Lovelace", ("University of Somewhere",))
    entry = paper("1", "Ranking pins in stages", ids=(PINS,), authors=(elsewhere,))
    desk.web.serve(ARXIV, entry)
    desk.web.serve(LIST, evidence(organization="Pinterest"))
    desk.collect()
    ingest.bring_up_to_date(desk.tools(Topic("bloom", "Bloom filters")))
    (claim,) = desk.items()[0].companies
    assert (claim.name, claim.evidence, claim.source) == (
        "pinterest",
        "organization: Pinterest",
        "list",
    )


def test_items_that_become_one_keep_the_evidence_of_both(desk: Desk) -> None:
    desk.web.serve(ARXIV, paper("1", "Ranking of pins in three stages", ids=(PINS,)))
    desk.web.serve(
        KDD, paper("2", "A retitled ranking of pins", ids=("doi:10.1145/2",))
    )
    desk.web.serve(LIST, evidence(upvotes="3"), evidence("doi:10.1145/2", upvotes="9"))
    desk.web.serve(OTHER, evidence("doi:10.1145/2", citations="35"))
    desk.collect("arxiv")  # so that its item is the one that remains
    desk.collect()
    assert len(desk.items()) == 2
    both = paper("3", "A retitled ranking of pins", ids=(PINS, "doi:10.1145/2"))
    desk.web.serve(KDD, both)
    desk.collect("kdd")
    (item,) = desk.items()
    assert told(item) == {("list", "upvotes"): "3", ("other", "citations"): "35"}


def test_ids_that_evidence_adds_are_names_of_the_item_from_then_on(desk: Desk) -> None:
    desk.web.serve(ARXIV, paper("1", "Ranking of pins in three stages", ids=(PINS,)))
    more = replace(evidence(citations="35"), ids=(PINS, "doi:10.1145/2"))
    desk.web.serve(LIST, more)
    desk.collect()
    retitled = paper(
        "2", "A retitled ranking", ids=("doi:10.1145/2",), venue="KDD 2026"
    )
    desk.web.serve(KDD, retitled)
    assert desk.collect()["kdd"].new == 0
    (item,) = desk.items()
    assert [claim.name for claim in item.venues] == ["KDD 2026"]


def test_two_items_of_which_evidence_says_that_they_are_one_are_joined(
    desk: Desk,
) -> None:
    desk.web.serve(ARXIV, paper("1", "Ranking of pins in three stages", ids=(PINS,)))
    desk.web.serve(
        KDD, paper("2", "A retitled ranking of pins", ids=("doi:10.1145/2",))
    )
    desk.web.serve(LIST, replace(evidence(citations="35"), ids=(PINS, "doi:10.1145/2")))
    desk.collect()
    (item,) = desk.items()
    assert set(item.sources) == {"arxiv", "kdd"}
    assert told(item) == {("list", "citations"): "35"}


def test_checking_a_source_of_evidence_stores_nothing(desk: Desk) -> None:
    desk.web.serve(ARXIV, paper("1", "Ranking of pins in three stages", ids=(PINS,)))
    desk.collect("arxiv")
    desk.web.serve(LIST, evidence(upvotes="3"))
    report = ingest.check(desk.tools(), desk.sources[0])
    assert (report.outcome, report.entries) == (Outcome.OK, 1)
    assert desk.items()[0].signals == ()


# What is kept, and who is told


def papers(desk: Desk, count: int) -> None:
    desk.web.serve(
        ARXIV,
        *(
            paper(
                str(n),
                f"The paper of number {n}",
                ids=(f"arxiv:2601.{n:05}", f"doi:10.1145/{n}"),
            )
            for n in range(1, count + 1)
        ),
    )
    desk.collect("arxiv")


def test_kept_is_what_was_marked_to_be_read_or_rated_the_latest_first(
    desk: Desk,
) -> None:
    papers(desk, 6)
    for number, mark in enumerate(
        (
            Mark(MarkState.TO_READ),
            Mark(MarkState.READING),
            Mark(MarkState.READ, rating=4),
            Mark(MarkState.READ),
            Mark(MarkState.INBOX, note="later"),
        ),
        1,
    ):
        desk.clock.move(hours=1)
        desk.mark(number, mark)
    assert desk.kept() == ("arxiv:2601.00003", "arxiv:2601.00002", "arxiv:2601.00001")
    assert desk.kept(MONDAY + timedelta(hours=3)) == ("arxiv:2601.00003",)


def test_kept_is_what_stood_in_an_issue_by_its_doi_where_it_has_no_preprint(
    desk: Desk,
) -> None:
    desk.web.serve(KDD, paper("1", "Only in proceedings", ids=("doi:10.1145/7",)))
    desk.web.serve(ARXIV, post("2", "A post of no id"))
    desk.collect()
    tables = Base.metadata.tables
    issue = {"week": "2026-W47", "message_id": "m", "message": b"", "digest": "{}"}
    moments = {"ends_at": MONDAY, "composed_at": MONDAY}
    with writing(desk.engine) as connection:
        who = readers.ensure(connection, "ada")
        rows = [{"id": 1, "reader_id": who} | issue | moments]
        connection.execute(insert(tables["issue"]), rows)
        shown = [{"issue_id": 1, "item_id": item.id} for item in desk.items()]
        connection.execute(insert(tables["issue_item"]), shown)
    assert desk.kept() == ("doi:10.1145/7",)
    assert desk.kept(MONDAY + timedelta(days=1)) == ()


def test_a_source_that_wants_ids_asks_about_what_was_kept_alone(desk: Desk) -> None:
    desk.sources += (subscription("ask", source=Asking(url="https://ask.example/")),)
    desk.web.serve("https://ask.example/", evidence("arxiv:2601.00001", citations="7"))
    papers(desk, 4)
    report = desk.collect("ask")["ask"]
    assert (report.outcome, report.detail) == (
        Outcome.EMPTY,
        "nothing to ask about yet",
    )
    for number in (1, 2, 3):
        desk.mark(number, Mark(MarkState.TO_READ))
    for _ in range(2):
        assert desk.collect("ask")["ask"].outcome is Outcome.OK
    asked = [r.body for r in desk.web.asked if r.url == "https://ask.example/"]
    first = b'["arxiv:2601.00003", "arxiv:2601.00002"]'
    assert asked == [first, b'["arxiv:2601.00001"]'] * 2
    assert [told(item) for item in desk.items()] == [
        {("ask", "citations"): "7"},
        {},
        {},
        {},
    ]


def test_semantic_scholar_is_asked_over_http_with_its_key_alone(
    desk: Desk, tmp_path: Path
) -> None:
    answers: list[Reply] = [
        (429, {}, b'{"message": "Too Many Requests"}'),
        (200, {}, b'[{"paperId": "a", "citationCount": 35, "externalIds": %s}]'),
    ]
    names = b'{"ArXiv": "2601.00001", "DOI": "10.1145/1"}'
    papers(desk, 1)
    desk.mark(1, Mark(MarkState.TO_READ))
    limits = Limits("t", per_host_delay=0.0, allow_private_addresses=True)
    outcomes = []
    with Site() as site, Door(limits, tmp_path / "pace", desk.clock) as door:
        source = semantic_scholar.Source(endpoint=site.url, token=SecretStr("geheim"))
        desk.sources += (subscription("scholar", source=source),)
        tools = replace(
            desk.tools(), fetch=door, read=lambda kind, document: kind.read(document)
        )
        for status, headers, body in answers:
            site.routes["/paper/batch"] = status, headers, body.replace(b"%s", names)
            due = ingest.due(tools, desk.sources[-1:], forced=True)
            outcomes += [report.outcome for report in ingest.collect(tools, due)]
            desk.clock.move(days=1)
    assert outcomes == [Outcome.RATE_LIMITED, Outcome.OK]
    assert [seen.method for seen in site.requests] == ["POST", "POST"]
    assert {seen.headers["x-api-key"] for seen in site.requests} == {"geheim"}
    assert json.loads(site.requests[0].body) == {"ids": ["ARXIV:2601.00001"]}
    assert told(desk.items()[0]) == {("scholar", "citations"): "35"}


def test_the_window_of_what_was_kept_ends_now(desk: Desk) -> None:
    desk.sources += (subscription("ask", source=Asking(url="https://ask.example/")),)
    papers(desk, 1)
    desk.mark(1, Mark(MarkState.TO_READ))
    desk.clock.now = datetime(2027, 11, 23, tzinfo=UTC)
    assert desk.collect("ask")["ask"].detail == "nothing to ask about yet"
