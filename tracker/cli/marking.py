"""`tracker mark`: what a reader thinks of an item, and what it is about."""

import argparse
from collections.abc import Iterator
from dataclasses import replace

from tracker.bootstrap import App, verdicts
from tracker.bootstrap.library import Library, Sighting
from tracker.bootstrap.verdicts import Words
from tracker.cli import naming
from tracker.cli.opening import opened
from tracker.cli.options.marking import WHAT
from tracker.core.values import Mark, MarkState
from tracker.errors import UsageError

_RATINGS = range(1, 6)


def mark_command(options: argparse.Namespace) -> int:
    """Keep what a reader thinks of an item, and what they say of its topics."""
    words = Words(options.topic, options.not_topic, options.undo_topic)
    with opened(options) as app:
        reader = app.reader(options.reader)
        found = Library(app).sighting(options.item, reader)
        _check(app, words, found)
        given = (options.what, options.rating, options.note)
        is_marked = not any(words) or any(one is not None for one in given)
        mark = _marked(found.mark, options) if is_marked else None
        if any(words):
            verdicts.say(app, found.item.id, words)
        if mark:
            Library(app).mark(found.item.id, reader, mark)
    said = [_said(mark)] if mark else []
    print("\n".join([f"#{found.item.id}  {found.item.title}", *said, *_told(words)]))
    return 0


def _check(app: App, words: Words, found: Sighting) -> None:
    """Raise UsageError for a topic that is none, nor one that something was said of."""
    known = [topic.name for topic in app.config.topics]
    for name in (*words.about, *words.not_about):
        naming.known(name, known, "topic")
    was = [one.topic for one in found.verdicts if one.topic not in known]
    for name in words.undone:
        naming.known(name, [*known, *was], "topic")


def _said(mark: Mark) -> str:
    rating = f", rated {mark.rating}" if mark.rating else ""
    note = f", note: {mark.note}" if mark.note else ""
    return f"marked {mark.state}{rating}{note}"


def _told(words: Words) -> Iterator[str]:
    for name in words.about:
        yield f"about {name}, as you said"
    for name in words.not_about:
        yield f"not about {name}, as you said"
    for name in words.undone:
        yield f"{name}: nothing said of it"


def _marked(mark: Mark, options: argparse.Namespace) -> Mark:
    rating, note, value = options.rating, options.note, " ".join(options.value)
    if options.what == "rating":
        rating = value
    elif options.what == "note":
        note = value
    elif value:
        raise UsageError(f"{options.what} takes no value: {value!r}")
    elif options.what:
        mark = replace(mark, state=MarkState(options.what))
    elif rating is None and note is None:
        raise UsageError(f"say what to keep: one of {', '.join(WHAT)}, or a topic")
    if rating is not None:
        mark = replace(mark, rating=_rating(rating))
    return mark if note is None else replace(mark, note=note)


def _rating(text: str) -> int:
    if text not in map(str, _RATINGS):
        raise UsageError(f"{text!r} is no rating; give 1 to 5")
    return int(text)
