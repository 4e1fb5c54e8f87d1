"""Weeks across clock changes, and when to deliver again."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.core.schedule import (
    DAYS,
    days,
    interval,
    next_delivery,
    week_named,
    week_of,
)

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_a_week_is_an_iso_week_in_local_time() -> None:
    week = week_of(NOW, BERLIN)
    assert week.name == "2026-W48"
    assert week.start == datetime(2026, 11, 22, 23, tzinfo=UTC)
    assert week.end == datetime(2026, 11, 29, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "hours"), [("2026-W13", 167), ("2026-W43", 169), ("2026-W20", 168)]
)
def test_a_week_in_which_clocks_change_is_an_hour_off(name: str, hours: int) -> None:
    week = week_named(name, BERLIN)
    assert week.end - week.start == timedelta(hours=hours)


def test_late_sunday_is_this_week_and_early_monday_the_next() -> None:
    sunday = datetime(2026, 11, 22, 23, 59, tzinfo=BERLIN)
    assert week_of(sunday, BERLIN).name == "2026-W47"
    assert week_of(sunday + timedelta(minutes=1), BERLIN).name == "2026-W48"
    assert week_of(sunday, ZoneInfo("Pacific/Kiritimati")).name == "2026-W48"


@given(
    st.integers(0, 15 * 366 * 24).map(lambda hours: NOW + timedelta(hours=hours)),
    st.sampled_from(DAYS),
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"]),
)
@settings(deadline=None, derandomize=True, max_examples=200)
def test_weeks_are_found_again_by_name_and_leave_no_gap(
    moment: datetime, last_day: str, zone_name: str
) -> None:
    zone = ZoneInfo(zone_name)
    week = week_of(moment, zone, last_day)
    assert week.start <= moment < week.end
    assert week_named(week.name, zone, last_day) == week
    following = week_of(week.end, zone, last_day)
    assert following.start == week.end
    assert following.name != week.name


@pytest.mark.parametrize("name", ["2026-W54", "2026-W0", "W47", "2026", "", "next"])
def test_what_is_no_week_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        week_named(name, BERLIN)


def test_an_interval_holds_both_its_days() -> None:
    both = interval(date(2026, 11, 1), date(2026, 11, 2), ZoneInfo("UTC"))
    assert both.end - both.start == timedelta(days=2)
    with pytest.raises(ValueError, match="before"):
        interval(date(2026, 11, 2), date(2026, 11, 1), ZoneInfo("UTC"))


def test_seven_days_are_a_week_and_others_are_named_by_their_ends() -> None:
    week = days(date(2026, 11, 20), date(2026, 11, 26), BERLIN)
    assert week == week_named("2026-W48", BERLIN, "thursday")
    one = days(date(2026, 11, 25), date(2026, 11, 25), BERLIN)
    assert one.name == "2026-11-25/2026-11-25"


def test_deliveries_back_off_to_six_hours() -> None:
    waits = [next_delivery(NOW, n) - NOW for n in range(1, 20)]
    assert waits[0] == timedelta(minutes=5)
    assert waits[-1] == timedelta(hours=6)
