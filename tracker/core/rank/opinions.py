"""What marks say of items: how much they were liked, or not."""

from dataclasses import dataclass

from tracker.core.values import Item, Mark, MarkState

_RATED = {5: 1.0, 4: 0.8, 2: -0.7, 1: -1.0}
_STATES = {
    MarkState.READ: (0.5, "which you read"),
    MarkState.READING: (0.6, "which you are reading"),
    MarkState.TO_READ: (0.5, "which you want to read"),
    MarkState.NOT_FOR_ME: (-1.0, "which is not for you"),
}


@dataclass(frozen=True, slots=True)
class Opinion:
    """An item a reader marked: `weight` is in [-1, 1], below 0 for what they disliked.

    `words` say the mark, "which you rated 5".
    """

    item: Item
    weight: float
    words: str


def opinion(item: Item, mark: Mark) -> Opinion | None:
    """Return what a mark says of an item, None where it says neither yes nor no."""
    if mark.rating is not None and mark.state is not MarkState.NOT_FOR_ME:
        weight, words = _RATED.get(mark.rating, 0.0), f"which you rated {mark.rating}"
    else:
        weight, words = _STATES.get(mark.state, (0.0, ""))
    return Opinion(item, weight, words) if weight else None
