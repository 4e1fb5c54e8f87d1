"""`tracker readers`: who gets a digest, and how their mail stands."""

import argparse

from tracker.bootstrap import App
from tracker.bootstrap.mailing import Mailing
from tracker.bootstrap.readership import Member, Readership, Wanted
from tracker.bootstrap.wishes import links
from tracker.cli import naming, output
from tracker.cli.opening import opened
from tracker.errors import UsageError
from tracker.publish.posting import addresses


def readers_command(options: argparse.Namespace) -> int:
    """List, add, remove, rename, pause or resume readers, or send a test mail."""
    with opened(options) as app:
        _ACTIONS[options.action](app, options)
    return 0


def _list(app: App, options: argparse.Namespace) -> None:
    people = Readership(app).known()
    if options.json:
        output.print_json([_described(app, member) for member in people])
        return
    zone = app.config.time_zone
    rows = [_row(member, zone) for member in people]
    output.table(rows, ("name", "goes to", "time zone", "last", "state"))


def _described(app: App, member: Member) -> dict[str, object]:
    reader, last, made = member.reader, member.last, links(app)
    return {
        "name": reader.name,
        "to": list(addresses(reader)),
        "time_zone": reader.time_zone,
        "language": reader.language or None,
        "topics": list(reader.topics),
        "companies": list(reader.companies),
        "feed": made.feed(reader.name, app.now()) if made else None,
        "paused_at": output.stamp(member.paused_at),
        "last": None
        if last is None
        else {
            "week": last.week,
            "to": last.address,
            "state": str(last.state),
            "sent_at": output.stamp(last.sent_at),
            "error": last.error,
        },
    }


def _row(member: Member, zone: str) -> tuple[str, ...]:
    reader, last = member.reader, member.last
    state = "-" if last is None else str(last.state)
    if last is not None and last.error:
        state = f"{state}: {last.error}"
    if member.paused_at is not None:
        state = f"pauses since {output.moment(member.paused_at, zone)[:10]}"
    return (
        reader.name,
        ", ".join(addresses(reader)) or "-",
        reader.time_zone,
        last.week if last else "-",
        state,
    )


def _add(app: App, options: argparse.Namespace) -> None:
    keys = Wanted.__dataclass_fields__
    given = {key: getattr(options, key) for key in keys if getattr(options, key)}
    if options.companies:
        known = app.config.companies
        meant = (naming.company(known, one).name for one in options.companies)
        given["companies"] = list(dict.fromkeys(meant))
    Readership(app).add(Wanted(**given))
    print(f'added "{options.name}" to {app.config.path}')


def _remove(app: App, options: argparse.Namespace) -> None:
    Readership(app).remove(options.name)
    print(f'removed "{options.name}" from {app.config.path}')


def _rename(app: App, options: argparse.Namespace) -> None:
    Readership(app).rename(options.name, options.new)
    print(f'"{options.name}" is "{options.new}" in {app.config.path} and in the store')


def _pause(app: App, options: argparse.Namespace) -> None:
    Readership(app).pause(options.name)
    print(f'"{options.name}" gets nothing until resumed')


def _resume(app: App, options: argparse.Namespace) -> None:
    Readership(app).resume(options.name)
    print(f'"{options.name}" gets digests again')


def _test(app: App, options: argparse.Namespace) -> None:
    reader = app.reader(options.name)
    if reader.email is None:
        raise UsageError(f'[[reader]] "{reader.name}" has no email')
    Mailing(app).test(reader)
    print(f"a test mail was handed over for {reader.email}")


_ACTIONS = {
    "list": _list,
    "add": _add,
    "remove": _remove,
    "rename": _rename,
    "pause": _pause,
    "resume": _resume,
    "test": _test,
}
