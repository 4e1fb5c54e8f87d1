"""Publishing: a week's digest for a reader; its issue, stored and sent once."""

from tracker.publish.composing import Followed, Press, digest, interests
from tracker.publish.delivering import Hand, deliver, hand_to
from tracker.publish.issuing import issue, last_week, message_id, publish

__all__ = [
    "Followed",
    "Hand",
    "Press",
    "deliver",
    "digest",
    "hand_to",
    "interests",
    "issue",
    "last_week",
    "message_id",
    "publish",
]
