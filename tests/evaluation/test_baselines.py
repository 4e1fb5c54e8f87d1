"""The baselines: held-out groups stay whole, and what learns does learn."""

import pytest

from tracker.evaluation import baselines


def test_a_list_is_held_out_whole() -> None:
    groups = ["a", "b", "a", "c", "b", "a"]
    fold_of = baselines.folds(groups)
    pairs = set(zip(groups, fold_of, strict=True))
    assert len(pairs) == 3
    assert len({fold for _, fold in pairs}) == 3


def test_more_lists_than_folds_share_them_evenly() -> None:
    fold_of = baselines.folds([f"list {n}" for n in range(40)])
    assert {fold_of.count(fold) for fold in fold_of} == {4}


def test_one_list_is_cut_into_stretches_not_into_random_rows() -> None:
    fold_of = baselines.folds([""] * 100)
    assert fold_of == sorted(fold_of)
    assert len(set(fold_of)) == 10


def test_logistic_regression_learns_from_the_other_folds_alone() -> None:
    pytest.importorskip("sklearn")
    texts = ["ranked results", "ranked search", "cooking pasta", "cooking rice"]
    labels = {"ranking": [True, True, False, False]}
    found = baselines.cross_fitted(texts, labels, [0, 1, 0, 1], list("abcd"))
    assert min(found["ranking"][:2]) > 0.5 > max(found["ranking"][2:])
    alone = baselines.cross_fitted(texts, labels, [0, 0, 1, 1], list("abcd"))
    assert alone["ranking"] == [0, 0, 1, 1]  # the others' label is all it knows


def test_the_same_work_in_another_list_teaches_nothing() -> None:
    pytest.importorskip("sklearn")
    texts, labels = ["one title", "one title"], {"llm": [True, True]}
    assert baselines.cross_fitted(texts, labels, [0, 1], ["a", "a"]) == {"llm": [0, 0]}


def test_vectors_find_what_is_like_the_likes() -> None:
    pytest.importorskip("sklearn")
    texts = [
        "graph networks for recommendation",
        "recommendation with graph networks",
        "cooking pasta at home",
        "pasta and rice cooking",
        "weather in the north",
    ]
    vectors = baselines.Vectors(texts)
    for scores in (vectors.svm([0]), vectors.centroid([0])):
        assert max(range(1, 5), key=lambda n: scores[n]) == 1


def test_texts_all_alike_are_compared_without_a_warning() -> None:
    pytest.importorskip("sklearn")
    assert baselines.Vectors(["cooking pasta"] * 3).centroid([0]) == pytest.approx(
        [1] * 3
    )
