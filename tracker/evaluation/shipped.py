"""The shipped path, as it is measured: what ingest and publish do with an entry.

Nothing here judges: a change of the program is measured without a change here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker import publish, sources
from tracker.config import Config, trained
from tracker.core import about, alike, dedup, rank
from tracker.core.about import Told
from tracker.core.dedup import Owner, Work
from tracker.core.rank.interests import Interests
from tracker.core.rank.opinions import opinion
from tracker.core.rank.taste import Taste
from tracker.core.rank.texts import Texts
from tracker.core.values import Entry, Item, ItemKind, Mark
from tracker.ingest import judging
from tracker.ingest.judging import Judge
from tracker.publish import learning
from tracker.publish.learning import Shelf
from tracker.sources import Subscription
from tracker.store.items import Draft

# A source that vouches for nothing: no company, no venue, no topics of its own.
_FEED = sources.load("feed").at("https://feed.invalid/")
_NOBODY = Subscription("file", "a labelled file", "feed", _FEED)
_LEFT_OUT = -1000.0
_LIKED = Mark(rating=5)


def judge(settings: Config) -> Judge:
    """Return what judges entries by the settings' topics and companies."""
    known = (settings.topics, settings.companies, ())
    return judging.judge(*known, trained.topics())


def drafted(entry: Entry, judge_: Judge) -> Draft:
    """Return `entry` as a new item with what is claimed of it."""
    work = Work((entry,), dedup.keyed([entry], _NOBODY.name)[0][1], ())
    return judging.draft(work, _NOBODY, judge_, backlog=False)


def joined(known: Entry, arriving: Entry) -> bool:
    """Return whether an entry becomes the item that another source's entry is.

    Both sources are taken for catalogues: their word on a paper counts.
    """
    (work,) = alike.with_blocks(dedup.plan(dedup.keyed([known], "one"), {}))
    said = alike.paper(work)
    owner = Owner(1, said.authors, work.keys, said=said)
    owners = dict.fromkeys(work.keys, owner)
    stored = {block: [(1, said)] for block in work.blocks}
    works = alike.with_blocks(dedup.plan(dedup.keyed([arriving], "other"), owners))
    (found,) = alike.with_likes(works, stored)
    return found.owners == (1,)


def linked(post: Entry, paper: Entry) -> bool:
    """Return whether a post is shown beside the paper of another source."""
    if post.kind is not ItemKind.POST:
        return False
    (work,) = alike.with_blocks(dedup.plan(dedup.keyed([paper], "other"), {}))
    names = {*work.keys, *map(about.block_key, work.blocks)}
    told = Told(post.title, post.summary, post.content)
    return any(
        one.key in names and about.shown(one.relation, one.evidence, told, paper.title)
        for one in about.papers(post)
    )


def item(number: int, entry: Entry, listed: datetime, judge_: Judge) -> Item:
    """Return `entry` as the item it is once stored, first seen when it was listed."""
    draft = drafted(entry, judge_)
    return Item(
        id=number,
        kind=entry.kind,
        title=entry.title,
        url=entry.url,
        first_seen=listed,
        published=entry.published,
        authors=tuple(author.name for author in entry.authors),
        summary=entry.summary,
        categories=entry.categories,
        sources=(_NOBODY.name,),
        topics=draft.topics,
        companies=draft.companies,
        venues=draft.venues,
        withdrawn=entry.withdrawn,
    )


@dataclass(frozen=True, slots=True)
class Ranking:
    """How tracker ranks for the first reader of the settings."""

    interests: Interests
    keywords: tuple[str, ...]
    """Those of the topics the reader follows."""

    @classmethod
    def of(cls, settings: Config) -> "Ranking":
        """Return the ranking for the settings' first reader."""
        interests = publish.interests(settings, settings.readers[0])
        followed = (one for one in settings.topics if one.name in interests.topics)
        return cls(interests, tuple(word for one in followed for word in one.keywords))

    def shelf(self, items: Sequence[Item], likes: Iterable[Item]) -> Shelf:
        """Return what a taste is learnt on: the likes beside the newest of `items`."""
        texts = Texts.of([*items[-learning.MOST :], *likes]).mapped()
        return Shelf.of(texts, self.interests)

    def untold(self, items: Sequence[Item]) -> Taste | None:
        """Return the taste of a reader without a like, by the newest of `items`."""
        return learning.of_topics(items[-learning.AROUND :], self.interests.topics)

    def taste(self, likes: Sequence[Item], shelf: Shelf) -> Taste | None:
        """Return the taste of a reader who rated `likes`, which are shelved, 5."""
        held = (opinion(one, _LIKED) for one in likes)
        return shelf.taste([one for one in held if one])

    def scores(self, items: Sequence[Item], taste: Taste | None) -> list[float]:
        """Return the scores of `items`, in order, for a reader of this taste.

        Each is scored as on the day it was listed. What no digest may hold gets less
        than all.
        """
        wanted = learning.informed(self.interests, taste, items)
        return [_score(one, wanted) for one in items]


def _score(one: Item, wanted: Interests) -> float:
    if one.withdrawn or rank.excluded(one, wanted):
        return _LEFT_OUT
    return rank.score(one, wanted, one.first_seen).score
