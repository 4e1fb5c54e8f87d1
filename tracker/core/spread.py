"""Choosing among scored items so that no source, topic or story fills the page."""

from collections import Counter
from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush

from tracker.core.text import words
from tracker.core.values import Item
from tracker.core.weekly import Pick

# What each earlier pick of the same source, or of the same first topic, costs the
# next one: a prolific source needs ever better items to be picked again. What says
# the same as an earlier pick comes after everything that does not.
_SAME_SOURCE = 1.5
_SAME_TOPIC = 0.5
_SAME_STORY = 12.0
# Shares of words two items have in common (Jaccard) from which they say the same. Of
# recorded papers, one that was submitted twice has .57 and more, a pair with titles
# alike but not the same has .35 at most, and one pair in 100,000 of cs.IR .25.
_SAME_TEXT = 0.45
_SAME_TITLE = 0.8
_FEWEST = 30  # words of a text that tells more than its title does
_COMPARED = 1_500  # characters of a text

_Words = tuple[frozenset[str], frozenset[str]]


def spread(
    picks: Iterable[Pick],
    most: int,
    must: frozenset[int] = frozenset(),
    beside: Sequence[Pick] = (),
) -> list[Pick]:
    """Return up to `most` of `picks`, best first, spread over sources and topics.

    Greedy, after maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998):
    each choice takes the pick of the highest score less what it has in common with
    the earlier choices. Items numbered in `must` have a place whatever their score,
    also beyond `most`; near-duplicates of those `beside` count as such.
    """
    crowd = _Crowd(beside)
    queue = [(-pick.score, pick.item.id, pick) for pick in picks]
    heapify(queue)
    owed = must.intersection(number for _, number, _ in queue)
    most = max(most, len(owed))
    chosen: list[Pick] = []
    while queue and len(chosen) < most:
        _, number, pick = heappop(queue)
        if number not in owed and len(chosen) + len(owed) >= most:
            continue
        # Costs only grow, so what is best at its present cost is the best of all;
        # texts, which take longest, are compared for what would be chosen alone.
        worth = pick.score - crowd.cost(pick)
        if not _is_behind(worth, number, queue):
            worth -= crowd.cost_of_story(pick)
        if _is_behind(worth, number, queue):
            heappush(queue, (-worth, number, pick))
            continue
        chosen.append(pick)
        crowd.add(pick)
        owed -= {number}
    return chosen


def _is_behind(
    worth: float, number: int, queue: Sequence[tuple[float, int, Pick]]
) -> bool:
    return bool(queue) and (-worth, number) > queue[0][:2]


class _Crowd:
    """What was chosen, by what the next choice may have in common with it."""

    def __init__(self, beside: Sequence[Pick]) -> None:
        self._sources: Counter[str] = Counter()
        self._topics: Counter[str] = Counter()
        self._stories = [_words(pick.item) for pick in beside]
        self._known: dict[int, _Words] = {}

    def add(self, pick: Pick) -> None:
        """Take a pick in."""
        self._sources[_source(pick)] += 1
        self._topics[_topic(pick)] += 1
        self._stories.append(self._words(pick))

    def cost(self, pick: Pick) -> float:
        """Return what a pick loses by those of its source and topic."""
        topic = _topic(pick)
        cost = _SAME_SOURCE * self._sources[_source(pick)]
        return cost + (_SAME_TOPIC * self._topics[topic] if topic else 0)

    def cost_of_story(self, pick: Pick) -> float:
        """Return what a pick loses when one here says the same."""
        own = self._words(pick)
        is_told = any(_is_same(own, other) for other in self._stories)
        return _SAME_STORY if is_told else 0.0

    def _words(self, pick: Pick) -> _Words:
        number = pick.item.id
        if number not in self._known:
            self._known[number] = _words(pick.item)
        return self._known[number]


def _words(item: Item) -> _Words:
    title = frozenset(words(item.title))
    return title, title.union(words(item.summary[:_COMPARED]))


def _is_same(one: _Words, other: _Words) -> bool:
    """Return whether two items say the same, by their texts, or titles alone."""
    if min(len(one[1]), len(other[1])) >= _FEWEST:
        return _jaccard(one[1], other[1]) >= _SAME_TEXT
    return _jaccard(one[0], other[0]) >= _SAME_TITLE


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    shared = len(one & other)
    return shared / ((len(one) + len(other) - shared) or 1)


def _source(pick: Pick) -> str:
    return pick.item.sources[0] if pick.item.sources else ""


def _topic(pick: Pick) -> str:
    return pick.item.topics[0].name if pick.item.topics else ""
