"""What marks teach: like finds like, dislikes weigh, the same marks teach the same."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

from tests.fakes import MONDAY
from tracker.core.rank import is_match, score
from tracker.core.rank.interests import Interests
from tracker.core.rank.opinions import opinion
from tracker.core.rank.taste import Taste, learn
from tracker.core.rank.texts import Texts
from tracker.core.values import Claim, Item, ItemKind, Mark, MarkState

FIVE = Mark(rating=5)
ONE = Mark(rating=1)
SUBJECTS = {
    "songs": ("Recommending songs to listeners", "A playlist model of music taste."),
    "pasta": ("Cooking pasta at home", "How water, salt and time make a dish."),
    "bridges": ("Bridges under load", "Steel beams bend before concrete breaks."),
}


def item(number: int, subject: str) -> Item:
    title, summary = SUBJECTS[subject]
    return Item(
        id=number,
        kind=ItemKind.PAPER,
        title=f"{title}, part {number}",
        url=None,
        first_seen=MONDAY,
        summary=summary,
    )


ITEMS = [
    item(10 * n + place, subject)
    for place, subject in enumerate(SUBJECTS)
    for n in range(8)
]
SONGS, PASTA, BRIDGES = ITEMS[:8], ITEMS[8:16], ITEMS[16:]


def taught(
    marks: Iterable[tuple[Item, Mark]], items: Iterable[Item] = ITEMS
) -> Taste | None:
    held = (opinion(one, mark) for one, mark in marks)
    return learn([one for one in held if one], Texts.of(items), {})


def taste(*marks: tuple[Item, Mark]) -> Taste:
    found = taught(marks)
    assert found is not None
    return found


def crowd(count: int) -> list[Item]:
    """Return so many items, of the three subjects in turns."""
    return [item(n, list(SUBJECTS)[n % 3]) for n in range(count)]


def on_songs(items: Iterable[Item]) -> dict[int, float]:
    return {one.id: 3.0 for one in items if "songs" in one.title}


def points(found: Taste, *items: Item) -> list[float]:
    said = found.reasons(items)
    return [said[one.id].points for one in items]


def test_what_is_like_a_like_gets_more_than_all_else() -> None:
    found = taste((SONGS[0], FIVE), (SONGS[1], FIVE))
    assert min(points(found, *SONGS[2:])) > max(points(found, *PASTA, *BRIDGES))


def test_the_reason_names_the_most_similar_liked_item_and_its_mark() -> None:
    wished = Mark(MarkState.TO_READ)
    found = taste((SONGS[0], FIVE), (BRIDGES[0], wished), (BRIDGES[1], wished))
    assert found.reasons([SONGS[3]])[SONGS[3].id].words == (
        'like "Recommending songs to listeners, part 0", which you rated 5'
    )
    said = found.reasons([BRIDGES[3]])[BRIDGES[3].id].words
    assert said.endswith(", which you want to read")


def test_what_is_unlike_all_likes_is_said_to_be_so_and_loses_points() -> None:
    found = taste((SONGS[0], FIVE))
    said = found.reasons([PASTA[1]])[PASTA[1].id]
    assert (said.points < 0, said.words) == (True, "unlike what you liked")


def test_a_dislike_pushes_down_what_is_like_it() -> None:
    without = taste((SONGS[0], FIVE))
    with_it = taste((SONGS[0], FIVE), (PASTA[0], ONE))
    pasta, bridges = points(with_it, PASTA[1], BRIDGES[1])
    assert pasta < bridges
    assert pasta < points(without, PASTA[1])[0]


def test_the_same_marks_in_any_order_teach_the_same() -> None:
    marks = [(SONGS[0], FIVE), (BRIDGES[2], FIVE), (PASTA[1], ONE)]
    one, other = taught(marks), taught(marks[::-1], ITEMS[::-1])
    assert one is not None
    assert other is not None
    assert points(one, *ITEMS) == points(other, *ITEMS)


@pytest.mark.parametrize(
    "mark", [Mark(), Mark(rating=3), ONE, Mark(MarkState.NOT_FOR_ME)]
)
def test_without_a_like_nothing_is_learnt(mark: Mark) -> None:
    assert taught([(SONGS[0], mark)]) is None


def test_a_rating_says_more_than_that_it_was_read() -> None:
    read = opinion(SONGS[0], Mark(MarkState.READ))
    rated = opinion(SONGS[0], Mark(MarkState.READ, 5))
    poor = opinion(SONGS[0], Mark(MarkState.READ, 1))
    gone = opinion(SONGS[0], Mark(MarkState.NOT_FOR_ME, 5))
    assert read and rated and poor and gone
    assert rated.weight > read.weight > 0 > poor.weight
    assert gone.weight < 0


def test_the_more_likes_the_more_the_taste_counts_beside_what_is_assumed() -> None:
    few, more = taste((SONGS[0], FIVE)), taste(*((one, FIVE) for one in SONGS[:6]))
    assert 0 < few.trust < more.trust < 1


def test_facts_that_repeat_each_other_count_up_to_a_bound() -> None:
    """Twenty authors who always write together are not twenty reasons."""
    crowd = tuple(f"Author {n}" for n in range(20))
    liked = [replace(one, authors=crowd) for one in SONGS]
    found = taught([(one, FIVE) for one in liked], [*liked, *PASTA, *BRIDGES])
    assert found is not None
    none, one, all_ = points(
        found,
        *(
            replace(SONGS[0], id=90 + count, authors=crowd[:count])
            for count in (0, 1, 20)
        ),
    )
    assert none < one < all_
    assert all_ - none <= 3 * found.trust * 0.5 * 3 + 0.001


@pytest.mark.parametrize(
    "items", [SONGS[:1], [replace(SONGS[0], title="", summary="")]]
)
def test_a_store_of_one_item_or_of_no_words_is_learnt_from(items: list[Item]) -> None:
    found = taught([(items[0], FIVE)], items)
    assert found is not None
    assert np.isfinite(points(found, *items, PASTA[0])).all()


def test_what_was_learnt_is_the_same_after_it_was_kept_as_arrays() -> None:
    found = taste((SONGS[0], FIVE), (PASTA[0], ONE))
    again = Taste.of(found.arrays())
    assert again.reasons(ITEMS) == found.reasons(ITEMS)


@pytest.mark.parametrize(
    "lost", ["words", "pairs", "weights", "likes", "axes", "assumed"]
)
def test_arrays_that_lack_a_part_are_refused(lost: str) -> None:
    arrays = taste((SONGS[0], FIVE)).arrays()
    del arrays[lost]
    with pytest.raises(KeyError):
        Taste.of(arrays)


def test_a_score_is_the_sum_of_its_reasons_the_learnt_one_among_them() -> None:
    found = taste((SONGS[0], FIVE), (SONGS[1], FIVE))
    reader = Interests(
        topics=("recsys",),
        companies=frozenset(),
        learnt=found.reasons(ITEMS),
        assumed=found.assumed,
    )
    pick = score(SONGS[2], reader, MONDAY)
    assert pick.reasons[0].name == "taste"
    assert pick.score == pytest.approx(sum(one.points for one in pick.reasons))
    assert is_match(pick)
    assert not is_match(score(PASTA[2], reader, MONDAY))


def test_a_topic_says_half_where_a_taste_was_hinted_at_its_words() -> None:
    bare = Interests(topics=("recsys",), companies=frozenset())
    song = replace(SONGS[2], topics=(Claim("recsys", "a", "b"),))
    found = taste((SONGS[0], FIVE)).reasons([song])
    whole, alone, half = (
        {part.name: part.points for part in score(song, wanted, MONDAY).reasons}
        for wanted in (
            bare,
            replace(bare, learnt=found),
            replace(bare, learnt=found, hinted=2.0),
        )
    )
    assert half["topic"] == whole["topic"] / 2
    assert alone["topic"] == whole["topic"]


def test_what_was_asked_for_and_is_not_liked_is_told_apart_from_likes() -> None:
    """Nobody needs to learn that a reader of songs is not shown bridges."""
    songs = [opinion(one, FIVE) for one in SONGS[:3]]
    held, texts = [one for one in songs if one], Texts.of(ITEMS)
    asked = learn(held, texts, {one.id: 3.0 for one in PASTA})
    unasked = learn(held, texts, {})
    assert asked
    assert unasked
    pasta, bridges = points(asked, PASTA[0], BRIDGES[0])
    assert pasta < bridges
    assert pasta < points(unasked, PASTA[0])[0]


@pytest.mark.parametrize(("kind", "counts"), [("paper", True), ("post", False)])
def test_likes_in_a_category_speak_for_papers_in_it_not_for_tags_of_posts(
    kind: str, counts: bool
) -> None:
    filed = [
        replace(one, kind=ItemKind(kind), categories=("cs.IR",)) for one in SONGS[:3]
    ]
    found = taught([(one, FIVE) for one in filed], [*filed, *SONGS[3:], *PASTA])
    assert found is not None
    same = replace(filed[0], id=99, categories=())
    with_it, without = points(found, filed[0], same)
    assert (with_it > without) is counts


def test_before_a_like_what_is_on_the_topics_tells_what_is_near_them() -> None:
    items = crowd(300)
    found = learn([], Texts.of(items), on_songs(items))
    assert found
    near = replace(SONGS[0], id=900, title="A model of what listeners play")
    assert points(found, near)[0] > 0 > max(points(found, PASTA[0], BRIDGES[0]))
    said = found.reasons([near, PASTA[0]])
    assert said[900].words == "close to what is on your topics"
    assert said[PASTA[0].id].words == "unlike what is on your topics"
    assert Taste.of(found.arrays()).reasons(items) == found.reasons(items)


def test_few_texts_on_a_topic_or_none_tell_nothing_before_a_like() -> None:
    assert learn([], Texts.of(ITEMS), on_songs(ITEMS)) is None
    assert learn([], Texts.of(crowd(300)), {}) is None


def test_where_all_is_on_the_topics_they_tell_nothing() -> None:
    items = crowd(300)
    found = learn([], Texts.of(items), {one.id: 1.5 for one in items})
    assert found
    assert points(found, *ITEMS) == [0] * len(ITEMS)


def test_a_like_elsewhere_does_not_drown_what_is_on_the_topics() -> None:
    items = crowd(300)
    liked = [one for one in [opinion(items[1], FIVE)] if one]
    with_topics = learn(liked, Texts.of(items), on_songs(items))
    without = learn(liked, Texts.of(items), {})
    assert with_topics
    assert without
    songs, bridges = points(with_topics, SONGS[0], BRIDGES[0])
    assert songs > bridges
    assert songs > points(without, SONGS[0])[0]
    said = with_topics.reasons([BRIDGES[0]])[BRIDGES[0].id].words
    assert said == "unlike what you liked and what is on your topics"


def test_what_was_refused_is_no_hint_whatever_it_is_about() -> None:
    items = crowd(300)
    refused = [opinion(one, ONE) for one in items if one.id < 100]
    held = [one for one in refused if one]
    songs = on_songs(items)
    found = learn(held, Texts.of(items), {n: songs[n] for n in songs if n < 100})
    assert found is None
