"""Adding what sources of evidence say to the items that exist."""

from datetime import datetime

from sqlalchemy import Connection

from tracker.core import dedup, identity
from tracker.core.values import Entry
from tracker.ingest.gathering import Gathered
from tracker.ingest.judging import Judge, judge_stored
from tracker.store import items, signals


def enrich(
    connection: Connection, judge_: Judge, gathered: Gathered, now: datetime
) -> None:
    """Store the signals of the works that are known, and judge those anew.

    Only ids tell which work an entry is of: a title may be another's, and neither
    the entry's guid nor its address is a name of the work.
    """
    by_guid = {entry.guid: entry for entry in gathered.entries}
    pairs = [(entry, _ids(entry)) for entry in by_guid.values()]
    keys = {key for _, names in pairs for key in names}
    works = dedup.plan(pairs, items.owners(connection, sorted(keys)))
    changed = signals.save(connection, gathered.subscription.name, works, now)
    judge_stored(connection, judge_, changed, now)


def _ids(entry: Entry) -> tuple[str, ...]:
    found = map(identity.normal_id, entry.ids)
    return tuple(dict.fromkeys(key for key in found if key))
