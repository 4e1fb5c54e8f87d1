"""The store: its schema, its transactions, what it refuses."""

import re
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, func, insert, select, text

from tests.fakes import MONDAY
from tracker.errors import ConfigError, SchemaError, StoreError
from tracker.store import engine as store
from tracker.store.tables import SCHEMA, Base

SOURCE = Base.metadata.tables["source"]


def _ours(name: str | None, kind: str, _parents: object) -> bool:
    searching = name is not None and kind == "table" and store.is_search_table(name)
    return not searching and name != "ix_item_text"


def test_the_migrations_make_the_tables(engine: Engine) -> None:
    with store.reading(engine) as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": _ours, "compare_type": True}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_the_schema_is_the_newest_migration() -> None:
    files = sorted((store.migrations() / "versions").glob("*.py"))
    assert files[-1].name.startswith(f"{SCHEMA}_")


def test_migrations_never_import_the_application() -> None:
    for file in store.migrations().rglob("*.py"):
        assert not re.search(
            r"^\s*(?:from|import) tracker", file.read_text("utf-8"), re.M
        )


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    assert store.migrate(engine) == (SCHEMA, SCHEMA)


@pytest.mark.parametrize(
    ("found", "says"), [("0000", "tracker migrate"), ("9999", "newer")]
)
def test_other_tables_are_refused(engine: Engine, found: str, says: str) -> None:
    with store.writing(engine) as connection:
        connection.execute(
            text("update alembic_version set version_num = :v"), {"v": found}
        )
    with pytest.raises(SchemaError, match=says):
        store.check(engine)


def test_a_transaction_that_breaks_leaves_nothing(engine: Engine) -> None:
    with pytest.raises(RuntimeError), store.writing(engine) as connection:
        connection.execute(insert(SOURCE).values(name="a", detail="", failures=0))
        raise RuntimeError
    with store.reading(engine) as connection:
        assert connection.scalar(select(func.count()).select_from(SOURCE)) == 0


def test_a_naive_moment_is_refused(engine: Engine) -> None:
    naive = MONDAY.replace(tzinfo=None)
    row = {"name": "a", "detail": "", "failures": 0, "checked_at": naive}
    with pytest.raises(Exception, match="naive"), store.writing(engine) as connection:
        connection.execute(insert(SOURCE).values(row))


def test_moments_come_back_aware(engine: Engine) -> None:
    row = {"name": "a", "detail": "", "failures": 0, "checked_at": MONDAY}
    with store.writing(engine) as connection:
        connection.execute(insert(SOURCE).values(row))
    with store.reading(engine) as connection:
        assert connection.scalar(select(SOURCE.c.checked_at)) == MONDAY


def test_only_one_daemon_works_on_a_store(engine: Engine) -> None:
    with store.alone(engine) as first, store.alone(engine) as second:
        assert (first, second) == (True, False)
    with store.alone(engine) as again:
        assert again


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nonsense", "store"),
        ("mysql://h/db", "use sqlite or postgresql"),
        ("sqlite:////proc/none/tracker.db", "/proc/none"),
    ],
)
def test_a_url_that_can_not_be_opened_is_named(url: str, says: str) -> None:
    with pytest.raises((ConfigError, StoreError), match=says):
        store.open_store(url)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    file = tmp_path / "tracker.db"
    file.write_bytes(b"this is no database at all" * 100)
    opened = store.open_store(f"sqlite:///{file}")
    with pytest.raises(StoreError, match=re.escape(str(file))):
        store.check(opened)
    opened.dispose()


def test_a_full_disk_loses_nothing_stored(tmp_path: Path) -> None:
    opened = store.open_store(f"sqlite:///{tmp_path / 'tracker.db'}")
    store.check(opened)
    with opened.connect() as connection:
        pages = connection.exec_driver_sql("pragma page_count").scalar()
    row = {"detail": "x" * 200_000, "failures": 0}
    with pytest.raises(StoreError, match="full"), store.writing(opened) as connection:
        connection.exec_driver_sql(f"pragma max_page_count = {pages}")
        connection.execute(insert(SOURCE), [row | {"name": str(n)} for n in range(50)])
    with store.reading(opened) as connection:
        assert connection.scalar(select(func.count()).select_from(SOURCE)) == 0
        assert connection.exec_driver_sql("pragma integrity_check").scalar() == "ok"
    opened.dispose()


def test_the_sqlite_file_can_be_read_by_others_while_open(tmp_path: Path) -> None:
    file = tmp_path / "tracker.db"
    opened = store.open_store(f"sqlite:///{file}")
    store.check(opened)
    with store.writing(opened), sqlite3.connect(file) as other:
        assert other.execute("select count(*) from item").fetchone() == (0,)
    other.close()
    opened.dispose()
