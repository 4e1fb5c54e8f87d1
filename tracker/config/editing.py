"""Tables of feeds.toml, edited where they stand; see `drafting`."""

import re
from collections.abc import Sequence
from pathlib import Path

from tracker.config import drafting
from tracker.config.drafting import Table, bare, line_end, spans, value_of

__all__ = ["Table", "add", "disable", "enable", "readdress", "remove", "rename"]

_ENABLED = re.compile(r"^[ \t]*enabled[ \t]*=[ \t]*(true|false)", re.MULTILINE)
_URL = re.compile(r"^[ \t]*url[ \t]*=[ \t]*(\.+)", re.MULTILINE)  # in bare text
_OWN_NAME = re.compile(r"^[ \t]*name[ \t]*=[ \t]*(\.+)", re.MULTILINE)
_BLANK_LINE = re.compile(r"\A[ \t]*\r?\n")


def add(file: Path, tables: Sequence[Table], kind: str = "source") -> None:
    """Add [[source]] tables, or those of another kind, after the last one.

    Raises ConfigError when a table is wrong, or `file` can't be edited; then it
    is as it was. So do the others here.
    """
    draft = drafting.draft(file)
    places = spans(draft, kind)
    at = line_end(draft.text, places[-1].end) if places else len(draft.text)
    before, after = draft.text[:at], draft.text[at:]
    if before and not before.endswith("\n"):
        before += draft.newline
    written = "".join(f"\n{drafting.written(kind, table)}" for table in tables)
    written = written.replace("\n", draft.newline)
    all_tables = [*draft.tables(kind), *(dict(table) for table in tables)]
    drafting.replace(draft, before + written + after, kind, all_tables)


def remove(file: Path, name: str, kind: str = "source") -> None:
    """Remove the table of that kind and name; comments around it are kept."""
    draft = drafting.draft(file)
    number = draft.number(kind, name)
    span = spans(draft, kind)[number]
    before = draft.text[: span.start]
    after = draft.text[line_end(draft.text, span.end) :]
    if not before.strip() or before.endswith(("\n\n", "\n\r\n")):
        after = _BLANK_LINE.sub("", after)
    kept = [one for at, one in enumerate(draft.tables(kind)) if at != number]
    drafting.replace(draft, before + after, kind, kept)


def rename(file: Path, name: str, new: str, kind: str) -> None:
    """Give the table of that kind and name another name."""
    draft = drafting.draft(file)
    number = draft.number(kind, name)
    span = spans(draft, kind)[number]
    said = _OWN_NAME.search(bare(draft.text[span.start : span.end]))
    if not said:
        raise drafting.beyond(draft, kind)
    start, end = span.start + said.start(1), span.start + said.end(1)
    text = draft.text[:start] + value_of(new) + draft.text[end:]
    tables = [dict(table) for table in draft.tables(kind)]
    tables[number]["name"] = new
    drafting.replace(draft, text, kind, tables)


def enable(file: Path, name: str) -> None:
    """Set enabled = true for the [[source]] of that name."""
    _set_enabled(file, name, "true")


def disable(file: Path, name: str) -> None:
    """Set enabled = false for the [[source]] of that name."""
    _set_enabled(file, name, "false")


def readdress(file: Path, name: str, url: str) -> None:
    """Set the url of the [[source]] of that name, which has one."""
    draft = drafting.draft(file)
    number = draft.number("source", name)
    span = spans(draft, "source")[number]
    said = _URL.search(bare(draft.text[span.start : span.end]))
    if not said:
        raise drafting.beyond(draft, "source")
    start, end = span.start + said.start(1), span.start + said.end(1)
    text = draft.text[:start] + value_of(url) + draft.text[end:]
    sources = [dict(source) for source in draft.tables("source")]
    sources[number]["url"] = url
    drafting.replace(draft, text, "source", sources)


def _set_enabled(file: Path, name: str, value: str) -> None:
    draft = drafting.draft(file)
    number = draft.number("source", name)
    span = spans(draft, "source")[number]
    said = _ENABLED.search(bare(draft.text[span.start : span.end]))
    if said:
        start, end = span.start + said.start(1), span.start + said.end(1)
        text = draft.text[:start] + value + draft.text[end:]
    else:
        at = line_end(draft.text, span.end)
        head = draft.text[:at]
        gap = "" if head.endswith("\n") else draft.newline
        line = f"{gap}enabled = {value}{draft.newline}"
        text = head + line + draft.text[at:]
    sources = [dict(source) for source in draft.tables("source")]
    sources[number]["enabled"] = value == "true"
    drafting.replace(draft, text, "source", sources)
