"""A digest made again from the JSON that is kept of it, to be shown in other forms.

What JSON leaves out is missing: abstracts, what else fitted a section, the words of
sources in trouble.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tracker.core.values import Claim, Item, ItemKind, Outcome
from tracker.core.weekly import (
    Digest,
    Pick,
    Reader,
    Reason,
    Section,
    SourceReport,
    Trend,
    TrendKind,
    Waiting,
    Week,
)

# What a reason's words begin with, of those that an item's byline may say too.
_REASONS = {"accepted": "venue", "from": "company", "published": "fresh"}


def digest(text: str, week: Week, reader: Reader, names: Mapping[str, str]) -> Digest:
    """Return the digest that data.json_text wrote; `names` are titles for display."""
    kept = json.loads(text)
    return Digest(
        week=week,
        reader=kept["reader"],
        time_zone=reader.time_zone,
        sections=tuple(map(_section, kept["sections"])),
        sources=tuple(_source(one, names) for one in kept["sources"]),
        seen=kept["seen"],
        names=names,
        joined=kept["joined"],
        old=kept["old"],
        trends=tuple(map(_trend, kept["trends"])),
        waiting=_waiting(kept["waiting"]),
        language=reader.language,
    )


def _section(kept: dict[str, Any]) -> Section:
    return Section(kept["key"], kept["title"], tuple(map(_pick, kept["items"])))


def _pick(kept: dict[str, Any]) -> Pick:
    item = Item(
        id=kept["id"],
        kind=ItemKind(kept["kind"]),
        title=kept["title"],
        url=kept["url"],
        first_seen=datetime.fromisoformat(kept["first_seen"]),
        published=_moment(kept["published"]),
        links=tuple(kept["links"]),
        authors=tuple(kept["authors"]),
        sources=tuple(kept["sources"]),
        topics=_claims(kept["topics"]),
        companies=_claims(kept["companies"]),
        venues=_claims([kept["venue"]] if kept["venue"] else []),
    )
    reasons = tuple(Reason(_kind(said), 0.0, said) for said in kept["reasons"])
    return Pick(item, kept["score"], reasons, tuple(kept["highlights"]))


def _claims(names: list[str]) -> tuple[Claim, ...]:
    return tuple(Claim(name, "", "") for name in names)


def _kind(words: str) -> str:
    return _REASONS.get(words.partition(" ")[0], "")


def _moment(kept: str | None) -> datetime | None:
    return datetime.fromisoformat(kept) if kept else None


def _source(kept: dict[str, Any], names: Mapping[str, str]) -> SourceReport:
    name = kept["name"]
    outcome = Outcome(kept["outcome"])
    return SourceReport(name, names.get(name, name), outcome, kept["new"])


def _trend(kept: dict[str, Any]) -> Trend:
    return Trend(
        kind=TrendKind(kept["kind"]),
        name=kept["name"],
        count=kept["count"],
        before=tuple(kept["before"]),
        rise=kept["rise"],
        is_rising=kept["rising"],
    )


def _waiting(kept: dict[str, Any]) -> Waiting:
    longest = tuple(
        (
            Item(one["id"], ItemKind.PAPER, one["title"], one["url"], since),
            since,
        )
        for one in kept["longest"]
        for since in [datetime.fromisoformat(one["since"])]
    )
    return Waiting(kept["to_read"], kept["reading"], longest)
