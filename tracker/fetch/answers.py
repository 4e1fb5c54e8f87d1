"""What an answer means: refusals named, Retry-After read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from tracker.errors import Answered, Blocked, Gone, RateLimited

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
MISSING = frozenset({404, 410})
LONGEST_WAIT = 24 * 3600.0
"""The longest Retry-After that is believed, in seconds: budgets are renewed by the
day, and a mistaken header must not turn a source off for a year."""

UNSTATED_WAIT = 900.0
"""For how many seconds a host rests that asked for it and did not say how long."""

HEAD = 20_000
"""How many bytes of a refusal are read to see whether it is a bot check."""

_DOWN = frozenset({502, 503, 504})
_REFUSED = frozenset({401, 402, 403, 407, 451})
_TOO_MANY = 429
_GONE = 410
_UNAVAILABLE = 503
_UNNAMED = "no such status"

_BOT_CHECK = re.compile(
    rb"making sure you.{1,6}re not a bot|just a moment|challenge-platform|captcha"
    rb"|are you (?:a )?human|verify(?:ing)? (?:that )?you are|anubis"
    rb"|attention required|enable javascript and cookies|unusual traffic"
    rb"|ChallengeRequiredError",
    re.IGNORECASE,
)
# Cloudflare, Vercel and AWS WAF state in a header that the page is theirs.
_CHALLENGES = {
    "cf-mitigated": {"challenge"},
    "x-vercel-mitigated": {"challenge", "deny"},
    "x-amzn-waf-action": {"challenge", "captcha"},
}
_LEAST = 1e-9  # dollars; what is left is more than nothing
_SECONDS = re.compile(r"\d{1,9}(?:\.\d{1,6})?", re.ASCII)
_RESET = re.compile(r"\d{1,12}(?:\.\d{1,6})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one visit came to; header names are lower case.

    `body` is whole for status 200 and the first 20,000 bytes of a refusal; it is
    empty for a redirect, 304, 404 and 410.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


def refuse(answer: Answer, where: str, now: datetime) -> None:
    """Raise what an answer comes to that is neither a document nor a redirect.

    Raises Blocked, RateLimited with the seconds to wait, Gone, or FetchError.
    """
    code = f"{answer.status} {_phrase(answer.status)}"
    if _is_bot_check(answer):
        raise Blocked(f"{where}: a bot check (status {code})")
    if answer.status in _REFUSED:
        raise Blocked(f"{where}: refused us (status {code})")
    wait = _wait(answer.headers, now)
    busy = answer.status == _UNAVAILABLE and wait is not None
    if busy or answer.status == _TOO_MANY:
        when = "later" if wait is None else f"in {wait:.0f} s"
        raise RateLimited(f"{where}: asked us to come back {when} ({code})", wait)
    if answer.status == _GONE:
        raise Gone(f"{where}: gone for good, by its server's word ({code})")
    raise Answered(f"{where}: answered {code}", answer.status)


def is_down(answer: Answer) -> bool:
    """Return whether the answer speaks of the whole server, not of the page asked for.

    A bot check does not, though many are sent with 503: whoever sends it is alive.
    """
    return answer.status in _DOWN and not _is_bot_check(answer)


def is_challenge(headers: Mapping[str, str]) -> bool:
    """Return whether the headers say that this is a bot check."""
    return any(
        headers.get(name, "").strip().lower() in values
        for name, values in _CHALLENGES.items()
    )


def retry_after(value: str | None, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks to wait, at most 24 h.

    None for no header, a past date or nonsense. RFC 9110, section 10.2.3.
    """
    text = (value or "").strip()
    if _SECONDS.fullmatch(text):
        return min(float(text), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
        wait = (_aware(moment) - now).total_seconds()
    except (ValueError, OverflowError):
        return None
    return min(wait, LONGEST_WAIT) if wait > 0 else None


def spent_for(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return for how many seconds the server will answer nothing more, by its word.

    OpenAlex states with each answer what is left of the day's budget, in credits and
    in dollars, and what the answer cost; others state the requests that are left.
    None when there is some left, or nothing is said.
    """
    left, dollars, cost = (
        _number(headers.get(f"x-ratelimit-{name}"))
        for name in ("remaining", "remaining-usd", "cost-usd")
    )
    is_spent = left == 0 or (dollars is not None and dollars < (cost or _LEAST))
    return _wait(headers, now) if is_spent else None


def _number(text: str | None) -> float | None:
    stated = (text or "").strip()
    return float(stated) if _SECONDS.fullmatch(stated) else None


def _wait(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds that the headers ask to wait.

    OpenAlex states them in x-ratelimit-reset, alone at times; others state there
    the seconds since 1970 of a moment to come.
    """
    wait = retry_after(headers.get("retry-after"), now)
    reset = headers.get("x-ratelimit-reset", "").strip()
    if wait is not None or not _RESET.fullmatch(reset):
        return wait
    seconds = float(reset)
    if seconds > LONGEST_WAIT:
        seconds -= now.timestamp()
    return seconds if 0 < seconds <= LONGEST_WAIT else None


def _aware(moment: datetime) -> datetime:
    """Return `moment` with its zone; HTTP dates are UTC, whatever they forget."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _is_bot_check(answer: Answer) -> bool:
    if is_challenge(answer.headers):
        return True
    # A server that only counts requests says so plainly, 429, and means it.
    return answer.status != _TOO_MANY and bool(_BOT_CHECK.search(answer.body))


def _phrase(status: int) -> str:
    """Return the standard's words for `status`; the server's own are not shown."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return _UNNAMED
