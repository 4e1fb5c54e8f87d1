"""The measures against values computed by hand, and against scikit-learn."""

from math import log2
from random import Random

import pytest

from tracker.evaluation.measures import (
    Tally,
    average_precision,
    mean,
    ndcg,
    placements,
    recall,
)


def test_precision_recall_and_f1_are_shares_of_counts() -> None:
    tally = Tally(right=6, wrong=2, missed=4)
    assert tally.precision == 6 / 8
    assert tally.recall == 6 / 10
    assert tally.f1 == pytest.approx(2 * 0.75 * 0.6 / (0.75 + 0.6))


def test_a_yes_or_no_is_right_wrong_missed_or_nothing() -> None:
    assert Tally.of(True, True) == Tally(right=1)
    assert Tally.of(True, False) == Tally(wrong=1)
    assert Tally.of(False, True) == Tally(missed=1)
    assert Tally.of(False, False) == Tally()


def test_a_measure_of_nothing_is_none() -> None:
    assert Tally().precision is Tally().recall is Tally().f1 is None
    assert average_precision([0.5], [False]) is None
    assert ndcg([False], 0, 10) is None
    assert recall([False], 0, 10) is None
    assert placements([0.5], [True]) == []
    assert mean([None]) is None


def test_average_precision_is_the_mean_of_precisions_at_each_hit() -> None:
    scores, labels = [0.9, 0.8, 0.7, 0.6], [True, False, True, False]
    assert average_precision(scores, labels) == pytest.approx((1 / 1 + 2 / 3) / 2)


def test_equal_scores_count_as_one_step_of_average_precision() -> None:
    assert average_precision([0.5, 0.5], [True, False]) == 0.5
    assert average_precision([0.5, 0.5], [False, True]) == 0.5


def test_ndcg_discounts_by_place_and_divides_by_the_best_order() -> None:
    ranked = [False, True, True]
    ideal = 1 + 1 / log2(3)
    assert ndcg(ranked, 2, 10) == pytest.approx((1 / log2(3) + 1 / log2(4)) / ideal)
    assert ndcg([True, True, False], 2, 10) == 1
    assert ndcg(ranked, 2, 1) == 0


def test_recall_counts_what_stands_near_the_top() -> None:
    assert recall([True, False, True, False], 4, 3) == 0.5


def test_placements_are_shares_of_others_below_with_ties_half() -> None:
    scores, labels = [3.0, 1.0, 2.0, 1.0], [True, True, False, False]
    assert placements(scores, labels) == [1.0, 0.25]


def test_the_measures_agree_with_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    random = Random(3)
    labels = [random.random() < 0.2 for _ in range(300)]
    scores = [round(random.random() + 0.3 * label, 2) for label in labels]
    area = mean(placements(scores, labels))
    assert area == pytest.approx(metrics.roc_auc_score(labels, scores))
    ours = average_precision(scores, labels)
    assert ours == pytest.approx(metrics.average_precision_score(labels, scores))
    distinct = [score + n / 1e6 for n, score in enumerate(scores)]
    order = sorted(range(300), key=lambda n: -distinct[n])
    found = ndcg([labels[n] for n in order], sum(labels), 20)
    theirs = metrics.ndcg_score([[float(label) for label in labels]], [distinct], k=20)
    assert found == pytest.approx(theirs)
    said = [score > 0.5 for score in scores]
    tally = Tally()
    for one, label in zip(said, labels, strict=True):
        tally = tally.plus(Tally.of(one, label))
    assert tally.f1 == pytest.approx(metrics.f1_score(labels, said))
