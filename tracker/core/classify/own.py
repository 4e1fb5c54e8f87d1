"""Topics of a reader's own: found by their titles and descriptions."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tracker.core.classify.model import stem
from tracker.core.text import STOP, singular, words
from tracker.core.values import Claim, Topic

_TELLING = 2  # words of a description in a title that make a claim
_WEIGHT = 0.333  # of such a claim: that of one keyword in the title
# Words that descriptions hold and that say nothing among works on machine learning.
_COMMON = frozenset(
    words(
        "data machine learning model system service time large scale scaling algorithm "
        "network deep neural analysis application problem framework design build "
        "building real world online platform production team engineering software "
        "technology performance efficient training task feature information research "
        "study work user people company product make find finding get need many other "
        "such over code test process management infrastructure computing distributed "
        "architecture intelligence artificial ai ml"
    )
)


class Described:
    """Finds topics in titles by the words of their own titles and descriptions."""

    def __init__(self, topics: Sequence[Topic]) -> None:
        self._stems = [
            (topic.name, _telling(f"{topic.title} {topic.description}"))
            for topic in topics
        ]

    def of(self, title: Sequence[str], source: str = "") -> Iterator[Claim]:
        """Yield the topics that share two telling words with a title's."""
        there = {stem(word): word for word in title}
        for name, stems in self._stems:
            said = [word for found, word in there.items() if found in stems]
            if len(said) >= _TELLING:
                yield Claim(name, f"title: {', '.join(said)}", source, _WEIGHT)


def _telling(text: str) -> frozenset[str]:
    return frozenset(
        stem(word)
        for word in words(text)
        if word not in STOP and word not in _COMMON and len(word) > 1
    )


def titled(topic: Topic) -> Topic:
    """Return a topic whose title is one of its keywords, unless it is one already.

    A title that a keyword reads like ("LLMs", "llm") would count a word twice.
    """
    known = {_reading(keyword.rstrip("*")) for keyword in topic.keywords}
    if _reading(topic.title) in known:
        return topic
    return replace(topic, keywords=(*topic.keywords, topic.title))


def _reading(phrase: str) -> tuple[str, ...]:
    return tuple(singular(word) for word in words(phrase))
