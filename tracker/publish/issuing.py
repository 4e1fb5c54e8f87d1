"""Issuing: which week is due, and its issue, composed and stored once."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parseaddr
from hashlib import sha256
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError

from tracker.core.schedule import published_at, week_of
from tracker.core.values import Reader, Week
from tracker.publish.composing import Press, digest
from tracker.render.data import json_text
from tracker.render.message import message
from tracker.store import fetches, issues, readers
from tracker.store.engine import reading, writing
from tracker.store.issues import Composed

_LONGEST_REACH = timedelta(weeks=4)


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
