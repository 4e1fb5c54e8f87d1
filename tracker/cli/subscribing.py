"""`tracker sources discover`, `add`, `remove` and the others that edit feeds.toml."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tracker.bootstrap import App
from tracker.bootstrap.subscriptions import Subscriptions, Wanted
from tracker.cli import FAILED, naming, output
from tracker.discovery import KIND, Discovery, Found
from tracker.errors import TrackerError, UsageError

_SHOWN = 10  # of a list's doubtful entries; the rest are counted


def discover(app: App, options: argparse.Namespace) -> int:
    """Find a site's feeds."""
    subscriptions = Subscriptions(app)
    found = subscriptions.discover(options.url)
    if options.json:
        output.print_json([_feed(one, subscriptions) for one in found.feeds])
    elif found.feeds:
        zone = app.config.time_zone
        heads = ("address", "kind", "entries", "newest", "outcome", "title")
        output.table([_row(one, zone) for one in found.feeds], heads)
    for one in found.feeds:
        if have := subscriptions.known(one.address):
            said = f'{one.address}: subscribed already, as "{have.name}"'
            print(said, file=sys.stderr)
    if not found.sound:
        print(f"tracker: {_without_feed(options.url, found)}", file=sys.stderr)
        return FAILED
    return 0


def _feed(one: Found, subscriptions: Subscriptions) -> dict[str, object]:
    have = subscriptions.known(one.address)
    return {
        "title": one.title,
        "address": one.address,
        "kind": KIND,
        "entries": one.entries,
        "newest": output.stamp(one.newest),
        "outcome": str(one.outcome),
        "detail": one.detail,
        "subscribed": have.name if have else None,
    }


def _row(one: Found, zone: str) -> tuple[str, ...]:
    said = one.title or "-"
    return (
        one.address,
        KIND,
        str(one.entries),
        output.moment(one.newest, zone)[:10],
        str(one.outcome),
        f"{said}: {one.detail}" if one.detail else said,
    )


def _without_feed(url: str, found: Discovery) -> str:
    details = [one.detail for one in found.feeds if one.detail]
    why = found.trouble or next(iter(details), f"{url}: no feed")
    asked = "1 address" if found.asked == 1 else f"{found.asked} addresses"
    return f"{why}; no feed was found, {asked} asked"


def add(app: App, options: argparse.Namespace) -> int:
    """Subscribe to a feed, or to the one feed of a site."""
    subscriptions = Subscriptions(app)
    title, address = options.title or "", options.url
    called = options.company
    company = naming.company(app.config.companies, called).name if called else None
    if not options.no_fetch:
        subscriptions.refuse_known(address)
        found = _the_one(options.url, subscriptions.discover(options.url))
        title, address = title or found.title, found.address
    wanted = Wanted(address, title, options.name, company, options.topic)
    name = subscriptions.add(wanted)
    print(f'added: "{name}", {address}, to {app.config.path}')
    print(f"next: tracker fetch {name}", file=sys.stderr)
    return 0


def _the_one(url: str, found: Discovery) -> Found:
    """Return the site's feed: the first of those that say the same."""
    if not found.sound:
        advice = "--no-fetch adds it all the same"
        raise TrackerError(f"{_without_feed(url, found)}; {advice}")
    posts = [one for one in found.sound if "comment" not in one.address] or found.sound
    if len({one.newest for one in posts}) > 1:  # RSS and Atom of a blog are as new
        listed = ", ".join(one.address for one in posts)
        raise UsageError(f"{url}: has several feeds; add one of {listed}")
    return posts[0]


def remove(app: App, options: argparse.Namespace) -> int:
    """End a subscription."""
    Subscriptions(app).remove(options.name)
    print(f'removed: "{options.name}" from {app.config.path}; its items are kept')
    return 0


def enable(app: App, options: argparse.Namespace) -> int:
    """Have a source read again."""
    Subscriptions(app).enable(options.name)
    print(f'enabled: "{options.name}" in {app.config.path}')
    return 0


def move(app: App, options: argparse.Namespace) -> int:
    """Write down where a source moved."""
    address = Subscriptions(app).move(options.name)
    print(f'moved: "{options.name}" to {address}, in {app.config.path}')
    return 0


def disable(app: App, options: argparse.Namespace) -> int:
    """Keep a source without reading it."""
    Subscriptions(app).disable(options.name)
    print(f'disabled: "{options.name}" in {app.config.path}')
    return 0


def import_(app: App, options: argparse.Namespace) -> int:
    """Subscribe to what is in another reader's list."""
    from tracker import opml

    try:
        with Path(options.file).open("rb") as opened:
            body = opened.read(opml.LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{options.file}: {error.strerror}") from error
    outlines = opml.read(body, options.file)
    taken = Subscriptions(app).take(outlines)
    print(
        f"{len(outlines)} feeds in {options.file}: {len(taken.added)} added to"
        f" {app.config.path}, {len(taken.known)} subscribed already,"
        f" {len(taken.refused)} without a web address"
    )
    _name(taken.known, "subscribed already")
    _name(taken.refused, "no web address")
    return 0


def _name(titles: Sequence[str], what: str) -> None:
    for title in titles[:_SHOWN]:
        print(f"  {what}: {title}", file=sys.stderr)
    if len(titles) > _SHOWN:
        print(f"  {what}: and {len(titles) - _SHOWN} more", file=sys.stderr)


def export(app: App, options: argparse.Namespace) -> int:
    """Print the feeds that are read as OPML, or write them to a file."""
    subscriptions = Subscriptions(app)
    text = subscriptions.exported()
    if options.file is None:
        print(text, end="")
    else:
        try:
            Path(options.file).write_text(text, "utf-8")
        except OSError as error:
            raise UsageError(f"{options.file}: {error.strerror}") from error
    count = len(subscriptions.outlines())
    left = len(app.config.subscriptions) - count
    said = f"feeds: {count}; sources left out, disabled or no feeds: {left}"
    print(said, file=sys.stderr)
    return 0


ACTIONS = {
    "discover": discover,
    "add": add,
    "remove": remove,
    "enable": enable,
    "move": move,
    "disable": disable,
    "import": import_,
    "export": export,
}
"""What each subcommand runs."""
