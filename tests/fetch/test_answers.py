"""Retry-After, in both its forms and in none."""

import pytest

from tests.fakes import MONDAY
from tracker.fetch.answers import LONGEST_WAIT, retry_after


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        (" 7 ", 7.0),
        ("1.5", 1.5),
        ("999999999", LONGEST_WAIT),
        ("Mon, 23 Nov 2026 12:01:40 GMT", 100.0),
        ("Mon, 23 Nov 2026 12:01:40 -0000", 100.0),
        ("Monday, 23-Nov-26 12:01:40 GMT", 100.0),
        ("Sat, 23 Nov 2126 12:00:00 GMT", LONGEST_WAIT),
    ],
)
def test_a_wait_is_seconds_or_a_date_and_a_day_at_most(
    value: str, seconds: float
) -> None:
    assert retry_after(value, MONDAY) == seconds


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "-5",
        "soon",
        "1e9",
        "inf",
        "nan",
        "\u0663",
        "9" * 5000,
        "Mon, 23 Nov 2026 11:59:59 GMT",
        "Mon, 99 Nov 2026 12:00:00 GMT",
        "Mon, 23 Nov 99999 12:00:00 GMT",
        "Mon, 23 Nov 2026 12:00:00 +9999999",
    ],
)
def test_a_past_or_senseless_retry_after_is_ignored(value: str | None) -> None:
    assert retry_after(value, MONDAY) is None
