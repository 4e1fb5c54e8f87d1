"""How a source is doing, after runs that came to their end and runs that did not."""

from datetime import datetime, timedelta

from sqlalchemy import Engine

from tests.fakes import MONDAY
from tracker.core.values import Outcome
from tracker.store import fetches
from tracker.store.engine import reading, writing
from tracker.store.fetches import Collected, State

HOUR = timedelta(hours=1)


def run(engine: Engine, now: datetime, collected: Collected) -> State:
    """Record how collecting the one source went; return its state after it."""
    with writing(engine) as connection:
        fetches.register(connection, ["arxiv"], now)
        state = fetches.states(connection)["arxiv"]
        fetches.record(connection, state, collected, now, now + HOUR)
        return fetches.states(connection)["arxiv"]


def last_whole(engine: Engine, state: State) -> datetime | None:
    with reading(engine) as connection:
        return fetches.last_whole(connection, state.id)


def test_a_run_that_was_cut_short_moves_the_window_on(engine: Engine) -> None:
    run(engine, MONDAY, Collected(Outcome.OK))
    run(engine, MONDAY + 20 * HOUR, Collected(Outcome.FAILED))
    cut = Collected(Outcome.STALE, reached=MONDAY + 9 * HOUR)
    state = run(engine, MONDAY + 30 * HOUR, cut)
    assert (state.succeeded_at, state.failures) == (MONDAY + 9 * HOUR, 0)
    assert last_whole(engine, state) == MONDAY


def test_a_run_that_came_no_further_is_a_failure_more(engine: Engine) -> None:
    run(engine, MONDAY, Collected(Outcome.OK))
    for failures in (1, 2):
        cut = Collected(Outcome.RATE_LIMITED, reached=MONDAY - HOUR)
        state = run(engine, MONDAY + failures * HOUR, cut)
        assert (state.succeeded_at, state.failures) == (MONDAY, failures)


def test_a_run_that_came_to_its_end_succeeded_now(engine: Engine) -> None:
    whole = Collected(Outcome.UNCHANGED, reached=MONDAY - HOUR)
    state = run(engine, MONDAY, whole)
    assert state.succeeded_at == last_whole(engine, state) == MONDAY


def test_before_any_whole_run_there_is_none(engine: Engine) -> None:
    state = run(engine, MONDAY, Collected(Outcome.BLOCKED))
    assert last_whole(engine, state) is None
