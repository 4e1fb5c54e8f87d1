"""`tracker readers`: added and removed, paused and resumed, tested."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Desk
from tests.cli.test_digests import of_ones_own
from tests.cli.test_reading import output
from tracker.config import load


@pytest.fixture
def mine(desk: Desk, tmp_path: Path) -> Desk:
    return of_ones_own(desk, tmp_path)


def test_a_reader_is_added_and_removed_and_the_rest_of_the_file_stays(
    mine: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    before = mine.config.read_text("utf-8")
    words = ["--email", "ada@x.example", "--schedule", "friday 16:00", "--topics"]
    output(mine, capsys, "readers", "add", "ada", *words, "recsys", "transformers")
    you, ada = load(str(mine.config)).readers
    assert you.name == "you"
    assert (ada.email, ada.topics) == ("ada@x.example", ("recsys", "transformers"))
    assert ada.schedule is not None
    assert (ada.schedule.weekdays, ada.schedule.hours) == ((4,), (16,))
    output(mine, capsys, "readers", "remove", "ada")
    assert mine.config.read_text("utf-8") == before


def test_a_readers_companies_may_be_called_as_affiliations_call_them(
    mine: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    called = ("Netflix Research", "SPOTIFY", "netflix")
    output(mine, capsys, "readers", "add", "ada", "--companies", *called)
    assert load(str(mine.config)).readers[-1].companies == ("netflix", "spotify")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["add", "you"], "used 2 times"),
        (["add", "a", "--schedule", "whenever"], "is no schedule"),
        (["add", "a", "--email", "nobody"], "email"),
        (["add", "a", "--deliver", "ftp://x"], "write https://HOST"),
        (["add", "a", "--topics", "knitting"], "unknown topic 'knitting'"),
        (["remove", "bob"], "no reader is called 'bob'"),
        (["pause", "bob"], "no reader is called 'bob'"),
        (["test", "bob"], "no reader is called 'bob'"),
    ],
)
def test_what_is_wrong_is_one_line_and_changes_nothing(
    mine: Desk, capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    before = mine.config.read_text("utf-8")
    said = output(mine, capsys, "readers", *words, code=2)
    assert says in said
    assert len(said.splitlines()) == 1
    assert mine.config.read_text("utf-8") == before


def test_who_pauses_is_mailed_nothing_until_they_resume(
    mine: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    before = len(mine.office.messages)
    output(mine, capsys, "readers", "pause", "you")
    output(mine, capsys, "send")
    assert len(mine.office.messages) == before
    (listed,) = json.loads(output(mine, capsys, "readers", "list", "--json"))
    assert listed["paused_at"] is not None
    assert "pauses since" in output(mine, capsys, "readers", "list")
    output(mine, capsys, "readers", "resume", "you")
    output(mine, capsys, "send", "--no-fetch")
    assert len(mine.office.messages) == before + 1
    (listed,) = json.loads(output(mine, capsys, "readers", "list", "--json"))
    assert (listed["paused_at"], listed["last"]["state"]) == (None, "sent")


def test_a_test_mail_arrives(mine: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    before = len(mine.office.messages)
    output(mine, capsys, "readers", "test", "you")
    (letter,) = mine.office.messages[before:]
    assert (letter["To"], letter["From"]) == ("you@x.example", "t@x.example")
    assert "`tracker readers test`" in letter.get_content()


def test_a_test_mail_needs_an_address(
    mine: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    output(mine, capsys, "readers", "add", "bob", "--deliver", "https://ntfy.sh/bob")
    said = output(mine, capsys, "readers", "test", "bob", code=2)
    assert "no email" in said


def test_what_was_refused_is_shown_and_tried_again_when_asked_to(
    mine: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    before = len(mine.office.messages)
    mine.office.recipient_reply = "550 no such user"
    output(mine, capsys, "send", code=1)
    mine.office.recipient_reply = None
    assert "no such user" in output(mine, capsys, "readers", "list")
    assert "published before" in output(mine, capsys, "send", "--no-fetch")
    assert len(mine.office.messages) == before
    assert ": sent" in output(mine, capsys, "send", "--no-fetch", "--again")
    assert len(mine.office.messages) == before + 1


def test_a_renamed_reader_keeps_their_weeks_and_marks(
    mine: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ": sent" in output(mine, capsys, "send")
    output(mine, capsys, "mark", "1", "to-read")
    assert '"you" is "ada"' in output(mine, capsys, "readers", "rename", "you", "ada")
    before = len(mine.office.messages)
    assert "published before" in output(mine, capsys, "send", "--no-fetch")
    assert len(mine.office.messages) == before
    (kept,) = json.loads(output(mine, capsys, "list", "--state", "to-read", "--json"))
    assert kept["id"] == 1
    output(mine, capsys, "readers", "add", "bob", "--email", "b@x.example")
    said = output(mine, capsys, "readers", "rename", "bob", "ada", code=2)
    assert "'ada' has marks or mails already" in said
    assert "bob" in output(mine, capsys, "readers", "list")
    output(mine, capsys, "readers", "rename", "nobody", "eve", code=2)


def test_mail_keeps_to_its_rate_and_all_of_it_goes(
    mine: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    text = mine.config.read_text("utf-8")
    rate = text.replace("[mail]\n", "[mail]\nper_minute = 100\n")
    mine.config.write_text(rate, "utf-8")
    for name in ("ada", "bob"):
        output(mine, capsys, "readers", "add", name, "--email", f"{name}@x.example")
    before = len(mine.office.messages)
    assert output(mine, capsys, "send").count(": sent") == 3
    assert len(mine.office.messages) == before + 3
