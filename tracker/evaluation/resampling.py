"""95 % intervals by the bootstrap, from a fixed seed: equal input, equal intervals.

Each row counts as often as a Poisson variable of mean 1 says, which comes to drawing
as many rows with replacement (Chamandy et al., Estimating Uncertainty for Massive
Data Streams, 2012), and rows with equal outcomes are drawn together.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import exp
from random import Random

from tracker.evaluation.measures import Tally, mean
from tracker.evaluation.report import Figure

TIMES = 1_000
"""How often rows are drawn anew."""

_SEED = 20261116
_LEVEL = 0.95
_LARGE = 30  # a mean from which the normal distribution is near enough
_WEIGHTS = (0.36788, 0.73576, 0.91970, 0.98101, 0.99634, 0.99941, 1.0)  # Poisson of 1

Outcome = tuple[tuple[str, Tally], ...]
"""What one row adds to the tally of each group it belongs to."""


def interval(values: Iterable[float | None]) -> tuple[float | None, float | None]:
    """Return the bounds that hold the middle 95 % of `values`."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return None, None
    tail = (1 - _LEVEL) / 2 * (len(known) - 1)
    return known[round(tail)], known[round(len(known) - 1 - tail)]


def tallied(
    outcomes: Sequence[Outcome], averaged: Iterable[str] = ()
) -> dict[str, dict[str, Figure]]:
    """Return precision, recall and F1 of each group, with their intervals.

    Where groups are `averaged`, "macro" has the mean of their F1.
    """
    kinds = Counter(outcomes)
    of = tuple(averaged)
    whole = _measures(kinds, of)
    random = Random(_SEED)  # noqa: S311 - resampling, no secret
    drawn = [
        _measures({kind: _poisson(n, random) for kind, n in kinds.items()}, of)
        for _ in range(TIMES)
    ]
    return {
        group: {
            name: Figure(
                value, *interval(one[group][name] for one in drawn if group in one)
            )
            for name, value in measured.items()
        }
        for group, measured in whole.items()
    }


def _measures(
    kinds: Mapping[Outcome, int], averaged: Sequence[str]
) -> dict[str, dict[str, float | None]]:
    sums: dict[str, Tally] = {}
    for kind, times in kinds.items():
        for group, tally in kind:
            sums[group] = sums.get(group, Tally()).plus(tally, times)
    found: dict[str, dict[str, float | None]] = {
        group: {"precision": t.precision, "recall": t.recall, "f1": t.f1}
        for group, t in sums.items()
    }
    if averaged:
        found["macro"] = {"f1": mean([found[group]["f1"] for group in averaged])}
    return found


def _poisson(average: int, random: Random) -> int:
    """Return a Poisson variable; by Knuth's multiplication while the mean is small."""
    if average >= _LARGE:
        return max(0, round(random.gauss(average, average**0.5)))
    least, product, count = exp(-average), random.random(), 0
    while product > least:
        product *= random.random()
        count += 1
    return count


def weights(size: int, times: int) -> Iterator[bytes]:
    """Yield `times` draws: how often each of `size` things counts, a byte each."""
    random = Random(_SEED)  # noqa: S311 - resampling, no secret
    for _ in range(times):
        yield bytes(random.choices(range(len(_WEIGHTS)), cum_weights=_WEIGHTS, k=size))


def averaged(values: Sequence[float | None]) -> Figure:
    """Return the mean of `values`, with its interval over draws of them."""
    known = [value for value in values if value is not None]
    random = Random(_SEED)  # noqa: S311 - resampling, no secret
    drawn: Callable[[], float | None] = lambda: mean(  # noqa: E731 - read once, below
        random.choices(known, k=len(known)) if known else ()
    )
    return Figure(mean(known), *interval(drawn() for _ in range(TIMES)))
