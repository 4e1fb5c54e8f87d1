"""Asking a source for all that it has to say."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b

from sqlalchemy import Engine

from tracker.core.values import Document, Entry, Outcome, Page, Request, Window
from tracker.errors import SourceError
from tracker.ingest.judging import Judge
from tracker.sources import Subscription
from tracker.sources.base import Source
from tracker.store import fetches
from tracker.store.engine import reading
from tracker.store.fetches import State, Validators

Fetch = Callable[[Request], Document]
Read = Callable[[Source, Document], Page]

log = logging.getLogger(__name__)

_MOST_PAGES = 100  # of one source in one run; a server may promise pages for ever
_SHORTER = 0.2  # a list under this share of the last one is no update
_LONG = 10  # entries from which a list's length tells anything
_ACCEPT_AFTER = 5  # runs after which a shorter list is believed
_NOT_MODIFIED = 304
_NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class Tools:
    """What collecting works with. `clock` returns the present, aware."""

    engine: Engine
    fetch: Fetch
    read: Read
    judge: Judge
    clock: Callable[[], datetime]
    workers: int = 8


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a source answered: entries, pages to remember, and an error if any.

    `asked` are the addresses of this run; `before` counts the entries that their
    answers held the last time. `reached` is up to when the source has been read.
    """

    subscription: Subscription
    state: State
    entries: tuple[Entry, ...] = ()
    asked: tuple[str, ...] = ()
    pages: tuple[tuple[str, Validators], ...] = ()
    answers: int = 0
    unchanged: int = 0
    before: int = 0
    shortfall: str = ""
    reached: datetime | None = None
    error: SourceError | None = None


def gather(tools: Tools, subscription: Subscription, state: State) -> Gathered:
    """Return all that a source has to say, on top of what the store knows of it."""
    with reading(tools.engine) as connection:
        known = fetches.validators(connection, state.id)
    return _whole(tools, Gathered(subscription, state), known)


def attempt(tools: Tools, subscription: Subscription) -> Gathered:
    """Return what a source says to its first requests, as if nothing were stored."""
    blank = State(0, subscription.name, None, "", 0, None, None, None)
    return _whole(tools, Gathered(subscription, blank), {}, follow=False)


def _whole(
    tools: Tools, start: Gathered, known: dict[str, Validators], *, follow: bool = True
) -> Gathered:
    try:
        return _follow(tools, start, known, follow=follow)
    except Exception as error:
        log.exception("%s: an error of our own", start.subscription.name)
        what = f"an error in tracker itself: {type(error).__name__}: {error}"
        return replace(start, error=SourceError(what))


def _follow(
    tools: Tools, gathered: Gathered, known: dict[str, Validators], *, follow: bool
) -> Gathered:
    source = gathered.subscription.source
    now = tools.clock()
    succeeded = gathered.state.succeeded_at
    since = succeeded - source.overlap if succeeded else now - source.lookback
    queue = list(source.first(Window(since, now)))
    for _ in range(_MOST_PAGES):
        if not queue:
            return gathered
        request = queue.pop(0)
        try:
            gathered, followers = _answered(tools, gathered, request, known)
        except SourceError as error:
            return replace(gathered, error=error)
        queue.extend(followers if follow else ())
    too_many = SourceError(f"over {_MOST_PAGES} pages; narrow the source's query")
    return replace(gathered, error=too_many if queue else None)


def _answered(
    tools: Tools, gathered: Gathered, request: Request, known: dict[str, Validators]
) -> tuple[Gathered, tuple[Request, ...]]:
    """Ask for one page; return what there is now, and the requests that follow."""
    last = known.get(request.url)
    gathered = replace(gathered, asked=(*gathered.asked, request.url))
    if last:
        request = replace(request, etag=last.etag, last_modified=last.last_modified)
    document = tools.fetch(request)
    gathered = replace(gathered, before=gathered.before + (last.entries if last else 0))
    if document.status == _NOT_FOUND:
        return gathered, ()
    gathered = replace(gathered, answers=gathered.answers + 1)
    hashed = blake2b(document.body, digest_size=16).hexdigest()
    if document.status == _NOT_MODIFIED or (last and last.digest == hashed):
        return replace(gathered, unchanged=gathered.unchanged + 1), ()
    page = tools.read(gathered.subscription.source, document)
    pages = gathered.pages
    if not page.next:  # what follows a page may change while the page does not
        seen = Validators(
            document.headers.get("etag"),
            document.headers.get("last-modified"),
            hashed,
            len(page.entries),
        )
        pages = (*pages, (request.url, seen))
    more = replace(
        gathered,
        entries=(*gathered.entries, *page.entries),
        pages=pages,
        shortfall=gathered.shortfall or page.shortfall,
        reached=page.reached or gathered.reached,
    )
    return more, page.next


def outcome(gathered: Gathered) -> tuple[Outcome, str]:
    """Return what collecting came to, and a line on it when there is need."""
    if gathered.error is not None:
        return Outcome(gathered.error.outcome), str(gathered.error)
    if shortfall := gathered.shortfall or _shrunk(gathered):
        return Outcome.STALE, shortfall
    if not gathered.answers:
        return Outcome.EMPTY, "not published yet"
    if gathered.unchanged == gathered.answers:
        return Outcome.UNCHANGED, ""
    found = gathered.entries or gathered.unchanged
    return (Outcome.OK, "") if found else (Outcome.EMPTY, "no entries")


def _shrunk(gathered: Gathered) -> str:
    """Return what to say of a list much shorter than before; "" when it is not.

    After some runs the shorter list is believed.
    """
    entries, before = len(gathered.entries), gathered.before
    long_enough = before >= _LONG and entries < before * _SHORTER
    if gathered.unchanged or not gathered.answers or not long_enough:
        return ""
    believed = gathered.state.failures >= _ACCEPT_AFTER
    return "" if believed else f"{entries} entries where there were {before}"
