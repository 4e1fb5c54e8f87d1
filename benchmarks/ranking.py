"""A reader's taste learnt and applied, and new items judged, beside bare scikit-learn.

`python -m benchmarks.ranking taste|topics|library COUNT TEXTS` ranks COUNT made-up
papers by what it learnt of TEXTS, `judging COUNT` judges COUNT; each prints, as JSON,
the seconds of its parts.
"""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import accumulate, product
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

from benchmarks import corpus
from benchmarks.measured import Run, run
from benchmarks.results import Aim, Figure, Row, Subject, megabytes, ratio

if TYPE_CHECKING:
    from tracker.core.values import Item

_NOW = datetime(2026, 6, 5, 18, tzinfo=UTC)
_SYLLABLES = [f"{a}{b}" for a, b in product("bdfgklmnprtv", "aeiou")]
_WORDS = 60_000  # that texts are drawn from, by Zipf's law
_LONG = 160  # words of a text, as of a real abstract
_AUTHORS = 30_000
_MARKED = 10  # one in so many is marked
_MEMORY = Aim(most=500)  # MB
_RANKED = Aim(most=1)  # seconds
_JUDGED = Aim(most=20)  # seconds


@dataclass(frozen=True, slots=True)
class Size:
    """How many papers are ranked, a tenth of them marked; learnt on, judged."""

    ranked: int = 5_000
    texts: int = 12_000
    around: int = 5_000
    judged: int = 10_000
    times: int = 3


def measure(size: Size) -> Subject:
    """Return what learning, ranking and judging take."""
    print("ranking …", file=sys.stderr, flush=True)
    ours = _runs("taste", size.times, size.ranked, size.texts)
    unmarked = _runs("topics", size.times, size.ranked, size.around)
    theirs = _runs("library", size.times, size.ranked, size.texts)
    judged = _runs("judging", size.times, size.judged)
    texts, learnt = _row("reading", ours, "read"), _row("learning", ours, "learn")
    ranked = _row("ranking", ours, "rank")
    hinted = _row("of topics", unmarked, "learn")
    near = _row("by topics", unmarked, "rank")
    fitted = _row("scikit-learn, fitted", theirs, "learn")
    scored = _row("scikit-learn, applied", theirs, "rank")
    read = _row("judging", judged, "judge")
    return Subject(
        f"Ranking: {size.ranked:,} items, {size.ranked // _MARKED:,} of them marked;"
        f" {size.judged:,} judged",
        (
            f"reading: once for {size.texts:,} texts, when a store has grown;"
            " learning: once after new marks, on texts that were read and kept;"
            " ranking: what was learnt loaded, all scored",
            f"of topics: without a mark, on {size.around:,} texts, once for all who"
            " follow them until the store has grown; by topics: ranking by that",
            "scikit-learn: TF-IDF of words and pairs, a linear SVM; the same texts",
        ),
        (texts, learnt, fitted, ranked, scored, hinted, near, read),
        (
            ratio("reading / scikit-learn", texts, fitted),
            ratio("learning / scikit-learn", learnt, fitted),
            ratio("ranking / scikit-learn", ranked, scored),
            Figure("ranking, seconds", ranked.wall, ranked.cpu, _RANKED),
            Figure("ranking without marks, seconds", near.wall, near.cpu, _RANKED),
            Figure("judging, seconds", read.wall, read.cpu, _JUDGED),
            Figure(
                "reading, learning, ranking, MB", learnt.largest or 0.0, aim=_MEMORY
            ),
        ),
    )


def _runs(what: str, times: int, *counts: int) -> list[Run]:
    command = [sys.executable, "-m", "benchmarks.ranking", what, *map(str, counts)]
    return [run(command) for _ in range(times)]


def _row(name: str, runs: list[Run], part: str) -> Row:
    told = [json.loads(one.output)[part] for one in runs]
    wall, cpu = (median(times) for times in zip(*told, strict=True))
    largest = megabytes([one.largest for one in runs])
    return Row(name, len(runs), wall, cpu, largest)


def _items(count: int) -> list["Item"]:
    """Return papers of as many words, and different ones, as real ones have."""
    from tracker.core.values import Item

    draw = Random(0)
    words = ["".join(draw.choices(_SYLLABLES, k=3)) for _ in range(_WORDS)]
    often = list(accumulate(1 / (place + 20) for place in range(_WORDS)))
    return [
        Item(
            number,
            entry.kind,
            entry.title,
            entry.url,
            _NOW,
            authors=tuple(f"author {draw.randrange(_AUTHORS)}" for _ in range(4)),
            summary=" ".join(draw.choices(words, cum_weights=often, k=_LONG)),
            categories=entry.categories,
        )
        for number, entry in enumerate(corpus.papers(range(count), _NOW))
    ]


def _taste(count: int, texts: int) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield what reads texts, learns from marks, and ranks by what was learnt."""
    from tracker.core import rank
    from tracker.core.rank.interests import Interests
    from tracker.core.rank.opinions import Opinion
    from tracker.core.rank.taste import Taste
    from tracker.core.rank.texts import Texts
    from tracker.publish import learning

    wanted = Interests(("recsys",), frozenset())
    items = _items(texts)
    ranked = items[:count]
    held = [Opinion(item, 1.0, "rated 5") for item in ranked[::_MARKED]]
    read: dict[str, Any] = {}
    kept: dict[str, Any] = {}

    def learn() -> None:
        known = Texts.made(read).beside(one.item for one in held)
        found = learning.Shelf.of(known, wanted).taste(held)
        assert found is not None
        kept.update(found.arrays())

    def score() -> None:
        informed = learning.informed(wanted, Taste.of(kept), ranked)
        assert all(rank.score(item, informed, _NOW).reasons for item in ranked)

    yield "read", lambda: read.update(Texts.of(items).mapped().arrays())
    yield "learn", learn
    yield "rank", score


def _topics(count: int, texts: int) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield what learns from topics alone, and what ranks by them."""
    from tracker.core import rank
    from tracker.core.rank.interests import Interests
    from tracker.core.rank.taste import Taste
    from tracker.core.values import Claim
    from tracker.publish import learning

    wanted = Interests(("recsys",), frozenset())
    claimed = (Claim("recsys", "title: recommender", "arxiv"),)
    items = _items(max(count, texts))
    items[::_MARKED] = [replace(one, topics=claimed) for one in items[::_MARKED]]
    kept = {}

    def learn() -> None:
        found = learning.of_topics(items[:texts], wanted.topics)
        assert found is not None
        kept.update(found.arrays())

    def score() -> None:
        informed = learning.informed(wanted, Taste.of(kept), items[:count])
        assert all(rank.score(item, informed, _NOW).reasons for item in items[:count])

    yield "learn", learn
    yield "rank", score


def _library(count: int, texts: int) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield the same with scikit-learn alone."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    read = [f"{one.title} {one.summary}" for one in _items(texts)]
    words = TfidfVectorizer(ngram_range=(1, 2), max_features=60_000, min_df=2)
    machine = LinearSVC(C=0.01, class_weight="balanced", random_state=0)
    liked = [n % _MARKED == 0 and n < count for n in range(texts)]
    yield "learn", lambda: machine.fit(words.fit_transform(read), liked)
    yield "rank", lambda: machine.decision_function(words.transform(read[:count]))


def _judging(count: int) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield what judges new papers by the shipped topics and companies."""
    from tracker import config
    from tracker.evaluation import shipped

    settings = config.load(str(Path(__file__).resolve().parents[1] / "feeds.toml"))
    judge = shipped.judge(settings)
    papers = list(corpus.papers(range(count), _NOW))
    yield "judge", lambda: [shipped.drafted(one, judge) for one in papers]


_Work = Callable[..., Iterator[tuple[str, Callable[[], object]]]]
_WORK: dict[str, _Work] = {
    "taste": _taste,
    "topics": _topics,
    "library": _library,
    "judging": _judging,
}


if __name__ == "__main__":
    seconds = {}
    for part, work in _WORK[sys.argv[1]](*map(int, sys.argv[2:])):
        began, used = perf_counter(), process_time()
        work()
        seconds[part] = perf_counter() - began, process_time() - used
    print(json.dumps(seconds))
