"""Retry-After, in both its forms and in none."""

import pytest

from tests.fakes import MONDAY
from tracker.errors import Gone, RateLimited
from tracker.fetch.answers import LONGEST_WAIT, Answer, refuse, retry_after


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


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"x-ratelimit-reset": "11987"}, 11987.0),
        ({"x-ratelimit-reset": "11987", "retry-after": "60"}, 60.0),
        ({"x-ratelimit-reset": f"{MONDAY.timestamp() + 300:.0f}"}, 300.0),
        ({"x-ratelimit-reset": f"{MONDAY.timestamp() - 300:.0f}"}, None),
        ({"x-ratelimit-reset": "0"}, None),
        ({"x-ratelimit-reset": "soon"}, None),
        ({}, None),
    ],
)
def test_a_spent_budget_is_waited_for_until_its_reset(
    headers: dict[str, str], seconds: float | None
) -> None:
    with pytest.raises(RateLimited) as raised:
        refuse(Answer(429, headers), "api.example", MONDAY)
    assert raised.value.retry_after == seconds


def test_what_is_gone_for_good_has_a_name() -> None:
    with pytest.raises(Gone, match="410 Gone"):
        refuse(Answer(410, {}), "blog.example", MONDAY)
