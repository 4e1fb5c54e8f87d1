"""`tracker split` and `delete`, on what the demo's sources hold."""

import json
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import insert, update

from tests.cli.conftest import Desk
from tests.cli.test_reading import listed, output
from tests.fakes import MONDAY
from tests.store.test_relations import PIN_RANK, POSTS, stored
from tracker.bootstrap import App
from tracker.store.engine import writing
from tracker.store.rows import MENTION


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


@pytest.fixture
def paired(own: Desk) -> dict[str, int]:
    """Return the numbers of a post and the paper it is about, by kind."""
    with closing(App.configured(str(own.config))) as app:
        stored(app.engine, POSTS["link"], PIN_RANK)
        found = stored(app.engine)
    titles = {POSTS["link"].title: "post", PIN_RANK.title: "paper"}
    return {titles[one.title]: one.id for one in found if one.title in titles}


def test_a_post_and_its_paper_name_each_other_and_why(
    own: Desk, capsys: pytest.CaptureFixture[str], paired: dict[str, int]
) -> None:
    post, paper = paired["post"], paired["paper"]
    why = 'calls it "our paper"'
    text = output(own, capsys, "show", str(post))
    assert f"about #{paper}: {why} (\u201c{PIN_RANK.title}\u201d)" in text
    text = output(own, capsys, "show", str(paper))
    assert f"with a post by source-a, #{post}, about it: {why}" in text
    (related,) = shown(own, capsys, paper)["related"]
    assert (related["item"], related["kind"]) == (post, "post")
    assert related["evidence"] == why


@pytest.mark.parametrize("named", [("post", "paper"), ("paper", "post")])
@pytest.mark.parametrize("sign", ["", "#"])
def test_a_post_is_taken_from_beside_a_paper_and_stays_so(
    own: Desk,
    capsys: pytest.CaptureFixture[str],
    paired: dict[str, int],
    named: tuple[str, str],
    sign: str,
) -> None:
    item, other = (paired[name] for name in named)
    words = ("split", str(item), f"{sign}{other}")
    said = output(own, capsys, *words)
    assert said == f"#{other} stands no more beside #{item}; they stay two\n"
    with closing(App.configured(str(own.config))) as app:
        stored(app.engine, replace(POSTS["link"], summary="Told anew."), PIN_RANK)
    for number in (item, other):
        assert shown(own, capsys, number)["related"] == []
    again = output(own, capsys, *words)
    assert again == f"#{other} was split before, apart from #{item}; they stay two\n"


def test_a_number_of_a_mention_and_of_an_item_beside_it_is_neither(
    own: Desk, capsys: pytest.CaptureFixture[str], paired: dict[str, int]
) -> None:
    post, paper = paired["post"], paired["paper"]
    mention = {"id": paper, "item_id": post, "source_id": 1, "guid": "again"}
    mention |= {"links": "", "fingerprint": "", "first_seen_at": MONDAY}
    with closing(App.configured(str(own.config))) as app, writing(app.engine) as rows:
        rows.execute(update(MENTION).where(MENTION.c.id == paper).values(id=99_999))
        rows.execute(insert(MENTION), [mention])
    said = output(own, capsys, "split", str(post), str(paper), code=2)
    assert f"or the item as '#{paper}'" in said
    assert "stands no more" in output(own, capsys, "split", str(post), f"#{paper}")
