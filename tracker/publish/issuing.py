"""Issuing: which week is due, and its issue, composed and stored once."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import parseaddr
from hashlib import sha256
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError

from tracker.core import cron, schedule
from tracker.core.text import ascii_domain
from tracker.core.weekly import Digest, Reader, Week
from tracker.publish.composing import Press, digest
from tracker.publish.posting import addresses
from tracker.render.data import json_text
from tracker.render.message import message
from tracker.store import deliveries, fetches, issues, readers
from tracker.store.engine import lasting, reading
from tracker.store.issues import Composed

_LONGEST_REACH = timedelta(weeks=4)
# By so much a clock may be set back without the week before being told once more. An
# issue from further ahead was composed by a clock that was wrong, and is no bar.
_CLOCK_SLACK = timedelta(days=8)
_NOBODY = "nobody@localhost"  # of an issue that goes by no mail


def publish(
    press: Press,
    people: Sequence[Reader],
    sender: str,
    now: datetime,
    week_for: Callable[[Reader], Week | None],
) -> dict[str, int | None]:
    """Store the issue of each reader who is reached and has a week to be told of.

    None stands where there was an issue of that week already. Who pauses gets none.
    """
    with reading(press.engine) as connection:
        paused = readers.paused(connection)
    made = {}
    for reader in people:
        if reader.is_reached and reader.name not in paused:
            week = week_for(reader)
            if week is not None:
                made[reader.name] = issue(press, reader, week, sender, now)
    return made


def last_week(press: Press, reader: Reader, now: datetime) -> Week | None:
    """Return the last week, or other interval, whose digest is due by `now`.

    None when nothing was collected before that digest was due: a store that is new
    has no last week. None too when the reader has had an issue that reached as far: a
    schedule that changes repeats no day.
    """
    zone = ZoneInfo(reader.time_zone)
    asked = reader.schedule or cron.weekly(press.week_ends, press.at)
    due = cron.last_due(asked, zone, now)
    if due is None:
        return None
    day = due.astimezone(zone).date()
    before = cron.day_before(asked, day) or day - timedelta(days=7)
    week = schedule.days(before, day - timedelta(days=1), zone)
    with reading(press.engine) as connection:
        began = fetches.began(connection)
        number = readers.find(connection, reader.name)
        until = now + _CLOCK_SLACK
        is_told = issues.reached(connection, number, week.name, week.end, until)
    return week if began is not None and began < due and not is_told else None


def week_ends(press: Press, reader: Reader) -> str:
    """Return the last day of a reader's weeks, such as "sunday"."""
    own = cron.week_ends(reader.schedule) if reader.schedule else None
    return own or press.week_ends


def issue(
    press: Press, reader: Reader, week: Week, sender: str, now: datetime
) -> int | None:
    """Compose and store the reader's issue of `week`; None when there is one.

    Its interval begins where the last issue ended (up to four weeks before), so
    that nothing falls between two weeks when the machine was off.
    """
    with reading(press.engine) as connection:
        known = readers.find(connection, reader.name)
        if issues.find(connection, known, week.name):
            return None
        last = issues.last_end(connection, known, week.end)
    reach = max(last or week.start, week.start - _LONGEST_REACH)
    composed = _composed(press, reader, replace(week, start=reach), sender, now)
    try:
        with lasting(press.engine) as connection:
            number = readers.ensure(connection, reader.name)
            made = issues.add(connection, number, composed, now)
            deliveries.add(connection, made, addresses(reader), now)
            return made
    except IntegrityError:  # another process was faster
        return None


def _composed(
    press: Press, reader: Reader, week: Week, sender: str, now: datetime
) -> Composed:
    made = digest(press, reader, week, now)
    composed = letter(press, reader, made, sender, now)
    return Composed(
        week=week.name,
        ends_at=min(week.end, now),
        message_id=str(composed["Message-ID"]),
        message=composed.as_bytes(),
        digest=json_text(made),
        items=tuple(sorted(p.item.id for s in made.sections for p in s.picks)),
    )


def letter(
    press: Press, reader: Reader, made: Digest, sender: str, now: datetime
) -> EmailMessage:
    """Return the mail of a digest to a reader: the same whenever it is made."""
    name = message_id(reader, made.week, sender)
    to = _named(reader) if reader.email else _NOBODY
    return message(made, sender, to, name, now, press.ways(reader.name))


def _named(reader: Reader) -> str:
    """Return a reader's address with their name, as filters against spam want it."""
    name = reader.name.replace("\\", "").replace('"', "")
    return f'"{name}" <{reader.email}>'


def message_id(reader: Reader, week: Week, sender: str) -> str:
    """Return the Message-ID of a reader's issue: the same whenever it is made."""
    domain = ascii_domain(parseaddr(sender)[1]).rpartition("@")[2]
    named = f"{reader.name}\n{reader.email}\n{week.name}"
    day = week.name.replace("/", ".")  # a slash is no part of a Message-ID's word
    return f"<{day}.{sha256(named.encode()).hexdigest()[:24]}@{domain}>"
