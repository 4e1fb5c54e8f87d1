"""Texts that are learnt on: their rows, where they are, and what is known beside."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tracker.core.rank import facts, vectors
from tracker.core.rank.facts import Known
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
    """What is learnt on: texts of items, each once, in the order of their numbers.

    `known` is what is known of each item beside its words. `axes` are the main
    directions of the texts, as rows, the first one first: none before `mapped`.
    """

    numbers: tuple[int, ...]
    known: tuple[Known, ...]
    vocabulary: Vocabulary
    rows: "csr_matrix"
    axes: "NDArray[np.float32]"

    @classmethod
    def of(cls, items: Iterable[Item]) -> "Texts":
        """Return the texts of items; of several with one number the last."""
        import numpy as np

        by_number = {item.id: item for item in items}
        numbers = tuple(sorted(by_number))
        each = [by_number[number] for number in numbers]
        vocabulary, rows = vectors.read([text(item) for item in each])
        none = np.zeros((0, vocabulary.size), np.float32)
        return cls(numbers, tuple(map(facts.known, each)), vocabulary, rows, none)

    def mapped(self) -> "Texts":
        """Return the texts with their axes; a single text has none."""
        import numpy as np
        from sklearn.utils.extmath import randomized_svd

        most = min(max(DIMENSIONS), min(self.rows.shape) - 1)
        if most < 1 or len(self.axes):
            return self
        found = randomized_svd(self.rows, most, n_iter=_TURNS, random_state=0)[2]
        axes = np.asarray(found.astype(np.float16), np.float32)  # as they are kept
        return replace(self, axes=axes)

    def beside(self, items: Iterable[Item]) -> "Texts":
        """Return the texts with those of `items`, by the same words and axes.

        Of an item that is among them already what is known is taken anew.
        """
        from scipy.sparse import vstack

        places = {number: place for place, number in enumerate(self.numbers)}
        known, more = list(self.known), dict[int, Item]()
        for item in items:
            if item.id in places:
                known[places[item.id]] = facts.known(item)
            else:
                more[item.id] = item
        if not more:
            return replace(self, known=tuple(known))
        numbers = [*self.numbers, *more]
        known += map(facts.known, more.values())
        rows = self.vocabulary.rows([text(item) for item in more.values()])
        order = sorted(range(len(numbers)), key=numbers.__getitem__)
        return replace(
            self,
            numbers=tuple(numbers[n] for n in order),
            known=tuple(known[n] for n in order),
            rows=vstack([self.rows, rows], format="csr")[order],
        )

    def arrays(self) -> "dict[str, NDArray[Any]]":
        """Return all of it as plain arrays, which `Texts.made` reads."""
        import numpy as np

        told = [(sorted(one.facts), dict(one.topics), one.kinds) for one in self.known]
        words = json.dumps([self.vocabulary.words, told])
        return {
            "numbers": np.array(self.numbers, np.int64),
            "words": np.frombuffer(words.encode(), np.uint8),
            "pairs": self.vocabulary.pairs,
            "rarity": self.vocabulary.rarity,
            "axes": self.axes.astype(np.float16),
            "values": self.rows.data,
            "columns": self.rows.indices,
            "starts": self.rows.indptr,
        }

    @classmethod
    def made(cls, arrays: "Mapping[str, NDArray[Any]]") -> "Texts":
        """Return what `arrays` gave; raises KeyError, ValueError."""
        import numpy as np
        from scipy.sparse import csr_matrix

        words, told = json.loads(arrays["words"].tobytes())
        vocabulary = Vocabulary(tuple(words), arrays["pairs"], arrays["rarity"])
        numbers = tuple(int(number) for number in arrays["numbers"])
        parts = arrays["values"], arrays["columns"], arrays["starts"]
        return cls(
            numbers,
            tuple(
                Known(frozenset(said), topics, kinds) for said, topics, kinds in told
            ),
            vocabulary,
            csr_matrix(parts, (len(numbers), vocabulary.size)),
            np.asarray(arrays["axes"], np.float32),
        )


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
