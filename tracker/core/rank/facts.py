"""What is known of an item beside its words, and how much of it marks a reader's likes.

Each fact gets the logarithm of how much more often liked items have it than others do,
or lack it, as in naive Bayes; a few likes move it a little, many likes far.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, log

from tracker.core.rank import deployment
from tracker.core.values import Item, ItemKind

Weights = Mapping[str, tuple[float, float]]
"""For each fact what an item gets that has it, and one that lacks it."""

_DOUBT = 4.0  # likes as frequent among which a fact is assumed to be as among all
_MOST = 2.5  # of a weight, either way
_MOST_OF_AUTHOR = 0.8  # names are shared, and authors change their subjects
_NAMES = ("author ", "company ")  # of these one lacks most, which says nothing
_USUAL = 0.01  # of all items: a rarer fact that no like has says nothing


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an item beside its words.

    Its facts: topics, companies, authors, acceptance, use, and categories of a paper,
    since tags of posts are anybody's words. Its topics, with the weights of the claims.
    And how many kinds of evidence tell that it is in use, or of industry.
    """

    facts: frozenset[str]
    topics: Mapping[str, float]
    kinds: int

    def is_from(self, companies: Iterable[str]) -> bool:
        """Return whether the item is from one of the companies."""
        return any(f"company {name}" in self.facts for name in companies)


def known(item: Item) -> Known:
    """Return what is known of an item beside its words."""
    kinds = deployment.evidence(item.title, item.summary)
    industrial = bool(deployment.industrial(item.title, item.summary))
    found = [
        *(f"topic {claim.name}" for claim in item.topics),
        *(f"company {claim.name}" for claim in item.companies),
        *(f"author {name}" for name in item.authors),
        *(f"use: {kind}" for kind in kinds),
    ]
    if kinds:
        found.append("in use")
    if industrial:
        found.append("industrial")
    if item.kind is ItemKind.PAPER:
        found += [f"category {name}" for name in item.categories]
    if item.venues:
        found.append("accepted")
    topics = {claim.name: claim.weight for claim in item.topics}
    return Known(frozenset(found), topics, len(kinds) + industrial)


Weighed = tuple[frozenset[str], float]
"""An item's facts, and what it weighs beside a like."""


def learnt(
    liked: Sequence[Weighed],
    hinted: Iterable[Weighed],
    others: Iterable[frozenset[str]],
) -> Weights:
    """Return the weights of facts, given those of items that are or may be liked."""
    among: Counter[str] = Counter()
    count = 0
    for one in others:
        among.update(one)
        count += 1
    had: dict[str, float] = {}
    for one, weight in liked:
        for name in sorted(one):
            had[name] = had.get(name, 0.0) + weight
    total = sum(weight for _, weight in liked)
    usual = [n for n, k in among.items() if k > _USUAL * count]
    had |= {name: 0.0 for name in usual if name not in had}
    for one, weight in hinted:
        total += weight
        for name in one & had.keys():
            had[name] += weight
    return {
        name: _weight(name, had[name], total, (among[name] + 0.5) / (count + 1))
        for name in sorted(had)
    }


def _weight(name: str, had: float, total: float, usual: float) -> tuple[float, float]:
    share = (had + _DOUBT * usual) / (total + _DOUBT)
    with_it = log(share / usual)
    if name.startswith("author "):
        with_it = min(with_it, _MOST_OF_AUTHOR)
    without = 0.0 if name.startswith(_NAMES) else log((1 - share) / (1 - usual))
    return _bounded(with_it), _bounded(without)


def _bounded(weight: float) -> float:
    return round(max(-_MOST, min(_MOST, weight)), 4)


def points(items: Iterable[frozenset[str]], weights: Weights) -> Iterator[float]:
    """Yield for each item the sum of what facts weigh, those that it lacks among them.

    Most are lacking: their sum is made once.
    """
    none = fsum(lacks for _, lacks in weights.values())
    more = {name: has - lacks for name, (has, lacks) in weights.items()}
    for found in items:
        yield fsum((none, *(more[name] for name in found & more.keys())))
