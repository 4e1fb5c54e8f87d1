"""How often a source is asked, whatever it posts, states or fails with."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.core.pace import (
    LATEST,
    SOONEST,
    next_try,
    next_visit,
    pace,
    recent,
    rhythm,
    silent_since,
)
from tracker.core.values import NO_HINTS, Hints

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NEVER = timedelta()


def every(gap: timedelta, times: int = 20) -> list[datetime]:
    """Return posts at a steady gap up to now, newest first."""
    return [NOW - gap * number for number in range(1, times + 1)]


@pytest.mark.parametrize(
    ("gap", "hours"), [(HOUR, 1), (DAY, 4.9), (7 * DAY, 13), (30 * DAY, 26.8)]
)
def test_a_source_is_asked_as_the_root_of_its_rhythm(
    gap: timedelta, hours: float
) -> None:
    assert rhythm(every(gap), NOW) == gap
    found = pace(every(gap), NOW, NEVER, NO_HINTS)
    assert found / HOUR == pytest.approx(hours, rel=0.01)


def test_a_source_without_a_rhythm_is_asked_every_six_hours() -> None:
    for known in ([], every(DAY, 1)):
        assert pace(known, NOW, NEVER, NO_HINTS) == 6 * HOUR


def test_posts_that_come_together_count_as_one() -> None:
    burst = [NOW + timedelta(seconds=n) for n in range(500)]
    assert recent([NOW - DAY], burst) == (NOW, NOW - DAY)
    assert len(recent((), every(HOUR, 300))) == 20


def test_a_few_old_posts_do_not_hide_a_lively_rhythm() -> None:
    known = [*every(DAY, 12), *(NOW - 2000 * DAY - n * DAY for n in range(8))]
    assert rhythm(known, NOW) == DAY


def test_a_source_that_falls_silent_slows_down() -> None:
    paces = [
        pace(every(DAY), NOW + days * DAY, NEVER, NO_HINTS) for days in (0, 30, 365)
    ]
    assert paces == sorted(paces)
    assert paces[-1] > 4 * paces[0]


def test_a_source_is_never_asked_sooner_than_it_is_set_to_or_asks_for() -> None:
    hourly = every(HOUR)
    assert pace(hourly, NOW, 9 * HOUR, NO_HINTS) == 9 * HOUR
    assert pace(hourly, NOW, NEVER, Hints(max_age=5 * HOUR)) == 5 * HOUR
    assert pace(hourly, NOW, NEVER, Hints(ttl=4 * HOUR)) == 4 * HOUR
    assert pace(hourly, NOW, NEVER, Hints(max_age=900 * DAY)) == DAY


@given(
    st.lists(st.timedeltas(-DAY, 9000 * DAY), max_size=40),
    st.timedeltas(NEVER, 99 * DAY),
    st.timedeltas(NEVER, 9000 * DAY),
)
@settings(deadline=None, derandomize=True, max_examples=200)
def test_a_pace_lies_within_15_minutes_and_a_week(
    ages: list[timedelta], least: timedelta, asked: timedelta
) -> None:
    known = recent((), (min(NOW, NOW - age) for age in ages))
    found = pace(known, NOW, least, Hints(max_age=asked))
    assert SOONEST <= found <= LATEST
    assert found >= min(least, LATEST)


def test_visits_are_spread_by_a_tenth() -> None:
    checks = {next_visit(DAY, NOW, f"s{n}", NO_HINTS) for n in range(50)}
    assert len(checks) > 40
    assert all(NOW + DAY <= check <= NOW + DAY * 1.1 for check in checks)


def test_hours_and_days_that_a_source_skips_go_by() -> None:
    weekend = Hints(skip_days=frozenset({5, 6}), skip_hours=frozenset(range(8)))
    friday = datetime(2026, 11, 27, 20, tzinfo=UTC)
    check = next_visit(6 * HOUR, friday, "rss", weekend)
    assert (check.weekday(), check.hour) == (0, 8)
    always = Hints(skip_hours=frozenset(range(24)))
    assert next_visit(HOUR, NOW, "rss", always) < NOW + 2 * HOUR


def test_failures_back_off_from_half_an_hour_to_a_week() -> None:
    waits = [next_try(n, NOW, "blog") - NOW for n in range(1, 20)]
    for number, wait in enumerate(waits):
        least = min(HOUR / 2 * 2**number, LATEST / 2)
        assert least <= wait <= 2 * least
    assert waits[:7] == sorted(waits[:7])


def test_a_retry_waits_as_long_as_the_server_asks_but_a_week_at_most() -> None:
    asked = next_try(1, NOW, "blog", 50_000) - timedelta(seconds=50_000)
    assert NOW <= asked <= NOW + HOUR / 2
    assert next_try(1, NOW, "blog", 1e9) <= NOW + LATEST + HOUR / 2


@pytest.mark.parametrize("retry_after", [None, 3600.0])
def test_sources_of_a_host_that_failed_together_come_back_apart(
    retry_after: float | None,
) -> None:
    tries = [next_try(1, NOW, f"source-{n}", retry_after) for n in range(100)]
    looks = [int((moment - NOW) / timedelta(minutes=5)) for moment in tries]
    assert max(looks.count(look) for look in looks) < 30


@pytest.mark.parametrize(
    ("gap", "silence", "is_strange"),
    [(DAY, 20, False), (DAY, 22, True), (30 * DAY, 59, False), (30 * DAY, 62, True)],
)
def test_a_silence_is_strange_beyond_three_weeks_and_twice_the_longest_gap(
    gap: timedelta, silence: int, is_strange: bool
) -> None:
    known = [NOW - silence * DAY - gap * number for number in range(10)]
    assert silent_since(known, NOW) == (known[0] if is_strange else None)
    assert silent_since(known[:4], NOW) is None
