"""Where sentences end: not at abbreviations, numbers, formulas or addresses."""

from time import process_time

import pytest

from tracker.core.sentences import prose, sentences


@pytest.mark.parametrize(
    "text",
    [
        "Some models, e.g. The Two Towers, are wide.",
        "Some models (i.e. Rankers) are wide.",
        "As Ada et al. (2024) and Alan et al. Say it, nothing helps.",
        "See Fig. 2 and Eq. (3), Sec. IV and Tab. \\ref{tab}, and no. 7.",
        "J. R. Smith and Dr. Jones of the U.S. Army disagree.",
        "Recall rises by 3.5 to .62 and version 2.0 is out.",
        "The loss $a. B = c$ is low.",
        "The code is at https://x.example/A.B?C=d.E and www.Example.com today.",
        "Yahoo! is a company and so is iRobot... and so on.",
        "One vs. Many is a question; cf. Ada.",
    ],
)
def test_what_ends_no_sentence(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("It is so. We know.", 2),
        ("It answers in 8 ms. We tell how.", 2),
        ("Is it so? Yes! We know.", 3),
        ('He said "it is so." Then he left.', 2),
        ("It costs $5. We paid it. It was enough.", 3),
        ("There is no plan B. We need one.", 2),
        ("It has many parts, etc. We name them.", 2),
        ("It gains 3.5. Then it stops.", 2),
        ("It is [so.] 12 of them hold.", 2),
        ("\u6211\u4eec\u63d0\u51fa\u3002\u5b83\u5f88\u597d\uff01\u5feb\u5417\uff1f", 3),
        ("It holds\n  for\tall. \n\n It fails.", 2),
        ("", 0),
        (" \n ", 0),
    ],
)  # fmt: skip
def test_what_ends_one(text: str, parts: int) -> None:
    found = sentences(text)
    assert len(found) == parts
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(part == " ".join(part.split()) for part in found)


@pytest.mark.parametrize(
    "piece", [".", "a. ", "e.g. ", "$", "A.B.", "(", ". A", "1 ", "\u3002", "?! "]
)
def test_a_hostile_text_takes_no_time(piece: str) -> None:
    began = process_time()
    sentences(piece * 500_000)
    assert process_time() - began < 0.25


@pytest.mark.parametrize(
    "added",
    [
        " The post A post appeared first on A Blog.",
        " [\u2026] The post A post first appeared on A Blog.",
        " Continue reading A post",
        " Continue reading \u2192",
        " Read more",
        " [...]",
    ],
)
def test_what_a_blogs_program_added_is_no_prose(added: str) -> None:
    told = "We read on, and the post office continued reading."
    assert prose(told + added) == told
    assert prose(told) == told
    assert prose("x" * 5_000 + added) == "x" * 5_000
