"""Rows of what a work becomes, made from what its entries say."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from tracker.core.about import About
from tracker.core.dedup import Work, best
from tracker.core.identity import untracked
from tracker.core.values import Claim, Entry
from tracker.store.tables import Base

TABLES = Base.metadata.tables
ITEM = TABLES["item"]
KEY = TABLES["item_key"]
MENTION = TABLES["mention"]
TOPIC = TABLES["item_topic"]
VERDICT = TABLES["item_verdict"]
COMPANY = TABLES["item_company"]
VENUE = TABLES["item_venue"]
SIGNAL = TABLES["item_signal"]
AUTHORS = TABLES["item_authors"]
CITATION = TABLES["citation"]
BLOCK = TABLES["item_block"]
APART = TABLES["item_apart"]
MERGER = TABLES["item_merger"]
LINK = TABLES["item_link"]
_WORDS = (
    *("kind", "title", "summary", "authors", "affiliations", "categories"),
    *("published_at", "version", "withdrawn"),
)
_BATCH = 500  # values in one IN list


@dataclass(frozen=True, slots=True)
class Draft:
    """A work ready to be stored, with what is claimed of it.

    Topics and companies are claimed of new works alone: a known item is judged by
    all that its sources say, after it was saved. `prints` are the fingerprints of
    the work's entries, in their order. A statement of higher `authority` replaces one
    of lower. `about` are the papers that a post is about, as `source` says.
    """

    work: Work
    prints: tuple[str, ...]
    topics: tuple[Claim, ...] = ()
    companies: tuple[Claim, ...] = ()
    venues: tuple[Claim, ...] = ()
    backlog: bool = False
    authority: int = 0
    about: tuple[About, ...] = ()
    source: str = ""


def fingerprint(entry: Entry) -> str:
    """Return a short hash of all that an entry states."""
    return blake2b(repr(entry).encode("utf-8", "replace"), digest_size=8).hexdigest()


def stated(entries: Sequence[Entry]) -> dict[str, Any]:
    """Return what entries of one work say, as columns of an item.

    One entry speaks for them all, but for affiliations and categories, which are
    evidence: they are those of every entry, one a line.
    """
    spokesman = best(entries)
    places = (n for e in entries for a in e.authors for n in a.affiliations)
    categories = (category for e in entries for category in e.categories)
    return {
        "kind": str(spokesman.kind),
        "title": spokesman.title,
        "url": untracked(spokesman.url) if spokesman.url else None,
        "summary": spokesman.summary,
        "content": spokesman.content,
        "authors": "\n".join(author.name for author in spokesman.authors),
        "affiliations": "\n".join(dict.fromkeys(places)),
        "categories": "\n".join(dict.fromkeys(categories)),
        "published_at": spokesman.published,
        "version": spokesman.version,
        "withdrawn": spokesman.withdrawn,
    }


def mention_rows(
    item: int, source: int, draft: Draft, now: datetime, row: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Yield the rows that say where a work was seen, which is the item of a row."""
    evidence = draft.work.evidence or ("",) * len(draft.prints)
    is_of_many = len(draft.work.entries) > 1
    told = zip(draft.work.entries, draft.prints, evidence, strict=True)
    for entry, print_, joined_by in told:
        yield {
            "item_id": item,
            "source_id": source,
            "guid": entry.guid,
            "url": untracked(entry.url) if entry.url else None,
            "links": "\n".join(entry.links),
            "fingerprint": print_,
            "joined_by": joined_by or None,
            "said": _said(entry, row) if joined_by or is_of_many else None,
            "first_seen_at": now,
        }


def _said(entry: Entry, row: Mapping[str, Any]) -> str:
    """Return as JSON what an entry states in other words than an item's row."""
    mine = stated([entry])
    other = {name: mine[name] for name in _WORDS if mine[name] != row[name]}
    return json.dumps(other, default=datetime.isoformat)


def authors_row(item: int, source: int, draft: Draft) -> dict[str, Any] | None:
    """Return the row of a work's authors, None where no affiliation is stated.

    Of several entries that one speaks which states the most affiliations.
    """
    most = max(draft.work.entries, key=_affiliations)
    if not _affiliations(most):
        return None
    stated_ = ((author.name, *author.affiliations) for author in most.authors)
    lines = ("\t".join(" ".join(one.split()) for one in who) for who in stated_)
    return {"item_id": item, "source_id": source, "authors": "\n".join(lines)}


def _affiliations(entry: Entry) -> int:
    return sum(len(author.affiliations) for author in entry.authors)


def block_rows(works: Iterable[tuple[int, Draft]]) -> list[dict[str, Any]]:
    """Return the rows under which items' likes are found."""
    return [
        {"block": block, "item_id": item}
        for item, draft in works
        for block in draft.work.blocks
    ]


def link_rows(
    works: Iterable[tuple[int, Draft]], now: datetime
) -> list[dict[str, Any]]:
    """Return the rows that say which papers posts are about."""
    return [
        {
            "item_id": item,
            "key": one.key,
            "relation": str(one.relation),
            "evidence": one.evidence,
            "source": draft.source,
            "since": now,
        }
        for item, draft in works
        for one in draft.about
    ]


def claim_row(item: int, claim: Claim, now: datetime) -> dict[str, Any]:
    """Return the row of a claim on an item."""
    return {
        "item_id": item,
        "name": claim.name,
        "evidence": claim.evidence,
        "source": claim.source,
        "weight": claim.weight,
        "since": claim.since or now,
    }


def batches(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield `values` in parts that one statement can hold."""
    for start in range(0, len(values), _BATCH):
        yield values[start : start + _BATCH]
