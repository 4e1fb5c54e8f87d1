"""Which papers a post is about."""

import pytest

from tests.fakes import paper, post
from tracker.core.about import Relation, is_about, papers
from tracker.core.values import Entry

ONE, OTHER, THIRD = (f"https://arxiv.org/abs/2601.0000{n}" for n in (1, 2, 3))
KEY = "arxiv:2601.00001"


def telling(content: str, *links: str, title: str = "Weekly news") -> Entry:
    return post("1", title, content=content, links=links or (ONE,))


def a(address: str, words: str) -> str:
    return f'<p><a href="{address}" rel="noopener">{words}</a></p>'


@pytest.mark.parametrize(
    "words",
    ["our paper", "<b>Paper</b>", "Read the full paper", "the technical report"],
)
def test_a_post_is_about_what_it_calls_its_paper(words: str) -> None:
    said = telling(a(OTHER, "as others did") + a(ONE, words), OTHER, ONE)
    (found,) = papers(said)
    assert (found.key, found.relation) == (KEY, Relation.NAMES)
    assert "aper" in found.evidence or "report" in found.evidence


def test_a_post_that_links_to_one_paper_in_its_opening_may_be_about_it() -> None:
    (found,) = papers(telling(a(ONE, "graphs") + "<p>word</p>" * 900))
    assert (found.key, found.relation) == (KEY, Relation.LINKS)
    assert papers(telling("<p>word</p>" * 900 + a(ONE, "graphs"))) == ()


def test_a_post_that_links_to_papers_one_after_the_other_is_about_none() -> None:
    every = (ONE, OTHER, THIRD)
    assert papers(telling("".join(a(one, "paper") for one in every), *every)) == ()
    assert papers(telling("".join(a(one, "this") for one in every), *every)) == ()


def test_a_post_that_bears_a_papers_title_is_about_it() -> None:
    title = "Ranking pins with graph networks"
    found = papers(post("1", title))
    assert [one.key for one in found] == [f"title:{title.lower()}"]
    assert papers(post("1", "Weekly update")) == ()


def test_a_paper_is_about_none() -> None:
    assert papers(paper("1", links=(ONE,))) == ()


@pytest.mark.parametrize(
    ("relation", "said", "title", "about"),
    [
        (Relation.NAMES, "Our news", "Ranking pins", True),
        (Relation.LINKS, "How we rank all pins", "Ranking pins with graphs", True),
        (Relation.LINKS, "How we cook", "Ranking pins with graphs", False),
        (Relation.LINKS, "How graphs cook", "Ranking pins with graphs", False),
        (Relation.LINKS, "How we cook", "", True),
    ],
)
def test_a_link_alone_needs_words_of_the_papers_title(
    relation: Relation, said: str, title: str, about: bool
) -> None:
    assert is_about(relation, said, title) is about
