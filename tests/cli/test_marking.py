"""`tracker mark --topic` on what the demo's sources hold."""

import json

import pytest

from tests.cli.conftest import Desk
from tests.cli.test_reading import listed, output


def topics(desk: Desk, capsys: pytest.CaptureFixture[str], number: str) -> list[str]:
    shown = json.loads(output(desk, capsys, "show", number, "--json"))
    return list(shown["topics"])


def test_what_is_said_of_a_topic_shows_at_once_and_can_be_taken_back(
    own: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    about = listed(own, capsys, "list", "--topic", "recsys")
    item = next(one for one in about if one["topics"] == ["recsys"])
    number = str(item["id"])
    words = ("mark", number, "--topic", "transformers", "--not-topic", "recsys")
    said = output(own, capsys, *words)
    assert said == (
        f"#{number}  {item['title']}\n"
        "about transformers, as you said\nnot about recsys, as you said\n"
    )
    assert output(own, capsys, *words) == said
    assert topics(own, capsys, number) == ["transformers"]
    shown = output(own, capsys, "show", number)
    assert "about transformers (you said so)" in shown
    assert "not about recsys, as you said on 2" in shown
    assert "marked inbox" in shown
    why = output(own, capsys, "show", number, "--why")
    assert "Transformers: you said so (since 2" in why
    output(own, capsys, "fetch", "--all")
    assert topics(own, capsys, number) == ["transformers"]
    undo = ("--undo-topic", "transformers", "--undo-topic", "recsys")
    output(own, capsys, "mark", number, *undo)
    assert topics(own, capsys, number) == ["recsys"]


def test_a_mark_and_a_topic_are_said_in_one(
    own: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    item = listed(own, capsys, "list", "--limit", "1")[0]
    number = str(item["id"])
    output(own, capsys, "mark", number, "to-read", "--topic", "recsys")
    shown = json.loads(output(own, capsys, "show", number, "--json"))
    assert shown["mark"]["state"] == "to-read"
    (said,) = shown["said"]
    assert (said["topic"], said["about"]) == ("recsys", True)


def test_a_topic_that_is_gone_is_ignored_and_can_still_be_taken_back(
    own: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    number = str(listed(own, capsys, "list", "--limit", "1")[0]["id"])
    output(own, capsys, "mark", number, "--topic", "transformers")
    text = own.config.read_text("utf-8")
    renamed = text.replace('name = "transformers"', 'name = "attention"')
    own.config.write_text(renamed, "utf-8")
    output(own, capsys, "fetch")
    assert "transformers" not in topics(own, capsys, number)
    said = output(own, capsys, "mark", number, "--topic", "transformers", code=2)
    assert said.startswith("tracker: no topic is called 'transformers'")
    own.config.write_text(text, "utf-8")
    output(own, capsys, "fetch")
    assert "transformers" in topics(own, capsys, number)
    own.config.write_text(renamed, "utf-8")
    output(own, capsys, "mark", number, "--undo-topic", "transformers")
    shown = json.loads(output(own, capsys, "show", number, "--json"))
    assert shown["said"] == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["99999", "--topic", "recsys"], "no item has the number 99999"),
        (["1", "--topic", "recsis"], "no topic is called 'recsis'"),
        (["1", "--not-topic", "recsis"], "no topic is called 'recsis'"),
        (["1", "rating", "²"], "is no rating; give 1 to 5"),
        (["1", "--undo-topic", "recsis"], "no topic is called 'recsis'"),
        (
            ["1", "--topic", "recsys", "--not-topic", "recsys"],
            "recsys: say one thing of a topic, not two",
        ),
    ],
)
def test_what_can_not_be_said_is_one_line_and_changes_nothing(
    filled: Desk, capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    said = output(filled, capsys, "mark", *words, code=2)
    assert says in said
    assert len(said.splitlines()) == 1
