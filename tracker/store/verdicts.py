"""What somebody said of items' topics: it outlives whatever is judged anew."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import Connection, and_, delete, insert, select

from tracker.core.values import Verdict
from tracker.store.rows import VERDICT, batches


def of(connection: Connection, items: Sequence[int]) -> defaultdict[int, list[Verdict]]:
    """Return what was said of items, by number, in order of topic."""
    found: defaultdict[int, list[Verdict]] = defaultdict(list)
    columns = (VERDICT.c.item_id, VERDICT.c.topic, VERDICT.c.about, VERDICT.c.since)
    for some in batches(items):
        rows = select(*columns).where(VERDICT.c.item_id.in_(some))
        for item, topic, about, since in connection.execute(
            rows.order_by(VERDICT.c.topic)
        ):
            found[item].append(Verdict(topic, about, since))
    return found


def named(connection: Connection, topics: Collection[str]) -> list[tuple[int, Verdict]]:
    """Return what was said of any item and `topics`, by topic, then by number."""
    columns = (VERDICT.c.item_id, VERDICT.c.topic, VERDICT.c.about, VERDICT.c.since)
    rows = select(*columns).where(VERDICT.c.topic.in_(sorted(topics)))
    ordered = rows.order_by(VERDICT.c.topic, VERDICT.c.item_id)
    return [(row[0], Verdict(*row[1:])) for row in connection.execute(ordered)]


def say(connection: Connection, item: int, verdicts: Collection[Verdict]) -> None:
    """Store what is said of an item; what was said of it before keeps its moment."""
    known = {(one.topic, one.about) for one in of(connection, [item])[item]}
    new = [one for one in verdicts if (one.topic, one.about) not in known]
    unsay(connection, item, [one.topic for one in new])
    rows = [
        {"item_id": item, "topic": v.topic, "about": v.about, "since": v.since}
        for v in new
    ]
    if rows:
        connection.execute(insert(VERDICT), rows)


def unsay(connection: Connection, item: int, topics: Collection[str]) -> None:
    """Take back what was said of an item and topics."""
    here = and_(VERDICT.c.item_id == item, VERDICT.c.topic.in_(sorted(topics)))
    connection.execute(delete(VERDICT).where(here))


def join(connection: Connection, item: int, other: int) -> None:
    """Let what was said of `other` be said of `item`: the later where they differ."""
    both = of(connection, [item, other])
    ours = {one.topic: one for one in both[item]}
    later = [
        one
        for one in both[other]
        if one.topic not in ours or one.since > ours[one.topic].since
    ]
    say(connection, item, later)
    unsay(connection, other, [one.topic for one in both[other]])
