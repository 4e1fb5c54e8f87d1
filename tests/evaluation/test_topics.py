"""Topics: which rows count for and against, and that the shipped path is measured."""

from pathlib import Path

import pytest

from tests.evaluation.lists import SETTINGS, rows, settings
from tracker import config
from tracker.core.classify import Topics
from tracker.errors import UsageError
from tracker.evaluation import topics
from tracker.evaluation.report import Report

LIST = rows(
    {"title": "Recommending songs", "label": "recsys"},
    {"title": "Song discovery", "label": "recsys", "id": "s2"},
    {"title": "Recommended pasta", "label": "none"},
    {"title": "Recommended prompts", "label": "llm"},
    {"title": "LLM serving", "label": ["llm"]},
    {"title": "Vision at night", "label": "other_ml"},
    {"title": "Recommended doubts", "label": "none", "suspect": "1"},
    {"title": "Recommended maps", "label": "cartography"},
)


def figure(report: Report, about: str, name: str, method: str = "tracker") -> object:
    (line,) = (
        line for line in report.lines if (line.method, line.about) == (method, about)
    )
    return line.figures[name].value


def test_a_missing_label_is_no_negative_where_lists_name_one_topic() -> None:
    report = topics.measure(LIST, settings(), complete=False)
    # Right: the first. Wrong: the pasta. The prompts' row is no one's negative.
    assert figure(report, "recsys", "precision") == 1 / 2
    assert figure(report, "recsys", "recall") == 1 / 2
    assert "recsys 2/2" in report.notes[0]


def test_a_missing_label_is_a_negative_where_labels_are_complete() -> None:
    report = topics.measure(LIST, settings(), complete=True)
    assert figure(report, "recsys", "precision") == 1 / 4


def test_suspect_rows_and_unknown_labels_are_left_out_and_told() -> None:
    report = topics.measure(LIST, settings(), complete=False)
    assert "left out as suspect: 1 rows" in report.notes
    assert any("cartography" in note for note in report.notes)


@pytest.mark.parametrize("odd", [[], {}, [1]])
def test_a_doubt_that_is_no_single_value_is_told(odd: object) -> None:
    doubted = rows({"title": "Recommending", "label": "recsys", "suspect": odd})
    with pytest.raises(UsageError, match="not 1 or 0"):
        topics.measure(doubted, settings(), complete=False)


@pytest.mark.parametrize("label", ["recsys", "none"])
def test_it_is_told_that_the_model_has_seen_some_lists(label: str) -> None:
    listed = rows({"title": "A", "label": "none"}, {"title": "B", "label": label})
    report = topics.measure(listed, settings(), complete=False)
    assert report.notes[-1].endswith("figures on those are no measure")


def test_every_row_is_predicted_under_its_id_or_its_number() -> None:
    report = topics.measure(LIST, settings(), complete=False)
    assert [one["id"] for one in report.predictions] == [0, "s2", 2, 3, 4, 5, 6, 7]
    assert report.predictions[0]["topics"] == ["recsys"]


def test_the_shipped_classifier_is_what_is_measured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Topics, "of", lambda *_: ())
    report = topics.measure(LIST, settings(), complete=False)
    assert figure(report, "recsys", "recall") == 0


def test_baselines_are_a_topics_keywords_and_the_words_of_its_title() -> None:
    listed = rows(
        {"title": "A recommender system", "label": "recsys"},
        {"title": "Recommending", "label": "recsys"},
        {"title": "Pasta", "label": "none"},
    )
    report = topics.measure(listed, settings(), complete=False)
    assert figure(report, "recsys", "recall", "keywords") == 1
    assert figure(report, "recsys", "recall", "title words") == 1 / 2


def test_plain_keywords_are_those_of_the_settings_without_a_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Topics, "of", lambda *_: ())
    table = {"name": "maps", "title": "Cartography", "categories": ["cs.CG"]}
    known = [
        {**SETTINGS["topic"][0], "exclude": ["recommended dose"]},
        {**table, "description": "Maps of anything"},
    ]
    listed = rows(
        {"title": "Songs", "abstract": "LLMs recommend", "label": "none"},
        {"title": "Recommended doses", "label": "none"},
        {"title": "Recommending songs", "label": "recsys"},
        {"title": "Cartography of songs", "label": "maps"},
        {
            "title": "A",
            "abstract": "Cartography",
            "categories": "cs.CG",
            "label": "maps",
        },
    )
    report = topics.measure(
        listed, config.parse({"topic": known}, Path("feeds.toml")), complete=True
    )
    for topic in ("recsys", "maps"):
        assert figure(report, topic, "f1", "keywords") == 1
        assert figure(report, topic, "recall") == 0


def test_a_topic_with_a_hyphen_may_be_labelled_with_an_underscore() -> None:
    labels = topics._Truth.of(
        rows({"label": "responsible_AI"}, {"label": "none"}),
        ["responsible-ai"],
        complete=False,
    ).labels
    assert labels == {"responsible-ai": [True, False]}


@pytest.mark.parametrize(
    "label",
    [
        "recsys;responsible_ai", "Recsys | Responsible AI", "recsys, responsible-ai",
        ["recsys", "Responsible ai"], " RECSYS ; responsible  AI ;",
    ],
)  # fmt: skip
def test_several_labels_may_be_written_in_any_usual_way(label: object) -> None:
    labels = topics._Truth.of(
        rows({"label": label}, {"label": "none"}),
        ["recsys", "responsible-ai"],
        complete=False,
    ).labels
    assert labels == {"recsys": [True, False], "responsible-ai": [True, False]}


@pytest.mark.parametrize("said", ["cs.IR cs.LG", "cs.IR;cs.LG", ["cs.IR", "cs.LG"]])
def test_categories_may_be_written_as_arxiv_does(said: object) -> None:
    (row,) = rows({"title": "A", "label": "none", "categories": said})
    assert topics._entry(0, row).categories == ("cs.IR", "cs.LG")


def test_rows_of_no_known_topic_make_a_report_without_figures() -> None:
    report = topics.measure(
        rows({"title": "A", "label": ""}), settings(), complete=False
    )
    assert report.lines == ()
    assert len(report.predictions) == 1


def test_rows_that_measure_nothing_are_told_so() -> None:
    report = topics.measure(
        rows({"title": "Songs", "label": "recsys"}), settings(), complete=False
    )
    assert report.lines == ()
    assert any(note.startswith("nothing to measure: a topic") for note in report.notes)
