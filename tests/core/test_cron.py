"""Schedules: what is written, and which moment came last."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.core.cron import day_before, last_due, schedule_of, week_ends, weekly

BERLIN = ZoneInfo("Europe/Berlin")
UTC_ZONE = ZoneInfo("UTC")
NOW = datetime(2026, 11, 26, 17, tzinfo=UTC)  # a Thursday


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("friday 16:00", datetime(2026, 11, 20, 16, tzinfo=UTC)),
        ("Fri 16:00", datetime(2026, 11, 20, 16, tzinfo=UTC)),
        ("thursday 17:00", datetime(2026, 11, 26, 17, tzinfo=UTC)),
        ("thursday 17:01", datetime(2026, 11, 19, 17, 1, tzinfo=UTC)),
        ("daily 18:00", datetime(2026, 11, 25, 18, tzinfo=UTC)),
        ("0 16 * * 5", datetime(2026, 11, 20, 16, tzinfo=UTC)),
        ("0 16 * * 0", datetime(2026, 11, 22, 16, tzinfo=UTC)),
        ("0 16 * * 7", datetime(2026, 11, 22, 16, tzinfo=UTC)),
        ("0 16 * * fri-sun", datetime(2026, 11, 22, 16, tzinfo=UTC)),
        ("30 6,18 1 * *", datetime(2026, 11, 1, 18, 30, tzinfo=UTC)),
        ("0 7 1 jan-mar/2 *", datetime(2026, 3, 1, 7, tzinfo=UTC)),
        ("0 7 29 2 *", datetime(2024, 2, 29, 7, tzinfo=UTC)),
        ("*/20 * * * *", datetime(2026, 11, 26, 17, tzinfo=UTC)),
        ("5/20 * * * *", datetime(2026, 11, 26, 16, 45, tzinfo=UTC)),
    ],
)
def test_the_last_moment_of_a_schedule(text: str, due: datetime) -> None:
    assert last_due(schedule_of(text), UTC_ZONE, NOW) == due


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no schedule"),
        ("fridays", "no schedule"),
        ("0 16 * *", "no schedule"),
        ("someday 16:00", "no day of the week"),
        ("friday 24:00", "o'clock"),
        ("60 7 * * *", "minute: '60' is not within 0 to 59"),
        ("0 7 * * 8", "day: '8'"),
        ("0 7 * 0 *", "month: '0'"),
        ("0 7 5-3 * *", "day of the month"),
        ("0 7 1/0 * *", "day of the month"),
        ("x 7 * * *", "minute: 'x'"),
        ("0 7 30 2 *", "no such day"),
        ("0 7 1 * 1", "not both"),
    ],
)
def test_what_is_no_schedule_is_refused_in_words(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        schedule_of(text)


def test_moments_are_local_ones_across_clock_changes() -> None:
    monday = weekly("sunday", time(7))
    for day, hour in ((23, 6), (30, 5)):
        now = datetime(2026, 3, day, 12, tzinfo=UTC)
        assert last_due(monday, BERLIN, now) == datetime(2026, 3, day, hour, tzinfo=UTC)


def test_a_time_the_clocks_skip_comes_all_the_same_and_a_repeated_one_once() -> None:
    night = schedule_of("30 2 * * *")
    spring = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert last_due(night, BERLIN, spring) == spring
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert last_due(night, BERLIN, first + timedelta(hours=1)) == first


def test_weeks_end_on_the_day_before_a_weekly_schedule() -> None:
    assert week_ends(schedule_of("friday 16:00")) == "thursday"
    assert week_ends(schedule_of("0 7 * * mon")) == "sunday"
    assert week_ends(schedule_of("daily 16:00")) is None
    assert week_ends(schedule_of("0 7 1 * *")) is None


def test_the_day_before() -> None:
    assert day_before(schedule_of("0 7 1 * *"), date(2026, 3, 1)) == date(2026, 2, 1)
    assert day_before(schedule_of("friday 9:00"), date(2026, 11, 27)) == date(
        2026, 11, 20
    )


@given(
    st.integers(0, 5 * 366 * 24 * 60).map(lambda n: NOW + timedelta(minutes=n)),
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"]),
    st.sampled_from(["friday 16:00", "30 2 * * *", "0 */5 * * 1,4", "15 3 1-7 * *"]),
)
@settings(deadline=None, derandomize=True, max_examples=200)
def test_the_last_moment_never_lies_ahead_and_never_goes_back(
    now: datetime, zone: str, text: str
) -> None:
    schedule, where = schedule_of(text), ZoneInfo(zone)
    due, later = (last_due(schedule, where, now + timedelta(minutes=n)) for n in (0, 1))
    assert due is not None
    assert later is not None
    assert due <= now
    assert due <= later <= now + timedelta(minutes=1)
