"""Saying of an item what it is about, or is not: it counts at once."""

from collections.abc import Sequence
from typing import NamedTuple

from tracker.bootstrap import App
from tracker.bootstrap.library import Sighting
from tracker.core.values import Item, Verdict
from tracker.errors import UsageError
from tracker.ingest import judging
from tracker.store import engine as store
from tracker.store import listing, verdicts


class Words(NamedTuple):
    """What is said of an item: topics it is about, is not, and where that is undone."""

    about: Sequence[str] = ()
    not_about: Sequence[str] = ()
    undone: Sequence[str] = ()


class Choice(NamedTuple):
    """A topic of feeds.toml: whether an item is about it, and whether that was said."""

    name: str
    title: str
    is_about: bool
    is_said: bool


def choices(app: App, found: Sighting) -> tuple[Choice, ...]:
    """Return what may be said of an item's topics, in the order of feeds.toml."""
    about = {claim.name for claim in found.item.topics}
    said = {one.topic for one in found.verdicts}
    return tuple(
        Choice(topic.name, topic.title, topic.name in about, topic.name in said)
        for topic in app.config.topics
    )


def say(app: App, number: int, words: Words) -> Item:
    """Keep what is said of an item's topics; return it as it is judged since.

    Saying it twice is saying it once. Raises UsageError when no item has the number,
    or one topic is named twice over. Whether topics exist is the caller's to know.
    """
    named = [name for names in words for name in dict.fromkeys(names)]
    twice = sorted({name for name in named if named.count(name) > 1})
    if twice:
        raise UsageError(f"{twice[0]}: say one thing of a topic, not two")
    now, judge = app.now(), app.judge()
    said = [Verdict(name, about=True, since=now) for name in words.about]
    said += [Verdict(name, about=False, since=now) for name in words.not_about]
    with store.writing(app.engine) as connection:
        item = listing.one(connection, number)
        if item is None:
            raise UsageError(f"no item has the number {number}; see `tracker list`")
        verdicts.say(connection, item.id, said)
        verdicts.unsay(connection, item.id, words.undone)
        judging.judge_stored(connection, judge, [item.id], now)
        return listing.one(connection, item.id) or item
