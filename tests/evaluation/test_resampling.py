"""The intervals: repeatable, around the value, narrower with more rows."""

import pytest

from tracker.evaluation.measures import Tally
from tracker.evaluation.report import Figure
from tracker.evaluation.resampling import Outcome, averaged, interval, tallied, weights

RIGHT: Outcome = (("recsys", Tally(right=1)),)
WRONG: Outcome = (("recsys", Tally(wrong=1)),)


def width(figure: Figure) -> float:
    assert figure.low is not None and figure.high is not None
    return figure.high - figure.low


def test_an_interval_holds_the_middle_of_the_values() -> None:
    assert interval([float(n) for n in range(1001)]) == (25.0, 975.0)
    assert interval([None, 2.0]) == (2.0, 2.0)
    assert interval([]) == (None, None)


def test_a_precision_lies_inside_its_interval_as_wide_as_the_binomial() -> None:
    figure = tallied([RIGHT] * 80 + [WRONG] * 20)["recsys"]["precision"]
    assert figure.value == 0.8
    # The normal approximation of the binomial: 2 x 1.96 x sqrt(0.8 x 0.2 / 100).
    assert width(figure) == pytest.approx(0.157, abs=0.02)


def test_more_rows_make_narrower_intervals() -> None:
    few = tallied([RIGHT] * 8 + [WRONG] * 2)["recsys"]["precision"]
    many = tallied([RIGHT] * 800 + [WRONG] * 200)["recsys"]["precision"]
    assert width(many) < width(few) / 5


def test_equal_rows_have_equal_intervals() -> None:
    rows = [RIGHT] * 7 + [WRONG] * 3
    assert tallied(rows) == tallied(list(rows))


def test_macro_is_the_mean_over_topics_however_many_rows_each_has() -> None:
    rows: list[Outcome] = [RIGHT] * 90 + [(("llm", Tally(missed=1)),)] * 3
    found = tallied(rows, averaged=["recsys", "llm"])
    assert found["macro"]["f1"].value == 0.5


def test_weights_come_to_about_one_each() -> None:
    drawn = list(weights(10_000, 2))
    assert drawn[0] != drawn[1]
    assert all(abs(sum(one) / len(one) - 1) < 0.05 for one in drawn)


def test_a_mean_over_readers_leaves_out_who_has_no_figure() -> None:
    figure = averaged([0.2, None, 0.4])
    assert figure.value == pytest.approx(0.3)
    assert (figure.low, figure.high) == (0.2, 0.4)
