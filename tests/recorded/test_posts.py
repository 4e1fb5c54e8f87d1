"""Posts and the papers they are about, against pairs that were labelled by hand."""

from pathlib import Path

import pytest

from benchmarks.posts import Row, counts, rows

pytestmark = pytest.mark.recorded


@pytest.fixture(scope="module")
def labelled(recorded: Path) -> list[Row]:
    return rows(recorded)


def test_most_posts_about_a_paper_are_linked_to_it_and_few_others(
    labelled: list[Row],
) -> None:
    found = counts([row for row in labelled if row.half == "held-out"])
    assert found.right / found.wanted >= 0.80
    assert found.right / found.linked >= 0.95


def test_a_title_in_common_never_links_a_post_to_another_paper(
    labelled: list[Row],
) -> None:
    found = counts([row for row in labelled if row.by == "title"])
    assert found.linked == found.right > 20
