"""Measure the shipped topics on outside lists: python -m training.outside DATA.

They are works that neither keywords nor the model were made with, those held out of
benchmarks/outside_topics.tsv and of benchmarks/outside_recorded.tsv: titles alone, and
works whose abstracts are in DATA. Printed are topic, positives, precision, recall, F1,
that of keywords alone, and that of TF-IDF with logistic regression learnt from all
lists that the model was trained on, DATA's and the outside ones for looking at. Needs
the extra `eval`.
"""

import argparse
from collections.abc import Iterator, Sequence
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

HEADING = ("rows", "topic", "n", "precision", "recall", "F1", "keywords' F1", "LR's F1")
RULE = ("---", "---", *["---:"] * (len(HEADING) - 2))
VIEWS = {"titles": False, "abstracts": True}


def rows(
    seen: Sequence[Example], unseen: Sequence[Example], topics: Sequence[Topic]
) -> list[tuple[str, ...]]:
    """Return rows of the table, for titles and for works with a text.

    One for each topic, and one of their means.
    """
    finder = Topics(topics, trained.topics())
    found = []
    for view, has_text in VIEWS.items():
        some = [one for one in unseen if one.work.has_text == has_text]
        for topic, *figures in _measures(seen, some, finder):
            found.append((view, topic, *figures))
    return found


def _measures(
    seen: Sequence[Example], unseen: Sequence[Example], finder: Topics
) -> Iterator[tuple[str, ...]]:
    """Yield each topic's name, positives and figures, and their means."""
    claimed = [
        {claim.name for claim in finder.of(one.title, one.text)} for one in unseen
    ]
    odds = _by_logistic_regression(seen, unseen)
    total = []
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
        yield _row(topic, str((truth == 1).sum()), figures)
    yield _row("macro", "", np.mean(total, axis=0).tolist())


def _row(topic: str, count: str, figures: Sequence[float]) -> tuple[str, ...]:
    return (topic, count, *(f"{figure:.3f}" for figure in figures))


def _by_logistic_regression(
    seen: Sequence[Example], unseen: Sequence[Example]
) -> dict[str, Array]:
    """Return the probabilities of the unseen works, by topic."""
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
    measures = rows(lists(data, topics), held_out(data, topics), topics)
    for row in (HEADING, RULE, *measures):
        print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main()
