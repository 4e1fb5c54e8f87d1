"""`tracker backup`, `restore` and `db`."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Desk
from tests.cli.test_reading import output
from tracker.cli import run


def settings(folder: Path) -> Path:
    folder.mkdir()
    file = folder / "feeds.toml"
    file.write_text(
        f'[store]\nurl = "sqlite:///{folder}/t.db"\n[[reader]]\nname = "you"\n'
    )
    return file


def test_a_backup_moves_a_store_to_another_place(
    filled: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output(filled, capsys, "mark", "1", "note", "ask about it")
    file = tmp_path / "backup.db"
    assert str(file) in output(filled, capsys, "backup", str(file))
    config = settings(tmp_path / "new")
    assert run(["--config", str(config), "restore", str(file)]) == 0
    assert "items in sqlite:///" in capsys.readouterr().out
    assert run(["--config", str(config), "show", "1"]) == 0
    assert "ask about it" in capsys.readouterr().out
    assert run(["--config", str(config), "db", "check"]) == 0
    assert capsys.readouterr().out == "sound\n"


def test_a_store_with_items_is_replaced_only_on_demand(
    filled: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "backup.db"
    output(filled, capsys, "backup", str(file))
    config = settings(tmp_path / "new")
    assert run(["--config", str(config), "restore", str(file)]) == 0
    capsys.readouterr()
    assert run(["--config", str(config), "restore", str(file)]) == 2
    assert "add --replace" in capsys.readouterr().err
    assert run(["--config", str(config), "restore", f"{file}x"]) == 2
    assert capsys.readouterr().err.endswith("backup.dbx: no such file; name a backup\n")
    assert run(["--config", str(config), "restore", str(file), "--replace"]) == 0


def test_the_store_itself_is_no_place_for_a_backup(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = settings(tmp_path / "new")
    own = tmp_path / "new" / "t.db"
    assert run(["--config", str(config), "list"]) == 0
    assert run(["--config", str(config), "backup", str(own)]) == 2
    assert run(["--config", str(config), "restore", str(own), "--replace"]) == 2
    assert "is the store itself" in capsys.readouterr().err


def test_what_is_unsound_is_told_and_the_index_mended(
    filled: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import sqlite3

    file = tmp_path / "backup.db"
    output(filled, capsys, "backup", str(file))
    config = settings(tmp_path / "new")
    assert run(["--config", str(config), "restore", str(file)]) == 0
    with sqlite3.connect(tmp_path / "new" / "t.db") as connection:
        connection.execute("insert into item_text (rowid, title) values (9999, 'x')")
    connection.close()
    capsys.readouterr()
    assert run(["--config", str(config), "db", "check", "--json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)
    assert "tracker db reindex" in finding
    assert run(["--config", str(config), "db", "reindex"]) == 0
    assert run(["--config", str(config), "db", "check"]) == 0
