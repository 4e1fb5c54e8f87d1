"""A week out of the store: as tracker's digest, or as the bare rows it is made of.

`python -m benchmarks.week digest|rows SETTINGS|DATABASE TIMES` does so several times
and prints, as JSON, the seconds each time took and how many items there were.
"""

import json
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from time import perf_counter

NAME = "2026-W23"
_START, _END = "2026-06-01 00:00:00.000000", "2026-06-08 00:00:00.000000"
_NOW = datetime(2026, 6, 5, 18, tzinfo=UTC)

_IN_WEEK = (
    "select id from item where merged_into is null"
    " and first_seen_at >= :start and first_seen_at < :end"
)
_ITEMS = (
    "select id, kind, title, url, summary, authors, affiliations, categories,"
    " first_seen_at, published_at, withdrawn, backlog from item"
    f" where id in ({_IN_WEEK}) order by id"
)
_BESIDE = (
    *(
        f"select * from {table} where item_id in ({_IN_WEEK})"
        for table in ("item_topic", "item_company", "item_venue")
    ),
    "select mention.item_id, source.name, mention.url, mention.links from mention"
    f" join source on source.id = mention.source_id where item_id in ({_IN_WEEK})",
)


def _digest(settings: str) -> Callable[[], int]:
    """Return what composes the digest from an open store and counts its items."""
    # Here, so that the bare rows are measured without tracker's memory.
    from tracker.bootstrap import App

    app = App.configured(settings)
    app.now = lambda: _NOW
    reader = app.reader(None)
    return lambda: app.digest(reader, app.week(reader, NAME)).seen


def _rows(database: str) -> Callable[[], int]:
    """Return what fetches the same items and all that belongs to them."""
    connection = sqlite3.connect(database)
    bounds = {"start": _START, "end": _END}

    def fetch() -> int:
        with closing(connection.cursor()) as cursor:
            items = cursor.execute(_ITEMS, bounds).fetchall()
            beside = [cursor.execute(query, bounds).fetchall() for query in _BESIDE]
        return len(items) if all(map(bool, beside[:2])) else 0

    return fetch


def _timed(work: Callable[[], int], times: int) -> dict[str, object]:
    seconds = []
    for _ in range(times):
        began = perf_counter()
        count = work()
        seconds.append(perf_counter() - began)
    return {"seconds": seconds, "items": count}


if __name__ == "__main__":
    what, place, repeated = sys.argv[1:]
    chosen = _digest(place) if what == "digest" else _rows(place)
    print(json.dumps(_timed(chosen, int(repeated))))
