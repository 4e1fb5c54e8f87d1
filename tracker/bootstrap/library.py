"""What is stored, for looking at and for marking."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker import publish
from tracker.bootstrap import App
from tracker.core import pace
from tracker.core.grounds import grounds
from tracker.core.rank import excluding
from tracker.core.values import Item, Mark, MarkState, Outcome, Verdict
from tracker.core.weekly import Pick, Reader, Reason
from tracker.errors import UsageError
from tracker.ingest import is_gone
from tracker.sources import Subscription
from tracker.store import (
    corrections,
    deliveries,
    fetches,
    listing,
    readers,
    verdicts,
)
from tracker.store import engine as store
from tracker.store.corrections import Merger, Seen
from tracker.store.deliveries import Delivery
from tracker.store.fetches import State
from tracker.store.listing import Wanted

__all__ = ["Health", "Library", "Merger", "Seen", "Sighting", "Wanted", "Why"]


@dataclass(frozen=True, slots=True)
class Sighting:
    """An item with all that is known of it.

    `mergers` are the items that were joined to it, `apart` those it was split from
    or that were split from it, `verdicts` what was said of its topics.
    """

    item: Item
    mark: Mark
    mentions: Sequence[Seen]
    mergers: Sequence[Merger] = ()
    apart: Sequence[int] = ()
    deleted: datetime | None = None
    verdicts: Sequence[Verdict] = ()


@dataclass(frozen=True, slots=True)
class Health:
    """A source and how it is doing; no state before it was first collected.

    `silent_since` is set when it published nothing for strangely long.
    """

    subscription: Subscription
    state: State | None
    new: int
    silent_since: datetime | None = None

    @property
    def outcome(self) -> Outcome | None:
        """The latest outcome."""
        return self.state.outcome if self.state else None

    @property
    def is_gone(self) -> bool:
        """Whether its address is gone for good, and not asked any more."""
        return self.state is not None and is_gone(self.subscription, self.state)

    @property
    def moved_to(self) -> str | None:
        """The address that is asked in place of the one in feeds.toml."""
        address = self.subscription.address
        move = self.state.move if self.state else None
        return move.target if move and move.is_adopted and move.url == address else None


@dataclass(frozen=True, slots=True)
class Why:
    """An item's score for a reader: its parts, each with what it rests on.

    `kept_out` says why no digest shows it, whatever its score; "" when it may.
    """

    reader: str
    now: datetime
    pick: Pick
    parts: Sequence[tuple[Reason, tuple[str, ...]]]
    kept_out: str


class Library:
    """The store as a reader sees it."""

    def __init__(self, app: App) -> None:
        self._app = app

    def items(self, wanted: Wanted) -> list[Item]:
        """Return the items wanted, the newest first."""
        with store.reading(self._app.engine) as connection:
            return listing.items(connection, wanted)

    def count(self, wanted: Wanted) -> int:
        """Return how many items are wanted, the limit aside."""
        with store.reading(self._app.engine) as connection:
            return listing.count(connection, wanted)

    def search(self, words: str, limit: int) -> list[Item]:
        """Return the items that hold all `words`, the best match first."""
        with store.reading(self._app.engine) as connection:
            return listing.search(connection, words, limit)

    def sighting(self, number: int, reader: Reader) -> Sighting:
        """Return an item with a reader's mark; raises UsageError when there is none."""
        with store.reading(self._app.engine) as connection:
            item = listing.one(connection, number)
            if item is None:
                raise UsageError(f"no item has the number {number}; see `tracker list`")
            mark = readers.mark_of(
                connection, readers.find(connection, reader.name), item.id
            )
            return Sighting(
                item,
                mark,
                corrections.seen(connection, item.id),
                corrections.mergers(connection, item.id),
                corrections.apart(connection, item.id),
                corrections.deleted_at(connection, item.id),
                verdicts.of(connection, [item.id])[item.id],
            )

    def why(self, seen: Sighting, reader: Reader) -> Why:
        """Return how an item's score for a reader comes about."""
        now = self._app.now()
        made = publish.judged(self._app.press(), reader, seen.item, now)
        parts = [
            (reason, grounds(reason, made.pick.item, made.wanted))
            for reason in made.pick.reasons
        ]
        return Why(reader.name, now, made.pick, parts, _kept_out(seen, made))

    def mark(self, number: int, reader: Reader, mark: Mark) -> None:
        """Set a reader's mark on an item."""
        self.change(number, reader, lambda _: mark)

    def change(
        self, number: int, reader: Reader, changed: Callable[[Mark], Mark]
    ) -> Mark:
        """Change a reader's mark on an item in one step; return it."""
        with store.writing(self._app.engine) as connection:
            who = readers.ensure(connection, reader.name)
            mark = changed(readers.mark_of(connection, who, number))
            readers.mark(connection, who, number, mark, self._app.now())
            return mark

    def health(self, since: datetime) -> list[Health]:
        """Return how each source is doing; `new` counts entries since `since`."""
        now = self._app.now()
        with store.reading(self._app.engine) as connection:
            states = fetches.states(connection)
            new = fetches.new_by_source(connection, since, now)
        return [
            Health(s, state, new.get(s.name, 0), _silent_since(s, state, now))
            for s in self._app.config.subscriptions
            for state in (states.get(s.name),)
        ]

    def deliveries(self) -> list[Delivery]:
        """Return all deliveries, in order."""
        with store.reading(self._app.engine) as connection:
            return deliveries.deliveries(connection)


def _silent_since(
    subscription: Subscription, state: State | None, now: datetime
) -> datetime | None:
    if state is None or not subscription.is_steady:
        return None
    return pace.silent_since(state.moments, now)


def _kept_out(seen: Sighting, made: publish.Judged) -> str:
    """Return why no digest shows an item, "" when one may."""
    words = excluding(seen.item, made.wanted)
    reasons = (
        ("you deleted it", seen.deleted is not None),
        ("it is withdrawn", seen.item.withdrawn),
        (f"it has a word of exclude: {', '.join(words)}", bool(words)),
        ("you read it", seen.mark.state is MarkState.READ),
        ("it is not for you", seen.mark.state is MarkState.NOT_FOR_ME),
        (f"it is shown as one with #{made.within}", made.within > 0),
        ("", made.stands),
        ("it was old when its source was first read", seen.item.backlog),
        ("an earlier digest showed it", True),
    )
    return next(why for why, is_so in reasons if is_so)
