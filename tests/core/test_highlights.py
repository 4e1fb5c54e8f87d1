"""The sentences that carry idea and result, chosen from made-up abstracts."""

from time import process_time

import pytest

from tracker.core.highlights import highlights

TITLE = "TowerMix: Mixing Towers for Retrieval"
BACKGROUND = "Retrieval decides what a ranker sees."
GAP = "However, existing towers outperform little and improve nothing."
IDEA = "We propose TowerMix, a framework that mixes towers per query."
DETAIL = "Specifically, we introduce a gate for each of its layers."
RESULT = "In an online A/B test it improves engagement by 3.2%."
OUTLOOK = "We hope that this could help future work."
CODE = "The code is available at https://x.example/towermix."


def test_idea_and_result_are_told_and_nothing_else() -> None:
    text = " ".join((BACKGROUND, GAP, IDEA, DETAIL, RESULT, OUTLOOK, CODE))
    assert highlights(TITLE, text) == (IDEA, RESULT)


def test_they_stand_in_the_order_of_the_text() -> None:
    text = " ".join((BACKGROUND, RESULT, DETAIL, IDEA))
    assert highlights(TITLE, text) == (RESULT, IDEA)


@pytest.mark.parametrize("text", ["", IDEA, f"{IDEA} {RESULT}"])
def test_a_text_of_two_sentences_needs_none(text: str) -> None:
    assert highlights(TITLE, text) == ()


def test_one_stands_alone_where_the_other_is_not_told() -> None:
    assert highlights(TITLE, f"{BACKGROUND} {IDEA} {CODE}") == (IDEA,)
    assert highlights("Of cats", f"{BACKGROUND} {OUTLOOK} {RESULT}") == (RESULT,)


def test_prose_without_idea_or_result_has_none() -> None:
    text = "It rained. The cat sat by the window. Later it slept. Nobody minded."
    assert highlights("A day at home", text) == ()
    talk = "We talked of cats. Cats are better than dogs. The home of cats is a home."
    assert highlights("A home of cats", talk) == ()
    tail = "The post A day at home first appeared on Days."
    assert highlights("A day at home", f"{text} {tail}") == ()


def test_a_sentence_too_long_to_skim_is_passed_over() -> None:
    long = IDEA.replace("that mixes", "that " + "very " * 80 + "often mixes")
    second = "To this end, we develop a gate for the towers of retrieval."
    assert highlights(TITLE, f"{BACKGROUND} {long} {second} {RESULT}") == (
        second,
        RESULT,
    )


def test_what_shares_words_with_the_title_is_the_idea() -> None:
    other = "We present a survey of cats."
    mixing = "We present a mixing of towers for retrieval."
    assert highlights(TITLE, f"{other} {mixing} {BACKGROUND} {RESULT}") == (
        mixing,
        RESULT,
    )


def test_choosing_takes_about_a_millisecond() -> None:
    text = " ".join((BACKGROUND, GAP, IDEA, DETAIL, DETAIL, DETAIL, RESULT, OUTLOOK))
    highlights(TITLE, text)
    began = process_time()
    for _ in range(100):
        highlights(TITLE, text)
    assert (process_time() - began) / 100 < 0.005


@pytest.mark.parametrize("piece", ["we propose ", "We show 3%. ", "data", "$", ". A "])
def test_a_hostile_text_takes_no_time(piece: str) -> None:
    began = process_time()
    highlights(piece * 100, piece * 500_000)
    assert process_time() - began < 0.25
