"""How much an item deserves a reader's time, and why: a sum of named parts."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from math import log1p, log2

from tracker.core.rank import deployment
from tracker.core.rank.interests import (
    Interests,
    job_points,
    topic_points,
    use_points,
    wanted,
)
from tracker.core.text import words
from tracker.core.values import Claim, Item, ItemKind, SignalName
from tracker.core.weekly import Pick, Reason

# Points of each part beside those in `interests`. Topics and companies are what the
# reader asked for; the rest orders what was asked for.
_COMPANY = 3.0
_INCLUDED = 3.0
_VENUE = 2.0
_ACCEPTED = 1.0
_SOURCE = 0.75
_MOST_SOURCES = 3
_POPULAR = 0.75  # of upvotes, and of citations: less than any wish of the reader's
_MANY = 100  # from which more of them say no more
_FRESH = 1.0
_FRESH_DAYS = 14
_AHEAD = timedelta(days=1)  # by which a clock may be wrong
_STALE = 1.0  # for each time that a post's age doubles beyond those days
_STALEST = 3.0
_MATCHES = frozenset({"topic", "company", "named", "venue", "included"})
_TASTE = 1.0  # points from which an item is to the reader's taste


def excluded(item: Item, interests: Interests) -> bool:
    """Return whether a word the reader excludes stands in the item's title or text."""
    return bool(excluding(item, interests))


def excluding(item: Item, interests: Interests) -> list[str]:
    """Return which of the words that the reader excludes stand in the item."""
    return _named(item, interests.exclude)


def _named(item: Item, phrases: Sequence[str]) -> list[str]:
    """Return which of the phrases stand in the item's title or text."""
    if not phrases:
        return []
    text = f" {' '.join(words(f'{item.title} {item.summary}'))} "
    return [one for one in phrases if f" {' '.join(words(one))} " in text]


def score(item: Item, interests: Interests, now: datetime) -> Pick:
    """Return the item with its score for a reader at `now`, the sum of its reasons."""
    learnt = interests.learnt.get(item.id)
    parts = (
        *((learnt,) if learnt else ()),
        *_topic_reasons(item, interests),
        *_company_reasons(item, interests),
        *_included_reasons(item, interests),
        *_use_reasons(item, interests),
        *_venue_reasons(item),
        *_source_reasons(item),
        *_popular_reasons(item, interests),
        *_fresh_reasons(item, now),
    )
    return Pick(item, round(sum(part.points for part in parts), 3), parts)


def accepted(pick: Pick, venue: Claim) -> Pick:
    """Return `pick` as news once more: it was accepted since it was last shown."""
    reason = Reason("accepted", _ACCEPTED, f"now accepted at {venue.name}")
    others = tuple(part for part in pick.reasons if part.name != "venue")
    venue_points = sum(part.points for part in pick.reasons if part.name == "venue")
    first = Reason(reason.name, reason.points + venue_points, reason.words)
    return Pick(pick.item, round(pick.score + _ACCEPTED, 3), (first, *others))


def is_match(pick: Pick) -> bool:
    """Return whether anything the reader asked for speaks for the item."""
    return any(
        reason.name in _MATCHES or (reason.name == "taste" and reason.points >= _TASTE)
        for reason in pick.reasons
    )


def _topic_reasons(item: Item, interests: Interests) -> tuple[Reason, ...]:
    weights = {claim.name: claim.weight for claim in item.topics}
    found = wanted(weights, interests)
    if not found:
        return ()
    named = [_in_sentence(interests.title(name)) for name, _ in found[:2]]
    said = f"about {' and '.join(named)}"
    reasons = [Reason("topic", topic_points(found, interests), said)]
    asked = [name for name, _ in found if name in interests.job_topics]
    if asked:
        title = _in_sentence(interests.title(asked[0]))
        job = job_points(found, interests)
        reasons.append(Reason("job", job, f"your job description asks for {title}"))
    return tuple(reasons)


def _in_sentence(title: str) -> str:
    """Return a title as it stands inside a sentence: "Ranking" is "ranking"."""
    first = title.partition(" ")[0]
    return title if first[1:] != first[1:].lower() else title[:1].lower() + title[1:]


def _company_reasons(item: Item, interests: Interests) -> tuple[Reason, ...]:
    followed = [c.name for c in item.companies if c.name in interests.companies]
    if followed:
        said = f"from {_listed(followed, interests)}, which you follow"
        return (Reason("company", _COMPANY, said),)
    named = [*interests.named(item.title, item.summary)]
    if not named:
        return ()
    said = f"names {_listed(named, interests)}, which you follow"
    return (Reason("named", _COMPANY, said),)


def _listed(companies: Sequence[str], interests: Interests) -> str:
    return " and ".join(interests.title(name) for name in companies[:2])


def _included_reasons(item: Item, interests: Interests) -> tuple[Reason, ...]:
    found, says = _named(item, interests.include), "has your"
    if not found:
        found, says = _named(item, interests.job_words), "your job description names"
    if not found:
        return ()
    said = " and ".join(f'"{word}"' for word in found[:2])
    return (Reason("included", _INCLUDED, f"{says} {said}"),)


def follows(item: Item, interests: Interests) -> bool:
    """Return whether an item is on a topic or from a company that is followed."""
    return any(claim.name in interests.topics for claim in item.topics) or bool(
        _company_reasons(item, interests)
    )


def _use_reasons(item: Item, interests: Interests) -> tuple[Reason, ...]:
    """Return what is said for a work in use, or of industry; see `deployment`."""
    found = deployment.evidence(item.title, item.summary)
    industrial = deployment.industrial(item.title, item.summary)
    kinds = len(found) + bool(industrial)
    if not kinds:
        return ()
    points = use_points(kinds, interests, follows=follows(item, interests))
    said = f'of industry: "{industrial}"'
    if found:
        said = f'in use: "{next(iter(found.values()))}"'
    return (Reason("in use", points, said),)


def _venue_reasons(item: Item) -> tuple[Reason, ...]:
    if not item.venues:
        return ()
    return (Reason("venue", _VENUE, f"accepted at {item.venues[-1].name}"),)


def _source_reasons(item: Item) -> tuple[Reason, ...]:
    extra = min(len(item.sources) - 1, _MOST_SOURCES)
    if extra < 1:
        return ()
    words_ = f"seen at {len(item.sources)} sources"
    return (Reason("sources", round(_SOURCE * extra, 3), words_),)


def _popular_reasons(item: Item, interests: Interests) -> Iterator[Reason]:
    """Yield what upvotes and citations say, by the logarithm of their number."""
    if found := _most(item, SignalName.UPVOTES):
        number, source = found
        upvotes = "1 upvote" if number == 1 else f"{number:,} upvotes"
        said = f"{upvotes} at {interests.title(source)}"
        yield Reason("upvotes", _popularity(number), said)
    if found := _most(item, SignalName.CITATIONS):
        number = found[0]
        said = "cited once" if number == 1 else f"cited {number:,} times"
        yield Reason("citations", _popularity(number), said)


def _most(item: Item, name: SignalName) -> tuple[int, str] | None:
    """Return the largest count of that name, and the source that states it."""
    counts = [
        (int(signal.value), signal.source)
        for signal in item.signals
        if signal.name is name and signal.value.isdecimal()
    ]
    found = max(counts, default=(0, ""))
    return found if found[0] else None


def _popularity(number: int) -> float:
    return round(_POPULAR * min(1.0, log1p(number) / log1p(_MANY)), 3)


def _fresh_reasons(item: Item, now: datetime) -> tuple[Reason, ...]:
    """Return what an item's age is worth: less than nothing for an old post.

    A source read for the first time gives its latest posts, which may be years old. Old
    papers are news for another reason, such as the conference they were accepted at. A
    date in the future says nothing.
    """
    if item.published is None or item.published - now > _AHEAD:
        return ()
    days = max(now - item.published, timedelta()).days
    if days < _FRESH_DAYS:
        points = _FRESH * (1 - days / _FRESH_DAYS)
    elif item.kind is ItemKind.POST and days > _FRESH_DAYS:
        points = -min(_STALEST, _STALE * log2(days / _FRESH_DAYS))
    else:
        return ()
    ago = max(0, (now.date() - item.published.astimezone(now.tzinfo).date()).days)
    when = {0: "today", 1: "yesterday"}.get(ago, f"{ago} days ago")
    return (Reason("fresh", round(points, 3), f"published {when}"),)
