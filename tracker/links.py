"""Signed links: what a reader may do with a click, without logging in.

A link holds who, what and until when, signed with a secret of the store's; it can
neither be guessed nor changed. Anyone who has the mail has its links, so they do
little: mark an item, or stop the mails.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

from tracker.errors import LinkError

if TYPE_CHECKING:
    from itsdangerous import URLSafeSerializer

MARKS_LAST = timedelta(days=60)
LASTING = timedelta(days=730)  # an old mail must be able to end the new ones


class Action(StrEnum):
    """What a link does."""

    TO_READ = "to-read"
    MORE = "more"
    NOT_FOR_ME = "not-for-me"
    STOP = "stop"
    FEED = "feed"


OFFERED = {
    Action.TO_READ: "Read later",
    Action.MORE: "More like this",
    Action.NOT_FOR_ME: "Not for me",
}
"""What may be done with an item, in words."""


@dataclass(frozen=True, slots=True)
class Wish:
    """That a reader wants a thing done with an item or their mails, or their feed."""

    reader: str
    action: Action
    item: int | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Links:
    """Makes and reads links below a public address, such as "https://x.example"."""

    url: str
    secret: str

    def to(self, wish: Wish, now: datetime) -> str:
        """Return the address at which `wish` is fulfilled, from now on for a while."""
        return f"{self.url.rstrip('/')}/do/{self.token(wish, now)}"

    def feed(self, reader: str, now: datetime) -> str:
        """Return the address of a reader's feed."""
        token = self.token(Wish(reader, Action.FEED), now)
        return f"{self.url.rstrip('/')}/feeds/{token}.atom"

    def token(self, wish: Wish, now: datetime) -> str:
        """Return the last part of that address."""
        lasts = MARKS_LAST if wish.action in OFFERED else LASTING
        # By the day: the same mail composed twice has the same links.
        until = int((now + lasts).timestamp()) // 86_400
        stated = [wish.reader, str(wish.action), wish.item or 0, until]
        return str(_signer(self.secret).dumps(stated))

    def wish(self, token: str, now: datetime) -> Wish:
        """Return what a link's last part asks for.

        Raises LinkError when it is not one of ours, or older than it may be.
        """
        from itsdangerous import BadData

        try:
            reader, action, item, until = _signer(self.secret).loads(token)
        except BadData:
            raise LinkError("this link is incomplete, or not from here") from None
        if now >= datetime.fromtimestamp((until + 1) * 86_400, UTC):
            raise LinkError("this link has expired; use one of a later mail")
        return Wish(reader, Action(action), item or None)


def _signer(secret: str) -> "URLSafeSerializer":
    from itsdangerous import URLSafeSerializer

    return URLSafeSerializer(
        secret, salt="tracker.links", signer_kwargs={"digest_method": sha256}
    )
