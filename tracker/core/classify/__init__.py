"""What an entry is about and who published it, each claim with its evidence."""

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import replace

from tracker.core.classify.companies import Companies
from tracker.core.classify.keywords import Keywords, in_title
from tracker.core.classify.learnt import Learnt
from tracker.core.classify.model import Model, Named, reading
from tracker.core.classify.own import Described, titled
from tracker.core.text import normal, words
from tracker.core.values import Claim, Topic

__all__ = ["Companies", "Keywords", "Model", "Topics"]

_LEAST = 0.001  # no claim's weight is 0
_DOUBTED = 0.2  # the probability below which a text speaks against what a title names


class Topics:
    """Finds topics: by keywords, and those of a trained model by both.

    Where keywords name a topic is part of the model's probability, and that decides;
    an excluded phrase in the title leaves it to keywords. Keywords that a model's topic
    has beside those it was trained with count as for any topic, and excluded phrases
    beside them keep works with one in the title out. Topics that the model does not
    know go by their keywords, their title, the words of their description, and by what
    was learnt of them. `own` are those.
    """

    def __init__(self, topics: Sequence[Topic], model: Model | None = None) -> None:
        self.names = tuple(topic.name for topic in topics)
        known = model.known if model else {}
        modelled = [topic for topic in topics if topic.name in known]
        self._model = model if modelled else None
        self._modelled = [topic.name for topic in modelled]
        self._deciding = Keywords(modelled)
        own = [_beside(topic, known.get(topic.name)) for topic in topics]
        self.own = tuple(topic for topic in topics if topic.name not in known)
        self._described = Described(self.own)
        self._learnt: Learnt | None = None
        self._own = Keywords(
            [topic for topic in own if topic.keywords or topic.exclude]
        )
        self._are_there_own = any(topic.keywords or topic.exclude for topic in own)
        self._venues = [
            (normal(venue), topic.name) for topic in topics for venue in topic.venues
        ]

    def taught(self, learnt: Learnt | None) -> "Topics":
        """Return what also finds topics by what was learnt of them."""
        made = copy(self)
        made._learnt = learnt
        return made

    def of(
        self, title: str, text: str, categories: Iterable[str] = (), source: str = ""
    ) -> tuple[Claim, ...]:
        """Return the topics of a work, in configured order."""
        named, said = words(title), words(text)
        work = (named, said, tuple(categories), source)
        found = {claim.name: claim for claim in self._by_model(*work)}
        if self._are_there_own:
            for claim in self._own.of(*work):
                found.setdefault(claim.name, claim)
            for claim in self._described.of(named, source):
                found.setdefault(claim.name, claim)
            for claim in self._learnt.of(title, text, source) if self._learnt else ():
                found.setdefault(claim.name, claim)
            for name in self._own.vetoed(named):
                found.pop(name, None)
        return tuple(found[name] for name in self.names if name in found)

    def at(self, venues: Iterable[Claim]) -> Iterator[Claim]:
        """Yield the topics that all works accepted at one of the venues are about.

        "RecSys" is the venue of "RecSys 2026", and not of "RecSys Challenge 2026".
        """
        for claim in venues:
            place = normal(claim.name.rstrip("0123456789 "))
            for venue, topic in self._venues:
                if venue == place:
                    yield Claim(topic, f"venue: {claim.name}", claim.source)

    def _by_model(
        self,
        title: Sequence[str],
        text: Sequence[str],
        categories: tuple[str, ...],
        source: str,
    ) -> Iterator[Claim]:
        if self._model is None:
            return
        model, work = self._model, reading(title, text, categories)
        scores = model.scores(work)
        claims = self._deciding.of(title, text, categories, source)
        named = {claim.name: claim for claim in claims}
        doubted = self._deciding.excluding(title) - set(named)
        for name in self._modelled:
            if name in doubted:
                continue
            claim, view = named.get(name), model.views[name][work.has_text]
            place, score = _place(claim), scores[name]
            if score >= view.least[place]:
                evidence = claim.evidence if claim else model.evidence(name, work)
                weight = view.probability(score, place) or _LEAST
                if weight >= _DOUBTED or not work.has_text:
                    yield Claim(name, evidence, source, weight)


def _place(claim: Claim | None) -> Named:
    if claim is None:
        return Named.NOWHERE
    return Named.TITLE if in_title(claim) else Named.TEXT


def _beside(topic: Topic, known: frozenset[str] | None) -> Topic:
    """Return a topic with what its model does not know of it, all without a model."""
    if known is None:
        return titled(topic)
    return replace(
        topic,
        keywords=tuple(word for word in topic.keywords if word not in known),
        exclude=tuple(word for word in topic.exclude if word not in known),
        categories=(),
    )
