"""What judges the corpus finds what it is there to find."""

from email.message import EmailMessage

import pytest

from tests.hostile import safety
from tests.hostile.markup import PAYLOADS

# These are harmless where they stand: as text, or without anybody to act on them.
_TEXT = {
    "cdata-in-html", "script-with-nul", "script-unclosed", "escaped", "escaped-twice",
    "utf-7", "full-width", "attribute-id", "title-element", "comment-conditional",
    "link-with-newline", "script-in-script",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(PAYLOADS.keys() - _TEXT))
def test_a_payload_that_was_let_through_is_found(name: str) -> None:
    assert list(safety.fragment(PAYLOADS[name], "content"))


@pytest.mark.parametrize(
    "markup",
    [
        "<p>Text with <a href='https://a.example/?a=1&amp;b'>a link</a></p>",
        "<img src='http://a.example/x.png' alt='on a hill'>",
        "<a href='  https://a.example/'>spaces first</a>",
        "<pre><code>if a &lt; b: print('<b>script</b>')</code></pre>",
    ],
)
def test_harmless_markup_is_let_pass(markup: str) -> None:
    assert not list(safety.fragment(markup, "content"))


@pytest.mark.parametrize(
    "text", ["a\nb", "a\x1b[31m", "a\x00", "\u202eb", "a\x85b", "root:x:0:0:root"]
)
def test_what_does_not_belong_in_a_line_is_found(text: str) -> None:
    assert list(safety.line(text, "title"))


@pytest.mark.parametrize(
    "text",
    ["javascript:alert(1)", "/a", "https://a@b.example/", "https://a.example/ b", ""],
)
def test_what_is_no_web_address_is_found(text: str) -> None:
    assert list(safety.address(text, "url"))


@pytest.mark.parametrize(
    "text",
    [
        "[a](<javascript:x>)",
        "[a](javascript:x)",
        "<script>",
        "[a]: x",
        "![a](<http://b>)",
    ],
)
def test_markdown_that_acts_is_found(text: str) -> None:
    assert list(safety.markdown(text))


def test_markdown_that_is_escaped_is_let_pass() -> None:
    text = r"**[a \[b\]](<https://a.example/>)** \<script\> `tracker <x>`"
    assert not list(safety.markdown(text))


@pytest.mark.parametrize(
    "text", ["\x1b]0;x\x07", "\x1b[2J", "\x1b]8;;file:///a\x1b\\x\x1b]8;;\x1b\\", "\r"]
)
def test_what_a_terminal_would_obey_is_found(text: str) -> None:
    assert list(safety.terminal(text))


@pytest.mark.parametrize("name", ["Bcc", "X-Evil"])
def test_a_header_nobody_wrote_is_found(name: str) -> None:
    letter = EmailMessage()
    letter["Subject"] = "A week"
    letter[name] = "a@b.example"
    letter.set_content("text")
    letter.add_alternative("<p>text", subtype="html")
    assert any("headers" in fault for fault in safety.letter(letter.as_bytes()))
