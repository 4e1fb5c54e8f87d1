"""How scores are read, of titles alone or of works with a text.

Probabilities and thresholds, fitted to scores of lists that were left out.
"""

from collections import Counter
from collections.abc import Mapping
from itertools import product

import numpy as np
from sklearn.linear_model import LogisticRegression

from training.corpus import UNSAID
from training.fitting import ALWAYS, Array, Data, Scores

Floors = Mapping[str, tuple[float, float]]
Least = tuple[float, float, float]

_JUDGED = 200  # rows that a list counts as at most
# Scores to choose from, from which a work has a topic that keywords name in its title,
# in its text alone, or nowhere.
_NEVER = -ALWAYS
_TITLED = (ALWAYS, -3.0, -2.0, -1.0)
_TOLD = (-3.0, -2.0, -1.5, -1.0, 0.0)
_UNNAMED = (_NEVER, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0)
_LEAST = {False: 0.0, True: -0.5}  # of those: a title alone says less than a text
# Where keywords decide, a title alone that they don't name may still have the topic.
_SURE = {False: 1.5, True: _NEVER}
_CLOSE = 0.005  # of F1, by which what leaves more to keywords may be worse
# Of F1, whichever list is left out: for it the model may do more, or doubt keywords.
_GAIN = {False: 0.02, True: 0.0}


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

    They are of a few the best for F1, where no list counts as more than some rows, or
    nearly so: of those the ones that leave most to keywords, first to those in a title.
    Unless these gain enough, whichever list with less than half of the positives is
    left out, keywords decide, and what they don't name must be sure.
    """
    truth = data.targets[topic][1]
    known = rows & (truth >= 0)
    weights = shares(data, known)[known]
    has_text = bool(data.has_text[known].all())
    lowest = surprising[has_text] if topic in UNSAID else _LEAST[has_text]
    unnamed = [lowest, *(score for score in _UNNAMED if score > lowest)]

    of_list = data.of_list[known]

    def good(least: Least, without: str = "") -> float:
        kept = of_list != without
        said = claimed(data, topic, scores_, least)[known]
        return _f1(said[kept], truth[known][kept], weights[kept])

    each = {least: good(least) for least in product(unnamed, _TOLD, _TITLED)}
    enough = max(each.values()) - _CLOSE
    best = max(
        (least for least, f1 in each.items() if f1 >= enough),
        key=lambda least: (-least[2], -least[1], least[0]),
    )
    positives = weights * (truth[known] == 1)
    small = [
        name
        for name in sorted({*of_list})
        if positives[of_list == name].sum() < positives.sum() / 2
    ]
    by_keywords = _SURE[has_text], ALWAYS, ALWAYS
    gain = min(good(best, name) - good(by_keywords, name) for name in small)
    return best if gain >= _GAIN[has_text] else by_keywords


def claimed(data: Data, topic: str, scores_: Array, least: Least) -> Array:
    """Return which rows a topic is claimed of."""
    told, titled = data.marks[topic].T > 0
    unnamed, in_text, in_title = least
    bar = np.where(titled, in_title, np.where(told, in_text, unnamed))
    return np.asarray((scores_ >= bar) & ~data.doubted[topic])


def _f1(said: Array, truth: Array, weights: Array) -> float:
    hits = weights[said & (truth == 1)].sum()
    return float(2 * hits / (weights[said].sum() + weights[truth == 1].sum()))


class View:
    """Probabilities and thresholds, fitted to scores of some rows."""

    def __init__(self, data: Data, found: Scores, floors: Floors, rows: Array) -> None:
        self._data, self._found = data, found
        self._calibration = Calibration(data, found, rows)
        self._leasts = {
            topic: thresholds(data, topic, scores, rows, floors[topic])
            for topic, scores in found.items()
        }

    def numbers(self, topic: str) -> list[float]:
        """Return the numbers that a model's view of a topic consists of."""
        return [*self._calibration.numbers(topic), *self._leasts[topic]]

    def answers(self) -> tuple[Scores, Scores]:
        """Return which rows each topic is claimed of, and their probabilities."""
        said = {
            topic: claimed(self._data, topic, scores, self._leasts[topic])
            for topic, scores in self._found.items()
        }
        odds = {topic: self._calibration.probabilities(topic) for topic in self._found}
        return said, odds


def nested(
    data: Data, found: Scores, floors: Floors, rows: Array
) -> tuple[Scores, Scores]:
    """Return claims and probabilities by what was fitted without a row's list."""
    said = {topic: np.zeros(len(rows), bool) for topic in found}
    odds = {topic: np.zeros(len(rows)) for topic in found}
    for name in sorted({*data.of_list[rows]}):
        mine = rows & (data.of_list == name)
        others = View(data, found, floors, rows & ~mine).answers()
        for kept, answers in zip((said, odds), others, strict=True):
            for topic in found:
                kept[topic][mine] = answers[topic][mine]
    return said, odds
