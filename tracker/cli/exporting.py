"""`tracker export`: works in the forms that other programs read."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tracker.bootstrap import exporting
from tracker.cli import FAILED
from tracker.cli.opening import opened
from tracker.cli.reading import wanted
from tracker.errors import UsageError
from tracker.export import bibtex, csl, ris
from tracker.export.work import Work

_FORMS: dict[str, Callable[[Sequence[Work]], str]] = {
    "bibtex": bibtex.text,
    "ris": ris.text,
    "csl-json": csl.text,
}
_NARROWING = ("topic", "company", "followed", "venue", "kind", "state", "since")


def export_command(options: argparse.Namespace) -> int:
    """Write the works one asks for in one form; a note each, in Markdown."""
    narrowed = any(getattr(options, name) for name in (*_NARROWING, "until"))
    if not (narrowed or options.item or options.all):
        raise UsageError(
            "say what to export: items' numbers, --state, --topic, --company, --venue,"
            " --since or --all"
        )
    if options.format == "markdown" and not options.output:
        raise UsageError("notes need a folder: --output FOLDER")
    options.limit = None
    with opened(options) as app:
        asked = wanted(app, options) if narrowed or options.all else None
        reader = app.reader(options.reader)
        works = exporting.works(app, reader, asked, options.item)
    if not works:
        print("nothing fits; see `tracker list`", file=sys.stderr)
        return 0
    if options.format == "markdown":
        return _notes(Path(options.output), works)
    text = _FORMS[options.format](works)
    if not options.output:
        print(text, end="")
        return 0
    exporting.write(Path(options.output), text)
    print(f"{len(works)} works written to {options.output}", file=sys.stderr)
    return 0


def _notes(folder: Path, works: Sequence[Work]) -> int:
    written = exporting.write_notes(folder, works)
    print(
        f"{folder}: {written.new} new notes, {written.renewed} renewed,"
        f" {written.same} as they were",
        file=sys.stderr,
    )
    for path in written.left:
        print(f"{path}: left alone: no note of tracker's of this item", file=sys.stderr)
    return FAILED if written.left else 0
