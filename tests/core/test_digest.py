"""A week's items put in order: scores that add up, sections, spread, no repeats."""

from dataclasses import replace
from datetime import timedelta

from tests.fakes import MONDAY
from tracker.core.classify.mentions import finder
from tracker.core.digest import Shape, candidates, sections
from tracker.core.grounds import grounds
from tracker.core.rank import excluded, is_match, score
from tracker.core.rank.interests import Interests
from tracker.core.values import Claim, Company, Item, ItemKind, Signal, SignalName
from tracker.core.weekly import Pick, Reason, Section

READER = Interests(
    topics=("recsys", "llm"),
    companies=frozenset({"pinterest"}),
    exclude=("quantum",),
    titles={"recsys": "Recommender systems", "llm": "Large language models"},
)


def item(number: int, *topics: str, **changes: object) -> Item:
    made = Item(
        id=number,
        kind=ItemKind.POST,
        title=f"Item {number}",
        url=f"https://x.example/{number}",
        first_seen=MONDAY,
        published=MONDAY - timedelta(days=2),
        sources=("blog",),
        topics=tuple(Claim(topic, "title", "blog") for topic in topics),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # checked by replace itself


def picks(*items: Item) -> list[Pick]:
    return candidates(items, {}, READER, MONDAY)


SHORT = Shape(top=2, per_section=3)


def made(*items: Item, shape: Shape = SHORT) -> dict[str, Section]:
    return {s.key: s for s in sections(picks(*items), READER, shape)}


def numbers(section: Section) -> list[int]:
    return [pick.item.id for pick in section.picks]


KDD = (Claim("KDD 2026", "listed", "kdd", since=MONDAY),)
PINS = (Claim("pinterest", "published by", "blog"),)


def told(**counts: str) -> tuple[Signal, ...]:
    return tuple(Signal(SignalName(name), n, "hf") for name, n in counts.items())


def popularity(**counts: str) -> dict[str, tuple[float, str]]:
    reasons = score(item(1, signals=told(**counts)), READER, MONDAY).reasons
    return {r.name: (r.points, r.words) for r in reasons if r.name in counts}


def test_upvotes_and_citations_say_a_little_and_say_it_in_words() -> None:
    titled = replace(READER, titles={"hf": "Hugging Face"})
    popular = item(1, "recsys", signals=told(upvotes="412", citations="35"))
    pick = score(popular, titled, MONDAY)
    words = [reason.words for reason in pick.reasons]
    assert "412 upvotes at Hugging Face" in words
    assert "cited 35 times" in words
    assert pick.score == round(sum(reason.points for reason in pick.reasons), 3)
    assert not is_match(score(replace(popular, topics=()), titled, MONDAY))


def test_popularity_is_bounded_below_any_wish_of_a_reader() -> None:
    few, many = popularity(upvotes="5"), popularity(upvotes="100")
    assert 0 < few["upvotes"][0] < many["upvotes"][0]
    most = popularity(upvotes="123456", citations="999999999")
    assert most["upvotes"] == (many["upvotes"][0], "123,456 upvotes at hf")
    assert sum(points for points, _ in most.values()) < 2
    wished = score(item(2, companies=PINS), READER, MONDAY)
    liked = score(item(1, signals=told(upvotes="9" * 9, citations="9")), READER, MONDAY)
    assert liked.score < wished.score


def test_one_is_told_as_one_and_none_is_not_told() -> None:
    assert popularity(upvotes="1")["upvotes"][1] == "1 upvote at hf"
    assert popularity(citations="1")["citations"][1] == "cited once"
    assert popularity(upvotes="0", citations="many") == {}


def test_the_largest_count_stands_for_those_of_several_sources() -> None:
    counts = (
        Signal(SignalName.UPVOTES, "9", "hf"),
        Signal(SignalName.UPVOTES, "40", "other"),
    )
    reasons = score(item(1, signals=counts), READER, MONDAY).reasons
    assert "40 upvotes at other" in [reason.words for reason in reasons]


def test_a_score_is_the_sum_of_its_reasons() -> None:
    whole = item(1, "recsys", "llm", companies=PINS, venues=KDD, sources=("a", "b"))
    pick = score(whole, READER, MONDAY)
    assert pick.score == round(sum(reason.points for reason in pick.reasons), 3)
    assert [reason.name for reason in pick.reasons] == [
        "topic",
        "company",
        "venue",
        "sources",
        "fresh",
    ]
    assert pick.reasons[0].words == (
        "about recommender systems and large language models"
    )


def test_what_was_asked_for_comes_before_what_is_merely_new() -> None:
    fresh = item(1, published=MONDAY)
    wanted = item(2, "recsys", published=MONDAY - timedelta(days=6))
    assert [pick.item.id for pick in picks(fresh, wanted)] == [2, 1]


def test_an_old_post_gives_way_to_a_new_one_and_an_old_paper_to_none() -> None:
    old = item(1, "recsys", "llm", published=MONDAY - timedelta(days=180))
    assert [pick.item.id for pick in picks(old, item(2, "llm"))] == [2, 1]
    assert score(old, READER, MONDAY).reasons[-1].words == "published 180 days ago"
    paper = replace(old, kind=ItemKind.PAPER)
    assert [pick.item.id for pick in picks(paper, item(2, "llm"))] == [1, 2]


def test_equal_scores_keep_the_order_of_numbers() -> None:
    same = [item(n, "recsys") for n in (5, 3, 4)]
    assert [pick.item.id for pick in picks(*same)] == [3, 4, 5]


def test_excluded_words_keep_an_item_out() -> None:
    assert excluded(item(1, title="Quantum recommenders"), READER)
    assert not excluded(item(1, title="A quantitative study"), READER)
    assert picks(item(1, "recsys", summary="with quantum bits")) == []


def test_withdrawn_papers_stay_out() -> None:
    assert picks(item(1, "recsys", withdrawn=True)) == []


def test_backlog_stays_out_but_for_conference_papers() -> None:
    old_post = item(1, "recsys", backlog=True)
    old_paper = item(2, "recsys", backlog=True, kind=ItemKind.PAPER, venues=KDD)
    found = made(old_post, old_paper)
    assert list(found) == ["conferences"]
    assert numbers(found["conferences"]) == [2]


def test_papers_of_conferences_long_past_are_no_news() -> None:
    past = tuple(replace(claim, name="KDD 2023") for claim in KDD)
    old_paper = item(1, "recsys", backlog=True, kind=ItemKind.PAPER, venues=past)
    assert picks(old_paper) == []


def test_nothing_of_an_earlier_issue_returns_unless_accepted_since() -> None:
    shown = {1: MONDAY - timedelta(days=7), 2: MONDAY - timedelta(days=7)}
    plain, accepted = item(1, "recsys"), item(2, "recsys", venues=KDD)
    (pick,) = candidates([plain, accepted], shown, READER, MONDAY)
    assert pick.item.id == 2
    assert pick.reasons[0].words == "now accepted at KDD 2026"
    assert pick.score == round(sum(reason.points for reason in pick.reasons), 3)
    again = {2: MONDAY + timedelta(days=1)}
    assert candidates([accepted], again, READER, MONDAY) == []


def test_an_item_stands_in_one_section_alone() -> None:
    many = [item(n, "recsys", sources=(f"s{n}",)) for n in range(1, 8)]
    found = made(*many, item(8, "llm", companies=PINS), item(9, "llm", venues=KDD))
    everywhere = [number for section in found.values() for number in numbers(section)]
    assert len(everywhere) == len(set(everywhere))


def test_sections_are_top_topics_companies_conferences() -> None:
    items = [item(n, "recsys", sources=(f"a{n}",)) for n in range(1, 5)]
    items += [item(n, "llm", sources=(f"b{n}",)) for n in range(5, 9)]
    items += [item(10, companies=PINS, published=None) for _ in range(1)]
    items += [item(11, venues=KDD, published=None)]
    assert list(made(*items)) == [
        "top",
        "topic:recsys",
        "topic:llm",
        "companies",
        "conferences",
    ]


def test_what_a_section_leaves_out_is_counted() -> None:
    many = [item(n, "recsys", sources=(f"s{n}",)) for n in range(1, 11)]
    found = made(*many, shape=Shape(top=2, per_section=3))
    assert len(found["topic:recsys"].picks) == 3
    assert found["topic:recsys"].more == 5


def test_an_empty_week_has_no_sections() -> None:
    assert made() == {}
    assert made(item(1)) == {}


def test_every_item_shown_has_the_sentences_that_carry_idea_and_result() -> None:
    text = "Rankers matter. We propose a ranker of boats. It improves recall by 4%."
    told = [item(n, "recsys", summary=text, sources=(f"s{n}",)) for n in (1, 2, 3)]
    found = made(*told, item(4, companies=PINS, summary=text, published=None))
    shown = [pick.highlights for section in found.values() for pick in section.picks]
    idea_and_result = tuple(text.split(". ", 1)[1].replace(". ", ".|").split("|"))
    assert shown == [idea_and_result] * 4


def test_a_word_the_reader_includes_speaks_for_an_item() -> None:
    reader = replace(READER, include=("two tower", "bandits"))
    found = score(item(1, title="A Two-Tower model"), reader, MONDAY)
    first = found.reasons[0]
    assert (first.name, first.words) == ("included", 'has your "two tower"')
    assert is_match(found)
    assert not is_match(score(item(2, title="Of two towers"), READER, MONDAY))


def test_a_work_that_names_a_followed_company_is_as_if_from_it_and_says_so() -> None:
    reader = replace(READER, named=finder([Company("pinterest", "Pinterest")]))
    told = item(1, summary="In live traffic at Pinterest it wins.")
    found = score(told, reader, MONDAY)
    first = found.reasons[0]
    assert (first.name, is_match(found)) == ("named", True)
    assert first.words == "names pinterest, which you follow"
    assert grounds(first, told, reader) == ('pinterest: "at Pinterest"',)
    claimed = score(replace(told, companies=PINS), reader, MONDAY)
    assert claimed.reasons[0].name == "company"
    assert claimed.score == found.score


def test_a_job_speaks_for_an_item_in_words_of_its_own() -> None:
    reader = replace(READER, job_words=("two tower",))
    found = score(item(1, title="A Two-Tower model"), reader, MONDAY)
    first = found.reasons[0]
    assert first.words == 'your job description names "two tower"'
    assert is_match(found)
    assert grounds(first, found.item, reader) == ("in its title: two tower",)


def test_what_is_liked_without_a_topic_has_a_section_after_the_topics() -> None:
    likes = {n: Reason("taste", 2.0, 'like "Boats"') for n in (1, 2, 3, 4)}
    reader = replace(READER, learnt=likes)
    found = [
        *(item(n, sources=(f"s{n}",)) for n in (1, 2)),
        item(3, venues=KDD, sources=("kdd",)),
        item(4, "llm"),
        item(5, "recsys"),
        item(6),
    ]
    ranked = candidates(found, {}, reader, MONDAY)
    told = sections(ranked, reader, Shape(top=0, per_section=3, explore=0))
    assert [(s.key, numbers(s)) for s in told] == [
        ("topic:recsys", [5]),
        ("topic:llm", [4]),
        ("taste", [1, 2]),
        ("conferences", [3]),
    ]
