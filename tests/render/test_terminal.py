"""A digest on terminals: narrow, wide, coloured, and none at all."""

import re
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from tests.render import example
from tests.render.example import digest, item, pick, titled
from tests.render.forms import on_terminal, plain
from tracker.core.weekly import Section
from tracker.render.story import shown_title
from tracker.render.terminal import show

_ADDRESS = re.compile(r"^ +https?://\S+$")
_COLOUR = re.compile(r"\x1b\[(?:\d+;)*3[0-7][;m]")
_LINK = re.compile(r"\x1b\]8;[^;]*;([^\x1b]*)\x1b\\")


@pytest.mark.parametrize("width", [24, 36, 47, 48, 60, 80, 120, 250])
def test_no_line_but_an_address_is_wider_than_the_terminal(width: int) -> None:
    for line in plain(example.week(), width).splitlines():
        assert cell_len(line) <= width or _ADDRESS.match(line), line


def test_lines_are_not_longer_than_an_eye_can_follow() -> None:
    made = titled("word " * 60)
    assert max(map(cell_len, plain(made, 300).splitlines())) <= 96


def test_no_line_ends_in_spaces() -> None:
    lines = plain(example.week()).splitlines()
    assert [line for line in lines if line != line.rstrip()] == []


def test_a_narrow_terminal_shows_the_same_items() -> None:
    narrow, wide = plain(example.week(), 30), plain(example.week(), 120)
    numbers = re.compile(r"#\d+")
    assert numbers.findall(narrow) == numbers.findall(wide)
    assert len(numbers.findall(wide)) == 8 + 2


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=500), st.integers(min_value=12, max_value=140))
def test_any_title_is_shown_whole_within_the_width(title: str, width: int) -> None:
    made = titled(title)
    shown = shown_title(made.sections[0].picks[0].item)
    text = plain(made, width)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)
    assert "".join(shown.split()) in "".join(text.split())
    for line in text.splitlines():
        assert cell_len(line) <= width or _ADDRESS.match(line)


@pytest.mark.parametrize("markup", ["[bold]x[/bold]", "[/]", "[link=http://e.x]y[/]"])
def test_markup_in_a_title_is_shown_as_it_is(markup: str) -> None:
    assert markup in plain(titled(markup))
    assert markup in on_terminal(titled(markup))


def test_escapes_in_a_title_do_not_reach_the_terminal() -> None:
    made = titled("\x1b[2J\x1b]0;owned\x07Ranking \x9b31mred\x1b]8;;http://e.x\x1b\\")
    assert "#1  Ranking red\n" in plain(made)
    assert "owned" not in on_terminal(made)
    assert _LINK.findall(on_terminal(made)) == ["https://papers.example/1", ""]


def test_without_a_terminal_addresses_are_printed_and_nothing_is_coloured() -> None:
    text = plain(example.week())
    assert "\x1b" not in text
    assert "\n       https://arxiv.org/abs/2611.04211\n" in text


def test_an_address_is_printed_in_one_piece() -> None:
    url = "https://papers.example/" + "long/" * 60
    made = digest(Section("top", "Read first", (pick(item(url=url)),)))
    assert url in plain(made, 40)


def test_on_a_terminal_titles_are_links_and_addresses_are_not_printed() -> None:
    text = on_terminal(example.week())
    assert "https://arxiv.org/abs/2611.04211" in _LINK.findall(text)
    assert "https://" not in _LINK.sub("", text)


def test_a_link_that_is_no_web_address_is_none() -> None:
    made = item(url="javascript:alert(1)", links=())
    text = on_terminal(digest(Section("top", "Read first", (pick(made),))))
    assert "javascript" not in text
    assert not _LINK.search(text)


def test_no_color_leaves_out_colours_only(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _COLOUR.search(on_terminal(example.week()))
    monkeypatch.setenv("NO_COLOR", "1")
    text = on_terminal(example.week())
    assert not _COLOUR.search(text)
    assert "\x1b[1m" in text  # bold is no colour


def test_a_dumb_terminal_gets_plain_text_with_addresses() -> None:
    paper = StringIO()
    console = Console(
        file=paper, width=80, force_terminal=True, _environ={"TERM": "dumb"}
    )
    show(example.week(), console)
    assert paper.getvalue() == plain(example.week())


def test_what_a_section_left_out_is_named_with_its_command() -> None:
    text = " ".join(plain(example.week()).split())
    command = "tracker list --topic llm --since 2026-11-16 --until 2026-11-22"
    assert f"and 12 more: {command}" in text


def test_only_top_picks_carry_a_summary() -> None:
    lower = Section("topic:llm", "LLMs", (pick(item(2, summary="Told below.")),))
    top = Section("top", "Read first", (pick(item(1, summary="Told first.")),))
    text = plain(digest(top, lower))
    assert "Told first." in text
    assert "Told below." not in text


@pytest.mark.parametrize("width", [30, 80])
def test_what_runs_from_right_to_left_is_isolated_in_each_line(width: int) -> None:
    title = "\u05d0\u05d9\u05da \u05d1\u05e0\u05d9\u05e0\u05d5 RAG " * 3
    made = digest(
        Section("top", "Top", (pick(item(1, title, authors=("\u05d3\u05e0\u05d4",))),))
    )
    for line in plain(made, width).splitlines():
        letter = re.search("[\u0590-\u05ff]", line)
        assert not letter or "\u2068" in line[: letter.start()], line


def test_bars_start_below_one_another_whatever_their_labels() -> None:
    starts = {
        cell_len(line[: line.index("\u2588")])
        for line in plain(example.odd()).splitlines()
        if "\u2588" in line
    }
    assert len(starts) == 1
