"""Weeks, moments of publication, and when to deliver again."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tracker.core.weekly import Week

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEK = re.compile(r"(\d{4})-?[Ww](\d{1,2})")
_DELIVERY_RETRY = timedelta(minutes=5)
SLOWEST_DELIVERY_RETRY = timedelta(hours=6)


def week_of(moment: datetime, zone: ZoneInfo, last_day: str = "sunday") -> Week:
    """Return the local week that holds `moment`; its last day is `last_day`.

    A week is seven local days from midnight to midnight: 167 or 169 hours where
    the clocks change. It is named by the ISO 8601 week of its fourth day.
    """
    today = moment.astimezone(zone).date()
    left = (DAYS.index(last_day) - today.weekday()) % 7
    return _ending(today + timedelta(days=left), zone)


def week_named(name: str, zone: ZoneInfo, last_day: str = "sunday") -> Week:
    """Return the week called `name`, such as "2026-W47".

    Raises ValueError when there is no such week.
    """
    found = _WEEK.fullmatch(name.strip())
    if not found:
        raise ValueError(f"{name!r} is not a week; write it as 2026-W47")
    fourth_day = (DAYS.index(last_day) - 3) % 7 + 1
    try:
        fourth = date.fromisocalendar(int(found[1]), int(found[2]), fourth_day)
    except ValueError:
        raise ValueError(f"there is no week {name.strip()}") from None
    return _ending(fourth + timedelta(days=3), zone)


def _ending(last: date, zone: ZoneInfo) -> Week:
    year, number, _ = (last - timedelta(days=3)).isocalendar()
    start, end = last - timedelta(days=6), last + timedelta(days=1)
    return Week(f"{year}-W{number:02}", midnight(start, zone), midnight(end, zone))


def interval(since: date, until: date, zone: ZoneInfo) -> Week:
    """Return the local days from `since` to `until`, both included, as a Week.

    Raises ValueError when `until` is before `since`.
    """
    if until < since:
        raise ValueError(f"{until} is before {since}")
    end = midnight(until + timedelta(days=1), zone)
    return Week(f"{since}/{until}", midnight(since, zone), end)


def days(first: date, last: date, zone: ZoneInfo) -> Week:
    """Return the local days from `first` to `last`; seven of them are a week."""
    if last - first == timedelta(days=6):
        return _ending(last, zone)
    return interval(first, last, zone)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the start of a local day in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def next_delivery(now: datetime, attempts: int) -> datetime:
    """Return when to try a delivery again after `attempts` failed ones."""
    doubled: timedelta = _DELIVERY_RETRY * 2 ** min(max(attempts, 1) - 1, 12)
    return now + min(doubled, SLOWEST_DELIVERY_RETRY)
