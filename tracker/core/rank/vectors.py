"""Texts as vectors: TF-IDF of words and of pairs of words, titles read like the rest.

A row's parts are weighted by 1 + log of their number and by how rare they are, log((1 +
texts) / (1 + texts with it)) + 1, as scikit-learn weights them; a row has length 1.
Pairs of words are numbers here, and found by searching sorted ones, so that a
week of 5,000 abstracts is read in half a second; strings for them take six times that.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from tracker.core.text import STOP, singular, tokens, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

Text = tuple[str, str]
"""A title, and the text below it."""

_MOST_WORDS = 400  # of a text, from its start: a long post says early what it is about
_COMMON = 0.4  # of all texts: a word in more of them says nothing
_MOST = 30_000  # words; and as many pairs
_RARE = 2  # texts that a word must stand in, where there are _FEW
_FEW = 100
_PAIR = 1 << 32
_UNKNOWN, _SILENT = -1, -2  # in place of a word's number
# Words that say how, not what; counting them costs a tenth of nDCG with few likes.
_FUNCTION = STOP | frozenset(
    words(
        "about above across after afterwards again against all almost along already "
        "although always am among an another any anyone anything are around at away "
        "back because become becomes been before behind being below beside besides "
        "between beyond both but by cannot could did do does done down due during "
        "each either else elsewhere enough etc even ever every everything except "
        "few first for former from further get give go had has have he hence her "
        "here him his however i if in indeed instead into is itself keep last "
        "latter least less made mainly many may me meanwhile might mine more "
        "moreover most mostly much must my namely neither never nevertheless next "
        "no nobody none nor not nothing now of off often on once one only onto or "
        "other others otherwise our ours out over own part per perhaps please put "
        "rather re same see seem seemed seems several she should since so some "
        "something sometimes somewhere still such take than that the their them "
        "themselves then there thereby therefore these they this those though "
        "through throughout thus to together too toward towards two under until up "
        "upon us very via was we well were what when whenever where whereas whereby "
        "wherein whether which while who whole whom whose why will with within "
        "without would yet you your three"
    )
)


@dataclass(frozen=True)
class Vocabulary:
    """What counts in a text, and how much; `rarity` is of words, then pairs."""

    words: tuple[str, ...]
    pairs: "NDArray[np.int64]"
    """Sorted; a pair is its first word's number times 2 ** 32, plus its second's."""
    rarity: "NDArray[np.float32]"

    @cached_property
    def _places(self) -> dict[str, int]:
        return {word: place for place, word in enumerate(self.words)}

    @property
    def size(self) -> int:
        """The number of columns."""
        return len(self.rarity)

    def rows(self, texts: Sequence[Text]) -> "csr_matrix":
        """Return a row of length 1 for each text (of length 0 where no word counts)."""
        return self.rows_of(_Told.of(texts, self._numbers))

    def row(self, text: Text) -> "tuple[NDArray[np.int64], NDArray[np.float32]]":
        """Return the columns of a text's row that are not 0, and what stands there.

        A ninth of the time that a matrix of one row takes.
        """
        import numpy as np

        _, columns = self._places_of(_Told.of([text], self._numbers))
        found, counts = np.unique(np.concatenate(columns), return_counts=True)
        values = (1 + np.log(counts.astype(np.float32))) * self.rarity[found]
        return found, values / (np.linalg.norm(values) or 1)

    @cached_property
    def _numbers(self) -> "_Numbers":
        return _Numbers(self._places, grow=False)

    def rows_of(self, told: "_Told") -> "csr_matrix":
        """Return the rows of texts that were read by this vocabulary."""
        import numpy as np

        counted = _counted(*self._places_of(told), (told.count, self.size))
        counted.data = (1 + np.log(counted.data)) * self.rarity[counted.indices]
        return _even(counted)

    def _places_of(
        self, told: "_Told"
    ) -> "tuple[list[NDArray[np.int64]], list[NDArray[np.int64]]]":
        """Return the rows and columns of words, and of pairs."""
        import numpy as np

        found = np.searchsorted(self.pairs, told.pairs)
        known = np.zeros(len(found), bool)
        inside = found < len(self.pairs)
        known[inside] = self.pairs[found[inside]] == told.pairs[inside]
        columns = [told.words, found[known] + len(self.words)]
        return [told.rows, told.pair_rows[known]], columns


def read(texts: Sequence[Text]) -> "tuple[Vocabulary, csr_matrix]":
    """Return what counts in `texts`, and their rows by it.

    It is the same for the same texts in any process.
    """
    import numpy as np

    met: dict[str, int] = {}
    told = _Told.of(texts, _Numbers(met, grow=True))
    fewest = _RARE if len(texts) >= _FEW else 1
    spread = _spread(told.rows, told.words, len(met))
    most = _COMMON * len(texts) if len(texts) >= _FEW else len(texts)
    kept = _best(spread, fewest, most)
    renumbered = np.full(len(met), _UNKNOWN)
    renumbered[kept] = np.arange(len(kept))
    known = _Told.made(len(texts), told.parts, renumbered[told.words])
    pairs, spreads = _pairs(known)
    best = _best(spreads, fewest, len(texts))
    count = np.concatenate([spread[kept], spreads[best]])
    rarity = np.log((1 + len(texts)) / (1 + count)) + 1
    names = tuple(met)
    found = Vocabulary(
        tuple(names[old] for old in kept), pairs[best], rarity.astype(np.float32)
    )
    return found, found.rows_of(known)


class _Numbers(dict[str, int]):
    """Numbers of words as they stand in a text, remembered: most are old friends."""

    def __init__(self, places: dict[str, int], *, grow: bool) -> None:
        self._places, self._grow = places, grow

    def __missing__(self, found: str) -> int:
        word = singular(found)
        if word in _FUNCTION or len(word) == 1:
            number = _SILENT
        elif self._grow:
            number = self._places.setdefault(word, len(self._places))
        else:
            number = self._places.get(word, _UNKNOWN)
        self[found] = number
        return number


@dataclass(frozen=True, slots=True)
class _Told:
    """Words of `count` texts, one after the other: in which part each is, its number.

    Parts are titles and what is below them, in turns. Words that are not known are
    left out, and so are their pairs; those that say nothing are as if not there.
    """

    count: int
    parts: "NDArray[np.int64]"
    words: "NDArray[np.int64]"
    pair_rows: "NDArray[np.int64]"
    pairs: "NDArray[np.int64]"

    @classmethod
    def of(cls, texts: Sequence[Text], numbers: _Numbers) -> "_Told":
        import numpy as np

        lengths, read = array("q"), array("q")  # the words themselves take much more
        for part in chain.from_iterable(texts):
            said = tokens(part)[:_MOST_WORDS]
            lengths.append(len(said))
            read.extend(map(numbers.__getitem__, said))
        found = np.frombuffer(read, np.int64)
        heard = found != _SILENT
        parts = np.repeat(np.arange(len(lengths)), lengths)
        return cls.made(len(texts), parts[heard], found[heard])

    @classmethod
    def made(
        cls, count: int, parts: "NDArray[np.int64]", found: "NDArray[np.int64]"
    ) -> "_Told":
        """Return what is known of the words `found`, with their pairs."""
        known = found >= 0
        beside = (parts[1:] == parts[:-1]) & known[1:] & known[:-1]
        pairs = found[:-1][beside] * _PAIR + found[1:][beside]
        return cls(count, parts[known], found[known], parts[1:][beside] // 2, pairs)

    @property
    def rows(self) -> "NDArray[np.int64]":
        """In which text each word is."""
        return self.parts // 2


def _spread(
    rows: "NDArray[np.int64]", numbers: "NDArray[np.int64]", most: int
) -> "NDArray[np.int64]":
    """Return in how many rows each number below `most` stands."""
    import numpy as np

    each = np.sort(rows * max(most, 1) + numbers)
    return np.bincount(each[_first(each)] % max(most, 1), minlength=most)


def _pairs(told: _Told) -> "tuple[NDArray[np.int64], NDArray[np.int64]]":
    """Return the pairs, sorted, and in how many texts each stands."""
    import numpy as np

    order = np.argsort(told.pairs, kind="stable")  # so texts of a pair stay in order
    pairs, rows = told.pairs[order], told.pair_rows[order]
    starts = np.flatnonzero(_first(pairs))
    if not len(starts):
        return pairs, rows
    spread = np.add.reduceat(_first(pairs) | _first(rows), starts, dtype=np.int64)
    return pairs[starts], spread


def _first(values: "NDArray[np.int64]") -> "NDArray[np.bool_]":
    """Return which values differ from the one before; of sorted ones each once.

    It takes a tenth of what numpy's `unique` does.
    """
    import numpy as np

    return np.concatenate([values[:1] == values[:1], values[1:] != values[:-1]])


def _best(spread: "NDArray[np.int64]", fewest: int, most: float) -> "NDArray[np.int64]":
    """Return the numbers that stand in enough rows, but not in most, sorted."""
    import numpy as np

    fit = np.flatnonzero((spread >= fewest) & (spread <= most))
    widest = np.argsort(-spread[fit], kind="stable")[:_MOST]
    return np.sort(fit[widest])


def _counted(
    rows: "Iterable[NDArray[np.int64]]",
    columns: "Iterable[NDArray[np.int64]]",
    shape: tuple[int, int],
) -> "csr_matrix":
    import numpy as np
    from scipy.sparse import csr_matrix

    at = np.concatenate(list(rows)), np.concatenate(list(columns))
    ones = np.ones(len(at[0]), np.float32)
    return csr_matrix((ones, at), shape)  # which adds up what stands twice


def _even(rows: "csr_matrix") -> "csr_matrix":
    """Return rows of length 1; those of length 0 stay."""
    import numpy as np
    from scipy.sparse import diags_array

    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    inverse = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return (diags_array(inverse.astype(np.float32)) @ rows).tocsr()
