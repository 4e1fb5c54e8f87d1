"""Highlights of abstracts, against labels of 96 that were made by hand."""

from pathlib import Path

import pytest

from benchmarks.highlights import METHODS, REPORTED, Row, rows, shares
from tracker.core.highlights import highlights

pytestmark = pytest.mark.recorded


@pytest.fixture(scope="module")
def labelled(recorded: Path) -> dict[str, list[Row]]:
    return rows(recorded)


@pytest.mark.parametrize("kind", REPORTED)
def test_highlights_are_right_far_more_often_than_the_ends_of_an_abstract(
    labelled: dict[str, list[Row]], kind: str
) -> None:
    right = {m: shares(labelled[kind], f).right for m, f in METHODS.items()}
    ours = right.pop("tracker")
    assert ours > 0.8
    assert ours > max(right.values()) + 0.3


def test_an_abstract_has_two_highlights_at_most_and_each_is_a_sentence_of_it(
    labelled: dict[str, list[Row]],
) -> None:
    for row in (row for kind in labelled.values() for row in kind):
        chosen = highlights(row.title, " ".join(row.sentences))
        assert len(chosen) <= 2
        assert all(one in row.sentences and len(one) <= 350 for one in chosen)
