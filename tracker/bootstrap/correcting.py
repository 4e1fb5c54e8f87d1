"""Correcting what was judged: items split, deleted and brought back."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from tracker.bootstrap import App
from tracker.core.values import Item
from tracker.errors import UsageError
from tracker.ingest import judging
from tracker.store import corrections, listing, splitting
from tracker.store import engine as store
from tracker.store.corrections import Seen


class Parted(NamedTuple):
    """An item, what was split from it, and what that was.

    `before` says that it was split before, `back` that it was joined to the item.
    """

    item: int
    new: int
    before: bool = False
    back: bool = False


def split(app: App, number: int, named: Sequence[str]) -> Parted:
    """Take mentions, named by number or source, out of an item into one of their own.

    Raises UsageError when the item has none of them, or no others.
    """
    with store.writing(app.engine) as connection:
        item = _item(connection, number).id
        seen = corrections.seen(connection, item)
        before = _split_before(connection, item, seen, named)
        if before is not None:
            return Parted(item, before, before=True)
        chosen = {one.id for name in named for one in _named(seen, name, item)}
        if len(chosen) == len(seen):
            raise UsageError(
                f"#{item} was seen nowhere else; name some of its mentions, not all"
            )
        joined = {one.item for one in corrections.mergers(connection, item)}
        new = splitting.split(connection, item, sorted(chosen), app.now())
        judging.judge_stored(connection, app.judge(), [item, new], app.now())
        return Parted(item, new, back=new in joined)


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


def _split_before(
    connection: Connection, item: int, seen: Sequence[Seen], named: Sequence[str]
) -> int | None:
    """Return the item that all the mentions named are of since an earlier split."""
    if any(_is(one, name) for one in seen for name in named):
        return None
    for other in corrections.apart(connection, item):
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
