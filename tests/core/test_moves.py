"""A permanent redirect is believed when it was seen again, days later."""

from datetime import timedelta

from tests.fakes import MONDAY
from tracker.core.moves import Move, sighted

OLD, NEW, OTHER = "http://a.example/feed", "https://a.example/feed", "https://b.example"


def after(*sightings: tuple[float, str | None]) -> Move | None:
    """Return what is known after sightings: days from Monday, and where it led."""
    move = None
    for days, target in sightings:
        move = sighted(move, OLD, target, MONDAY + timedelta(days=days))
    return move


def adopted(*sightings: tuple[float, str | None]) -> str | None:
    move = after(*sightings)
    return move.target if move and move.is_adopted else None


def test_three_sightings_over_three_days_are_believed() -> None:
    assert adopted((0, NEW), (1, NEW), (3, NEW)) == NEW
    assert adopted((0, NEW), (1, NEW), (2.9, NEW)) is None
    assert adopted((0, NEW), (9, NEW)) is None
    assert adopted(*((n / 24, NEW) for n in range(48))) is None


def test_another_target_or_none_starts_over() -> None:
    assert adopted((0, NEW), (1, OTHER), (2, NEW), (3, NEW)) is None
    assert after((0, NEW), (1, NEW), (3, None)) is None


def test_what_was_believed_stays_until_it_leads_elsewhere() -> None:
    moved = (0, NEW), (1, NEW), (3, NEW)
    assert adopted(*moved, (4, None), (5, None)) == NEW
    assert adopted(*moved, (4, OTHER)) is None


def test_the_move_of_one_address_says_nothing_of_another() -> None:
    move = after((0, NEW))
    assert sighted(move, OTHER, None, MONDAY) == move
    assert sighted(move, OTHER, NEW, MONDAY) == move
