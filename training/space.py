"""N-grams as columns, works as rows."""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy import sparse

from tracker.core.classify.model import SQUARE
from training.corpus import Example

BAGS = ("title", "whole")
_RARE = {"title": 4, "whole": 6}  # works that an n-gram must stand in
_RARE_PAIR = {"title": 4, "whole": 8}


class Space:
    """The n-grams of both bags as columns; the last two stand for the views."""

    def __init__(self, counts: Sequence[Counter[str]], works: int) -> None:
        self.columns: list[dict[str, int]] = []
        frequencies: list[float] = []
        for bag in counts:
            start = len(frequencies)
            self.columns.append({g: start + n for n, g in enumerate(sorted(bag))})
            frequencies += [
                round((math.log(works / bag[gram]) + 1) ** 2 * SQUARE)
                for gram in sorted(bag)
            ]
        self.squares = np.array(frequencies)
        self.width = len(frequencies)

    def matrix(self, examples: Sequence[Example]) -> sparse.csr_matrix:
        """Return examples as rows: inverse document frequencies, each bag of norm 1."""
        ends, at, values = [0], [], []
        for example in examples:
            bags = (example.work.title, example.work.whole)
            for columns, bag in zip(self.columns, bags, strict=True):
                found = sorted(columns[gram] for gram in bag if gram in columns)
                squares = self.squares[found]
                at += found
                values += list(np.sqrt(squares / max(1, squares.sum())))
            at.append(self.width + example.work.has_text)
            values.append(1.0)
            ends.append(len(at))
        shape = (len(examples), self.width + 2)
        return sparse.csr_matrix((np.array(values), np.array(at), ends), shape=shape)


def frequent(examples: Sequence[Example]) -> list[Counter[str]]:
    """Return in how many works each n-gram stands, in titles and wholes."""
    found = []
    for bag in BAGS:
        counts: Counter[str] = Counter()
        for example in examples:
            counts.update(getattr(example.work, bag))
        least, pair = _RARE[bag], _RARE_PAIR[bag]
        found.append(
            Counter(
                {
                    gram: count
                    for gram, count in counts.items()
                    if count >= (pair if " " in gram else least)
                }
            )
        )
    return found
