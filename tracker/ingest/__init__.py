"""Collecting sources: fetch, read, plan, save; a failing one hurts no other."""

from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from tracker.core import alike, dedup, pace
from tracker.core.dedup import Work
from tracker.core.values import Outcome
from tracker.errors import Gone, Interrupted
from tracker.ingest import teaching
from tracker.ingest.enriching import enrich
from tracker.ingest.gathering import (
    Fetch,
    Gathered,
    Read,
    Tools,
    attempt,
    gather,
    outcome,
)
from tracker.ingest.judging import (
    backlog,
    draft,
    is_current,
    judge_anew,
    judge_stored,
    reach,
)
from tracker.sources import Subscription
from tracker.store import fetches, items
from tracker.store.engine import reading, writing
from tracker.store.fetches import Collected, Learned, State

__all__ = [
    "Fetch",
    "Read",
    "Report",
    "Tools",
    "bring_up_to_date",
    "check",
    "collect",
    "due",
    "is_gone",
]


Moments = tuple[datetime, ...]

# Ctrl-C may reach another thread; the main one sees it when it next wakes up.
_HEED = 0.5  # seconds


@dataclass(frozen=True, slots=True)
class Report:
    """How collecting one source went, for printing."""

    name: str
    title: str
    outcome: Outcome
    detail: str
    entries: int
    new: int


def due(
    tools: Tools, subscriptions: Sequence[Subscription], *, forced: bool = False
) -> list[tuple[Subscription, State]]:
    """Return the enabled sources that are due, longest due first; `forced`: all.

    One whose address is gone for good is not, nor one in an hour that it skips.
    """
    enabled = {s.name: s for s in subscriptions if s.enabled}
    now = tools.clock()
    with writing(tools.engine) as connection:
        fetches.register(connection, enabled, now)
        states = fetches.states(connection, None if forced else now)
    known = [
        (enabled[name], state) for name, state in states.items() if name in enabled
    ]
    known.sort(key=lambda pair: (pair[1].next_check_at or now, pair[1].id))
    return [
        (subscription, state)
        for subscription, state in known
        if forced
        or not (is_gone(subscription, state) or pace.is_skipped(now, state.hints))
    ]


def is_gone(subscription: Subscription, state: State) -> bool:
    """Return whether the source's present address is gone for good."""
    return state.gone is not None and state.gone == (subscription.address or "")


def collect(
    tools: Tools,
    sources: Sequence[tuple[Subscription, State]],
    report: Callable[[Report], None] = lambda _: None,
) -> list[Report]:
    """Collect sources, several at once; each is stored in one transaction.

    `report` is called as each is done. A source that fails is reported so; one that
    was interrupted is not, and is as due as before.
    """
    tools = bring_up_to_date(tools)
    reports = []
    pool = ThreadPoolExecutor(tools.workers, thread_name_prefix="collect")
    try:
        for gathered in _in_turn(pool, tools, sources):
            if isinstance(gathered.error, Interrupted):
                continue
            reports.append(_saved(tools, gathered))
            report(reports[-1])
    except BaseException:
        # Who interrupts us ends the fetching too, which the threads wait for.
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()
    return reports


def check(tools: Tools, subscription: Subscription) -> Report:
    """Try a source without storing anything; return how it went."""
    gathered = attempt(tools, subscription)
    came_to, detail = outcome(gathered)
    count = len(gathered.entries)
    return Report(subscription.name, subscription.title, came_to, detail, count, 0)


def bring_up_to_date(tools: Tools) -> Tools:
    """Judge stored items anew when settings, or what was said of topics, changed.

    A change of settings is one to all items, words on a topic to those of the last
    weeks. Return the tools with a judge that has learnt what was said.
    """
    with reading(tools.engine) as connection:
        judge = teaching.taught(connection, tools.judge, tools.learnt)
        tools = replace(tools, judge=judge)
        if is_current(connection, judge):
            return tools
        since = reach(connection, judge, tools.clock())
    last = 0
    while True:
        with writing(tools.engine) as connection:
            last = judge_anew(connection, judge, last, tools.clock(), since)
        if not last:
            return tools


def _in_turn(
    pool: ThreadPoolExecutor,
    tools: Tools,
    sources: Sequence[tuple[Subscription, State]],
) -> Iterator[Gathered]:
    """Yield what sources answer, evidence on items after what makes items."""
    for makes_items in (True, False):
        some = [pair for pair in sources if pair[0].source.makes_items is makes_items]
        yield from _gathered(pool, tools, some)


def _gathered(
    pool: ThreadPoolExecutor,
    tools: Tools,
    sources: Sequence[tuple[Subscription, State]],
) -> Iterator[Gathered]:
    """Yield what sources answer as they do; few wait in memory at once."""
    waiting = iter(sources)
    running: set[Future[Gathered]] = set()
    while True:
        for pair in islice(waiting, 2 * tools.workers - len(running)):
            running.add(pool.submit(gather, tools, *pair))
        if not running:
            return
        done, running = wait(running, _HEED, FIRST_COMPLETED)
        yield from (future.result() for future in done)


def _saved(tools: Tools, gathered: Gathered) -> Report:
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


def _save(tools: Tools, gathered: Gathered) -> Collected:
    came_to, detail = outcome(gathered)
    with writing(tools.engine) as connection:
        now = tools.clock()  # once the turn to write has come: it may be a while
        new, moments = _store(connection, tools, gathered, now)
        fetches.learn(connection, gathered.state.id, gathered.facts)
        if came_to is not Outcome.STALE:
            _remember(connection, gathered)
        count, reached = len(gathered.entries), gathered.reached
        collected = Collected(came_to, detail, count, new, reached)
        learned = _learned(gathered, moments, now)
        again = _next_check(gathered, collected, learned, now)
        fetches.record(connection, gathered.state, collected, now, again, learned)
    return collected


def _store(
    connection: Connection, tools: Tools, gathered: Gathered, now: datetime
) -> tuple[int, Moments]:
    """Store the entries that say something new.

    Returns how many items are new, and the moments of the source's latest posts.
    """
    state, subscription = gathered.state, gathered.subscription
    if not subscription.source.makes_items:
        enrich(connection, tools.judge, gathered, now)
        return 0, state.moments
    prints = {entry.guid: items.fingerprint(entry) for entry in gathered.entries}
    known = items.known(connection, state.id, list(prints))
    moments = pace.recent(
        state.moments,
        (
            min(entry.published or now, now)
            for entry in gathered.entries
            if entry.guid not in known
        ),
    )
    prints = {guid: said for guid, said in prints.items() if known.get(guid) != said}
    if not prints:
        return 0, moments
    old = _old(connection, gathered, now)
    drafts = [
        draft(
            work,
            subscription,
            tools.judge,
            backlog=all(entry.guid in old for entry in work.entries),
            prints=prints,
        )
        for work in _works(connection, gathered, prints)
    ]
    saved = items.save(connection, state.id, drafts, now)
    judge_stored(connection, tools.judge, saved.known, now)
    return len(saved.new), moments


def _old(connection: Connection, gathered: Gathered, now: datetime) -> frozenset[str]:
    """Return the guids of entries that are no news, whoever sees them first."""
    if gathered.state.succeeded_at is None:
        return backlog(gathered.entries, now)
    source = gathered.subscription.source
    if not source.restates:
        return frozenset()
    whole = fetches.last_whole(connection, gathered.state.id)
    return backlog(gathered.entries, now, whole and whole - source.overlap)


def _works(
    connection: Connection, gathered: Gathered, changed: Collection[str]
) -> list[Work]:
    """Return the works that the `changed` entries make, each guid taken once.

    What identifies an entry shows only beside all others: see dedup.keyed.
    """
    by_guid = {entry.guid: entry for entry in gathered.entries}
    pairs = [
        pair
        for pair in dedup.keyed(by_guid.values(), gathered.subscription.name)
        if pair[0].guid in changed
    ]
    keys = {key for _, names in pairs for key in names}
    owners = items.owners(connection, sorted(keys))
    if not gathered.subscription.source.is_catalogue:
        # Who only speaks of papers can't make one of two, nor tell what is like one.
        return alike.with_blocks(dedup.plan(pairs, owners, may_merge=False))
    works = alike.with_blocks(dedup.plan(pairs, owners))
    blocks = {n for work in works if not work.owners for n in work.blocks}
    return alike.with_likes(works, items.candidates(connection, sorted(blocks)))


def _remember(connection: Connection, gathered: Gathered) -> None:
    """Store what the addresses answered, and forget those no longer asked."""
    source = gathered.state.id
    for url, seen in gathered.pages:
        fetches.remember(connection, source, url, seen)
    if gathered.error is None:
        fetches.forget(connection, source, gathered.asked)


def _learned(gathered: Gathered, moments: Moments, now: datetime) -> Learned:
    subscription = gathered.subscription
    is_over = isinstance(gathered.error, Gone) and not gathered.state.moved_to
    return Learned(
        moments=moments,
        hints=gathered.hints,
        pace=pace.pace(moments, now, subscription.every, gathered.hints),
        gone=subscription.address or "" if is_over else None,
        move=gathered.move,
    )


def _next_check(
    gathered: Gathered, collected: Collected, learned: Learned, now: datetime
) -> datetime:
    name = gathered.subscription.name
    if collected.outcome.is_trouble:
        failures = 0 if collected.advances(gathered.state) else gathered.state.failures
        retry_after = getattr(gathered.error, "retry_after", None)
        return pace.next_try(failures + 1, now, name, retry_after)
    assert learned.pace is not None
    return pace.next_visit(learned.pace, now, name, learned.hints)
