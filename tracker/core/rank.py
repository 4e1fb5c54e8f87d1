"""How much an item deserves a reader's time, and why: a sum of named parts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log1p

from tracker.core.text import words
from tracker.core.values import Claim, Item, Pick, Reason, SignalName

# Points of each part. Topics and companies are what the reader asked for; the
# rest orders what was asked for.
_TOPIC = 3.0
_SECOND_TOPIC = 1.0
_JOB = 1.0
_COMPANY = 3.0
_VENUE = 2.0
_ACCEPTED = 1.0
_SOURCE = 0.75
_MOST_SOURCES = 3
_POPULAR = 0.75  # of upvotes, and of citations: less than any wish of the reader's
_MANY = 100  # from which more of them say no more
_FRESH = 1.0
_FRESH_DAYS = 14
_MATCHES = frozenset({"topic", "company", "venue"})


@dataclass(frozen=True, slots=True)
class Interests:
    """What a reader looks for, by name; titles map names to words for display."""

    topics: tuple[str, ...]
    companies: frozenset[str]
    exclude: tuple[str, ...] = ()
    job_topics: frozenset[str] = frozenset()
    titles: Mapping[str, str] | None = None

    def title(self, name: str) -> str:
        """Return the display title of a topic, company or source."""
        return (self.titles or {}).get(name, name)


def excluded(item: Item, interests: Interests) -> bool:
    """Return whether a word the reader excludes stands in the item's title or text."""
    if not interests.exclude:
        return False
    text = f" {' '.join(words(f'{item.title} {item.summary}'))} "
    return any(f" {' '.join(words(phrase))} " in text for phrase in interests.exclude)


def score(item: Item, interests: Interests, now: datetime) -> Pick:
    """Return the item with its score for a reader at `now`, the sum of its reasons."""
    parts = (
        *_topic_reasons(item, interests),
        *_company_reasons(item, interests),
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
    return any(reason.name in _MATCHES for reason in pick.reasons)


def _topic_reasons(item: Item, interests: Interests) -> tuple[Reason, ...]:
    wanted = [claim for claim in item.topics if claim.name in interests.topics]
    wanted.sort(key=lambda claim: (-claim.weight, interests.topics.index(claim.name)))
    if not wanted:
        return ()
    points = _TOPIC * (0.5 + 0.5 * wanted[0].weight)
    points += sum(_SECOND_TOPIC * claim.weight for claim in wanted[1:2])
    named = [_in_sentence(interests.title(claim.name)) for claim in wanted[:2]]
    reasons = [Reason("topic", round(points, 3), f"about {' and '.join(named)}")]
    asked = [claim.name for claim in wanted if claim.name in interests.job_topics]
    if asked:
        title = _in_sentence(interests.title(asked[0]))
        reasons.append(Reason("job", _JOB, f"your job description asks for {title}"))
    return tuple(reasons)


def _in_sentence(title: str) -> str:
    """Return a title as it stands inside a sentence: "Ranking" is "ranking"."""
    first = title.partition(" ")[0]
    return title if first[1:] != first[1:].lower() else title[:1].lower() + title[1:]


def _company_reasons(item: Item, interests: Interests) -> tuple[Reason, ...]:
    followed = [c.name for c in item.companies if c.name in interests.companies]
    if not followed:
        return ()
    named = " and ".join(interests.title(name) for name in followed[:2])
    return (Reason("company", _COMPANY, f"from {named}, which you follow"),)


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
    if item.published is None:
        return ()
    age = max(now - item.published, timedelta())
    if age.days >= _FRESH_DAYS:
        return ()
    points = round(_FRESH * (1 - age.days / _FRESH_DAYS), 3)
    when = {0: "today", 1: "yesterday"}.get(age.days, f"{age.days} days ago")
    return (Reason("fresh", points, f"published {when}"),)
