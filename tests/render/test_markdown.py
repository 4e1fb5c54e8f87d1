"""A digest as Markdown: what a CommonMark reader makes of it."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.render import example
from tests.render.example import digest, item, pick, titled
from tracker.core.values import Outcome
from tracker.core.weekly import Section, SourceReport
from tracker.render.markdown import escape, markdown
from tracker.render.story import shown_title

_READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def _tokens(text: str) -> list[Token]:
    found = []
    for token in _READER.parse(text):
        found.append(token)
        found.extend(token.children or [])
    return found


def _text(tokens: list[Token]) -> str:
    return "".join(t.content for t in tokens if t.type in ("text", "text_special"))


def _hrefs(text: str) -> list[str]:
    return [str(t.attrs["href"]) for t in _tokens(text) if t.type == "link_open"]


@pytest.mark.parametrize(
    "line",
    [
        "# no heading",
        "1. no list",
        "2) no list",
        "- no list",
        "+ no list",
        "=== no heading",
        "<script>alert(1)</script>",
        "<!-- no comment",
        "[no](http://link.example) ![no](http://image.example)",
        "**no** _emphasis_ `code` ~~struck~~ |table|",
        "&lt; &copy; \\& \\\\",
        "https://no.example/ <https://no.example/>",
        "[^1]: no footnote",
        "$no$ %%comment%% ==mark== {{template}}",
        "![",
    ],
)
def test_a_line_is_shown_as_it_is(line: str) -> None:
    tokens = _READER.parse(escape(line))
    assert [t.type for t in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    inside = tokens[1].children or []
    assert {t.type for t in inside} <= {"text", "text_special"}
    assert _text(inside) == line


_LINES = st.text(
    st.sampled_from("ab1 \\`*_{}[]()<>#+-.!|~&;:/=$%@^\"'é語"), min_size=1, max_size=40
).map(lambda text: " ".join(text.split()))


@settings(derandomize=True, max_examples=400, deadline=None)
@given(_LINES.filter(bool))
def test_any_title_is_shown_as_it_is(title: str) -> None:
    made = titled(title)
    shown = shown_title(made.sections[0].picks[0].item)
    tokens = _tokens(markdown(made))
    assert not [t for t in tokens if t.type.startswith("html")]
    assert shown in _text(tokens)
    assert len([t for t in tokens if t.type == "link_open"]) == 1
    assert len([t for t in tokens if t.type == "heading_open"]) == 3


def test_links_go_where_the_item_is() -> None:
    made = item(url="https://papers.example/a_(b)?x=1&copy;=2*3|4")
    text = markdown(digest(Section("top", "Read first", (pick(made),))))
    assert _hrefs(text) == ["https://papers.example/a_%28b%29?x=1&copy;=2%2A3%7C4"]


def test_a_link_that_is_no_web_address_is_none() -> None:
    made = item(url="javascript:alert(1)", links=("data:text/html,x",))
    text = markdown(digest(Section("top", "Read first", (pick(made),))))
    assert _hrefs(text) == []
    assert "javascript" not in text


def test_every_item_is_one_item_of_a_list() -> None:
    tokens = _tokens(markdown(example.week()))
    items = [t for t in tokens if t.type == "list_item_open"]
    foot = 4  # two troubles, what brought how many, the quiet ones
    moving, waiting = 4, 2
    assert len(items) == 8 + moving + waiting + foot


def test_names_from_outside_are_escaped_everywhere() -> None:
    hostile = "<b>*x*</b>"
    made = digest(
        Section("topic:x", hostile, (pick(item(authors=(hostile,)), hostile),), more=1),
        reader=hostile,
        sources=(
            SourceReport("a", hostile, Outcome.FAILED, 0, hostile),
            SourceReport("b", hostile, Outcome.OK, 2),
        ),
    )
    text = markdown(made)
    assert "<b>" not in text
    assert re.search(r"(?<!\\)\*x", text) is None
    assert markdown(replace(made, sections=())).count("\\<b\\>") == 5


def test_the_command_for_a_store_never_read_stays_code() -> None:
    text = markdown(digest(sources=(), seen=0))
    assert "No source has been read yet; `tracker fetch` reads them." in text
