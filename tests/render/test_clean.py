"""Text and addresses from outside, made fit to be shown."""

import re
import unicodedata
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tracker.render.clean import cut, host, isolated, one_line, opening, web_address

_ANY = settings(derandomize=True, max_examples=200, deadline=None)
_TEXT = st.text(st.characters(exclude_categories=()), max_size=300)


@_ANY
@given(_TEXT, st.integers(min_value=1, max_value=120))
@example("\x1b]0;title\x07 \x1b[1mA\u202eB\ud800", 20)
def test_a_line_is_short_and_without_controls(text: str, most: int) -> None:
    line = one_line(text, most)
    assert len(line) <= most
    assert line == " ".join(line.split())
    assert not [c for c in line if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", line)
    line.encode("utf-8")


@_ANY
@given(_TEXT)
def test_a_clean_line_stays_as_it_is(text: str) -> None:
    line = one_line(text, 1_000)
    assert one_line(line, 1_000) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\r\nb\tc\x00d", "a b c d"),
        ("\x1b[31;1mred\x1b[0m", "red"),
        ("\x9b2Jgone", "gone"),
        ("\x1b]8;;http://e.x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("no\u200bbreak soft\u00adhyphen", "nobreak softhyphen"),
        ("family \U0001f469\u200d\U0001f469\u200d\U0001f467",) * 2,
        ("نماذج اللغة",) * 2,
    ],
)
def test_what_moves_its_neighbours_is_gone(text: str, line: str) -> None:
    assert one_line(text, 100) == line


def test_a_text_of_megabytes_is_cleaned_at_once() -> None:
    assert len(one_line("\x1b[" * 5_000_000, 100)) <= 100


@_ANY
@given(st.text(max_size=80), st.integers(min_value=1, max_value=60))
def test_a_cut_text_is_a_beginning_and_an_ellipsis(text: str, most: int) -> None:
    short = cut(text, most)
    assert len(short) <= most
    if short != text:
        assert short.endswith("\u2026")
        assert text.startswith(short[:-1])


def test_a_cut_does_not_split_a_word_near_its_end() -> None:
    assert cut("attention is all you need", 19) == "attention is all\u2026"
    assert cut("supercalifragilistic", 10) == "supercali\u2026"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("One. Two. Three.", "One. Two."),
        ("Only one", "Only one"),
        ("By A. et al. 2026. It works. More.", "By A. et al. 2026."),
        ("Fast, e.g. Twice as fast. Good! More.", "Fast, e.g. Twice as fast. Good!"),
        ("一つ。二つ。三つ。", "一つ。 二つ。"),
    ],
)
def test_an_opening_is_two_sentences(text: str, first: str) -> None:
    assert opening(text, 240).startswith(first)


def test_an_opening_ends_with_a_sentence_where_it_can() -> None:
    assert opening("A short one. And one that is long.", 20) == "A short one."
    assert (
        opening("One that is far too long. Short.", 20) == "One that is far too\u2026"
    )


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>",
        "mailto:a@b.example",
        "file:///etc/passwd",
        "//host.example/",
        "/path",
        "http://",
        "http://[broken",
        "https://x.example/\x1b[31m",
        "https://x.example/" + "a" * 3_000,
    ],
)
def test_what_is_no_web_address_is_none(text: str | None) -> None:
    assert web_address(text) is None


@_ANY
@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_an_address_ends_nothing_that_it_stands_in(path: str) -> None:
    address = web_address(f"https://x.example/{path}")
    if address is None:
        return
    assert re.fullmatch(r"[A-Za-z0-9%/:=&?~#+!$,;@'._-]+", address)
    assert urlsplit(address).hostname == "x.example"


def test_an_address_that_is_encoded_already_stays_so() -> None:
    text = "https://x.example/a%20b?q=%C3%A9#part-1"
    assert web_address(text) == text


def test_a_host_is_told_without_www() -> None:
    assert host("https://www.x.example:8443/a") == "x.example"


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("ab\U0001f469\u200d\U0001f52c\U0001f52c", 4, "ab\u2026"),  # a joined emoji
        ("ab\U0001f44d\U0001f3fdcdef", 4, "ab\u2026"),  # a skin tone
        ("ab\U0001f1e9\U0001f1eacdef", 4, "ab\u2026"),  # a flag of two letters
        ("\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7x", 4, "\U0001f1e9\U0001f1ea\u2026"),
        ("abe\u0301\u0323cdef", 5, "ab\u2026"),  # an e with two marks
        ("ab\u1112\u1161\u11abcdef", 5, "ab\u2026"),  # a syllable of Hangul
        ("ab1\ufe0f\u20e3cdef", 5, "ab\u2026"),  # a key
    ],
)
def test_a_cut_splits_nothing_that_is_seen_as_one(
    text: str, most: int, shown: str
) -> None:
    assert cut(text, most) == shown


def test_a_cut_of_marks_without_end_still_ends() -> None:
    assert len(cut("e" + "\u0301" * 500, 100)) == 100


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.text(max_size=60), st.integers(min_value=1, max_value=50))
def test_a_cut_is_a_beginning_and_never_longer(text: str, most: int) -> None:
    shown = cut(text, most)
    assert len(shown) <= most or shown == text
    assert text.startswith(shown.removesuffix("\u2026"))


@pytest.mark.parametrize("text", ["שלום world", "نماذج", "a \U0001e900"])
def test_what_runs_from_right_to_left_is_isolated(text: str) -> None:
    assert isolated(text) == f"\u2068{text}\u2069"


@pytest.mark.parametrize("text", ["", "plain", "言語モデル", "Ünïcode 🚀"])
def test_what_does_not_is_left_alone(text: str) -> None:
    assert isolated(text) == text
