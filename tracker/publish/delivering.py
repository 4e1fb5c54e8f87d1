"""Delivering: handing issues over, each once, and again when that failed.

A try is claimed, noted as doubtful before its message goes out, and settled, each in a
transaction that outlasts a power cut. So after a crash at any point it is known whether
a message may have arrived, and one that may have is repeated at most once.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr

from sqlalchemy import Engine

from tracker.core.schedule import SLOWEST_DELIVERY_RETRY, next_delivery
from tracker.core.weekly import Reader
from tracker.errors import (
    MailError,
    MailServerDown,
    NoAnswer,
    PermanentMailError,
    TemporaryMailError,
)
from tracker.mail import Letter, Outlet
from tracker.store import deliveries
from tracker.store.deliveries import Delivery, DeliveryState, Result
from tracker.store.engine import lasting, reading
from tracker.store.issues import Issue

Hand = Callable[[Delivery, Issue, Callable[[], None]], None]
"""Hands an issue over, calling the third before its fate is unknown; see Outlet."""

_LEASE = timedelta(minutes=15)  # after which a try that never reported back is over
_LONGEST_WAIT = SLOWEST_DELIVERY_RETRY + _LEASE
_MINUTE = timedelta(minutes=1)
_MOST_TRIES = 28  # over five days: RFC 5321, section 4.5.4.1, asks for four or five
_MOST_DOUBTS = 2
_MOST_SILENCES = 3  # in a row, and then it is the server
_TWICE_IN_DOUBT = (
    "twice the message went out whole and no answer came: it may have arrived or not;"
    " `tracker send --again` sends it once more"
)


def by_mail(outlet: Outlet, sender: str, people: Iterable[Reader]) -> Hand:
    """Return what hands issues over as mail, to the addresses readers have now."""
    bare = parseaddr(sender)[1]
    known = {(reader.name, reader.email) for reader in people}

    def hand(delivery: Delivery, issue: Issue, doubt: Callable[[], None]) -> None:
        if (delivery.reader, delivery.address) not in known:
            what = f"no reader {delivery.reader!r} has this address any more"
            raise PermanentMailError(f"{delivery.address}: {what}")
        letter = Letter(bare, delivery.address, issue.message_id, issue.message)
        outlet.hand(letter, doubt)

    return hand


def due(engine: Engine, now: datetime) -> list[int]:
    """Return the numbers of the deliveries to try at `now`, the oldest first."""
    with reading(engine) as connection:
        return deliveries.due(connection, now, now + _LONGEST_WAIT)


def deliver(
    engine: Engine,
    hand: Hand,
    clock: Callable[[], datetime],
    per_minute: int | None = None,
) -> list[Delivery]:
    """Try every delivery that is due once; return how those stand then.

    After `per_minute` tries in a minute, those of other processes counted, the rest
    stay due. When the mail server is down, or silent three times in a row, no more is
    tried: the rest wait as if it had been.
    """
    numbers = due(engine, clock())
    silences = 0
    for place, number in enumerate(numbers):
        try:
            error = _deliver(engine, hand, number, clock, per_minute)
        except _Enough:
            numbers = numbers[:place]
            break
        silences = silences + 1 if isinstance(error, NoAnswer) else 0
        if isinstance(error, MailServerDown) or silences == _MOST_SILENCES:
            _postpone(engine, numbers[place + 1 :], str(error), clock())
            break
    with reading(engine) as connection:
        return deliveries.deliveries(connection, only=numbers)


class _Enough(Exception):
    """The minute has had all the tries that it may have."""


def _deliver(
    engine: Engine,
    hand: Hand,
    number: int,
    clock: Callable[[], datetime],
    per_minute: int | None,
) -> MailError | None:
    """Try a delivery; return why it failed. Raises _Enough when it is not its time."""
    with lasting(engine) as connection:
        now = clock()
        # Counted where the try is claimed: of two processes one writes at a time.
        if per_minute is not None:
            tried = deliveries.tried_since(connection, now - _MINUTE, now)
            if tried >= per_minute:
                raise _Enough
        claimed = deliveries.claim(
            connection, number, now, now + _LONGEST_WAIT, now + _LEASE
        )
        if claimed is None:
            return None
        taken, issue = claimed
        if taken.doubts >= _MOST_DOUBTS:
            given_up = Result(DeliveryState.FAILED, _TWICE_IN_DOUBT, answered=False)
            deliveries.settle(connection, taken, given_up, now)
            return None
    in_doubt = _Doubt(engine, taken)
    failed: MailError | None = None
    try:
        hand(taken, issue, in_doubt)
    except (TemporaryMailError, PermanentMailError) as error:
        failed = error
    result = _result(failed, taken, clock(), doubted=in_doubt.noted)
    with lasting(engine) as connection:
        deliveries.settle(connection, taken, result, clock())
    return failed


class _Doubt:
    """Notes, once, that a message is about to go out; stops it if it must not."""

    def __init__(self, engine: Engine, taken: Delivery) -> None:
        self._engine, self._taken = engine, taken
        self.noted = False

    def __call__(self) -> None:
        with lasting(self._engine) as connection:
            if not deliveries.doubt(connection, self._taken):
                # This try took longer than its lease, and another one has begun.
                raise TemporaryMailError("overtaken by a later try")
        self.noted = True


def _result(
    failed: MailError | None, taken: Delivery, now: datetime, *, doubted: bool
) -> Result:
    if failed is None:
        return Result(DeliveryState.SENT)
    unknown = doubted and isinstance(failed, NoAnswer)
    if unknown and taken.doubts + 1 >= _MOST_DOUBTS:
        error = f"{failed}; {_TWICE_IN_DOUBT}"
        return Result(DeliveryState.FAILED, error, answered=False)
    final = isinstance(failed, PermanentMailError) or taken.attempts >= _MOST_TRIES
    if final:
        return Result(DeliveryState.FAILED, str(failed), answered=not unknown)
    retry_at = next_delivery(now, taken.attempts)
    return Result(DeliveryState.PENDING, str(failed), retry_at, answered=not unknown)


def _postpone(engine: Engine, due: Sequence[int], error: str, now: datetime) -> None:
    """Let the rest of what goes by mail wait, without having been tried."""
    if not due:
        return
    with lasting(engine) as connection:
        for delivery in deliveries.deliveries(connection, only=due):
            if delivery.is_mail and delivery.attempts < _MOST_TRIES - 1:
                wait = next_delivery(now, delivery.attempts + 1)
                deliveries.postpone(connection, delivery, error, wait)
