"""What an RSS channel says of how often to ask: ttl, skipHours and skipDays.

cyber.harvard.edu/rss/rss.html and its page on skipHours and skipDays: minutes, hours
of the day and names of days, all in GMT.
"""

import re
from datetime import timedelta

from tracker.core.values import NO_HINTS, Hints

_HEAD = 20_000  # bytes; a channel's elements stand before its items
_ITEM = re.compile(rb"<(?:\w{1,20}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_TTL = re.compile(rb"<ttl>\s{0,99}(\d{1,7})\s{0,99}</ttl>", re.IGNORECASE)
_HOUR = re.compile(rb"<hour>\s{0,99}(\d{1,2})\s{0,99}</hour>", re.IGNORECASE)
_DAY = re.compile(rb"<day>\s{0,99}([a-z]{6,9})\s{0,99}</day>", re.IGNORECASE)
_DAYS = (
    *(b"monday", b"tuesday", b"wednesday", b"thursday"),
    *(b"friday", b"saturday", b"sunday"),
)


def hints(body: bytes) -> Hints:
    """Return what the channel says; nothing for other formats and nonsense."""
    head = body[:_HEAD]
    if found := _ITEM.search(head):
        head = head[: found.start()]
    if b"<ttl" not in head and b"<skip" not in head:
        return NO_HINTS
    ttl = _TTL.search(head)
    named = (day.lower() for day in _DAY.findall(head))
    return Hints(
        ttl=timedelta(minutes=int(ttl[1])) if ttl else timedelta(),
        skip_hours=frozenset(int(hour) % 24 for hour in _HOUR.findall(head)),
        skip_days=frozenset(_DAYS.index(day) for day in named if day in _DAYS),
    )
