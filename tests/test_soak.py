"""A soak, small: what `make soak` counts is what should be."""

from benchmarks import soak


def test_a_week_with_kills_and_bad_days_ends_as_it_should() -> None:
    found = soak.run(soak.Size(sources=12, readers=2, weeks=1))
    assert (found.kills, found.starts) == (1, 3)
    assert (found.posts_missed, found.posts_twice) == (0, 0)
    assert (found.issues_amiss, found.mails_lost, found.mails_doubled) == (0, 0, 0)
    assert found.mails == 2
    assert found.unsound == []
    assert len(found.memory) == len(found.files) == 1
