"""The rules of docs/politeness.md, checked on what servers saw.

Nothing of tracker is used: what it takes for true must not judge it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby, pairwise

from benchmarks.internet import Visit

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_SOONEST, _LATEST = 15 * _MINUTE, 7 * _DAY
_LOOK = 5 * _MINUTE  # between two looks of the daemon
_MAX_AGE = re.compile(r"max-age=(\d+)")
_PAGE = {200, 304}
_DOWN = {None, 502, 503, 504}
_FEW = 8  # sources of a host that may come at once

Check = Sequence[Visit]
"""The visits of one source at one moment: a request and its redirects."""


def breaches(visits: Sequence[Visit], end: datetime) -> Counter[str]:
    """Return how often each rule was broken; `end` is when watching ended."""
    found: Counter[str] = Counter()
    for checks in _by_source(visits):
        found.update(_of_source(checks, end))
    by_host = defaultdict(list)
    for visit in visits:
        by_host[visit.blog.host].append(visit)
    for seen in by_host.values():
        found.update(_of_host(seen))
    return found


def _by_source(visits: Sequence[Visit]) -> Iterator[list[Check]]:
    ordered = sorted(visits, key=lambda visit: visit.blog.number)
    for _, those in groupby(ordered, key=lambda visit: visit.blog.number):
        yield [list(check) for _, check in groupby(those, key=lambda visit: visit.at)]


def _of_source(checks: Sequence[Check], end: datetime) -> Iterator[str]:
    failures = 0
    for before, after in pairwise(checks):
        failures = 0 if before[-1].status in _PAGE else failures + 1
        yield from _between(before[-1], after[0].at - before[-1].at, failures)
    blog = checks[0][0].blog
    for check in checks[1:]:
        at = check[0].at
        if at.hour in blog.skip_hours or at.weekday() in blog.skip_days:
            yield "5 skipHours, skipDays"
    yield from _conditional(checks)
    yield from _moved(checks)
    last = checks[-1][-1]
    slack = 0.1 * _LATEST + 3 * _DAY  # jitter, and a weekend that is skipped
    if last.status != 410 and end - last.at > _LATEST + slack:
        yield "14 a week at most"


def _between(last: Visit, gap: timedelta, failures: int) -> Iterator[str]:
    """Yield the rules that a visit breaks so long after `last`."""
    if gap < _SOONEST:
        yield "1 15 minutes at least"
    if last.status == 410:
        yield "11 gone"
    if failures:
        if gap < min(_HOUR / 2 * 2 ** min(failures - 1, 12), _LATEST / 2):
            yield "8 back-off"
        return
    if gap < (last.blog.every or _SOONEST):
        yield "2 every"
    age = _MAX_AGE.search(last.headers.get("cache-control", ""))
    if age and gap < min(timedelta(seconds=int(age[1])), _DAY):
        yield "3 freshness"
    if gap < min((last.blog.ttl or 0) * _MINUTE, _DAY):
        yield "4 ttl"


def _conditional(checks: Sequence[Check]) -> Iterator[str]:
    has_etag = False
    for check in checks:
        answered = check[-1]
        if answered.status in _PAGE and has_etag and not answered.is_conditional:
            yield "7 conditional requests"
        if answered.status in _PAGE:
            has_etag = "etag" in answered.headers


def _moved(checks: Sequence[Check]) -> Iterator[str]:
    """Yield a breach for each visit to the old address after it was to be left."""
    sighted: list[datetime] = []
    for check in checks:
        is_old = check[0].url == check[0].blog.url
        if is_old and len(sighted) > 2 and sighted[-1] - sighted[0] >= 3 * _DAY:
            yield "12 moved for good"
        if check[0].status == 301 and check[-1].status in _PAGE:
            sighted.append(check[0].at)


def _of_host(visits: Sequence[Visit]) -> Iterator[str]:
    closed = visits[0].at  # until when the host asked to be left alone
    down: datetime | None = None
    for visit in visits:
        if visit.at < closed:
            yield "6 Retry-After"
        if down is not None and visit.at - down < _MINUTE:
            yield "10 a host that is down"
        closed = max(closed, visit.at + _asked(visit))
        down = visit.at if visit.status in _DOWN else None
    yield from _stampedes(visits)


def _asked(visit: Visit) -> timedelta:
    """Return for how long an answer asks to leave its host alone."""
    names = ("retry-after", "x-ratelimit-reset")
    stated = [visit.headers[name] for name in names if name in visit.headers]
    if visit.status in {429, 503} and stated:
        return min(timedelta(seconds=int(stated[0])), _DAY)
    return _SOONEST if visit.status == 429 else timedelta()


def _stampedes(visits: Sequence[Visit]) -> Iterator[str]:
    """Yield a breach for each look at which most of a host's sources came.

    The first hours do not count: nothing was known of any of them.
    """
    start = visits[0].at
    sources = len({visit.blog.number for visit in visits})
    for at, those in groupby(visits, key=lambda visit: visit.at):
        came = len({visit.blog.number for visit in those})
        if at - start > 12 * _HOUR and came > max(_FEW, sources / 2):
            yield "9 no stampede"
