"""Delivering: handing issues over, each once, and again when that failed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parseaddr

from sqlalchemy import Engine

from tracker import mail
from tracker.core.schedule import next_delivery
from tracker.errors import PermanentMailError, TemporaryMailError
from tracker.store import issues
from tracker.store.engine import reading, writing
from tracker.store.issues import Delivery, DeliveryState

Hand = Callable[[str, str, bytes], None]
"""Hands a message over: sender, recipient, message; raises MailError."""

_LEASE = timedelta(minutes=15)  # after which a try that never reported back is over
_MOST_TRIES = 12


def deliver(
    engine: Engine, hand: Hand, sender: str, clock: Callable[[], datetime]
) -> list[Delivery]:
    """Try every delivery that is due once; return them as they stand then.

    Each try is claimed, made and settled in steps of their own: what breaks in
    between is tried again later, with the same Message-ID.
    """
    with reading(engine) as connection:
        due = issues.due(connection, clock())
    for delivery in due:
        _deliver(engine, hand, sender, delivery, clock)
    with reading(engine) as connection:
        return issues.deliveries(connection, only=due)


def _deliver(
    engine: Engine,
    hand: Hand,
    sender: str,
    delivery: int,
    clock: Callable[[], datetime],
) -> None:
    now = clock()
    with writing(engine) as connection:
        claimed = issues.claim(connection, delivery, now, now + _LEASE)
    if claimed is None:
        return
    taken, letter = claimed
    state, error, retry_at = DeliveryState.SENT, "", None
    try:
        hand(parseaddr(sender)[1], taken.address, letter)
    except PermanentMailError as refused:
        state, error = DeliveryState.FAILED, str(refused)
    except TemporaryMailError as delayed:
        state, error = DeliveryState.PENDING, str(delayed)
        retry_at = next_delivery(clock(), taken.attempts)
        if taken.attempts >= _MOST_TRIES:
            state = DeliveryState.FAILED
    with writing(engine) as connection:
        issues.settle(connection, delivery, state, clock(), error, retry_at)


def hand_to(server: mail.Server) -> Hand:
    """Return what hands messages to a mail server."""

    def hand(sender: str, recipient: str, letter: bytes) -> None:
        mail.send(server, sender, recipient, letter)

    return hand
