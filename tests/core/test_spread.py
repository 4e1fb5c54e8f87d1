"""A digest that no source, story or favourite fills, with places kept for the rest."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random
from time import process_time

import pytest

from tests.core.test_digest import KDD, PINS, READER, item, numbers, picks
from tests.fakes import MONDAY
from tracker.core.digest import Shape, candidates, sections
from tracker.core.rank import is_match
from tracker.core.spread import spread
from tracker.core.values import Claim, Item
from tracker.core.weekly import Pick, Section

STORY = (
    "Boats and ferries are ranked by a model of two towers that reads logs of every"
    " harbour since spring, learns what skippers want, and puts it before them at once,"
    " which halves the time until somebody casts off, and costs nothing but one machine"
    " for a night of training a week, as we report here with numbers and mistakes."
)
OTHER = (
    "Language models forget keys nobody asks for when memory is short; a cache decides"
    " by looking back over few steps, drops the least wanted, keeps quality on five"
    " public benchmarks within noise, and doubles how many people one card serves, with"
    " code, logs, failures, prices, and an account of where it would not help anyone."
)


POOL = [*STORY.split(), *OTHER.split(), *(f"w{n}" for n in range(2_000))]


def made(*items: Item, draw: str = "", **shape: int) -> dict[str, Section]:
    wanted = Shape(**{"top": 2, "per_section": 3, "explore": 0} | shape)
    return {s.key: s for s in sections(picks(*items), READER, wanted, draw)}


def retold(number: int, **changes: object) -> Item:
    """Return an item of another source with nearly the words of STORY."""
    text = STORY.replace("halves", "cuts").replace("a night", "an evening")
    named = {"title": f"Ranking boats, take {number}", "sources": (f"s{number}",)}
    return item(number, "recsys", **{"summary": text, **named, **changes})


def test_a_prolific_source_can_not_fill_a_section() -> None:
    loud = [item(n, "recsys", sources=("loud",)) for n in range(1, 20)]
    quiet = [
        item(n, "recsys", sources=(f"q{n}",), published=MONDAY - timedelta(days=9))
        for n in range(20, 24)
    ]
    chosen = spread(picks(*loud, *quiet), 6)
    assert sum(pick.item.sources == ("loud",) for pick in chosen) <= 3


def test_the_same_story_told_again_comes_after_all_others() -> None:
    told = item(1, "recsys", summary=STORY, title="We rank boats", sources=("a",))
    again = [retold(n) for n in range(2, 9)]
    late = MONDAY - timedelta(days=13)
    other = item(9, "recsys", summary=OTHER, published=late, sources=("z",))
    chosen = spread(picks(told, *again, other), 3)
    assert [pick.item.id for pick in chosen][:2] == [1, 9]
    assert len(chosen) == 3  # where there is room it is shown all the same


def test_a_story_of_the_top_is_not_told_again_below() -> None:
    top = item(
        1, "recsys", companies=PINS, summary=STORY, title="Boats", sources=("a",)
    )
    again = [retold(n) for n in (2, 3)]
    others = [item(n, "recsys", summary=OTHER, published=None) for n in (8, 9)]
    found = made(top, *again, *others, top=1, per_section=1)
    assert numbers(found["top"]) == [1]
    assert numbers(found["topic:recsys"]) == [8]


def test_titles_tell_the_same_where_there_is_no_text() -> None:
    told = [
        item(n, "recsys", title=title, sources=(f"s{n}",))
        for n, title in enumerate(
            (
                "How we rank five million boats a day in our harbour",
                "How we rank five million boats per day in our harbour",
                "What the harbour taught us of caches",
            ),
            1,
        )
    ]
    assert [pick.item.id for pick in spread(picks(*told), 2)] == [1, 3]


def test_each_choice_is_the_best_that_is_left() -> None:
    random = Random(7)
    left = picks(
        *(
            item(
                n,
                *random.sample(["recsys", "llm"], random.randint(0, 2)),
                sources=(f"s{random.randint(1, 6)}",),
                published=MONDAY - timedelta(days=random.randint(0, 20)),
            )
            for n in range(1, 80)
        )
    )
    sources: Counter[str] = Counter()
    topics: Counter[str] = Counter()

    def worth(pick: Pick) -> tuple[float, int]:
        topic = pick.item.topics[0].name if pick.item.topics else ""
        cost = 1.5 * sources[pick.item.sources[0]] + 0.5 * topics[topic]
        return (pick.score - cost, -pick.item.id)

    for pick in spread(left, 40):
        assert pick == max(left, key=worth)
        left.remove(pick)
        sources[pick.item.sources[0]] += 1
        topics.update([claim.name for claim in pick.item.topics[:1]])


def test_every_topic_followed_has_a_place() -> None:
    plain = [item(n, "recsys", sources=(f"s{n}",)) for n in range(1, 20)]
    both = (Claim("recsys", "title", "b"), Claim("llm", "title", "b", weight=0.1))
    hidden = item(30, published=None, topics=both)
    found = made(*plain, hidden, per_section=2)
    assert numbers(found["topic:recsys"])[-1] == 30
    assert len(found["topic:recsys"].picks) == 2
    assert found["topic:recsys"].more == 16


def test_every_company_followed_has_a_place_even_beyond_the_length() -> None:
    names = [f"c{n}" for n in range(1, 7)]
    reader = replace(READER, companies=frozenset(names))
    loud = [item(n, companies=(Claim("c1", "p", "b"),)) for n in range(1, 30)]
    old = MONDAY - timedelta(days=30)
    quiet = [
        item(100 + n, companies=(Claim(name, "p", "b"),), published=old)
        for n, name in enumerate(names[1:])
    ]
    week = candidates([*loud, *quiet], {}, reader, MONDAY)
    found = {s.key: s for s in sections(week, reader, Shape(2, 3, 0))}
    named = {p.item.companies[0].name for s in found.values() for p in s.picks}
    assert named == set(names)
    assert len(found["companies"].picks) == 5
    assert found["companies"].more == 27


def test_what_has_a_place_at_the_top_is_owed_no_other() -> None:
    top = [item(n, companies=PINS, sources=(f"s{n}",)) for n in range(1, 3)]
    weak = item(9, companies=PINS, sources=("s1",), published=None)
    rest = [item(n, venues=KDD, companies=PINS, sources=("k",)) for n in range(3, 6)]
    found = made(*top, weak, *rest, per_section=1)
    assert len(found["companies"].picks) == 1


def drawn(found: dict[str, Section]) -> list[Pick]:
    return [
        pick
        for section in found.values()
        for pick in section.picks
        if pick.reasons[0].name == "exploration"
    ]


WANTED = [item(n, "recsys", sources=(f"w{n}",)) for n in range(1, 9)]
UNASKED = [item(n, sources=(f"u{n}",)) for n in range(40, 60)]


def test_one_of_the_top_is_from_outside_and_says_so() -> None:
    found = made(*WANTED, *UNASKED, top=4, explore=1)
    (pick,) = drawn(found)
    assert found["top"].picks[-1] == pick
    assert len(found["top"].picks) == 4
    assert not is_match(pick)
    words = [reason.words for reason in pick.reasons]
    assert words[0] == "something else: outside your topics this week"
    assert pick.score == round(sum(reason.points for reason in pick.reasons), 3)


def test_what_is_drawn_is_the_same_each_time_and_another_each_week() -> None:
    weeks = [f"2026-W{n} me" for n in range(10, 40)]
    once, again = (
        [
            drawn(made(*WANTED, *UNASKED, draw=week, explore=1))[0].item.id
            for week in weeks
        ]
        for _ in range(2)
    )
    assert once == again
    assert len(set(once)) > 8


def test_as_many_are_drawn_as_the_settings_say() -> None:
    assert drawn(made(*WANTED, *UNASKED, explore=0)) == []
    assert len(drawn(made(*WANTED, *UNASKED, top=6, explore=3))) == 3
    alone = made(*WANTED, *UNASKED, top=1, explore=3)
    assert drawn(alone) == []
    assert len(alone["top"].picks) == 1
    assert drawn(made(*WANTED, top=4, explore=1)) == []
    assert made(*UNASKED, explore=1) == {}


@pytest.mark.parametrize("changes", [{"withdrawn": True}, {"backlog": True}])
def test_what_stays_out_is_not_drawn_either(changes: dict[str, bool]) -> None:
    # The fields of an Item, checked by replace itself.
    out = [replace(one, **changes) for one in UNASKED]  # type: ignore[arg-type]
    excluded = item(70, title="Of quantum bits")
    assert drawn(made(*WANTED, *out, excluded, explore=1)) == []


def test_a_week_of_three_thousand_items_is_put_in_order_within_a_second() -> None:
    random = Random(1)
    items = [
        item(
            n,
            *random.sample(["recsys", "llm"], random.randint(0, 2)),
            sources=(f"s{random.randint(1, 30)}",),
            companies=PINS if random.random() < 0.1 else (),
            venues=KDD if random.random() < 0.2 else (),
            summary=" ".join(random.choices(POOL, k=180)),
        )
        for n in range(1, 3001)
    ]
    week = picks(*items)
    began = process_time()
    sections(week, READER, Shape(), "2026-W47 me")
    assert process_time() - began < 1
