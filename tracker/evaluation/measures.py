"""The measures: pure functions of labels and scores.

As in Manning, Raghavan and Schütze, Introduction to Information Retrieval (2008),
chapter 8; nDCG after Järvelin and Kekäläinen, TOIS 2002, with gains of 0 and 1. A
measure of nothing, such as the precision of no answer, is None.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import log2


@dataclass(frozen=True, slots=True)
class Tally:
    """Answers counted: right ones, wrong ones, and those that were missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @classmethod
    def of(cls, said: bool, label: bool) -> "Tally":  # noqa: FBT001 - the pair that is compared
        """Return the count of one yes or no, against the label."""
        return cls(int(said and label), int(said > label), int(label > said))

    def plus(self, other: "Tally", times: int = 1) -> "Tally":
        """Return the sum with `times` as many as `other` counts."""
        return Tally(
            self.right + times * other.right,
            self.wrong + times * other.wrong,
            self.missed + times * other.missed,
        )

    @property
    def precision(self) -> float | None:
        """The share of answers that are right."""
        return _share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float | None:
        """The share of what there is that was found."""
        return _share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall."""
        return _share(2 * self.right, 2 * self.right + self.wrong + self.missed)


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def mean(values: Sequence[float | None]) -> float | None:
    """Return the mean of the values that there are."""
    known = [value for value in values if value is not None]
    return _share(sum(known), len(known))


def average_precision(scores: Sequence[float], labels: Sequence[bool]) -> float | None:
    """Return the mean of the precision at each gain in recall, best scores first.

    Equal scores are one step: none of them comes first.
    """
    wanted = sum(labels)
    ranked = sorted(zip(scores, labels, strict=True), key=lambda pair: -pair[0])
    seen = found = 0
    area = 0.0
    for _, step in groupby(ranked, key=lambda pair: pair[0]):
        hits = [label for _, label in step]
        seen += len(hits)
        found += sum(hits)
        area += sum(hits) * found / seen
    return _share(area, wanted)


def ndcg(ranked: Sequence[bool], wanted: int, at: int) -> float | None:
    """Return the nDCG of the first `at`; `ranked` says which are among the `wanted`."""
    gain = sum(_discount(place) for place, hit in enumerate(ranked[:at]) if hit)
    return _share(gain, sum(map(_discount, range(min(at, wanted)))))


def _discount(place: int) -> float:
    return 1 / log2(place + 2)


def recall(ranked: Sequence[bool], wanted: int, at: int) -> float | None:
    """Return the share of the `wanted` that is among the first `at`."""
    return _share(sum(ranked[:at]), wanted)


def placements(scores: Sequence[float], labels: Sequence[bool]) -> list[float]:
    """Return for each wanted one the share of the others below it, ties half.

    Their mean is the area under the ROC curve (Hanley and McNeil, Radiology 1982).
    """
    pairs = list(zip(scores, labels, strict=True))
    others = sorted(score for score, label in pairs if not label)
    if not others:
        return []
    return [
        (bisect_left(others, score) + bisect_right(others, score)) / 2 / len(others)
        for score, label in pairs
        if label
    ]
