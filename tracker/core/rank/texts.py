"""Texts that are learnt on: their rows, where they are, and what is known beside."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from tracker.core.rank import facts, vectors
from tracker.core.rank.vectors import Text, Vocabulary
from tracker.core.values import Item

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

_TURNS = 3  # of the search for directions; the usual seven find likes no better
DIMENSIONS = 64, 128  # with few likes the fewer tell more, with many the more


def text(item: Item) -> Text:
    """Return what is read of an item."""
    return item.title, item.summary


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

        most = min(max(DIMENSIONS), min(self.rows.shape) - 1)
        if most < 1:
            return np.zeros((0, self.rows.shape[1]), np.float32)
        found = randomized_svd(self.rows, most, n_iter=_TURNS, random_state=0)[2]
        return np.asarray(found.astype(np.float16), np.float32)  # as it is kept

    @cached_property
    def directions(self) -> "tuple[NDArray[np.float32], ...]":
        """Where the texts are among the first axes, and among all."""
        return tuple(directions(self.rows, self.axes))

    @cached_property
    def facts(self) -> tuple[frozenset[str], ...]:
        """What is known of each item beside its words."""
        return tuple(map(facts.facts, self.items))


def directions(
    rows: "csr_matrix", axes: "NDArray[np.float32]"
) -> "Iterator[NDArray[np.float32]]":
    """Yield where rows are among the first axes and among all, at a distance of 1."""
    import numpy as np

    places = np.asarray(rows @ axes.T, np.float32)
    for size in DIMENSIONS:
        near = places[:, :size]
        lengths = np.linalg.norm(near, axis=1, keepdims=True)
        lengths[lengths == 0] = 1
        yield np.asarray(near / lengths, np.float32)
