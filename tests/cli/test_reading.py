"""`tracker list`, `search`, `show` and `mark` on what the demo's sources hold."""

import json
import re
from html import unescape
from typing import Any

import feedparser
import pytest

from tests.cli.conftest import Desk
from tests.render.feeds import problems
from tracker.cli import run


def output(
    desk: Desk, capsys: pytest.CaptureFixture[str], *words: str, code: int = 0
) -> str:
    """Return what a command printed, after checking its exit code."""
    capsys.readouterr()
    assert run(["--config", str(desk.config), *words]) == code
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    return said.out if code == 0 else said.err


def listed(desk: Desk, capsys: pytest.CaptureFixture[str], *words: str) -> list[Any]:
    found: list[Any] = json.loads(output(desk, capsys, *words, "--json"))
    return found


def test_a_list_holds_what_was_collected_the_newest_first(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    items = listed(filled, capsys, "list", "--limit", "500")
    assert len(items) > 30
    seen = [item["first_seen"] for item in items]
    assert seen == sorted(seen, reverse=True)


@pytest.mark.parametrize(
    ("option", "value", "key"),
    [
        ("--topic", "recsys", "topics"),
        ("--company", "pinterest", "companies"),
        ("--kind", "paper", "kind"),
        ("--venue", "kdd", "venue"),
    ],
)
def test_a_list_is_narrowed_by_what_one_asks_for(
    filled: Desk, capsys: pytest.CaptureFixture[str], option: str, value: str, key: str
) -> None:
    items = listed(filled, capsys, "list", option, value, "--limit", "500")
    assert items
    assert all(value in str(item[key]).casefold() for item in items)
    assert len(items) < len(listed(filled, capsys, "list", "--limit", "500"))


def test_a_list_of_the_companies_followed_holds_theirs_alone(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    items = listed(filled, capsys, "list", "--followed", "--limit", "500")
    named = [set(item["companies"]) for item in items]
    assert {"pinterest", "netflix"} <= set().union(*named)
    assert all(names & {"pinterest", "netflix"} for names in named)


def test_a_list_that_was_cut_says_how_much_more_there_is(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--config", str(filled.config), "list", "--limit", "3"]) == 0
    said = capsys.readouterr()
    assert len(said.out.splitlines()) == 3
    assert "more; see --limit" in said.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["list", "--topic", "recsis"], "no topic is called 'recsis'"),
        (["list", "--company", "acme"], "no company is called 'acme'"),
        (["list", "--reader", "bob"], "no reader is called 'bob'"),
        (["show", "99999"], "no item has the number 99999"),
        (["mark", "1"], "say what to keep"),
        (["mark", "1", "rating", "6"], "'6' is no rating; give 1 to 5"),
        (["mark", "1", "read", "it"], "read takes no value"),
    ],
)
def test_wrong_words_are_one_line_and_exit_code_2(
    filled: Desk, capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    said = output(filled, capsys, *words, code=2)
    assert says in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize(
    "words",
    [
        ["list", "--since", "yesterday"],
        ["list", "--limit", "0"],
        ["show", "twelve"],
        ["mark", "1", "lent"],
        ["digest", "--format", "pdf"],
        ["no-such-command"],
        [],
    ],
)
def test_wrong_options_are_usage_errors(filled: Desk, words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(["--config", str(filled.config), *words])
    assert ended.value.code == 2


def test_search_finds_words_phrases_and_beginnings(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = listed(filled, capsys, "search", "attention is all")
    assert whole[0]["title"].casefold() == "attention is all you need"
    assert listed(filled, capsys, "search", "recommend*")
    assert listed(filled, capsys, "search", "no such words at all") == []


def test_an_empty_answer_says_so_and_what_to_do(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--config", str(filled.config), "search", "no such words"]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "nothing found; `tracker list` shows all that is stored\n"


@pytest.mark.parametrize("words", ['"', "*", "a AND", "NEAR(", "';--", "-x", "\x00"])
def test_no_search_is_a_syntax_error(
    filled: Desk, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    output(filled, capsys, "search", "--", words)


def test_show_prints_the_evidence(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    (first, *_) = listed(filled, capsys, "list", "--company", "pinterest")
    said = output(filled, capsys, "show", f"#{first['id']}")
    assert first["title"] in said
    assert re.search(
        r"(?m)^from pinterest \(.+; by \S+ since 20\d\d-\d\d-\d\d\)$", said
    )
    assert "seen at " in said
    shown = json.loads(output(filled, capsys, "show", str(first["id"]), "--json"))
    assert shown["evidence"]["companies"][0]["name"] == "pinterest"
    assert shown["evidence"]["companies"][0]["evidence"]
    assert shown["evidence"]["companies"][0]["source"] in shown["sources"]
    assert shown["evidence"]["companies"][0]["since"] >= shown["first_seen"]


def test_show_tells_what_others_say_of_a_work_and_since_when(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    (first, *_) = listed(filled, capsys, "search", "low-rank adaptation")
    said = output(filled, capsys, "show", str(first["id"]))
    assert re.search(r"^upvotes: 61 \(hf-daily, \d{4}-\d\d-\d\d\)$", said, re.MULTILINE)
    assert re.search(r"^tldr: Adapters .* \(semantic-scholar, ", said, re.MULTILINE)
    assert "https://github.com/microsoft/LoRA" in said.splitlines()
    shown = json.loads(output(filled, capsys, "show", str(first["id"]), "--json"))
    assert "https://github.com/microsoft/LoRA" in shown["links"]
    told = {one["name"]: one for one in shown["signals"]}
    assert told["citations"]["value"] == "14"
    assert told["citations"]["source"] == "semantic-scholar"
    assert told["citations"]["since"].endswith("Z")


def test_marks_ratings_and_notes_are_kept(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    first = str(listed(filled, capsys, "search", "attention is all")[0]["id"])
    output(filled, capsys, "mark", first, "to-read")
    output(filled, capsys, "mark", first, "rating", "5")
    output(filled, capsys, "mark", first, "note", "ask", "about", "memory")
    mark = json.loads(output(filled, capsys, "show", first, "--json"))["mark"]
    assert mark == {"state": "to-read", "rating": 5, "note": "ask about memory"}
    assert "note: ask about memory" in output(filled, capsys, "show", first)
    (marked,) = listed(filled, capsys, "list", "--state", "to-read")
    assert str(marked["id"]) == first
    output(filled, capsys, "mark", first, "inbox", "--note", "")
    assert listed(filled, capsys, "list", "--state", "to-read") == []


def test_a_list_is_a_feed_too(filled: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("list", "--topic", "recsys", "--limit", "3")
    document = output(filled, capsys, *words, "--format", "atom").encode()
    assert problems(document) == []
    feed = feedparser.parse(document)
    assert feed.feed.title == "tracker: Recommender systems"
    assert [unescape(entry.title) for entry in feed.entries] == [
        item["title"] for item in listed(filled, capsys, *words)
    ]


def test_a_company_may_be_called_as_an_affiliation_calls_it(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    short = ("list", "--company", "pinterest")
    long = ("list", "--company", "Pinterest Labs, San Francisco")
    assert listed(filled, capsys, *long) == listed(filled, capsys, *short) != []
    feed = feedparser.parse(output(filled, capsys, *long, "--format", "atom").encode())
    assert feed.feed.title == "tracker: Pinterest"
