"""A job description in a reader's settings: what counts, and what counts instead."""

from dataclasses import dataclass

from tracker.core.values import Company, Topic
from tracker.core.weekly import Reader
from tracker.publish import interests
from tracker.publish.asking import asked
from tracker.sources import Subscription

_JOB = (
    "Ranking engineer at Harbour. You build two-tower models for recommender systems."
    " Equal opportunity employer: we love quantum yoga."
)


@dataclass(frozen=True)
class Settings:
    topics: tuple[Topic, ...] = (
        Topic("recsys", "Recommender systems", keywords=("recommender system",)),
        Topic("llm", "Language models", keywords=("language model",)),
    )
    companies: tuple[Company, ...] = (
        Company("harbour", "Harbour", ("Harbour",)),
        Company("lagoon", "Lagoon", ("Lagoon",), follow=True),
    )
    subscriptions: tuple[Subscription, ...] = ()


def test_a_job_is_read_with_the_topics_and_companies_of_the_settings() -> None:
    found = asked(Settings(), _JOB)
    assert found.topics == ("recsys",)
    assert found.companies == ("harbour",)
    assert found.include == ("two-tower",)
    assert asked(Settings(), "").include == ()


def test_where_a_reader_says_nothing_the_job_does() -> None:
    wanted = interests(Settings(), Reader("ada", job=_JOB))
    assert wanted.topics == ("recsys", "llm")
    assert wanted.job_topics == {"recsys"}
    assert wanted.companies == {"harbour", "lagoon"}
    assert (wanted.include, wanted.job_words) == ((), ("two-tower",))


def test_what_a_reader_says_counts_instead() -> None:
    reader = Reader("ada", companies=("lagoon",), include=("boats",), job=_JOB)
    wanted = interests(Settings(), reader)
    assert wanted.companies == {"lagoon"}
    assert (wanted.include, wanted.job_words) == (("boats",), ())
