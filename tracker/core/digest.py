"""A week's items put in order for one reader: sections, spread over sources."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from tracker.core.highlights import highlights
from tracker.core.rank import accepted, excluded, is_match, score
from tracker.core.rank.interests import Interests
from tracker.core.spread import spread
from tracker.core.values import Item, ItemKind
from tracker.core.weekly import Pick, Reason, Section

_YEAR = re.compile(r"\b(?:19|20)\d\d$")  # of a venue: "KDD 2026"


_POOL = 20  # of the best items that nobody asked for, one is drawn
_ELSE = Reason("exploration", 0.0, "something else: outside your topics this week")


@dataclass(frozen=True, slots=True)
class Shape:
    """How long a digest's parts are, in items; `explore` of the top are drawn."""

    top: int = 7
    per_section: int = 8
    explore: int = 1


def candidates(
    items: Iterable[Item],
    shown: Mapping[int, datetime],
    interests: Interests,
    now: datetime,
) -> list[Pick]:
    """Return the scored items that may stand in a digest, best first.

    `shown` maps items of earlier issues to when they were shown; such an item
    returns only when a venue accepted it since. Withdrawn items, items the reader
    excludes and items old already when their source was first read stay out; of
    the latter, papers of this year's and last year's conferences may stand.
    """
    picks = []
    for item in items:
        if item.withdrawn or excluded(item, interests):
            continue
        if item.backlog and not _of_late_conference(item, now):
            continue
        pick = _news(score(item, interests, now), shown.get(item.id))
        if pick is not None:
            picks.append(pick)
    return sorted(picks, key=_order)


def _of_late_conference(item: Item, now: datetime) -> bool:
    years = [_YEAR.search(venue.name) for venue in item.venues]
    late = any(year and int(year[0]) >= now.year - 1 for year in years)
    return late and item.kind is ItemKind.PAPER


def _news(pick: Pick, shown_at: datetime | None) -> Pick | None:
    if shown_at is None:
        return pick
    for venue in reversed(pick.item.venues):
        if venue.since is not None and venue.since > shown_at:
            return accepted(pick, venue)
    return None


def _order(pick: Pick) -> tuple[float, int]:
    return (-pick.score, pick.item.id)


def sections(
    picks: Sequence[Pick], interests: Interests, shape: Shape, draw: str = ""
) -> tuple[Section, ...]:
    """Return the digest's sections; an item stands in one of them at most.

    Items go first to the top, then to the companies followed, then to the
    conferences, then to their best topic; what marks or words speak for, of no topic,
    goes to what is to the reader's taste. Each topic and each company followed that has
    an item has a place. Empty sections are left out. The text `draw` decides, by
    chance, what is drawn of the items that nobody asked for.
    """
    fresh = [pick for pick in picks if not pick.item.backlog]
    top = _top(fresh, shape, draw)
    placed = {pick.item.id for pick in top}
    rest = [(_home(p, interests), p) for p in picks if p.item.id not in placed]
    homes: dict[str, list[Pick]] = {}
    for home, pick in rest:
        homes.setdefault(home, []).append(pick)
    owed = _owed(top, rest, interests)
    found, shown = [Section("top", "Read first", _skimmable(top))], list(top)
    for key, title in _headings(interests):
        fitting = homes.get(key, [])
        chosen = spread(fitting, shape.per_section, owed, shown)
        shown += chosen
        more = len(fitting) - len(chosen)
        found.append(Section(key, title, _skimmable(chosen), more))
    return tuple(section for section in found if section.picks)


def _top(fresh: Sequence[Pick], shape: Shape, draw: str) -> list[Pick]:
    """Return what to read first; the last are drawn of what nobody asked for."""
    others = [pick for pick in fresh if not is_match(pick)][:_POOL]
    others.sort(key=lambda pick: sha256(f"{draw} {pick.item.id}".encode()).digest())
    drawn = others[: min(shape.explore, shape.top - 1)]
    wanted = [pick for pick in fresh if is_match(pick)]
    top = spread(wanted, shape.top - len(drawn))
    if not top:  # an empty week stays one
        return []
    return top + [replace(pick, reasons=(_ELSE, *pick.reasons)) for pick in drawn]


def _owed(
    top: Sequence[Pick], rest: Sequence[tuple[str, Pick]], interests: Interests
) -> frozenset[int]:
    """Return the items of `rest` without which a topic or company had no place.

    That is its best one in the section of its own, else its best one of all.
    """
    best: dict[str, tuple[bool, Pick]] = {}
    for home, pick in rest:
        for wish in _wishes(pick, interests):
            is_own = f"{wish}:".startswith(f"{home}:")
            if wish not in best or (is_own and not best[wish][0]):
                best[wish] = is_own, pick
    granted = {wish for pick in top for wish in _wishes(pick, interests)}
    owed = set()
    for wish in sorted(best):
        if wish not in granted:
            pick = best[wish][1]
            owed.add(pick.item.id)
            granted |= _wishes(pick, interests)
    return frozenset(owed)


def _wishes(pick: Pick, interests: Interests) -> set[str]:
    """Return what a pick answers: "topic:<name>", "companies:<name>"."""
    item = pick.item
    topics = (c.name for c in item.topics if c.name in interests.topics)
    companies = (c.name for c in item.companies if c.name in interests.companies)
    return {f"topic:{n}" for n in topics} | {f"companies:{n}" for n in companies}


def _headings(interests: Interests) -> list[tuple[str, str]]:
    topics = [(f"topic:{name}", interests.title(name)) for name in interests.topics]
    return [
        *topics,
        ("taste", "Also to your taste"),
        ("companies", "Companies you follow"),
        ("conferences", "Conferences"),
    ]


def _home(pick: Pick, interests: Interests) -> str:
    """Return the key of the section an item belongs to, "" for none."""
    item = pick.item
    if not item.backlog and any(c.name in interests.companies for c in item.companies):
        return "companies"
    if item.venues:
        return "conferences"
    wanted = [claim for claim in item.topics if claim.name in interests.topics]
    if not wanted:
        return "taste" if is_match(pick) else ""
    best = max(wanted, key=lambda c: (c.weight, -interests.topics.index(c.name)))
    return f"topic:{best.name}"


def _skimmable(picks: Iterable[Pick]) -> tuple[Pick, ...]:
    """Return `picks` with the sentences that carry idea and result."""
    return tuple(
        replace(pick, highlights=highlights(pick.item.title, pick.item.summary))
        for pick in picks
    )
