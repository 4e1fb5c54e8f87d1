"""Two items of one: somebody says that what was joined is two."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    delete,
    insert,
    select,
    tuple_,
    update,
)

from tracker.core.identity import guid_key, scheme, url_key
from tracker.core.likeness import blocks
from tracker.store import mergers, restoring
from tracker.store.corrections import apart, set_apart
from tracker.store.items import index, next_ids
from tracker.store.mergers import Before, Row
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
from tracker.store.stating import STATED, rows_of

_SOURCE = TABLES["source"]
_PAGE = TABLES["page"]
_OF_TEXT = ("summary", "content", "authors", "affiliations", "categories")


class _Parts(NamedTuple):
    """An item and the one split from it, with the mentions that each has then.

    `joined` are the rows of the items that were joined to it, `kept` what they had.
    """

    item: int
    new: int
    stay: Sequence[Row]
    gone: Sequence[Row]
    joined: Sequence[Row]
    kept: Sequence[Before]

    @property
    def is_back(self) -> bool:
        """Whether the one split from it was joined to it before."""
        return any(row["id"] == self.new for row in self.joined)

    @property
    def before(self) -> Before | None:
        """What the two had before they were joined, where it was kept."""
        return next((one for one in self.kept if one.item == self.new), None)

    def alone(self, column: str) -> list[Any]:
        """Return the sources that the mentions taken out alone are of."""
        stay = {row[column] for row in self.stay}
        return sorted({row[column] for row in self.gone} - stay)


def split(
    connection: Connection, item: int, mentions: Sequence[int], now: datetime
) -> int:
    """Take some of an item's mentions out into one of their own; return its number.

    If they were another item's before the two were joined, that is back: its number,
    words, dates, marks, and all that was kept of it; and the one it was joined to says
    again what it said. So it is, too, if they are all that the item had before another
    was joined to it: that is back then, with the rest. Else what those mentions alone
    state goes with them to a new item: keys, venues, authors, papers that a post is
    about; marks stay, and so does what was said of topics. Signals go where the id is
    by which they were asked for. The two are set apart: no entry makes them one again.
    What each says in words is asked of its sources anew, whatever they answered last.
    """
    parts = _parted(connection, item, mentions)
    before = parts.before
    if before:
        restoring.restate(connection, item, before, parts.alone("source_id"))
    _divide_words(connection, parts)
    _move_mentions(connection, parts, before.mentions if before else frozenset())
    set_apart(connection, item, parts.new, now)
    _inherit(connection, item, parts.new, now)
    if before:
        restoring.give_back(connection, item, before)
    _move_stated(connection, parts)
    if before is None:
        _divide_blocks(connection, item, parts.new)
        _move_signals(connection, item, parts.new)
    ids = {row["id"] for row in parts.gone}
    led = [one.item for one in parts.kept if one.mentions <= ids]
    mergers.lead(connection, {*led} - {parts.new}, parts.new)
    _ask_anew(connection, [*parts.gone, *parts.stay])
    return parts.new


def _parted(connection: Connection, item: int, mentions: Sequence[int]) -> _Parts:
    """Return the parts of an item of which some mentions are taken out."""
    rows = _mentions(connection, item)
    gone = [row for row in rows if row["id"] in mentions]
    stay = [row for row in rows if row["id"] not in mentions]
    joined, kept = _joined(connection, item), mergers.of(connection, item)
    back = restoring.origin(gone, joined, kept)
    if back is None and restoring.is_all_its_own(item, gone, kept):
        gone, stay = stay, gone
        back = restoring.origin(gone, joined, kept)
    new = back or next_ids(connection, 1)[0]
    return _Parts(item, new, stay, gone, joined, kept)


def _joined(connection: Connection, item: int) -> list[Row]:
    """Return the rows of the items that were joined to this one."""
    rows = select(ITEM).where(ITEM.c.merged_into == item).order_by(ITEM.c.id)
    return [dict(row) for row in connection.execute(rows).mappings()]


def _mentions(connection: Connection, item: int) -> list[Row]:
    rows = connection.execute(
        select(MENTION, _SOURCE.c.name.label("source"))
        .join(_SOURCE, _SOURCE.c.id == MENTION.c.source_id)
        .where(MENTION.c.item_id == item)
        .order_by(MENTION.c.first_seen_at, MENTION.c.id)
    ).mappings()
    return [dict(row) for row in rows]


def _keys(mentions: Sequence[Row]) -> set[str]:
    found: set[str | None] = set()
    for row in mentions:
        found |= {guid_key(row["source"], row["guid"]), url_key(row["guid"])}
        found |= {url_key(row["url"])} if row["url"] else set()
    return {key for key in found if key}


def _divide_words(connection: Connection, parts: _Parts) -> None:
    """Let each of two items have a row, in its own words where the store has any.

    Who spoke for both keeps its words; the other says what the joined item said that
    its mentions were of, or what its own mention did, or has a title, and
    what its source says next.
    """
    old = rows_of(connection, [parts.item])[parts.item]
    if parts.is_back:
        restoring.revive(connection, parts.new)
        goes = old["source_id"] in parts.alone("source_id")
    else:
        goes = _goes(parts, old)
        _insert(connection, parts, old, goes=goes)
    if goes:
        first = parts.stay[0]
        speaker = restoring.origin(parts.stay, parts.joined, parts.kept)
        said = next((row for row in parts.joined if row["id"] == speaker), None)
        words = {name: said[name] for name in STATED} if said else _said(first) or {}
        changes = {"source_id": first["source_id"], "authority": 0} | words
        here = ITEM.c.id == parts.item
        connection.execute(update(ITEM).where(here).values(changes))


def _goes(parts: _Parts, old: Row) -> bool:
    """Return whether an item's words are those of the mentions taken out."""
    source, first = old["source_id"], parts.gone[0]
    if source in parts.alone("source_id"):
        return True
    is_its = source in {row["source_id"] for row in parts.gone}
    return is_its and not _said(first)


def _insert(connection: Connection, parts: _Parts, old: Row, *, goes: bool) -> None:
    """Store the row of a new item, in the words of the old one if those go with it."""
    first = parts.gone[0]
    row = old | {
        "id": parts.new,
        "source_id": old["source_id"] if goes else first["source_id"],
        "url": first["url"] or old["url"],
        "first_seen_at": min(one["first_seen_at"] for one in parts.gone),
        "deleted_at": None,
    }
    if not goes:
        words = _said(first)
        if words is None:
            words = _signed(connection, parts.item, first["source_id"])
        row |= {"authority": 0, "content": ""} | words
    connection.execute(insert(ITEM), [row])
    index(connection, parts.new, parts.new)


def _said(mention: Row) -> Row | None:
    """Return what a mention said in other words than its item, None if not known."""
    said = mention["said"]
    return None if said is None else mergers.typed(ITEM, json.loads(said))


def _signed(connection: Connection, item: int, source: int) -> Row:
    """Return no words but the authors that a source states."""
    here = (AUTHORS.c.item_id == item) & (AUTHORS.c.source_id == source)
    stated = connection.scalar(select(AUTHORS.c.authors).where(here)) or ""
    names = "\n".join(line.partition("\t")[0] for line in stated.splitlines())
    return dict.fromkeys(_OF_TEXT, "") | {"authors": names, "version": None}


def _move_mentions(
    connection: Connection, parts: _Parts, known: frozenset[int]
) -> None:
    """Move mentions, and the keys that they alone state; what joined them is no more.

    That is but for those that the item had before it was joined to another, `known`.
    """
    ids = [row["id"] for row in parts.gone]
    move = update(MENTION).where(MENTION.c.id.in_(ids))
    connection.execute(move.values(item_id=parts.new))
    late = update(MENTION).where(
        MENTION.c.id.in_([one for one in ids if one not in known])
    )
    connection.execute(late.values(joined_by=None))
    keys = _keys(parts.gone) - _keys(parts.stay)
    mine = (KEY.c.item_id == parts.item) & KEY.c.key.in_(sorted(keys))
    connection.execute(update(KEY).where(mine).values(item_id=parts.new))


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


def _move_stated(connection: Connection, parts: _Parts) -> None:
    """Move what only the sources of the mentions taken out speak of."""
    ids, names = parts.alone("source_id"), parts.alone("source")
    _move(connection, AUTHORS, parts, AUTHORS.c.source_id.in_(ids))
    for table in (VENUE, LINK):
        _move(connection, table, parts, table.c.source.in_(names))


def _move(
    connection: Connection, table: Table, parts: _Parts, chosen: ColumnElement[bool]
) -> None:
    """Move chosen rows of an item to the new one, but for those it has already."""
    names = [c for c in table.primary_key if c.name != "item_id"]
    taken = select(*names).where(table.c.item_id == parts.new)
    mine = (table.c.item_id == parts.item) & chosen & tuple_(*names).not_in(taken)
    connection.execute(update(table).where(mine).values(item_id=parts.new))


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


def _ask_anew(connection: Connection, mentions: Sequence[Row]) -> None:
    """Let the sources' next answers be read as if they were the first."""
    here = MENTION.c.id.in_([row["id"] for row in mentions])
    connection.execute(update(MENTION).where(here).values(fingerprint=""))
    sources = sorted({row["source_id"] for row in mentions})
    connection.execute(delete(_PAGE).where(_PAGE.c.source_id.in_(sources)))
