"""For how long an HTTP answer is fresh, by its headers: RFC 9111, section 4.2."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,10})\b", re.IGNORECASE)
_NOT_KEPT = re.compile(r"(?:^|[\s,])no-(?:cache|store)\b", re.IGNORECASE)
_SECONDS = re.compile(r"\d{1,10}", re.ASCII)
_NOTHING = timedelta()


def stated(headers: Mapping[str, str]) -> bool:
    """Return whether the headers (lower case) say anything of freshness."""
    return "cache-control" in headers or "expires" in headers


def fresh_for(headers: Mapping[str, str], now: datetime) -> timedelta:
    """Return for how long from `now` an answer with these headers is fresh.

    Cache-Control's max-age less Age goes before Expires less Date; no-cache, no-store,
    nonsense and the past are no time at all.
    """
    control = headers.get("cache-control", "")
    if _NOT_KEPT.search(control):
        return _NOTHING
    if found := _MAX_AGE.search(control):
        age = headers.get("age", "").strip()
        passed = int(age) if _SECONDS.fullmatch(age) else 0
        return timedelta(seconds=max(int(found[1]) - passed, 0))
    expires = _moment(headers.get("expires"))
    if expires is None:
        return _NOTHING
    return max(expires - (_moment(headers.get("date")) or now), _NOTHING)


def _moment(text: str | None) -> datetime | None:
    """Return an HTTP date, None for nonsense; they are UTC, whatever they forget."""
    try:
        moment = parsedate_to_datetime(text or "")
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, TypeError):
        return None
