"""How often a source is asked: its pace, and what may put the next visit off.

The rules and where they come from stand in docs/politeness.md.
"""

import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from tracker.core.values import Hints

SOONEST = timedelta(minutes=15)
LATEST = timedelta(days=7)
LONGEST_HINT = timedelta(days=1)
"""The longest max-age or ttl that is believed: a mistaken one costs a day."""

_UNKNOWN = timedelta(hours=6)  # the pace of a source whose rhythm is not known
_UNIT = timedelta(hours=1)  # a source that posts so often is asked as often
_KEPT = 20  # moments of publication from which a rhythm is told
_FEWEST = 2  # moments that make a rhythm
_FEW = 5  # moments from which a silence can be strange
_STRANGE = 2  # times the longest gap so far
_SHORT_SILENCE = timedelta(days=21)
_FIRST_RETRY = timedelta(hours=1)
_MOST_DOUBLINGS = 12
_JITTER = 0.1  # share of the pace by which visits are spread
_HOURS_OF_A_DAY, _DAYS_OF_A_WEEK = 24, 7
_HOURS_OF_A_WEEK = _HOURS_OF_A_DAY * _DAYS_OF_A_WEEK


def recent(known: Iterable[datetime], more: Iterable[datetime]) -> tuple[datetime, ...]:
    """Return the latest 20 moments of both, newest first, one a quarter of an hour.

    Posts that come in one go count once: a rhythm is that of visits worth making.
    """
    quarters = {_quarter(moment) for moment in (*known, *more)}
    return tuple(sorted(quarters, reverse=True)[:_KEPT])


def _quarter(moment: datetime) -> datetime:
    return moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)


def rhythm(moments: Sequence[datetime], now: datetime) -> timedelta | None:
    """Return the usual time between posts, None when fewer than two are known.

    That is the time in which the newer half of `moments` (newest first) came, up to
    `now`, by their number. So bursts and a few old posts do not mislead, and a
    source that falls silent slows down.
    """
    if len(moments) < _FEWEST:
        return None
    half = len(moments) // 2 + 1
    return max(now - moments[half - 1], timedelta()) / half


def pace(
    moments: Sequence[datetime], now: datetime, every: timedelta, hints: Hints
) -> timedelta:
    """Return how long to leave a source alone after a visit that went well.

    It is the geometric mean of the source's rhythm and one hour: 5 hours for one that
    posts daily, 13 for weekly, 27 for monthly; 6 hours when the rhythm is unknown.
    (Visits as the square root of the posts give the least delay for their number.)
    It is never below `every`, which is the source's setting, else its kind's, nor
    below the max-age and ttl that the source states, up to a day of these; and it
    lies within 15 minutes and 7 days.
    """
    found = rhythm(moments, now)
    own = _UNKNOWN if found is None else _UNIT * (found / _UNIT) ** 0.5
    asked = min(max(hints.max_age, hints.ttl), LONGEST_HINT)
    return min(max(own, every, asked, SOONEST), LATEST)


def next_visit(wait: timedelta, now: datetime, name: str, hints: Hints) -> datetime:
    """Return when to ask a source again that is to be left alone for `wait`.

    Up to a tenth of it is added, for each `name` and day another part, so that
    sources drift apart. Hours and days that the source skips (in UTC) go by.
    """
    moment = now + wait * (1 + _JITTER * _unit(f"{name} {now.date()}"))
    later = (moment + timedelta(hours=hours) for hours in range(_HOURS_OF_A_WEEK))
    return next((one for one in later if not is_skipped(one, hints)), moment)


def is_skipped(moment: datetime, hints: Hints) -> bool:
    """Return whether `moment` lies in an hour or on a day that a source skips.

    One that skips all hours, or all days, means none.
    """
    hours, days = hints.skip_hours, hints.skip_days
    if len(hours) == _HOURS_OF_A_DAY or len(days) == _DAYS_OF_A_WEEK:
        return False
    return moment.hour in hours or moment.weekday() in days


def next_try(
    failures: int, now: datetime, name: str, retry_after: float | None = None
) -> datetime:
    """Return when to ask a source again after `failures` in a row.

    After 30 to 60 minutes, doubled with each failure to at most a week; for each
    `name` at another point of this span, so that sources of one host that failed
    together come back apart. Not before `retry_after` seconds, up to a week of
    these, and from there apart as well.
    """
    doubled: timedelta = _FIRST_RETRY * 2 ** min(max(failures, 1) - 1, _MOST_DOUBLINGS)
    half = min(doubled, LATEST) / 2
    asked = min(timedelta(seconds=retry_after or 0), LATEST)
    return now + max(half, asked) + half * _unit(f"{name} {failures} {now.date()}")


def silent_since(moments: Sequence[datetime], now: datetime) -> datetime | None:
    """Return the last of `moments` when the silence since is strange, else None.

    It is strange when it lasts over three weeks and over twice the longest gap
    between the source's last 20 posts; of fewer than five, none is.
    """
    if len(moments) < _FEW:
        return None
    longest = max(later - earlier for later, earlier in pairwise(moments))
    is_strange = now - moments[0] > max(_STRANGE * longest, _SHORT_SILENCE)
    return moments[0] if is_strange else None


def _unit(text: str) -> float:
    """Return a number in [0, 1) that depends on `text` alone."""
    return (zlib.crc32(text.encode()) & 0xFFFF) / 0x10000
