"""A post and the paper it is about, shown as one."""

from dataclasses import replace

from tests.fakes import MONDAY
from tracker.core.pairing import paired, told
from tracker.core.values import Claim, Item, ItemKind, Related
from tracker.core.weekly import Pick, Reason

PINTEREST = Claim("pinterest", "published by Pinterest", "pins")
RECSYS = Claim("recsys", "recommender", "arxiv")


def item(number: int, kind: ItemKind, **changes: object) -> Item:
    made = Item(number, kind, f"Title {number}", f"https://x.example/{number}", MONDAY)
    return replace(made, **changes)  # type: ignore[arg-type]  # checked by replace itself


def beside(one: Item, source: str) -> Related:
    return Related(one.id, one.kind, one.title, one.url, source, "its paper")


PAPER = item(1, ItemKind.PAPER, topics=(RECSYS,), sources=("arxiv",))
POST = item(2, ItemKind.POST, companies=(PINTEREST,), topics=(RECSYS,))
PAPER = replace(PAPER, related=(beside(POST, "pins"),))
POST = replace(POST, related=(beside(PAPER, "arxiv"),))
ELSE = item(3, ItemKind.POST)


def test_a_paper_leads_its_post_and_has_what_is_claimed_of_it() -> None:
    lead, other = paired([PAPER, POST, ELSE])
    assert (lead.id, other) == (1, ELSE)
    assert lead.companies == (PINTEREST,)
    assert lead.topics == (RECSYS,)
    assert lead.links == (POST.url,)


def test_a_post_that_is_news_leads_a_paper_that_is_old() -> None:
    (lead,) = paired([replace(PAPER, backlog=True), POST])
    assert lead.id == POST.id
    assert lead.links == (PAPER.url,)


def test_one_alone_has_the_address_of_the_other() -> None:
    (lead,) = paired([POST])
    assert (lead.id, lead.links) == (2, (PAPER.url,))


def test_two_posts_about_a_paper_go_with_it() -> None:
    second = replace(POST, id=4, url="https://x.example/4")
    paper = replace(PAPER, related=(*PAPER.related, beside(second, "blog")))
    (lead,) = paired([second, POST, paper])
    assert lead.links == (POST.url, second.url)


def test_a_pick_says_what_stands_beside_it_and_scores_as_before() -> None:
    pick = Pick(PAPER, 1.0, (Reason("topic", 1.0, "about pins"),))
    found = told(pick, {"pins": "Pinterest Engineering"})
    assert found.reasons[-1].words == "with a post by Pinterest Engineering"
    assert found.score == sum(reason.points for reason in found.reasons)
    (reason,) = told(Pick(POST, 0.0, ()), {}).reasons
    assert reason.words.startswith("about the paper")
    assert PAPER.title in reason.words
    assert told(Pick(ELSE, 0.0, ()), {}).reasons == ()
