"""Formulas readable as text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.render.tex import readable

_MARKS = r"\{}$^_~'`\"abcfrac sqrtalphtextb"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"$\beta$-VAE", "β-VAE"),
        (r"Learning in $O(n \log n)$ time", "Learning in O(n log n) time"),
        (r"$\mathcal{O}(\sqrt{n})$", "O(√n)"),
        (r"\textbf{Bold} and \emph{slanted}", "Bold and slanted"),
        (r"Erd\H{o}s and G\"odel, Caf\'e", "Erdős and Gödel, Café"),
        (r"$\frac{1}{2}$ of it", "1/2 of it"),
        (r"$\lambda_2$, $x^{2}$, $x_i$", "λ_2, x^2, x_i"),
        (r"100\% of R\&D", "100% of R&D"),
        (r"$A \to B$ is $\leq 3$", "A → B is ≤ 3"),
    ],
)
def test_tex_is_read(written: str, read: str) -> None:
    assert readable(written) == read


@pytest.mark.parametrize(
    "text",
    [
        "No formula at all",
        "From $5M to $10M",
        "It costs $5",
        "a_b and c^d",
        "{braces} stay",
        "言語 🚀",
        "",
    ],
)
def test_what_is_no_tex_stays(text: str) -> None:
    assert readable(text) == text


def test_an_unknown_command_stays_as_it_was_written() -> None:
    assert readable(r"C:\Users and \unheard of") == r"C:\Users and \unheard of"


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.text(st.sampled_from(_MARKS), max_size=200))
def test_any_text_is_read_to_its_end(text: str) -> None:
    assert len(readable(text)) <= len(text)


@pytest.mark.parametrize("text", ["\\", "$", "{", "\\frac{", "\\'", "$\\", "^{_{"])
def test_endless_beginnings_are_read_to_their_end(text: str) -> None:
    assert len(readable(text * 2_000)) <= len(text) * 2_000
