"""Correcting what was judged: items split, deleted and brought back."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from sqlalchemy import Connection

from tracker.bootstrap import App
from tracker.core.values import Item
from tracker.errors import UsageError
from tracker.ingest import judging
from tracker.store import corrections, listing, splitting
from tracker.store import engine as store
from tracker.store.corrections import Seen


class Parted(NamedTuple):
    """An item, what was split from it, and how."""

    item: int
    new: int
    how: Literal["new", "back", "unlinked", "before"]
    """A new item, one that was joined and is back, one that stood beside, or all that
    was so before.
    """


def split(app: App, number: int, named: Sequence[str]) -> Parted:
    """Take mentions, named by number or source, out of an item into one of their own.

    Or take an item, named by its number alone, from beside it, such as a post from
    beside a paper. Raises UsageError when the item has none of them, or no others.
    """
    with store.writing(app.engine) as connection:
        item = _item(connection, number)
        seen = corrections.seen(connection, item.id)
        other = _beside(connection, item, seen, named)
        if other is not None:
            corrections.set_apart(connection, item.id, other, app.now())
            return Parted(item.id, other, "unlinked")
        before = _split_before(connection, item.id, seen, named)
        if before is not None:
            return Parted(item.id, before, "before")
        return _split(connection, app, item.id, seen, named)


def _split(
    connection: Connection,
    app: App,
    item: int,
    seen: Sequence[Seen],
    named: Sequence[str],
) -> Parted:
    chosen = {one.id for name in named for one in _named(seen, name, item)}
    if len(chosen) == len(seen):
        raise UsageError(
            f"#{item} was seen nowhere else; name some of its mentions, not all"
        )
    joined = {one.item for one in corrections.mergers(connection, item)}
    new = splitting.split(connection, item, sorted(chosen), app.now())
    judging.judge_stored(connection, app.judge(), [item, new], app.now())
    return Parted(item, new, "back" if new in joined else "new")


def delete(app: App, numbers: Sequence[int], *, undo: bool) -> list[Item]:
    """Delete items for good, or bring them back; return them."""
    with store.writing(app.engine) as connection:
        found = [_item(connection, number) for number in dict.fromkeys(numbers)]
        at = None if undo else app.now()
        changed = {
            item.id
            for item in found
            if (corrections.deleted_at(connection, item.id) is None) is not undo
        }
        corrections.delete_items(connection, changed, at)
        return found


def _item(connection: Connection, number: int) -> Item:
    item = listing.one(connection, number)
    if item is None:
        raise UsageError(f"no item has the number {number}; see `tracker list`")
    return item


def _beside(
    connection: Connection, item: Item, seen: Sequence[Seen], named: Sequence[str]
) -> int | None:
    """Return the item named that stands beside this one, None where none does.

    Raises UsageError where the number could be that of a mention to be split, too.
    """
    name = named[0].removeprefix("#")
    if len(named) > 1 or not name.isdecimal():
        return None
    other = listing.one(connection, int(name))
    if other is None or other.id not in {one.item for one in item.related}:
        return None
    if name == named[0] and len(seen) > 1 and any(_is(one, name) for one in seen):
        raise UsageError(
            f"{name} is a mention of #{item.id} and an item beside it; name the mention"
            f" by its source, or the item as '#{name}'"
        )
    return other.id


def _split_before(
    connection: Connection, item: int, seen: Sequence[Seen], named: Sequence[str]
) -> int | None:
    """Return the item named, or the one of all mentions named, if it is apart."""
    if any(_is(one, name) for one in seen for name in named):
        return None
    for other in corrections.apart(connection, item):
        if [name.removeprefix("#") for name in named] == [str(other)]:
            return other
        theirs = corrections.seen(connection, other)
        if all(any(_is(one, name) for one in theirs) for name in named):
            return other
    return None


def _named(seen: Sequence[Seen], name: str, item: int) -> list[Seen]:
    found = [one for one in seen if _is(one, name)]
    if not found:
        there = ", ".join(f"{one.id} ({one.source})" for one in seen)
        raise UsageError(f"#{item} has no mention {name!r}; it has {there}")
    return found


def _is(one: Seen, name: str) -> bool:
    return name in {str(one.id), one.source}
