"""Which entries are judged to be one work."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations

import pytest

from tests.fakes import paper, post
from tracker.core.dedup import Owner, Work, keyed, plan
from tracker.core.dedup import paper as said
from tracker.core.values import Author, Entry

TITLE = "Ranking pins with graph networks"


def works(*entries: Entry) -> list[Work]:
    return plan(keyed(entries, "here"), {})


def known(entry: Entry, *owners: Owner) -> Work:
    (work,) = plan(keyed([entry], "here"), {f"title:{TITLE.lower()}": owners[0]})
    return work


def by(*names: str) -> tuple[Author, ...]:
    return tuple(Author(name) for name in names)


def test_entries_of_one_strong_name_are_one_work_whatever_their_titles() -> None:
    (work,) = works(
        paper("1", "A first title of ours", ids=("arxiv:2601.00001",)),
        paper("2", "Another title of ours", ids=("arxiv:2601.00001",)),
    )
    assert [entry.guid for entry in work.entries] == ["1", "2"]
    assert work.owners == ()


def test_a_chain_of_names_makes_one_work() -> None:
    (work,) = works(
        paper("1", "The preprint of a thing", ids=("arxiv:2601.00001",)),
        paper("2", "The paper on a thing", ids=("doi:10.1145/1.2",)),
        paper("3", "Of the thing again", ids=("arxiv:2601.00001", "doi:10.1145/1.2")),
    )
    assert {"arxiv:2601.00001", "doi:10.1145/1.2"} <= set(work.keys)
    assert len(work.keys) == len(set(work.keys))


@pytest.mark.parametrize(
    ("ours", "theirs", "joined"),
    [
        (("Ada Lovelace", "Wei Wang"), ("Ada Lovelace", "Wei Wang"), True),
        (("Ada Lovelace", "Wei Wang"), ("Wei Wang", "A. Lovelace"), True),
        (("Ada Lovelace",), ("Grace Hopper", "Ada Lovelace"), True),
        (("Ada Lovelace",), (), True),
        (("Ada Lovelace",), ("Grace Hopper",), False),
        (("Ada Lovelace", "Wei Wang"), ("Grace Hopper", "Min Wang"), False),
        (("Ada Lovelace", "..."), ("Grace Hopper", "?"), False),
    ],
)
def test_a_title_joins_works_whose_first_author_both_name(
    ours: tuple[str, ...], theirs: tuple[str, ...], joined: bool
) -> None:
    one = paper("1", TITLE, authors=by(*ours))
    other = paper("2", TITLE, authors=by(*theirs))
    assert (len(works(one, other)) == 1) is joined
    assert (known(one, Owner(7, theirs)).owners == (7,)) is joined


@pytest.mark.parametrize("year", [2023, 2024])
def test_a_title_of_every_year_joins_works_of_one_year(year: int) -> None:
    title = "Report on the workshop of pins"
    first = datetime(2023, 3, 1, tzinfo=UTC)
    one = paper("1", title, published=first, summary="")
    other = replace(one, guid="2", published=first.replace(year=year))
    is_one = year == first.year
    assert (len(works(one, other)) == 1) is is_one
    owner = Owner(7, said=said(one))
    (work,) = plan(keyed([other], "here"), {f"title:{title.lower()}": owner})
    assert (work.owners == (7,)) is is_one


def test_a_title_refused_by_its_owner_is_not_claimed_by_the_new_work() -> None:
    stranger = paper("1", TITLE, authors=by("Grace Hopper"))
    work = known(stranger, Owner(7, ("Ada Lovelace",)))
    assert not any(key.startswith("title:") for key in work.keys)


def test_no_order_of_entries_makes_one_work_of_two_preprints() -> None:
    first = paper("1", TITLE, ids=("arxiv:2601.00001",))
    second = paper("2", TITLE, ids=("arxiv:2601.00002",))
    neither = paper("3", TITLE)
    for entries in permutations([first, second, neither]):
        found = works(*entries)
        assert len(found) == 2
        for work in found:
            named = {one for entry in work.entries for one in entry.ids}
            assert len(named) <= 1


def test_the_names_of_all_its_entries_keep_a_work_from_anothers_item() -> None:
    page = "https://lab.example/paper"
    (work,) = plan(
        keyed(
            [
                paper("1", TITLE, url=page),
                paper("2", TITLE, url=page, ids=("arxiv:2601.00002",)),
            ],
            "here",
        ),
        {f"title:{TITLE.lower()}": Owner(7, (), ("arxiv:2601.00001",))},
    )
    assert work.owners == ()


def test_works_come_in_the_order_of_their_first_entries() -> None:
    found = works(
        post("a"), post("b"), post("c", url="https://blog.example/a"), post("d")
    )
    assert [[entry.guid for entry in work.entries] for work in found] == [
        ["a", "c"],
        ["b"],
        ["d"],
    ]


def test_many_entries_of_one_title_are_judged_in_a_time_that_grows_with_them() -> None:
    same = [paper(str(n), TITLE, url=f"https://lab.example/{n}") for n in range(5_000)]
    (work,) = works(*same)
    assert len(work.entries) == 5_000


def test_a_post_never_makes_one_of_two_items() -> None:
    entry = post("https://b.example/2", url="https://a.example/1")
    owners = {"url:a.example/1": Owner(1), "url:b.example/2": Owner(2)}
    (work,) = plan(keyed([entry], "here"), owners)
    assert work.owners == (1,)
    assert "url:b.example/2" not in work.keys


def test_posts_of_one_page_never_make_one_of_two_items() -> None:
    pair = [post(f"https://a.example/{n}", url="https://b.example/") for n in "12"]
    owners = {"url:a.example/1": Owner(1), "url:a.example/2": Owner(2)}
    (work,) = plan(keyed(pair, "here"), owners)
    assert work.owners == (1,)


def test_a_post_stays_what_its_guid_names_whatever_address_it_states() -> None:
    owners = {"url:a.example/1": Owner(1), "guid:here mine": Owner(2)}
    (work,) = plan(keyed([post("mine", url="https://a.example/1")], "here"), owners)
    assert work.owners == (2,)
    assert "url:a.example/1" not in work.keys


def test_two_names_of_one_scheme_make_one_of_no_two_papers() -> None:
    entry = paper("1", ids=("arxiv:2601.00001", "arxiv:2601.00002"))
    owners = {"arxiv:2601.00001": Owner(1), "arxiv:2601.00002": Owner(2)}
    (work,) = plan(keyed([entry], "here"), owners)
    assert work.owners == (1,)


def test_names_of_two_schemes_make_one_of_two_papers() -> None:
    entry = paper("1", ids=("arxiv:2601.00001", "doi:10.1145/1.2"))
    owners = {"arxiv:2601.00001": Owner(1), "doi:10.1145/1.2": Owner(2)}
    (work,) = plan(keyed([entry], "here"), owners)
    assert work.owners == (1, 2)


DOI, PREPRINT = "doi:10.1145/1.2", "arxiv:2601.00001"


def test_one_that_only_speaks_of_papers_makes_no_two_of_them_one() -> None:
    owners = {DOI: Owner(1), PREPRINT: Owner(2)}
    said = keyed([paper("1", TITLE, ids=(DOI, PREPRINT))], "a feed")
    (work,) = plan(said, owners, may_merge=False)
    assert work.owners == (1,)
    assert PREPRINT not in work.keys
    (work,) = plan(said, owners)
    assert work.owners == (1, 2)
    assert work.reason == f"{DOI} and {PREPRINT}"


def test_one_that_only_speaks_of_papers_claims_no_second_id_of_a_known_one() -> None:
    said = keyed([paper("1", TITLE, ids=(DOI, PREPRINT))], "a feed")
    (work,) = plan(said, {DOI: Owner(1)}, may_merge=False)
    assert work.owners == (1,)
    assert PREPRINT not in work.keys
    page = "https://evil.example/1"
    two = [
        paper("1", TITLE, url=page, ids=(DOI,)),
        paper("2", TITLE, url=page, ids=(PREPRINT,)),
    ]
    found = plan(keyed(two, "a feed"), {}, may_merge=False)
    assert [{DOI, PREPRINT} & set(work.keys) for work in found] == [{DOI}, {PREPRINT}]


def test_items_set_apart_stay_so_whatever_an_entry_names() -> None:
    one, other = Owner(1, apart=frozenset({2})), Owner(2, apart=frozenset({1}))
    said = keyed([paper("1", TITLE, ids=(DOI, PREPRINT))], "here")
    owners = {"guid:here 1": one, DOI: other, PREPRINT: one}
    (work,) = plan(said, owners)
    assert work.owners == (1,)
    assert DOI not in work.keys
    (work,) = plan(said, {DOI: other, PREPRINT: one})
    assert work.owners == (2,)


def test_entries_of_items_set_apart_are_not_joined_by_a_new_key_of_both() -> None:
    one, other = Owner(1, apart=frozenset({2})), Owner(2, apart=frozenset({1}))
    said = keyed([paper("1", TITLE, ids=(DOI,)), paper("2", TITLE, ids=(DOI,))], "here")
    found = plan(said, {"guid:here 1": one, "guid:here 2": other})
    assert [work.owners for work in found] == [(1,), (2,)]


def test_each_entry_says_what_joined_it() -> None:
    said = keyed([paper("1", ids=(DOI,)), paper("2", "Another", ids=(DOI,))], "here")
    (work,) = plan(said, {})
    assert work.evidence == ("", DOI)
    (work,) = plan(said[:1], {DOI: Owner(1)})
    assert work.evidence == (DOI,)
    (work,) = plan(said[:1], {"guid:here 1": Owner(1)})
    assert work.evidence == ("",)
