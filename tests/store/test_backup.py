"""Backups: one state, whole or not at all, into either database."""

import sqlite3
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    insert,
    select,
    text,
    update,
)

from tests.fakes import MONDAY
from tracker.errors import StoreError
from tracker.store import backup, listing, soundness
from tracker.store import engine as store
from tracker.store.tables import Base, UtcDateTime

TABLES = Base.metadata.tables
ITEM, KEY, MENTION = TABLES["item"], TABLES["item_key"], TABLES["mention"]


def fill(engine: Engine, items: int) -> None:
    with store.writing(engine) as connection:
        connection.execute(
            insert(TABLES["source"]).values(id=1, name="blog", detail="", failures=0)
        )
        connection.execute(insert(TABLES["source"]).values(id=3, name="other"))
        rows = [
            {
                "id": number,
                "kind": "post",
                "title": f"Post number{number} über Ranking",
                "first_seen_at": MONDAY + timedelta(seconds=number),
                "source_id": 1,
            }
            for number in range(1, items + 1)
        ]
        connection.execute(insert(ITEM), rows)
        connection.execute(
            insert(KEY),
            [{"key": f"url:{row['id']}", "item_id": row["id"]} for row in rows],
        )
        connection.execute(
            insert(MENTION),
            [
                {
                    "item_id": row["id"],
                    "source_id": 1,
                    "guid": str(row["id"]),
                    "fingerprint": "f",
                    "first_seen_at": MONDAY,
                }
                for row in rows
            ],
        )
        if connection.dialect.name == "sqlite":
            backup.index(connection)
        join(connection, 1, 2)


def fill_others(engine: Engine) -> None:
    """Put a row into every table that is empty, with something in every column."""
    with store.writing(engine) as connection:
        for table in Base.metadata.sorted_tables:
            if connection.execute(select(table).limit(1)).first() is None:
                row = {column.name: value(column) for column in table.c}
                if "other_id" in row:
                    row["other_id"] = 1  # no item is apart from itself
                connection.execute(insert(table).values(row))


def value(column: Column[Any]) -> object:
    """Return a value that is no default, of a row that there is where it names one."""
    if column.foreign_keys or column.name == "id":
        return 3
    if isinstance(column.type, UtcDateTime):
        return MONDAY
    made: dict[type, object] = {
        bool: True,
        int: -(2**62) if isinstance(column.type, BigInteger) else 7,
        float: 0.25,
        bytes: b"\0\xff",
        str: f"{column}\n\u00fc",
    }
    return made[column.type.python_type]


def join(connection: Connection, lost: int, kept: int) -> None:
    """Join one item to another, of a higher number too."""
    for table in (KEY, MENTION):
        connection.execute(
            update(table).where(table.c.item_id == lost).values(item_id=kept)
        )
    connection.execute(update(ITEM).where(ITEM.c.id == lost).values(merged_into=kept))


def contents(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    with store.reading(engine) as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(
                    select(table).order_by(*table.primary_key)
                )
            ]
            for table in Base.metadata.sorted_tables
        }


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Engine]:
    """Return a second, empty store."""
    engine = store.open_store(f"sqlite:///{tmp_path / 'other' / 'tracker.db'}")
    store.check(engine)
    yield engine
    engine.dispose()


def test_a_backup_restores_all_of_it(
    engine: Engine, other: Engine, tmp_path: Path
) -> None:
    fill(engine, 1203)
    fill_others(engine)
    file = tmp_path / "backup.db"
    backup.write(engine, file)
    backup.restore(other, file)
    assert all(contents(engine).values())
    assert contents(other) == contents(engine)
    with store.reading(other) as connection:
        assert [i.id for i in listing.search(connection, "number77", 5)] == [77]
        assert list(soundness.findings(connection)) == []


def test_a_backup_replaces_what_is_there_and_new_rows_get_new_numbers(
    engine: Engine, other: Engine, tmp_path: Path
) -> None:
    fill(other, 7)
    fill_others(other)
    fill(engine, 30)
    file = tmp_path / "backup.db"
    backup.write(other, file)
    backup.restore(engine, file)
    assert contents(engine) == contents(other)
    with store.writing(engine) as connection:
        row = {"kind": "post", "title": "New", "first_seen_at": MONDAY, "source_id": 1}
        made = connection.execute(insert(ITEM).values(row))
        assert made.inserted_primary_key is not None
        assert made.inserted_primary_key[0] == 8


def test_a_backup_can_be_taken_while_another_writes(
    engine: Engine, tmp_path: Path
) -> None:
    fill(engine, 10)
    stop = threading.Event()
    rounds: list[int] = []

    def write() -> None:
        while not stop.is_set():
            with store.writing(engine) as connection:
                number = len(rounds)
                for table, column in ((ITEM, "title"), (MENTION, "guid")):
                    here = table.c.id == 5 if table is ITEM else table.c.item_id == 5
                    connection.execute(
                        update(table).where(here).values({column: f"round {number}"})
                    )
            rounds.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(5):
            file = tmp_path / "backup.db"
            backup.write(engine, file)
            with sqlite3.connect(file) as copy:
                title = copy.execute("select title from item where id = 5").fetchone()
                guid = copy.execute("select guid from mention where item_id = 5")
                assert title == guid.fetchone() or title == (
                    "Post number5 über Ranking",
                )
            copy.close()
    finally:
        stop.set()
        writer.join()
    assert rounds


def test_a_failed_backup_leaves_the_old_one_and_no_litter(
    engine: Engine, tmp_path: Path
) -> None:
    with pytest.raises(StoreError, match="No such file"):
        backup.write(engine, tmp_path / "none" / "backup.db")
    folder = tmp_path / "kept"
    folder.mkdir()
    (folder / "backup.db").mkdir()
    with pytest.raises(StoreError, match=r"backup\.db"):
        backup.write(engine, folder / "backup.db")
    assert [path.name for path in folder.iterdir()] == ["backup.db"]


@pytest.mark.parametrize(
    ("body", "says"), [(b"", "no backup"), (b"not a database" * 999, "no backup")]
)
def test_what_is_no_backup_is_refused_and_replaces_nothing(
    engine: Engine, tmp_path: Path, body: bytes, says: str
) -> None:
    fill(engine, 3)
    file = tmp_path / "backup.db"
    file.write_bytes(body)
    before = contents(engine)
    with pytest.raises(StoreError, match=says):
        backup.restore(engine, file)
    with pytest.raises(StoreError, match="no such file"):
        backup.restore(engine, tmp_path / "none.db")
    assert contents(engine) == before


def test_a_backup_of_a_newer_program_is_refused(
    engine: Engine, other: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "backup.db"
    with store.writing(other) as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    backup.write(other, file)
    with pytest.raises(StoreError, match="newer"):
        backup.restore(engine, file)


def test_a_damaged_backup_is_refused(engine: Engine, tmp_path: Path) -> None:
    fill(engine, 2000)
    file = tmp_path / "backup.db"
    backup.write(engine, file)
    body = bytearray(file.read_bytes())
    body[len(body) // 2 : len(body) // 2 + 4096 * 3] = b"\xff" * 4096 * 3
    file.write_bytes(body)
    before = contents(engine)
    with pytest.raises(StoreError, match=r"damaged|no backup"):
        backup.restore(engine, file)
    assert contents(engine) == before


def test_a_store_that_is_not_sound_is_described(engine: Engine) -> None:
    fill(engine, 9)
    with store.writing(engine) as connection:
        connection.execute(KEY.delete().where(KEY.c.item_id == 9))
        connection.execute(update(ITEM).where(ITEM.c.id == 2).values(merged_into=3))
        if connection.dialect.name == "sqlite":
            connection.execute(
                text("insert into item_text (rowid, title) values (99, 'x')")
            )
    with store.reading(engine) as connection:
        found = " | ".join(soundness.findings(connection))
    assert "1 items without a key, which their source would make anew: 9" in found
    assert "lead to one that is joined itself, or to themselves: 1" in found
    assert ("search index" in found) is (engine.dialect.name == "sqlite")
