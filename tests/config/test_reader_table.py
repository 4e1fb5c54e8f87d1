"""A reader's table is added to where it stands, and all else stays as it was."""

import tomllib
from pathlib import Path

import pytest

from tracker.config import load
from tracker.config.reader_table import teach
from tracker.errors import ConfigError

_TOPICS = '[[topic]]\nname = "recsys"\n[[topic]]\nname = "llm"\n'
_LISTS = {"topics": ["recsys"], "include": ["two-tower", "PyTorch"]}


def file_of(folder: Path, text: str) -> Path:
    file = folder / "feeds.toml"
    file.write_bytes(f"{text}{_TOPICS}".encode())
    (folder / "job.md").write_text("Ranking", "utf-8")
    return file


def test_a_file_without_readers_gets_one_that_says_where_it_is_from(
    tmp_path: Path,
) -> None:
    file = file_of(tmp_path, "# mine\n")
    assert teach(file, "me", _LISTS, "job.md") == _LISTS
    assert file.read_text("utf-8") == (
        f"# mine\n{_TOPICS}\n"
        "# What job.md asks for stands first; change it as you like.\n"
        '[[reader]]\nname = "me"\ntopics = ["recsys"]\n'
        'include = ["two-tower", "PyTorch"]\njob = "job.md"\n'
    )
    (reader,) = load(str(file)).readers
    assert (reader.include, reader.job) == (("two-tower", "PyTorch"), "Ranking")


def test_a_table_keeps_its_comments_order_and_values(tmp_path: Path) -> None:
    text = (
        '[[reader]]\nname = "ada" # me\n  topics = [  # in order\n    "llm",  # first\n'
        '  ]\nexclude = ["include = [1]"]\n\n[[reader]]\nname = "bob"\n'
    )
    file = file_of(tmp_path, text)
    lists = {"topics": ["llm", "recsys"], "include": ["PyTorch"]}
    assert teach(file, "ada", lists, "job.md") == {
        "topics": ["recsys"],
        "include": ["PyTorch"],
    }
    assert file.read_text("utf-8") == (
        '[[reader]]\nname = "ada" # me\n'
        "# Found, the first 1, in job.md; change it as you like.\n"
        '  topics = ["recsys",   # in order\n    "llm",  # first\n'
        '  ]\nexclude = ["include = [1]"]\n'
        "# What job.md asks for stands first; change it as you like.\n"
        'include = ["PyTorch"]\njob = "job.md"\n\n[[reader]]\nname = "bob"\n'
        f"{_TOPICS}"
    )


def test_the_same_again_changes_nothing(tmp_path: Path) -> None:
    file = file_of(tmp_path, '[[reader]]\nname = "ada"\njob = "old.md"\n')
    (tmp_path / "old.md").write_text("Old", "utf-8")
    teach(file, "ada", _LISTS, "job.md")
    once = file.read_bytes()
    assert b'job = "job.md"' in once
    assert teach(file, "ada", {"include": ["PYTORCH"]}, "job.md") == {}
    assert file.read_bytes() == once


def test_lines_end_as_they_did_and_odd_names_stay_inside_their_strings(
    tmp_path: Path,
) -> None:
    file = file_of(tmp_path, '[[reader]]\r\nname = "ada"\r\ninclude = []\r\n')
    odd = 'a "quoted"\\ \n[[topic]]'
    (tmp_path / "x\ny.md").write_text("Ranking", "utf-8")
    teach(file, "ada", {"include": [odd]}, "x\ny.md")
    settings = tomllib.loads(file.read_bytes().decode())
    assert settings["reader"] == [{"name": "ada", "include": [odd], "job": "x\ny.md"}]
    assert b'ada"\r\n# Found, the first 1,' in file.read_bytes()


def test_the_last_line_may_lack_its_end(tmp_path: Path) -> None:
    file = file_of(tmp_path, "")
    file.write_text(f'{_TOPICS}[[reader]]\nname = "ada"', "utf-8")
    teach(file, "ada", _LISTS, "job.md")
    assert load(str(file)).readers[0].topics == ("recsys",)


@pytest.mark.parametrize(
    ("text", "lists", "said"),
    [
        ('[[reader]]\nname = "bob"\n', _LISTS, r'no \[\[reader\]\] "ada"'),
        ('[[reader]]\nname = "ada"\n', {"topics": ["boats"]}, "unknown topic 'boats'"),
        ('reader = [{name = "ada"}]\n', _LISTS, "written in a way only you can edit"),
    ],
)
def test_what_can_not_be_added_changes_nothing(
    tmp_path: Path, text: str, lists: dict[str, list[str]], said: str
) -> None:
    file = file_of(tmp_path, text)
    before = file.read_bytes()
    with pytest.raises(ConfigError, match=said):
        teach(file, "ada", lists, "job.md")
    assert file.read_bytes() == before
