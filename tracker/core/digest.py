"""A week's items put in order for one reader: sections, spread over sources."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tracker.core.highlights import highlights
from tracker.core.rank import Interests, accepted, excluded, is_match, score
from tracker.core.values import Item, ItemKind, Pick, Section

# What each earlier pick of the same source, or of the same first topic, costs the
# next one: a prolific source needs ever better items to be picked again.
_SAME_SOURCE = 1.5
_SAME_TOPIC = 0.5
_YEAR = re.compile(r"\b(?:19|20)\d\d$")  # of a venue: "KDD 2026"


@dataclass(frozen=True, slots=True)
class Shape:
    """How long a digest's parts are, in items."""

    top: int = 7
    per_section: int = 8


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
    picks: Sequence[Pick], interests: Interests, shape: Shape
) -> tuple[Section, ...]:
    """Return the digest's sections; an item stands in one of them at most.

    Items go first to the top, then to the companies followed, then to the
    conferences, then to their best topic. Empty sections are left out.
    """
    fresh = [pick for pick in picks if not pick.item.backlog]
    top = spread([pick for pick in fresh if is_match(pick)], shape.top)
    placed = {pick.item.id for pick in top}
    rest = [pick for pick in picks if pick.item.id not in placed]
    homes: dict[str, list[Pick]] = {}
    for pick in rest:
        homes.setdefault(_home(pick, interests), []).append(pick)
    found = [Section("top", "Read first", _skimmable(top))] + [
        _section(key, title, homes.get(key, []), shape)
        for key, title in _headings(interests)
    ]
    return tuple(section for section in found if section.picks)


def _headings(interests: Interests) -> list[tuple[str, str]]:
    topics = [(f"topic:{name}", interests.title(name)) for name in interests.topics]
    return [
        *topics,
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
        return ""
    best = max(wanted, key=lambda c: (c.weight, -interests.topics.index(c.name)))
    return f"topic:{best.name}"


def _section(key: str, title: str, picks: Sequence[Pick], shape: Shape) -> Section:
    chosen = spread(picks, shape.per_section)
    return Section(key, title, _skimmable(chosen), more=len(picks) - len(chosen))


def _skimmable(picks: Iterable[Pick]) -> tuple[Pick, ...]:
    """Return `picks` with the sentences that carry idea and result."""
    return tuple(
        replace(pick, highlights=highlights(pick.item.title, pick.item.summary))
        for pick in picks
    )


def spread(picks: Sequence[Pick], most: int) -> list[Pick]:
    """Return up to `most` of `picks`, best first, spread over sources and topics.

    Greedy, after maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998):
    each choice takes the pick of the highest score less what it has in common with
    the earlier choices.
    """
    left = list(picks)
    sources: Counter[str] = Counter()
    topics: Counter[str] = Counter()
    chosen: list[Pick] = []
    while left and len(chosen) < most:
        best = min(
            left, key=lambda pick: (-_worth(pick, sources, topics), pick.item.id)
        )
        left.remove(best)
        chosen.append(best)
        sources[_first(best.item.sources)] += 1
        topics[_first([claim.name for claim in best.item.topics])] += 1
    return chosen


def _worth(pick: Pick, sources: Counter[str], topics: Counter[str]) -> float:
    item = pick.item
    topic = _first([claim.name for claim in item.topics])
    return (
        pick.score
        - _SAME_SOURCE * sources[_first(item.sources)]
        - (_SAME_TOPIC * topics[topic] if topic else 0)
    )


def _first(names: Sequence[str]) -> str:
    return names[0] if names else ""
