"""What a reader's marks and settings teach, learnt once and then only applied.

Votes on words (see `votes`) are joined by the facts that likes share (see `facts`).
Texts that settings speak for are worth a few likes, all of them together: they say at
first what likes say better later.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.core.rank import facts
from tracker.core.rank.opinions import Opinion
from tracker.core.rank.texts import Texts, text
from tracker.core.rank.vectors import Vocabulary
from tracker.core.rank.votes import Votes
from tracker.core.values import Item
from tracker.core.weekly import CLOSE, UNLIKE, Reason

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

_ASKED = 3.0  # assumed points from which settings speak for a text in full
_HINTED = 2.0  # likes that all such texts are worth together
_ENOUGH = 256  # texts, under which a standard deviation of them says little
_POINTS = 3.5  # of a standard deviation
_FACTS = 0.4  # standard deviations that a natural unit of facts' evidence weighs
_MOST_FACTS = 3.0  # such units, either way: facts repeat each other
_DOUBT = 5.0  # likes at which half of the points are given
_LIKE = 0.5  # standard deviations from which a liked text is named
_ALIKE = 0.1  # the least cosine with a liked text that is named
_AT_ONCE = 256  # items whose words are held
_LONGEST = 60  # characters of a liked text's title


@dataclass(frozen=True, slots=True)
class Taste:
    """What was learnt of a reader; made by `learn`, kept as arrays.

    `likes` are rows of the liked texts, `named` their titles and marks; `hinted` is how
    many likes the settings are worth. `assumed` is what likes leave of what was assumed
    of the reader. Of `marked` items, by number, nothing is said: their reader knows.
    """

    vocabulary: Vocabulary
    votes: Votes
    facts: facts.Weights
    likes: "csr_matrix"
    named: tuple[tuple[str, str], ...]
    hinted: float = 0.0
    assumed: float = 1.0
    marked: frozenset[int] = frozenset()

    @property
    def trust(self) -> float:
        """How much is known, in [0, 1): more with each like."""
        known = len(self.named) + self.hinted
        return known / (known + _DOUBT)

    def reasons(self, items: Sequence[Item]) -> dict[int, Reason]:
        """Return what is to be said of each item, by its number."""
        items = [item for item in items if item.id not in self.marked]
        chunks = (items[n : n + _AT_ONCE] for n in range(0, len(items), _AT_ONCE))
        return {n: said for chunk in chunks for n, said in self._reasons(chunk)}

    def _reasons(self, items: Sequence[Item]) -> Iterator[tuple[int, Reason]]:
        import numpy as np

        rows = self.vocabulary.rows([text(item) for item in items])
        steps = self.votes.steps(rows) + self._facts(items)
        points = np.round(_POINTS * self.trust * steps, 3)
        like = np.flatnonzero(steps >= _LIKE)
        nearest = dict(zip(like.tolist(), self._nearest(rows[like]), strict=True))
        for n, item in enumerate(items):
            said = nearest.get(n) or self._said(steps[n])
            yield item.id, Reason("taste", float(points[n]), said)

    def _facts(self, items: Sequence[Item]) -> "NDArray[np.float64]":
        import numpy as np

        each = (facts.known(item).facts for item in items)
        given = facts.points(each, self.facts)
        evidence = np.fromiter(given, np.float64, len(items))
        return np.asarray(_FACTS * np.clip(evidence, -_MOST_FACTS, _MOST_FACTS))

    def _said(self, steps: float) -> str:
        known = {"what you liked": self.named, "what is on your topics": self.hinted}
        what = " and ".join(words for words, held in known.items() if held)
        return f"{CLOSE if steps >= 0 else UNLIKE}{what}"

    def _nearest(self, rows: "csr_matrix") -> list[str | None]:
        """Return what names the liked text that each row is most like."""
        cosines = (rows @ self.likes.T).toarray()
        return [
            self._naming(row.argmax()) if row.max(initial=0) >= _ALIKE else None
            for row in cosines
        ]

    def _naming(self, like: int) -> str:
        title, mark = self.named[like]
        return f'like "{title}", {mark}'

    def arrays(self) -> "dict[str, NDArray[Any]]":
        """Return all of it as plain arrays, which `Taste.of` reads."""
        import numpy as np

        words = [self.vocabulary.words, self.named, self.facts]
        return {
            "words": np.frombuffer(json.dumps(words).encode(), np.uint8),
            "pairs": self.vocabulary.pairs,
            "rarity": self.vocabulary.rarity,
            **self.votes.arrays(),
            "assumed": np.array([self.assumed, self.hinted]),
            "likes": self.likes.data,
            "columns": self.likes.indices,
            "starts": self.likes.indptr,
        }

    @classmethod
    def of(cls, arrays: "Mapping[str, NDArray[Any]]") -> "Taste":
        """Return what `arrays` gave; raises KeyError, ValueError."""
        from scipy.sparse import csr_matrix

        words, named, known_facts = json.loads(arrays["words"].tobytes())
        known = Vocabulary(tuple(words), arrays["pairs"], arrays["rarity"])
        parts = arrays["likes"], arrays["columns"], arrays["starts"]
        return cls(
            known,
            Votes.of(arrays, len(named)),
            {name: (has, lacks) for name, (has, lacks) in known_facts.items()},
            csr_matrix(parts, (len(named), known.size)),
            tuple((str(title), str(mark)) for title, mark in named),
            hinted=float(arrays["assumed"][1]),
            assumed=float(arrays["assumed"][0]),
        )


def learn(
    opinions: Iterable[Opinion], texts: Texts, assumed: Mapping[int, float]
) -> Taste | None:
    """Return what opinions of some of the texts teach, None where nothing does.

    Texts without an opinion are what likes are told apart from, above all from those
    that settings speak for: `assumed` are such points, by number. And these are hints
    of what may be liked. The same opinions and texts teach the same, in whatever order
    they are given.
    """
    import numpy as np

    held = {one.item.id: one for one in opinions}
    each = [held.get(number) for number in texts.numbers]
    weight = np.array([one.weight if one else 0 for one in each], np.float32)
    points = np.array([assumed.get(number, 0.0) for number in texts.numbers])
    asked = np.minimum(1, points / _ASKED)
    hints = _hints(asked, weight)
    liked, hinted = np.flatnonzero(weight > 0), np.flatnonzero(hints)
    if not len(liked) and not len(hinted):
        return None
    told = [one.facts for one in texts.known]
    known = facts.learnt(
        [(told[n], float(weight[n])) for n in liked],
        [(told[n], float(hints[n])) for n in hinted],
        told,
    )
    likes = [one for one in each if one and one.weight > 0]
    return Taste(
        texts.vocabulary,
        Votes.learnt(texts, weight, hints, asked),
        known,
        texts.rows[liked],
        tuple((short(one.item.title), one.words) for one in likes),
        _HINTED if len(hinted) else 0.0,
    )


def _hints(
    asked: "NDArray[np.float64]", weight: "NDArray[np.float32]"
) -> "NDArray[np.float32]":
    """Return what unmarked texts weigh beside likes, for what settings say of them."""
    import numpy as np

    hints = np.where(weight == 0, asked, 0)
    if len(hints) < _ENOUGH or not hints.any():
        return np.zeros(len(hints), np.float32)
    return np.asarray(_HINTED * hints / hints.sum(), np.float32)


def short(title: str) -> str:
    """Return a title as it is named in a reason: its beginning, if it is long."""
    if len(title) <= _LONGEST:
        return title
    return title[:_LONGEST].rsplit(" ", 1)[0].rstrip(",:;-") + " …"
