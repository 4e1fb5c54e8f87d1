"""Ranking: likes before the split, picks from it on, the shipped score between."""

from datetime import UTC, datetime
from time import process_time

import pytest

from tests.evaluation.lists import rows, settings
from tracker.errors import UsageError
from tracker.evaluation import ranking, shipped
from tracker.evaluation.files import Row
from tracker.evaluation.report import Line, Report
from tracker.evaluation.stream import Stream

SPLIT = datetime(2026, 11, 8, tzinfo=UTC)


def stream(days: int = 20) -> list[Row]:
    """Return two papers a day, one of them on recommending, newest first."""
    return rows(
        *(
            {
                "id": f"{what}{day}",
                "title": f"{title} in case {day}",
                "abstract": f"{title} is studied.",
                "first_listed": f"2026-11-{day:02}",
            }
            for day in range(days, 0, -1)
            for what, title in (("r", "Recommending songs"), ("p", "Cooking pasta"))
        )
    )


def picks(what: str = "r", **more: str) -> list[Row]:
    return rows(*({"id": f"{what}{day}", **more} for day in range(1, 21)))


def line(report: Report, method: str, about: str) -> Line:
    (found,) = (
        line for line in report.lines if (line.method, line.about) == (method, about)
    )
    return found


def test_what_the_settings_ask_for_comes_first_without_a_like() -> None:
    report = ranking.measure(stream(), settings(), picks(), SPLIT)
    figures = line(report, "tracker", "0 likes").figures
    assert figures["nDCG@10"].value == 1
    assert figures["AUC"].value == 1
    assert figures["recall@100"].value == 1


def test_everything_since_the_split_is_predicted_best_first() -> None:
    report = ranking.measure(stream(), settings(), picks(), SPLIT)
    assert len(report.predictions) == 26
    assert {str(one["id"])[0] for one in report.predictions[:13]} == {"r"}
    assert "7 likes among 14 rows" in report.notes[0]


def test_ids_that_are_numbers_and_those_that_are_texts_are_the_same() -> None:
    papers = [{"title": f"Recommending {n}", "id": n} for n in range(1, 5)]
    dated = rows(
        *({**one, "first_listed": f"2026-11-0{n}"} for n, one in enumerate(papers, 5))
    )
    spoken = ranking.measure(dated, settings(), rows({"id": 1}, {"id": 4}), SPLIT)
    tabled = ranking.measure(dated, settings(), rows({"id": "1"}, {"id": "4"}), SPLIT)
    assert tabled == spoken
    assert "1 likes among 3 rows" in spoken.notes[0]
    assert {type(one["id"]) for one in spoken.predictions} == {int}
    with pytest.raises(UsageError, match="was there before"):
        ranking.measure(
            [*dated, *rows({**dated[0].columns, "id": "1"})], settings(), [], SPLIT
        )


@pytest.mark.parametrize("none", [None, ""])
def test_a_pick_without_an_id_is_told(none: str | None) -> None:
    with pytest.raises(UsageError, match='line 1: "id" is'):
        ranking.measure(stream(), settings(), rows({"id": none}), SPLIT)


def test_figures_do_not_depend_on_the_order_of_the_file() -> None:
    listed = stream()
    forth = ranking.measure(listed, settings(), picks("p"), SPLIT)
    back = ranking.measure(listed[::-1], settings(), picks("p"), SPLIT)
    assert forth.lines == back.lines
    assert forth.predictions == back.predictions


def test_a_few_likes_have_a_line_only_where_there_are_as_many() -> None:
    report = ranking.measure(stream(), settings(), picks(), SPLIT)
    abouts = {line.about for line in report.lines}
    assert abouts == {"0 likes", "5 likes", "all likes"}


def test_baselines_that_learn_need_a_like_and_find_what_is_like_it() -> None:
    pytest.importorskip("sklearn")
    report = ranking.measure(stream(), settings(), picks("p"), SPLIT)
    named = {line.method for line in report.lines if line.about == "0 likes"}
    assert named == {"tracker", "newest first", "keyword score"}
    for method in ("TF-IDF + SVM", "SVD centroid"):
        assert line(report, method, "all likes").figures["AUC"].value == 1


def test_several_readers_are_averaged_and_predicted_each() -> None:
    both = picks("r", reader="ada") + picks("p", reader="bo")
    report = ranking.measure(stream(), settings(), both, SPLIT)
    assert line(report, "tracker", "0 likes").figures["AUC"].value == 0.5
    assert [one["reader"] for one in report.predictions].count("bo") == 26


def test_parts_are_ranked_by_themselves_and_averaged_over_those_with_a_pick() -> None:
    # Of 26 rows since the split, 4 at once are 6 parts of 4 or 5. Of the papers on
    # pasta one is a pick, which stands in the first part: there it comes last.
    first = rows({"id": "p8"})
    report = ranking.measure(stream(), settings(), first, SPLIT, 4)
    assert "ranked in 6 parts" in report.notes[1]
    assert "of the one part with a pick" in report.notes[2]
    assert len(report.predictions) == 26  # those of parts without a pick, too
    assert report.predictions[3]["id"] in {"p8", "p9"}
    both = picks("r")
    report = ranking.measure(stream(), settings(), both, SPLIT, 4)
    assert "over the 6 parts" in report.notes[2]
    assert len(report.predictions) == 26
    assert line(report, "tracker", "0 likes").figures["nDCG@10"].value == 1


def test_what_is_ranked_is_not_learnt_from() -> None:
    listed = stream()
    changed = [
        Row(row.place, {**row.columns, "abstract": "Other words."})
        if row.columns["first_listed"] >= "2026-11-19"
        else row
        for row in listed
    ]
    each = [
        {one["id"]: one["score"] for one in report.predictions}
        for report in (
            ranking.measure(some, settings(), picks(), SPLIT, 4)
            for some in (listed, changed)
        )
    ]
    assert each[0]["r8"] == each[1]["r8"]
    assert each[0]["r20"] != each[1]["r20"]


def test_a_paper_that_no_digest_may_hold_comes_last() -> None:
    listed = stream()
    gone = Row(listed[0].place, {**listed[0].columns, "comment": "Withdrawn by author"})
    report = ranking.measure([gone, *listed[1:]], settings(), picks(), SPLIT)
    assert report.predictions[-1] == {"id": gone.id(0), "score": -1000.0}


@pytest.mark.parametrize("some", [[], rows({"id": "r1"}, {"id": "r2"})])
def test_without_a_pick_to_find_all_is_predicted_and_nothing_measured(
    some: list[Row],
) -> None:
    report = ranking.measure(stream(), settings(), some, SPLIT, 4)
    assert report.lines == ()
    assert report.notes[-1] == "no pick to find, so there is nothing to measure"
    assert len(report.predictions) == 26
    assert {str(one["id"])[0] for one in report.predictions[:2]} == {"r"}


def test_picks_of_other_rows_are_told() -> None:
    with pytest.raises(UsageError, match="none of the picks"):
        ranking.measure(stream(), settings(), rows({"id": "unheard of"}), SPLIT)


def test_an_id_given_twice_is_told_with_its_line() -> None:
    listed = stream(8)
    with pytest.raises(UsageError, match="line 1: id 'r8' was there before"):
        ranking.measure([*listed, listed[0]], settings(), picks(), SPLIT)


def test_ten_thousand_rows_are_ranked_in_seconds() -> None:
    listed = rows(
        *(
            {
                "id": n,
                "title": f"Recommending item {n} with a study of its parts",
                "abstract": "We measure how a feed is ranked for people. " * 20,
                "first_listed": f"2026-11-{n % 28 + 1:02}",
            }
            for n in range(10_000)
        )
    )
    began = process_time()
    found = Stream.of(listed, SPLIT, settings())
    ranking_ = shipped.Ranking.of(settings())
    scores = ranking_.scores(found.items, None)
    assert len(scores) == 10_000
    assert process_time() - began < 15
