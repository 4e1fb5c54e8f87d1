"""Companies: micro precision and recall over all claims, worst misses first."""

from tests.evaluation.lists import rows, settings
from tracker.evaluation import companies

LIST = rows(
    {"affiliations": "Meta AI; Google", "companies": "meta;Google", "id": "x"},
    {"affiliations": ["Institute of Metadata"], "companies": []},
    {"affiliations": ["Menlo Park"], "authors": ["A", "B"], "companies": "facebook"},
    {"affiliations": ["Menlo Park"], "companies": ["Meta"]},
    {"affiliations": ["Acme Ltd"], "companies": ["Acme"]},
)


def test_claims_are_counted_together() -> None:
    tracker, bare = companies.measure(LIST, settings()).lines
    assert tracker.count == 4
    assert tracker.figures["precision"].value == 1
    assert tracker.figures["recall"].value == 2 / 4
    assert bare.figures["precision"].value == 2 / 3  # metadata is no Meta


def test_the_most_frequent_miss_is_listed_first() -> None:
    report = companies.measure(LIST, settings())
    assert report.misses == ("missed meta: Menlo Park (2 times)",)


def test_companies_that_the_settings_lack_are_told_and_not_counted() -> None:
    report = companies.measure(LIST, settings())
    assert "acme" in report.notes[0]


def test_a_row_with_an_unknown_label_speaks_against_no_claim() -> None:
    one = rows(
        {"affiliations": "Google", "companies": "Parent of all"},
        {"affiliations": "Google; Meta", "companies": "Parent of all;meta"},
        {"affiliations": "Meta", "companies": "google"},
    )
    report = companies.measure(one, settings())
    for line in report.lines:
        assert line.figures["precision"].value == 1 / 2
        assert line.figures["recall"].value == 1 / 2
    assert report.misses == ("missed google: Meta", "wrongly meta: Meta")


def test_every_row_is_predicted() -> None:
    report = companies.measure(LIST, settings())
    assert report.predictions[0] == {"id": "x", "companies": ["google", "meta"]}
    assert [one["id"] for one in report.predictions] == ["x", 1, 2, 3, 4]
