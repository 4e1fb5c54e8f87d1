"""Migrating a store that holds something: all of it is there afterwards."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, MetaData, select, text

from tracker.store import backup, deliveries, issues, listing, readers, soundness
from tracker.store import engine as store
from tracker.store.engine import reading, writing
from tracker.store.listing import Wanted
from tracker.store.tables import SCHEMA

_DAY = "'2026-11-23 07:00:00'"
_CLAIM = f"2, 'pins', 'a word', 'blog', 0.5, {_DAY}"
# As the first program wrote them: a joined item, a letter sent, and one on its way.
_FIRST = (
    "source (id, name, detail, failures, moments, max_age, ttl, skip_hours, skip_days,"
    " pace) values (1, 'blog', '', 2, '2026-11-20T08:00:00+00:00', 60, 0, '1', '', 9)",
    f"collection values (1, 1, {_DAY}, 'ok', '', 3, 2)",
    f"move values (1, 'https://a.example', 'https://b.example', {_DAY}, {_DAY}, 2)",
    "page values (1, 'https://a.example', '\"e\"', null, 'd', 3)",
    "setting values ('judged', 'v1')",
    "item (id, kind, title, url, summary, content, authors, affiliations, categories,"
    " first_seen_at, source_id, version, withdrawn, authority, backlog) values"
    f" (2, 'paper', 'Über Pins', 'https://a.example/2', 'S', 'C', 'Ada\nBo', 'X', 'cs',"
    f" {_DAY}, 1, 3, true, 2, true)",
    "item (id, kind, title, summary, content, authors, affiliations, categories,"
    " first_seen_at, source_id, withdrawn, authority, backlog, merged_into) values"
    f" (1, 'post', 'Boards', '', '', '', '', '', {_DAY}, 1, false, 0, false, 2)",
    "item_key values ('url:a.example/2', 2), ('guid:blog 2', 2)",
    "mention values (1, 2, 1, '2', 'https://a.example/2', 'https://c.example', 'f',"
    f" {_DAY}), (2, 2, 1, '1', null, '', 'g', {_DAY})",
    *(f"item_{name} values ({_CLAIM})" for name in ("topic", "company", "venue")),
    f"item_signal values (2, 'upvotes', 'blog', '7', {_DAY})",
    "reader (id, name) values (1, 'ada'), (2, 'bo')",
    f"mark values (1, 2, 'to-read', 4, 'ask about this', {_DAY})",
    *(
        "issue (id, reader_id, week, ends_at, composed_at, message_id, message, digest)"
        f" values ({n}, {n}, '2026-W47', {_DAY}, {_DAY}, '<{n}@x>', :message, '{{}}')"
        for n in (1, 2)
    ),
    "issue_item values (1, 2), (2, 2)",
    f"delivery values (1, 1, 'ada@x.example', 'sent', 1, {_DAY}, {_DAY}, '')",
    f"delivery values (2, 2, 'bo@x.example', 'sending', 3, {_DAY}, null, 'greylisted')",
)
_NUMBERED = ("source", "collection", "item", "mention", "reader", "issue", "delivery")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Return a store as the first program left it."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'tracker.db'}"
    else:
        url = request.getfixturevalue("postgres_url")
    engine = store.open_store(url)
    config = Config()
    config.set_main_option("script_location", str(store.migrations()))
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    with writing(engine) as connection:
        for row in _FIRST:
            values = {"message": b"Subject: Pins\r\n"} if ":message" in row else {}
            # A colon between digits is SQLAlchemy's mark of a value.
            statement = text(f"insert into {_escaped(row)}")
            connection.execute(statement, values)
        if engine.dialect.name == "sqlite":
            backup.index(connection)
        else:
            _count_on(connection)
    yield engine
    engine.dispose()


def _escaped(row: str) -> str:
    return row.replace(":", r"\:").replace(r"\:message", ":message")


def _count_on(connection: Connection) -> None:
    for table in _NUMBERED:
        last = f"(select max(id) from {table})"
        connection.execute(text(f"select setval('{table}_id_seq', {last})"))


def contents(
    engine: Engine, columns: dict[str, list[str]] | None = None
) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of all tables, or of those tables and columns."""
    found = MetaData()
    with reading(engine) as connection:
        found.reflect(connection)
        return {
            table.name: [
                {k: v for k, v in row.items() if columns is None or k in shown}
                for row in connection.execute(
                    select(table).order_by(*table.primary_key)
                ).mappings()
            ]
            for table in found.sorted_tables
            if not store.is_search_table(table.name)
            and table.name != "alembic_version"
            and (columns is None or table.name in columns)
            for shown in [(columns or {}).get(table.name, [])]
        }


def test_migrating_a_store_of_the_first_program_loses_nothing(old: Engine) -> None:
    before = contents(old)
    assert all(before.values()), "each table is to hold something"
    columns = {name: list(rows[0]) for name, rows in before.items()}
    assert store.migrate(old) == ("0001", SCHEMA)
    assert contents(old, columns) == before
    store.check(old)


def test_a_migrated_store_is_sound_and_used_as_any_other(old: Engine) -> None:
    store.migrate(old)
    with reading(old) as connection:
        assert list(soundness.findings(connection)) == []
        (item,) = listing.items(connection, Wanted())
        assert [one.id for one in listing.search(connection, "pins", 5)] == [2]
        assert (item.id, item.title, item.withdrawn) == (2, "Über Pins", True)
        mark = readers.mark_of(connection, 1, 2)
        sent, sending = deliveries.deliveries(connection)
        issue = issues.find(connection, 2, "2026-W47")
    assert (mark.rating, mark.note) == (4, "ask about this")
    assert (sent.state, sent.doubts) == ("sent", 0)
    assert (sending.state, sending.attempts, sending.doubts) == ("sending", 3, 0)
    assert issue is not None and issue.message == b"Subject: Pins\r\n"
