"""What is said of a topic of one's own teaches it, from the next collecting on."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.fakes import post
from tests.test_ingest import BLOG, Desk
from tracker import ingest
from tracker.core.values import Item, Topic, Verdict
from tracker.ingest import Tools
from tracker.ingest.judging import is_current, judge
from tracker.ingest.teaching import as_last_taught
from tracker.store import engine as store
from tracker.store import verdicts
from tracker.store.engine import reading, writing

BREAD = Topic("bread", "Baking", "ovens and doughs")
THINGS = ("stones", "clouds", "lenses", "violins", "maps", "clocks", "bridges", "ink")
KINDS = ("Growth", "Decay", "Colour", "Sound", "Weight", "Price")
PLACES = ("deserts", "valleys", "harbours", "towers")
OTHERS = [
    post(f"{kind}-{thing}-{place}", f"{kind} of {thing}", summary=f"In {place}.")
    for thing, kind, place in product(THINGS, KINDS, PLACES)
]
RYE = [post(f"r{n}", f"Sourdough {n}", summary="A starter ferments.") for n in range(4)]


class School(Desk):
    """A desk whose own topic has works named; it keeps what it learnt in a file."""

    def __init__(self, engine: Engine, file: Path) -> None:
        super().__init__(engine)
        self.file = file
        self.topic = BREAD
        self.web.serve(BLOG, *OTHERS, *RYE)
        self.run()

    def tools(self, topics: tuple[Topic, ...] = ()) -> Tools:
        judged = judge(topics or (self.topic,), (), self.sources)
        return replace(super().tools(), judge=judged, learnt=self.file)

    def run(self, **later: float) -> Tools:
        self.clock.move(**(later or {"minutes": 1}))
        self.collect()
        return ingest.bring_up_to_date(self.tools())

    def item(self, title: str) -> Item:
        (found,) = (item for item in self.items() if item.title == title)
        return found

    def say(self, *titles: str, about: bool = True) -> None:
        self.clock.move(minutes=1)
        with writing(self.engine) as connection:
            for title in titles:
                said = Verdict("bread", about, self.clock())
                verdicts.say(connection, self.item(title).id, [said])

    def about_bread(self) -> dict[str, str]:
        return {i.title: c.evidence for i in self.items() for c in i.topics}


@pytest.fixture
def anywhere(engine: Engine, tmp_path: Path) -> School:
    """Return a school on SQLite and on PostgreSQL."""
    return School(engine, tmp_path / "topics.npz")


@pytest.fixture
def school(sqlite_template: Path, tmp_path: Path) -> Iterator[School]:
    shutil.copy(sqlite_template, tmp_path / "tracker.db")
    opened = store.open_store(f"sqlite:///{tmp_path / 'tracker.db'}")
    yield School(opened, tmp_path / "topics.npz")
    opened.dispose()


def test_works_like_those_named_are_on_the_topic_from_the_next_run_on(
    anywhere: School,
) -> None:
    school = anywhere
    assert school.about_bread() == {}
    assert not school.file.exists()
    school.say("Sourdough 0", "Sourdough 1")
    school.run()
    like = 'like "Sourdough 0", which you named'
    assert school.about_bread() == {
        "Sourdough 0": "you said so",
        "Sourdough 1": "you said so",
        "Sourdough 2": like,
        "Sourdough 3": like,
    }
    school.web.serve(BLOG, post("new", "Sourdough, new", summary="A starter ferments."))
    school.run()
    assert school.about_bread()["Sourdough, new"] == like


def test_what_was_learnt_is_kept_until_something_else_is_said(school: School) -> None:
    school.say("Sourdough 0", "Sourdough 1")
    first = school.run().judge.lessons
    kept = school.file.read_bytes()
    assert school.run().judge.lessons == first
    assert school.file.read_bytes() == kept
    with reading(school.engine) as connection:
        assert is_current(connection, school.run().judge)
    school.say("Sourdough 2", about=False)
    assert school.run().judge.lessons != first
    assert "Sourdough 2" not in school.about_bread()
    school.file.write_bytes(b"PK\x03\x04 broken")
    school.run()
    assert "Sourdough 3" in school.about_bread()


def test_words_taken_back_teach_nothing_any_more(school: School) -> None:
    school.say("Sourdough 0")
    school.run()
    assert "Sourdough 3" in school.about_bread()
    with writing(school.engine) as connection:
        verdicts.unsay(connection, school.item("Sourdough 0").id, ["bread"])
    assert school.run().judge.lessons == ""
    assert school.about_bread() == {}


def test_works_against_a_topic_alone_teach_nothing(school: School) -> None:
    school.say("Sourdough 0", about=False)
    school.run()
    assert school.about_bread() == {}
    assert not school.file.exists()


def test_what_is_said_reaches_the_items_of_the_last_weeks_alone(
    anywhere: School,
) -> None:
    school = anywhere
    school.run(days=60)
    late = [post(f"r{n}", f"Sourdough {n}", summary=RYE[0].summary) for n in (8, 9)]
    school.web.serve(BLOG, *late)
    school.run(days=1)
    school.say("Sourdough 8")
    school.run()
    assert set(school.about_bread()) == {"Sourdough 8", "Sourdough 9"}
    school.topic = replace(BREAD, keywords=("bagel",))  # which judges all of them
    school.run()
    assert len(school.about_bread()) == 6


def test_a_judge_goes_by_what_was_learnt_last_until_the_next_run(
    school: School,
) -> None:
    judge_ = school.tools().judge
    assert as_last_taught(judge_, school.file) is judge_
    school.say("Sourdough 0", "Sourdough 1")
    school.run()
    words = ("Sourdough 5", "A starter ferments.", (), ("blog",))
    (claim,) = as_last_taught(judge_, school.file).topics_of(*words)
    assert claim.name == "bread"
    assert judge_.topics_of(*words) == ()


def test_in_a_store_of_some_size_a_description_alone_finds_works(
    anywhere: School,
) -> None:
    school = anywhere
    school.topic = Topic("loaves", "Loaves", "a starter that ferments, in a bakery")
    told = post("told", "Hour by hour", summary="A starter ferments in a bakery. " * 14)
    school.web.serve(BLOG, told)
    assert school.run().judge.lessons == ""
    assert school.about_bread() == {}
    more = [replace(one, guid=f"{one.guid}-2", url=None) for one in OTHERS]
    again = [replace(one, guid=f"{one.guid}-3", url=None) for one in OTHERS]
    school.web.serve(BLOG, *more, *again)
    first = school.run(days=1).judge.lessons
    assert first
    assert school.about_bread() == {"Hour by hour": "like its title and description"}
    school.web.serve(BLOG, post("late", "A late one", summary="Of clocks."))
    assert school.run(days=1).judge.lessons == first
