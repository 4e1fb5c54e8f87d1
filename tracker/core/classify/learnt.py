"""Topics of a reader's own, learnt from works that somebody said to be on them.

Works with a text of some length may be like the description alone. A teaser says too
little for that: what has no more must be like one of the works that were named.

A topic is where its title and description and its named works are together, less a part
of those that were said not to be on it (Rocchio, 1971): a direction in the space of
TF-IDF. A work is on the topic if its cosine with it is some standard deviations
above those of all texts. By Cantelli's inequality no topic is so found in more than
1 / (1 + _LEAST ** 2) of the texts that it was learnt on, 4.7 %, whatever was named.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.core.rank import vectors
from tracker.core.rank.taste import short
from tracker.core.rank.vectors import Text, Vocabulary
from tracker.core.values import Claim, Topic

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

_DESCRIPTION = 4.0  # works that a topic's title and description count as
_AGAINST = 0.5  # what a work that is not on the topic counts beside one that is
_LEAST = 4.5  # standard deviations
_WEIGHT = 0.333  # of a claim: that of one keyword in the title
_TOLD = 80  # words of a text that a description alone may find: as abstracts have
_ALIKE = 0.1  # the least cosine with a work that it is said to be like
_AS_DESCRIBED = "like its title and description"


@dataclass(frozen=True, slots=True)
class Lesson:
    """A topic, with the places of works that are about it, and that are not, in texts.

    One that has no work about it has a description.
    """

    topic: Topic
    about: tuple[int, ...]
    against: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was learnt of topics; made by `learn`, kept as arrays.

    `aims` has a column of length 1 a topic, `scales` a row: mean and standard deviation
    of all texts' cosines with it. `works` are rows of those that are about a topic,
    `titles` theirs; those of topic number n stand from `starts[n]` to `starts[n + 1]`.
    """

    names: tuple[str, ...]
    vocabulary: Vocabulary
    aims: "NDArray[np.float32]"
    scales: "NDArray[np.float64]"
    works: "csr_matrix"
    titles: tuple[str, ...]
    starts: tuple[int, ...]

    def of(self, title: str, text: str, source: str = "") -> Iterator[Claim]:
        """Yield the topics whose description and works a work is like."""
        for number in self.found(title, text):
            like = self._nearest(title, text, number)
            evidence = f'like "{like}", which you named' if like else _AS_DESCRIBED
            yield Claim(self.names[number], evidence, source, _WEIGHT)

    def found(self, title: str, text: str) -> list[int]:
        """Return the places of those topics among `names`."""
        columns, values = self.vocabulary.row((title, text))
        cosines = values @ self.aims[columns]
        steps = (cosines - self.scales[:, 0]) / self.scales[:, 1]
        found = [number for number, step in enumerate(steps) if step >= _LEAST]
        if len(text.split()) >= _TOLD:
            return found
        return [number for number in found if self._nearest(title, text, number)]

    def _nearest(self, title: str, text: str, topic: int) -> str | None:
        """Return the title of the named work that a work is most like, if it is."""
        start, end = self.starts[topic : topic + 2]
        if start == end:
            return None
        row = self.vocabulary.rows([(title, text)])
        cosines = (self.works[start:end] @ row.T).toarray()[:, 0]
        nearest = int(cosines.argmax())
        return self.titles[start + nearest] if cosines[nearest] >= _ALIKE else None

    def arrays(self) -> "dict[str, NDArray[Any]]":
        """Return all of it as plain arrays, which `Learnt.from_arrays` reads."""
        import numpy as np

        words = [self.vocabulary.words, self.names, self.titles, self.starts]
        return {
            "words": np.frombuffer(json.dumps(words).encode(), np.uint8),
            "pairs": self.vocabulary.pairs,
            "rarity": self.vocabulary.rarity,
            "aims": self.aims,
            "scales": self.scales,
            "works": self.works.data,
            "columns": self.works.indices,
            "rows": self.works.indptr,
        }

    @classmethod
    def from_arrays(cls, arrays: "Mapping[str, NDArray[Any]]") -> "Learnt":
        """Return what `arrays` gave; raises KeyError, ValueError."""
        from scipy.sparse import csr_matrix

        words, names, titles, starts = json.loads(arrays["words"].tobytes())
        known = Vocabulary(tuple(words), arrays["pairs"], arrays["rarity"])
        parts = arrays["works"], arrays["columns"], arrays["rows"]
        return cls(
            tuple(map(str, names)),
            known,
            arrays["aims"],
            arrays["scales"],
            csr_matrix(parts, (len(titles), known.size)),
            tuple(map(str, titles)),
            tuple(map(int, starts)),
        )


def learn(lessons: Sequence[Lesson], texts: Sequence[Text]) -> Learnt:
    """Return what lessons teach whose works are among `texts`.

    The same lessons and texts teach the same in any process.
    """
    import numpy as np

    vocabulary, rows = vectors.read(texts)
    aims = np.stack([_aim(one, vocabulary, rows) for one in lessons], axis=1)
    cosines = np.asarray(rows @ aims, np.float64)
    spread = cosines.std(axis=0)
    spread[spread == 0] = 1
    named = [place for one in lessons for place in one.about]
    counts = np.cumsum([0, *(len(one.about) for one in lessons)]).tolist()
    return Learnt(
        tuple(one.topic.name for one in lessons),
        vocabulary,
        aims,
        np.stack([cosines.mean(axis=0), spread], axis=1),
        rows[named],
        tuple(short(texts[place][0]) for place in named),
        tuple(counts),
    )


def _aim(
    lesson: Lesson, vocabulary: Vocabulary, rows: "csr_matrix"
) -> "NDArray[np.float32]":
    import numpy as np

    topic = lesson.topic
    told = vocabulary.rows([(topic.title, topic.description)])
    aim = _DESCRIPTION * _sum(told) + _sum(rows[list(lesson.about)])
    # However many are against it, they are half of what is for it at most.
    most = (_DESCRIPTION + len(lesson.about)) / max(1, len(lesson.against))
    aim -= _AGAINST * min(1, most) * _sum(rows[list(lesson.against)])
    return np.asarray(aim / (np.linalg.norm(aim) or 1), np.float32)


def _sum(rows: "csr_matrix") -> "NDArray[np.float64]":
    import numpy as np

    return np.asarray(rows.sum(axis=0), np.float64).ravel()
