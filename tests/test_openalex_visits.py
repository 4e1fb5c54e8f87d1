"""Visits to OpenAlex: names looked up once, and a budget that is never overdrawn."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import Engine

from tests.fakes import Clock, subscription
from tests.server import Reply, Seen, Site
from tracker import ingest
from tracker.core.values import Document, Outcome, Page
from tracker.fetch import Door, Limits
from tracker.ingest import Report, Tools
from tracker.ingest.judging import judge
from tracker.sources import Subscription, openalex
from tracker.sources.base import Source
from tracker.store import fetches
from tracker.store.engine import reading

HOUR = 3600


class Index(Site):
    """An OpenAlex with a works list of two pages; each answer costs a credit."""

    def __init__(self) -> None:
        super().__init__()
        self.ids = {"Pinterest": "I7", "Etsy": "I8"}
        self.credits = 100

    def reply(self, seen: Seen) -> Reply:
        self.requests.append(seen)
        parts = urlsplit(seen.path)
        asked = {name: one for name, (one,) in parse_qs(parts.query).items()}
        reset = {"x-ratelimit-reset": str(5 * HOUR)}
        if not self.credits:
            return 429, reset, b""
        self.credits -= 1
        found = self._found(parts.path, asked)
        left = {"x-ratelimit-remaining": str(self.credits)}
        return (404 if found is None else 200), reset | left, json.dumps(found).encode()

    def _found(self, path: str, asked: dict[str, str]) -> object:
        if path == "/institutions":
            name = asked["search"]
            place = {"id": f"https://openalex.org/{self.ids[name]}"}
            return {"meta": {}, "results": [place | {"display_name": name}]}
        number = asked["filter"].partition("lineage:")[2].partition(",")[0]
        if number not in self.ids.values():
            return None
        page = 1 if asked["cursor"] == "*" else 2
        work = {"id": f"https://openalex.org/W{number[1:]}{page}"}
        cursor = "more" if page == 1 else None
        return {
            "meta": {"next_cursor": cursor},
            "results": [work | {"display_name": f"Paper {page} of {number}"}],
        }

    def asked(self) -> list[str]:
        """Return what was asked for since the last time, without the queries."""
        paths = [urlsplit(path).path for path in self.paths()]
        self.requests.clear()
        return paths


class Desk:
    """Sources of an index, collected into a store through a door."""

    def __init__(self, engine: Engine, door: Door, index: Index, clock: Clock) -> None:
        self.engine, self.door, self.index, self.clock = engine, door, index, clock

    def source(self, name: str) -> Subscription:
        made = openalex.Source(institution=name, endpoint=self.index.url)
        return subscription(name.lower(), kind="openalex", source=made)

    def collect(self, *names: str) -> dict[str, Report]:
        self.clock.move(days=7)
        mine = tuple(map(self.source, names))
        judged = judge((), (), mine)
        tools = Tools(self.engine, self.door, _read, judged, self.clock, workers=1)
        found = ingest.collect(tools, ingest.due(tools, mine, forced=True))
        return {report.name: report for report in found}


def _read(source: Source, document: Document) -> Page:
    return source.read(document)


@pytest.fixture
def desk(engine: Engine, tmp_path: Path) -> Iterator[Desk]:
    clock = Clock()
    limits = Limits("tracker/test", per_host_delay=0.0, allow_private_addresses=True)
    index = Index()
    with index, Door(limits, tmp_path / "pace", clock) as door:
        yield Desk(engine, door, index, clock)


def test_an_institution_is_looked_up_at_the_first_visit_alone(desk: Desk) -> None:
    assert desk.collect("Pinterest")["pinterest"].new == 2
    assert desk.index.asked() == ["/institutions", "/works", "/works"]
    assert desk.collect("Pinterest")["pinterest"].outcome is Outcome.OK
    assert desk.index.asked() == ["/works", "/works"]


def test_an_institution_whose_id_is_gone_is_looked_up_again(desk: Desk) -> None:
    desk.collect("Pinterest")
    desk.index.asked()
    desk.index.ids["Pinterest"] = "I9"
    for asked in (["/works", "/institutions"], []):
        report = desk.collect("Pinterest")["pinterest"]
        assert (report.outcome, report.entries) == (Outcome.OK, 2)
        assert desk.index.asked() == [*asked, "/works", "/works"]


def test_a_spent_budget_is_not_overdrawn_and_nothing_paid_for_is_lost(
    desk: Desk,
) -> None:
    desk.index.credits = 2
    reports = desk.collect("Pinterest", "Etsy")
    assert [report.outcome for report in reports.values()] == [Outcome.RATE_LIMITED] * 2
    assert "not asked for another 18000 s" in reports["etsy"].detail
    assert reports["pinterest"].new == 1
    assert desk.index.asked() == ["/institutions", "/works"]
    with reading(desk.engine) as connection:
        states = fetches.states(connection)
    for state in states.values():
        assert state.next_check_at is not None
        assert state.next_check_at >= desk.clock() + timedelta(hours=5)
    desk.index.credits = 100
    reports = desk.collect("Pinterest", "Etsy")
    assert [report.outcome for report in reports.values()] == [Outcome.OK] * 2
    # The look-up was paid for before.
    assert sorted(desk.index.asked()) == ["/institutions"] + ["/works"] * 4
