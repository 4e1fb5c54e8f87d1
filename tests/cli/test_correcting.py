"""`tracker split` and `delete`, on what the demo's sources hold."""

import json
from typing import Any

import pytest

from tests.cli.conftest import Desk
from tests.cli.test_reading import listed, output


def shown(
    desk: Desk, capsys: pytest.CaptureFixture[str], number: int
) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        output(desk, capsys, "show", str(number), "--json")
    )
    return found


def seen_twice(desk: Desk, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """Return an item of two mentions, as `show` tells of it."""
    for item in listed(desk, capsys, "list", "--limit", "500"):
        found = shown(desk, capsys, item["id"])
        if len({mention["source"] for mention in found["mentions"]}) > 1:
            return found
    raise AssertionError("the demo has no item of two sources")


def test_a_mention_is_split_once_and_what_was_said_is_shown(
    own: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    item = seen_twice(own, capsys)
    *_, last = item["mentions"]
    number, source = str(item["id"]), last["source"]
    before = output(own, capsys, "show", number)
    assert f"(mention {last['id']}; joined by {last['joined_by']})" in before
    new = json.loads(output(own, capsys, "split", number, source, "--json"))["new"]
    assert f"apart from #{new}" in output(own, capsys, "show", number)
    assert [m["source"] for m in shown(own, capsys, new)["mentions"]] == [source]
    again = output(own, capsys, "split", number, source)
    assert again == f"#{new} was split before, apart from #{number}; they stay two\n"


def test_a_deleted_item_is_not_listed_until_it_is_brought_back(
    own: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    item = listed(own, capsys, "list", "--limit", "1")[0]
    number = str(item["id"])
    said = output(own, capsys, "delete", number)
    assert said.startswith(f"#{number} is deleted: {item['title']}\n")
    assert f"`tracker delete --undo {number}`" in said
    output(own, capsys, "fetch", "--all")
    everything = listed(own, capsys, "list", "--limit", "500")
    assert item["id"] not in {one["id"] for one in everything}
    assert "DELETED on" in output(own, capsys, "show", number)
    said = output(own, capsys, "delete", "--undo", number)
    assert said == f"#{number} is back: {item['title']}\n"
    everything = listed(own, capsys, "list", "--limit", "500")
    assert item["id"] in {one["id"] for one in everything}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["split", "99999", "netflix"], "no item has the number 99999"),
        (["split", "1", "nowhere"], "#1 has no mention 'nowhere'; it has "),
        (["delete", "99999"], "no item has the number 99999"),
    ],
)
def test_what_can_not_be_corrected_is_one_line(
    own: Desk, capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    said = output(own, capsys, *words, code=2)
    assert says in said
    assert len(said.splitlines()) == 1


def test_an_item_of_one_mention_is_not_split(
    own: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    for item in listed(own, capsys, "list", "--limit", "500"):
        found = shown(own, capsys, item["id"])
        if len(found["mentions"]) == 1:
            break
    source = found["mentions"][0]["source"]
    said = output(own, capsys, "split", str(item["id"]), source, code=2)
    assert "seen nowhere else" in said
