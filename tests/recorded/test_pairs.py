"""Recorded pairs of entries that are one work, or look so and are two.

Each pair is planned as it happens: one entry is stored, the other comes from another
source. A wrong merge hides a paper, so not one is allowed; a missed one shows it twice.
"""

import csv
from collections import Counter
from pathlib import Path

import pytest

from tracker.core import identity
from tracker.core.values import Entry, ItemKind
from tracker.evaluation import shipped

pytestmark = pytest.mark.recorded

Pair = dict[str, str]


@pytest.fixture(scope="module")
def judged(recorded: Path) -> Counter[tuple[str, str, bool]]:
    """Return how many pairs of each kind and label were joined, and how many not."""
    with (recorded / "duplicates" / "pairs.tsv").open(encoding="utf-8") as table:
        pairs = csv.DictReader(table, delimiter="\t")
        return Counter((pair["kind"], pair["same"], joined(pair)) for pair in pairs)


def joined(pair: Pair) -> bool:
    return shipped.joined(entry(pair, "a"), entry(pair, "b"))


def entry(pair: Pair, side: str) -> Entry:
    """Return one side of a pair; it states no authors, which makes joining easier."""
    name, url = pair[f"id_{side}"], pair[f"url_{side}"]
    stated = identity.normal_id(name) if name.startswith("arxiv:") else None
    is_paper = stated or pair["kind"].startswith(("conf", "arxiv", "paper"))
    return Entry(
        guid=name or url,
        title=pair[f"title_{side}"],
        kind=ItemKind.PAPER if is_paper else ItemKind.POST,
        url=url or None,
        ids=(stated,) if stated else (),
    )


def total(judged: Counter[tuple[str, str, bool]], label: str, was_joined: bool) -> int:
    return sum(
        n for (_, same, j), n in judged.items() if (same, j) == (label, was_joined)
    )


def test_no_pair_of_two_works_is_joined(
    judged: Counter[tuple[str, str, bool]],
) -> None:
    assert total(judged, "0", False) > 400
    assert total(judged, "0", True) == 0


def test_nearly_all_pairs_of_one_work_are_joined(
    judged: Counter[tuple[str, str, bool]],
) -> None:
    found, missed = total(judged, "1", True), total(judged, "1", False)
    assert found / (found + missed) > 0.98


@pytest.mark.parametrize(
    "kind",
    [
        "arxiv-version-title",
        "arxiv-version-abstract",
        "arxiv-title-changed",
        "conf-arxiv-linked",
        "conf-arxiv-normtitle",
        "feed-item-changed-over-time",
        "feed-item-cross-feed",
        "paper-url-variants",
    ],
)
def test_what_was_edited_moved_or_listed_elsewhere_is_always_known(
    judged: Counter[tuple[str, str, bool]], kind: str
) -> None:
    assert judged[kind, "1", True] > 0
    assert judged[kind, "1", False] == 0


def test_papers_under_another_title_are_known_by_its_form_or_name(
    judged: Counter[tuple[str, str, bool]],
) -> None:
    """Of 24, five have little of the title left, and the pairs state no more."""
    assert judged["conf-arxiv-retitled", "1", True] >= 19


def test_papers_of_two_ids_and_one_title_are_one_work(
    judged: Counter[tuple[str, str, bool]],
) -> None:
    assert judged["arxiv-same-title", "1", True] > 0
    assert judged["arxiv-same-title", "1", False] == 0


def test_a_post_about_a_paper_is_never_the_paper(
    judged: Counter[tuple[str, str, bool]],
) -> None:
    """Three of the "posts" are the pages of the PDFs beside them."""
    assert judged["blog-paper", "related", False] > 30
    assert judged["blog-paper", "related", True] == 3


def test_a_papers_page_and_its_pdf_are_one_where_the_host_has_a_rule(
    judged: Counter[tuple[str, str, bool]],
) -> None:
    """The others lie on the sites of people, under names of their own."""
    assert judged["paper-landing-pdf", "related", True] == 23
    assert judged["paper-landing-pdf", "related", False] == 10
