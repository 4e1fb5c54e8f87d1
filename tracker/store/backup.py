"""Backups: the whole store in one SQLite file, whatever database it is kept in.

A backup is taken while others work and holds one state. It is restored into SQLite or
PostgreSQL, so that it also moves a store from one to the other.
"""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Table,
    bindparam,
    false,
    func,
    insert,
    select,
    text,
    update,
)

from tracker.errors import StoreError
from tracker.store import engine as store
from tracker.store.tables import SCHEMA, Base

_ROWS = 500  # copied at a time; no more than some MB of them


def write(engine: Engine, file: Path) -> None:
    """Write the store as of now to `file`, whole or not at all.

    Raises StoreError when the place can't be written.
    """
    with _beside(file) as draft:
        if engine.dialect.name == "sqlite":
            _vacuum(engine, draft)
        else:
            _copy_out(engine, draft)
        _replace(draft, file)


def _vacuum(engine: Engine, draft: Path) -> None:
    """Write a SQLite store as a compact file; other writers go on meanwhile."""
    raw = engine.raw_connection()
    try:
        driver: Any = raw.driver_connection
        driver.execute("VACUUM INTO ?", (str(draft),))
    except sqlite3.Error as error:
        raise StoreError(f"{draft.parent}: {error}") from error
    finally:
        raw.close()


def _copy_out(engine: Engine, draft: Path) -> None:
    with _opened(draft) as target:
        store.migrate(target)
        frozen = engine.execution_options(isolation_level="REPEATABLE READ")
        with store.reading(frozen) as source, store.writing(target) as into:
            _copy(source, into)
            index(into)


def rows(connection: Connection) -> int:
    """Return how many items, marks and issues there are, deleted ones too."""
    tables = (Base.metadata.tables[name] for name in ("item", "mark", "issue"))
    counts = (select(func.count()).select_from(table) for table in tables)
    return sum(connection.scalar(count) or 0 for count in counts)


def restore(engine: Engine, file: Path) -> None:
    """Put a backup in the place of all that the store holds, at once or not at all.

    A backup of an older tracker gets today's tables on the way; `file` itself stays
    as it is. Raises StoreError when it is no backup, is damaged or too new.
    """
    _examine(file)
    with _beside(Path(tempfile.gettempdir()) / "tracker-restore") as draft:
        _through_sqlite(file, draft)
        with _opened(draft) as source:
            store.migrate(source)
        if engine.dialect.name == "sqlite":
            _through_sqlite(draft, Path(str(engine.url.database)))
        else:
            _copy_in(draft, engine)


def _examine(file: Path) -> None:
    """Raise StoreError unless `file` is a sound backup that this program can read."""
    if not file.is_file():
        raise StoreError(f"{file}: no such file")
    try:
        with closing(_read_only(file)) as it:
            damage = it.execute("PRAGMA quick_check(1)").fetchone()[0]
            found = it.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise StoreError(f"{file}: no backup of tracker's: {error}") from error
    if damage != "ok":
        raise StoreError(f"{file}: damaged: {damage}")
    if found is None or str(found[0]) > SCHEMA:
        raise StoreError(f"{file}: made by a newer tracker: update this one")


def _read_only(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)


def _through_sqlite(source: Path, target: Path) -> None:
    """Copy a SQLite database over another one, in one transaction of the latter."""
    try:
        with (
            closing(_read_only(source)) as old,
            closing(sqlite3.connect(target, timeout=store.BUSY_SECONDS)) as new,
        ):
            old.backup(new)
    except sqlite3.Error as error:
        raise StoreError(f"{target}: {error}") from error


def _copy_in(draft: Path, engine: Engine) -> None:
    with (
        _opened(draft) as backup,
        store.reading(backup) as source,
        store.writing(engine) as into,
    ):
        for table in reversed(Base.metadata.sorted_tables):
            into.execute(table.delete())
        _copy(source, into)
        for table in Base.metadata.sorted_tables:
            _count_on(into, table)


def _copy(source: Connection, into: Connection) -> None:
    for table in Base.metadata.sorted_tables:
        order = list(table.primary_key)
        later = [c for c in table.c if _is_own(c)]  # rows of its own
        blank = {column.name: None for column in later}
        found = source.execution_options(yield_per=_ROWS).execute(
            select(table).order_by(*order)
        )
        for some in found.mappings().partitions(_ROWS):
            into.execute(insert(table), [{**row, **blank} for row in some])
        for column in later:
            _refer(source, into, column)


def _is_own(column: Column[Any]) -> bool:
    return any(key.column.table is column.table for key in column.foreign_keys)


def _refer(source: Connection, into: Connection, column: Column[Any]) -> None:
    """Copy what points to rows of the same table, now that all are there."""
    number = column.table.c.id
    pointing = source.execute(select(number, column).where(column.is_not(None)))
    pairs = [{"row": row[0], "target": row[1]} for row in pointing]
    if pairs:
        change = update(column.table).where(number == bindparam("row"))
        into.execute(change.values({column: bindparam("target")}), pairs)


def index(connection: Connection) -> None:
    """Make SQLite's full-text index anew from the items."""
    connection.execute(text("insert into item_text (item_text) values ('rebuild')"))


def _count_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL number new rows after those that were copied."""
    if "id" in table.c:
        last = select(func.coalesce(func.max(table.c.id), 0)).scalar_subquery()
        sequence = func.pg_get_serial_sequence(table.name, "id")
        connection.execute(select(func.setval(sequence, last + 1, false())))


@contextmanager
def _opened(file: Path) -> Iterator[Engine]:
    engine = store.open_store(f"sqlite:///{file}")
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _beside(file: Path) -> Iterator[Path]:
    """Give a place for a draft of `file`, in its folder; nothing is left there."""
    try:
        with tempfile.TemporaryDirectory(prefix=".tracker-", dir=file.parent) as folder:
            yield Path(folder) / "draft.db"
    except OSError as error:
        raise StoreError(f"{file}: {error.strerror}") from error


def _replace(draft: Path, file: Path) -> None:
    """Give the draft the name `file`, once all of it is on the disk."""
    with draft.open("rb") as written:
        os.fsync(written.fileno())
    draft.replace(file)
