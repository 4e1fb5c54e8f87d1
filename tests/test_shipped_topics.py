"""What the shipped feeds.toml makes of titles and affiliations: our own examples."""

import pytest

from tracker import config
from tracker.config import places
from tracker.core.classify import Companies, Topics

SHIPPED = config.load(str(places.shipped_config_file()))
TOPICS = Topics(SHIPPED.topics)
COMPANIES = Companies(SHIPPED.companies)


@pytest.mark.parametrize(
    ("title", "topics"),
    [
        ("How we rebuilt home feed ranking", {"recsys", "ranking"}),
        ("Personalised playlists with a two-tower model", {"recsys"}),
        ("Better relevance for product search", {"ranking"}),
        ("Predicting click-through rates for ads", {"recsys", "ranking"}),
        ("Serving LLMs on half the GPUs", {"llm"}),
        ("Low-rank adaptation of large language models", {"llm"}),
        ("Sparse attention for long documents", {"transformers"}),
        ("Text-to-image diffusion models in production", {"genai"}),
        ("Skin tone ranges: making search results inclusive", None),
        ("Measuring fairness of hiring models", {"responsible-ai"}),
        ("How information diffusion works in social networks", set()),
        ("A week on call: what our pager taught us", set()),
        ("Migrating a thousand services to Kubernetes", set()),
        ("Low-rank matrices and where to find them", set()),
        ("Our journey to one monorepo", set()),
    ],
)
def test_a_title_is_about_what_a_reader_would_say(
    title: str, topics: set[str] | None
) -> None:
    found = {claim.name for claim in TOPICS.of(title, "")}
    assert found == ({"ranking", "responsible-ai"} if topics is None else topics)


def test_a_passing_mention_in_a_text_is_no_topic() -> None:
    text = "We store events in one queue. A ranking job reads them once a night."
    assert TOPICS.of("A queue for every event", text) == ()


@pytest.mark.parametrize(
    ("affiliation", "companies"),
    [
        ("Pinterest Inc., San Francisco, CA, USA", {"pinterest"}),
        ("ada@pinterest.com", {"pinterest"}),
        ("FAIR, Meta", {"meta"}),
        ("Facebook AI Research (FAIR), Paris", {"meta"}),
        ("Google DeepMind, London", {"google", "deepmind"}),
        ("DeepMind", {"deepmind"}),
        ("Google Brain", {"google"}),
        ("Uber Advanced Technologies Group, Toronto", {"uber"}),
        ("ByteDance Inc., Beijing", {"tiktok"}),
        ("J.P. Morgan AI Research", {"jpmorgan"}),
        ("Huawei Noah\u2019s Ark Lab", {"huawei"}),
        ("Meta-learning group, University of Ghent", set()),
        ("Institute of Metadata Studies", set()),
        ("Universidade Federal do Amazonas", set()),
        ("apple growers' association", set()),
        ("School of Snapshot Photography", set()),
        ("Institute for Intelligent Systems", set()),
        ("Stripey Horse University", set()),
    ],
)
def test_an_affiliation_is_of_the_company_it_names(
    affiliation: str, companies: set[str]
) -> None:
    claims = COMPANIES.of([affiliation], "kdd")
    assert {claim.name for claim in claims} == companies


def test_pinterest_is_followed_from_the_start() -> None:
    followed = [company.name for company in SHIPPED.companies if company.follow]
    assert followed[0] == "pinterest"


def test_every_keyword_of_a_topic_is_one_that_can_be_found() -> None:
    for topic in SHIPPED.topics:
        for keyword in topic.keywords:
            claims = TOPICS.of(keyword.rstrip("*"), "")
            assert topic.name in {claim.name for claim in claims}, keyword


def test_the_servers_are_asked_gently() -> None:
    for source in SHIPPED.subscriptions:
        hours = source.every.total_seconds() / 3600
        assert hours >= 24, source.name
    assert "mailto" not in SHIPPED.user_agent
