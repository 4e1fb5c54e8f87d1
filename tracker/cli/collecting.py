"""`tracker fetch` and `tracker sources`."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta

from tracker.bootstrap import App
from tracker.bootstrap.library import Health, Library
from tracker.cli import FAILED, output, subscribing
from tracker.cli.opening import opened
from tracker.core.values import Entry
from tracker.ingest import Report

_UNREACHED = (
    "none of the {count} sources could be read; is there a network?"
    " `tracker demo` shows tracker without one"
)


def fetch_command(options: argparse.Namespace) -> int:
    """Collect the sources that are due."""
    with opened(options) as app:
        reports = collect(app, options.name, forced=options.all)
    if options.json:
        output.print_json([_result(report) for report in reports])
    return FAILED if unreached(reports) else 0


def collect(
    app: App, names: Sequence[str] = (), *, forced: bool = False
) -> list[Report]:
    """Collect with a progress bar, then print how it went to stderr.

    A store that never read anything tries again whatever is due.
    """
    with output.progress() as progress:
        reports = app.collect(
            names, forced=forced, started=progress.start, report=progress.report
        )
    output.summary(reports)
    if unreached(reports):
        print(f"tracker: {_UNREACHED.format(count=len(reports))}", file=sys.stderr)
    return reports


def unreached(reports: Sequence[Report]) -> bool:
    """Return whether sources were asked and none could be read."""
    return bool(reports) and all(report.outcome.is_trouble for report in reports)


def _result(report: Report) -> dict[str, object]:
    return {
        "name": report.name,
        "outcome": str(report.outcome),
        "detail": report.detail,
        "entries": report.entries,
        "new": report.new,
    }


def sources_command(options: argparse.Namespace) -> int:
    """Run one of the subcommands."""
    own = {"list": _list, "check": _check, "preview": _preview}
    actions = own | subscribing.ACTIONS
    with opened(options) as app:
        return actions[options.action](app, options)


def _list(app: App, options: argparse.Namespace) -> int:
    health = Library(app).health(app.now() - timedelta(days=7))
    if options.json:
        output.print_json([_health(one) for one in health])
        return 0
    zone = app.config.time_zone
    heads = (
        *("name", "kind", "outcome", "read", "next", "pace", "new/week", "failures"),
        "detail",
    )
    output.table([_health_row(one, zone) for one in health], heads)
    return 0


def _health(one: Health) -> dict[str, object]:
    state, subscription = one.state, one.subscription
    return {
        "name": subscription.name,
        "title": subscription.title,
        "kind": subscription.kind,
        "enabled": subscription.enabled,
        "outcome": str(one.outcome) if one.outcome else None,
        "detail": state.detail if state else "",
        "failures": state.failures if state else 0,
        "checked": output.stamp(state.checked_at if state else None),
        "succeeded": output.stamp(state.succeeded_at if state else None),
        "next_check": output.stamp(state.next_check_at if state else None),
        "new": one.new,
        "pace_seconds": _seconds(state.pace if state else None),
        "gone": one.is_gone,
        "moved_to": one.moved_to,
        "silent_since": output.stamp(one.silent_since),
    }


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else int(span.total_seconds())


def _health_row(one: Health, zone: str) -> tuple[str, ...]:
    state, subscription = one.state, one.subscription
    outcome = str(one.outcome or "-") if subscription.enabled else "disabled"
    is_asked = state and subscription.enabled and not one.is_gone
    return (
        subscription.name,
        subscription.kind,
        outcome,
        output.moment(state.succeeded_at if state else None, zone),
        output.moment(state.next_check_at if state and is_asked else None, zone),
        output.span(state.pace if state else None),
        str(one.new),
        str(state.failures if state else 0),
        "; ".join(_remarks(one)),
    )


def _remarks(one: Health) -> Iterator[str]:
    """Yield what is to be told of a source beside figures."""
    if one.is_gone:
        yield "gone, not asked any more"
    if one.state and one.outcome and one.outcome.is_trouble:
        yield one.state.detail
    if one.silent_since:
        yield f"silent since {one.silent_since:%Y-%m-%d}"
    if one.moved_to:
        name = one.subscription.name
        yield f"moved to {one.moved_to}: `tracker sources move {name}` writes it down"


def _check(app: App, options: argparse.Namespace) -> int:
    def show(report: Report) -> None:
        if not options.json:
            print(_line(report), flush=True)

    reports = app.check(options.name, show)
    if options.json:
        output.print_json([_result(report) for report in reports])
    if unreached(reports):
        print(f"tracker: {_UNREACHED.format(count=len(reports))}", file=sys.stderr)
        return FAILED
    return 0


def _line(report: Report) -> str:
    what = report.detail or f"{report.entries} entries"
    return f"{report.outcome:<12}  {report.name:<28}  {what}"


def _preview(app: App, options: argparse.Namespace) -> int:
    page = app.preview(options.kind, options.place)
    if page.shortfall:
        print(f"tracker: {page.shortfall}", file=sys.stderr)
    if options.json:
        output.print_json([_entry(entry) for entry in page.entries])
        return 0
    for entry in page.entries:
        print(_entry_text(entry))
    print(f"{len(page.entries)} entries", file=sys.stderr)
    return 0


def _entry(entry: Entry) -> dict[str, object]:
    return {
        "title": entry.title,
        "link": entry.url,
        "published": output.stamp(entry.published),
        "authors": [author.name for author in entry.authors],
        "guid": entry.guid,
        "kind": str(entry.kind),
        "ids": list(entry.ids),
        "venue": entry.venue,
        "affiliations": sorted({a for who in entry.authors for a in who.affiliations}),
        "summary": entry.summary,
        "signals": {str(signal.name): signal.value for signal in entry.signals},
    }


def _entry_text(entry: Entry) -> str:
    authors = ", ".join(author.name for author in entry.authors) or "-"
    return (
        f"{entry.title}\n  link       {entry.url or '-'}"
        f"\n  published  {output.stamp(entry.published) or '-'}"
        f"\n  authors    {authors}\n  guid       {entry.guid}\n"
        + "".join(f"  {signal.name}: {signal.value}\n" for signal in entry.signals)
    )
