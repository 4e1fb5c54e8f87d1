"""Publishing: a week's digest for a reader; its issue, stored and sent once."""

from tracker.publish.composing import (
    Followed,
    Judged,
    Press,
    digest,
    interests,
    judged,
    read_ahead,
    titles,
)
from tracker.publish.delivering import Hand, by_mail, deliver, due
from tracker.publish.issuing import (
    issue,
    last_week,
    letter,
    message_id,
    publish,
    week_ends,
)
from tracker.publish.posting import by_post, either
from tracker.publish.summarising import Model, Summariser

__all__ = [
    "Followed",
    "Hand",
    "Judged",
    "Model",
    "Press",
    "Summariser",
    "by_mail",
    "by_post",
    "deliver",
    "digest",
    "due",
    "either",
    "interests",
    "issue",
    "judged",
    "last_week",
    "letter",
    "message_id",
    "publish",
    "read_ahead",
    "titles",
    "week_ends",
]
