"""The feeds that are served: of a topic, of a company, and of a reader's digests."""

from dataclasses import replace

from tracker.bootstrap import App, wishes
from tracker.bootstrap.library import Library, Wanted
from tracker.render.atom import atom, of_digest, of_items

_NEWEST = 50


def of_topic(app: App, name: str, url: str | None) -> bytes | None:
    """Return the newest items about a topic as Atom, None when there is no such topic.

    `url` is the address that the feed is served at, if one is known.
    """
    titles = {topic.name: topic.title for topic in app.config.topics}
    if name not in titles:
        return None
    found = Library(app).items(Wanted(topic=name, limit=_NEWEST))
    return atom(of_items(found, titles[name], url))


def of_company(app: App, name: str, url: str | None) -> bytes | None:
    """Return a company's newest items as Atom, None when there is no such company."""
    titles = {company.name: company.title for company in app.config.companies}
    if name not in titles:
        return None
    found = Library(app).items(Wanted(companies=(name,), limit=_NEWEST))
    return atom(of_items(found, titles[name], url))


def of_reader(app: App, token: str, url: str | None) -> bytes:
    """Return a reader's digests of this week and the last as Atom; raises LinkError.

    Its id is made of the reader's name, as tokens change.
    """
    reader = wishes.feed_reader(app, token)
    week = app.week(reader)
    weeks = (week, app.week_before(reader, week))
    present, last = (of_digest(app.digest(reader, one)) for one in weeks)
    postings = present.postings + last.postings
    latest = max(present.updated, last.updated)
    return atom(replace(present, postings=postings, updated=latest, url=url))
