"""Who publishes at a company, on what and with whom, from what sources state."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from tracker.core.text import normal
from tracker.core.values import Author, Item, ItemKind

_DESK = re.compile(
    r"\b(?:team|blog|editors?|engineering|research(?:ers)?|staff|labs?|news|inc)\b",
    re.IGNORECASE,
)
_FIRST_QUARTER = 1000 * 4  # of the year 1000, counted from the year 0
_JOB = re.compile(
    r"\b(?:engineer|scientist|manager|director|researcher|developer|architect|analyst"
    r"|designer|lead|head of|staff|principal|senior|sr|intern|president|vp|cto|ceo"
    r"|fellow|professor|students?|team)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r" (?:19|20)\d\d$")

Counts = tuple[tuple[str, int], ...]
"""What was counted, the most frequent first."""

Staff = Callable[[str], bool]
"""Whether a text names the company, as an affiliation does."""


class Evidence(StrEnum):
    """How it is known that somebody is with a company, the surest first."""

    AFFILIATION = "affiliation"
    BLOG = "blog"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who publishes at a company; the works are those they do so in.

    `said` is an affiliation of their own; where only a paper has the company, or
    where they write on its blog, it is what the company is claimed by. `latest` are
    the works, the newest first.
    """

    name: str
    evidence: Evidence
    said: str
    latest: tuple[Item, ...]
    topics: Counts
    venues: Counts
    others: Counts
    """With whom they wrote them."""


def when(item: Item) -> datetime:
    """Return when a work was published, as far as it is known."""
    return item.published or item.first_seen


def people(
    company: str,
    works: Iterable[Item],
    stated: Mapping[int, Iterable[Sequence[Author]]],
    is_staff: Staff,
    signed: Collection[int] = (),
) -> list[Person]:
    """Return who publishes at `company`, the surest and the busiest first.

    `works` are the company's; `stated` has the authors of an item as each source
    states them, by the item's number. Authors of a work that says of some that they
    are with the company are so themselves alone; where it says so of none, all are
    its authors "on papers from" the company. A post's authors are with the company
    if it is among `signed`, whose authors a source of the company's own states: who
    only links to a post signs it, too.
    """
    found: dict[str, _Found] = {}
    for item in (_named(work, is_staff) for work in works):
        for name, evidence, said in _writers(company, item, stated, is_staff, signed):
            found.setdefault(normal(name), _Found(name)).add(name, item, evidence, said)
    ranks = list(Evidence)
    return sorted(
        (one.person() for one in found.values()),
        key=lambda person: (
            ranks.index(person.evidence),
            -len(person.latest),
            -when(person.latest[0]).timestamp(),
            person.name,
        ),
    )


def topics(item: Item) -> list[str]:
    """Return the topics of a work."""
    return [claim.name for claim in item.topics]


def venues(item: Item) -> list[str]:
    """Return the venues that a work was accepted at, without their years."""
    return [_YEAR.sub("", claim.name) for claim in item.venues]


def by_quarter(
    works: Iterable[Item], names: Callable[[Item], Sequence[str]] = topics
) -> dict[str, dict[str, int]]:
    """Return how many works there are by topic and quarter ("2026 Q3"), in order.

    `names` may tell something else of a work. Works without one are under "". What
    most works have is the first.
    """
    found: dict[str, Counter[str]] = {}
    for item in works:
        quarter = f"{when(item).year} Q{(when(item).month + 2) // 3}"
        for name in names(item) or [""]:
            found.setdefault(name, Counter())[quarter] += 1
    ranked = sorted(found.items(), key=lambda pair: (-pair[1].total(), pair[0]))
    return {name: dict(sorted(counts.items())) for name, counts in ranked}


def quarters_ago(today: date, count: int) -> date:
    """Return the first day of the quarter that was `count` before today's.

    The year 1000 is the first.
    """
    quarter = max(today.year * 4 + (today.month - 1) // 3 - count, _FIRST_QUARTER)
    return date(quarter // 4, quarter % 4 * 3 + 1, 1)


def _writers(
    company: str,
    item: Item,
    stated: Mapping[int, Iterable[Sequence[Author]]],
    is_staff: Staff,
    signed: Collection[int],
) -> Iterator[tuple[str, Evidence, str]]:
    """Yield the authors of an item that are with the company, and what shows it."""
    own = {
        author.name: place
        for authors in stated.get(item.id, ())
        for author in authors
        for place in author.affiliations
        if is_staff(place)
    }
    if own:
        yield from ((name, Evidence.AFFILIATION, said) for name, said in own.items())
        return
    said = next((c.evidence for c in item.companies if c.name == company), "")
    kind = Evidence.PAPER if item.kind is ItemKind.PAPER else Evidence.BLOG
    if kind is Evidence.BLOG and item.id not in signed:
        return
    yield from ((name, kind, said) for name in item.authors)


def _named(item: Item, is_staff: Staff) -> Item:
    """Return a work whose authors are people: posts are signed with more than names."""
    if item.kind is ItemKind.PAPER:
        return item
    names = [
        name
        for byline in item.authors
        for name in _names(byline)
        # "Acme Engineering" is nobody.
        if not (is_staff(name) or _DESK.search(name))
    ]
    return replace(item, authors=tuple(dict.fromkeys(names)))


def _names(byline: str) -> Iterator[str]:
    """Yield the names in a byline: "Ada Lovelace | Engineer, Ads; Alan Turing"."""
    for place, one in enumerate(byline.split(";")):
        name, _, rest = one.partition("|")[0].partition(",")
        if rest and not _JOB.search(rest):
            name = f"{name},{rest}"
        # Behind a name may stand what they do: "Ada Lovelace; Staff Engineer".
        if name.strip() and not (place and _JOB.search(name)):
            yield name.strip()


def _is_flat(name: str) -> bool:
    """Whether a name is in capitals or in small letters alone."""
    return name.isupper() or name.islower()


@dataclass(slots=True)
class _Found:
    """What was found of somebody so far."""

    name: str
    works: dict[int, Item] = field(default_factory=dict)
    shown: dict[Evidence, str] = field(default_factory=dict)

    def add(self, name: str, item: Item, evidence: Evidence, said: str) -> None:
        if _is_flat(self.name) and not _is_flat(name):
            self.name = name
        self.works[item.id] = item
        self.shown.setdefault(evidence, said)

    def person(self) -> Person:
        works = sorted(self.works.values(), key=lambda i: (when(i), i.id), reverse=True)
        surest = next(one for one in Evidence if one in self.shown)
        me = normal(self.name)
        return Person(
            self.name,
            surest,
            self.shown[surest],
            tuple(works),
            _counted(name for item in works for name in topics(item)),
            _counted(name for item in works for name in venues(item)),
            _counted(
                name for item in works for name in item.authors if normal(name) != me
            ),
        )


def _counted(names: Iterable[str]) -> Counts:
    return tuple(sorted(Counter(names).items(), key=lambda pair: (-pair[1], pair[0])))
