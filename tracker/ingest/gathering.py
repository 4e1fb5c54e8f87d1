"""Asking a source for all that it has to say."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from sqlalchemy import Engine

from tracker.core.freshness import fresh_for, stated
from tracker.core.moves import Move, sighted
from tracker.core.values import (
    NO_HINTS,
    Document,
    Entry,
    Hints,
    Outcome,
    Page,
    Request,
    Window,
)
from tracker.errors import RateLimited, SourceError
from tracker.ingest.judging import Judge
from tracker.sources import Subscription
from tracker.sources.base import Source
from tracker.store import fetches, signals
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
    """What collecting works with. `clock` returns the present, aware.

    `learnt` is the file that keeps what was learnt of topics.
    """

    engine: Engine
    fetch: Fetch
    read: Read
    judge: Judge
    clock: Callable[[], datetime]
    workers: int = 8
    learnt: Path | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a source answered: entries, pages to remember, and an error if any.

    `asked` are the addresses of this run; `before` counts the entries that their
    answers held the last time. `reached` is up to when the source has been read.
    `hints` and `move` are what is known by now, `facts` what the answers taught.
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
    hints: Hints = NO_HINTS
    move: Move | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    error: SourceError | None = None


def gather(tools: Tools, subscription: Subscription, state: State) -> Gathered:
    """Return all that a source has to say, on top of what the store knows of it."""
    with reading(tools.engine) as connection:
        known = fetches.validators(connection, state.id)
        facts = fetches.facts(connection, state.id)
    if not subscription.source.makes_items:
        known = {}  # what did not change may be of works that came since
    start = Gathered(subscription, state, hints=state.hints, move=state.move)
    return _whole(tools, start, known, facts)


def attempt(tools: Tools, subscription: Subscription) -> Gathered:
    """Return what a source says to its first requests, as if nothing were stored."""
    blank = Gathered(subscription, State(0, subscription.name))
    return _whole(tools, blank, {}, {}, follow=False)


def _whole(
    tools: Tools,
    start: Gathered,
    known: dict[str, Validators],
    facts: Mapping[str, str],
    *,
    follow: bool = True,
) -> Gathered:
    try:
        queue = list(_first(tools, start, facts))
        return _follow(tools, start, known, queue, follow=follow)
    except Exception as error:
        log.exception("%s: an error of our own", start.subscription.name)
        what = f"an error in tracker itself: {type(error).__name__}: {error}"
        return replace(start, error=SourceError(what))


def _first(
    tools: Tools, start: Gathered, facts: Mapping[str, str]
) -> tuple[Request, ...]:
    """Return the requests that the source starts with, for what is due by now."""
    source, now = start.subscription.source, tools.clock()
    succeeded = start.state.succeeded_at
    since = succeeded - source.overlap if succeeded else now - source.lookback
    return source.first(Window(since, now, _ids(tools, source, since), facts))


def _follow(
    tools: Tools,
    gathered: Gathered,
    known: dict[str, Validators],
    queue: list[Request],
    *,
    follow: bool,
) -> Gathered:
    if gathered.move and gathered.move.url not in {request.url for request in queue}:
        gathered = replace(gathered, move=None)
    for _ in range(_MOST_PAGES):
        if not queue:
            return gathered
        request = queue.pop(0)
        try:
            gathered, followers = _answered(tools, gathered, request, known)
        except SourceError as error:
            return replace(gathered, move=_doubted(gathered, error), error=error)
        queue.extend(followers if follow else ())
    too_many = SourceError(f"over {_MOST_PAGES} pages; narrow the source's query")
    return replace(gathered, error=too_many if queue else None)


def _ids(tools: Tools, source: Source, since: datetime) -> tuple[str, ...]:
    """Return the works to ask about, for a source that wants to be told."""
    if not source.wants_ids:
        return ()
    with reading(tools.engine) as connection:
        return signals.kept(connection, since)


def _answered(
    tools: Tools, gathered: Gathered, request: Request, known: dict[str, Validators]
) -> tuple[Gathered, tuple[Request, ...]]:
    """Ask for one page; return what there is now, and the requests that follow."""
    last = known.get(request.url) if request.body is None else None
    gathered = replace(gathered, asked=(*gathered.asked, request.url))
    if last:
        request = replace(request, etag=last.etag, last_modified=last.last_modified)
    document = _fetched(tools, gathered.move, request)
    gathered = replace(gathered, before=gathered.before + (last.entries if last else 0))
    if document.status == _NOT_FOUND:
        return gathered, gathered.subscription.source.absent(document)
    gathered = replace(
        gathered,
        answers=gathered.answers + 1,
        hints=_hinted(gathered.hints, document),
    )
    hashed = blake2b(document.body, digest_size=16).hexdigest()
    if document.status == _NOT_MODIFIED or (last and last.digest == hashed):
        unchanged, move = gathered.unchanged + 1, _moved(gathered, document)
        return replace(gathered, unchanged=unchanged, move=move), ()
    page = tools.read(gathered.subscription.source, document)
    return _with(gathered, document, page, hashed), page.next


def _fetched(tools: Tools, move: Move | None, request: Request) -> Document:
    """Return the answer to `request`, from where its address moved for good."""
    # A token is for the server it was given by, wherever that now points to.
    if move is None or not move.is_adopted or request.url != move.url or request.token:
        return tools.fetch(request)
    document = tools.fetch(replace(request, url=move.target))
    return replace(document, requested=request.url)


def _with(gathered: Gathered, document: Document, page: Page, hashed: str) -> Gathered:
    """Return `gathered` with what a page says."""
    pages = gathered.pages
    if not page.next:  # what follows a page may change while the page does not
        seen = Validators(
            document.headers.get("etag"),
            document.headers.get("last-modified"),
            hashed,
            len(page.entries),
        )
        pages = (*pages, (document.requested, seen))
    is_sound = page.entries and not page.shortfall
    return replace(
        gathered,
        entries=(*gathered.entries, *page.entries),
        pages=pages,
        shortfall=gathered.shortfall or page.shortfall,
        reached=page.reached or gathered.reached,
        hints=replace(page.hints, max_age=gathered.hints.max_age),
        move=_moved(gathered, document) if is_sound else gathered.move,
        facts={**gathered.facts, **page.facts},
    )


def _hinted(hints: Hints, document: Document) -> Hints:
    """Return `hints` with the answer's max-age; one that is silent changes nothing."""
    if not stated(document.headers):
        return hints
    return replace(hints, max_age=fresh_for(document.headers, document.fetched_at))


def _moved(gathered: Gathered, document: Document) -> Move | None:
    """Return what is known of a move after an answer that was sound."""
    now = document.fetched_at
    return sighted(gathered.move, document.requested, document.moved_to, now)


def _doubted(gathered: Gathered, error: SourceError) -> Move | None:
    """Return the move, unless the address it led to failed: then we go back."""
    if isinstance(error, RateLimited) or not gathered.state.moved_to:
        return gathered.move
    return None


def outcome(gathered: Gathered) -> tuple[Outcome, str]:
    """Return what collecting came to, and a line on it when there is need."""
    if gathered.error is not None:
        return Outcome(gathered.error.outcome), str(gathered.error)
    if shortfall := gathered.shortfall or _shrunk(gathered):
        return Outcome.STALE, shortfall
    if not gathered.answers:
        what = "not published yet" if gathered.asked else "nothing to ask about yet"
        return Outcome.EMPTY, what
    if gathered.unchanged == gathered.answers:
        return Outcome.UNCHANGED, ""
    found = gathered.entries or gathered.unchanged
    return (Outcome.OK, "") if found else (Outcome.EMPTY, "no entries")


def _shrunk(gathered: Gathered) -> str:
    """Return what to say of a list much shorter than before; "" when it is not.

    After some runs the shorter list is believed; that nothing is left never is.
    """
    entries, before = len(gathered.entries), gathered.before
    if gathered.unchanged or not before:
        return ""
    if not entries:
        return f"no entries where there were {before}"
    is_short = before >= _LONG and entries < before * _SHORTER
    is_believed = gathered.state.failures >= _ACCEPT_AFTER
    if not is_short or is_believed:
        return ""
    return f"{entries} entries where there were {before}"
