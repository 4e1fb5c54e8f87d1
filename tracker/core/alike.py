"""Works that share no key, and are papers alike: joined, with the evidence for it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tracker.core import dedup, likeness
from tracker.core.dedup import Work, best
from tracker.core.likeness import Paper
from tracker.core.values import ItemKind

Candidate = tuple[int, Paper]
"""A paper with a number: of the stored item that it is, or of its place."""

MOST_OF_A_BLOCK = 50
"""Papers under one number, above which it tells nothing."""


def with_blocks(works: Sequence[Work]) -> list[Work]:
    """Return `works`, papers with the numbers under which their like are found."""
    return [_with_blocks(work) for work in works]


def _with_blocks(work: Work) -> Work:
    said = best(work.entries)
    if said.kind is not ItemKind.PAPER:
        return work
    names = [author.name for author in said.authors]
    return replace(work, blocks=likeness.blocks(said.title, names))


def with_likes(
    works: Sequence[Work], known: Mapping[int, Sequence[Candidate]]
) -> list[Work]:
    """Return `works`, those joined that are papers alike: to stored ones, or another.

    `known` holds the stored papers by block. A block of many papers tells nothing.
    """
    found: list[Work] = []
    here: defaultdict[int, list[Candidate]] = defaultdict(list)
    for work in works:
        if work.owners or not work.blocks:
            found.append(work)
            continue
        ours = paper(work)
        stored = _most_alike(ours, work.blocks, known)
        other = None if stored else _most_alike(ours, work.blocks, here)
        if stored:
            found.append(_joined(work, stored[1], (stored[0],)))
        elif other:
            place, why = other
            found[place] = _together(found[place], _joined(work, why, ()))
        else:
            for block in work.blocks:
                here[block].append((len(found), ours))
            found.append(work)
    return found


def _most_alike(
    ours: Paper, blocks: Iterable[int], known: Mapping[int, Sequence[Candidate]]
) -> tuple[int, str] | None:
    """Return the number of the candidate that is the same work, and the evidence."""
    candidates: dict[int, Paper] = {}
    for block in blocks:
        some = known.get(block, ())
        candidates.update(some if len(some) <= MOST_OF_A_BLOCK else ())
    matches = [
        (found.score, -number, found.evidence)
        for number, paper in candidates.items()
        if (found := likeness.match(ours, paper))
    ]
    if not matches:
        return None
    _, number, evidence = max(matches)
    return -number, evidence


def _joined(work: Work, why: str, owners: tuple[int, ...]) -> Work:
    evidence = tuple(said or why for said in work.evidence)
    return replace(work, owners=owners, evidence=evidence)


def _together(one: Work, other: Work) -> Work:
    return replace(
        one,
        entries=one.entries + other.entries,
        keys=tuple(dict.fromkeys(one.keys + other.keys)),
        evidence=one.evidence + other.evidence,
        blocks=tuple(dict.fromkeys(one.blocks + other.blocks)),
    )


def paper(work: Work) -> Paper:
    """Return what a work states of itself as a paper."""
    return dedup.paper(best(work.entries), work.keys)
