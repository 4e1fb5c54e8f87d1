"""Topics of a reader's own, learnt from works that are said to be on them."""

from itertools import product

import numpy as np
import pytest

from tracker.core.classify import Topics
from tracker.core.classify.learnt import Learnt, Lesson, learn
from tracker.core.rank import vectors
from tracker.core.values import Claim, Topic

BREAD = Topic("bread", "Baking", "ovens and doughs", exclude=("steel",))
LOAVES = Topic("loaves", "Loaves", "a starter that ferments, in a bakery")
BOATS = Topic("boats", "Sailing", "winds and hulls")
# 448 texts on other things, four on bread, two on bread made of steel.
KINDS = ("growth", "decay", "colour", "weight", "sound", "price", "shape", "speed")
THINGS = ("stones", "clouds", "engines", "lenses", "bridges", "violins", "maps", "ink")
PLACES = ("deserts", "valleys", "harbours", "towers", "archives", "halls", "forests")
OTHERS = [
    (f"{kind} of {thing}", f"We study the {kind} of {thing} in {place}.")
    for thing, kind, place in product(THINGS, KINDS, PLACES)
]
RYE = [
    (f"Sourdough with {grain}", f"A starter of {grain} ferments {where}.")
    for grain in ("rye", "spelt")
    for where in ("at home", "in a bakery")
]
STEEL = [("Sourdough of steel", "A starter motor ferments nothing, of steel.")] * 2
TEXTS = [*OTHERS, *RYE, *STEEL]
NAMED = tuple(range(448, 452))
NEW = ("Sourdough at home", "How a starter of rye ferments, hour by hour.")


def taught(*lessons: Lesson) -> Topics:
    topics = Topics([one.topic for one in lessons])
    return topics.taught(learn(lessons, TEXTS))


def found(topics: Topics, title: str, text: str = "") -> list[Claim]:
    return list(topics.of(title, text, source="blog"))


def test_a_work_like_those_named_is_on_the_topic_and_says_like_which() -> None:
    assert found(Topics([BREAD]), *NEW) == []
    (claim,) = found(taught(Lesson(BREAD, NAMED)), *NEW)
    assert (claim.name, claim.source) == ("bread", "blog")
    assert claim.evidence == 'like "Sourdough with rye", which you named'
    assert 0 < claim.weight < 1


def test_each_topic_learns_from_its_own_works_alone() -> None:
    topics = taught(Lesson(BOATS, (0, 7, 14)), Lesson(BREAD, NAMED))
    assert [claim.name for claim in found(topics, *NEW)] == ["bread"]
    on_stones = found(topics, "growth of stones", "Stones, in deserts.")
    assert [claim.name for claim in on_stones] == ["boats"]


def test_words_come_first_and_what_is_excluded_stays_out() -> None:
    topics = taught(Lesson(BREAD, NAMED))
    (claim,) = found(topics, "Baking sourdough", NEW[1])
    assert claim.evidence == "title: Baking"
    assert found(topics, "Sourdough on steel", NEW[1]) == []


def test_works_that_are_not_on_the_topic_take_it_from_what_is_like_them() -> None:
    plain = Topic("bread", "Baking", "ovens and doughs")
    odd = ("Sourdough of steel", "A starter motor ferments at home.")
    (claim,) = found(taught(Lesson(plain, NAMED)), *odd)
    assert claim.name == "bread"
    told = taught(Lesson(plain, NAMED, (452, 453)))
    assert found(told, *odd) == []
    assert [claim.name for claim in found(told, *NEW)] == ["bread"]


def test_however_many_works_are_against_it_a_topic_is_found() -> None:
    told = taught(Lesson(BREAD, NAMED, tuple(range(300))))
    assert [claim.name for claim in found(told, *NEW)] == ["bread"]


@pytest.mark.parametrize("named", [(0,), (448,), tuple(range(454))])
def test_no_topic_claims_more_than_a_twentieth_of_what_it_was_learnt_on(
    named: tuple[int, ...],
) -> None:
    learnt = learn([Lesson(BREAD, named)], TEXTS)
    claimed = [text for text in TEXTS if list(learnt.of(*text))]
    assert len(claimed) <= 0.05 * len(TEXTS)


def test_a_description_alone_finds_works_whose_text_is_long_enough() -> None:
    learnt = learn([Lesson(LOAVES, ()), Lesson(BOATS, (0,))], TEXTS)
    title, text = "An hour by hour account", "A starter ferments in a bakery. " * 14
    (claim,) = learnt.of(title, text)
    assert (claim.name, claim.evidence) == ("loaves", "like its title and description")
    assert list(learnt.of(title, text[:200])) == []
    assert list(learnt.of(title, "It is about clouds and bridges. " * 14)) == []


def test_a_short_text_must_be_like_a_work_that_was_named() -> None:
    title, text = "An hour by hour account", "A starter ferments in a bakery."
    unlike = learn([Lesson(LOAVES, (0,))], TEXTS)
    assert list(unlike.of(title, text)) == []
    (claim,) = unlike.of(title, f"{text} " * 14)
    assert claim.evidence == "like its title and description"
    (claim,) = learn([Lesson(LOAVES, NAMED)], TEXTS).of(title, text)
    assert claim.evidence.startswith('like "Sourdough with ')


def test_what_is_kept_as_arrays_finds_the_same() -> None:
    lessons = [Lesson(BREAD, NAMED), Lesson(LOAVES, ()), Lesson(BOATS, (0, 8), (1,))]
    learnt = learn(lessons, TEXTS)
    again = Learnt.from_arrays(learnt.arrays())
    for text in (*TEXTS, NEW, ("", "")):
        assert list(again.of(*text)) == list(learnt.of(*text))


def test_a_row_alone_is_as_it_is_in_a_matrix() -> None:
    vocabulary, _ = vectors.read(TEXTS)
    for text in (NEW, ("", ""), ("Rye", ""), ("", "of rye rye"), ("zzz", "zzz")):
        columns, values = vocabulary.row(text)
        alone = np.zeros(vocabulary.size, np.float32)
        alone[columns] = values
        assert np.allclose(alone, vocabulary.rows([text]).toarray()[0], atol=1e-6)
