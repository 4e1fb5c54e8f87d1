"""Works that share no key: joined to stored papers, or to one another."""

from dataclasses import replace

from tests.fakes import paper, post
from tracker.core import alike
from tracker.core.alike import Candidate, with_blocks, with_likes
from tracker.core.dedup import Work, keyed, plan
from tracker.core.values import Entry

SHORT = "Ranking pins with graph networks"
LONG = f"{SHORT}: a year of it"


def works(*entries: Entry) -> list[Work]:
    return with_blocks(plan(keyed(entries, "here"), {}))


def stored(entry: Entry, number: int = 7) -> dict[int, list[Candidate]]:
    (work,) = works(entry)
    return {block: [(number, alike.paper(work))] for block in work.blocks}


def test_a_paper_like_a_stored_one_is_that_with_the_evidence() -> None:
    (work,) = with_likes(works(paper("1", LONG)), stored(paper("2", SHORT)))
    assert work.owners == (7,)
    assert work.evidence == ("one title begins the other, 100% of authors",)


def test_a_paper_like_none_is_new() -> None:
    (work,) = with_likes(
        works(paper("1", "What boards say")), stored(paper("2", SHORT))
    )
    assert work.owners == ()
    assert work.reason == ""


def test_papers_alike_of_one_batch_are_one_work_that_has_the_keys_of_both() -> None:
    first = paper("1", SHORT, ids=("arxiv:2601.00001",))
    second = paper("2", LONG, ids=("doi:10.1145/1.2",))
    (work,) = with_likes(works(first, second), {})
    assert work.entries == (first, second)
    assert {"arxiv:2601.00001", "doi:10.1145/1.2"} <= set(work.keys)
    assert work.evidence[0] == ""
    assert "authors" in work.evidence[1]


def test_a_work_that_is_known_by_a_key_is_compared_with_none() -> None:
    known = [replace(work, owners=(3,)) for work in works(paper("1", LONG))]
    (work,) = with_likes(known, stored(paper("2", SHORT)))
    assert work.owners == (3,)


def test_posts_have_no_likes() -> None:
    (work,) = with_likes(works(post("1", SHORT)), stored(paper("2", SHORT)))
    assert work.owners == ()
    assert work.blocks == ()


def test_a_block_of_many_tells_nothing() -> None:
    (one,) = works(paper("2", SHORT))
    many = {block: [(n, alike.paper(one)) for n in range(60)] for block in one.blocks}
    (work,) = with_likes(works(paper("1", LONG)), many)
    assert work.owners == ()
