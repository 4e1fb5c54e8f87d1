"""A post and the paper it is about, shown as one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tracker.core.values import Claim, Item, ItemKind
from tracker.core.weekly import Pick, Reason


def paired(items: Sequence[Item]) -> list[Item]:
    """Return `items` with each post and the paper it is about as one of them.

    The paper leads, with what is claimed of the post and its address; but a post that
    is news leads a paper that was old already. One whose other part is elsewhere has
    its address.
    """
    here = {item.id: item for item in items}
    gone: set[int] = set()
    for post in items:
        for paper in _papers(post, here):
            lead, other = (
                (post, paper) if _is_news_of_old(post, paper) else (paper, post)
            )
            if not {lead.id, other.id} & gone:
                here[lead.id] = _with(here[lead.id], here[other.id])
                gone.add(other.id)
    return [_addressed(here[item.id]) for item in items if item.id not in gone]


def _papers(post: Item, here: Mapping[int, Item]) -> list[Item]:
    if post.kind is not ItemKind.POST:
        return []
    return [here[one.item] for one in post.related if one.item in here]


def _is_news_of_old(post: Item, paper: Item) -> bool:
    return paper.backlog and not post.backlog


def _with(lead: Item, other: Item) -> Item:
    return replace(
        lead,
        topics=_once((*lead.topics, *other.topics)),
        companies=_once((*lead.companies, *other.companies)),
        venues=_once((*lead.venues, *other.venues)),
    )


def _once(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    found: dict[str, Claim] = {}
    for claim in claims:
        found.setdefault(claim.name, claim)
    return tuple(found.values())


def _addressed(item: Item) -> Item:
    urls = [one.url for one in item.related if one.url and one.url != item.url]
    return replace(item, links=tuple(dict.fromkeys((*item.links, *urls))))


def told(pick: Pick, titles: Mapping[str, str]) -> Pick:
    """Return a pick that says what stands beside it; `titles` are those of sources."""
    found = tuple(
        Reason("post", 0.0, f"with a post by {titles.get(one.source, one.source)}")
        if one.kind is ItemKind.POST
        else Reason("paper", 0.0, f"about the paper \u201c{one.title}\u201d")
        for one in pick.item.related
    )
    return replace(pick, reasons=pick.reasons + found) if found else pick
