"""A trained linear model of topics: plain integers, the same result everywhere.

A work has two bags of n-grams: those of its title, and those of all that is known.
Each n-gram has a weight for each topic in each bag; a bag's score is the sum of the
weights over the bag's length, the Euclidean norm of its n-grams' inverse document
frequencies. All weights of an n-gram are packed into one integer, a lane of 32 bits
for each, so that one sum over the bag adds up every topic at once, exactly.
"""

import json
import math
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from hashlib import blake2b
from heapq import nlargest
from itertools import pairwise

from tracker.core.text import STOP, words

LANE = 32  # bits
ZERO = 1 << 15  # what a weight of 0 is stored as: lanes hold no negative numbers
UNIT = 128  # steps in a weight of 1
SQUARE = 64  # steps in a squared inverse document frequency of 1
_LANE_MASK = (1 << LANE) - 1
_ENOUGH_TEXT = 20  # words; a shorter text is read like a title alone
_MOST_WORDS = 600  # of a text, from its start: a long post says early what it is about
_EVIDENCE = 3
_STEEPEST = 30.0  # beyond it a probability is 0 or 1 to 13 digits
_STEM = 4  # letters at the least
_MOST_STEMS = 100_000  # remembered; English has no more in a year of papers
_ENDINGS = (
    "ization", "isation", "ational", "ation", "ator", "ability", "ment", "ness",
    "ing", "ive", "able", "ible", "ity", "er", "ed", "or", "al", "ly", "e", "y",
)  # fmt: skip


class _Stems(dict[str, str]):
    """Words and what is left of them without an ending, remembered."""

    def __missing__(self, word: str) -> str:
        stem = f"{_stem(word)}*"
        if len(self) < _MOST_STEMS:
            self[word] = stem
        return stem


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM:
            return word[: -len(ending)]
    return word


_STEMS = _Stems()


def stem(word: str) -> str:
    """Return what is left of a word without an ending, and a star: "learn*"."""
    return _STEMS[word]


def grams(found: Iterable[str]) -> set[str]:
    """Return the n-grams of a text's words: words, their stems, pairs of words.

    Words that say nothing are left out first: "learning to rank" has "learning rank".
    """
    telling = [word for word in found if word not in STOP]
    bag = set(telling)
    bag.update([_STEMS[word] for word in bag], map(" ".join, pairwise(telling)))
    return bag


@dataclass(frozen=True, slots=True)
class Reading:
    """A work as the model reads it: its two bags, and whether it has a text."""

    title: set[str]
    whole: set[str]
    has_text: bool


def read(title: str, text: str = "", categories: Iterable[str] = ()) -> Reading:
    """Return the n-grams of a work; arXiv's categories are n-grams of the whole."""
    return reading(words(title), words(text), categories)


def reading(
    title: Sequence[str], text: Sequence[str], categories: Iterable[str] = ()
) -> Reading:
    """Return the n-grams of a work's words."""
    head, body = grams(title), text[:_MOST_WORDS]
    whole = grams(body)
    whole.update(head, [f"#{category}" for category in categories])
    return Reading(head, whole, len(body) >= _ENOUGH_TEXT)


class Named(IntEnum):
    """Where keywords name a topic: nowhere, in the text alone, in the title."""

    NOWHERE = 0
    TEXT = 1
    TITLE = 2


@dataclass(frozen=True, slots=True)
class View:
    """How a topic's score is read, for titles alone or for works with a text.

    The probability is 1 / (1 + exp(-(slope * score + offset))), by Platt's method;
    `told` is added to the exponent where keywords name the topic in the text alone,
    `titled` where they do in the title. `bias` is part of the score. `least` are the
    scores from which a work has the topic, by where keywords name it.
    """

    bias: float
    slope: float
    told: float
    titled: float
    offset: float
    least: tuple[float, float, float]

    def probability(self, score: float, named: Named) -> float:
        """Return the probability of a topic, rounded so that machines agree."""
        steep = self.slope * score + self.offset + (0, self.told, self.titled)[named]
        return round(1 / (1 + math.exp(-max(-_STEEPEST, min(_STEEPEST, steep)))), 3)


@dataclass(frozen=True, slots=True)
class Model:
    """Topics' weights; a score is the logit of a topic, before it is calibrated.

    `known` are the keywords, by topic, that the model was trained with.
    """

    names: tuple[str, ...]
    known: Mapping[str, frozenset[str]]
    views: Mapping[str, tuple[View, View]]  # of a title alone, with a text
    title: Mapping[str, int]
    whole: Mapping[str, int]
    digest: str

    def scores(self, work: Reading) -> dict[str, float]:
        """Return each topic's score."""
        head, head_length = self._sums(self.title, work.title)
        whole, length = self._sums(self.whole, work.whole)
        return {
            name: self.views[name][work.has_text].bias
            + head[lane] / head_length
            + whole[lane] / length
            for lane, name in enumerate(self.names)
        }

    def evidence(self, name: str, work: Reading) -> str:
        """Return the n-grams that speak most for a topic: of the title if any does."""
        shift = LANE * (self.names.index(name) + 2)
        for place, table, bag in (
            ("title", self.title, work.title),
            ("text", self.whole, work.whole),
        ):
            known = ((gram, table[gram]) for gram in bag if gram in table)
            weights = (((row >> shift) & _LANE_MASK, gram) for gram, row in known)
            best = nlargest(_EVIDENCE, weights)
            said = [gram for weight, gram in best if weight > ZERO]
            if said:
                return f"{place}: {', '.join(said)}"
        return "all words together"

    def _sums(
        self, table: Mapping[str, int], bag: Iterable[str]
    ) -> tuple[list[float], float]:
        total = sum(filter(None, map(table.get, bag)))
        count, square, *lanes = _lanes(total, len(self.names) + 2)
        scores = [(lane - count * ZERO) / UNIT for lane in lanes]
        return scores, math.sqrt(square / SQUARE) or 1.0


def _lanes(total: int, count: int) -> list[int]:
    return [(total >> (LANE * lane)) & _LANE_MASK for lane in range(count)]


def dump(
    header: Mapping[str, object],
    tables: Sequence[Mapping[str, Sequence[int]]],
) -> bytes:
    """Return a model as bytes: its header, then n-grams and their lanes, twice.

    A table has a row for each n-gram: 1, its squared frequency, and its weights.
    """
    parts = [json.dumps(header, sort_keys=True).encode()]
    for table in tables:
        parts.append("\n".join(table).encode())
        parts.append(
            b"".join(
                sum(value << (LANE * lane) for lane, value in enumerate(row)).to_bytes(
                    len(row) * LANE // 8, "little"
                )
                for row in table.values()
            )
        )
    sizes = " ".join(str(len(part)) for part in parts)
    return zlib.compress(f"{sizes}\n".encode() + b"".join(parts), 9)


def load(packed: bytes) -> Model:
    """Return the model in what `dump` gave."""
    line, _, rest = zlib.decompress(packed).partition(b"\n")
    parts = []
    for size in map(int, line.split()):
        parts.append(rest[:size])
        rest = rest[size:]
    header = json.loads(parts[0])
    names = tuple(header["names"])
    width = (len(names) + 2) * LANE // 8
    return Model(
        names,
        {name: frozenset(header["known"][name]) for name in names},
        {
            name: (_view(header["views"][name][0]), _view(header["views"][name][1]))
            for name in names
        },
        _table(parts[1], parts[2], width),
        _table(parts[3], parts[4], width),
        blake2b(packed, digest_size=16).hexdigest(),
    )


def _view(numbers: Sequence[float]) -> View:
    bias, slope, told, titled, offset, *least = numbers
    unnamed, in_text, in_title = least
    return View(bias, slope, told, titled, offset, (unnamed, in_text, in_title))


def _table(vocabulary: bytes, rows: bytes, width: int) -> dict[str, int]:
    return {
        gram: int.from_bytes(rows[at : at + width], "little")
        for gram, at in zip(
            vocabulary.decode().split("\n"), range(0, len(rows), width), strict=True
        )
    }
