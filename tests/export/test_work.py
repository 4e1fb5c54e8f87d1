"""Citation keys and what is told of a work."""

from itertools import islice

import pytest

from tests.export.works import DAY, KDD, item, post, work
from tracker.core.values import Claim
from tracker.export.work import keys, stem


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({}, "lovelace2026ranking"),
        ({"title": "On the Art of Ranking"}, "lovelace2026art"),
        ({"title": "To be or not to be"}, "lovelace2026be"),
        ({"title": "The The"}, "lovelace2026the"),
        ({"title": "\u00c9tude"}, "lovelace2026etude"),
        ({"title": "\u6df1\u5ea6\u5b66\u4e60"}, "lovelace2026"),
        ({"authors": ("J\u00fcrgen M\u00fcller-Wei\u00df",)}, "mullerwei2026ranking"),
        ({"authors": ("Aaron van den Oord",)}, "vandenoord2026ranking"),
        ({"authors": ("\u5f20\u4f1f",)}, "anon2026ranking"),
        ({"authors": ()}, "anon2026ranking"),
        ({"venues": (Claim("KDD 2025", "", ""),)}, "lovelace2025ranking"),
        ({"venues": (), "published": None}, "lovelace2026ranking"),
        ({"title": "x" * 99}, f"lovelace2026{'x' * 20}"),
    ],
)
def test_a_key_begins_with_author_year_and_word(
    fields: dict[str, object], key: str
) -> None:
    assert stem(item(**fields)) == key


def test_letters_of_a_key_follow_from_the_strongest_id_alone() -> None:
    doi, arxiv, title = "doi:10.1/2", "arxiv:2603.00001", "title:x"
    one = list(islice(keys(item(), (title, doi)), 3))
    assert one == list(islice(keys(item(id=7), (arxiv, doi)), 3))
    assert one != list(islice(keys(item(), (arxiv, title)), 3))
    assert one[0] == "lovelace2026ranking"
    assert one[2].startswith(one[1]) and len(one[1]) == len(one[0]) + 3


def test_what_is_known_of_a_paper_is_told() -> None:
    paper = work()
    assert (paper.doi, paper.arxiv) == ("10.1145/1.2_3", "2603.00001")
    assert (paper.venue, paper.journal, paper.year) == ("KDD 2026", None, 2026)
    assert not paper.is_preprint
    assert work(venues=()).is_preprint
    assert work(venues=(Claim("TMLR 2026", "", ""),)).journal == "TMLR"


def test_a_day_before_the_year_of_the_venue_is_not_the_day_of_the_paper() -> None:
    late = work(venues=(Claim("KDD 2027", "", ""),))
    assert (late.year, late.published) == (2027, None)
    assert work(venues=KDD).published == DAY


def test_an_address_holds_nothing_that_ends_a_field() -> None:
    odd = post(title="x").item
    found = work(url="https://a.example/{b}\\c d%20e?f=g&h#i")
    assert found.url == "https://a.example/%7Bb%7D%5Cc%20d%20e?f=g&h#i"
    assert odd.url == "https://blog.example/a"
