"""Evidence on items by sources that did not publish them: kept, and given again."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select, union_all

from tracker.core.dedup import Work
from tracker.core.values import Signal, SignalName
from tracker.store.changes import add, joined
from tracker.store.rows import KEY, SIGNAL, TABLES, batches

_MARK = TABLES["mark"]
_ISSUE = TABLES["issue"]
_ISSUE_ITEM = TABLES["issue_item"]
_KEPT = ("to-read", "reading")
_MOST_KEPT = 5_000


def save(
    connection: Connection, source: str, works: Sequence[Work], now: datetime
) -> tuple[int, ...]:
    """Add what works tell to the items that own their keys; return those changed.

    A work that nobody owns is left out: evidence makes no item. A value that a
    source stated before is replaced, and dated anew, when it is another one. Keys
    that nobody owned become the item's; items that a work names by two are joined.
    """
    owned = [work for work in works if work.owners]
    items = joined(connection, owned, now)
    pairs = list(zip(items, owned, strict=True))
    keys = [{"key": key, "item_id": item} for item, work in pairs for key in work.keys]
    add(connection, KEY, ("key",), keys)
    stated = {(item, s.name): s.value for item, work in pairs for s in _stated(work)}
    known = {
        (item, signal.name): signal.value
        for item, signals in of(connection, items).items()
        for signal in signals
        if signal.source == source
    }
    rows: list[dict[str, Any]] = [
        {"item_id": item, "name": name, "source": source, "value": value, "since": now}
        for (item, name), value in stated.items()
        if known.get((item, name)) != value
    ]
    add(connection, SIGNAL, ("item_id", "name", "source"), rows, ("value", "since"))
    changed = {item for item, work in pairs if len(work.owners) > 1}
    return tuple(sorted(changed.union(row["item_id"] for row in rows)))


def _stated(work: Work) -> list[Signal]:
    return [signal for entry in work.entries for signal in entry.signals]


def of(connection: Connection, items: Sequence[int]) -> defaultdict[int, list[Signal]]:
    """Return the signals of items, by number, in order of name and source."""
    found: defaultdict[int, list[Signal]] = defaultdict(list)
    for some in batches(items):
        rows = connection.execute(
            select(SIGNAL)
            .where(SIGNAL.c.item_id.in_(some))
            .order_by(SIGNAL.c.name, SIGNAL.c.source)
        )
        for item, name, source, value, since in rows:
            found[item].append(Signal(SignalName(name), value, source, since))
    return found


def kept(connection: Connection, since: datetime) -> tuple[str, ...]:
    """Return the papers that readers kept since `since`, the latest first.

    Those are what a reader marked to be read or rated, and what stood in an issue;
    each by one of its keys, "arxiv:…" or else "doi:…".
    """
    marked = select(_MARK.c.item_id, _MARK.c.updated_at.label("at")).where(
        _MARK.c.state.in_(_KEPT) | _MARK.c.rating.is_not(None)
    )
    shown = select(_ISSUE_ITEM.c.item_id, _ISSUE.c.composed_at).join(_ISSUE)
    keeping = union_all(marked, shown).subquery()
    rows = connection.execute(
        select(func.min(KEY.c.key))  # of the two schemes, arXiv's comes first
        .join(keeping, keeping.c.item_id == KEY.c.item_id)
        .where(
            keeping.c.at >= since,
            or_(KEY.c.key.like("arxiv:%"), KEY.c.key.like("doi:%")),
        )
        .group_by(KEY.c.item_id)
        .order_by(func.max(keeping.c.at).desc(), KEY.c.item_id.desc())
        .limit(_MOST_KEPT)
    )
    return tuple(row[0] for row in rows)
