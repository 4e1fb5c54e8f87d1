"""Would a reader find first what they like? A stream of papers, and their picks.

The picks listed before the split are what the reader liked; what was listed from it on
is ranked, all together or a week's worth at a time, and the picks among that are what
should come first.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import product
from random import Random
from typing import TypeVar

from tracker.config import Config
from tracker.core.text import words
from tracker.core.values import Item
from tracker.evaluation import baselines, measures, resampling, shipped
from tracker.evaluation.files import Row
from tracker.evaluation.report import Figure, Line, Report
from tracker.evaluation.stream import Case, Likes, Reader, Stream, cases, readers

NEEDED = ("id", "title", "first_listed")
PICKS_NEEDED = ("id",)

_FEW_LIKES = (5, 20)
_DRAWS = 5  # how often a few likes are drawn from all
_SEED = 20261116
_TIMES = 500  # how often the ranked items are drawn anew for an interval
_NDCG = (10, 20, 50)
_RECALL = 100
_DEEPEST = max(*_NDCG, _RECALL)
_NAMES = (*(f"nDCG@{at}" for at in _NDCG), f"recall@{_RECALL}", "AUC")

_Learnt = TypeVar("_Learnt")
Ranker = Callable[[Likes, slice], Sequence[float]]
"""Scores what stands in a slice of the stream; () where it needs likes."""


def measure(
    rows: Sequence[Row],
    settings: Config,
    picks: Sequence[Row],
    split: datetime,
    size: int | None = None,
) -> Report:
    """Return how well the items from `split` on are ranked for who made the picks.

    They are ranked together, or in equal parts of about `size`, each by itself. Where
    no pick is to be found, items are scored and nothing is measured.
    """
    stream = Stream.of(rows, split, settings)
    parts, whose = stream.parts(size), readers(stream, picks)
    found = cases(whose, parts)
    rankers = _rankers(stream, whose, shipped.Ranking.of(settings))
    lines = [
        line
        for amount in (0, *_FEW_LIKES, None)
        for name, ranker in rankers.items()
        for line in _lines(_Run(found, name, ranker, amount))
    ]
    known = sum(len(one.likes) + len(one.wanted) for one in whose)
    return Report(
        "ranking",
        len(rows),
        tuple(lines),
        (
            *_notes(stream, whose),
            *_measuring(found, len(parts), len(picks) - known),
        ),
        tuple(_predictions(stream, whose, parts, rankers["tracker"])),
    )


def _rankers(
    stream: Stream, whose: Sequence[Reader], ranking: shipped.Ranking
) -> dict[str, Ranker]:
    items = stream.items
    liked = {place for reader in whose for place in reader.likes}
    shelf = ranking.shelf(items[: stream.start], [items[n] for n in sorted(liked)])
    taste = _remembered(
        lambda likes: (
            ranking.taste([items[n] for n in likes], shelf)
            if likes
            else ranking.untold(items[: stream.start])
        )
    )
    newest = [one.first_seen.timestamp() for one in items]
    counted = _keyword_scores(items, ranking.keywords)
    vectors = baselines.Vectors([_text(one) for one in items])
    machine, middle = _remembered(vectors.svm), _remembered(vectors.centroid)
    return {
        "tracker": lambda likes, part: ranking.scores(items[part], taste(likes)),
        "newest first": lambda _, part: newest[part],
        "keyword score": lambda _, part: counted[part],
        "TF-IDF + SVM": lambda likes, part: machine(likes)[part] if likes else (),
        "SVD centroid": lambda likes, part: middle(likes)[part] if likes else (),
    }


def _remembered(learn: Callable[[Likes], _Learnt]) -> Callable[[Likes], _Learnt]:
    """Return what learns from likes, and not again for a reader's next part."""
    return lru_cache(_DRAWS)(learn)


def _text(item: Item) -> str:
    return f"{item.title} {item.summary} {' '.join(item.authors)}"


def _keyword_scores(items: Sequence[Item], keywords: Sequence[str]) -> list[float]:
    """Return how many of the keywords occur in each item's title or abstract."""
    starts = [
        f" {' '.join(words(keyword))}{'' if keyword.endswith('*') else ' '}"
        for keyword in keywords
    ]
    texts = [f" {' '.join(words(f'{one.title} {one.summary}'))} " for one in items]
    return [float(sum(start in text for start in starts)) for text in texts]


@dataclass(frozen=True, slots=True)
class _Run:
    """A ranker, run for all readers with so many likes of each; None is all."""

    cases: Sequence[Case]
    name: str
    ranker: Ranker
    amount: int | None

    def scores(self, case: Case) -> list[Sequence[float]]:
        """Return the scores of the ranked items, once for each draw of likes."""
        drawn = _drawn(case.likes, self.amount)
        found = [self.ranker(likes, case.part) for likes in drawn]
        return [one for one in found if one]


def _drawn(likes: Likes, amount: int | None) -> list[Likes]:
    """Return draws of so many likes, none where there are not as many."""
    if not amount:
        return [likes if amount is None else ()]
    if amount > len(likes):
        return []
    random = Random(_SEED)  # noqa: S311 - a repeatable choice, no secret
    return [tuple(random.sample(likes, amount)) for _ in range(_DRAWS)]


def _lines(run: _Run) -> Iterator[Line]:
    """Yield the line of a run, none where the ranker had nothing to go by."""
    each = [(case, scores) for case in run.cases if (scores := run.scores(case))]
    if not each:
        return
    ranked = [
        [_Ranked.of(one, case.wanted, case.part.start) for one in scores]
        for case, scores in each
    ]
    figures = _of_one(ranked[0]) if len(run.cases) == 1 else _of_many(ranked)
    about = "all likes" if run.amount is None else f"{run.amount} likes"
    count = sum(len(case.wanted) for case, _ in each)
    yield Line(run.name, about, count, figures)


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A ranking: item numbers, the best first, and which of them are wanted."""

    order: tuple[int, ...]
    wanted: frozenset[int]
    placements: tuple[float, ...]  # of the wanted, by number

    @classmethod
    def of(
        cls, scores: Sequence[float], wanted: frozenset[int], start: int
    ) -> "_Ranked":
        ours = frozenset(place - start for place in wanted)
        order = sorted(range(len(scores)), key=lambda n: (-scores[n], n))
        labels = [n in ours for n in range(len(scores))]
        return cls(tuple(order), ours, tuple(measures.placements(scores, labels)))

    def figures(self, weights: bytes | None = None) -> list[float | None]:
        """Return the measures, with each item as often as its weight says."""
        times = weights or bytes([1]) * len(self.order)
        top: list[bool] = []
        for number in self.order:
            top.extend([number in self.wanted] * times[number])
            if len(top) >= _DEEPEST:
                break
        wanted = [times[number] for number in sorted(self.wanted)]
        total = sum(wanted)
        area = sum(n * place for n, place in zip(wanted, self.placements, strict=False))
        return [
            *(measures.ndcg(top, total, at) for at in _NDCG),
            measures.recall(top, total, _RECALL),
            area / total if total and self.placements else None,
        ]


def _of_one(draws: Sequence[_Ranked]) -> dict[str, Figure]:
    """Return one reader's figures; the intervals are over draws of the items."""
    values = _means([one.figures() for one in draws])
    drawn = [
        _means([one.figures(weights) for one in draws])
        for weights in resampling.weights(len(draws[0].order), _TIMES)
    ]
    return {
        name: Figure(value, *resampling.interval(column))
        for name, value, *column in zip(_NAMES, values, *drawn, strict=True)
    }


def _of_many(readers: Sequence[Sequence[_Ranked]]) -> dict[str, Figure]:
    """Return the means over readers; the intervals are over draws of readers."""
    each = [_means([one.figures() for one in draws]) for draws in readers]
    columns = zip(*each, strict=True)
    return {
        name: resampling.averaged(column)
        for name, column in zip(_NAMES, columns, strict=True)
    }


def _means(rows: Sequence[Sequence[float | None]]) -> list[float | None]:
    return [measures.mean(column) for column in zip(*rows, strict=True)]


def _notes(stream: Stream, whose: Sequence[Reader]) -> Iterator[str]:
    liked = sum(len(one.likes) for one in whose)
    wanted = sum(len(one.wanted) for one in whose)
    who = f"{len(whose)} readers" if len(whose) > 1 else "one reader"
    yield (
        f"{who}; {liked} likes among {stream.start} rows before the split; "
        f"{wanted} picks to find among {len(stream.items) - stream.start} from it on"
    )


def _measuring(found: Sequence[Case], parts: int, strangers: int) -> Iterator[str]:
    """Yield what figures are of, and what they are not."""
    if strangers:
        picks = "1 pick is" if strangers == 1 else f"{strangers} picks are"
        yield f"{picks} not among the rows, or there twice"
    if parts > 1:
        yield f"ranked in {parts} parts, each by itself"
    if not found:
        yield "no pick to find, so there is nothing to measure"
        return
    if parts > 1:
        yield (
            f"figures are means over the {len(found)} parts of readers with a pick"
            if len(found) > 1
            else "figures are those of the one part with a pick"
        )
    yield f"figures with a few likes are means over {_DRAWS} draws of them"


def _predictions(
    stream: Stream, whose: Sequence[Reader], parts: Sequence[slice], tracker: Ranker
) -> Iterator[Mapping[str, object]]:
    """Yield what tracker gives each item to rank, with all likes, best first."""
    for one, part in product(whose, parts):
        scores = tracker(one.likes, part)
        named = {} if len(whose) == 1 else {"reader": one.name}
        for n in sorted(range(len(scores)), key=lambda n: (-scores[n], n)):
            yield {**named, "id": stream.names[part.start + n], "score": scores[n]}
