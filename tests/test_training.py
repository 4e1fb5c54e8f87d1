"""What the shipped topics are worth on outside lists: the table that tells it."""

import pytest

from tracker import config
from tracker.config import places

pytest.importorskip("sklearn")

from training import corpus, outside

TOPICS = config.load(str(places.shipped_config_file())).topics


def test_nothing_is_learnt_from_a_list_that_is_held_out() -> None:
    held = {example.list for example in corpus.held_out(TOPICS)}
    assert held
    learnt = {row["file"] for row in corpus._outside("tuned")}
    assert learnt
    assert not held & learnt


def test_each_topic_of_outside_lists_has_a_row_and_their_mean_one() -> None:
    examples = corpus.held_out(TOPICS)
    table = {row[0]: row for row in outside.rows(examples[::2], examples[1::2], TOPICS)}
    assert [*table] == [*corpus.AGAINST, "macro"]
    assert all(len(row) == len(outside.HEADING) for row in table.values())
    positives = sum(e.targets["recsys"] == 1 for e in examples[1::2])
    assert table["recsys"][1] == str(positives)
    assert float(table["recsys"][4]) > float(table["recsys"][6]) > 0
