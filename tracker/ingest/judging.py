"""What is claimed of works on the way in: topics, companies, venues, backlog."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from urllib.parse import urlsplit

from sqlalchemy import Connection

from tracker.core import about
from tracker.core.classify import Companies, Model, Topics
from tracker.core.classify.verdicts import upheld
from tracker.core.dedup import Work
from tracker.core.values import (
    Claim,
    Company,
    Entry,
    ItemKind,
    Signal,
    SignalName,
    Topic,
)
from tracker.sources import Subscription
from tracker.store import claims, items

_RECENT = timedelta(days=14)
_NEWEST = 5  # posts of a new source that are news however old they are
_CHUNK = 2_000  # items judged anew in one transaction
_TAUGHT = timedelta(weeks=8)  # as far back as trends look


@dataclass(frozen=True, slots=True)
class Judge:
    """Finds topics and companies; made once from the settings.

    `basis` tells by which settings, `lessons` by which works that were said to be on
    topics, "" for none.
    """

    topics: Topics
    companies: Companies
    subscriptions: Mapping[str, Subscription]
    basis: str
    lessons: str = ""

    def topics_of(
        self,
        title: str,
        summary: str,
        categories: Iterable[str],
        names: Sequence[str],
        venues: Iterable[Claim] = (),
    ) -> tuple[Claim, ...]:
        """Return the topics of a work seen at sources `names`, of some `venues`."""
        found = self.topics.of(title, summary, categories, names[0])
        by_source = (
            Claim(topic, f"source: {subscription.title}", subscription.name)
            for subscription in self._known(names)
            for topic in subscription.topics
        )
        return _each_once((*by_source, *found, *self.topics.at(venues)))

    def companies_of(
        self,
        affiliations: Iterable[tuple[str, str]],
        names: Sequence[str],
        site: str | None = None,
        signals: Iterable[Signal] = (),
    ) -> tuple[Claim, ...]:
        """Return the companies of a work seen at the sources `names`.

        Each affiliation comes with the source that states it; `site` is a post's
        address. The organization that a signal states is evidence as an affiliation is.
        """
        by_source = (
            Claim(s.company, f"published by {s.title}", s.name)
            for s in self._known(names)
            if s.company
        )
        by_signal = (
            replace(claim, evidence=f"organization: {claim.evidence}")
            for signal in signals
            if signal.name is SignalName.ORGANIZATION
            for claim in self.companies.of((signal.value,), signal.source)
        )
        by_site = self.companies.of_site(site, names[0]) if site else ()
        found = (
            claim
            for affiliation, source in affiliations
            for claim in self.companies.of((affiliation,), source)
        )
        return _each_once((*by_source, *by_site, *found, *by_signal))

    def _known(self, names: Iterable[str]) -> list[Subscription]:
        return [self.subscriptions[n] for n in names if n in self.subscriptions]


def _each_once(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    found: dict[str, Claim] = {}
    for claim in claims:
        found.setdefault(claim.name, claim)
    return tuple(found.values())


def judge(
    topics: Sequence[Topic],
    companies: Sequence[Company],
    subscriptions: Sequence[Subscription],
    model: Model | None = None,
) -> Judge:
    """Return the judge that the settings and a model of topics make.

    `basis` changes when one of them does.
    """
    stated = [(s.name, s.company, s.topics) for s in subscriptions]
    known = [replace(c, follow=False) for c in companies]
    basis = repr((topics, known, stated, model.digest if model else None))
    return Judge(
        Topics(topics, model),
        Companies(companies),
        {subscription.name: subscription for subscription in subscriptions},
        blake2b(basis.encode(), digest_size=16).hexdigest(),
    )


def draft(
    work: Work,
    subscription: Subscription,
    judge_: Judge,
    *,
    backlog: bool,
    prints: Mapping[str, str] | None = None,
) -> items.Draft:
    """Return the work with what is claimed of it.

    `prints` are the entries' fingerprints by guid, where they are known.
    """
    mine = tuple(
        prints[entry.guid] if prints else items.fingerprint(entry)
        for entry in work.entries
    )
    venues = _venues(work.entries, subscription)
    known = items.Draft(
        work,
        mine,
        venues=venues,
        backlog=backlog,
        authority=authority(items.best(work.entries), subscription),
        about=tuple(one for entry in work.entries for one in about.papers(entry)),
        source=subscription.name,
    )
    if work.owners:
        return known
    names, said = [subscription.name], items.stated(work.entries)
    words = said["title"], said["summary"], said["categories"].splitlines()
    topics = judge_.topics_of(*words, names, venues)
    places = ((place, names[0]) for place in said["affiliations"].splitlines())
    site = said["url"] if said["kind"] == ItemKind.POST else None
    companies = judge_.companies_of(places, names, site)
    return replace(known, topics=topics, companies=companies)


def authority(entry: Entry, subscription: Subscription) -> int:
    """Return how much a source's word counts on an entry, against other sources'.

    A catalogue's on papers most (2), then a publisher's on its own posts (1): a page
    on the site that the feed comes from, or a company's feed. Who only links to
    another's work (0) can't change what that says of itself.
    """
    if entry.kind is ItemKind.PAPER and subscription.source.is_catalogue:
        return 2
    site, page = (urlsplit(a or "").hostname for a in (subscription.address, entry.url))
    return int(bool(subscription.company) or (page is not None and page == site))


def _venues(entries: Iterable[Entry], subscription: Subscription) -> tuple[Claim, ...]:
    # A kind that has a venue says itself which papers it accepted: workshops' not.
    silent = "venue" not in type(subscription.source).model_fields
    found = []
    for entry in entries:
        venue = entry.venue
        paper = silent and entry.kind is ItemKind.PAPER
        if venue is None and subscription.venue and paper:
            year = f" {entry.published.year}" if entry.published else ""
            venue = f"{subscription.venue}{year}"
        if venue:
            evidence = entry.comment or f"listed by {subscription.title}"
            found.append(Claim(venue, evidence[:300], subscription.name))
    return _each_once(found)


def backlog(
    entries: Sequence[Entry], now: datetime, since: datetime | None = None
) -> frozenset[str]:
    """Return the guids of what was old before its source was read the first time.

    News are the entries of the last 14 days, or `since` an earlier moment, and a
    blog's newest few, so that a first digest is no dump of archives.
    """
    oldest = min(now - _RECENT, since or now)
    posts = [entry for entry in entries if entry.kind is ItemKind.POST]
    dated = sorted(
        (entry for entry in posts if entry.published),
        key=lambda entry: entry.published or now,
        reverse=True,
    )
    newest = {entry.guid for entry in (dated or posts)[:_NEWEST]}
    return frozenset(
        entry.guid
        for entry in entries
        if entry.guid not in newest
        and (entry.published is None or entry.published < oldest)
    )


def judge_stored(
    connection: Connection, judge_: Judge, numbers: Sequence[int], now: datetime
) -> None:
    """Judge stored items, by number, by all that their sources say."""
    judged = {
        item.id: (_topics(judge_, item), _companies(judge_, item))
        for item in claims.bases(connection, numbers)
        if item.sources
    }
    claims.reclaim(connection, judged, now)


def _topics(judge_: Judge, item: claims.Basis) -> tuple[Claim, ...]:
    words = item.title, item.summary, item.categories
    found = judge_.topics_of(*words, item.sources, item.venues)
    return upheld(found, item.verdicts, judge_.topics.names)


def _companies(judge_: Judge, item: claims.Basis) -> tuple[Claim, ...]:
    return judge_.companies_of(item.affiliations, item.sources, item.site, item.signals)


def judge_anew(
    connection: Connection,
    judge_: Judge,
    after: int,
    now: datetime,
    since: datetime | None = None,
) -> int:
    """Judge the next stored items again; return the last number, 0 at the end."""
    chunk = claims.numbers(connection, after, _CHUNK, since)
    judge_stored(connection, judge_, chunk, now)
    if len(chunk) < _CHUNK:
        claims.set_setting(connection, claims.JUDGED_BY, judge_.basis)
        claims.set_setting(connection, claims.TAUGHT_BY, judge_.lessons)
        return 0
    return chunk[-1]


def is_current(connection: Connection, judge_: Judge) -> bool:
    """Return whether the stored items were judged by these settings and lessons."""
    taught_by = claims.setting(connection, claims.TAUGHT_BY) or ""
    return has_settings(connection, judge_) and taught_by == judge_.lessons


def has_settings(connection: Connection, judge_: Judge) -> bool:
    """Return whether the stored items were judged by these settings."""
    return claims.setting(connection, claims.JUDGED_BY) == judge_.basis


def reach(connection: Connection, judge_: Judge, now: datetime) -> datetime | None:
    """Return since when items that were first seen must be judged anew, None for all.

    What was learnt since is worth judging what digests and trends still look at.
    """
    return now - _TAUGHT if has_settings(connection, judge_) else None
