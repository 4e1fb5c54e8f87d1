"""Which papers a post is about."""

import pytest

from tests.fakes import paper, post
from tracker.core import likeness
from tracker.core.about import Relation, Told, block_key, papers, shown
from tracker.core.values import Entry

ONE, OTHER, THIRD = (f"https://arxiv.org/abs/2601.0000{n}" for n in (1, 2, 3))
KEY = "arxiv:2601.00001"


def telling(content: str, *links: str, title: str = "Weekly news") -> Entry:
    return post("1", title, content=content, links=links or (ONE,))


def a(address: str, words: str) -> str:
    return f'<p><a href="{address}" rel="noopener">{words}</a></p>'


@pytest.mark.parametrize(
    ("words", "relation"),
    [
        ("our paper", Relation.NAMES),
        ("our new research paper", Relation.NAMES),
        ("the technical report", Relation.NAMES),
        ("Read the <b>full</b> paper", Relation.LINKS),
        ("the paper", Relation.LINKS),
        ("<b>Paper</b>", Relation.LINKS),
        ("a new study", Relation.LINKS),
    ],
)
def test_a_post_may_be_about_what_it_calls_its_paper(
    words: str, relation: Relation
) -> None:
    said = telling(a(OTHER, "as others did") + a(ONE, words), OTHER, ONE)
    (found,) = papers(said)
    assert (found.key, found.relation) == (KEY, relation)
    assert found.evidence.startswith('calls it "')


def test_a_paper_called_by_its_authors_name_is_anothers() -> None:
    said = telling(a(ONE, "Hopper\u2019s paper") + a(OTHER, "that"), ONE, OTHER)
    assert papers(said) == ()


def test_a_post_that_links_again_and_again_to_its_first_paper_may_be_about_it() -> None:
    often = a(ONE, "graphs") + a(OTHER, "trees") + 2 * a(ONE, "graphs")
    (found,) = papers(telling(often, ONE, OTHER))
    assert (found.key, found.evidence) == (KEY, "links to it 3 times")
    assert papers(telling(a(OTHER, "trees") + 3 * a(ONE, "it"), ONE, OTHER)) == ()
    assert papers(telling(often + a(OTHER, "trees"), ONE, OTHER)) == ()


def test_a_post_that_links_to_one_paper_in_its_opening_may_be_about_it() -> None:
    (found,) = papers(telling(a(ONE, "graphs") + "<p>word</p>" * 900))
    assert (found.key, found.relation) == (KEY, Relation.LINKS)
    assert papers(telling("<p>word</p>" * 900 + a(ONE, "graphs"))) == ()


def test_a_post_that_links_to_papers_one_after_the_other_is_about_none() -> None:
    every = (ONE, OTHER, THIRD)
    assert papers(telling("".join(a(one, "paper") for one in every), *every)) == ()
    assert papers(telling("".join(a(one, "this") for one in every), *every)) == ()


def by_title(said: str, title: str, summary: str = "") -> str | None:
    """Return what ties a post of a title to a paper of another one."""
    numbers = {block_key(number) for number in likeness.blocks(title, ())}
    found = [one for one in papers(post("1", said)) if one.key in numbers]
    told = Told(said, summary)
    ways = (shown(one.relation, one.evidence, told, title) for one in found)
    return next((way for way in ways if way), None)


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("Ranking pins with graph networks", "Ranking Pins with Graph Networks"),
        ("Ranking pins with LLMs", "Ranking Pins with Large Language Models"),
        ("Early tests in ranking pins", "Early pins ranking tests"),
    ],
)
def test_a_post_that_bears_a_papers_title_in_any_form_is_about_it(
    said: str, title: str
) -> None:
    assert by_title(said, title) == "bears its title"


@pytest.mark.parametrize(
    ("said", "title", "summary"),
    [
        ("PinRank: ranking pins at scale", "PinRank: A Way of Ranking Pins", ""),
        ("Introducing PinRank", "PinRank: Ranking Pins by Graphs", "It ranks pins."),
        ("PinRank2: now faster", "PinRank2", ""),
    ],
)
def test_a_post_that_bears_a_papers_name_is_about_it(
    said: str, title: str, summary: str
) -> None:
    assert by_title(said, title, summary) == "bears its name"


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("Weekly update", "Weekly Update"),
        ("Introducing Focus", "FOCUS: Keyframe Selection for Long Video"),
        ("How PinRank2 helps farmers", "PinRank2"),
        ("Focus", "FOCUS"),
        ("PinRank 4 System Card", "PinRank 5 System Card"),
        ("Ranking pins with graphs", "Better Ranking Pins with Graphs"),
    ],
)
def test_a_short_title_or_a_bare_name_ties_no_post_to_a_paper(
    said: str, title: str
) -> None:
    assert by_title(said, title) is None


def test_a_paper_is_about_none() -> None:
    assert papers(paper("1", links=(ONE,))) == ()


@pytest.mark.parametrize(
    ("relation", "said", "title", "is_about"),
    [
        (Relation.NAMES, "Our news", "Ranking pins", True),
        (Relation.LINKS, "How we rank all pins", "Ranking pins with graphs", True),
        (Relation.LINKS, "How we cook", "Ranking pins with graphs", False),
        (Relation.LINKS, "How graphs cook", "Ranking pins with graphs", False),
        (Relation.LINKS, "How we cook", "", True),
    ],
)
def test_a_link_alone_needs_words_of_the_papers_title(
    relation: Relation, said: str, title: str, *, is_about: bool
) -> None:
    assert (shown(relation, "so", Told(said, ""), title) == "so") is is_about


def test_a_text_that_says_the_title_of_what_it_links_to_is_about_it() -> None:
    told = Told("How we cook", "", "<p>In <i>Ranking Pins,</i> with graphs</p>")
    found = shown(Relation.LINKS, "links", told, "Ranking pins with graphs")
    assert found == "links, and says its title"
