"""What a reader's marks teach, learnt once and then only applied.

Three models vote. A support vector machine tells the words of what was liked from all
else, as arxiv-sanity-lite does. Cosines with the likes' mean in the 64 and in the 128
main directions of the texts (latent semantic analysis) know words that no liked text
has; the more likes, the less their mean says. Both are measured in their own standard
deviations over all texts. The third are the facts that likes share, see `facts`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tracker.core.rank import facts, vectors
from tracker.core.rank.vectors import Text, Vocabulary
from tracker.core.values import Item, Mark, MarkState
from tracker.core.weekly import Reason

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

_C = 0.1  # arxiv-sanity-lite's; less of it finds fewer of the last ones
_DIMENSIONS = 64, 128  # with few likes the fewer tell more, with many the more
_MANY = 100.0  # likes at which their mean counts half: they are of many things
_DISLIKED = 20.0  # what a dislike weighs beside an unmarked text
_ASKED = 3.0  # assumed points from which an unmarked text weighs in full
_ASIDE = 0.05  # what one without any weighs: few of them are hard to tell apart
_POINTS = 3.0  # of a standard deviation
_FACTS = 0.4  # standard deviations that a natural unit of facts' evidence weighs
_MOST_FACTS = 3.0  # such units, either way: facts repeat each other
_DOUBT = 5.0  # likes at which half of the points are given
_LIKE = 0.5  # standard deviations from which a liked text is named
_ALIKE = 0.1  # the least cosine with a liked text that is named
_LONGEST = 60  # characters of a liked text's title
_RATED = {5: 1.0, 4: 0.8, 2: -0.7, 1: -1.0}
_STATES = {
    MarkState.READ: (0.5, "which you read"),
    MarkState.READING: (0.6, "which you are reading"),
    MarkState.TO_READ: (0.5, "which you want to read"),
    MarkState.NOT_FOR_ME: (-1.0, "which is not for you"),
}


@dataclass(frozen=True, slots=True)
class Opinion:
    """An item a reader marked: `weight` is in [-1, 1], below 0 for what they disliked.

    `words` say the mark, "which you rated 5".
    """

    item: Item
    weight: float
    words: str


def opinion(item: Item, mark: Mark) -> Opinion | None:
    """Return what a mark says of an item, None where it says neither yes nor no."""
    if mark.rating is not None and mark.state is not MarkState.NOT_FOR_ME:
        weight, words = _RATED.get(mark.rating, 0.0), f"which you rated {mark.rating}"
    else:
        weight, words = _STATES.get(mark.state, (0.0, ""))
    return Opinion(item, weight, words) if weight else None


Scale = tuple[float, float]
"""A mean and a standard deviation."""


@dataclass(frozen=True, slots=True)
class Taste:
    """What was learnt of a reader; made by `learn`, kept as arrays.

    `weights` are of columns; `axes` are the main directions, and `aims` where the likes
    are, among the first of them and among all. `scales` are, over the texts learnt on,
    of what weights give, of cosines with the aims, and of the sum of both. `likes` are
    rows of the liked texts, `named` their titles and marks. `assumed` is what they
    leave of what was assumed of the reader.
    """

    vocabulary: Vocabulary
    weights: "NDArray[np.float32]"
    axes: "NDArray[np.float32]"
    aims: "Sequence[NDArray[np.float32]]"
    scales: tuple[Scale, Scale, Scale]
    facts: facts.Weights
    likes: "csr_matrix"
    named: tuple[tuple[str, str], ...]
    assumed: float = 1.0

    @property
    def trust(self) -> float:
        """How much is known, in [0, 1): more with each like."""
        return len(self.named) / (len(self.named) + _DOUBT)

    def reasons(self, items: Sequence[Item]) -> dict[int, Reason]:
        """Return what is to be said of each item, by its number."""
        import numpy as np

        if not items:
            return {}
        rows = self.vocabulary.rows([text(item) for item in items])
        steps = self._steps(rows) + self._facts(items)
        points = np.round(_POINTS * self.trust * steps, 3)
        like = np.flatnonzero(steps >= _LIKE)
        nearest = dict(zip(like.tolist(), self._nearest(rows[like]), strict=True))
        return {
            item.id: Reason(
                "taste", float(points[n]), nearest.get(n) or _said(steps[n])
            )
            for n, item in enumerate(items)
        }

    def _steps(self, rows: "csr_matrix") -> "NDArray[np.float64]":
        """Return how far to the reader's taste rows are, in standard deviations."""
        *each, both = self.scales
        near = _cosines(rows, self.axes, self.aims)
        voted = _voted(rows @ self.weights, near, each, len(self.named))
        return _measured(voted, both)

    def _facts(self, items: Sequence[Item]) -> "NDArray[np.float64]":
        import numpy as np

        given = (facts.points(facts.facts(item), self.facts) for item in items)
        evidence = np.fromiter(given, np.float64, len(items))
        return np.asarray(_FACTS * np.clip(evidence, -_MOST_FACTS, _MOST_FACTS))

    def _nearest(self, rows: "csr_matrix") -> list[str | None]:
        """Return what names the liked text that each row is most like."""
        cosines = (rows @ self.likes.T).toarray()
        return [
            self._naming(row.argmax()) if row.max() >= _ALIKE else None
            for row in cosines
        ]

    def _naming(self, like: int) -> str:
        title, mark = self.named[like]
        return f'like "{title}", {mark}'

    def arrays(self) -> "dict[str, NDArray[Any]]":
        """Return all of it as plain arrays, which `Taste.of` reads."""
        import numpy as np

        words = [self.vocabulary.words, self.named, self.facts, self.scales]
        return {
            "words": np.frombuffer(json.dumps(words).encode(), np.uint8),
            "pairs": self.vocabulary.pairs,
            "rarity": self.vocabulary.rarity,
            "weights": self.weights,
            "axes": self.axes.astype(np.float16),
            "aims": np.concatenate(list(self.aims)),
            "assumed": np.array([self.assumed]),
            "likes": self.likes.data,
            "columns": self.likes.indices,
            "starts": self.likes.indptr,
        }

    @classmethod
    def of(cls, arrays: "Mapping[str, NDArray[Any]]") -> "Taste":
        """Return what `arrays` gave; raises KeyError, ValueError."""
        import numpy as np
        from scipy.sparse import csr_matrix

        words, named, known_facts, scales = json.loads(arrays["words"].tobytes())
        known = Vocabulary(tuple(words), arrays["pairs"], arrays["rarity"])
        parts = arrays["likes"], arrays["columns"], arrays["starts"]
        apart, near, both = ((float(middle), float(by)) for middle, by in scales)
        return cls(
            known,
            arrays["weights"],
            np.asarray(arrays["axes"], np.float32),
            _cut(arrays["aims"], len(arrays["axes"])),
            (apart, near, both),
            {name: (has, lacks) for name, (has, lacks) in known_facts.items()},
            csr_matrix(parts, (len(named), known.size)),
            tuple((str(title), str(mark)) for title, mark in named),
            float(arrays["assumed"][0]),
        )


def text(item: Item) -> Text:
    """Return what is read of an item."""
    return item.title, item.summary


def _said(steps: float) -> str:
    return "close to what you liked" if steps >= 0 else "unlike what you liked"


@dataclass(frozen=True)
class Texts:
    """What is learnt on: items, each once, in the order of their numbers."""

    items: tuple[Item, ...]
    vocabulary: Vocabulary
    rows: "csr_matrix"

    @classmethod
    def of(cls, items: Iterable[Item]) -> "Texts":
        """Return the texts of items; of several with one number the last."""
        by_number = {item.id: item for item in items}
        each = tuple(by_number[number] for number in sorted(by_number))
        return cls(each, *vectors.read([text(item) for item in each]))

    @cached_property
    def axes(self) -> "NDArray[np.float32]":
        """The main directions of the texts, as rows, the first one first."""
        import numpy as np
        from sklearn.utils.extmath import randomized_svd

        most = min(max(_DIMENSIONS), min(self.rows.shape) - 1)
        if most < 1:
            return np.zeros((0, self.rows.shape[1]), np.float32)
        found = randomized_svd(self.rows, most, random_state=0)[2]
        return np.asarray(found.astype(np.float16), np.float32)  # as it is kept

    @cached_property
    def directions(self) -> "tuple[NDArray[np.float32], ...]":
        """Where the texts are among the first axes, and among all."""
        return tuple(_directions(self.rows, self.axes))

    @cached_property
    def facts(self) -> tuple[frozenset[str], ...]:
        """What is known of each item beside its words."""
        return tuple(map(facts.facts, self.items))


def learn(
    opinions: Iterable[Opinion], texts: Texts, assumed: Mapping[int, float]
) -> Taste | None:
    """Return what opinions of some of the texts teach, None where nothing is liked.

    Texts without an opinion are what likes are told apart from, above all from those
    that settings speak for: `assumed` are such points, by number. The same opinions
    and texts teach the same, in whatever order they are given.
    """
    import numpy as np

    held = {one.item.id: one for one in opinions}
    if not any(one.weight > 0 for one in held.values()):
        return None
    each = [held.get(item.id) for item in texts.items]
    weight = np.array([one.weight if one else 0 for one in each], np.float32)
    liked = np.flatnonzero(weight > 0)
    asked = np.array([assumed.get(item.id, 0.0) for item in texts.items])
    weights, aims = _told_apart(texts.rows, weight, asked), _aims(texts, weight)
    told, near = texts.rows @ weights, _cosines(texts.rows, texts.axes, aims)
    likes = [one for one in each if one and one.weight > 0]
    both = _voted(told, near, (_scale(told), _scale(near)), len(likes))
    known = facts.learnt(
        [(texts.facts[n], float(weight[n])) for n in liked], texts.facts
    )
    return Taste(
        texts.vocabulary,
        weights,
        texts.axes,
        aims,
        (_scale(told), _scale(near), _scale(both)),
        known,
        texts.rows[liked],
        tuple((short(one.item.title), one.words) for one in likes),
    )


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
    unmarked = _ASIDE + np.minimum(1, asked / _ASKED)
    unmarked /= unmarked.mean()
    marked = np.where(is_liked, weight, -weight * _DISLIKED)
    counts = np.where(weight == 0, unmarked, marked)
    for side in (is_liked, ~is_liked):  # both sides weigh the same
        counts[side] *= len(counts) / (2 * counts[side].sum())
    machine = LinearSVC(C=_C, random_state=0, max_iter=2_000, tol=1e-3)
    machine.fit(rows, is_liked, sample_weight=counts)
    return np.asarray(machine.coef_[0], np.float32)


def _aims(texts: Texts, weight: "NDArray[np.float32]") -> "list[NDArray[np.float32]]":
    """Return the mean directions of likes, less half of those of dislikes."""
    import numpy as np

    liked, disliked = np.maximum(weight, 0), np.maximum(-weight, 0)
    aims = []
    for places in texts.directions:
        aim = liked @ places / liked.sum()
        if disliked.any():
            aim -= disliked @ places / disliked.sum() / 2
        aims.append(np.asarray(aim, np.float32))
    return aims


def _cut(aims: "NDArray[Any]", axes: int) -> "list[NDArray[np.float32]]":
    """Return the aims that stand one after the other."""
    start, found = 0, []
    for size in _DIMENSIONS:
        found.append(aims[start : start + min(size, axes)])
        start += min(size, axes)
    return found


def _directions(
    rows: "csr_matrix", axes: "NDArray[np.float32]"
) -> "Iterator[NDArray[np.float32]]":
    """Yield where rows are among the first axes and among all, at a distance of 1."""
    import numpy as np

    places = np.asarray(rows @ axes.T, np.float32)
    for size in _DIMENSIONS:
        near = places[:, :size]
        lengths = np.linalg.norm(near, axis=1, keepdims=True)
        lengths[lengths == 0] = 1
        yield np.asarray(near / lengths, np.float32)


def _cosines(
    rows: "csr_matrix",
    axes: "NDArray[np.float32]",
    aims: "Sequence[NDArray[np.float32]]",
) -> "NDArray[np.float64]":
    """Return the mean cosine of each row with the aims."""
    import numpy as np

    each = zip(_directions(rows, axes), aims, strict=True)
    return np.asarray(
        np.mean([places @ aim for places, aim in each], axis=0), np.float64
    )


def _voted(
    told: "NDArray[Any]", near: "NDArray[Any]", scales: Sequence[Scale], likes: int
) -> "NDArray[np.float64]":
    """Return both votes in one: what weights give, and cosines with so many likes."""
    apart, middle = scales
    share = 1 / (1 + likes / _MANY)
    return _measured(told, apart) + share * _measured(near, middle)


def _scale(values: "NDArray[Any]") -> Scale:
    return float(values.mean()), float(values.std()) or 1.0


def _measured(values: "NDArray[Any]", scale: Scale) -> "NDArray[np.float64]":
    import numpy as np

    return np.asarray((values - scale[0]) / scale[1], np.float64)


def short(title: str) -> str:
    """Return a title as it is named in a reason: its beginning, if it is long."""
    if len(title) <= _LONGEST:
        return title
    return title[:_LONGEST].rsplit(" ", 1)[0].rstrip(",:;-") + " …"
