"""A digest made again from what is kept of it."""

from dataclasses import replace

import pytest

from tests.render import example
from tests.render.feeds import problems
from tracker.core.weekly import Digest, Reader
from tracker.render import kept
from tracker.render.atom import atom, of_digest
from tracker.render.data import json_text
from tracker.render.markdown import markdown

_READER = Reader("anna", time_zone="Europe/Berlin")


def again(made: Digest) -> Digest:
    return kept.digest(json_text(made), made.week, _READER, made.names)


@pytest.mark.parametrize(
    "made", [example.week(), example.first(), example.empty(), example.odd()]
)
def test_what_json_tells_is_kept_whole(made: Digest) -> None:
    assert json_text(again(made)) == json_text(made)


def test_a_digest_is_told_the_same_but_for_what_json_leaves_out() -> None:
    made = example.week()
    bare = replace(
        made,
        sections=tuple(
            replace(
                section,
                more=0,
                picks=tuple(
                    replace(pick, item=replace(pick.item, summary=""))
                    for pick in section.picks
                ),
            )
            for section in made.sections
        ),
        sources=tuple(replace(one, detail="") for one in made.sources),
    )
    lost = {*markdown(bare).splitlines()} ^ {*markdown(again(made)).splitlines()}
    assert lost == set()


def test_entries_keep_the_ids_that_they_were_published_under() -> None:
    made = example.week()
    feed = of_digest(again(made))
    assert [p.id for p in feed.postings] == [p.id for p in of_digest(made).postings]
    assert problems(atom(feed)) == []
