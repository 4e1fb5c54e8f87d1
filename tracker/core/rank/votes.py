"""Votes on a text's words: what tells likes from the rest, and where they are.

A support vector machine tells the words of what was liked from all else, as
arxiv-sanity-lite does. Cosines with the likes' mean in the 64 and in the 128 main
directions of the texts (latent semantic analysis) know words that no liked text has;
the more likes, the less their mean says. Each is measured in its own standard
deviations over all texts, and so is their sum.

Texts that settings speak for are hints: a little as if liked, they draw the mean. While
nothing is liked there is their mean alone, of words (Rocchio, 1971), less that of all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.core.rank.texts import DIMENSIONS, Texts, directions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

_C = 0.1  # arxiv-sanity-lite's; less of it finds fewer of the last ones
_MANY = 100.0  # likes at which their mean counts half: they are of many things
_DISLIKED = 20.0  # what a dislike weighs beside an unmarked text
_ASIDE = 0.05  # what one that nobody asked for weighs: few are hard to tell apart
_ROUNDING = 1e-6  # a standard deviation of cosines that are alike but for rounding

Scale = tuple[float, float]
"""A mean and a standard deviation."""


@dataclass(frozen=True, slots=True)
class Votes:
    """What was learnt of words; `Votes.learnt` makes it, `arrays` keep it.

    `weights` are of columns; `axes` are the main directions, and `aims` where the likes
    are, among the first of them and among all. `scales` are, over the texts learnt on,
    of what weights give, of cosines with the aims, and of the sum of both. `likes` is
    their number.
    """

    weights: "NDArray[np.float32]"
    axes: "NDArray[np.float32]"
    aims: "Sequence[NDArray[np.float32]]"
    scales: tuple[Scale, Scale, Scale]
    likes: int

    @classmethod
    def learnt(
        cls,
        texts: Texts,
        weight: "NDArray[np.float32]",
        hints: "NDArray[np.float32]",
        asked: "NDArray[np.float64]",
    ) -> "Votes":
        """Return what texts teach, some of which are liked or hinted at.

        `weight` is above 0 for what was liked and below for what was not; `hints` are
        what texts weigh beside likes, `asked` how far settings speak for them, in
        [0, 1].
        """
        import numpy as np

        likes = int(np.count_nonzero(weight > 0))
        mean = _mean(weight, hints)
        if likes:
            weights = _told_apart(texts.rows, weight, asked)
            axes = texts.mapped().axes
            places = tuple(directions(texts.rows, axes))
        else:
            weights = texts.rows.T @ (mean - np.float32(1 / len(mean)))
            axes, places = _nowhere(texts.rows)
        aims = [mean @ each for each in places]
        told, near = texts.rows @ weights, _cosines(places, aims)
        apart, middle = _scale(told), _scale(near)
        both = _scale(_sum(told, near, (apart, middle), likes))
        return cls(weights, axes, aims, (apart, middle, both), likes)

    def steps(self, rows: "csr_matrix") -> "NDArray[np.float64]":
        """Return how far to the reader's taste rows are, in standard deviations."""
        apart, middle, both = self.scales
        near = _cosines(directions(rows, self.axes), self.aims)
        told = rows @ self.weights
        return _measured(_sum(told, near, (apart, middle), self.likes), both)

    def arrays(self) -> "dict[str, NDArray[Any]]":
        """Return all but the number of likes as plain arrays."""
        import numpy as np

        return {
            "weights": self.weights,
            "axes": self.axes.astype(np.float16),
            "aims": np.concatenate(list(self.aims)),
            "scales": np.array(self.scales),
        }

    @classmethod
    def of(cls, arrays: "Mapping[str, NDArray[Any]]", likes: int) -> "Votes":
        """Return what `arrays` gave; raises KeyError, ValueError."""
        import numpy as np

        axes = np.asarray(arrays["axes"], np.float32)
        apart, middle, both = ((float(m), float(by)) for m, by in arrays["scales"])
        aims = _cut(arrays["aims"], len(axes))
        return cls(arrays["weights"], axes, aims, (apart, middle, both), likes)


def _told_apart(
    rows: "csr_matrix", weight: "NDArray[np.float32]", asked: "NDArray[np.float64]"
) -> "NDArray[np.float32]":
    """Return the weights of a support vector machine, likes against all else.

    What was asked for and is not liked says more than what nobody asked for.
    """
    import numpy as np
    from sklearn.svm import LinearSVC

    is_liked = weight > 0
    if is_liked.all():
        return np.zeros(rows.shape[1], np.float32)
    unmarked = _ASIDE + asked
    unmarked /= unmarked.mean()
    marked = np.where(is_liked, weight, -weight * _DISLIKED)
    counts = np.where(weight == 0, unmarked, marked)
    for side in (is_liked, ~is_liked):  # both sides weigh the same
        counts[side] *= len(counts) / (2 * counts[side].sum())
    machine = LinearSVC(C=_C, random_state=0, max_iter=2_000, tol=1e-3)
    machine.fit(rows, is_liked, sample_weight=counts)
    return np.asarray(machine.coef_[0], np.float32)


def _mean(
    weight: "NDArray[np.float32]", hints: "NDArray[np.float32]"
) -> "NDArray[np.float32]":
    """Return what texts weigh in the mean of likes, less half of that of dislikes."""
    import numpy as np

    liked, disliked = np.maximum(weight, 0) + hints, np.maximum(-weight, 0)
    mean = liked / liked.sum()
    if disliked.any():
        mean -= disliked / disliked.sum() / 2
    return np.asarray(mean, np.float32)


def _nowhere(
    rows: "csr_matrix",
) -> "tuple[NDArray[np.float32], tuple[NDArray[np.float32], ...]]":
    """Return no axes, and where rows are among none."""
    import numpy as np

    count, columns = rows.shape
    nothing = np.zeros((count, 0), np.float32)
    return np.zeros((0, columns), np.float32), (nothing,) * len(DIMENSIONS)


def _cut(aims: "NDArray[Any]", axes: int) -> "list[NDArray[np.float32]]":
    """Return the aims that stand one after the other."""
    start, found = 0, []
    for size in DIMENSIONS:
        found.append(aims[start : start + min(size, axes)])
        start += min(size, axes)
    return found


def _cosines(
    places: "Iterable[NDArray[np.float32]]", aims: "Sequence[NDArray[np.float32]]"
) -> "NDArray[np.float64]":
    """Return the mean cosine of each text with the aims, by where it is."""
    import numpy as np

    each = zip(places, aims, strict=True)
    return np.asarray(np.mean([place @ aim for place, aim in each], axis=0), np.float64)


def _sum(
    told: "NDArray[Any]", near: "NDArray[Any]", scales: Sequence[Scale], likes: int
) -> "NDArray[np.float64]":
    """Return both votes in one: what weights give, and cosines with so many likes."""
    apart, middle = scales
    share = 1 / (1 + likes / _MANY)
    return _measured(told, apart) + share * _measured(near, middle)


def _scale(values: "NDArray[Any]") -> Scale:
    """Return the scale of values; of those that are alike the deviation is 1."""
    deviation = float(values.std())
    return float(values.mean()), deviation if deviation > _ROUNDING else 1.0


def _measured(values: "NDArray[Any]", scale: Scale) -> "NDArray[np.float64]":
    import numpy as np

    return np.asarray((values - scale[0]) / scale[1], np.float64)
