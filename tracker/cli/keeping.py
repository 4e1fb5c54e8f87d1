"""`tracker backup`, `restore` and `db`."""

import argparse
from pathlib import Path

from tracker.bootstrap import keeping
from tracker.cli import FAILED, output
from tracker.cli.opening import opened


def backup_command(options: argparse.Namespace) -> int:
    """Write the store to a file."""
    with opened(options) as app:
        size = keeping.back_up(app, Path(options.file))
    print(f"written: {options.file} ({size / 1e6:.1f} MB)")
    return 0


def restore_command(options: argparse.Namespace) -> int:
    """Put a backup in the store's place."""
    with opened(options) as app:
        items = keeping.restore(app, Path(options.file), replace=options.replace)
        where = app.engine.url.render_as_string(hide_password=True)
    print(f"restored: {items:,} items in {where}")
    return 0


def db_command(options: argparse.Namespace) -> int:
    """Look whether the store is sound, or make its search index anew."""
    with opened(options) as app:
        if options.action == "reindex":
            keeping.reindex(app)
            print("the search index is made anew")
            return 0
        found = keeping.check(app)
    if options.json:
        output.print_json(found)
    else:
        print("\n".join(found) or "sound")
    return FAILED if found else 0
