"""`tracker run` and `tracker demo`."""

import argparse
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tracker.bootstrap import App
from tracker.cli.opening import opened
from tracker.errors import TrackerError
from tracker.ingest import Report

_HERE = "127.0.0.1:8642"
_HEED = 0.5  # seconds; a signal may reach another thread, and the main one sees it then
_BEFORE = """\
What tracker does, on a sample that comes with it. The papers and posts are real and
well known; that they are of the last days and weeks is made up, and the summaries
are ours.
"""
_AFTER = """
{joined}
The digest as a page: {page}

next:
  tracker init      write a feeds.toml of your own: topics, companies, sources
  tracker digest    this week's digest, from the real sources
  tracker list      everything by topic, company or venue; `tracker search` finds words
  tracker run       collect and mail a digest every week"""


def run_command(options: argparse.Namespace) -> int:
    """Collect and mail on schedule until told to stop."""
    from tracker.config import places
    from tracker.daemon import run
    from tracker.supervisor import Supervisor

    told = Supervisor(places.notify_socket(), places.watchdog())
    with opened(options) as app, _served(app):
        run(app, supervisor=told, as_json=options.log_format == "json")
    return 0


@contextmanager
def _served(app: App) -> Iterator[None]:
    """Serve the web endpoint meanwhile, if one is set up."""
    if app.config.web is None:
        yield
        return
    from tracker.web.serving import serving

    with serving(app, app.config.web.listen):
        yield


def web_command(options: argparse.Namespace) -> int:
    """Serve the web endpoint until told to stop."""
    from tracker.web.serving import serving

    with opened(options) as app:
        listen = options.listen or (app.config.web.listen if app.config.web else _HERE)
        with serving(app, listen) as port:
            place = f"{listen.rpartition(':')[0]}:{port}"
            print(f"listening at http://{place}; Ctrl-C ends it", flush=True)
            with suppress(KeyboardInterrupt):  # what it says ends it is no failure
                while True:
                    time.sleep(_HEED)
    return 0


def demo_command(options: argparse.Namespace) -> int:
    """Show all of tracker on a sample of every kind of source, without a network."""
    from tracker.bootstrap.library import Library, Wanted
    from tracker.cli import output
    from tracker.cli.collecting import collect
    from tracker.demo import sample
    from tracker.render.html import html
    from tracker.render.terminal import show

    print(_BEFORE, flush=True)
    with sample() as app:
        reports = collect(app)
        makers = {s.name for s in app.config.subscriptions if s.source.makes_items}
        counted = [report for report in reports if report.name in makers]
        reader = app.reader(None)
        week = app.week(reader)
        joined = _joined(counted, Library(app).count(Wanted(since=week.start)))
        made = app.digest(reader, week)
    show(made, output.console())
    page = _written(html(made), Path(options.output))
    print(_AFTER.format(joined=joined, page=page))
    return 0


def _joined(reports: Sequence[Report], items: int) -> str:
    """Return how many entries became how many items."""
    entries = sum(report.entries for report in reports)
    return (
        f"{entries} entries read, {items} items: {entries - items} were joined,"
        " being the same paper or post seen again"
    )


def _written(page: str, file: Path) -> Path:
    """Write a page; return where it is."""
    try:
        file.write_text(page, "utf-8")
    except OSError as error:
        raise TrackerError(
            f"{file}: {error.strerror}; name another place with --output FILE"
        ) from error
    return file.resolve()
