"""What somebody says of items: that one is two, that one shall not be seen again."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from tracker.core.identity import guid_key, scheme, url_key
from tracker.core.likeness import blocks
from tracker.store.items import index, next_ids
from tracker.store.rows import (
    APART,
    AUTHORS,
    BLOCK,
    ITEM,
    KEY,
    LINK,
    MENTION,
    SIGNAL,
    TABLES,
    VENUE,
)

_SOURCE = TABLES["source"]
_PAGE = TABLES["page"]
_OF_TEXT = ("summary", "content", "authors", "affiliations", "categories")


class Seen(NamedTuple):
    """Where an item was seen, under which number; what joined it to the item."""

    id: int
    source: str
    url: str | None
    first_seen: datetime
    joined_by: str | None


class Merger(NamedTuple):
    """That another item was joined to this one: its number, by what, when."""

    item: int
    reason: str | None
    at: datetime | None


def seen(connection: Connection, item: int) -> list[Seen]:
    """Return where an item was seen, the first one first."""
    mention = MENTION.c
    rows = connection.execute(
        select(
            *(mention.id, _SOURCE.c.name, mention.url),
            *(mention.first_seen_at, mention.joined_by),
        )
        .join(_SOURCE, _SOURCE.c.id == mention.source_id)
        .where(mention.item_id == item)
        .order_by(mention.first_seen_at, mention.id)
    )
    return [Seen(*row) for row in rows]


def mergers(connection: Connection, item: int) -> list[Merger]:
    """Return the items that were joined to this one, the first one first."""
    rows = connection.execute(
        select(ITEM.c.id, ITEM.c.merged_by, ITEM.c.merged_at)
        .where(ITEM.c.merged_into == item)
        .order_by(ITEM.c.merged_at, ITEM.c.id)
    )
    return [Merger(*row) for row in rows]


def apart(connection: Connection, item: int) -> tuple[int, ...]:
    """Return the items that were split from this one, or it from them."""
    rows = select(APART.c.other_id).where(APART.c.item_id == item)
    return tuple(sorted(connection.scalars(rows)))


def deleted_at(connection: Connection, item: int) -> datetime | None:
    """Return since when an item is deleted, None where it is not."""
    found: datetime | None = connection.scalar(
        select(ITEM.c.deleted_at).where(ITEM.c.id == item)
    )
    return found


def delete_items(
    connection: Connection, items: Collection[int], at: datetime | None
) -> None:
    """Delete items, or with None bring them back.

    Their rows and keys stay: what their sources say again is known, and as deleted.
    """
    if items:
        here = ITEM.c.id.in_(sorted(items))
        connection.execute(update(ITEM).where(here).values(deleted_at=at))


def split(
    connection: Connection, item: int, mentions: Sequence[int], now: datetime
) -> int:
    """Take some of an item's mentions out into one of their own; return its number.

    What those mentions alone state goes with them: keys, venues, authors, papers that a
    post is about; marks stay, and so does what was said of topics. Signals go where the
    id is by which they were asked for. The two are set apart: no entry makes them one
    again. What each says in words is asked of its sources anew, whatever they answered
    last.
    """
    rows = _mentions(connection, item)
    gone = [row for row in rows if row["id"] in mentions]
    stay = [row for row in rows if row["id"] not in mentions]
    (new,) = next_ids(connection, 1)
    _insert_item(connection, item, new, gone, stay)
    here = MENTION.c.id.in_([row["id"] for row in gone])
    connection.execute(update(MENTION).where(here).values(item_id=new, joined_by=None))
    keys = _keys(gone) - _keys(stay)
    mine = (KEY.c.item_id == item) & KEY.c.key.in_(sorted(keys))
    connection.execute(update(KEY).where(mine).values(item_id=new))
    pairs = ((item, new), (new, item))
    connection.execute(
        insert(APART),
        [{"item_id": a, "other_id": b, "since": now} for a, b in pairs],
    )
    _inherit(connection, item, new, now)
    _move_stated(connection, item, new, gone, stay)
    _divide_blocks(connection, item, new)
    _move_signals(connection, item, new)
    _ask_anew(connection, [*gone, *stay])
    return new


def _mentions(connection: Connection, item: int) -> list[dict[str, Any]]:
    rows = connection.execute(
        select(MENTION, _SOURCE.c.name.label("source"))
        .join(_SOURCE, _SOURCE.c.id == MENTION.c.source_id)
        .where(MENTION.c.item_id == item)
        .order_by(MENTION.c.first_seen_at, MENTION.c.id)
    ).mappings()
    return [dict(row) for row in rows]


def _keys(mentions: Sequence[dict[str, Any]]) -> set[str]:
    found: set[str | None] = set()
    for row in mentions:
        found |= {guid_key(row["source"], row["guid"]), url_key(row["guid"])}
        found |= {url_key(row["url"])} if row["url"] else set()
    return {key for key in found if key}


def _insert_item(
    connection: Connection,
    item: int,
    new: int,
    gone: Sequence[dict[str, Any]],
    stay: Sequence[dict[str, Any]],
) -> None:
    """Store the row of the new item, in the words of the old until its source speaks.

    Who spoke for both keeps its words; the other has a title, and what it says next.
    """
    old = dict(
        connection.execute(select(ITEM).where(ITEM.c.id == item)).mappings().one()
    )
    goes = old["source_id"] in {row["source_id"] for row in gone}
    row = old | {
        "id": new,
        "source_id": old["source_id"] if goes else gone[0]["source_id"],
        "url": gone[0]["url"] or old["url"],
        "first_seen_at": min(one["first_seen_at"] for one in gone),
        "deleted_at": None,
    }
    if goes:
        changes = {"source_id": stay[0]["source_id"], "authority": 0}
        connection.execute(update(ITEM).where(ITEM.c.id == item).values(changes))
    else:
        row |= {"authority": 0, "version": None} | dict.fromkeys(_OF_TEXT, "")
    connection.execute(insert(ITEM), [row])
    index(connection, new, new)


def _inherit(connection: Connection, item: int, new: int, now: datetime) -> None:
    """Let what was apart from an item be apart from what is split from it."""
    others = [other for other in apart(connection, item) if other != new]
    rows = [
        {"item_id": a, "other_id": b, "since": now}
        for other in others
        for a, b in ((other, new), (new, other))
    ]
    if rows:
        connection.execute(insert(APART), rows)


def _move_stated(
    connection: Connection,
    item: int,
    new: int,
    gone: Sequence[dict[str, Any]],
    stay: Sequence[dict[str, Any]],
) -> None:
    """Move what only the sources of the mentions taken out speak of."""
    ids = {row["source_id"] for row in gone} - {row["source_id"] for row in stay}
    stated = (AUTHORS.c.item_id == item) & AUTHORS.c.source_id.in_(sorted(ids))
    connection.execute(update(AUTHORS).where(stated).values(item_id=new))
    names = {row["source"] for row in gone} - {row["source"] for row in stay}
    for table in (VENUE, LINK):
        mine = (table.c.item_id == item) & table.c.source.in_(sorted(names))
        connection.execute(update(table).where(mine).values(item_id=new))


def _divide_blocks(connection: Connection, item: int, new: int) -> None:
    """Let each of two items be found under the numbers of its own title and authors.

    One of them has the words of both; the numbers that those do not explain are the
    other's, or all of them where one title and one list of authors were both's.
    """
    here = BLOCK.c.item_id == item
    every = set(connection.scalars(select(BLOCK.c.block).where(here)))
    columns = (ITEM.c.id, ITEM.c.title, ITEM.c.authors, ITEM.c.authority)
    rows = connection.execute(select(*columns).where(ITEM.c.id.in_((item, new))))
    speaker, other = sorted(rows, key=lambda row: row.authority, reverse=True)
    own = every & set(blocks(speaker.title, speaker.authors.splitlines()))
    connection.execute(delete(BLOCK).where(here))
    stays = [{"block": n, "item_id": speaker.id} for n in sorted(own or every)]
    goes = [{"block": n, "item_id": other.id} for n in sorted(every - own or every)]
    if every:
        connection.execute(insert(BLOCK), stays + goes)


def _move_signals(connection: Connection, item: int, new: int) -> None:
    """Move signals if it is the new item that has the id they were asked for by.

    Sources of evidence ask by arXiv ids first, by DOIs else.
    """
    schemes: dict[int, set[str]] = {item: set(), new: set()}
    for key, one in connection.execute(select(KEY).where(KEY.c.item_id.in_(schemes))):
        schemes[one].add(scheme(key))
    both = schemes[item] | schemes[new]
    asked = next((name for name in ("arxiv", "doi") if name in both), "")
    if asked in schemes[new] - schemes[item]:
        mine = SIGNAL.c.item_id == item
        connection.execute(update(SIGNAL).where(mine).values(item_id=new))


def _ask_anew(connection: Connection, mentions: Sequence[dict[str, Any]]) -> None:
    """Let the sources' next answers be read as if they were the first."""
    here = MENTION.c.id.in_([row["id"] for row in mentions])
    connection.execute(update(MENTION).where(here).values(fingerprint=""))
    sources = sorted({row["source_id"] for row in mentions})
    connection.execute(delete(_PAGE).where(_PAGE.c.source_id.in_(sources)))
