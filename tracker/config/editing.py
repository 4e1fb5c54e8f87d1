"""feeds.toml, edited where it stands: comments, order and spacing are kept.

A change replaces one stretch of the text and touches no other. Before it is written,
the new text is parsed: it must hold exactly the settings meant, and they must be sound.
"""

import contextlib
import json
import os
import re
import shutil
import stat
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracker.config import parse, places
from tracker.errors import ConfigError, TrackerError

Table = Mapping[str, str | bool | list[str]]
"""The keys of a [[source]] table."""

# Strings first: what stands in them is no bracket, comment or line.
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\''
    r"|#[^\n]*|[\[\]{}\n]|[^\[\]{}\"'#\n]+|.",
    re.DOTALL,
)
_SOURCE = re.compile(r"\[\[\s*(?:source|\"source\"|'source')\s*\]\]")
_PART_OF_SOURCE = re.compile(r"\[\[?\s*(?:source|\"source\"|'source')\s*\.")
_ENABLED = re.compile(r"^[ \t]*enabled[ \t]*=[ \t]*(true|false)", re.MULTILINE)
_URL = re.compile(r"^[ \t]*url[ \t]*=[ \t]*(\.+)", re.MULTILINE)  # in bare text
_BLANK_LINE = re.compile(r"\A[ \t]*\r?\n")


@dataclass(slots=True)
class _Span:
    """Where a table stands in the text: its header's line to its last value's."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Draft:
    """A feeds.toml as it was read."""

    file: Path
    body: bytes
    text: str
    settings: dict[str, Any]

    @property
    def sources(self) -> list[dict[str, Any]]:
        """The [[source]] tables."""
        found: list[dict[str, Any]] = self.settings.get("source", [])
        return found

    @property
    def newline(self) -> str:
        """How its lines end."""
        return "\r\n" if "\r\n" in self.text else "\n"


def add(file: Path, tables: Sequence[Table]) -> None:
    """Add [[source]] tables after the last one.

    Raises ConfigError when a table is wrong, or `file` can't be edited; then it
    is as it was. So do the others here.
    """
    draft = _draft(file)
    spans = _spans(draft)
    at = _line_end(draft.text, spans[-1].end) if spans else len(draft.text)
    before, after = draft.text[:at], draft.text[at:]
    if before and not before.endswith("\n"):
        before += draft.newline
    written = "".join(f"\n{_table(table)}" for table in tables)
    written = written.replace("\n", draft.newline)
    sources = [*draft.sources, *(dict(table) for table in tables)]
    _replace(draft, before + written + after, sources)


def remove(file: Path, name: str) -> None:
    """Remove the [[source]] of that name; comments around it are kept."""
    draft = _draft(file)
    number = _number(draft, name)
    span = _spans(draft)[number]
    before = draft.text[: span.start]
    after = draft.text[_line_end(draft.text, span.end) :]
    if not before.strip() or before.endswith(("\n\n", "\n\r\n")):
        after = _BLANK_LINE.sub("", after)
    sources = [s for at, s in enumerate(draft.sources) if at != number]
    _replace(draft, before + after, sources)


def enable(file: Path, name: str) -> None:
    """Set enabled = true for the [[source]] of that name."""
    _set_enabled(file, name, "true")


def disable(file: Path, name: str) -> None:
    """Set enabled = false for the [[source]] of that name."""
    _set_enabled(file, name, "false")


def readdress(file: Path, name: str, url: str) -> None:
    """Set the url of the [[source]] of that name, which has one."""
    draft = _draft(file)
    number = _number(draft, name)
    span = _spans(draft)[number]
    said = _URL.search(_bare(draft.text[span.start : span.end]))
    if not said:
        raise _beyond(draft)
    start, end = span.start + said.start(1), span.start + said.end(1)
    text = draft.text[:start] + _value(url) + draft.text[end:]
    sources = [dict(source) for source in draft.sources]
    sources[number]["url"] = url
    _replace(draft, text, sources)


def _set_enabled(file: Path, name: str, value: str) -> None:
    draft = _draft(file)
    number = _number(draft, name)
    span = _spans(draft)[number]
    said = _ENABLED.search(_bare(draft.text[span.start : span.end]))
    if said:
        start, end = span.start + said.start(1), span.start + said.end(1)
        text = draft.text[:start] + value + draft.text[end:]
    else:
        at = _line_end(draft.text, span.end)
        head = draft.text[:at]
        gap = "" if head.endswith("\n") else draft.newline
        line = f"{gap}enabled = {value}{draft.newline}"
        text = head + line + draft.text[at:]
    sources = [dict(source) for source in draft.sources]
    sources[number]["enabled"] = value == "true"
    _replace(draft, text, sources)


def _draft(file: Path) -> _Draft:
    if places.is_installed(file):
        what = "came with tracker and is not for editing; run `tracker init` first"
        raise ConfigError(f"{file}: {what}")
    try:
        body = file.read_bytes()
        text = body.decode()
        return _Draft(file, body, text, tomllib.loads(text))
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{file}: not TOML: {error}") from error


def _number(draft: _Draft, name: str) -> int:
    for number, source in enumerate(draft.sources):
        if source.get("name") == name:
            return number
    raise ConfigError(f'{draft.file}: there is no [[source]] "{name}"')


# Where things stand


def _spans(draft: _Draft) -> list[_Span]:
    """Return where the [[source]] tables stand, in order."""
    spans: list[_Span] = []
    is_inside = False
    for span in _tables(draft.text):
        header = draft.text[span.start : span.end].lstrip()
        if _SOURCE.match(header):
            spans.append(span)
            is_inside = True
        elif is_inside and _PART_OF_SOURCE.match(header):
            spans[-1].end = span.end
        else:
            is_inside = False
    if len(spans) != len(draft.sources):
        raise _beyond(draft)
    return spans


def _tables(text: str) -> list[_Span]:
    """Return where each table stands: [a] and [[a]] begin one at a line's start."""
    found: list[_Span] = []
    depth, is_fresh, line = 0, True, 0
    for token in _TOKEN.finditer(text):
        word = token[0]
        if word == "\n":
            is_fresh, line = True, token.end()
        elif not word.isspace() and word[0] != "#":
            if is_fresh and word == "[" and depth == 0:
                found.append(_Span(line, line))
            depth += (word in "[{") - (word in "]}")
            is_fresh = False
            if found:
                found[-1].end = token.end()
    return found


def _bare(text: str) -> str:
    """Return `text` with its strings and comments blotted out, as long as before."""
    return _TOKEN.sub(lambda token: _blotted(token[0]), text)


def _blotted(word: str) -> str:
    return "." * len(word) if word[0] in "\"'#" else word


def _line_end(text: str, at: int) -> int:
    """Return where the line at `at` is over, its comment and newline included."""
    return (text.find("\n", at) + 1) or len(text)


# Writing


def _table(table: Table) -> str:
    lines = (f"{key} = {_value(value)}\n" for key, value in table.items())
    return f"[[source]]\n{''.join(lines)}"


def _value(value: str | bool | list[str]) -> str:  # noqa: FBT001 - a value of TOML's
    """Return a TOML value; its basic strings are JSON's, but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _replace(draft: _Draft, text: str, sources: list[dict[str, Any]]) -> None:
    """Write `text` in place of the draft, if it says just what it should."""
    settings = {**draft.settings, "source": sources}
    if not sources:
        del settings["source"]
    parse(settings, draft.file)
    try:
        is_meant = tomllib.loads(text) == settings
    except tomllib.TOMLDecodeError:
        is_meant = False
    if not is_meant:
        raise _beyond(draft)
    try:
        _write(draft, text.encode())
    except OSError as error:
        raise TrackerError(f"{draft.file}: not changed: {error.strerror}") from error


def _beyond(draft: _Draft) -> ConfigError:
    what = "its [[source]] tables are written in a way only you can edit; edit it"
    return ConfigError(f"{draft.file}: not changed: {what} by hand")


def _write(draft: _Draft, body: bytes) -> None:
    """Replace the file in one step, whole or not at all; a link stays a link."""
    target = draft.file.resolve()
    before = target.stat()
    number, name = tempfile.mkstemp(prefix=".feeds-", suffix=".toml", dir=target.parent)
    try:
        with os.fdopen(number, "wb") as opened:
            opened.write(body)
            opened.flush()
            os.fsync(opened.fileno())
        with contextlib.suppress(PermissionError):
            shutil.chown(name, before.st_uid, before.st_gid)
        Path(name).chmod(stat.S_IMODE(before.st_mode))
        if target.read_bytes() != draft.body:
            raise TrackerError(f"{draft.file}: was changed meanwhile; try again")
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)
    _settle(target.parent)


def _settle(folder: Path) -> None:
    """Have the new entry of a folder reach the disk, where folders can be opened."""
    with contextlib.suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
