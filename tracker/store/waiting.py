"""What waits in a reader's reading list."""

from sqlalchemy import Connection, case, func, select

from tracker.core.values import MarkState
from tracker.core.weekly import NOTHING_WAITS, Waiting
from tracker.store import listing
from tracker.store.readers import MARK
from tracker.store.rows import ITEM

_KEPT = (str(MarkState.READING), str(MarkState.TO_READ))


def waiting(connection: Connection, reader: int | None, most: int) -> Waiting:
    """Return what a reader marked to-read or reading, `most` of it by name."""
    there = select(ITEM.c.id).where(ITEM.c.deleted_at.is_(None))
    mine = (MARK.c.reader_id == reader) & MARK.c.state.in_(_KEPT)
    kept = mine & MARK.c.item_id.in_(there)
    counts = {
        state: int(count)
        for state, count in connection.execute(
            select(MARK.c.state, func.count()).where(kept).group_by(MARK.c.state)
        )
    }
    if not counts:
        return NOTHING_WAITS
    being_read_first = case((MARK.c.state == str(MarkState.READING), 0), else_=1)
    first = connection.execute(
        select(MARK.c.item_id, MARK.c.updated_at)
        .where(kept)
        .order_by(being_read_first, MARK.c.updated_at, MARK.c.item_id)
        .limit(most)
    ).all()
    named = [(listing.one(connection, item), since) for item, since in first]
    return Waiting(
        to_read=counts.get(str(MarkState.TO_READ), 0),
        reading=counts.get(str(MarkState.READING), 0),
        longest=tuple((item, since) for item, since in named if item is not None),
    )
