"""Notes: tracker renews its own, and never touches what a reader wrote."""

from dataclasses import replace

import pytest
import yaml  # type: ignore[import-untyped]  # as in sources.pmlr
from hypothesis import given
from hypothesis import strategies as st

from tests.export.works import work
from tracker.core.values import Mark, MarkState
from tracker.export.notes import BEGIN, END, file_name, note

WORK = work()
LATER = replace(WORK, mark=Mark(MarkState.READ, 5, "they serve it in *two* stages"))


def first() -> str:
    made = note(WORK)
    assert made is not None
    return made


def front(text: str) -> dict[str, object]:
    found: dict[str, object] = yaml.safe_load(text.split("---\n")[1])
    return found


def test_a_new_note_has_properties_title_and_text() -> None:
    said = first()
    assert front(said) == {
        "tracker": 12,
        "citekey": "lovelace2026ranking",
        "title": WORK.item.title,
        "kind": "paper",
        "authors": list(WORK.item.authors),
        "year": 2026,
        "published": "2026-03-04",
        "venue": "KDD 2026",
        "companies": [],
        "topics": ["ranking"],
        "doi": "10.1145/1.2_3",
        "arxiv": "2603.00001",
        "url": "https://arxiv.org/abs/2603.00001",
        "state": "to-read",
        "rating": 4,
    }
    assert "\n# Ranking 100% of Pins & {Boards} with BERT\\_base\n" in said
    assert "> ask about 5%" in said
    assert file_name(WORK) == "lovelace2026ranking.md"


def test_the_same_again_changes_nothing() -> None:
    assert note(WORK, first()) == first()
    later = note(LATER, first())
    assert later is not None and note(LATER, later) == later != first()


def test_what_tracker_knows_is_renewed_and_what_a_reader_wrote_stays() -> None:
    mine = (
        first()
        .replace("---\n\n#", "tags:\n  - serving\naliases: [pins]\n---\n\n#")
        .replace("# Ranking 100%", "My own words above.\n\n# My own title: 100%")
        + "\n## My thoughts\n\n---\n\nNever lose this: <!-- nor this -->\n"
    )
    said = note(LATER, mine)
    assert said is not None
    told = front(said)
    assert (told["state"], told["rating"]) == ("read", 5)
    assert (told["tags"], told["aliases"]) == (["serving"], ["pins"])
    assert "> they serve it in \\*two\\* stages" in said
    assert "ask about 5%" not in said
    outside = [part for text in (mine, said) for part in _outside(text)]
    assert outside[:2] == outside[2:]


def _outside(text: str) -> tuple[str, str]:
    body = text.split("---\n", 2)[2]
    return body.partition(BEGIN)[0], body.partition(END)[2]


def test_properties_that_another_program_wrote_over_lines_are_renewed() -> None:
    mine = first().replace(
        'topics: ["ranking"]', "topics:\n  - ranking\n  - mine\n- odd\nmine: 1"
    )
    said = note(WORK, mine)
    assert said is not None
    assert (front(said)["topics"], front(said)["mine"]) == (["ranking"], 1)


@pytest.mark.parametrize("name", ["read with", '"read: with"', "\U0001f4da shelf"])
def test_a_property_of_ones_own_stays_whatever_its_name(name: str) -> None:
    mine = f"{name}:\n  - Ada\n  - Bo\n"
    said = note(LATER, first().replace("---\n\n#", f"{mine}---\n\n#"))
    assert said is not None
    assert mine in said
    assert front(said)[name.strip('"')] == ["Ada", "Bo"]


def test_a_property_that_was_taken_out_comes_back_at_the_end() -> None:
    said = note(WORK, first().replace("year: 2026\n", ""))
    assert said is not None
    assert list(front(said))[-1] == "year"


def test_where_the_marks_are_gone_the_text_is_the_readers() -> None:
    mine = first().replace(BEGIN, "").replace(END, "")
    said = note(LATER, mine)
    assert said is not None
    assert said.split("---\n", 2)[2] == mine.split("---\n", 2)[2]
    assert front(said)["state"] == "read"


@pytest.mark.parametrize(
    "other",
    [
        "",
        "My own note.\n",
        "---\nno end\n",
        "---\ntitle: mine\n---\n",
        "---\ntracker: 13\n---\n",
        "\n" + first(),
    ],
)
def test_a_file_that_is_no_note_of_this_item_is_left_alone(other: str) -> None:
    assert note(WORK, other) is None


def test_line_ends_of_windows_are_read_too() -> None:
    assert note(WORK, first().replace("\n", "\r\n")) == first()


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_stands_below_stays_as_it_is(title: str, words: str) -> None:
    one = work(title=title, summary=title)
    made = note(one)
    assert made is not None
    words = words.replace("\r", "")
    said = note(replace(one, mark=Mark(note=title)), made + words)
    assert said is not None
    assert said.endswith(f"{END}\n{words}")
    assert front(said)["title"] == title
