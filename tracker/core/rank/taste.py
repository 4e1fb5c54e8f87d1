"""What a reader's marks teach, learnt once and then only applied.

Votes on words (see `votes`) are joined by the facts that likes share (see `facts`).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.core.rank import facts
from tracker.core.rank.opinions import Opinion
from tracker.core.rank.texts import Texts, text
from tracker.core.rank.vectors import Vocabulary
from tracker.core.rank.votes import Votes
from tracker.core.values import Item
from tracker.core.weekly import Reason

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

_ASKED = 3.0  # assumed points from which settings speak for a text in full
_POINTS = 3.0  # of a standard deviation
_FACTS = 0.4  # standard deviations that a natural unit of facts' evidence weighs
_MOST_FACTS = 3.0  # such units, either way: facts repeat each other
_DOUBT = 5.0  # likes at which half of the points are given
_LIKE = 0.5  # standard deviations from which a liked text is named
_ALIKE = 0.1  # the least cosine with a liked text that is named
_LONGEST = 60  # characters of a liked text's title


@dataclass(frozen=True, slots=True)
class Taste:
    """What was learnt of a reader; made by `learn`, kept as arrays.

    `likes` are rows of the liked texts, `named` their titles and marks. `assumed` is
    what they leave of what was assumed of the reader.
    """

    vocabulary: Vocabulary
    votes: Votes
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
        steps = self.votes.steps(rows) + self._facts(items)
        points = np.round(_POINTS * self.trust * steps, 3)
        like = np.flatnonzero(steps >= _LIKE)
        nearest = dict(zip(like.tolist(), self._nearest(rows[like]), strict=True))
        return {
            item.id: Reason(
                "taste", float(points[n]), nearest.get(n) or _said(steps[n])
            )
            for n, item in enumerate(items)
        }

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

        words = [self.vocabulary.words, self.named, self.facts]
        return {
            "words": np.frombuffer(json.dumps(words).encode(), np.uint8),
            "pairs": self.vocabulary.pairs,
            "rarity": self.vocabulary.rarity,
            **self.votes.arrays(),
            "assumed": np.array([self.assumed]),
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
            float(arrays["assumed"][0]),
        )


def _said(steps: float) -> str:
    return "close to what you liked" if steps >= 0 else "unlike what you liked"


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
    points = np.array([assumed.get(item.id, 0.0) for item in texts.items])
    known = facts.learnt(
        [(texts.facts[n], float(weight[n])) for n in liked], texts.facts
    )
    likes = [one for one in each if one and one.weight > 0]
    return Taste(
        texts.vocabulary,
        Votes.learnt(texts, weight, np.minimum(1, points / _ASKED)),
        known,
        texts.rows[liked],
        tuple((short(one.item.title), one.words) for one in likes),
    )


def short(title: str) -> str:
    """Return a title as it is named in a reason: its beginning, if it is long."""
    if len(title) <= _LONGEST:
        return title
    return title[:_LONGEST].rsplit(" ", 1)[0].rstrip(",:;-") + " …"
