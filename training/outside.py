"""Measure the shipped topics on outside lists: python -m training.outside DATA.

They are titles that neither keywords nor the model were made with
(benchmarks/outside_topics.tsv, those held out). Printed are topic, positives,
precision, recall, F1, that of keywords alone, and that of TF-IDF with logistic
regression learnt from all lists that the model was trained on, DATA's and the outside
ones for looking at. Needs the extra `eval`.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tracker import config
from tracker.config import places, trained
from tracker.core.classify import Topics
from tracker.core.values import Topic
from tracker.evaluation import baselines
from training.corpus import AGAINST, Example, held_out, lists
from training.figures import EVEN, measured, told
from training.fitting import Array, targets

HEADING = ("topic", "n", "precision", "recall", "F1", "keywords' F1", "LR's F1")
RULE = ("---", *["---:"] * (len(HEADING) - 1))


def rows(
    seen: Sequence[Example], unseen: Sequence[Example], topics: Sequence[Topic]
) -> list[tuple[str, ...]]:
    """Return a row of the table for each topic, and one of their means."""
    finder = Topics(topics, trained.topics())
    claimed = [
        {claim.name for claim in finder.of(example.said, "")} for example in unseen
    ]
    odds = _by_logistic_regression(seen, unseen)
    found, total = [], []
    for topic in AGAINST:
        truth = targets(unseen, topic)
        known = truth >= 0
        said = np.array([topic in names for names in claimed])
        named = np.array([topic in one.titled | one.told for one in unseen])
        figures = (
            *measured(said[known], truth[known]),
            measured(named[known], truth[known])[2],
            measured(odds[topic][known] >= EVEN, truth[known])[2],
        )
        total.append(figures)
        found.append(_row(topic, str((truth == 1).sum()), figures))
    return [*found, _row("macro", "", np.mean(total, axis=0).tolist())]


def _row(topic: str, count: str, figures: Sequence[float]) -> tuple[str, ...]:
    return (topic, count, *(f"{figure:.3f}" for figure in figures))


def _by_logistic_regression(
    seen: Sequence[Example], unseen: Sequence[Example]
) -> dict[str, Array]:
    """Return the probabilities of the unseen titles, by topic."""
    vectors = baselines.tfidf([example.said for example in (*seen, *unseen)])
    learnt, asked = vectors[: len(seen)], vectors[len(seen) :]
    return {
        topic: np.array(baselines.logistic(learnt, told(seen, topic), asked))
        for topic in AGAINST
    }


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    data = arguments.parse_args().data
    topics = config.load(str(places.shipped_config_file())).topics
    measures = rows(lists(data, topics), held_out(topics), topics)
    for row in (HEADING, RULE, *measures):
        print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main()
