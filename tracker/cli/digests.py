"""`tracker digest` and `tracker send`."""

import argparse
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from tracker.bootstrap import App
from tracker.bootstrap.mailing import Mailing
from tracker.cli import FAILED, output
from tracker.cli.collecting import collect, unreached
from tracker.cli.opening import opened
from tracker.core.weekly import Digest, Reader, Week
from tracker.errors import TrackerError, UsageError
from tracker.store.deliveries import Delivery, DeliveryState
from tracker.store.issues import Issue

_SENT = ("terminal", "text", "html")  # what a mail holds, besides itself

# What makes each form of options.FORMATS but "eml": imported when it is asked for.
_RENDERERS = {
    "terminal": ("tracker.render.terminal", "printed"),
    "text": ("tracker.render.plain", "text"),
    "markdown": ("tracker.render.markdown", "markdown"),
    "html": ("tracker.render.html", "html"),
    "json": ("tracker.render.data", "json_text"),
    "atom": ("tracker.render.atom", "digest_text"),
}


def digest_command(options: argparse.Namespace) -> int:
    """Fetch what is due, then print a digest; nothing counts as sent."""
    if options.until and not options.since:
        raise UsageError("--until needs --since")
    with opened(options) as app:
        reader = app.reader(options.reader)
        week, failed = _week(app, reader, options), False
        if not options.no_fetch and app.now() < week.end:  # nothing is new in the past
            failed = unreached(collect(app, forced=_never_read(app)))
        else:
            app.bring_up_to_date()
        issue = Mailing(app).issued(reader, week) if options.week else None
        if issue is not None:
            sent = as_sent(Mailing(app), issue, reader, week, options.format)
            _put(sent.encode("utf-8"), options)
            return 0
        made = app.digest(reader, week)
        if made.sections or not failed:
            _write(app, reader, made, options)
    return FAILED if failed else 0


def as_sent(
    mailing: Mailing, issue: Issue, reader: Reader, week: Week, form: str
) -> str:
    """Return an issue as it was sent, in one of options.FORMATS.

    In a form that no mail has it is made of what is kept as JSON.
    """
    if form == "json":
        return issue.digest
    if form == "eml":
        return issue.message.decode()
    if form not in _SENT:
        return rendered(mailing.kept(issue, reader, week), form)
    from tracker.render.message import parts

    text, page = parts(issue.message)
    return page if form == "html" else text


def _never_read(app: App) -> bool:
    """Return whether every source has failed so far: then all are worth a try."""
    from tracker.bootstrap.library import Library

    health = Library(app).health(app.now())
    return not any(one.state and one.state.succeeded_at for one in health)


def _week(app: App, reader: Reader, options: argparse.Namespace) -> Week:
    if options.since:
        return app.days(reader, options.since, options.until)
    return app.week(reader, options.week)


def _write(app: App, reader: Reader, made: Digest, options: argparse.Namespace) -> None:
    if options.format == "terminal" and not options.output:
        from tracker.render.terminal import show

        show(made, output.console())
        return
    if options.format == "eml":
        content = Mailing(app).letter(reader, made).as_bytes()
    else:
        content = rendered(made, options.format).encode("utf-8")
    _put(content, options)


def _put(content: bytes, options: argparse.Namespace) -> None:
    if not options.output:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        return
    try:
        Path(options.output).write_bytes(content)
    except OSError as error:
        raise TrackerError(f"{options.output}: {error.strerror}") from error
    print(f"written to {options.output}", file=sys.stderr)


def rendered(made: Digest, form: str) -> str:
    """Return a digest as text in one of options.FORMATS, but for a whole mail."""
    module, function = _RENDERERS[form]
    render: Callable[[Digest], str] = getattr(import_module(module), function)
    return render(made)


def send_command(options: argparse.Namespace) -> int:
    """Mail each reader the last week's digest, once; try again what is due."""
    with opened(options) as app:
        mailing = Mailing(app)
        _ = mailing.sender
        one = app.reader(options.reader) if options.reader else None
        reached = [r for r in ([one] if one else app.config.readers) if r.is_reached]
        if not reached:
            raise UsageError(f"{app.config.path}: no [[reader]] has an email")
        if not options.no_fetch:
            collect(app)
        made = mailing.publish(reached, lambda reader: _to_send(app, reader, options))
        if options.again:
            mailing.renew(one)
        tried = mailing.deliver_all()
    for name, issue in made.items():
        if issue is None:
            print(f"{name}: this digest was published before; nothing is sent twice")
    for delivery in tried:
        print(_told(delivery))
    return FAILED if any(d.state is not DeliveryState.SENT for d in tried) else 0


def _to_send(app: App, reader: Reader, options: argparse.Namespace) -> Week:
    """Return the week asked for, else the last one, in a new store the present one."""
    if options.week:
        return app.week(reader, options.week)
    return Mailing(app).last_week(reader) or app.week(reader)


def _told(delivery: Delivery) -> str:
    what = f"{delivery.reader}: {delivery.week} to {delivery.address}: {delivery.state}"
    return f"{what}: {delivery.error}" if delivery.error else what
