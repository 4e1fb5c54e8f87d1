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


def test_equal_titles_without_authors_are_enough_for_papers_and_not_for_posts() -> None:
    pages = {"url_a": "https://a.example/1", "url_b": "https://a.example/2"}
    ids = {"id_a": "doi:10.1234/a", "id_b": "doi:10.1234/b"}
    titles = {"title_a": TITLE, "title_b": TITLE, "same": "?"}
    short = {"title_a": "Ranking large feeds", "title_b": "Ranking large feeds"}
    report = duplicates.measure(
        rows(
            {**titles, **pages, "kind": "post"},
            {**titles, **pages, "kind": "paper"},
            {**titles, **ids, "kind": "paper"},
            {**titles, **ids, **short, "kind": "paper"},
        )
    )
    said = [one["same"] for one in report.predictions]
    assert said == [False, True, True, False]


def test_authors_that_are_stated_are_heeded() -> None:
    strangers = {"authors_a": "Ada Byron", "authors_b": ["Bo Chen"]}
    report = duplicates.measure(rows({**PAIR, **strangers}))
    assert report.predictions == ({"same": False, "linked": False},)
    assert report.misses == (f"missed: {TITLE} | {TITLE}",)


def test_papers_of_two_titles_are_joined_by_what_else_is_stated() -> None:
    text = " ".join(f"word{n}" for n in range(40))
    stated = {"authors_a": "Ada Byron", "abstract_a": text, "abstract_b": text}
    retitled = {**PAIR, **stated, "title_b": "Graphs of boards for all of us"}
    other = {**retitled, "authors_b": "Bo Chen"}
    same = {**retitled, "authors_b": "Ada Byron"}
    report = duplicates.measure(rows(same, other))
    assert [one["same"] for one in report.predictions] == [True, False]


@pytest.mark.parametrize(
    "column", [{"links_a": PAIR["url_b"]}, {"abstract_a": f"See {PAIR['url_b']}."}]
)
def test_a_post_that_links_to_a_paper_is_linked_and_not_the_same(
    column: dict[str, str],
) -> None:
    told = {"kind": "blog-paper", "same": "related", "id_a": "blog", "id_b": "paper"}
    other = {**PAIR, **told, "title_a": "How we rank a large feed"}
    report = duplicates.measure(rows({**other, **column}, other))
    linked, alone = report.predictions
    assert linked == {"same": False, "linked": True}
    assert alone == {"same": False, "linked": False}
    ours = {line.about: line for line in report.lines if line.method == "tracker"}
    assert ours["blog-paper"].figures["linked"].value == 0.5


def test_what_is_related_is_predicted_and_in_no_precision() -> None:
    report = duplicates.measure(rows(PAIR, {**PAIR, "same": "related"}))
    assert report.lines[0].count == 1
    assert len(report.predictions) == 2
    assert report.notes[0].startswith("1 pairs are neither")


def test_a_label_that_is_no_label_is_told() -> None:
    with pytest.raises(UsageError, match='line 1: "same" is None'):
        duplicates.measure(rows({**PAIR, "same": None}))
