"""What is measured is what the program does: it judges by the same things."""

from dataclasses import replace
from pathlib import Path

from tests.evaluation.lists import settings
from tracker.bootstrap import App
from tracker.core.values import Entry, ItemKind
from tracker.evaluation import shipped


def test_entries_are_judged_by_all_that_the_program_judges_by(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'tracker.db'}"
    known = replace(settings(), store_url=store, data=tmp_path)
    app = App(known)
    try:
        assert shipped.judge(known).basis == app.tools().judge.basis
    finally:
        app.close()


def test_a_source_that_vouches_for_nothing_adds_no_claim() -> None:
    entry = Entry(guid="1", title="Of nothing in particular", kind=ItemKind.POST)
    draft = shipped.drafted(entry, shipped.judge(settings()))
    assert draft.topics == draft.companies == draft.venues == ()
