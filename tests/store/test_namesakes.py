"""Papers of one title and one lead author that are two for all that."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from tests.store.test_corrections import ARXIV, DOI, PRINTED, Desk

YEARLY = "Overview of the workshop on ranking pins"
FIRST = replace(
    PRINTED, title=YEARLY, summary="", published=datetime(2025, 3, 1, tzinfo=UTC)
)
SECOND = replace(
    ARXIV, title=YEARLY, summary="", published=datetime(2026, 3, 1, tzinfo=UTC)
)


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def test_the_reports_of_two_years_are_two_items_and_stay_so(desk: Desk) -> None:
    assert len(desk.read(SECOND, FIRST)) == 2
    assert len(desk.read(replace(SECOND, summary="Told anew."), FIRST)) == 2
    desk.add("third", replace(FIRST, guid="c", ids=(), url="https://c.example/c"))
    found = {one.published: one.sources for one in desk.read(SECOND, FIRST)}
    assert found == {
        SECOND.published: ("arxiv",),
        FIRST.published: ("acm", "third"),
    }


def test_the_report_of_one_year_is_one_item(desk: Desk) -> None:
    (item,) = desk.read(SECOND, replace(FIRST, published=SECOND.published))
    assert item.sources == ("arxiv", "acm")
    assert DOI in FIRST.ids
