"""Train the topics' model: python -m training.topics DATA [--out FILE].

DATA is a folder with topics/, arxiv/ and conferences/paperlists (docs/topics.md says
what is in them and where it comes from). First every list that is trained on is left
out in turn, for its figures and for what probabilities are fitted to; then the model is
made from all of them, and measured on the lists held out. Printed are topic, view, how
its rows were unseen, positives, precision, recall, F1, and keywords' F1. Needs the
extra `eval`.
"""

import argparse
import json
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from tracker import config
from tracker.config import places
from tracker.core.classify.model import SQUARE, UNIT, ZERO, dump
from tracker.core.values import Topic
from training.corpus import HELD_OUT, Example, lists, papers

Array = np.ndarray

_BAGS = ("title", "whole")
_RARE = {"title": 5, "whole": 10}  # works that an n-gram must stand in
_RARE_PAIR = {"title": 4, "whole": 12}
_CHOSEN = {"title": 8_000, "whole": 10_000}  # n-grams for each topic
_WEAK = 0.3  # what a weakly labelled paper counts, a row of a list counting 1
_LIST = 1_000  # rows that a list counts as at most in training ...
_JUDGED = 200  # ... and in calibration
_SURE, _UNLIKELY = 2.0, -2.0  # scores, chosen for all topics on lists left out
_STRENGTH = 10.0  # C of the logistic regression


class Space:
    """The n-grams of both bags as columns; the last two stand for the views."""

    def __init__(self, counts: Sequence[Counter[str]], works: int) -> None:
        self.columns: list[dict[str, int]] = []
        frequencies: list[float] = []
        for bag in counts:
            start = len(frequencies)
            self.columns.append({g: start + n for n, g in enumerate(sorted(bag))})
            frequencies += [
                round((math.log(works / bag[gram]) + 1) ** 2 * SQUARE)
                for gram in sorted(bag)
            ]
        self.squares = np.array(frequencies)
        self.width = len(frequencies)

    def matrix(self, examples: Sequence[Example]) -> sparse.csr_matrix:
        """Return examples as rows: inverse document frequencies, each bag of norm 1."""
        ends, at, values = [0], [], []
        for example in examples:
            bags = (example.work.title, example.work.whole)
            for columns, bag in zip(self.columns, bags, strict=True):
                found = sorted(columns[gram] for gram in bag if gram in columns)
                squares = self.squares[found]
                at += found
                values += list(np.sqrt(squares / max(1, squares.sum())))
            at.append(self.width + example.work.has_text)
            values.append(1.0)
            ends.append(len(at))
        shape = (len(examples), self.width + 2)
        return sparse.csr_matrix((np.array(values), np.array(at), ends), shape=shape)


def frequent(examples: Sequence[Example]) -> list[Counter[str]]:
    """Return in how many works each n-gram stands, in titles and wholes."""
    found = []
    for bag in _BAGS:
        counts: Counter[str] = Counter()
        for example in examples:
            counts.update(getattr(example.work, bag))
        least, pair = _RARE[bag], _RARE_PAIR[bag]
        found.append(
            Counter(
                {
                    gram: count
                    for gram, count in counts.items()
                    if count >= (pair if " " in gram else least)
                }
            )
        )
    return found


class Data:
    """Examples as matrices, with their targets: the weak ones and the lists'."""

    def __init__(
        self, space: Space, weak: list[Example], listed: list[Example]
    ) -> None:
        self.weak, self.listed = space.matrix(weak), space.matrix(listed)
        self.of_list = np.array([example.list for example in listed])
        self.has_text = np.array([example.work.has_text for example in listed])
        self.named = {
            topic: np.array([topic in example.named for example in listed])
            for topic in weak[0].targets
        }
        self.targets = {
            topic: (_array(weak, topic), _array(listed, topic))
            for topic in weak[0].targets
        }

    def fit(self, topic: str, names: Sequence[str]) -> LogisticRegression:
        """Return a classifier of a topic from the weak examples and some lists."""
        weak, listed = self.targets[topic]
        # Half of the many negatives do.
        even = np.arange(len(weak)) % 4 < 2  # both views of a paper
        chosen = np.flatnonzero((weak == 1) | ((weak == 0) & even))
        rows, targets = [self.weak[chosen]], [weak[chosen]]
        weights = [np.full(len(chosen), _WEAK)]
        for name in names:
            for text in (False, True):
                there = (self.of_list == name) & (self.has_text == text)
                some = np.flatnonzero(there & (listed >= 0))
                rows.append(self.listed[some])
                targets.append(listed[some])
                weights.append(np.full(len(some), min(1, _LIST / max(1, len(some)))))
        machine = LogisticRegression(
            C=_STRENGTH, solver="liblinear", tol=0.02, random_state=0
        )
        return machine.fit(
            sparse.vstack(rows), np.concatenate(targets), np.concatenate(weights)
        )


def _array(examples: Sequence[Example], topic: str) -> Array:
    known = (example.targets[topic] for example in examples)
    return np.array([-1 if target is None else target for target in known])


def chosen(space: Space, data: Data) -> list[Counter[str]]:
    """Return the n-grams that carry most, judged by weakly labelled papers alone."""
    wanted: list[set[int]] = [set(), set()]
    seen = np.asarray((data.weak[:, : space.width] > 0).mean(axis=0)).ravel()
    for topic in data.targets:
        weights = np.abs(data.fit(topic, ()).coef_[0][: space.width]) * np.sqrt(seen)
        for columns, bag, best in zip(space.columns, _BAGS, wanted, strict=True):
            inside = np.array(list(columns.values()))
            order = np.argsort(-weights[inside], kind="stable")[: _CHOSEN[bag]]
            best.update(inside[order].tolist())
    return [
        Counter({gram: 1 for gram, at in columns.items() if at in best})
        for columns, best in zip(space.columns, wanted, strict=True)
    ]


def scores(data: Data, topic: str) -> Array:
    """Return a topic's scores of listed rows, none by a model that saw their list."""
    _, listed = data.targets[topic]
    open_lists = sorted({*data.of_list} - {*HELD_OUT})
    found = data.fit(topic, open_lists).decision_function(data.listed)
    for name in open_lists:
        rows = data.of_list == name
        if (listed[rows] >= 0).any():
            others = [other for other in open_lists if other != name]
            machine = data.fit(topic, others)
            found[rows] = machine.decision_function(data.listed[rows])
    return found


def shares(data: Data, known: Array) -> Array:
    """Return what each row counts, so that no long list outweighs the others."""
    counts = Counter(data.of_list[known].tolist())
    return np.array([min(1, _JUDGED / max(1, counts[n])) for n in data.of_list])


def calibrated(
    found: Array, named: Array, truth: Array, weights: Array
) -> tuple[float, float, float]:
    """Return slope, what keywords add, and offset, by Platt's method."""
    columns = np.column_stack([found, named])
    machine = LogisticRegression(C=1.0).fit(columns, truth, weights)
    slope, keywords = machine.coef_[0].tolist()
    return slope, keywords, float(machine.intercept_[0])


def measured(claimed: Array, truth: Array) -> tuple[float, float, float]:
    """Return precision, recall and F1."""
    hits = int((claimed & (truth == 1)).sum())
    precision = hits / max(1, int(claimed.sum()))
    recall = hits / max(1, int((truth == 1).sum()))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def views(data: Data, topic: str, found: Array) -> list[tuple[float, float, float]]:
    """Return how a topic's scores are read without and with a text; print figures."""
    _, truth = data.targets[topic]
    named = data.named[topic]
    claimed = (found >= _SURE) | (named & (found >= _UNLIKELY))
    held = np.isin(data.of_list, HELD_OUT)
    given = []
    for text in (False, True):
        known = (truth >= 0) & (data.has_text == text)
        free = known & ~held
        weights = shares(data, known)[free]
        given.append(calibrated(found[free], named[free], truth[free], weights))
        for label, rows in (("left out in turn", free), ("held out", known & held)):
            figures = (
                *measured(claimed[rows], truth[rows]),
                measured(named[rows], truth[rows])[2],
            )
            shown = " ".join(f"{figure:.3f}" for figure in figures)
            kind = "text " if text else "title"
            print(f"{topic:15}{kind} {label:17}{(truth[rows] == 1).sum():5} {shown}")
    return given


def packed(
    space: Space,
    topics: Sequence[Topic],
    machines: dict[str, LogisticRegression],
    given: dict[str, list[tuple[float, float, float]]],
) -> bytes:
    """Return the model as bytes."""
    names = [topic.name for topic in topics]
    columns = np.array([machines[name].coef_[0] for name in names])
    root = np.sqrt(space.squares / SQUARE)
    steps = np.rint(columns[:, : space.width] * root * UNIT).astype(int) + ZERO
    steps = np.clip(steps, 0, 2 * ZERO - 1)
    tables = [
        {
            gram: [1, int(space.squares[at]), *steps[:, at].tolist()]
            for gram, at in bag.items()
        }
        for bag in space.columns
    ]
    header = {
        "sure": _SURE,
        "unlikely": _UNLIKELY,
        "names": names,
        "known": {t.name: sorted({*t.keywords, *t.exclude}) for t in topics},
        "views": {
            name: [
                [round(number, 6) for number in (_bias(machines[name], text), *view)]
                for text, view in enumerate(given[name])
            ]
            for name in names
        },
    }
    return dump(header, tables)


def _bias(machine: LogisticRegression, text: int) -> float:
    return float(machine.coef_[0][-2 + text] + machine.intercept_[0])


def main() -> None:
    """Train, print the figures and write the model."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--out", type=Path, default=places.topics_model_file())
    asked = arguments.parse_args()
    topics = config.load(str(places.shipped_config_file())).topics
    listed, weak = lists(asked.data, topics), papers(asked.data, topics)
    free = [example for example in listed if example.list not in HELD_OUT]
    counts = frequent(weak + free)
    wide = Space(counts, len(weak))
    few = chosen(wide, Data(wide, weak, listed[:1]))
    kept = [
        Counter({gram: count[gram] for gram in small})
        for count, small in zip(counts, few, strict=True)
    ]
    space = Space(kept, len(weak))
    data = Data(space, weak, listed)
    open_lists = sorted({example.list for example in free})
    given = {t.name: views(data, t.name, scores(data, t.name)) for t in topics}
    machines = {t.name: data.fit(t.name, open_lists) for t in topics}
    asked.out.write_bytes(packed(space, topics, machines, given))
    print(json.dumps({"n-grams": space.width, "papers": len(weak) // 2}))


if __name__ == "__main__":
    main()
