"""`tracker split` and `delete`."""

import argparse

from tracker.bootstrap import correcting
from tracker.cli import output
from tracker.cli.opening import opened

_HOW = {
    "new": "is now an item of its own, apart from",
    "back": "is back as it was, apart from",
    "unlinked": "stands no more beside",
    "before": "was split before, apart from",
}


def split_command(options: argparse.Namespace) -> int:
    """Make two items of one that was joined wrongly."""
    with opened(options) as app:
        done = correcting.split(app, options.item, options.mention)
    if options.json:
        output.print_json({"item": done.item, "new": done.new, "how": done.how})
    else:
        print(f"#{done.new} {_HOW[done.how]} #{done.item}; they stay two")
    return 0


def delete_command(options: argparse.Namespace) -> int:
    """Delete items, or bring them back."""
    with opened(options) as app:
        found = correcting.delete(app, options.item, undo=options.undo)
    for item in found:
        if options.undo:
            print(f"#{item.id} is back: {item.title}")
        else:
            print(f"#{item.id} is deleted: {item.title}")
    if not options.undo:
        numbers = " ".join(str(item.id) for item in found)
        print(f"it stays so; `tracker delete --undo {numbers}` brings it back")
    return 0
