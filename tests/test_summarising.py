"""Highlights by a language model: kept, bounded, and never missed when it fails."""

import json
import logging
import time
import tomllib
from pathlib import Path

import pytest

from tests.core.test_digest import item
from tests.fakes import Clock
from tests.server import Reply, Seen, Site
from tracker.bootstrap.summaries import Summaries
from tracker.config import Config, parse
from tracker.core.values import Document, Item, Request
from tracker.core.weekly import Pick, Section
from tracker.errors import ConfigError, FetchError
from tracker.publish import Model, Summariser, summarising

_TEXT = "Rankers matter. We propose a ranker. It gains 4%."
_OWN = ("We propose a ranker.", "It gains 4%.")
_SAID = "A ranker of boats. It gains 4% in recall."


def answer(said: object) -> bytes:
    return json.dumps({"choices": [{"message": {"content": said}}]}).encode()


class Machine:
    """A model that says what it is told to, or raises it; `asked` holds requests."""

    def __init__(self, clock: Clock, said: bytes | Exception, takes: float = 0) -> None:
        self.said, self.asked = said, list[Request]()
        self._clock, self._takes = clock, takes

    def __call__(self, request: Request) -> Document:
        self.asked.append(request)
        self._clock.move(seconds=self._takes)
        if isinstance(self.said, Exception):
            raise self.said
        return Document(request.url, request.url, 200, self.said, self._clock())


def top(*items: Item) -> Section:
    picks = tuple(Pick(one, 1.0, (), _OWN) for one in items)
    return Section("top", "Read first", picks)


def paper(number: int, summary: str = _TEXT) -> Item:
    return item(number, title=f"Paper {number}", summary=summary)


def shown(section: Section) -> list[tuple[str, ...]]:
    return [pick.highlights for pick in section.picks]


def summariser(machine: Machine, folder: Path, clock: Clock) -> Summariser:
    model = Model("https://llm.example/v1/", "small", "hush")
    return Summariser(model, machine, folder / "llm", clock)


def test_top_picks_get_what_the_model_says_and_it_is_asked_once(
    tmp_path: Path, clock: Clock
) -> None:
    machine = Machine(clock, answer(f"<think>hm</think>\n{_SAID} And a third."))
    for _ in range(2):  # the second is of a process that starts anew
        told = summariser(machine, tmp_path, clock)(top(paper(1), paper(2)))
        assert shown(told) == [("A ranker of boats.", "It gains 4% in recall.")] * 2
    assert len(machine.asked) == 2
    request = machine.asked[0]
    assert request.url == "https://llm.example/v1/chat/completions"
    assert request.token == "hush"
    assert request.body is not None
    sent = json.loads(request.body)
    assert sent["model"] == "small"
    assert sent["messages"][1]["content"] == f"Paper 1\n\n{_TEXT}"


def test_thoughts_without_end_take_no_time(tmp_path: Path, clock: Clock) -> None:
    said = f"{'<think>' * 2_000_000}hm</think>{_SAID}"
    began = time.process_time()
    told = summariser(Machine(clock, answer(said)), tmp_path, clock)(top(paper(1)))
    assert time.process_time() - began < 5
    assert shown(told) == [("A ranker of boats.", "It gains 4% in recall.")]


def test_a_changed_text_or_model_is_asked_about_anew(
    tmp_path: Path, clock: Clock
) -> None:
    machine = Machine(clock, answer(_SAID))
    summariser(machine, tmp_path, clock)(top(paper(1)))
    summariser(machine, tmp_path, clock)(top(paper(1, "A ranker. It gains. 4%.")))
    other = Model("https://llm.example/v1", "large")
    Summariser(other, machine, tmp_path / "llm", clock)(top(paper(1)))
    assert len(machine.asked) == 3


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (
            FetchError("https://llm.example: timed out"),
            "https://llm.example: timed out",
        ),
        (b"<html>", "no sound answer"),
        (b"[]", "no sound answer"),
        (b"{}", "no sound answer"),
        (b'{"choices": []}', "no sound answer"),
        (b"[" * 100_000, "no sound answer"),
        (b"\xff\xfe\x00", "no sound answer"),
        (answer(None), "no sound answer"),
        (answer(7), "no sound answer"),
    ],
)
def test_a_failure_is_one_line_and_the_highlights_stay_as_they_were(
    tmp_path: Path,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
    said: bytes | Exception,
    why: str,
) -> None:
    machine = Machine(clock, said)
    model = summariser(machine, tmp_path, clock)
    with caplog.at_level(logging.WARNING):
        assert shown(model(top(paper(1), paper(2), paper(3)))) == [_OWN] * 3
    assert [record.getMessage() for record in caplog.records] == [
        f"[llm] small: {why}; highlights are chosen without"
    ]
    assert len(machine.asked) == 1
    model(top(paper(1)))
    assert len(machine.asked) == 1
    clock.move(minutes=11)
    model(top(paper(1)))
    assert len(machine.asked) == 2


_SORRY = "I'm sorry, I cannot help with that. Please provide the text."


@pytest.mark.parametrize(
    "said", ["OK", "  ", _SORRY, f"{_SAID} {'ranker ' * 60}", "Cats sleep. Dogs bark."]
)
def test_an_answer_that_fits_no_text_is_not_shown_and_not_kept(
    tmp_path: Path, clock: Clock, caplog: pytest.LogCaptureFixture, said: str
) -> None:
    machine = Machine(clock, answer(said))
    model = summariser(machine, tmp_path, clock)
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            assert shown(model(top(paper(1), paper(2)))) == [_OWN] * 2
    assert len(machine.asked) == 2
    assert caplog.messages == [
        "[llm] small: 2 answers that fit no text; highlights are chosen without"
    ]
    machine.said = answer(_SAID)
    assert shown(model(top(paper(1), paper(3))))[1] != _OWN  # others are asked about
    clock.move(minutes=11)
    assert shown(model(top(paper(1))))[0] != _OWN


def test_an_answer_kept_by_other_rules_is_asked_for_anew(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine(clock, answer(_SAID))
    summariser(machine, tmp_path, clock)(top(paper(1)))
    monkeypatch.setattr(summarising, "_RULES", 99)
    summariser(machine, tmp_path, clock)(top(paper(1)))
    assert len(machine.asked) == 2


def test_what_is_kept_is_plain(tmp_path: Path, clock: Clock) -> None:
    said = (
        "**Idea:** \x1b[31mA ranker of\u202e boats.\n- *Result*: It gains 4% in recall."
    )
    machine = Machine(clock, answer(said))
    told = summariser(machine, tmp_path, clock)(top(paper(1)))
    assert shown(told) == [("A ranker of boats.", "It gains 4% in recall.")]
    (kept,) = (tmp_path / "llm").iterdir()
    assert json.loads(kept.read_text("utf-8")) == list(shown(told)[0])


def test_asking_is_bounded_in_number_and_time(tmp_path: Path, clock: Clock) -> None:
    many = top(*(paper(n) for n in range(1, 31)))
    machine = Machine(clock, answer(_SAID))
    assert shown(summariser(machine, tmp_path / "a", clock)(many))[10:] == [_OWN] * 20
    assert len(machine.asked) == 10
    slow = Machine(clock, answer(_SAID), takes=50)
    summariser(slow, tmp_path / "b", clock)(many)
    assert len(slow.asked) == 3


def test_what_was_kept_is_used_while_the_model_rests(
    tmp_path: Path, clock: Clock
) -> None:
    machine = Machine(clock, answer(_SAID))
    model = summariser(machine, tmp_path, clock)
    model(top(paper(1)))
    machine.said = FetchError("down")
    assert shown(model(top(paper(2), paper(1))))[0] == _OWN
    assert shown(model(top(paper(1))))[0] != _OWN


def test_an_item_without_text_is_not_asked_about(tmp_path: Path, clock: Clock) -> None:
    machine = Machine(clock, answer(_SAID))
    told = summariser(machine, tmp_path, clock)(top(paper(1, " ")))
    assert (shown(told), machine.asked) == ([_OWN], [])


@pytest.mark.parametrize("held", [b"", b"{}", b"[1]", b"\xff", b"[" * 99_999])
def test_a_broken_file_is_asked_about_again(
    tmp_path: Path, clock: Clock, held: bytes
) -> None:
    machine = Machine(clock, answer(_SAID))
    model = summariser(machine, tmp_path, clock)
    model(top(paper(1)))
    (kept,) = (tmp_path / "llm").iterdir()
    kept.write_bytes(held)
    assert shown(model(top(paper(1))))[0] != _OWN
    assert len(machine.asked) == 2


def settings(folder: Path, text: str) -> Config:
    store = {"store": {"url": f"sqlite:///{folder / 't.db'}"}}
    return parse(store | tomllib.loads(text), folder / "feeds.toml")


def test_a_server_on_this_machine_is_asked_with_the_token_of_the_environment(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_LLM_TOKEN", "hush")

    def reply(seen: Seen) -> Reply:
        assert seen.headers["authorization"] == "Bearer hush"
        assert json.loads(seen.body)["model"] == "small"
        return (200, {"Content-Type": "application/json"}, answer(_SAID))

    with Site({"/v1/chat/completions": reply}) as site:
        text = f'[llm]\nurl = "{site.url}/v1"\nmodel = "small"\n'
        summaries = Summaries(settings(tmp_path, text), clock)
        told = summaries(top(paper(1)))
        assert shown(told) == [("A ranker of boats.", "It gains 4% in recall.")]
        site.routes["/v1/chat/completions"] = (500, {}, b"oh")
        assert shown(summaries(top(paper(2)))) == [_OWN]
        summaries.close()
    assert [seen.method for seen in site.requests] == ["POST", "POST"]


def test_without_a_model_nothing_is_asked(tmp_path: Path, clock: Clock) -> None:
    section = top(paper(1))
    assert Summaries(settings(tmp_path, ""), clock)(section) is section


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[llm]\nurl = "x"\nmodel = "m"\n',
            r"\[llm\]: url: write the address that chat/completions stands under",
        ),
        ('[llm]\nurl = "http://x:99999"\nmodel = "m"\n', r"\[llm\]: url: write"),
        ('[llm]\nurl = "http://[x/v1"\nmodel = "m"\n', r"\[llm\]: url: write"),
        ('[llm]\nurl = " http://x/v1"\nmodel = "m"\n', r"\[llm\]: url: write"),
        ('[llm]\nurl = "https://me:pw@x.example"\nmodel = "m"\n', r"\[llm\]: url"),
        ('[llm]\nurl = "https://x.example"\n', r"\[llm\]: model"),
        ('[llm]\nurl = "https://x.example"\nmodel = "m"\ntoken = "t"\n', "token"),
    ],
)
def test_wrong_settings_are_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        settings(tmp_path, text)
