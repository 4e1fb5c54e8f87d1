"""A store with many papers in it, collected as always but for the network.

`python -m benchmarks.filling FOLDER COUNT IN_WEEK` makes one, with its settings.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks import corpus, settings
from tracker import ingest
from tracker.bootstrap import App
from tracker.core.values import Document, Page, Request
from tracker.sources import Subscription
from tracker.sources.base import Source

_IN_WEEK = datetime(2026, 6, 3, 12, tzinfo=UTC)
_BEFORE = _IN_WEEK - timedelta(weeks=8)
_A_DAY = timedelta(days=1)
_AT_ONCE = 1_000  # papers of a source, hence stored in one transaction


def fill(folder: Path, count: int, in_week: int) -> None:
    """Store `count` papers, the last `in_week` of them in the week of `week`."""
    first = count - in_week
    parts = [*_chunks(range(first)), *_chunks(range(first, count))]
    names = {f"http://127.0.0.1/{part.start}": part for part in parts}
    app = App.configured(str(settings.write(folder, list(names))))
    for moment, wanted in ((_BEFORE, range(first)), (_IN_WEEK, range(first, count))):
        chosen = [
            subscription
            for subscription, part in zip(app.config.subscriptions, parts, strict=True)
            if part.start in wanted
        ]
        _collect(app, chosen, names, moment)
    app.close()


def _chunks(numbers: range) -> list[range]:
    return [numbers[at : at + _AT_ONCE] for at in range(0, len(numbers), _AT_ONCE)]


def _collect(
    app: App,
    subscriptions: Sequence[Subscription],
    names: Mapping[str, range],
    moment: datetime,
) -> None:
    """Store the papers that the sources are named for, as seen at `moment`."""

    def fetch(request: Request) -> Document:
        url = request.url
        return Document(url, url, 200, url.encode(), moment)

    def read(_: Source, document: Document) -> Page:
        return Page(tuple(corpus.papers(names[document.url], moment - _A_DAY)))

    tools = replace(
        app.tools(), fetch=fetch, read=read, clock=lambda: moment, workers=1
    )
    for report in ingest.collect(tools, ingest.due(tools, subscriptions)):
        if report.outcome.is_trouble:
            raise SystemExit(str(report))


if __name__ == "__main__":
    fill(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
