"""Topics from words, companies from affiliations."""

from collections.abc import Sequence

import pytest

from tracker.core.classify import Companies, Topics
from tracker.core.text import words
from tracker.core.values import Company, Topic

RANKING = Topic(
    "ranking",
    "Ranking",
    keywords=("learning to rank", "rank*", "click-through"),
    exclude=("rank of a matrix",),
    categories=("cs.IR",),
)
LLM = Topic("llm", "LLMs", keywords=("large language model", "llm"))


def found(title: str, text: str = "", categories: Sequence[str] = ()) -> list[str]:
    return [c.name for c in Topics((RANKING, LLM)).of(title, text, categories)]


@pytest.mark.parametrize(
    ("title", "topics"),
    [
        ("Ranking with LLMs", ["ranking", "llm"]),
        ("Learning-to-Rank at scale", ["ranking"]),
        ("Large Language Models are here", ["llm"]),
        ("Click through rates", ["ranking"]),
        ("A frank talk", []),
        ("The rank of a matrix", []),
    ],
)
def test_a_title_names_its_topics(title: str, topics: list[str]) -> None:
    assert found(title) == topics


SEARCH = Topic(
    "search",
    "Search",
    keywords=("rank*", "search ranking"),
    exclude=("low rank", "rank one approximation*", "chess"),
)


@pytest.mark.parametrize(
    ("title", "text", "is_found"),
    [
        ("Low-rank matrices", "", False),
        ("Ranking with low-rank matrices", "", True),
        ("Rank-one approximations of tensors", "", False),
        ("Tensors", "A low rank, a low rank, a low rank.", False),
        ("Tensors", "A rank, a rank and a low rank.", True),
        ("Search ranking", "", True),
        ("Ranking chess players", "", False),
        ("Ranking players", "They play chess.", True),
    ],
)
def test_an_excluded_phrase_hides_its_keywords_or_else_the_topic(
    title: str, text: str, *, is_found: bool
) -> None:
    assert bool(Topics((SEARCH,)).of(title, text)) == is_found


def test_a_phrase_excluded_from_one_topic_hides_nothing_from_another() -> None:
    algebra = Topic("algebra", "Algebra", keywords=("low rank",))
    claims = Topics((SEARCH, algebra)).of("Low-rank matrices", "")
    assert [claim.name for claim in claims] == ["algebra"]


def test_one_plain_word_in_a_text_is_not_enough_and_two_are() -> None:
    assert found("Something", "We use an LLM once.") == []
    assert found("Something", "We use an LLM. The LLM is good.") == ["llm"]
    assert found("Something", "A large language model.") == ["llm"]


def test_a_category_supports_what_a_text_hints_at() -> None:
    assert found("Something", "ranking", ["cs.IR"]) == ["ranking"]
    assert found("Something", "", ["cs.IR"]) == []


def test_a_claim_says_what_it_rests_on() -> None:
    (claim,) = Topics((LLM,)).of("LLMs at work", "", (), "blog")
    assert (claim.evidence, claim.source) == ("title: llm", "blog")
    assert 0 < claim.weight <= 1


@pytest.mark.parametrize(
    ("title", "topics"),
    [
        ("Personalised feeds", ["taste"]),
        ("A study of personality", []),
        ("Gender bias", ["taste"]),
        ("Gender biases", ["taste"]),
        ("Biased towards cats", ["taste"]),
    ],
)
def test_a_beginning_is_no_plural(title: str, topics: list[str]) -> None:
    taste = Topic("taste", "T", keywords=("personalis*", "gender bias*", "bias*"))
    assert [claim.name for claim in Topics((taste,)).of(title, "")] == topics


def test_an_excluded_beginning_hides_the_keyword_in_it_and_no_more() -> None:
    fair = Topic(
        "fair",
        "F",
        keywords=("bias", "biases"),
        exclude=("inductive bias*", "all inductive biases"),
    )
    for title, topics in (
        ("Inductive biases", []),
        ("Inductive bias", []),
        ("Gender bias and inductive biases", ["fair"]),
        ("Gender bias and all inductive biases", ["fair"]),
    ):
        found_ = [claim.name for claim in Topics((fair,)).of(title, "")]
        assert found_ == topics, title


def test_plurals_are_singulars_and_hyphens_are_spaces() -> None:
    assert words("models") == ["model"]
    assert words("loss corpus") == ["loss", "corpus"]
    assert words("two-tower") == words("two tower")


META = Company("meta", "Meta", ("Meta AI", "Facebook AI Research", "@meta.com"))
APPLE = Company("apple", "Apple")


@pytest.mark.parametrize(
    ("affiliation", "companies"),
    [
        ("Meta AI, Menlo Park", ["meta"]),
        ("Facebook AI Research", ["meta"]),
        ("ada@meta.com", ["meta"]),
        ("Meta-learning group", []),
        ("Institute of Metadata", []),
        ("apple growers", []),
        ("Apple Inc., Cupertino", ["apple"]),
        ("Snapple", []),
    ],
)
def test_an_affiliation_names_its_company(
    affiliation: str, companies: list[str]
) -> None:
    claims = Companies((META, APPLE)).of([affiliation], "kdd")
    assert [claim.name for claim in claims] == companies
    assert all(claim.evidence == affiliation for claim in claims)
