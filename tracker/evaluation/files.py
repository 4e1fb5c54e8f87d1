"""Labelled files: JSON Lines or TSV, told apart by content; errors name the line."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tracker.errors import UsageError
from tracker.sources.base import web_url

_SHOWN = 60  # characters of what was wrong


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file: where it stands ("pairs.tsv, line 7"), and its columns."""

    place: str
    columns: Mapping[str, Any]

    def text(self, name: str) -> str:
        """Return a column's text, "" where the row has none."""
        value = self.columns.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.wrong(name, "a text")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a column's texts: a list, or one text with ";" between them."""
        value = self.columns.get(name) or ()
        parts = value.split(";") if isinstance(value, str) else value
        if not isinstance(parts, list | tuple):
            raise self.wrong(name, 'a list, or a text such as "a;b"')
        if not all(isinstance(part, str) for part in parts):
            raise self.wrong(name, "a list of texts")
        return tuple(part.strip() for part in parts if part.strip())

    def address(self, name: str) -> str | None:
        """Return a column's address as sources state it, None where it is none."""
        return web_url(self.text(name))

    def moment(self, name: str) -> datetime:
        """Return a column's date or time, aware; a time without a zone is UTC."""
        try:
            found = datetime.fromisoformat(self.text(name))
            return found if found.tzinfo else found.replace(tzinfo=UTC)
        except ValueError:
            raise self.wrong(name, "a date such as 2026-11-16") from None

    def id(self, number: int) -> str | int:
        """Return the row's own id, else `number`."""
        value = self.columns.get("id")
        if value is None or value == "":
            return number
        if not isinstance(value, str | int):
            raise self.wrong("id", "a text or a whole number")
        return value

    def wrong(self, name: str, wanted: str) -> UsageError:
        """Return the error that a column is not what it must be."""
        found = repr(self.columns.get(name))
        shown = found if len(found) <= _SHOWN else f"{found[:_SHOWN]} …"
        return UsageError(f'{self.place}: "{name}" is {shown}, not {wanted}')


def rows(path: Path, needed: Sequence[str]) -> list[Row]:
    """Return the rows of a file, of which there are some.

    Raises UsageError as `any_rows` does, and where there is no row.
    """
    found = any_rows(path, needed)
    if not found:
        raise UsageError(f"{path}: has no rows")
    return found


def any_rows(path: Path, needed: Sequence[str]) -> list[Row]:
    """Return the rows of a file, none if it is empty; each has the `needed` columns.

    Raises UsageError with the file and the line when it is not such a file.
    """
    text = _text(path)
    if not text.strip():
        return []
    lines = [
        (number, line.removesuffix("\r"))
        for number, line in enumerate(text.split("\n"), 1)
        if line.strip()
    ]
    found = list((_json if text.lstrip()[0] in "{[" else _tsv)(path, lines))
    for row in found:
        for name in needed:
            if name not in row.columns:
                raise UsageError(f'{row.place}: no "{name}"')
    return found


def _text(path: Path) -> str:
    try:
        body = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{path}, line {line}: not UTF-8 text") from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise UsageError(f"{path}, line {line}: binary, not text")
    return text


def _json(path: Path, lines: Sequence[tuple[int, str]]) -> Iterator[Row]:
    for number, line in lines:
        place = f"{path}, line {number}"
        try:
            value = json.loads(line)
        except json.JSONDecodeError as error:
            what = f"{place}: not JSON: {error.msg} at character {error.pos + 1}"
            raise UsageError(what) from error
        except (ValueError, RecursionError) as error:  # of digits, of depth
            raise UsageError(f"{place}: not JSON: {error}") from error
        if not isinstance(value, dict):
            raise UsageError(f"{place}: not a JSON object such as {{…}}")
        yield Row(place, value)


def _tsv(path: Path, lines: Sequence[tuple[int, str]]) -> Iterator[Row]:
    (_, heading), *rest = lines
    names = _cells(heading, heading.count("\t") + 1)
    for number, line in rest:
        place = f"{path}, line {number}"
        cells = _cells(line, len(names))
        if len(cells) != len(names):
            raise UsageError(
                f"{place}: {len(cells)} columns, where the heading has {len(names)}"
            )
        yield Row(place, dict(zip(names, cells, strict=True)))


def _cells(line: str, width: int) -> list[str]:
    """Return the cells of a line; quotes count only where they make `width` of them.

    A title may begin with a quotation mark, in a file that quotes nothing.
    """
    try:
        (cells,) = csv.reader([line], delimiter="\t")
    except csv.Error:
        cells = []
    return cells if len(cells) == width else line.split("\t")


def check(out: Path, given: Mapping[str, Path]) -> None:
    """See that predictions can be written to `out`, and are nothing that is read.

    `given` are the files that are read, by what they are. Raises UsageError.
    """
    try:
        for what, path in given.items():
            if out.exists() and path.exists() and out.samefile(path):
                raise UsageError(f"--predictions: {out} is the file with the {what}")
        there = out.is_symlink() or out.exists()
        if not there or out.is_file() or out.is_dir():  # opening may end a pipe
            out.open("a").close()
        if not there:
            out.unlink()
    except OSError as error:
        raise UsageError(f"--predictions: {out}: {error.strerror}") from error


def write(path: Path, predictions: Sequence[Mapping[str, object]]) -> None:
    """Write a JSON object a line; raises UsageError where that cannot be."""
    text = "".join(f"{json.dumps(one)}\n" for one in predictions)
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise UsageError(f"--predictions: {path}: {error.strerror}") from error
