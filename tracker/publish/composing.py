"""Composing: what a week's digest holds for a reader; stores nothing."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from tracker.core import digest as composing
from tracker.core import pace, pairing, trends
from tracker.core.classify import mentions
from tracker.core.job import Asked
from tracker.core.rank import score
from tracker.core.rank.interests import Interests
from tracker.core.schedule import week_of
from tracker.core.values import Company, Item, Outcome, Topic
from tracker.core.weekly import (
    Digest,
    Pick,
    Reader,
    Section,
    SourceReport,
    Trend,
    Week,
)
from tracker.publish import learning
from tracker.publish.asking import asked
from tracker.render.ways import Ways
from tracker.sources import Subscription
from tracker.store import fetches, issues, listing, readers, weeks
from tracker.store.engine import reading
from tracker.store.fetches import State
from tracker.store.listing import Wanted
from tracker.store.waiting import waiting

_WAITING_NAMED = 3

log = logging.getLogger(__name__)


class Followed(Protocol):
    """What a reader follows where they say nothing; settings have it, and a Press."""

    @property
    def topics(self) -> tuple[Topic, ...]:
        """All topics, in their order."""

    @property
    def companies(self) -> tuple[Company, ...]:
        """All companies; some are marked to follow."""

    @property
    def subscriptions(self) -> tuple[Subscription, ...]:
        """All sources."""


@dataclass(frozen=True, slots=True)
class Press:
    """What publishing works with, from the settings."""

    engine: Engine
    topics: tuple[Topic, ...]
    companies: tuple[Company, ...]
    subscriptions: tuple[Subscription, ...]
    shape: composing.Shape
    week_ends: str
    at: time
    ways: Callable[[str], Ways] = lambda _reader: Ways()
    """What a reader of that name may do from within a mail."""
    tastes: Path | None = None
    """The folder that keeps what was learnt of readers."""
    summarise: Callable[[Section], Section] = lambda section: section
    """What a language model makes of the top's highlights, if there is one."""


def interests(press: Followed, reader: Reader) -> Interests:
    """Return what a reader looks for, with what is followed where they say nothing.

    Logs a warning when their job description can't be read.
    """
    if reader.job_trouble:
        log.warning("%s; ranking goes on without it", reader.job_trouble)
    job = asked(press, reader.job) if reader.job else Asked()
    follow = [c.name for c in press.companies if c.follow]
    followed = reader.companies or [*job.companies, *follow]
    names = reader.topics or [topic.name for topic in press.topics]
    return Interests(
        topics=tuple(names),
        companies=frozenset(followed),
        exclude=reader.exclude,
        include=reader.include,
        job_topics=frozenset(job.topics),
        job_words=() if reader.include else job.include,
        titles=titles(press),
        named=mentions.finder(c for c in press.companies if c.name in followed),
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """An item as its week's digest scores it for a reader, by these interests.

    `within` is the item that it is shown with as one, 0 for none; `stands` tells
    whether a digest of that week may hold it.
    """

    pick: Pick
    wanted: Interests
    within: int
    stands: bool


def judged(press: Press, reader: Reader, item: Item, now: datetime) -> Judged:
    """Return an item as the digest of its week would score it for a reader now."""
    wanted = interests(press, reader)
    week = week_of(item.first_seen, ZoneInfo(reader.time_zone), press.week_ends)
    with reading(press.engine) as connection:
        number = readers.find(connection, reader.name)
        found = listing.for_digest(connection, week.start, week.end, number)
        shown = issues.shown(connection, number, week.name, week.end)
        taste = learning.taste_of(connection, number, wanted, press.tastes)
    if item.id not in {one.id for one in found}:
        found.append(item)
    paired = pairing.paired(found)
    wanted = learning.informed(wanted, taste, paired)
    mine = next((one for one in paired if one.id == item.id), None)
    leads = (one.id for one in paired if item.id in {of.item for of in one.related})
    picks = composing.candidates([mine or item], shown, wanted, now)
    pick = picks[0] if picks else score(mine or item, wanted, now)
    return Judged(
        pairing.told(pick, wanted.titles or {}),
        wanted,
        0 if mine else next(leads, 0),
        bool(picks),
    )


def read_ahead(press: Press) -> None:
    """Read what digests will be ranked by, after much that is new was stored."""
    if press.tastes is not None:
        with reading(press.engine) as connection:
            learning.read_ahead(connection, press.tastes)


def titles(press: Followed) -> dict[str, str]:
    """Return what topics, companies and sources are called, by their names."""
    called = {s.name: s.title for s in press.subscriptions}
    called.update((company.name, company.title) for company in press.companies)
    called.update((topic.name, topic.title) for topic in press.topics)
    return called


def digest(press: Press, reader: Reader, week: Week, now: datetime) -> Digest:
    """Return the digest of `week` for a reader as of `now`; stores nothing."""
    wanted = interests(press, reader)
    with reading(press.engine) as connection:
        number = readers.find(connection, reader.name)
        found = listing.for_digest(connection, week.start, week.end, number)
        shown = issues.shown(connection, number, week.name, week.end)
        reports = _reports(connection, press, week, now)
        new = listing.count(connection, Wanted(since=week.start, until=week.end))
        joined = weeks.joined(connection, week.start, week.end)
        old = weeks.old(connection, week.start, week.end)
        waits = waiting(connection, number, _WAITING_NAMED)
        moving = _trends(connection, wanted, week, now)
        taste = learning.taste_of(connection, number, wanted, press.tastes)
    found = pairing.paired(found)
    wanted = learning.informed(wanted, taste, found)
    ranked = composing.candidates(found, shown, wanted, now)
    picks = [pairing.told(pick, wanted.titles or {}) for pick in ranked]
    draw = f"{week.name} {reader.name}"  # the same however often it is composed
    return Digest(
        week=week,
        reader=reader.name,
        time_zone=reader.time_zone,
        sections=tuple(
            press.summarise(section) if section.key == "top" else section
            for section in composing.sections(picks, wanted, press.shape, draw)
        ),
        sources=reports,
        seen=new,
        names=wanted.titles or {},
        joined=joined,
        old=old,
        trends=moving,
        waiting=waits,
        language=reader.language,
    )


def _trends(
    connection: Connection, wanted: Interests, week: Week, now: datetime
) -> tuple[Trend, ...]:
    spans = trends.spans(week.start, min(week.end, now))
    if not spans:
        return ()
    start, end = spans[0][0], spans[-1][1]
    asked = (wanted.topics, wanted.companies)
    found = weeks.counted(connection, start, end, *asked)
    return trends.trends(found, spans, *asked)


def _reports(
    connection: Connection, press: Press, week: Week, now: datetime
) -> tuple[SourceReport, ...]:
    states = fetches.states(connection)
    new = fetches.new_by_source(connection, week.start, week.end)
    return tuple(
        _report(s, state, new.get(s.name, 0), now)
        for s in press.subscriptions
        if s.enabled
        and (state := states.get(s.name)) is not None
        and state.outcome is not None
    )


def _report(
    subscription: Subscription, state: State, new: int, now: datetime
) -> SourceReport:
    """Return how a source did; one that is strangely silent is out of date."""
    assert state.outcome is not None
    outcome, detail = state.outcome, state.detail
    if subscription.is_steady and not outcome.is_trouble:
        since = pace.silent_since(state.moments, now)
        if since is not None:
            outcome, detail = Outcome.STALE, f"silent since {since:%Y-%m-%d}"
    return SourceReport(subscription.name, subscription.title, outcome, new, detail)
