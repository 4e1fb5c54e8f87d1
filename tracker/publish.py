"""Publishing: a week's digest for a reader; its issue, stored and sent once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from email.utils import parseaddr
from hashlib import sha256
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from tracker import mail
from tracker.core import digest as composing
from tracker.core import pace
from tracker.core.classify import Topics
from tracker.core.rank import Interests
from tracker.core.schedule import next_delivery, published_at, week_of
from tracker.core.values import (
    Company,
    Digest,
    Outcome,
    Reader,
    SourceReport,
    Topic,
    Week,
)
from tracker.errors import PermanentMailError, TemporaryMailError
from tracker.render.data import json_text
from tracker.render.message import message
from tracker.sources import Subscription
from tracker.store import fetches, issues, listing, readers
from tracker.store.engine import reading, writing
from tracker.store.fetches import State
from tracker.store.issues import Composed, Delivery, DeliveryState
from tracker.store.listing import Wanted

Hand = Callable[[str, str, bytes], None]
"""Hands a message over: sender, recipient, message; raises MailError."""

_LEASE = timedelta(minutes=15)  # after which a try that never reported back is over
_MOST_TRIES = 12
_LONGEST_REACH = timedelta(weeks=4)


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


def interests(press: Followed, reader: Reader) -> Interests:
    """Return what a reader looks for, with what is followed where they say nothing."""
    followed = reader.companies or [c.name for c in press.companies if c.follow]
    names = reader.topics or [topic.name for topic in press.topics]
    asked = Topics(press.topics).of("", reader.job) if reader.job else ()
    return Interests(
        topics=tuple(names),
        companies=frozenset(followed),
        exclude=reader.exclude,
        job_topics=frozenset(claim.name for claim in asked),
        titles=_titles(press),
    )


def _titles(press: Followed) -> dict[str, str]:
    titles = {s.name: s.title for s in press.subscriptions}
    titles.update((company.name, company.title) for company in press.companies)
    titles.update((topic.name, topic.title) for topic in press.topics)
    return titles


def digest(press: Press, reader: Reader, week: Week, now: datetime) -> Digest:
    """Return the digest of `week` for a reader as of `now`; stores nothing."""
    wanted = interests(press, reader)
    with reading(press.engine) as connection:
        number = readers.find(connection, reader.name)
        found = listing.for_digest(connection, week.start, week.end, number)
        shown = issues.shown(connection, number, week.name, week.end)
        reports = _reports(connection, press, week, now)
        new = listing.count(connection, Wanted(since=week.start, until=week.end))
    picks = composing.candidates(found, shown, wanted, now)
    return Digest(
        week=week,
        reader=reader.name,
        time_zone=reader.time_zone,
        sections=composing.sections(picks, wanted, press.shape),
        sources=reports,
        seen=new,
        names=wanted.titles or {},
    )


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


def last_week(press: Press, reader: Reader, now: datetime) -> Week | None:
    """Return the last week whose digest is due by `now`.

    None when nothing was collected before that digest was due: a store that is new
    has no last week.
    """
    zone = ZoneInfo(reader.time_zone)
    week = week_of(now, zone, press.week_ends)
    while published_at(week, press.at, zone) > now:
        week = week_of(week.start - timedelta(hours=1), zone, press.week_ends)
    with reading(press.engine) as connection:
        began = fetches.began(connection)
    due = published_at(week, press.at, zone)
    return week if began is not None and began < due else None


def issue(
    press: Press, reader: Reader, week: Week, sender: str, now: datetime
) -> int | None:
    """Compose and store the reader's issue of `week`; None when there is one.

    Its interval begins where the last issue ended (up to four weeks before), so
    that nothing falls between two weeks when the machine was off.
    """
    assert reader.email is not None
    with reading(press.engine) as connection:
        known = readers.find(connection, reader.name)
        if issues.find(connection, known, week.name):
            return None
        last = issues.last_end(connection, known, week.end)
    reach = max(last or week.start, week.start - _LONGEST_REACH)
    composed = _composed(press, reader, replace(week, start=reach), sender, now)
    try:
        with writing(press.engine) as connection:
            number = readers.ensure(connection, reader.name)
            return issues.add(connection, number, composed, reader.email, now)
    except IntegrityError:  # another process was faster
        return None


def _composed(
    press: Press, reader: Reader, week: Week, sender: str, now: datetime
) -> Composed:
    assert reader.email is not None
    made = digest(press, reader, week, now)
    name = message_id(reader, week, sender)
    letter = message(made, sender, reader.email, name, now)
    return Composed(
        week=week.name,
        ends_at=min(week.end, now),
        message_id=name,
        message=letter.as_bytes(),
        digest=json_text(made),
        items=tuple(sorted(p.item.id for s in made.sections for p in s.picks)),
    )


def message_id(reader: Reader, week: Week, sender: str) -> str:
    """Return the Message-ID of a reader's issue: the same whenever it is made."""
    domain = parseaddr(sender)[1].rpartition("@")[2]
    named = f"{reader.name}\n{reader.email}\n{week.name}"
    return f"<{week.name}.{sha256(named.encode()).hexdigest()[:24]}@{domain}>"


def deliver(
    engine: Engine, hand: Hand, sender: str, clock: Callable[[], datetime]
) -> list[Delivery]:
    """Try every delivery that is due once; return them as they stand then.

    Each try is claimed, made and settled in steps of their own: what breaks in
    between is tried again later, with the same Message-ID.
    """
    with reading(engine) as connection:
        due = issues.due(connection, clock())
    for delivery in due:
        _deliver(engine, hand, sender, delivery, clock)
    with reading(engine) as connection:
        return issues.deliveries(connection, only=due)


def _deliver(
    engine: Engine,
    hand: Hand,
    sender: str,
    delivery: int,
    clock: Callable[[], datetime],
) -> None:
    now = clock()
    with writing(engine) as connection:
        claimed = issues.claim(connection, delivery, now, now + _LEASE)
    if claimed is None:
        return
    taken, letter = claimed
    state, error, retry_at = DeliveryState.SENT, "", None
    try:
        hand(parseaddr(sender)[1], taken.address, letter)
    except PermanentMailError as refused:
        state, error = DeliveryState.FAILED, str(refused)
    except TemporaryMailError as delayed:
        state, error = DeliveryState.PENDING, str(delayed)
        retry_at = next_delivery(clock(), taken.attempts)
        if taken.attempts >= _MOST_TRIES:
            state = DeliveryState.FAILED
    with writing(engine) as connection:
        issues.settle(connection, delivery, state, clock(), error, retry_at)


def hand_to(server: mail.Server) -> Hand:
    """Return what hands messages to a mail server."""

    def hand(sender: str, recipient: str, letter: bytes) -> None:
        mail.send(server, sender, recipient, letter)

    return hand


def publish(
    press: Press,
    people: Sequence[Reader],
    sender: str,
    now: datetime,
    week_for: Callable[[Reader], Week | None],
) -> dict[str, int | None]:
    """Store the issue of each reader who has an address and a week to be told of.

    None stands where there was an issue of that week already.
    """
    weeks = [(reader, week_for(reader)) for reader in people if reader.email]
    return {
        reader.name: issue(press, reader, week, sender, now)
        for reader, week in weeks
        if week is not None
    }
