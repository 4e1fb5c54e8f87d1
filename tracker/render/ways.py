"""What a reader may do from within a mail, where there is a web endpoint."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from tracker.render.edition import Edition

Offer = tuple[str, str]
"""What is offered, in words, and the web address at which it is done."""


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways that lead from a mail: `stop` ends the mails, `offers` are an item's."""

    stop: str | None = None
    offers: Callable[[int], tuple[Offer, ...]] = lambda _item: ()


def offering(told: Edition, ways: Ways) -> Edition:
    """Return an edition each of whose items offers what may be done with it."""
    parts = tuple(
        replace(
            part,
            stories=tuple(replace(s, offers=ways.offers(s.id)) for s in part.stories),
        )
        for part in told.parts
    )
    return replace(told, parts=parts, stop=ways.stop)
