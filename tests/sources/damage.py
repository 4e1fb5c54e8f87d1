"""JSON values with parts of wrong types, for tests of readers."""

from collections.abc import Iterator
from itertools import count

from hypothesis import strategies as st

_WRONG: tuple[object, ...] = (
    *(None, True, 7, -(10**40), float("inf"), "", "\ud800", "//["),
    *([], {}, [None], [[["x"]]], {"value": {}}, {"name": {}}, "x" * 3000),
    *("0000-99-99T99:99", "&#xD800;<"),
)
JUNK = st.dictionaries(
    st.integers(1, 200), st.sampled_from(_WRONG), min_size=1, max_size=12
)


def damaged(value: object, junk: dict[int, object]) -> object:
    """Return a JSON value with some parts, counted from outside, replaced."""
    return _changed(value, junk, count())


def _changed(value: object, junk: dict[int, object], places: Iterator[int]) -> object:
    place = next(places)
    if place in junk:
        return junk[place]
    if isinstance(value, dict):
        return {name: _changed(part, junk, places) for name, part in value.items()}
    if isinstance(value, list):
        return [_changed(part, junk, places) for part in value]
    return value
