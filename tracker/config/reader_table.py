"""A [[reader]] table of feeds.toml, added to where it stands; see `drafting`."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tracker.config import drafting
from tracker.config.drafting import Draft, Span, bare, line_end, spans, value_of

_Edit = tuple[int, int, str]  # from, to, what is put there

Lists = Mapping[str, Sequence[str]]
"""What is added, by the key of the list it is added to."""


def teach(file: Path, name: str, lists: Lists, job: str) -> dict[str, list[str]]:
    """Add to the lists of a reader, and set their job; return what was added.

    What is new stands first in its list, under a comment that names the job's file.
    A file without any [[reader]] gets one. Raises ConfigError when there is no reader
    of that name, or the file can't be edited; then it is as it was.
    """
    draft = drafting.draft(file)
    tables = draft.tables("reader") or [{"name": name}]
    number = draft.number("reader", name) if draft.tables("reader") else 0
    before = tables[number]
    new = {key: _beside(before.get(key, []), values) for key, values in lists.items()}
    new = {key: values for key, values in new.items() if values}
    after = before | {key: [*new[key], *before.get(key, [])] for key in new}
    after["job"] = job
    if after == before:
        return {}
    if draft.tables("reader"):
        text = _edited(draft, spans(draft, "reader")[number], new, job)
    else:
        text = _with_table(draft, after)
    readers = [*tables[:number], after, *tables[number + 1 :]]
    drafting.replace(draft, text, "reader", readers)
    return new


def _beside(known: Sequence[str], values: Sequence[str]) -> list[str]:
    folded = {value.casefold() for value in known}
    return [value for value in values if value.casefold() not in folded]


def _with_table(draft: Draft, table: Mapping[str, Any]) -> str:
    text = draft.text
    gap = "" if not text or text.endswith("\n") else draft.newline
    written = f"\n{_remark(table['job'])}{drafting.written('reader', table)}"
    return text + gap + written.replace("\n", draft.newline)


def _remark(job: str, first: int = 0) -> str:
    """Return a comment on the lines below, or on the `first` ones of a list."""
    said = "".join(c if c.isprintable() else "\ufffd" for c in job)
    found = f"Found, the first {first}, in {said}"
    what = found if first else f"What {said} asks for stands first"
    return f"# {what}; change it as you like.\n"


def _edited(draft: Draft, span: Span, new: Lists, job: str) -> str:
    """Return the text with what is new in the table that stands at `span`."""
    blank = bare(draft.text[span.start : span.end])
    edits: list[_Edit] = []
    missing: dict[str, drafting.Value] = {}
    for key, values in new.items():
        if found := _key(blank, key, r"\["):
            listed = f"{value_of(list(values))[1:-1]}, "
            first = len(values)
            edits.append((found.start(), found.start(), _remark(job, first)))
            edits.append((found.end(), found.end(), listed))
        else:
            missing[key] = list(values)
    if found := _key(blank, "job", r"\.+"):
        edits.append((*found.span(1), value_of(job)))
    else:
        missing["job"] = job
    end = line_end(draft.text, span.end) - span.start
    if missing:
        lines = "".join(f"{key} = {value_of(v)}\n" for key, v in missing.items())
        gap = "" if draft.text[span.start :][:end].endswith("\n") else "\n"
        edits.append((end, end, f"{gap}{_remark(job)}{lines}"))
    text = draft.text[span.start :]
    for start, stop, put in sorted(edits, reverse=True):
        text = text[:start] + put.replace("\n", draft.newline) + text[stop:]
    return draft.text[: span.start] + text


def _key(blank: str, key: str, value: str) -> re.Match[str] | None:
    """Return where a key stands whose value begins so, in bare text."""
    return re.search(rf"^[ \t]*{key}[ \t]*=[ \t]*({value})", blank, re.MULTILINE)
