"""What `tracker doctor` looks at: each finding says how to mend what is wrong."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tracker.bootstrap import App
from tracker.bootstrap.library import Health, Library, Wanted
from tracker.bootstrap.mailing import Mailing
from tracker.core.identity import canonical_url
from tracker.errors import MailError, SchemaError, StoreError
from tracker.store import engine as store
from tracker.store.fetches import State
from tracker.store.figures import Figures, figures

_LITTLE_SPACE = 500_000_000  # bytes
_CLOCK_SLACK = timedelta(minutes=5)
_LATE = timedelta(hours=1)
_PATIENCE = timedelta(days=30)
_TRIES = 10  # of a source that was never read


class Level(StrEnum):
    """How a finding is to be taken."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    subject: str
    level: Level
    words: str


def findings(app: App) -> Iterator[Finding]:
    """Yield what is found, one thing after the other."""
    yield from _settings(app)
    yield from _twice(app)
    stored = list(_store(app))
    yield from stored
    if all(finding.level is not Level.FAILED for finding in stored):
        yield _clock(app)
        yield from _sources(app)
        yield from _deliveries(app)
    yield _mail(app)


def counted(app: App) -> Figures:
    """Return counts of what is stored, and how late is what is due."""
    names = [s.name for s in app.config.subscriptions if s.enabled]
    with store.reading(app.engine) as connection:
        return figures(connection, names, app.now())


def late(app: App) -> tuple[Figures, bool]:
    """Return the counts, and whether what is due should long have been done."""
    found = counted(app)
    return found, max(found.fetch_lag, found.delivery_lag) > _LATE


def _settings(app: App) -> Iterator[Finding]:
    config = app.config
    enabled = sum(s.enabled for s in config.subscriptions)
    readers = len(config.readers)
    words = f"{config.path}: {enabled} sources, {readers} reader{'s'[: readers != 1]}"
    yield Finding("configuration", Level.OK, words)
    if not (config.fetch.contact or config.fetch.user_agent):
        advice = 'set contact = "you@example.org" in [fetch]: some servers ask for it'
        yield Finding("contact", Level.WARNING, advice)
    for reader in filter(lambda one: one.job_trouble, config.readers):
        advice = "put the file there, or take job out of the table"
        yield Finding("job", Level.WARNING, f"{reader.job_trouble}; {advice}")


def _twice(app: App) -> Iterator[Finding]:
    """Yield the sources that read what another one reads."""
    first: dict[str, str] = {}
    for subscription in app.config.subscriptions:
        if subscription.enabled and subscription.address:
            place, name = canonical_url(subscription.address), subscription.name
            other = first.setdefault(place, name)
            if other != name:
                words = f'reads what "{other}" reads, {subscription.address}'
                advice = f"remove one with `tracker sources remove {name}`"
                yield Finding(name, Level.WARNING, f"{words}; {advice}")


def _store(app: App) -> Iterator[Finding]:
    try:
        engine = app.engine
        count = Library(app).count(Wanted())
    except SchemaError as error:
        yield Finding("store", Level.FAILED, str(error))
        return
    except StoreError as error:
        yield Finding("store", Level.FAILED, f"{error}; see [store] url")
        return
    where = engine.url.render_as_string(hide_password=True)
    words = f"{where}: schema {store.version(engine)}, {count:,} items"
    yield Finding("store", Level.OK, words)
    free = shutil.disk_usage(app.config.data).free if app.config.data.exists() else None
    if free is not None:
        words = f"{free / 1e9:.1f} GB free at {app.config.data}"
        if free > _LITTLE_SPACE:
            yield Finding("disk", Level.OK, words)
        else:
            advice = "make room, or name another place in [store] url"
            yield Finding("disk", Level.WARNING, f"{words}; {advice}")


def _clock(app: App) -> Finding:
    checked = [h.state.checked_at for h in Library(app).health(app.now()) if h.state]
    latest = max((moment for moment in checked if moment), default=None)
    if latest and latest > app.now() + _CLOCK_SLACK:
        words = f"sources were read at {latest:%Y-%m-%d %H:%M} UTC, which is to come"
        return Finding("clock", Level.WARNING, f"{words}; check the machine's clock")
    return Finding("clock", Level.OK, f"{app.now():%Y-%m-%d %H:%M} UTC")


def _sources(app: App) -> Iterator[Finding]:
    health = [h for h in Library(app).health(app.now()) if h.subscription.enabled]
    troubled = [h for h in health if h.outcome and h.outcome.is_trouble]
    read = sum(h.outcome is not None for h in health) - len(troubled)
    level = Level.FAILED if troubled and not read else Level.OK
    advice = "" if read or troubled else "; `tracker fetch` reads them"
    yield Finding("sources", level, f"{read} of {len(health)} read{advice}")
    for one in health:
        for words in _ailments(one, app.now()):
            yield Finding(one.subscription.name, Level.WARNING, words)


def _ailments(one: Health, now: datetime) -> Iterator[str]:
    """Yield what is wrong with a source, each time with what to do."""
    name, state = one.subscription.name, one.state
    if state is None:
        return
    remove = f"remove it with `tracker sources remove {name}`"
    if one.is_gone:
        again = f"or ask it again with `tracker fetch {name}`"
        yield f"gone: {state.detail}; it is not asked any more: {remove}, {again}"
    elif dead := _death(state, now):
        yield f"dead: {dead}, {one.outcome}: {state.detail}; {remove}"
    elif one.outcome and one.outcome.is_trouble:
        tries = f" ({state.failures} times in a row)" if state.failures > 1 else ""
        advice = f"try `tracker sources check {name}`"
        yield f"{one.outcome}{tries}: {state.detail}; {advice}"
    if one.silent_since:
        words = f"silent: nothing new since {one.silent_since:%Y-%m-%d}, long for it"
        yield f"{words}; see whether it moved, with `tracker sources discover`"
    if one.moved_to:
        advice = f"write it down with `tracker sources move {name}`"
        yield f"moved: for good, to {one.moved_to}, where it is read; {advice}"


def _death(state: State, now: datetime) -> str | None:
    """Return for how long a source has failed, None while there is hope."""
    if not (state.outcome and state.outcome.is_trouble):
        return None
    if state.succeeded_at is None:
        tries = state.failures
        return f"never read in {tries} tries" if tries >= _TRIES else None
    if now - state.succeeded_at > _PATIENCE:
        return f"not read since {state.succeeded_at:%Y-%m-%d}"
    return None


def _deliveries(app: App) -> Iterator[Finding]:
    for delivery in Library(app).deliveries():
        if delivery.error and delivery.sent_at is None:
            what = f"{delivery.week} to {delivery.address}: {delivery.error}"
            advice = "`tracker send` tries again what may still be taken"
            yield Finding("delivery", Level.WARNING, f"{what}; {advice}")


def _mail(app: App) -> Finding:
    if app.config.mail is None:
        return Finding("mail", Level.OK, "not set up; [mail] has digests mailed")
    try:
        Mailing(app).check()
    except MailError as error:
        return Finding("mail", Level.FAILED, f"{error}; see [mail] url")
    return Finding("mail", Level.OK, f"{app.config.mail.url} answers")
