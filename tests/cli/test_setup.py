"""`tracker init`, `migrate` and `doctor`."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Desk
from tests.cli.test_reading import output
from tracker.cli import run
from tracker.config import places


def test_init_writes_the_shipped_settings_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "new" / "feeds.toml"
    assert run(["init", str(target)]) == 0
    assert str(target) in capsys.readouterr().out
    assert target.read_bytes() == places.shipped_config_file().read_bytes()
    target.write_text("# mine\n", "utf-8")
    assert run(["init", str(target)]) == 2
    assert "exists already" in capsys.readouterr().err
    assert target.read_text("utf-8") == "# mine\n"


def test_init_names_a_place_it_cannot_write(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["init", "/proc/none/feeds.toml"]) == 1
    said = capsys.readouterr().err
    assert "/proc/none" in said
    assert len(said.splitlines()) == 1


def test_a_missing_file_is_named_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--config", str(tmp_path / "none.toml"), "list"]) == 2
    said = capsys.readouterr().err
    assert f"{tmp_path}/none.toml: no such file; `tracker init` writes one" in said


def test_each_mistake_is_a_line_with_table_and_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "feeds.toml"
    file.write_text(
        '[fetch]\ntimeuot = 5\n[[source]]\nname = "a"\nkind = "feeed"\n', "utf-8"
    )
    assert run(["--config", str(file), "list"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        f"tracker: {file}: [fetch]: timeuot: unknown key 'timeuot';"
        " did you mean 'timeout'?",
        f"tracker: {file}: [[source]] \"a\": kind: unknown kind 'feeed';"
        " did you mean 'feed'?",
    ]


def test_migrate_says_what_the_tables_are_and_were(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "feeds.toml"
    file.write_text(f'[store]\nurl = "sqlite:///{tmp_path}/t.db"\n', "utf-8")
    assert run(["--config", str(file), "migrate"]) == 0
    first = capsys.readouterr().out
    assert first.endswith(", were at none\n")
    assert run(["--config", str(file), "migrate"]) == 0
    assert capsys.readouterr().out == first.partition(",")[0] + "\n"


def test_doctor_finds_nothing_failed_and_names_sources_in_trouble(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    found = json.loads(output(filled, capsys, "doctor", "--json"))
    levels = {finding["subject"]: finding["level"] for finding in found}
    assert levels["store"] == levels["clock"] == levels["mail"] == "ok"
    assert levels["broken"] == levels["bot-check"] == "warning"
    said = output(filled, capsys, "doctor")
    assert "try `tracker sources check broken`" in said


def test_doctor_fails_on_a_dead_mail_server_and_a_broken_store(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "t.db"
    store.write_bytes(b"no database, for sure" * 100)
    file = tmp_path / "feeds.toml"
    file.write_text(
        f'[store]\nurl = "sqlite:///{store}"\n'
        '[mail]\nurl = "smtp://127.0.0.1:9"\nfrom = "t@x.example"\n',
        "utf-8",
    )
    assert run(["--config", str(file), "doctor", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    failed = {f["subject"]: f["words"] for f in found if f["level"] == "failed"}
    assert "see [mail] url" in failed["mail"]
    assert "see [store] url" in failed["store"]
    assert store.read_bytes().startswith(b"no database")
