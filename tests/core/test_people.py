"""Who publishes at a company: by evidence of their own, of a blog, of a paper."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tracker.core.people import Evidence, by_quarter, people, quarters_ago, venues
from tracker.core.values import Author, Claim, Item, ItemKind

ACME = (Claim("acme", "organization: Acme", "hf"),)
RANKING = (Claim("ranking", "title: ranking", "kdd"),)


def item(number: int, *authors: str, month: int = 1, **fields: object) -> Item:
    seen = datetime(2026, 11, 1, tzinfo=UTC)
    work = Item(
        id=number,
        kind=ItemKind.PAPER,
        title=f"Work {number}",
        url=None,
        first_seen=seen,
        published=datetime(2026, month, 1, tzinfo=UTC),
        authors=authors,
        companies=ACME,
    )
    return replace(work, **fields)  # type: ignore[arg-type]  # fields of an Item


def is_acme(text: str) -> bool:
    return "Acme" in text


def test_only_those_whose_own_affiliation_it_is_are_its_people() -> None:
    stated = {1: [(Author("Ada", ("Oslo", "Acme Labs")), Author("Bob", ("Oslo",)))]}
    (ada,) = people("acme", [item(1, "Ada", "Bob")], stated, is_acme)
    assert (ada.name, ada.evidence, ada.said) == (
        "Ada",
        Evidence.AFFILIATION,
        "Acme Labs",
    )
    assert ada.others == (("Bob", 1),)


def test_one_source_of_several_is_enough() -> None:
    stated = {1: [(Author("Ada", ("Oslo",)),), (Author("Ada", ("Acme",)),)]}
    (ada,) = people("acme", [item(1, "Ada")], stated, is_acme)
    assert ada.evidence is Evidence.AFFILIATION


def test_where_only_the_paper_has_the_company_all_are_on_papers_from_it() -> None:
    found = people("acme", [item(1, "Ada", "Bob")], {}, is_acme)
    assert [(p.name, p.evidence, p.said) for p in found] == [
        ("Ada", Evidence.PAPER, "organization: Acme"),
        ("Bob", Evidence.PAPER, "organization: Acme"),
    ]


def test_who_writes_on_its_blog_is_a_person_and_no_desk() -> None:
    authors = ("Ada", "Acme Engineering", "The Ranking Team", "Acme")
    post = item(1, *authors, kind=ItemKind.POST)
    (ada,) = people("acme", [post], {}, is_acme, {1})
    assert (ada.name, ada.evidence) == ("Ada", Evidence.BLOG)


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        (
            "Ada Byron | ML Engineer, Ads; Alan Hill | Manager",
            ["Ada Byron", "Alan Hill"],
        ),
        ("Ada Byron; Staff Engineer", ["Ada Byron"]),
        ("Ada Byron, Senior Researcher", ["Ada Byron"]),
        ("Byron, Ada", ["Byron, Ada"]),
        ("Alan Hill; Ada Head", ["Ada Head", "Alan Hill"]),
        ("Ada Head", ["Ada Head"]),
        ("Acme Engineering; Ada Byron", ["Ada Byron"]),
        (" ; | ", []),
    ],
)
def test_a_byline_of_a_post_names_each_of_its_people(
    byline: str, names: list[str]
) -> None:
    post = item(1, byline, kind=ItemKind.POST)
    found = people("acme", [post], {}, is_acme, {1})
    assert sorted(one.name for one in found) == names
    for one in found:
        assert {name for name, _ in one.others} == {*names} - {one.name}


def test_a_name_in_capitals_gives_way_to_one_that_is_not() -> None:
    for spelt in (("ADA BYRON", "Ada Byron"), ("Ada Byron", "ada byron")):
        works = [item(number, name) for number, name in enumerate(spelt)]
        (ada,) = people("acme", works, {}, is_acme)
        assert ada.name == "Ada Byron"


def test_who_signs_a_post_elsewhere_is_not_with_the_company() -> None:
    post = item(1, "Ada", kind=ItemKind.POST)
    assert people("acme", [post], {}, is_acme) == []
    stated = {1: [(Author("Ada", ("Acme",)),)]}
    assert [one.name for one in people("acme", [post], stated, is_acme)] == ["Ada"]


def test_a_person_has_the_surest_evidence_and_all_their_works() -> None:
    works = [item(1, "Zo\u00eb", month=2), item(2, "Zoe", month=3), item(3, "Ada")]
    stated = {2: [(Author("Zoe", ("Acme",)),)]}
    zoe, ada = people("acme", works, stated, is_acme)
    assert zoe.name == "Zo\u00eb"  # as it was first seen
    assert (zoe.evidence, zoe.said) == (Evidence.AFFILIATION, "Acme")
    assert [one.id for one in zoe.latest] == [2, 1]
    assert ada.evidence is Evidence.PAPER


def test_topics_venues_and_company_are_counted() -> None:
    venues = [(Claim(f"KDD {year}", "listed", "kdd"),) for year in (2025, 2026)]
    works = [
        item(1, "Ada", "Bob", topics=RANKING, venues=venues[0]),
        item(2, "Ada", "Bob", "Cyd", venues=venues[1]),
        item(3, "Ada", "Bob"),
    ]
    ada = people("acme", works, {}, is_acme)[0]
    assert ada.topics == (("ranking", 1),)
    assert ada.venues == (("KDD", 2),)
    assert ada.others == (("Bob", 3), ("Cyd", 1))


def test_the_busiest_stand_first_and_then_the_latest() -> None:
    works = [item(1, "Ada"), item(2, "Bob", month=5), item(3, "Cyd"), item(4, "Cyd")]
    found = people("acme", works, {}, is_acme)
    assert [person.name for person in found] == ["Cyd", "Bob", "Ada"]


@pytest.mark.parametrize(
    ("count", "first"),
    [
        (0, date(2026, 10, 1)),
        (1, date(2026, 7, 1)),
        (4, date(2025, 10, 1)),
        (10**20, date(1000, 1, 1)),
    ],
)
def test_quarters_are_counted_back_over_years(count: int, first: date) -> None:
    assert quarters_ago(date(2026, 12, 31), count) == first


def test_works_are_counted_by_topic_and_quarter() -> None:
    works = [
        item(1, month=3, topics=RANKING),
        item(2, month=4, topics=RANKING),
        item(3, month=12),
        item(4, published=None),
    ]
    assert by_quarter(works) == {
        "": {"2026 Q4": 2},
        "ranking": {"2026 Q1": 1, "2026 Q2": 1},
    }


def test_works_are_counted_by_venue_whatever_its_year() -> None:
    works = [
        item(number, month=month, venues=(Claim(f"KDD {year}", "listed", "kdd"),))
        for number, month, year in ((1, 1, 2025), (2, 2, 2026))
    ]
    assert by_quarter(works, venues) == {"KDD": {"2026 Q1": 2}}
