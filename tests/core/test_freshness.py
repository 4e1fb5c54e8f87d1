"""For how long an answer is fresh, by headers that make sense and others."""

from datetime import timedelta

import pytest

from tests.fakes import MONDAY
from tracker.core.freshness import fresh_for, stated

_DATE = "Mon, 23 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"cache-control": "max-age=600"}, 600),
        ({"cache-control": 'public, Max-Age="600", immutable'}, 600),
        ({"cache-control": "max-age=600", "age": "100"}, 500),
        ({"cache-control": "max-age=600", "age": "900"}, 0),
        ({"cache-control": "max-age=600", "age": "old"}, 600),
        ({"cache-control": "no-cache, max-age=600"}, 0),
        ({"cache-control": "s-maxage=600"}, 0),
        ({"cache-control": "max-age=-1"}, 0),
        ({"cache-control": "max-age=600", "expires": _DATE}, 600),
        ({"expires": "Mon, 23 Nov 2026 13:00:00 GMT"}, 3600),
        ({"expires": "Mon, 23 Nov 2026 13:00:00 GMT", "date": _DATE}, 3600),
        ({"expires": "Mon, 23 Nov 2026 13:00:00 -0000"}, 3600),
        ({"expires": "Mon, 23 Nov 2020 13:00:00 GMT"}, 0),
        ({"expires": "0"}, 0),
        ({"expires": "Mon, 23 Nov 99999 13:00:00 GMT"}, 0),
        ({}, 0),
    ],
)
def test_an_answer_is_fresh_for_as_long_as_its_headers_say(
    headers: dict[str, str], seconds: int
) -> None:
    assert fresh_for(headers, MONDAY) == timedelta(seconds=seconds)
    assert stated(headers) is bool(headers)
