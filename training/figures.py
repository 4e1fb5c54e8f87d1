"""Figures of what was claimed of unseen rows, beside what others claim of them."""

from collections.abc import Sequence

import numpy as np

from tracker.core.classify.model import Model
from tracker.evaluation import baselines
from training.corpus import Example
from training.fitting import Array, Data, Scores

_BINS = 10  # of the calibration error
EVEN = 0.5  # the probability from which logistic regression claims a topic


def told(examples: Sequence[Example], topic: str) -> list[bool | None]:
    """Return for each example whether it is on the topic, None where nobody says."""
    known = (example.targets[topic] for example in examples)
    return [None if target is None else target == 1 for target in known]


def plain(examples: Sequence[Example], topics: Sequence[str]) -> Scores:
    """Return what TF-IDF with logistic regression claims of listed rows.

    It learns from the lists alone, without a row's own and its title.
    """
    labels = {topic: told(examples, topic) for topic in topics}
    found = baselines.cross_fitted(
        [example.said for example in examples],
        labels,
        baselines.folds([example.list for example in examples]),
        [example.key for example in examples],
    )
    return {topic: np.array(odds) >= EVEN for topic, odds in found.items()}


def measured(claimed: Array, truth: Array) -> tuple[float, float, float]:
    """Return precision, recall and F1."""
    hits = int((claimed & (truth == 1)).sum())
    precision = hits / max(1, int(claimed.sum()))
    recall = hits / max(1, int((truth == 1).sum()))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def calibration_error(odds: Array, truth: Array) -> float:
    """Return the expected calibration error, over ten equal bins of probability."""
    bins = np.minimum((odds * _BINS).astype(int), _BINS - 1)
    gaps = (abs((truth - odds)[bins == n].sum()) for n in range(_BINS))
    return float(sum(gaps) / max(1, len(odds)))


def tell(
    data: Data, rows: Array, answers: tuple[Scores, Scores], others: Scores, label: str
) -> None:
    """Print what claims and probabilities are worth, beside what others claim."""
    said, odds = answers
    total = []
    for topic in said:
        truth = data.targets[topic][1]
        known = rows & (truth >= 0)
        named = np.asarray(data.marks[topic].any(axis=1))
        figures = (
            *measured(said[topic][known], truth[known]),
            measured(named[known], truth[known])[2],
            measured(others[topic][known], truth[known])[2],
            calibration_error(odds[topic][known], truth[known]),
        )
        total.append(figures)
        _show(label, topic, int((truth[known] == 1).sum()), figures)
    _show(label, "macro", len(total), np.mean(total, axis=0).tolist())


def _show(label: str, topic: str, count: int, figures: Sequence[float]) -> None:
    shown = " ".join(f"{figure:.3f}" for figure in figures)
    print(f"{label:24}{topic:15}{count:5} {shown}", flush=True)


def tell_posts(model: Model, aside: Sequence[Example]) -> None:
    """Print of how many posts a topic is claimed whose words don't hint at it."""
    for topic in model.names:
        for text, label in enumerate(("title", "text")):
            rows = [
                example.work
                for example in aside
                if example.work.has_text == text and example.targets[topic] == 0
            ]
            least = model.views[topic][text].least[0]
            wrong = sum(model.scores(work)[topic] >= least for work in rows)
            print(f"{label + ' of posts aside':24}{topic:15}{wrong:5} of {len(rows)}")
