"""Learning from marks: the digest goes by them, and what was learnt is kept."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.fakes import MONDAY, paper, post
from tests.test_publish import ADA, BOB, House, picks
from tracker import publish
from tracker.core.rank.interests import Interests
from tracker.core.rank.taste import Taste
from tracker.core.rank.texts import Texts
from tracker.core.values import Author, Company, Mark, MarkState
from tracker.errors import StoreError
from tracker.publish import learning
from tracker.publish.learning import taste_of
from tracker.store import claims, listing, marked, readers
from tracker.store.engine import reading, writing
from tracker.store.listing import Wanted
from tracker.store.rows import ITEM, TOPIC

WANTED = Interests(("pins",), frozenset())


class Study(House):
    """A publishing house that keeps what it learns; its blog tells of two things."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        super().__init__(engine)
        self.press = replace(self.press, tastes=folder)
        self.folder = folder
        subjects = ("Baking bread with rye", "Sailing boats upwind")
        self.see(
            *(
                post(f"{subject}{n}", f"{subject}, pin {n}", summary=subject)
                for subject in subjects
                for n in range(4)
            )
        )

    def rate(self, title: str, mark: Mark) -> None:
        with writing(self.engine) as connection:
            number = readers.ensure(connection, ADA.name)
            found = listing.items(connection, Wanted())
            (item,) = (one for one in found if one.title == title)
            readers.mark(connection, number, item.id, mark, self.clock.now)
        self.clock.move(minutes=1)

    def taste(self, wanted: Interests = WANTED) -> Taste | None:
        with reading(self.engine) as connection:
            number = readers.find(connection, ADA.name)
            return taste_of(connection, number, wanted, self.folder)

    def grow(self, *numbers: int) -> None:
        """See posts, every other one about pins."""
        told = (("Pins for boats", "Sailing"), ("Bread with rye", "Baking"))
        self.see(
            *(
                post(f"{n}", f"{told[n % 2][0]}, {n}", summary=told[n % 2][1])
                for n in numbers
            ),
            source="other",
        )

    def with_many(self) -> Path:
        """Hold many items and learn from one like; return where their texts are."""
        self.grow(*range(520))
        self.rate("Sailing boats upwind, pin 0", Mark(rating=5))
        self.taste()
        return self.folder / "texts.npz"

    @property
    def files(self) -> list[Path]:
        return list(self.folder.glob("*"))

    def kept(self) -> bytes:
        (file,) = self.files
        return file.read_bytes()


@pytest.fixture
def study(engine: Engine, tmp_path: Path) -> Study:
    return Study(engine, tmp_path / "tastes")


def test_a_digest_puts_first_what_is_like_a_like_and_says_like_which(
    study: Study,
) -> None:
    study.rate("Sailing boats upwind, pin 0", Mark(rating=5))
    made = study.digest()
    first = picks(made)[0]
    assert first.item.title.startswith("Sailing")
    assert 'like "Sailing boats upwind, pin 0", which you rated 5' in [
        reason.words for pick in picks(made)[1:] for reason in pick.reasons
    ]
    for pick in picks(made):
        assert pick.score == pytest.approx(sum(one.points for one in pick.reasons))


def test_of_what_was_rated_itself_nothing_is_foretold(study: Study) -> None:
    study.rate("Sailing boats upwind, pin 0", Mark(rating=5))
    for _ in range(2):  # learnt, then read from the file
        told = {
            pick.item.title: [one.name for one in pick.reasons]
            for pick in picks(study.digest())
        }
        assert "taste" not in told["Sailing boats upwind, pin 0"]
        assert "taste" in told["Sailing boats upwind, pin 1"]


def test_without_a_like_nothing_is_learnt_of_few_items_nor_kept(study: Study) -> None:
    assert study.taste() is None
    study.rate("Baking bread with rye, pin 0", Mark(MarkState.NOT_FOR_ME))
    assert study.taste() is None
    assert study.files == []


def test_what_was_learnt_is_read_again_until_a_mark_or_a_wish_is_new(
    study: Study,
) -> None:
    study.rate("Sailing boats upwind, pin 0", Mark(rating=5))
    study.taste()
    (file,) = study.files
    before = file.stat().st_ino
    study.see(post("late", "A late pin"))
    study.taste()
    assert file.stat().st_ino == before  # news alone teaches nothing
    study.rate("Baking bread with rye, pin 1", Mark(rating=1))
    study.taste()
    marked = study.kept()
    study.taste(replace(WANTED, topics=("boats",)))
    assert study.kept() != marked


@pytest.mark.parametrize(
    "damage",
    [
        lambda kept: b"",
        lambda kept: b"no archive",
        lambda kept: kept[: len(kept) // 2],
        lambda kept: kept.replace(b"weights.npy", b"weighty.npy"),
        lambda kept: kept.replace(b"PK\x01\x02\x2d\x03\x2d", b"PK\x01\x02\x2d\x03\xff"),
    ],
)
def test_a_broken_file_is_learnt_anew(
    study: Study, damage: Callable[[bytes], bytes]
) -> None:
    study.rate("Sailing boats upwind, pin 0", Mark(rating=5))
    first = study.taste()
    (file,) = study.files
    file.write_bytes(damage(file.read_bytes()))
    again = study.taste()
    assert first is not None
    assert again is not None
    assert again.named == first.named
    assert (again.votes.weights == first.votes.weights).all()
    assert file.stat().st_size > 100


def test_the_categories_of_liked_papers_are_learnt_from(study: Study) -> None:
    study.see(paper("filed", "Filed, pin 0", categories=("cs.IR", "cs.LG")))
    study.rate("Filed, pin 0", Mark(rating=5))
    found = study.taste()
    assert found is not None
    assert {"category cs.IR", "category cs.LG"} <= set(found.facts)
    (ranked,) = (one.item for one in picks(study.digest()) if "Filed" in one.item.title)
    assert ranked.categories == ("cs.IR", "cs.LG")


def test_companies_and_acceptance_of_liked_papers_are_learnt_from(
    study: Study,
) -> None:
    study.companies = (Company("acme", "Acme", ("Acme",)),)
    known = (Author("Ada Lovelace", affiliations=("Acme Inc.",)),)
    study.see(paper("at", "At KDD, pin 0", authors=known, venue="KDD 2026"))
    study.rate("At KDD, pin 0", Mark(rating=5))
    found = study.taste()
    assert found is not None
    assert {"company acme", "accepted"} <= set(found.facts)


def test_a_folder_that_cannot_be_written_costs_no_digest(study: Study) -> None:
    study.rate("Sailing boats upwind, pin 0", Mark(rating=5))
    study.folder.write_text("a file where the folder should be")
    assert picks(study.digest())
    assert study.taste() is not None


def test_two_stores_with_the_same_marks_order_alike(study: Study) -> None:
    study.rate("Sailing boats upwind, pin 0", Mark(rating=5))
    learnt = [pick.item.id for pick in picks(study.digest())]
    kept = [pick.item.id for pick in picks(study.digest())]
    study.press = replace(study.press, tastes=None)
    assert learnt == kept == [pick.item.id for pick in picks(study.digest())]


def test_without_a_mark_what_is_on_the_topics_is_learnt_once_for_all_readers(
    study: Study,
) -> None:
    study.grow(*range(520))
    made = study.digest()
    assert "close to what is on your topics" in [
        reason.words for pick in picks(made) for reason in pick.reasons
    ]
    (file,) = study.files
    before = file.stat().st_ino
    study.digest(BOB)
    study.grow(520)
    study.digest()
    assert study.files == [file]
    assert file.stat().st_ino == before
    assert study.taste(replace(WANTED, companies=frozenset({"acme"}))) is not None
    assert file.stat().st_ino == before  # whom one follows is no matter
    assert study.taste(Interests(("boats",), frozenset())) is None  # none is on them
    assert study.files == [file]


@pytest.mark.parametrize("judged", [claims.JUDGED_BY, claims.TAUGHT_BY])
def test_what_topics_teach_is_learnt_anew_once_items_are_judged_anew_or_many_more(
    study: Study, judged: str
) -> None:
    study.grow(*range(520))
    study.taste()
    first = study.kept()
    with writing(study.engine) as connection:
        claims.set_setting(connection, judged, "other words")
    study.taste()
    second = study.kept()
    study.grow(*range(520, 1030))
    study.taste()
    assert len({first, second, study.kept()}) == 3


def test_beside_a_mark_what_is_on_the_topics_still_is_a_hint(study: Study) -> None:
    study.grow(*range(520))
    study.rate("Baking bread with rye, pin 0", Mark(MarkState.NOT_FOR_ME))
    told = study.taste()
    assert told is not None
    assert (told.named, told.hinted) == ((), 2)
    study.rate("Sailing boats upwind, pin 0", Mark(rating=5))
    found = study.taste()
    assert found is not None
    assert [title for title, _ in found.named] == ["Sailing boats upwind, pin 0"]
    assert found.trust > told.trust


def test_a_mark_in_a_store_of_many_items_lets_no_text_be_read_again(
    study: Study,
) -> None:
    texts = study.with_many()
    before = texts.stat().st_ino
    study.grow(521)
    study.rate("Bread with rye, 521", Mark(rating=5))  # which no text kept is of
    kept = study.taste()
    assert texts.stat().st_ino == before
    study.folder = None  # type: ignore[assignment]  # all is learnt anew
    anew = study.taste()
    assert kept is not None
    assert anew is not None
    assert len(kept.named) == 2
    assert kept.named == anew.named
    assert (kept.votes.weights == anew.votes.weights).all()
    assert kept.facts == anew.facts


@pytest.mark.parametrize("change", ["grown", "judged anew"])
def test_texts_are_read_again_once_there_are_many_more_or_they_say_else(
    study: Study, change: str
) -> None:
    texts = study.with_many()
    before = texts.stat().st_ino
    if change == "grown":
        study.grow(*range(520, 600))
    else:
        with writing(study.engine) as connection:
            connection.execute(TOPIC.update().values(weight=0.5))
    study.taste()
    assert texts.stat().st_ino != before


def test_texts_are_read_ahead_once_anybody_has_marked_anything(study: Study) -> None:
    study.grow(*range(520))
    publish.read_ahead(study.press)
    assert not study.folder.exists()
    study.rate("Sailing boats upwind, pin 0", Mark(rating=5))
    publish.read_ahead(study.press)
    (texts,) = study.files
    before = texts.stat().st_ino
    assert picks(study.digest())
    assert texts.stat().st_ino == before
    publish.read_ahead(replace(study.press, tastes=None))


@pytest.mark.parametrize("many", [0, 520])
@pytest.mark.parametrize("what", [(Texts, "of"), (Taste, "reasons")])
@pytest.mark.parametrize("failure", [MemoryError(), KeyError("axes"), OSError("no")])
def test_a_digest_comes_though_nothing_can_be_learnt(
    study: Study,
    many: int,
    what: tuple[type, str],
    failure: Exception,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fails(*_: object) -> object:
        raise failure

    study.grow(*range(many))
    study.rate("Sailing boats upwind, pin 0", Mark(rating=5))
    monkeypatch.setattr(*what, fails)
    publish.read_ahead(study.press)
    made = study.digest()
    assert picks(made)
    assert "learning from marks failed (" in caplog.text
    assert "taste" not in {one.name for pick in picks(made) for one in pick.reasons}


def test_what_goes_wrong_in_the_store_is_no_failure_of_learning(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> object:
        raise StoreError("the disk is gone")

    study.rate("Sailing boats upwind, pin 0", Mark(rating=5))
    monkeypatch.setattr(marked, "told", fails)
    with pytest.raises(StoreError):
        study.taste()


def test_a_deleted_like_teaches_nothing_and_is_not_named(study: Study) -> None:
    study.rate("Sailing boats upwind, pin 0", Mark(rating=5))
    assert study.taste() is not None
    with writing(study.engine) as connection:
        gone = ITEM.c.title == "Sailing boats upwind, pin 0"
        connection.execute(ITEM.update().where(gone).values(deleted_at=MONDAY))
    assert study.taste() is None
    words = {one.words for pick in picks(study.digest()) for one in pick.reasons}
    assert not any(said.startswith("like ") for said in words)


def test_what_was_liked_long_ago_is_among_the_texts_that_are_read(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    study.rate("Sailing boats upwind, pin 0", Mark(rating=5))
    study.grow(*range(520))
    monkeypatch.setattr(learning, "MOST", 8)
    with reading(study.engine) as connection:
        until = marked.read_again(connection)
        assert until is not None
        found = marked.around(connection, until, 8)
        told = list(marked.told(connection, until, 8))
    titles = [item.title for item in found]
    assert len(titles) == 9
    assert titles[-1] == "Sailing boats upwind, pin 0"
    assert {row[0] for row in told} == {item.id for item in found}
    assert study.taste() is not None
