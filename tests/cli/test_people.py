"""`tracker people` on what the demo's sources hold."""

import json

import pytest

from tests.cli.conftest import Desk
from tests.cli.test_reading import output
from tracker.cli import run


def test_who_publishes_at_a_company_is_told_with_their_evidence(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    said = json.loads(output(filled, capsys, "people", "pinterest", "--json"))
    assert (said["company"], said["title"]) == ("pinterest", "Pinterest")
    assert said["people"]
    for person in said["people"]:
        assert person["works"] >= len(person["latest"]) >= 1
        assert person["evidence"]["text"]
    own = [p for p in said["people"] if p["evidence"]["kind"] == "affiliation"]
    assert own
    assert all("pinterest" in p["evidence"]["text"].casefold() for p in own)
    assert said["people"][: len(own)] == own
    assert sum(said["quarters"]["recsys"].values()) >= 1


def test_the_terminal_tells_people_and_what_is_worked_on(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    said = json.loads(output(filled, capsys, "people", "pinterest", "--json"))
    shown = output(filled, capsys, "people", "PINTEREST", "--limit", "1")
    people, quarters = shown.split("\n\n")
    first = said["people"][0]
    cells = people.split("\t")
    assert cells[:2] == [first["name"], str(first["works"])]
    assert f"#{first['latest'][0]['id']} " in cells[-1]
    assert any(line.startswith("recsys\t") for line in quarters.splitlines())


def test_a_topic_and_a_limit_narrow_it(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    every = json.loads(output(filled, capsys, "people", "pinterest", "--json"))
    narrow = ("--topic", "recsys", "--limit", "1", "--json")
    some = json.loads(output(filled, capsys, "people", "pinterest", *narrow))
    assert 0 < some["works"] <= every["works"]
    assert (len(some["people"]), some["more"] > 0) == (1, True)
    assert set(some["quarters"]) >= {"recsys"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("netflix", "--since", "2999-01-01"), "leave out --topic or --since"),
        (("netflix", "--since", "2999-01-01"), "nothing from Netflix that fits"),
    ],
)
def test_nobody_found_gets_a_line_that_helps(
    filled: Desk,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    says: str,
) -> None:
    assert run(["--config", str(filled.config), "people", *words]) == 0
    shown = capsys.readouterr()
    assert (shown.out, says in shown.err) == ("", True)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("people", "pintrest"), "no company is called 'pintrest'"),
        (("people", "pinterest", "--topic", "x"), "no topic is called 'x'"),
    ],
)
def test_what_is_not_there_is_named(
    filled: Desk,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    says: str,
) -> None:
    assert says in output(filled, capsys, *words, code=2)
