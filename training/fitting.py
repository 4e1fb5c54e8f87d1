"""Classifiers of topics: from weak examples, and from lists, each left out in turn."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy import sparse
from sklearn.feature_selection import chi2
from sklearn.linear_model import LogisticRegression

from training.corpus import UNSAID, Example
from training.space import BAGS, Space, frequent

Array = np.ndarray
Scores = dict[str, Array]  # of listed rows, by topic

ALWAYS = -99.0  # a score that every work has
_CHOSEN = {"title": 5_000, "whole": 5_000}  # n-grams for each topic
_WEAK = 0.3  # what a weakly labelled paper counts, a row of a list counting 1
_LIST = 1_000  # rows that a list counts as at most
# Share of papers without a word of such a topic that may be claimed for it.
_SURPRISES = 0.05
_STRENGTH = 10.0  # C of the logistic regression


class Data:
    """Examples as matrices, with their targets: the weak ones and the lists'."""

    def __init__(
        self, space: Space, weak: list[Example], listed: list[Example]
    ) -> None:
        self.weak, self.listed = space.matrix(weak), space.matrix(listed)
        self.of_list = np.array([example.list for example in listed])
        self.weak_has_text = np.array([example.work.has_text for example in weak])
        self.has_text = np.array([example.work.has_text for example in listed])
        self.aside = np.array([example.is_aside for example in listed])
        self.marks = {
            topic: np.array(
                [
                    [topic in example.told, topic in example.titled]
                    for example in listed
                ],
                float,
            )
            for topic in weak[0].targets
        }
        self.doubted = {
            topic: np.array([topic in example.doubted for example in listed])
            for topic in weak[0].targets
        }
        self.unsaid = {
            topic: np.array([topic in example.unsaid for example in listed])
            for topic in weak[0].targets
        }
        self.targets = {
            topic: (targets(weak, topic), targets(listed, topic))
            for topic in weak[0].targets
        }

    def open_lists(self) -> list[str]:
        """Return the names of the lists that may be learnt from."""
        return sorted({*self.of_list[~self.aside].tolist()})

    def surprising(self, topic: str) -> tuple[float, float]:
        """Return from which scores few papers without a word of a topic have it.

        The first is for titles alone, the second for works with a text. Only topics
        whose lists say less than they are about have such scores.
        """
        if topic not in UNSAID:
            return ALWAYS, ALWAYS
        machine = self.fit(topic, self.open_lists())
        weak, _ = self.targets[topic]
        found = machine.decision_function(self.weak)
        title, text = (
            round(float(np.quantile(found[(weak == 0) & rows], 1 - _SURPRISES)), 2)
            for rows in (~self.weak_has_text, self.weak_has_text)
        )
        return title, text

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
                some = np.flatnonzero(there & ((listed >= 0) | self.unsaid[topic]))
                rows.append(self.listed[some])
                targets.append(listed[some] == 1)
                share = min(1, _LIST / max(1, len(some)))
                weights.append(np.where(listed[some] < 0, _WEAK, 1) * share)
        machine = LogisticRegression(
            C=_STRENGTH, solver="liblinear", tol=1e-3, random_state=0
        )
        return machine.fit(
            sparse.vstack(rows), np.concatenate(targets), np.concatenate(weights)
        )


def targets(examples: Sequence[Example], topic: str) -> Array:
    """Return for each example 1, 0 or, where nothing is known of the topic, -1."""
    known = (example.targets[topic] for example in examples)
    return np.array([-1 if target is None else target for target in known])


def chosen(space: Space, data: Data) -> list[Counter[str]]:
    """Return the n-grams that tell most, by chi-squared on weakly labelled papers."""
    wanted: list[set[int]] = [set(), set()]
    there = (data.weak[:, : space.width] > 0).astype(float)
    for weak, _ in data.targets.values():
        known = weak >= 0
        tellings, _p = chi2(there[known], weak[known])
        for columns, bag, best in zip(space.columns, BAGS, wanted, strict=True):
            inside = np.array(list(columns.values()))
            order = np.argsort(-tellings[inside], kind="stable")[: _CHOSEN[bag]]
            best.update(inside[order].tolist())
    return [
        Counter({gram: 1 for gram, at in columns.items() if at in best})
        for columns, best in zip(space.columns, wanted, strict=True)
    ]


def matrices(weak: list[Example], listed: list[Example]) -> tuple[Space, Data]:
    """Return the space of the n-grams that tell most, and the examples in it."""
    counts = frequent(weak + [example for example in listed if not example.is_aside])
    wide = Space(counts, len(weak))
    few = chosen(wide, Data(wide, weak, listed[:1]))
    kept = [
        Counter({gram: count[gram] for gram in small})
        for count, small in zip(counts, few, strict=True)
    ]
    space = Space(kept, len(weak))
    return space, Data(space, weak, listed)


def scores(data: Data, topic: str) -> Array:
    """Return a topic's scores of listed rows, none by a model that saw their list.

    Lists without a positive are left out by halves: hardly a model changes for one.
    """
    _, listed = data.targets[topic]
    open_lists = data.open_lists()
    found = np.zeros(len(listed))
    if data.aside.any():
        machine = data.fit(topic, open_lists)
        found[data.aside] = machine.decision_function(data.listed[data.aside])
    rich = [n for n in open_lists if (listed[data.of_list == n] == 1).any()]
    poor = [name for name in open_lists if name not in rich]
    for out in [*([name] for name in rich), poor[::2], poor[1::2]]:
        rows = np.isin(data.of_list, out)
        if (listed[rows] >= 0).any():
            machine = data.fit(topic, [n for n in open_lists if n not in out])
            found[rows] = machine.decision_function(data.listed[rows])
    return found
