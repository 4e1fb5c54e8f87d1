"""Pairs: judged as ingest judges them, one stored and one arriving."""

import pytest

from tests.evaluation.lists import rows
from tracker.errors import UsageError
from tracker.evaluation import duplicates

TITLE = "How a small model ranks a large feed"
PAIR = {
    "kind": "conf-arxiv",
    "same": "1",
    "id_a": "demo2026:1",
    "title_a": TITLE,
    "url_a": "https://conf.example.org/1",
    "id_b": "arxiv:2611.00001",
    "title_b": TITLE,
    "url_b": "https://arxiv.org/abs/2611.00001",
}


def test_pairs_are_joined_and_counted_by_kind() -> None:
    other = {"kind": "hard", "same": "0", "title_b": "Another title of another work"}
    report = duplicates.measure(rows(PAIR, {**PAIR, **other}))
    assert [one["same"] for one in report.predictions] == [True, False]
    ours = {line.about: line for line in report.lines if line.method == "tracker"}
    assert list(ours) == ["all", "conf-arxiv", "hard"]
    assert ours["all"].figures["precision"].value == 1
    assert ours["all"].figures["recall"].value == 1
    assert ours["hard"].figures["joined"].value == 0


def test_authors_that_are_stated_are_heeded() -> None:
    strangers = {"authors_a": "Ada Byron", "authors_b": ["Bo Chen"]}
    report = duplicates.measure(rows({**PAIR, **strangers}))
    assert report.predictions == ({"same": False},)
    assert report.misses == (f"missed: {TITLE} | {TITLE}",)


def test_what_is_related_is_predicted_and_in_no_precision() -> None:
    report = duplicates.measure(rows(PAIR, {**PAIR, "same": "related"}))
    assert report.lines[0].count == 1
    assert len(report.predictions) == 2
    assert report.notes[0].startswith("1 pairs are neither")


def test_a_label_that_is_no_label_is_told() -> None:
    with pytest.raises(UsageError, match='line 1: "same" is None'):
        duplicates.measure(rows({**PAIR, "same": None}))
