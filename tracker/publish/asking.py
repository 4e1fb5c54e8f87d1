"""What a job description asks for, in the words of the settings."""

from typing import Protocol

from tracker.core import job
from tracker.core.classify import Topics
from tracker.core.job import Asked
from tracker.core.values import Company, Topic
from tracker.sources import Subscription


class Vocabulary(Protocol):
    """What a job description is read with; settings have it, and a Press."""

    @property
    def topics(self) -> tuple[Topic, ...]:
        """All topics, in their order."""

    @property
    def companies(self) -> tuple[Company, ...]:
        """All companies."""

    @property
    def subscriptions(self) -> tuple[Subscription, ...]:
        """All sources; the names of their venues are no words of a job."""


def asked(known: Vocabulary, text: str) -> Asked:
    """Return the topics, the company and the words a job description is about."""
    topics = known.topics
    claims = Topics(topics).of("", job.essential(text)) if text else ()
    names = [name for one in known.companies for name in (one.title, *one.aliases)]
    names += [topic.title for topic in topics]
    names += [one.venue for one in known.subscriptions if one.venue]
    keywords = [keyword for topic in topics for keyword in topic.keywords]
    return Asked(
        topics=tuple(claim.name for claim in claims),
        companies=job.hirer(text, known.companies),
        include=job.phrases(text, keywords, names),
    )
