"""When a digest is due: "friday 16:00", or the five fields of cron.

APScheduler's own reading of cron is not used: it counts the days of a week from
Monday where cron counts from Sunday, and looks only ahead, where what is asked here is
which moment came last.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

from tracker.core.weekly import Schedule

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
_WEEKLY = re.compile(r"([a-z]+)\s+(\d{1,2}):(\d{2})")
_PART = re.compile(r"(\*|[a-z0-9]+)(?:-([a-z0-9]+))?(?:/(\d{1,2}))?")
_LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_NUMBER = {name: number for number, name in enumerate(_MONTHS, 1)}
# Cron counts from Sunday, 0 or 7; a Schedule from Monday.
_SUNDAY_FIRST = {day[:3]: (number + 1) % 7 for number, day in enumerate(_DAYS)}
_ALL_DAYS = tuple(range(7))
_FOUR_YEARS = 4 * 366
_FIELDS = 5


def schedule_of(text: str) -> Schedule:
    """Return the schedule that `text` writes, such as "friday 16:00" or "0 16 * * 5".

    "daily 07:00" is one too. Raises ValueError, in words for who wrote it.
    """
    words = text.strip().lower()
    if found := _WEEKLY.fullmatch(words):
        return _on_a_day(found[1], found[2], found[3])
    fields = words.split()
    if len(fields) != _FIELDS:
        raise ValueError(
            f'{text!r} is no schedule; write "friday 16:00", "daily 07:00" or five'
            ' fields of cron such as "0 16 * * 5"'
        )
    minute, hour, day, month, weekday = fields
    made = Schedule(
        minutes=_numbers("minute", minute, 0, 59),
        hours=_numbers("hour", hour, 0, 23),
        days=_numbers("day of the month", day, 1, 31),
        months=_numbers("month", month, 1, 12, _NUMBER),
        weekdays=tuple(
            sorted({(n - 1) % 7 for n in _numbers("day", weekday, 0, 7, _SUNDAY_FIRST)})
        ),
    )
    _refuse_never(made, text)
    return made


def weekly(last_day: str, at: time) -> Schedule:
    """Return the schedule of weeks that end with `last_day`: `at` on the day after."""
    weekday = (_DAYS.index(last_day) + 1) % 7
    return _at((weekday,), at)


def week_ends(schedule: Schedule) -> str | None:
    """Return the last day ("thursday") of a weekly schedule's weeks, else None."""
    whole = len(schedule.days), len(schedule.months)
    if len(schedule.weekdays) != 1 or whole != (31, 12):
        return None
    return _DAYS[(schedule.weekdays[0] - 1) % 7]


def last_due(schedule: Schedule, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Return the schedule's last moment up to `now`, in UTC.

    A local time that the clocks skip is that much later; one that they repeat is the
    first of both.
    """
    today = now.astimezone(zone).date()
    for day in _days_back(schedule, today):
        for hour, minute in _times(schedule):
            due = datetime.combine(day, time(hour, minute), zone).astimezone(UTC)
            if due <= now:
                return due
    return None


def day_before(schedule: Schedule, day: date) -> date | None:
    """Return the schedule's last day before `day`."""
    return next(_days_back(schedule, day - timedelta(days=1)), None)


def _on_a_day(day: str, hour: str, minute: str) -> Schedule:
    try:
        at = time(int(hour), int(minute))
    except ValueError:
        raise ValueError(f"there is no {hour}:{minute} o'clock") from None
    if day == "daily":
        return _at(_ALL_DAYS, at)
    for number, name in enumerate(_DAYS):
        if day in {name, name[:3]}:
            return _at((number,), at)
    raise ValueError(f"{day!r} is no day of the week; write one such as friday")


def _at(weekdays: tuple[int, ...], at: time) -> Schedule:
    return Schedule(
        (at.minute,), (at.hour,), tuple(range(1, 32)), tuple(range(1, 13)), weekdays
    )


def _numbers(
    what: str, field: str, least: int, most: int, names: Mapping[str, int] | None = None
) -> tuple[int, ...]:
    found: set[int] = set()
    for part in field.split(","):
        match = _PART.fullmatch(part)
        try:
            found.update(_range(match, least, most, names or {}))
        except ValueError:
            wanted = f"{least} to {most}"
            raise ValueError(f"{what}: {part!r} is not within {wanted}") from None
    return tuple(sorted(found))


def _range(
    match: re.Match[str] | None, least: int, most: int, names: Mapping[str, int]
) -> range:
    if match is None:
        raise ValueError
    first, last, step = match[1], match[2], int(match[3] or 1)
    if first == "*":
        start, end = least, most
    else:
        start = names[first] if first in names else int(first)
        end = start if last is None else names[last] if last in names else int(last)
        if last is None and match[3]:
            end = most
        if last in names and end == 0:  # fri-sun: Sunday is 7 at the end of a range
            end = most
    if not least <= start <= end <= most or not step:
        raise ValueError
    return range(start, end + 1, step)


def _refuse_never(schedule: Schedule, text: str) -> None:
    """Raise ValueError for what cron would read in another way, or never do."""
    longest = max(_LONGEST_MONTHS[month - 1] for month in schedule.months)
    if min(schedule.days) > longest:
        raise ValueError(f"{text!r}: there is no such day")
    if len(schedule.days) < 31 and len(schedule.weekdays) < len(_ALL_DAYS):  # noqa: PLR2004 - of a month
        raise ValueError(f"{text!r}: state days of the month or of the week, not both")


def _days_back(schedule: Schedule, start: date) -> Iterator[date]:
    for back in range(_FOUR_YEARS):
        day = start - timedelta(days=back)
        if (
            day.weekday() in schedule.weekdays
            and day.month in schedule.months
            and day.day in schedule.days
        ):
            yield day


def _times(schedule: Schedule) -> Iterator[tuple[int, int]]:
    return product(reversed(schedule.hours), reversed(schedule.minutes))
