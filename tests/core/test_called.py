"""Which company somebody means by a name."""

import pytest

from tracker.core.classify.called import Called
from tracker.core.values import Company

CALLED = Called(
    (
        Company("acme", "Acme Works", aliases=("Roadrunner", "snap"), alone=("ARL",)),
        Company("snap", "Snap (Chat)", aliases=("Snap Inc",)),
    )
)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("ACME", "acme"),
        ("acme works", "acme"),
        ("roadrunner", "acme"),
        ("arl", "acme"),
        ("snap", "snap"),
        ("Roadrunner AI Research", "acme"),
        ("Roadrunner + Snap Inc", None),
        ("acme research", None),
        ("", None),
    ],
)
def test_a_name_a_title_an_alias_or_an_affiliation_means_a_company(
    said: str, name: str | None
) -> None:
    found = CALLED.company(said)
    assert (found.name if found else None) == name
