"""A month of arXiv, day by day: every paper once, whatever the servers do.

November 2026 with its weekends and Thanksgiving; a day of 429, an outage of three
days, a batch of the day before, new versions, cross-lists and a withdrawal. The pace
is the real one, on a clock that moves where it would wait.
"""

import random
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from tests.arxiv import HERE, Arxiv, Paper, Version
from tests.fakes import Clock
from tracker import ingest
from tracker.core.values import Item, Outcome
from tracker.errors import FetchError
from tracker.fetch import Limits
from tracker.fetch.addresses import Address
from tracker.fetch.answers import Answer
from tracker.fetch.documents import Documents
from tracker.fetch.pacing import Pacing
from tracker.ingest import Report, Tools
from tracker.ingest.judging import judge
from tracker.sources import Subscription
from tracker.sources.arxiv import Source, api, harvest
from tracker.store import engine as store
from tracker.store import listing
from tracker.store.listing import Wanted
from tracker.store.rows import ITEM

START = datetime(2026, 11, 2, 6, tzinfo=UTC)
END = datetime(2026, 12, 3, 6, tzinfo=UTC)
BUSY = date(2026, 11, 10)
DOWN = (datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 11, 19, tzinfo=UTC))
STALE = date(2026, 11, 24)
OLD = Paper(
    "Ranking of old",
    ("cs.IR",),
    [
        Version(datetime(2024, 3, 1, tzinfo=UTC)),
        Version(datetime(2026, 11, 5, tzinfo=UTC), "Accepted at KDD 2026"),
    ],
    "2403.00001",
)
CROSSED = Paper(
    "Learning, later of use for retrieval",
    ("cs.LG",),
    [
        Version(datetime(2026, 9, 1, tzinfo=UTC)),
        Version(datetime(2026, 11, 12, tzinfo=UTC), cross="cs.IR"),
    ],
    "2609.00001",
)
WITHDRAWN = Paper(
    "A ranking that fails",
    ("cs.IR",),
    [
        Version(datetime(2026, 11, 3, tzinfo=UTC)),
        Version(
            datetime(2026, 11, 27, tzinfo=UTC),
            "This paper has been withdrawn by the authors",
            withdrawn=True,
        ),
    ],
)


def submissions() -> Iterator[Paper]:
    """Yield eight weeks of papers; a fifth of them get a second version in days."""
    chance = random.Random(26)
    moment, count = START - timedelta(days=28), 0
    while moment < END:
        moment += timedelta(minutes=chance.randrange(20, 240))
        count += 1
        categories = ("cs.IR", "cs.LG") if count % 3 else ("cs.LG", "cs.IR")
        events = [Version(moment)]
        if count % 5 == 0:
            later = moment + timedelta(days=chance.randrange(1, 20))
            events.append(Version(later, "Accepted at SIGIR 2027"))
        yield Paper(f"Ranking, study number {count}", categories, events)


class Unhurried(Pacing):
    """Takes turns by a clock that is moved where others wait."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        super().__init__(folder, 0.0, clock)
        self._moved = clock

    def _rest(self, seconds: float) -> None:
        self._moved.move(seconds=max(seconds, 0.0))


@dataclass
class Visits:
    """Takes requests to the small arXiv; notes when each was made."""

    arxiv: Arxiv
    clock: Clock
    asked: list[tuple[datetime, str]] = field(default_factory=list)
    fails_at: int = 0
    """Which request gets no answer, counted from 1."""

    def answer(self, address: Address, *_: object) -> Answer:
        now = self.clock()
        self.asked.append((now, address.url))
        self.clock.move(seconds=0.5)
        if DOWN[0] <= now < DOWN[1] or len(self.asked) == self.fails_at:
            raise FetchError(f"{address.host}: no route to host")
        if now.date() == BUSY:
            return Answer(429, {"retry-after": "7200"}, b"Rate exceeded.")
        return Answer(200, {}, self.arxiv.answer(address.url).encode())


class Month:
    """A store that collected from a source for a month."""

    def __init__(self, engine: Engine, folder: Path, via: str) -> None:
        self.engine, self.via, self.clock = engine, via, Clock(START)
        self.arxiv = Arxiv(self.clock, stale=frozenset({STALE}))
        old = (replace(paper) for paper in (OLD, CROSSED, WITHDRAWN))
        self.arxiv.papers = [*old, *submissions()]
        self.arxiv.number()
        self.visits = Visits(self.arxiv, self.clock)
        documents = Documents(Limits("tracker/test"), folder, self.clock)
        documents._pacing = Unhurried(folder, self.clock)
        documents._visits = self.visits  # type: ignore[assignment]  # all that is asked of it
        options = {"categories": ("cs.IR",), "via": via, "page_size": 50}
        self.subscription = Subscription(
            "arxiv",
            "arXiv",
            "arxiv",
            Source.model_validate(options),
            # A feed holds a day: what passes midnight unread is gone.
            every=timedelta(hours=12 if via == "rss" else 24),
        )
        self.tools = Tools(
            engine,
            documents.document,
            lambda source, document: source.read(document),
            judge((), (), (self.subscription,)),
            self.clock,
            workers=1,
        )
        self.reports: list[tuple[datetime, Report]] = []

    def pass_by(self, until: datetime = END) -> None:
        """Look every hour whether the source is due, as the daemon does."""
        while self.clock() < until:
            due = ingest.due(self.tools, (self.subscription,))
            now = self.clock()
            made = ingest.collect(self.tools, due) if due else []
            self.reports += [(now, report) for report in made]
            self.clock.move(hours=1)

    def items(self) -> dict[str, Item]:
        with store.reading(self.engine) as connection:
            found = listing.items(connection, Wanted())
        titles = [item.title for item in found]
        assert len(titles) == len(set(titles))
        return {item.title: item for item in found}

    def versions(self) -> dict[str, int]:
        """Return the versions of the stored papers, by title."""
        with store.reading(self.engine) as connection:
            rows = connection.execute(select(ITEM.c.title, ITEM.c.version))
            return {row.title: row.version for row in rows}

    def outcomes(self, day: date) -> set[Outcome]:
        """Return what collecting came to on a day in New York."""
        return {
            report.outcome
            for when, report in self.reports
            if when.astimezone(HERE).date() == day
        }


@pytest.fixture(scope="module")
def begin(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Month]]:
    """What begins a month, given the interface to read."""
    with ExitStack() as stack:

        def begin(via: str) -> Month:
            folder = tmp_path_factory.mktemp("month")
            shutil.copy(sqlite_template, folder / "tracker.db")
            engine = store.open_store(f"sqlite:///{folder / 'tracker.db'}")
            stack.callback(engine.dispose)
            return Month(engine, folder / "pace", via)

        yield begin


@pytest.fixture(params=["api", "rss", "oai"], scope="module")
def month(request: pytest.FixtureRequest, begin: Callable[[str], Month]) -> Month:
    month = begin(request.param)
    month.pass_by()
    return month


def test_every_paper_of_the_month_is_there_once(month: Month) -> None:
    new = {
        shown.paper.title
        for shown in month.arxiv.shown()
        if START <= shown.events[0].announced < END - timedelta(days=1)
    }
    assert len(new) > 200
    assert new <= month.items().keys()
    assert sum(report.new for _, report in month.reports) == len(month.items())


def test_a_new_version_is_the_papers_and_no_news(month: Month) -> None:
    """By OAI-PMH all are known; by the feed those of the batches that were read."""
    if month.via == "api":
        return  # it dates papers by their first version
    read = {
        when.astimezone(HERE).date()
        for when, report in month.reports
        if report.outcome is Outcome.OK
    }
    shown = {
        one.paper.title: len(one.versions)
        for one in month.arxiv.shown()
        if one.events[-1].announced < END - timedelta(days=1)
        and (month.via == "oai" or one.events[-1].announced.date() in read)
    }
    known = month.versions()
    replaced = {name: n for name, n in shown.items() if n > 1 and name in known}
    assert len(replaced) > 20
    assert replaced == {name: known[name] for name in replaced}


def test_the_batch_of_the_day_before_is_named_and_made_up_for(month: Month) -> None:
    told = [r for when, r in month.reports if when.astimezone(HERE).date() == STALE]
    if month.via != "rss":
        assert Outcome.STALE not in month.outcomes(STALE)
        return
    assert {report.outcome for report in told} == {Outcome.STALE}
    assert "announcements of 2026-11-24" in told[0].detail
    lacked = [
        shown.paper.title
        for shown in month.arxiv.shown()
        if shown.events[0].announced.date() == STALE
    ]
    assert len(lacked) > 5
    items = month.items()
    seen = {items[title].first_seen.astimezone(HERE).date() for title in lacked}
    assert max(seen) <= STALE
    assert [r.outcome for _, r in month.reports].count(Outcome.STALE) == len(told)


def test_no_request_comes_sooner_than_arxiv_allows(month: Month) -> None:
    moments = [moment for moment, _ in month.visits.asked]
    gaps = [(b - a).total_seconds() for a, b in pairwise(moments)]
    assert len(gaps) > 50
    assert min(gaps) >= 3.0
    hosts = {Path(url).parts[1] for _, url in month.visits.asked}
    assert hosts <= {"export.arxiv.org", "rss.arxiv.org", "oaipmh.arxiv.org"}


def test_a_retry_after_is_waited_for(month: Month) -> None:
    busy = [moment for moment, _ in month.visits.asked if moment.date() == BUSY]
    assert busy
    assert all((b - a).total_seconds() >= 7200 for a, b in pairwise(busy))


def test_trouble_is_named_and_passes(month: Month) -> None:
    assert Outcome.RATE_LIMITED in month.outcomes(BUSY)
    assert Outcome.FAILED in month.outcomes(DOWN[0].date())
    assert month.reports[-1][1].outcome is Outcome.OK


def test_a_paper_withdrawn_after_it_was_listed_is_marked_and_kept_out_of_digests(
    month: Month,
) -> None:
    item = month.items()[WITHDRAWN.title]
    assert item.withdrawn is (month.via != "api")  # beyond the window of a query
    with store.reading(month.engine) as connection:
        shown = listing.for_digest(connection, START, END, None)
    assert (WITHDRAWN.title in {one.title for one in shown}) is not item.withdrawn


def test_an_old_paper_that_changes_is_no_news(month: Month) -> None:
    items = month.items()
    if month.via == "api":
        assert {OLD.title, CROSSED.title}.isdisjoint(items)
        return
    assert items[OLD.title].backlog
    assert items[CROSSED.title].backlog
    assert [claim.name for claim in items[OLD.title].venues] == ["KDD 2026"]


@pytest.mark.parametrize("via", ["api", "oai"])
def test_a_long_gap_is_read_in_parts_and_nothing_is_left_out(
    begin: Callable[[str], Month], monkeypatch: pytest.MonkeyPatch, via: str
) -> None:
    monkeypatch.setattr(api, "MOST_OF_A_QUERY", 180)
    monkeypatch.setattr(harvest, "MOST_OF_A_RUN", 150)
    month = begin(via)
    month.pass_by(START + timedelta(hours=1))
    month.clock.now = START + timedelta(days=29)  # the machine was off
    month.pass_by(month.clock() + timedelta(hours=12))
    outcomes = [report.outcome for _, report in month.reports]
    assert outcomes[0] is outcomes[-1] is Outcome.OK
    assert set(outcomes[1:-1]) == {Outcome.STALE}
    assert max(report.entries for _, report in month.reports) < 300
    assert "read next time" in month.reports[1][1].detail
    lately, items = month.clock() - timedelta(days=2), month.items()
    missed = {
        shown.paper.title
        for shown in month.arxiv.shown()
        if START < shown.events[0].announced < lately
    }
    assert len(missed) > 200
    assert missed <= items.keys()
    assert not any(items[title].backlog for title in missed)


@pytest.mark.parametrize("via", ["api", "oai"])
def test_what_was_read_before_a_failure_is_where_the_next_run_goes_on(
    begin: Callable[[str], Month], via: str
) -> None:
    month = begin(via)
    month.pass_by(START + timedelta(hours=1))
    month.clock.now = START + timedelta(days=29)
    first = len(month.visits.asked)
    month.visits.fails_at = first + 8
    month.pass_by(month.clock() + timedelta(hours=3))
    assert [r.outcome for _, r in month.reports] == ["ok", "failed", "ok"]
    days = [re.findall(r"from=([\d-]+)|%5B(\d{8})", u) for _, u in month.visits.asked]
    begun, resumed = days[first], days[month.visits.fails_at]
    assert max(begun[0]) < max(resumed[0])
