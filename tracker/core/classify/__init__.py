"""What an entry is about and who published it, each claim with its evidence."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from tracker.core.classify.companies import Companies
from tracker.core.classify.keywords import Keywords
from tracker.core.classify.model import Model, read
from tracker.core.values import Claim, Topic

__all__ = ["Companies", "Keywords", "Model", "Topics"]

_LEAST = 0.001  # no claim's weight is 0


class Topics:
    """Finds topics: by keywords, and those of a trained model by both.

    Where the model is sure, keywords don't count, unless the title has an excluded
    phrase; where it is not, they decide, see `Model`. Keywords that a model's topic
    has beside those it was trained with count as for any topic, and excluded phrases
    beside them keep works with one in the title out.
    """

    def __init__(self, topics: Sequence[Topic], model: Model | None = None) -> None:
        self._names = tuple(topic.name for topic in topics)
        known = model.known if model else {}
        learnt = [topic for topic in topics if topic.name in known]
        self._model = model if learnt else None
        self._learnt = [topic.name for topic in learnt]
        self._deciding = Keywords(learnt)
        own = [_beside(topic, known.get(topic.name)) for topic in topics]
        self._own = Keywords(
            [topic for topic in own if topic.keywords or topic.exclude]
        )
        self._are_there_own = any(topic.keywords or topic.exclude for topic in own)

    def of(
        self, title: str, text: str, categories: Iterable[str] = (), source: str = ""
    ) -> tuple[Claim, ...]:
        """Return the topics of a work, in configured order."""
        work = (title, text, tuple(categories), source)
        found = {claim.name: claim for claim in self._by_model(*work)}
        if self._are_there_own:
            for claim in self._own.of(*work):
                found.setdefault(claim.name, claim)
            for name in self._own.vetoed(title):
                found.pop(name, None)
        return tuple(found[name] for name in self._names if name in found)

    def _by_model(
        self, title: str, text: str, categories: tuple[str, ...], source: str
    ) -> Iterator[Claim]:
        if self._model is None:
            return
        model, work = self._model, read(title, text, categories)
        scores = model.scores(work)
        doubted = self._deciding.excluding(title)
        sure = {n for n in self._learnt if scores[n] >= model.sure and n not in doubted}
        open_ = {n for n in self._learnt if scores[n] >= model.unlikely} - sure
        named: dict[str, Claim] = {}
        if open_:
            claims = self._deciding.of(title, text, categories, source)
            named = {claim.name: claim for claim in claims if claim.name in open_}
        for name in sure | set(named):
            claim, view = named.get(name), model.views[name][work.has_text]
            weight = view.probability(scores[name], is_named=claim is not None)
            evidence = claim.evidence if claim else model.evidence(name, work)
            yield Claim(name, evidence, source, weight or _LEAST)


def _beside(topic: Topic, known: frozenset[str] | None) -> Topic:
    """Return a topic with what its model does not know of it, all without a model."""
    if known is None:
        return topic
    return replace(
        topic,
        keywords=tuple(word for word in topic.keywords if word not in known),
        exclude=tuple(word for word in topic.exclude if word not in known),
        categories=(),
    )
