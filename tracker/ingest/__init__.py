"""Collecting sources: fetch, read, plan, save; a failing one hurts no other."""

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from itertools import islice

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from tracker.core import dedup
from tracker.core.schedule import next_check
from tracker.core.values import Document, Entry, Outcome, Page, Request, Window
from tracker.errors import SourceError
from tracker.ingest.judging import Judge, backlog, draft, is_current, judge_anew
from tracker.sources import Subscription
from tracker.sources.base import Source
from tracker.store import fetches, items
from tracker.store.engine import reading, writing
from tracker.store.fetches import Collected, State, Validators

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
class Report:
    """How collecting one source went, for printing."""

    name: str
    title: str
    outcome: Outcome
    detail: str
    entries: int
    new: int


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
class _Gathered:
    """What a source answered: entries, pages to remember, and an error if any."""

    subscription: Subscription
    state: State
    entries: tuple[Entry, ...] = ()
    pages: tuple[tuple[str, Validators], ...] = ()
    answers: int = 0
    unchanged: int = 0
    before: int = 0
    shortfall: str = ""
    error: SourceError | None = None


def due(
    tools: Tools, subscriptions: Sequence[Subscription], *, forced: bool = False
) -> list[tuple[Subscription, State]]:
    """Return the enabled sources that are due, longest due first; `forced`: all."""
    enabled = {s.name: s for s in subscriptions if s.enabled}
    now = tools.clock()
    with writing(tools.engine) as connection:
        fetches.register(connection, enabled, now)
        states = fetches.states(connection)
    known = [
        (enabled[name], state) for name, state in states.items() if name in enabled
    ]
    known.sort(key=lambda pair: (pair[1].next_check_at or now, pair[1].id))
    return [
        (subscription, state)
        for subscription, state in known
        if forced or state.next_check_at is None or state.next_check_at <= now
    ]


def collect(
    tools: Tools,
    sources: Sequence[tuple[Subscription, State]],
    report: Callable[[Report], None] = lambda _: None,
) -> list[Report]:
    """Collect sources, several at once; each is stored in one transaction.

    `report` is called as each is done. A source that fails is reported so.
    """
    bring_up_to_date(tools)
    reports = []
    pool = ThreadPoolExecutor(tools.workers, thread_name_prefix="collect")
    try:
        for gathered in _gathered(pool, tools, sources):
            reports.append(_saved(tools, gathered))
            report(reports[-1])
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    return reports


def check(tools: Tools, subscription: Subscription) -> Report:
    """Try a source without storing anything; return how it went."""
    blank = State(0, subscription.name, None, "", 0, None, None, None)
    source, now = subscription.source, tools.clock()
    gathered = _Gathered(subscription, blank)
    try:
        for request in source.first(Window(now - source.lookback, now)):
            gathered, _ = _answered(tools, gathered, request, {})
    except SourceError as error:
        gathered = replace(gathered, error=error)
    outcome, detail = _outcome(gathered)
    count = len(gathered.entries)
    return Report(subscription.name, subscription.title, outcome, detail, count, 0)


def bring_up_to_date(tools: Tools) -> None:
    """Judge the stored items anew when topics, companies or sources were changed."""
    with reading(tools.engine) as connection:
        if is_current(connection, tools.judge):
            return
    last = 0
    while True:
        with writing(tools.engine) as connection:
            last = judge_anew(connection, tools.judge, last, tools.clock())
        if not last:
            return


def _gathered(
    pool: ThreadPoolExecutor,
    tools: Tools,
    sources: Sequence[tuple[Subscription, State]],
) -> Iterator[_Gathered]:
    """Yield what sources answer as they do; few wait in memory at once."""
    waiting = iter(sources)
    running: set[Future[_Gathered]] = set()
    while True:
        for pair in islice(waiting, 2 * tools.workers - len(running)):
            running.add(pool.submit(_gather, tools, *pair))
        if not running:
            return
        done, running = wait(running, return_when=FIRST_COMPLETED)
        yield from (future.result() for future in done)


def _gather(tools: Tools, subscription: Subscription, state: State) -> _Gathered:
    """Fetch and read all that a source has to say."""
    with reading(tools.engine) as connection:
        known = fetches.validators(connection, state.id)
    start = _Gathered(subscription, state)
    try:
        return _follow(tools, start, known)
    except Exception as error:
        log.exception("%s: an error of our own", subscription.name)
        what = f"an error in tracker itself: {type(error).__name__}: {error}"
        return replace(start, error=SourceError(what))


def _follow(
    tools: Tools, gathered: _Gathered, known: dict[str, Validators]
) -> _Gathered:
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
        queue.extend(followers)
    too_many = SourceError(f"over {_MOST_PAGES} pages; narrow the source's query")
    return replace(gathered, error=too_many if queue else None)


def _answered(
    tools: Tools, gathered: _Gathered, request: Request, known: dict[str, Validators]
) -> tuple[_Gathered, tuple[Request, ...]]:
    """Ask for one page; return what there is now, and the requests that follow."""
    last = known.get(request.url)
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
    )
    return more, page.next


def _saved(tools: Tools, gathered: _Gathered) -> Report:
    """Store what a source answered and how it went, in one transaction."""
    try:
        collected = _save(tools, gathered)
    except IntegrityError:
        # Another process stored the same work at the same moment: now it is known.
        collected = _save(tools, gathered)
    subscription = gathered.subscription
    return Report(
        subscription.name,
        subscription.title,
        collected.outcome,
        collected.detail,
        collected.entries,
        collected.new,
    )


def _save(tools: Tools, gathered: _Gathered) -> Collected:
    now = tools.clock()
    state, subscription = gathered.state, gathered.subscription
    outcome, detail = _outcome(gathered)
    with writing(tools.engine) as connection:
        changed = _changed(connection, state, gathered.entries)
        pairs = dedup.keyed(changed, subscription.name)
        keys = {key for _, names in pairs for key in names}
        works = dedup.plan(pairs, items.owners(connection, sorted(keys)))
        old = backlog(gathered.entries, now) if not state.succeeded_at else frozenset()
        drafts = [
            draft(
                work,
                subscription,
                tools.judge,
                backlog=all(entry.guid in old for entry in work.entries),
            )
            for work in works
        ]
        new = items.save(connection, state.id, drafts, now)
        if outcome is not Outcome.STALE:
            for url, seen in gathered.pages:
                fetches.remember(connection, state.id, url, seen)
        collected = Collected(outcome, detail, len(gathered.entries), len(new))
        again = _next_check(gathered, outcome, now)
        fetches.record(connection, state, collected, now, again)
    return collected


def _changed(
    connection: Connection, state: State, entries: Sequence[Entry]
) -> list[Entry]:
    """Return the entries that are new or state something new, each guid once."""
    by_guid = {entry.guid: entry for entry in entries}
    known = items.known(connection, state.id, list(by_guid))
    return [
        entry
        for guid, entry in by_guid.items()
        if known.get(guid) != items.fingerprint(entry)
    ]


def _next_check(gathered: _Gathered, outcome: Outcome, now: datetime) -> datetime:
    return next_check(
        outcome,
        now,
        gathered.subscription.every,
        gathered.state.failures + 1,
        getattr(gathered.error, "retry_after", None),
        gathered.subscription.name,
    )


def _outcome(gathered: _Gathered) -> tuple[Outcome, str]:
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


def _shrunk(gathered: _Gathered) -> str:
    """Return what to say of a list much shorter than before; "" when it is not.

    After some runs the shorter list is believed.
    """
    entries, before = len(gathered.entries), gathered.before
    long_enough = before >= _LONG and entries < before * _SHORTER
    if gathered.unchanged or not gathered.answers or not long_enough:
        return ""
    believed = gathered.state.failures >= _ACCEPT_AFTER
    return "" if believed else f"{entries} entries where there were {before}"
