"""A feeds.toml to be changed: where its tables stand, and how a change is written.

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

Value = str | bool | list[str]
"""What a key holds."""

Table = Mapping[str, Value]
"""The keys of a [[source]] or a [[reader]]."""

# Strings first: what stands in them is no bracket, comment or line.
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\''
    r"|#[^\n]*|[\[\]{}\n]|[^\[\]{}\"'#\n]+|.",
    re.DOTALL,
)


@dataclass(slots=True)
class Span:
    """Where a table stands in the text: its header's line to its last value's."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A feeds.toml as it was read."""

    file: Path
    body: bytes
    text: str
    settings: dict[str, Any]

    def tables(self, kind: str) -> list[dict[str, Any]]:
        """Return the [[kind]] tables."""
        found: list[dict[str, Any]] = self.settings.get(kind, [])
        return found

    def number(self, kind: str, name: str) -> int:
        """Return which [[kind]] has that name, from 0; raises ConfigError."""
        for number, table in enumerate(self.tables(kind)):
            if table.get("name") == name:
                return number
        raise ConfigError(f'{self.file}: there is no [[{kind}]] "{name}"')

    @property
    def newline(self) -> str:
        """How its lines end."""
        return "\r\n" if "\r\n" in self.text else "\n"


def draft(file: Path) -> Draft:
    """Return a feeds.toml to be changed; raises ConfigError when it can't be."""
    if places.is_installed(file):
        what = "came with tracker and is not for editing; run `tracker init` first"
        raise ConfigError(f"{file}: {what}")
    try:
        body = file.read_bytes()
        text = body.decode()
        return Draft(file, body, text, tomllib.loads(text))
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{file}: not TOML: {error}") from error


def spans(draft: Draft, kind: str) -> list[Span]:
    """Return where the [[kind]] tables stand, in order."""
    named = rf"(?:{kind}|\"{kind}\"|'{kind}')"
    own = re.compile(rf"\[\[\s*{named}\s*\]\]")
    part = re.compile(rf"\[\[?\s*{named}\s*\.")
    found: list[Span] = []
    is_inside = False
    for span in _tables(draft.text):
        header = draft.text[span.start : span.end].lstrip()
        if own.match(header):
            found.append(span)
            is_inside = True
        elif is_inside and part.match(header):
            found[-1].end = span.end
        else:
            is_inside = False
    if len(found) != len(draft.tables(kind)):
        raise beyond(draft, kind)
    return found


def _tables(text: str) -> list[Span]:
    """Return where each table stands: [a] and [[a]] begin one at a line's start."""
    found: list[Span] = []
    depth, is_fresh, line = 0, True, 0
    for token in _TOKEN.finditer(text):
        word = token[0]
        if word == "\n":
            is_fresh, line = True, token.end()
        elif not word.isspace() and word[0] != "#":
            if is_fresh and word == "[" and depth == 0:
                found.append(Span(line, line))
            depth += (word in "[{") - (word in "]}")
            is_fresh = False
            if found:
                found[-1].end = token.end()
    return found


def bare(text: str) -> str:
    """Return `text` with its strings and comments blotted out, as long as before."""
    return _TOKEN.sub(lambda token: _blotted(token[0]), text)


def _blotted(word: str) -> str:
    return "." * len(word) if word[0] in "\"'#" else word


def line_end(text: str, at: int) -> int:
    """Return where the line at `at` is over, its comment and newline included."""
    return (text.find("\n", at) + 1) or len(text)


def written(kind: str, table: Table) -> str:
    """Return a table as text, a line for each key."""
    lines = (f"{key} = {value_of(value)}\n" for key, value in table.items())
    return f"[[{kind}]]\n{''.join(lines)}"


def value_of(value: Value) -> str:
    """Return a TOML value; its basic strings are JSON's, but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def replace(
    draft: Draft, text: str, kind: str, tables: Sequence[Mapping[str, Any]]
) -> None:
    """Write `text` in place of the draft, if its [[kind]] tables are those meant.

    Raises ConfigError when they are not, or not sound; TrackerError when the file
    can't be written. Then it is as it was.
    """
    settings = {**draft.settings, kind: [dict(table) for table in tables]}
    if not tables:
        del settings[kind]
    parse(settings, draft.file)
    try:
        is_meant = tomllib.loads(text) == settings
    except tomllib.TOMLDecodeError:
        is_meant = False
    if not is_meant:
        raise beyond(draft, kind)
    try:
        _write(draft, text.encode())
    except OSError as error:
        raise TrackerError(f"{draft.file}: not changed: {error.strerror}") from error


def beyond(draft: Draft, kind: str) -> ConfigError:
    """Return the error of a file that is written in a way we can't edit."""
    what = f"its [[{kind}]] tables are written in a way only you can edit; edit it"
    return ConfigError(f"{draft.file}: not changed: {what} by hand")


def _write(draft: Draft, body: bytes) -> None:
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
