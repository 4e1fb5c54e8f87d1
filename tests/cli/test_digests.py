"""`tracker digest` and `tracker send`."""

import json
from email import message_from_string
from email.policy import default
from pathlib import Path

import pytest

from tests.cli.conftest import Desk
from tests.cli.test_reading import listed, output
from tracker.cli import run


def test_printing_twice_prints_the_same_and_counts_as_nothing(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("digest", "--no-fetch", "--format", "json")
    first = json.loads(output(filled, capsys, *words))
    assert set(first) >= {"week", "reader", "sections", "sources", "trends"}
    titles = [item["title"] for s in first["sections"] for item in s["items"]]
    assert len(titles) > 20
    assert json.loads(output(filled, capsys, *words)) == first


@pytest.mark.parametrize(
    "form", ["terminal", "text", "markdown", "html", "json", "atom"]
)
def test_each_form_goes_to_a_file(
    filled: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    file = tmp_path / "digest"
    words = ["digest", "--no-fetch", "--format", form, "--output", str(file)]
    assert output(filled, capsys, *words) == ""
    words = ["digest", "--no-fetch", "--format", "json"]
    made = json.loads(output(filled, capsys, *words))
    first = made["sections"][0]["items"][0]["title"]
    assert first in " ".join(file.read_text("utf-8").split())


def test_the_whole_mail_can_be_seen_before_it_is_sent(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("digest", "--no-fetch", "--format")
    letter = message_from_string(output(filled, capsys, *words, "eml"), policy=default)
    assert letter["To"] == "you <you@x.example>"
    body = letter.get_body(("plain",))
    assert body is not None
    text = output(filled, capsys, *words, "text")
    assert body.get_content().replace("\r", "") == text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--week", "2026-47"], "'2026-47' is not a week; write it as 2026-W47"),
        (["--week", "9999-W52"], "--week: date value out of range"),
        (["--week", "2026-W60"], "there is no week 2026-W60"),
        (["--until", "2026-11-01"], "--until needs --since"),
        (["--since", "2026-11-02", "--until", "2026-11-01"], "is before"),
        (["--reader", "bob"], "no reader is called 'bob'"),
    ],
)
def test_wrong_times_and_readers_are_named(
    filled: Desk, capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    said = output(filled, capsys, "digest", *words, code=2)
    assert says in said
    assert len(said.splitlines()) == 1


def test_a_file_that_cannot_be_written_is_named(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["digest", "--no-fetch", "--format", "html", "--output", "/proc/none/x"]
    assert "/proc/none/x" in output(filled, capsys, *words, code=1)


def test_for_a_week_that_is_over_nothing_is_fetched(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = of_ones_own(desk, tmp_path)
    output(mine, capsys, "digest", "--week", "2001-W10")
    assert listed(mine, capsys, "list") == []


def test_an_empty_week_says_so(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["digest", "--no-fetch", "--week", "2001-W10"]
    assert "Nothing new this week" in output(filled, capsys, *words)


def of_ones_own(desk: Desk, folder: Path) -> Desk:
    """Return a desk of one's own: settings to edit, and an empty store."""
    text = desk.config.read_text("utf-8").replace(str(desk.config.parent), str(folder))
    (folder / "feeds.toml").write_text(text, "utf-8")
    (folder / "job.md").touch()
    return Desk(folder / "feeds.toml", desk.office, desk.site)


def test_a_digest_is_sent_once(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = of_ones_own(desk, tmp_path)
    before = len(desk.office.messages)
    assert ": sent" in output(mine, capsys, "send")
    (letter,) = desk.office.messages[before:]
    assert letter["To"] == "you <you@x.example>"
    body = letter.get_body(("plain",))
    assert body is not None
    assert "READ FIRST" in body.get_content().upper()
    assert "published before" in output(mine, capsys, "send", "--no-fetch")
    assert len(desk.office.messages) == before + 1


def test_a_week_that_was_sent_is_printed_as_it_was_sent(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = of_ones_own(desk, tmp_path)
    before = len(desk.office.messages)
    output(mine, capsys, "send")
    (letter,) = desk.office.messages[before:]
    week = str(letter["Subject"]).split()[1].rstrip(":")
    text = mine.config.read_text("utf-8")
    mine.config.write_text(text.replace('title = "Rec', 'title = "New rec'), "utf-8")
    words = ("digest", "--no-fetch", "--week", week)
    for form, part in (("terminal", "plain"), ("html", "html")):
        sent = letter.get_body((part,))
        assert sent is not None
        printed = output(mine, capsys, *words, "--format", form)
        assert printed.split() == sent.get_content().split()
    sections = json.loads(output(mine, capsys, *words, "--format", "json"))["sections"]
    assert "New rec" not in str(sections)
    for form in ("markdown", "atom"):
        printed = output(mine, capsys, *words, "--format", form)
        assert "Recommender systems" in printed or form == "atom"
        assert "New rec" not in printed
        assert sections[0]["items"][0]["title"] in printed.replace("\\", "")


def test_sending_without_a_mail_server_says_what_to_add(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "feeds.toml"
    file.write_text(f'[store]\nurl = "sqlite:///{tmp_path}/t.db"\n', "utf-8")
    assert run(["--config", str(file), "send"]) == 2
    assert "[mail]: no mail server is set; add url and from" in capsys.readouterr().err


def test_a_new_topic_is_in_the_next_digest_without_fetching(
    own: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    topic = '[[topic]]\nname = "need"\ntitle = "All you need"\n'
    text = own.config.read_text("utf-8")
    own.config.write_text(f"{text}\n{topic}", "utf-8")
    assert run(["--config", str(own.config), "list", "--topic", "need"]) == 0
    assert "for a new topic `tracker fetch` looks" in capsys.readouterr().err
    output(own, capsys, "digest", "--no-fetch")
    (item,) = listed(own, capsys, "list", "--topic", "need")
    assert item["title"].casefold() == "attention is all you need"
