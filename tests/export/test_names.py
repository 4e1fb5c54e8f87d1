"""Names taken apart: what can't be told is left whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.export.names import name


@pytest.mark.parametrize(
    ("text", "inverted"),
    [
        ("Ada Lovelace", "Lovelace, Ada"),
        ("Ada  B. Lovelace ", "Lovelace, Ada B."),
        ("Lovelace, Ada", "Lovelace, Ada"),
        ("Aaron van den Oord", "van den Oord, Aaron"),
        ("Ludwig van Beethoven", "van Beethoven, Ludwig"),
        ("Maria da Silva e Costa", "da Silva e Costa, Maria"),
        ("Van Nguyen", "Nguyen, Van"),
        ("Le Van Cuong", "Cuong, Le Van"),
        ("Martin Luther King Jr.", "King, Martin Luther, Jr."),
        ("King, Jr., Martin", "King, Martin, Jr."),
        ("Henry Ford II", "Ford, Henry, II"),
        ("Zo\u00eb O\u2019Neil", "O\u2019Neil, Zo\u00eb"),
        ("\u5f20\u4f1f", "\u5f20, \u4f1f"),
        ("\u674e\u5c0f\u9f99", "\u674e, \u5c0f\u9f99"),
        ("\u6b27\u9633\u4fee", "\u6b27\u9633, \u4fee"),
        ("\u6b27\u9633\u6b63\u534e", "\u6b27\u9633, \u6b63\u534e"),
        ("\u5c71\u7530 \u592a\u90ce", "\u5c71\u7530, \u592a\u90ce"),
        ("\u5c71\u7530\u592a\u90ce", "\u5c71\u7530\u592a\u90ce"),
        ("\u3055\u304f\u3089", "\u3055\u304f\u3089"),
        ("\uae40\ubbfc\uc218", "\uae40, \ubbfc\uc218"),
        ("Suharto", "Suharto"),
        ("OpenAI", "OpenAI"),
        ("Netflix Technology Blog", "Netflix Technology Blog"),
        ("Johnson and Johnson", "Johnson and Johnson"),
        ("The GPT-4 Team, OpenAI", "The GPT-4 Team, OpenAI"),
        ("", ""),
    ],
)
def test_a_name_is_inverted_where_its_parts_can_be_told(
    text: str, inverted: str
) -> None:
    assert name(text).inverted == inverted


@given(st.text(max_size=40))
def test_no_word_of_a_name_is_lost(text: str) -> None:
    found = name(text)
    if found.family:
        told = f"{found.family} {found.given} {found.suffix}"
        assert sorted(told.replace(",", "").replace(" ", "")) == sorted(
            "".join(text.split()).replace(",", "")
        )
    else:
        assert found.whole.split() == text.split()
