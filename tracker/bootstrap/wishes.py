"""What the links in mails ask for: found, shown, and done once however often asked."""

import os
import secrets
import tempfile
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from pathlib import Path

from tracker.bootstrap import App, verdicts
from tracker.bootstrap.library import Library
from tracker.bootstrap.verdicts import Choice, Words
from tracker.config import places
from tracker.core.values import Item, Mark, MarkState
from tracker.core.weekly import Reader
from tracker.errors import LinkError, StoreError, UsageError
from tracker.links import OFFERED, Action, Links, Wish
from tracker.render.ways import Offer, Ways
from tracker.store import engine as store
from tracker.store import readers

_LIKED = 4  # a rating from which "more like this" adds nothing
_MORE = 5
_SHORTEST = 32  # characters of a secret
_MOST_NAMES = 10  # that a reader has had, one after the other


@dataclass(frozen=True, slots=True)
class Asked:
    """A wish with what it is about: the reader, and the item if there is one.

    `others` is what else may be done with the item: the words, and a link's last part.
    `topics` is what may be said of it, below `token`, this link's last part.
    """

    wish: Wish
    reader: Reader
    item: Item | None = None
    others: tuple[Offer, ...] = ()
    topics: tuple[Choice, ...] = ()
    token: str = ""


def links(app: App) -> Links | None:
    """Return what makes links, None without a public address in [web] url.

    Raises StoreError when the secret can neither be read nor kept.
    """
    web = app.config.web
    if web is None or web.url is None:
        return None
    return Links(web.url, places.secret() or _kept_secret(app.config.data / "secret"))


def ways(made: Links, reader: str, now: datetime) -> Ways:
    """Return what a reader may do from within a mail that is composed at `now`."""

    def offers(item: int) -> tuple[Offer, ...]:
        wishes = (
            (words, Wish(reader, action, item)) for action, words in OFFERED.items()
        )
        return tuple((words, made.to(wish, now)) for words, wish in wishes)

    return Ways(made.to(Wish(reader, Action.STOP), now), offers)


def _kept_secret(file: Path) -> str:
    """Return the secret kept in `file`, which its owner alone may read."""
    try:
        if not file.exists():
            _make_secret(file)
        kept = file.read_text("ascii").strip()
    except UnicodeError:
        kept = ""
    except OSError as error:
        raise StoreError(f"{file}: {error.strerror}") from error
    if len(kept) < _SHORTEST:
        raise StoreError(f"{file}: no secret in it; delete it, and one is made")
    return kept


def _make_secret(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as opened:
            opened.write(secrets.token_urlsafe(32))
        # The first of several threads and processes decides.
        with suppress(FileExistsError):
            os.link(draft, file)
    finally:
        Path(draft).unlink()


def asked(app: App, token: str) -> Asked:
    """Return what a link's last part asks for; changes nothing.

    Raises LinkError when it is not one of ours, has expired, or what it is about is
    no longer there.
    """
    made, wish = _read(app, token)
    if wish.action is Action.FEED:
        raise LinkError("this link is a feed's; give it to a feed reader")
    try:
        reader = _reader(app, wish.reader)
        if wish.item is None:
            return Asked(wish, reader)
        found = Library(app).sighting(wish.item, reader)
    except UsageError:
        raise LinkError("what this link was for is no longer here") from None
    others = tuple(
        (words, made.token(replace(wish, action=action), app.now()))
        for action, words in OFFERED.items()
        if action is not wish.action
    )
    topics = verdicts.choices(app, found)
    return Asked(wish, reader, found.item, others, topics, token)


def feed_reader(app: App, token: str) -> Reader:
    """Return whose feed an address asks for; raises LinkError."""
    _, wish = _read(app, token)
    try:
        if wish.action is Action.FEED:
            return _reader(app, wish.reader)
    except UsageError:
        pass
    raise LinkError("there is no such feed")


def _reader(app: App, name: str) -> Reader:
    """Return the reader of that name, or who had it before they were renamed.

    Raises UsageError when there is none.
    """
    known = {reader.name for reader in app.config.readers}
    called: str | None = name
    with store.reading(app.engine) as connection:
        for _ in range(_MOST_NAMES):
            if called is None or called in known:
                break
            called = readers.now_called(connection, called)
    return app.reader(called or name)


def _read(app: App, token: str) -> tuple[Links, Wish]:
    made = links(app)
    if made is None:
        raise LinkError("links are not set up here: [web] url names no address")
    return made, made.wish(token, app.now())


def fulfil(app: App, asked_for: Asked) -> None:
    """Do what is asked for; doing it twice is doing it once."""
    reader, item = asked_for.reader, asked_for.item
    if asked_for.wish.action is Action.STOP:
        with store.writing(app.engine) as connection:
            readers.pause(connection, reader.name, app.now())
    elif item is not None:
        action = asked_for.wish.action
        Library(app).change(item.id, reader, lambda mark: _marked(mark, action))


def say(app: App, asked_for: Asked, words: Words) -> None:
    """Keep what is said of the item's topics; raises LinkError where there is none."""
    known = {one.name for one in asked_for.topics}
    if asked_for.item is None or not known.issuperset(chain(*words)):
        raise LinkError("what this link was for is no longer here")
    verdicts.say(app, asked_for.item.id, words)


def _marked(mark: Mark, action: Action) -> Mark:
    """Return a mark as it is after an action."""
    match action:
        case Action.TO_READ:
            return replace(mark, state=MarkState.TO_READ)
        case Action.NOT_FOR_ME:
            return replace(mark, state=MarkState.NOT_FOR_ME)
        case Action.MORE:
            return replace(
                mark, rating=_MORE if (mark.rating or 0) < _LIKED else mark.rating
            )
        case Action.STOP | Action.FEED:
            return mark
