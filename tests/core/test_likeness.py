"""Which papers are one though they share no key: by titles, authors and abstracts."""

import pytest

from tracker.core.likeness import Paper, are_namesakes, blocks, match

ADA, WEI, MIN = "Ada Lovelace", "Wei Wang", "Min Kim"
TEXT = " ".join(f"word{n}" for n in range(60))
OTHER = " ".join(f"term{n}" for n in range(60))
NAME = "PinRank: Ranking Pins with Graphs of Large Language Models"


def test_papers_whose_abstracts_are_nearly_one_are_one_whatever_their_titles() -> None:
    ours = Paper("PinRank: ranking pins with graphs", (ADA, WEI), TEXT)
    theirs = Paper("Graphs of boards for all of us", (ADA, WEI), TEXT + " and more")
    found = match(ours, theirs)
    assert found
    assert "abstracts alike" in found.evidence
    assert "100% of authors" in found.evidence


@pytest.mark.parametrize(
    "theirs",
    [
        Paper(NAME, (MIN, "Grace Hopper"), TEXT),
        Paper(NAME, (MIN, WEI), TEXT),
        Paper("Another title of a work", (ADA, WEI), OTHER),
        Paper(NAME, (ADA, WEI), OTHER),
        Paper("PinRank++: ranking pins with graphs", (ADA, WEI), TEXT),
    ],
    ids=["other authors", "no common lead", "other text", "text denies", "a plus"],
)
def test_what_speaks_against_one_work_is_heard(theirs: Paper) -> None:
    assert match(Paper(NAME, (ADA, WEI), TEXT), theirs) is None


@pytest.mark.parametrize(
    "title",
    [
        "PinRank: Rank Pins with a Graph of LLMs",
        "PinRank -- Ranking Pins with Graphs of Large LMs",
        "PinRank: Ranking Pins with Graphs of Large Language Models (Extended)",
        "PinRank: Fully Ranking Pins with Graphs of Large Language Models",
        "PinRank: Ranking Pins with Graphs of Large Language Models at Home",
    ],
)
def test_a_title_is_known_in_another_form(title: str) -> None:
    assert match(Paper(NAME), Paper(title))
    assert set(blocks(NAME, ())) & set(blocks(title, ()))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("PinRank: ranking pins with graphs", "PinRank: boards for all of us"),
        ("A survey of ranking pins 2025", "A survey of ranking pins 2026"),
        ("Ranking pins", "Ranked pins: what we found"),
        ("Ranking pins with deep graphs", "Ranking pins with online graphs"),
    ],
    ids=["a name alone", "years", "few words", "another word"],
)
def test_a_title_that_says_another_thing_is_another_works(one: str, other: str) -> None:
    assert match(Paper(one), Paper(other)) is None


def test_a_title_that_begins_another_is_the_same() -> None:
    short = "Streaming two towers with overlapping communication"
    long = f"{short}: Towards a free lunch"
    assert match(Paper(short), Paper(long))
    assert set(blocks(short, ())) & set(blocks(long, ()))


def test_letters_in_tex_are_letters() -> None:
    one, other = (
        r"Mobi-$\pi$: Moving Your Policy",
        "Mobi-\N{GREEK SMALL LETTER PI}: Moving Your Policy",
    )
    assert match(Paper(one), Paper(other))
    assert blocks(one, ()) == blocks(other, ())


def twin(title: str, name: str, text: str = "") -> Paper:
    return Paper(title, (ADA, WEI), text, frozenset({f"arxiv:{name}"}))


def test_two_ids_of_one_scheme_are_one_work_only_by_equal_titles_and_texts() -> None:
    title = "How we rank all pins with graphs"
    one = twin(title, "2601.00001", TEXT)
    assert match(one, twin(title, "2602.00002", TEXT))
    assert match(one, twin(title, "2602.00002"))
    assert match(one, twin(title, "2602.00002", OTHER)) is None
    assert match(one, twin(f"{title} again", "2602.00002", TEXT)) is None


def test_years_between_two_papers_speak_against_titles_not_against_abstracts() -> None:
    early, late = (Paper(NAME, (ADA, WEI), year=year) for year in (2016, 2026))
    assert match(early, late) is None
    early, late = (Paper(NAME, (ADA, WEI), TEXT, year=year) for year in (2016, 2026))
    assert match(early, late)


def test_papers_of_two_authors_share_a_block_whatever_their_titles() -> None:
    one = blocks("A title of ours on pins", (ADA, WEI, MIN))
    other = blocks("Quite another one", (ADA, "Grace Hopper", MIN))
    assert set(one) & set(other)
    assert not set(one) & set(blocks("Quite another one", (MIN, "Grace Hopper")))


def test_papers_share_a_block_when_their_first_authors_change_places() -> None:
    one = blocks("A title of ours on pins", (ADA, WEI, MIN, "Alan Turing"))
    other = blocks("Quite another one", ("Grace Hopper", MIN, WEI, ADA))
    assert set(one) & set(other)


def test_a_pair_of_authors_stands_under_one_number_and_each_alone_under_none() -> None:
    assert len(blocks("", (ADA, WEI))) == len(blocks("", (ADA,))) == 1
    assert len(blocks("", (ADA, WEI, MIN))) == 3
    assert len(blocks("", (ADA, WEI, MIN, "Alan Turing", "Grace Hopper"))) == 4


YEARLY = "Overview of the workshop on ranking pins for boards"
RIO = "In Rio ten papers on news were shown to eighty guests of the first edition"
OSLO = "The fifth was about music and took place in Oslo, with panels every afternoon"


@pytest.mark.parametrize(
    ("title", "one", "other", "are_two"),
    [
        (YEARLY, ("", 2022), ("", 2023), True),
        (YEARLY, (RIO, None), (OSLO, None), True),
        (YEARLY, (RIO, 2023), (OSLO, 2023), True),
        (YEARLY, ("", 2023), ("", 2023), False),
        (YEARLY, ("", None), ("", 2023), False),
        (YEARLY, (RIO, 2023), (RIO, 2023), False),
        (YEARLY, (TEXT, 2022), (TEXT, 2023), False),
        (f"{YEARLY} 2022", ("", 2022), ("", 2023), False),
        (NAME, (RIO, 2015), (OSLO, 2020), True),
        (NAME, (RIO, 2016), (OSLO, 2020), False),
        (NAME, (RIO, 2015), (RIO, 2020), False),
        (NAME, ("", 2015), ("", 2023), False),
        ("PinRank technical report", ("", 2022), ("", 2023), False),
    ],
)
def test_one_title_may_be_of_many_years(
    title: str,
    one: tuple[str, int | None],
    other: tuple[str, int | None],
    are_two: bool,
) -> None:
    ours, theirs = (
        Paper(title, (ADA, WEI), text, year=year) for text, year in (one, other)
    )
    assert are_namesakes(ours, theirs) is are_two
    assert are_namesakes(theirs, ours) is are_two
    if are_two:
        assert match(ours, theirs) is None


@pytest.mark.parametrize("first", [(MIN, WEI, ADA), ()])
def test_one_title_of_another_first_author_is_another_work_if_texts_share_nothing(
    first: tuple[str, ...],
) -> None:
    ours = Paper(NAME, (ADA, WEI), RIO, year=2023)
    assert are_namesakes(ours, Paper(NAME, first, OSLO, year=2023))
    assert not are_namesakes(ours, Paper(NAME, first, RIO, year=2023))
    assert not are_namesakes(ours, Paper(NAME, first, "", year=2023))
    assert not are_namesakes(ours, Paper(NAME, (ADA,), OSLO, year=2023))
