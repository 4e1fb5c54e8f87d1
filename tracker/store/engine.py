"""Opening the database, its transactions, its schema."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DBAPIError,
    IntegrityError,
)
from sqlmodel import create_engine

from tracker.errors import ConfigError, SchemaError, StoreError
from tracker.store.tables import SCHEMA

BUSY_SECONDS = 30
# Advisory locks on PostgreSQL, by number: "tracker", "writer".
_DAEMON = {"key": 0x747261636B6572}
_WRITER = {"key": 0x777269746572}
_FOLDER = Path(__file__).resolve().parent.parent


def open_store(url: str) -> Engine:
    """Return an engine for a SQLAlchemy URL: SQLite or PostgreSQL.

    Raises ConfigError when the URL is none, or its driver is not installed, and
    StoreError when the folder of a SQLite file can't be made.
    """
    try:
        parsed = make_url(url)
        if parsed.drivername in {"postgres", "postgresql"}:
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() not in {"sqlite", "postgresql"}:
            what = f"[store] url: {parsed.drivername}: use sqlite or postgresql"
            raise ConfigError(what)
        if parsed.get_backend_name() == "sqlite" and parsed.database not in {
            None,
            ":memory:",
        }:
            Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, hide_parameters=True)
    except ArgumentError as error:
        raise ConfigError(f"[store] url: {error}") from error
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"[store] url needs {error.name}: pip install 'tracker-digest[postgres]'"
        ) from error
    except OSError as error:
        raise StoreError(f"[store] url: {error.filename}: {error.strerror}") from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own transaction handling is switched off: "begin" below does it.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        "journal_mode = WAL",
        "foreign_keys = ON",
        "cache_size = -32000",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that will write takes the lock at once: a read lock that grows
    # into a write lock fails without waiting when another writer was faster.
    options = connection.get_execution_options()
    writes = options.get("writes", False)
    level = "FULL" if options.get("lasts", False) else "NORMAL"
    connection.exec_driver_sql(f"PRAGMA synchronous = {level}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a connection in a transaction that commits at the end, or not at all.

    There is one writer at a time, as SQLite has it: what is read in here is true
    until the end. Raises StoreError, in one line, when the database refuses, or
    when other writers take over 30 seconds.
    """
    with _written(engine.execution_options(writes=True)) as connection:
        yield connection


@contextmanager
def lasting(engine: Engine) -> Iterator[Connection]:
    """Give what `writing` gives; what it commits outlasts a power cut too.

    SQLite's other commits outlast a crash of the program alone, as waiting for the
    disk each time is slow. PostgreSQL always waits.
    """
    with _written(engine.execution_options(writes=True, lasts=True)) as connection:
        yield connection


@contextmanager
def _written(engine: Engine) -> Iterator[Connection]:
    with _named(engine), engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"set local lock_timeout = '{BUSY_SECONDS}s'"))
            connection.execute(text("select pg_advisory_xact_lock(:key)"), _WRITER)
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection in a transaction that sees one state and changes nothing."""
    with _named(engine), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def _named(engine: Engine) -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise
    except DatabaseError as error:
        where = engine.url.render_as_string(hide_password=True)
        raise StoreError(f"{where}: {_short(error)}") from error


def _short(error: DBAPIError) -> str:
    lines = str(error.orig).strip().splitlines()
    return lines[0] if lines else type(error.orig).__name__


def migrations() -> Path:
    """Return the folder of migrations: inside the wheel, or beside the package."""
    shipped = _FOLDER / "migrations"
    return shipped if shipped.is_dir() else _FOLDER.parent / "migrations"


def version(engine: Engine) -> str | None:
    """Return the schema's migration, None for an empty database."""
    with reading(engine) as connection:
        if not connection.dialect.has_table(connection, "alembic_version"):
            return None
        found: str | None = connection.scalar(
            text("select version_num from alembic_version")
        )
        return found


def check(engine: Engine) -> None:
    """Raise SchemaError unless the tables fit this program; create missing ones."""
    found = version(engine)
    if found is None:
        migrate(engine)
    elif found < SCHEMA:
        raise SchemaError(
            f"the store's tables are at {found}, this program needs {SCHEMA}:"
            " run `tracker migrate`"
        )
    elif found > SCHEMA:
        raise SchemaError(
            f"the store's tables are at {found}, newer than this program ({SCHEMA}):"
            " update tracker"
        )


def migrate(engine: Engine) -> tuple[str | None, str]:
    """Bring the tables up to date; return the migration before and after.

    Runs in one transaction: an interrupted migration leaves the old tables.
    """
    from alembic import command
    from alembic.config import Config

    before = version(engine)
    config = Config()
    config.set_main_option("script_location", str(migrations()))
    with writing(engine) as connection:
        attributes: dict[str, Any] = config.attributes
        attributes["connection"] = connection
        command.upgrade(config, "head")
    return before, SCHEMA


def is_search_table(name: str) -> bool:
    """Return whether a table belongs to SQLite's full-text index."""
    return name == "item_text" or name.startswith("item_text_")


@contextmanager
def alone(engine: Engine) -> Iterator[bool]:
    """Hold the store's one daemon lock; give whether it could be had.

    A lock file beside SQLite's, an advisory lock on PostgreSQL: both end with the
    process that holds them, however it ends.
    """
    if engine.dialect.name == "sqlite":
        with _file_lock(f"{engine.url.database}.daemon.lock") as held:
            yield held
        return
    with engine.connect() as connection:
        taken = connection.scalar(text("select pg_try_advisory_lock(:key)"), _DAEMON)
        connection.commit()
        try:
            yield bool(taken)
        finally:  # ends the session, and with it the lock
            connection.invalidate()


@contextmanager
def _file_lock(file: str) -> Iterator[bool]:
    from filelock import FileLock, Timeout

    lock = FileLock(file)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        yield False
        return
    except OSError as error:
        raise StoreError(f"{file}: {error.strerror}") from error
    try:
        yield True
    finally:
        lock.release()
