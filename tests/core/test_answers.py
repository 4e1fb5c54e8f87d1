"""Answers of language models: made plain, and told from talk."""

from time import process_time

import pytest

from tracker.core.answers import fits, plain

_TITLE = "BoatRank: ranking boats by their wake"
_TEXT = (
    "Rankers of boats look at sails alone. We propose BoatRank, which embeds the wake"
    " that a boat leaves, with two towers that share a table of harbours. In a test by"
    " skippers of three harbours, bookings rise by 4.1% and latency stays the same. An"
    " assistant that is asked to summarize a text cannot help and may provide none."
)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("A boat. It sails.", ("A boat.", "It sails.")),
        ("**Idea:** A boat.\n- **Result**: It sails.", ("A boat.", "It sails.")),
        (
            "Here are two:\n\n1. A *fast* boat.\n2. It sails.",
            ("A fast boat.", "It sails."),
        ),
        ("## Summary\nA boat\nsails. It `sails`.", ("A boat sails.", "It sails.")),
        ("Key idea: a boat\nResult: 4 %", ("a boat", "4 %")),
        ("```\n> TL;DR: __A__ boat.\n```", ("A boat.",)),
        ("A [boat](https://x.example/b) sails.", ("A boat sails.",)),
        ("For $p^*$ and a * b, x_1 and snake_case_name.",) * 2,
        ("A. B. C.", ("A. B. C.",)),
        ("", ()),
    ],
)
def test_marks_and_labels_are_taken_off(
    answer: str, said: tuple[str, ...] | str
) -> None:
    assert plain(answer) == ((said,) if isinstance(said, str) else said)


@pytest.mark.parametrize(
    "answer",
    [
        "Boats are ordered by the traces they leave on water, embedded by two towers."
        " Skippers booked 4.1% more.",
        "BoatRank embeds a boat's wake. Bookings rise by 4.1%.",
        "Learns from wakes rather than sails, and bookings rise by 4.1% at no latency.",
    ],
)
def test_a_summary_in_words_of_its_own_fits(answer: str) -> None:
    assert fits(plain(answer), _TITLE, _TEXT)


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "OK",
        "BoatRank ranks boats.",
        "I'm sorry, I cannot help with that. Please provide the text.",
        "I'm an AI language model and can't summarize it. Please share the text.",
        "The idea is X. The result is 3 % better.",
        "Error: model not found, try pulling it first, or ask for help.",
        "A transformer reads proteins as sentences. Folding errors fall by half.",
        "Ein Verfahren ordnet Schiffe nach ihrer Spur im Wasser. Es wird mehr gebucht.",
        f"BoatRank embeds wakes of boats in harbours {'and harbours ' * 30}",
    ],
)
def test_talk_and_what_is_of_another_text_does_not(answer: str) -> None:
    assert not fits(plain(answer), _TITLE, _TEXT)


@pytest.mark.parametrize(
    "piece",
    ["*", "**a", "_ ", "__a", "`", "[a", "[a](https://", "- ", "\n", "a: ", "# "],
)
def test_a_hostile_answer_takes_no_time(piece: str) -> None:
    began = process_time()
    plain(piece * 500_000)
    assert process_time() - began < 2
