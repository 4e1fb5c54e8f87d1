"""What each part of a score rests on: the evidence, and who stated it."""

from collections.abc import Callable, Iterable, Iterator

from tracker.core.rank import deployment, follows
from tracker.core.rank.interests import (
    BESIDE_TASTE,
    IN_USE,
    MORE_USE,
    SECOND_TOPIC,
    STRANGE,
    TOPIC,
    Interests,
)
from tracker.core.text import words
from tracker.core.values import Claim, Item, SignalName
from tracker.core.weekly import Reason

_Lines = Iterator[str]


def grounds(reason: Reason, item: Item, interests: Interests) -> tuple[str, ...]:
    """Return what a reason for an item rests on, a line for each piece of evidence.

    None for a reason whose words are all there is to say.
    """
    told = _GROUNDS.get(reason.name)
    return tuple(told(item, interests)) if told else ()


def _topics(item: Item, interests: Interests) -> _Lines:
    wanted = [claim for claim in item.topics if claim.name in interests.topics]
    wanted.sort(key=lambda claim: (-claim.weight, interests.topics.index(claim.name)))
    yield from _claims(wanted, interests)
    if not wanted:
        return
    second = f" + {SECOND_TOPIC:g} x {wanted[1].weight:.3f}" if wanted[1:] else ""
    yield f"{TOPIC:g} x (0.5 + 0.5 x {wanted[0].weight:.3f}){second}, of their weights"
    rarity = interests.rarity.get(wanted[0].name, 1.0)
    if rarity != 1:
        yield f"times {rarity:.5g}, by how rare the first of them is in its week"
    if interests.hinted:
        yield f"times {BESIDE_TASTE:g}, as what was learnt tells its words, too"
    yield from _assumed(interests)


def _assumed(interests: Interests) -> _Lines:
    if interests.assumed != 1:
        yield f"times {interests.assumed:.5g}, by how far your marks bear it out"


def _job(item: Item, interests: Interests) -> _Lines:
    asked = [c.name for c in item.topics if c.name in interests.job_topics]
    yield f"both are about {', '.join(interests.title(name) for name in asked)}"
    yield from _assumed(interests)


def _use(item: Item, interests: Interests) -> _Lines:
    yield f"{IN_USE:g}, and {MORE_USE:g} for each further kind of evidence"
    if not follows(item, interests):
        yield f"times {STRANGE:g}, as it is on nothing that you follow"
    for kind, said in deployment.evidence(item.title, item.summary).items():
        yield f'{kind}: "{said}"'
    if industrial := deployment.industrial(item.title, item.summary):
        yield f'industry: "{industrial}"'
    yield from _assumed(interests)


def _taste(_item: Item, interests: Interests) -> _Lines:
    if interests.likes:
        hints = ", and from works on your topics" if interests.hinted else ""
        yield f"learnt from what you rated, kept to read, and put away{hints}"
    else:
        yield "learnt from works on your topics, as you liked none so far"


def _companies(item: Item, interests: Interests) -> _Lines:
    wanted = (claim for claim in item.companies if claim.name in interests.companies)
    return _claims(wanted, interests)


def _named(item: Item, interests: Interests) -> _Lines:
    for name, said in interests.named(item.title, item.summary).items():
        yield f'{interests.title(name)}: "{said}"'


def _venues(item: Item, interests: Interests) -> _Lines:
    return _claims(item.venues, interests)


def _claims(claims: Iterable[Claim], interests: Interests) -> _Lines:
    for claim in claims:
        stated = [interests.title(claim.source)] if claim.source else []
        stated += [f"weight {claim.weight:.2f}"] if claim.weight < 1 else []
        stated += [f"since {claim.since:%Y-%m-%d}"] if claim.since else []
        told = f" ({', '.join(stated)})" if stated else ""
        yield f"{interests.title(claim.name)}: {claim.evidence}{told}"


def _sources(item: Item, interests: Interests) -> _Lines:
    yield ", ".join(interests.title(name) for name in item.sources)


def _signals(name: SignalName) -> Callable[[Item, Interests], _Lines]:
    def told(item: Item, interests: Interests) -> _Lines:
        for signal in item.signals:
            if signal.name is name:
                since = f", since {signal.since:%Y-%m-%d}" if signal.since else ""
                yield f"{signal.value} ({interests.title(signal.source)}{since})"

    return told


def _fresh(item: Item, _interests: Interests) -> _Lines:
    if item.published:
        yield f"published {item.published:%Y-%m-%d %H:%M} UTC"


def _included(item: Item, interests: Interests) -> _Lines:
    phrases = (*interests.include, *interests.job_words)
    for place, text in (("title", item.title), ("text", item.summary)):
        said = f" {' '.join(words(text))} "
        found = [w for w in phrases if f" {' '.join(words(w))} " in said]
        if found:
            yield f"in its {place}: {', '.join(found)}"


_GROUNDS: dict[str, Callable[[Item, Interests], _Lines]] = {
    "topic": _topics,
    "job": _job,
    "company": _companies,
    "named": _named,
    "venue": _venues,
    "accepted": _venues,
    "sources": _sources,
    "upvotes": _signals(SignalName.UPVOTES),
    "citations": _signals(SignalName.CITATIONS),
    "fresh": _fresh,
    "included": _included,
    "in use": _use,
    "taste": _taste,
}
