"""An address that moved for good: believed when it was seen again, days later."""

from dataclasses import dataclass
from datetime import datetime, timedelta

_SIGHTINGS = 3
_FOR = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Move:
    """That the address `url` was seen to redirect to `target` permanently.

    `since` and `seen` are the first and the last time of `sightings`.
    """

    url: str
    target: str
    since: datetime
    seen: datetime
    sightings: int = 1

    @property
    def is_adopted(self) -> bool:
        """Whether `target` is asked in place of `url`.

        It is after three sightings over three days or more: a mistake in a server's
        settings, or a captive portal, is mended sooner.
        """
        return self.sightings >= _SIGHTINGS and self.seen - self.since >= _FOR


def sighted(
    known: Move | None, url: str, target: str | None, now: datetime
) -> Move | None:
    """Return what is known of a move after `url` answered well, from `target` or not.

    Another target starts over, and no redirect ends it, unless the target was adopted:
    then it is what answered. A move of another address stays as it is.
    """
    if known and known.url != url:
        return known
    if known is None or target not in (None, known.target):
        return Move(url, target, now, now) if target else None
    if known.is_adopted:
        return known
    if target is None:
        return None
    return Move(url, target, known.since, now, known.sightings + 1)
