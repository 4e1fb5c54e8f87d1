"""Links: what was signed comes back, nothing else does, and not for ever."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import MONDAY
from tracker.errors import LinkError
from tracker.links import LASTING, MARKS_LAST, Action, Links, Wish

LINKS = Links("https://x.example/", "s" * 40)
WISH = Wish("Ada Łukasz", Action.MORE, 12)


def token(address: str) -> str:
    return address.rpartition("/")[2]


@given(
    st.text(min_size=1, max_size=100),
    st.sampled_from(Action),
    st.none() | st.integers(1, 2**40),
)
def test_what_is_signed_comes_back(
    reader: str, action: Action, item: int | None
) -> None:
    wish = Wish(reader, action, item)
    address = LINKS.to(wish, MONDAY)
    assert address.startswith("https://x.example/do/")
    assert LINKS.wish(token(address), MONDAY) == wish


def test_a_link_ends_after_its_time() -> None:
    made = token(LINKS.to(WISH, MONDAY))
    assert LINKS.wish(made, MONDAY + MARKS_LAST - timedelta(minutes=1)) == WISH
    with pytest.raises(LinkError, match="expired"):
        LINKS.wish(made, MONDAY + MARKS_LAST + timedelta(days=1))
    stop = token(LINKS.to(Wish("Ada", Action.STOP), MONDAY))
    later = MONDAY + LASTING - timedelta(days=1)
    assert LINKS.wish(stop, later).action is Action.STOP


def test_a_link_made_twice_on_a_day_is_the_same() -> None:
    assert LINKS.to(WISH, MONDAY) == LINKS.to(WISH, MONDAY + timedelta(hours=3))


@given(st.data())
def test_a_changed_link_does_nothing(data: st.DataObject) -> None:
    made = token(LINKS.to(WISH, MONDAY))
    place = data.draw(st.integers(0, len(made) - 2))  # the last bits may mean nothing
    letter = data.draw(st.sampled_from("abcXYZ019-_."))
    changed = made[:place] + letter + made[place + 1 :]
    if changed != made:
        with pytest.raises(LinkError):
            LINKS.wish(changed, MONDAY)


@given(st.text(max_size=300))
def test_what_was_never_a_link_does_nothing(text: str) -> None:
    with pytest.raises(LinkError):
        LINKS.wish(text, MONDAY)


def test_a_link_of_another_secret_does_nothing() -> None:
    other = Links(LINKS.url, "t" * 40)
    with pytest.raises(LinkError):
        LINKS.wish(token(other.to(WISH, MONDAY)), MONDAY)


def test_the_secret_is_not_shown() -> None:
    assert LINKS.secret not in repr(LINKS)
