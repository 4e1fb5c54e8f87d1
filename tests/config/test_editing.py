"""feeds.toml is edited where it stands: what was not meant to change does not."""

import os
import stat
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.config import editing, load, places
from tracker.errors import ConfigError, TrackerError

_FILE = """\
# my sources
[fetch]
contact = "me@x.example"  # that is me

# Companies

[[source]] # the first
name = "a"
kind = "feed"
url = "https://a.example/feed"   # their own

# Labs

# capped at ten entries
[[source]]
  name = 'b'
  kind = "feed"
  url = "https://b.example/feed"
  topics = [
    "recsys", # one
  ]
[[topic]]
name = "recsys"
description = '''
[[source]]
enabled = true
# not a comment'''

# more
[[source]]
name = "c"
kind = "feed"
enabled = false  # for now
url = "https://c.example/feed"
# the end
"""
_NEW: editing.Table = {"name": "n", "kind": "feed", "url": "https://n.example/"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "feeds.toml"
    found.write_text(_FILE, "utf-8")
    return found


def names(file: Path) -> list[str]:
    return [subscription.name for subscription in load(str(file)).subscriptions]


def enabled(file: Path) -> list[str]:
    return [source.name for source in load(str(file)).subscriptions if source.enabled]


def test_a_source_is_added_after_the_last_one(file: Path) -> None:
    editing.add(file, [{**_NEW, "topics": ["recsys"]}])
    added = (
        '\n[[source]]\nname = "n"\nkind = "feed"\nurl = "https://n.example/"\n'
        'topics = ["recsys"]\n'
    )
    end = "# the end\n"
    assert file.read_text("utf-8") == _FILE.removesuffix(end) + added + end


@pytest.mark.parametrize(
    "text", ["", "# nothing yet", '[[topic]]\nname = "x"', "[fetch]\r\ntimeout = 9\r\n"]
)
def test_a_file_without_sources_gets_one(text: str, tmp_path: Path) -> None:
    file = tmp_path / "feeds.toml"
    file.write_bytes(text.encode())
    editing.add(file, [_NEW])
    assert names(file) == ["n"]
    written = file.read_bytes()
    assert written.startswith(text.encode())
    assert written.count(b"\r\n") in {0, written.count(b"\n")}


@pytest.mark.parametrize(
    "title", ['"', "\\", "a\tb", "é机器", "\x7f", "'''", "[[source]]"]
)
def test_any_title_is_written_as_it_is(title: str, file: Path) -> None:
    editing.add(file, [{**_NEW, "title": title}])
    assert tomllib.loads(file.read_text("utf-8"))["source"][-1]["title"] == title


@settings(deadline=None, max_examples=50)
@given(st.text())
def test_no_title_is_too_odd(title: str) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "feeds.toml"
        file.write_text(_FILE, "utf-8")
        editing.add(file, [{**_NEW, "title": title}])
        assert tomllib.loads(file.read_text("utf-8"))["source"][-1]["title"] == title


# Parts of files: each may stand anywhere; {} numbers them.
_PARTS = (
    '[[source]]\nname = "n{}"\nkind = "feed"\nurl = "https://n{}.example/"\n',
    '  [[ source ]]#c\n\n  kind="feed"\n# in\n  name=\'n{}\'\n  url="https://a.b/#{}"',
    '[["source"]]\nurl = "https://a.b/{}"\nname = "n{}"\nenabled=true#c\n'
    'kind = "feed"\n',
    '[[source]]\nkind="feed"\nname="n{}"\ntitle="""\n[x]\nenabled = true\n"""\n'
    'url="https://n{}.example/"\n',
    '[[topic]]\nname = "t{}"\nkeywords = [\n"[", "]",\n]\n',
    "[[topic]]\nname = \"t{}\"\ndescription = '''\n[[source]]\n#''' # {}\n",
    "# a comment [[source]] {}\n",
    "\n\n",
)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.sampled_from(_PARTS), max_size=7), st.sampled_from(["\n", "\r\n"]))
def test_sources_are_edited_however_a_file_is_laid_out(
    parts: list[str], newline: str
) -> None:
    text = "\n".join(part.format(at, at) for at, part in enumerate(["#\n", *parts]))
    with TemporaryDirectory() as folder:
        file = Path(folder) / "feeds.toml"
        file.write_bytes(text.replace("\n", newline).encode())
        editing.add(file, [_NEW])
        for name in names(file):
            editing.disable(file, name)
            assert name not in enabled(file)
            editing.remove(file, name)
            assert name not in names(file)
        left = file.read_bytes().decode()
        assert left.count("# a comment") == text.count("# a comment")
        assert left.count("[[topic]]") == text.count("[[topic]]")
        assert left.count("\n") == left.count(newline)


def test_a_source_is_removed_and_the_comments_around_it_stay(file: Path) -> None:
    editing.remove(file, "a")
    first = _FILE.index("[[source]] # the first")
    assert file.read_text("utf-8") == _FILE[:first] + _FILE[_FILE.index("# Labs") :]
    editing.remove(file, "b")
    editing.remove(file, "c")
    assert names(file) == []
    left = file.read_text("utf-8")
    for line in ("# Labs", "# more", "# the end", "# capped at ten entries"):
        assert line in left


def test_removing_what_was_added_gives_the_file_back(file: Path) -> None:
    editing.add(file, [_NEW, {**_NEW, "name": "m"}])
    editing.remove(file, "m")
    editing.remove(file, "n")
    assert file.read_text("utf-8").split() == _FILE.split()


def test_a_source_is_disabled_by_one_line(file: Path) -> None:
    editing.disable(file, "a")
    line = "   # their own\n"
    expected = _FILE.replace(line, f"{line}enabled = false\n")
    assert file.read_text("utf-8") == expected
    editing.enable(file, "a")
    assert file.read_text("utf-8") == expected.replace(
        "enabled = false\n", "enabled = true\n", 1
    )


def test_a_line_that_disables_a_source_is_turned_round(file: Path) -> None:
    editing.enable(file, "c")
    assert file.read_text("utf-8") == _FILE.replace("= false  #", "= true  #")
    assert enabled(file) == ["a", "b", "c"]


def test_a_line_inside_a_text_disables_nothing(tmp_path: Path) -> None:
    file = tmp_path / "feeds.toml"
    title = 'title = """\nenabled = true\n"""'
    rest = 'name = "a"\nkind = "feed"\nurl = "https://a.example/"\n'
    file.write_text(f"[[source]]\n{title}\n{rest}", "utf-8")
    editing.disable(file, "a")
    assert enabled(file) == []
    assert title in file.read_text("utf-8")


def test_a_value_over_several_lines_may_be_the_last(file: Path) -> None:
    editing.disable(file, "b")
    assert "  ]\nenabled = false\n[[topic]]" in file.read_text("utf-8")


def test_a_last_line_without_an_end_is_no_obstacle(tmp_path: Path) -> None:
    file = tmp_path / "feeds.toml"
    file.write_text('[[source]]\nname = "a"\nkind = "feed"\nurl = "https://a.example"')
    editing.disable(file, "a")
    assert enabled(file) == []
    editing.add(file, [_NEW])
    assert names(file) == ["a", "n"]


def test_lines_that_end_as_on_windows_go_on_so(tmp_path: Path) -> None:
    file = tmp_path / "feeds.toml"
    file.write_bytes(_FILE.replace("\n", "\r\n").encode())
    editing.add(file, [_NEW])
    editing.disable(file, "a")
    editing.remove(file, "b")
    body = file.read_bytes()
    assert body.count(b"\n") == body.count(b"\r\n")
    assert names(file) == ["a", "c", "n"]


def test_a_result_that_would_be_wrong_is_not_written(file: Path) -> None:
    with pytest.raises(ConfigError, match=r"unknown topic 'recys'.*'recsys'"):
        editing.add(file, [{**_NEW, "topics": ["recys"]}])
    with pytest.raises(ConfigError, match="used 2 times"):
        editing.add(file, [{**_NEW, "name": "a"}])
    with pytest.raises(ConfigError, match="name:"):
        editing.add(file, [{**_NEW, "name": "A b"}])
    with pytest.raises(ConfigError, match=r'no .*"zz"'):
        editing.remove(file, "zz")
    assert file.read_text("utf-8") == _FILE


@pytest.mark.parametrize(
    "text",
    [
        'source = [{name = "a", kind = "feed", url = "https://a.example"}]\n',
        '["so\\u0075rce"]\n',
        '[[ "so\\u0075rce" ]]\nname = "a"\nkind = "feed"\nurl = "https://a.example"\n',
    ],
)
def test_what_only_its_author_can_edit_is_left_alone(text: str, tmp_path: Path) -> None:
    file = tmp_path / "feeds.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=r"by hand|write"):
        editing.add(file, [_NEW])
    assert file.read_text("utf-8") == text


def test_permissions_and_a_link_stay(file: Path, tmp_path: Path) -> None:
    file.chmod(0o640)
    link = tmp_path / "elsewhere" / "link.toml"
    link.parent.mkdir()
    link.symlink_to(file)
    editing.remove(link, "a")
    assert link.is_symlink()
    assert names(file) == ["b", "c"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_no_other_file_is_left_behind(file: Path) -> None:
    editing.remove(file, "a")
    with pytest.raises(ConfigError):
        editing.add(file, [{**_NEW, "kind": "fed"}])
    assert os.listdir(file.parent) == [file.name]


def test_a_change_made_meanwhile_is_not_overwritten(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flush = os.fsync

    def fsync(number: int) -> None:
        file.write_text("# by another hand\n", "utf-8")
        flush(number)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(TrackerError, match="meanwhile"):
        editing.remove(file, "a")
    assert file.read_text("utf-8") == "# by another hand\n"
    assert os.listdir(file.parent) == [file.name]


def test_the_file_that_came_with_tracker_is_not_edited(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "_FOLDER", file.parent)
    with pytest.raises(ConfigError, match="`tracker init` first"):
        editing.remove(file, "a")
    assert file.read_text("utf-8") == _FILE


def test_our_own_file_can_be_edited_source_by_source(tmp_path: Path) -> None:
    text = places.shipped_config_file().read_text("utf-8")
    file = tmp_path / "feeds.toml"
    file.write_text(text, "utf-8")
    for name in names(file)[:5]:
        editing.disable(file, name)
        assert name not in enabled(file)
        editing.remove(file, name)
        assert name not in names(file)
    kept = [line for line in text.splitlines() if line.startswith("#")]
    left = [line for line in file.read_text("utf-8").splitlines() if line[:1] == "#"]
    assert left == kept


def test_an_address_is_changed_where_it_stands(file: Path) -> None:
    editing.readdress(file, "b", "https://new.example/feed?a=1")
    before = 'url = "https://b.example/feed"'
    after = 'url = "https://new.example/feed?a=1"'
    assert file.read_text("utf-8") == _FILE.replace(before, after)
    with pytest.raises(ConfigError, match=r'no \[\[source\]\] "x"'):
        editing.readdress(file, "x", "https://new.example/feed")
