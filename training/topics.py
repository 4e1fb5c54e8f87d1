"""Train the topics' model: python -m training.topics DATA [--aside] [--out FILE].

DATA is a folder with topics/, arxiv/, conferences/paperlists and feeds/recorded
(docs/topics.md says what is in them and where it comes from). First every list is left
out in turn, for what probabilities and thresholds are fitted to, and for the figures;
then the model is made from all of them. With --aside the lists that are kept for a last
look, and every other blog, are in no part of it, and measured at the end. Printed are
topic, view, how the rows were unseen, positives, precision, recall, F1, keywords' F1,
and the expected calibration error; of the posts of blogs set aside in which no word
hints at a topic, how many have it all the same.
Needs the extra `eval`.
"""

import argparse
import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.feature_selection import chi2
from sklearn.linear_model import LogisticRegression

from tracker import config
from tracker.config import places
from tracker.core.classify.model import SQUARE, UNIT, ZERO, Model, dump, load
from tracker.core.values import Topic
from training.corpus import UNSAID, Example, lists, papers, posts, titles_aside

Array = np.ndarray
Floors = Mapping[str, tuple[float, float]]
Least = tuple[float, float, float]
Scores = dict[str, Array]  # of listed rows, by topic

_BAGS = ("title", "whole")
_RARE = {"title": 4, "whole": 6}  # works that an n-gram must stand in
_RARE_PAIR = {"title": 4, "whole": 8}
_CHOSEN = {"title": 5_000, "whole": 5_000}  # n-grams for each topic
_WEAK = 0.3  # what a weakly labelled paper counts, a row of a list counting 1
_LIST = 1_000  # rows that a list counts as at most in training ...
_JUDGED = 200  # ... and in calibration
# Scores to choose from, from which a work has a topic that keywords name in its title,
# in its text alone, or nowhere.
_NEVER = 99.0
_ALWAYS = -_NEVER
_TITLED = (_ALWAYS, -3.0, -2.0, -1.0)
_TOLD = (_ALWAYS, -3.0, -2.0, -1.5, -1.0, 0.0)
_UNNAMED = (_NEVER, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0)
_LEAST = {False: 0.0, True: -0.5}  # of those: a title alone says less than a text
_BY_KEYWORDS = (_NEVER, _ALWAYS, _ALWAYS)
# Of F1, whichever list is left out: for it the model may add to keywords or doubt them.
_GAIN = {False: 0.02, True: 0.0}
_SURPRISES = (
    0.03  # share of papers without a word of a topic that may be claimed for it
)
_BINS = 10  # of the calibration error
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
            topic: (_array(weak, topic), _array(listed, topic))
            for topic in weak[0].targets
        }

    def surprising(self, topic: str) -> tuple[float, float]:
        """Return from which scores few papers without a word of a topic have it.

        The first is for titles alone, the second for works with a text. Only topics
        whose lists say less than they are about have such scores.
        """
        if topic not in UNSAID:
            return _ALWAYS, _ALWAYS
        machine = self.fit(topic, sorted({*self.of_list[~self.aside]}))
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
            C=_STRENGTH, solver="liblinear", tol=0.05, random_state=0
        )
        return machine.fit(
            sparse.vstack(rows), np.concatenate(targets), np.concatenate(weights)
        )


def _array(examples: Sequence[Example], topic: str) -> Array:
    known = (example.targets[topic] for example in examples)
    return np.array([-1 if target is None else target for target in known])


def chosen(space: Space, data: Data) -> list[Counter[str]]:
    """Return the n-grams that tell most, by chi-squared on weakly labelled papers."""
    wanted: list[set[int]] = [set(), set()]
    there = (data.weak[:, : space.width] > 0).astype(float)
    for weak, _ in data.targets.values():
        known = weak >= 0
        tellings, _p = chi2(there[known], weak[known])
        for columns, bag, best in zip(space.columns, _BAGS, wanted, strict=True):
            inside = np.array(list(columns.values()))
            order = np.argsort(-tellings[inside], kind="stable")[: _CHOSEN[bag]]
            best.update(inside[order].tolist())
    return [
        Counter({gram: 1 for gram, at in columns.items() if at in best})
        for columns, best in zip(space.columns, wanted, strict=True)
    ]


def scores(data: Data, topic: str) -> Array:
    """Return a topic's scores of listed rows, none by a model that saw their list.

    Lists without a positive are left out by halves: hardly a model changes for one.
    """
    _, listed = data.targets[topic]
    open_lists = sorted({*data.of_list[~data.aside]})
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


def shares(data: Data, known: Array) -> Array:
    """Return what each row counts, so that no long list outweighs the others."""
    counts = Counter(data.of_list[known].tolist())
    return np.array([min(1, _JUDGED / max(1, counts[n])) for n in data.of_list])


class Calibration:
    """Probabilities by Platt's method: one slope for all topics, an offset for each.

    Keywords in the text alone and in the title shift the exponent.
    """

    def __init__(self, data: Data, found: Scores, rows: Array) -> None:
        self._topics = list(found)
        self._columns = found, data.marks
        columns, truth, weights = [], [], []
        for topic in self._topics:
            known = rows & (data.targets[topic][1] >= 0)
            columns.append(self._of(topic)[known])
            truth.append(data.targets[topic][1][known])
            weights.append(shares(data, known)[known])
        self._machine = LogisticRegression(C=1.0).fit(
            np.vstack(columns), np.concatenate(truth), np.concatenate(weights)
        )

    def _of(self, topic: str) -> Array:
        found, marks = self._columns
        offsets = np.eye(len(self._topics))[self._topics.index(topic)]
        own = np.column_stack([found[topic], marks[topic]])
        return np.hstack([own, np.tile(offsets, (len(own), 1))])

    def probabilities(self, topic: str) -> Array:
        """Return each row's probability."""
        return np.array(self._machine.predict_proba(self._of(topic))[:, 1])

    def numbers(self, topic: str) -> tuple[float, ...]:
        """Return the slope, what keywords in text and title add, and the offset."""
        slope, told, titled, *offsets = self._machine.coef_[0].tolist()
        offset = offsets[self._topics.index(topic)] + float(self._machine.intercept_[0])
        return slope, told, titled, offset


def thresholds(
    data: Data,
    topic: str,
    scores_: Array,
    rows: Array,
    surprising: tuple[float, float],
) -> Least:
    """Return the scores from which a topic is claimed: unnamed, told, titled.

    They are the best of a few for F1, where no list counts as more than some rows;
    those that leave a topic to keywords unless others gain enough, whichever list
    with less than half of the positives is left out.
    """
    truth = data.targets[topic][1]
    known = rows & (truth >= 0)
    weights = shares(data, known)[known]
    has_text = bool(data.has_text[known].all())
    lowest = max(_LEAST[has_text], surprising[has_text])
    unnamed = [lowest, *(score for score in _UNNAMED if score > lowest)]

    of_list = data.of_list[known]

    def good(least: Least, without: str = "") -> float:
        kept = of_list != without
        said = claimed(data, topic, scores_, least)[known]
        return _f1(said[kept], truth[known][kept], weights[kept])

    best = max(product(unnamed, _TOLD, _TITLED), key=good)
    positives = weights * (truth[known] == 1)
    small = [
        name
        for name in sorted({*of_list})
        if positives[of_list == name].sum() < positives.sum() / 2
    ]
    gain = min(good(best, name) - good(_BY_KEYWORDS, name) for name in small)
    return best if gain >= _GAIN[has_text] else _BY_KEYWORDS


def claimed(data: Data, topic: str, scores_: Array, least: Least) -> Array:
    """Return which rows a topic is claimed of."""
    told, titled = data.marks[topic].T > 0
    unnamed, in_text, in_title = least
    bar = np.where(titled, in_title, np.where(told, in_text, unnamed))
    return np.asarray((scores_ >= bar) & ~data.doubted[topic])


def _f1(said: Array, truth: Array, weights: Array) -> float:
    hits = weights[said & (truth == 1)].sum()
    return float(2 * hits / (weights[said].sum() + weights[truth == 1].sum()))


def measured(claimed: Array, truth: Array) -> Least:
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


def views(
    data: Data, found: Scores, floors: Floors, *, text: bool
) -> dict[str, list[float]]:
    """Return how topics' scores are read without or with a text; print figures."""
    rows = (data.has_text == text) & ~data.aside
    calibration = Calibration(data, found, rows)
    given: dict[str, list[float]] = {}
    leasts: dict[str, Least] = {}
    for topic, scores_ in found.items():
        leasts[topic] = thresholds(data, topic, scores_, rows, floors[topic])
        given[topic] = [*calibration.numbers(topic), *leasts[topic]]
    said, odds = nested(data, found, floors, rows)
    _tell(data, rows, (said, odds), f"{'text' if text else 'title'} left out in turn")
    last = (data.has_text == text) & data.aside
    if last.any():
        said = {t: claimed(data, t, found[t], leasts[t]) for t in found}
        odds = {topic: calibration.probabilities(topic) for topic in found}
        _tell(data, last, (said, odds), f"{'text' if text else 'title'} set aside")
    return given


def nested(
    data: Data, found: Scores, floors: Floors, rows: Array
) -> tuple[Scores, Scores]:
    """Return claims and probabilities by what was fitted without a row's list."""
    said = {topic: np.zeros(len(rows), bool) for topic in found}
    odds = {topic: np.zeros(len(rows)) for topic in found}
    for name in sorted({*data.of_list[rows]}):
        mine = rows & (data.of_list == name)
        calibration = Calibration(data, found, rows & ~mine)
        for topic, scores_ in found.items():
            least = thresholds(data, topic, scores_, rows & ~mine, floors[topic])
            said[topic][mine] = claimed(data, topic, scores_, least)[mine]
            odds[topic][mine] = calibration.probabilities(topic)[mine]
    return said, odds


def _tell(data: Data, rows: Array, answers: tuple[Scores, Scores], label: str) -> None:
    said, odds = answers
    total = []
    for topic in said:
        truth = data.targets[topic][1]
        known = rows & (truth >= 0)
        named = np.asarray(data.marks[topic].any(axis=1))
        figures = (
            *measured(said[topic][known], truth[known]),
            measured(named[known], truth[known])[2],
            calibration_error(odds[topic][known], truth[known]),
        )
        total.append(figures)
        _show(label, topic, int((truth[known] == 1).sum()), figures)
    _show(label, "macro", len(total), np.mean(total, axis=0).tolist())


def _show(label: str, topic: str, count: int, figures: Sequence[float]) -> None:
    shown = " ".join(f"{figure:.3f}" for figure in figures)
    print(f"{label:24}{topic:15}{count:5} {shown}", flush=True)


def _tell_posts(model: Model, aside: Sequence[Example]) -> None:
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


def packed(
    space: Space,
    topics: Sequence[Topic],
    machines: dict[str, LogisticRegression],
    given: Sequence[Mapping[str, list[float]]],
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
        "names": names,
        "known": {t.name: sorted({*t.keywords, *t.exclude}) for t in topics},
        "views": {
            name: [
                [round(n, 6) for n in (_bias(machines[name], text), *view[name])]
                for text, view in enumerate(given)
            ]
            for name in names
        },
    }
    return dump(header, tables)


def _bias(machine: LogisticRegression, text: int) -> float:
    return float(machine.coef_[0][-2 + text] + machine.intercept_[0])


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


def main() -> None:
    """Train, print the figures and write the model."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--out", type=Path, default=places.topics_model_file())
    arguments.add_argument("--aside", action="store_true")
    asked = arguments.parse_args()
    topics = config.load(str(places.shipped_config_file())).topics
    listed = lists(asked.data, topics)
    if not asked.aside:
        listed = [replace(example, is_aside=False) for example in listed]
    unseen = titles_aside(asked.data) if asked.aside else ()
    weak = papers(asked.data, topics, unseen)
    weak += posts(asked.data, topics, half=0 if asked.aside else None)
    space, data = matrices(weak, listed)
    found = {t.name: scores(data, t.name) for t in topics}
    floors = {topic: data.surprising(topic) for topic in found}
    given = [views(data, found, floors, text=text) for text in (False, True)]
    open_lists = sorted({example.list for example in listed if not example.is_aside})
    machines = {t.name: data.fit(t.name, open_lists) for t in topics}
    made = packed(space, topics, machines, given)
    asked.out.write_bytes(made)
    if asked.aside:
        _tell_posts(load(made), posts(asked.data, topics, half=1))
    print(json.dumps({"n-grams": space.width, "works": len(weak) // 2}))


if __name__ == "__main__":
    main()
