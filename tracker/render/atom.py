"""Feeds in Atom (RFC 4287): of a reader's digests, and of any list of items.

Ids are names (urn:uuid) made from what they name, so they stay while it does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from tracker.core.values import Item
from tracker.core.weekly import Digest, Pick
from tracker.render import words
from tracker.render.clean import one_line, web_address
from tracker.render.story import Story, shown_summary, shown_title, story

MEDIA = "application/atom+xml"
"""What an Atom feed is served as."""

_ATOM = "http://www.w3.org/2005/Atom"
_AUTHOR = "tracker"
_LONGEST_NAME = 200
_MOST_AUTHORS = 50
_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Posting:
    """An entry of a feed; `content` is HTML of ours, times are aware."""

    id: str
    title: str
    content: str
    updated: datetime
    published: datetime | None = None
    url: str | None = None
    authors: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed; `url` is where it is served and `home` the page it belongs to, if any."""

    id: str
    title: str
    postings: tuple[Posting, ...]
    updated: datetime
    url: str | None = None
    home: str | None = None


def of_digest(digest: Digest, url: str | None = None) -> Feed:
    """Return a digest as a feed: a posting for each of its items.

    Digests of one reader have one feed's id, and an item that returns in a later
    week is another posting.
    """
    postings = tuple(
        _pick(digest, pick) for section in digest.sections for pick in section.picks
    )
    return Feed(
        id=_name("digests", url or digest.reader),
        title=f"tracker: {words.head(digest)}",
        postings=postings,
        updated=_latest(postings, digest.week.start),
        url=url,
    )


def of_items(items: Iterable[Item], what: str, url: str | None = None) -> Feed:
    """Return a list of items as a feed; `what` says of what, for its title and id."""
    postings = tuple(map(_item, items))
    return Feed(
        id=_name("items", url or what),
        title=f"tracker: {one_line(what, _LONGEST_NAME)}",
        postings=postings,
        updated=_latest(postings, _EPOCH),
        url=url,
    )


def digest_text(digest: Digest) -> str:
    """Return a digest as an Atom document."""
    return atom(of_digest(digest)).decode()


def atom(feed: Feed) -> bytes:
    """Return a feed as an Atom document in UTF-8."""
    from lxml import etree

    root = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", _stamp(feed.updated))
    _add(_add(root, "author"), "name", _AUTHOR)
    for relation, href in (("self", feed.url), ("alternate", feed.home)):
        if href:
            _add(root, "link", rel=relation, href=href)
    for posting in feed.postings:
        _entry(_add(root, "entry"), posting)
    etree.indent(root)
    document = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return bytes(document) + b"\n"


def _entry(entry: Any, posting: Posting) -> None:  # noqa: ANN401 - lxml has no types
    _add(entry, "id", posting.id)
    # As HTML: in a text readers that take tags for markup would find some.
    _add(entry, "title", escape(posting.title, quote=False), type="html")
    _add(entry, "updated", _stamp(posting.updated))
    if posting.published:
        _add(entry, "published", _stamp(posting.published))
    if posting.url:
        _add(entry, "link", rel="alternate", href=posting.url)
    for author in posting.authors:
        _add(_add(entry, "author"), "name", author)
    for topic in posting.topics:
        _add(entry, "category", term=topic)
    _add(entry, "content", posting.content, type="html")


def _add(parent: Any, tag: str, text: str | None = None, **attributes: str) -> Any:  # noqa: ANN401 - lxml has no types
    from lxml import etree

    made = etree.SubElement(parent, f"{{{_ATOM}}}{tag}", attributes)
    made.text = text
    return made


def _pick(digest: Digest, pick: Pick) -> Posting:
    item, told = pick.item, story(digest, pick)
    week = digest.week
    accepted = [v.since for v in item.venues if v.since and v.since < week.end]
    return _posting(
        item,
        _name("pick", digest.reader, week.name, _work(item)),
        _told(told),
        max([item.first_seen, *accepted]),
    )


def _item(item: Item) -> Posting:
    names = ", ".join(one_line(n, _LONGEST_NAME) for n in item.authors[:_MOST_AUTHORS])
    venue = one_line(item.venues[-1].name, _LONGEST_NAME) if item.venues else ""
    content = _paragraphs((names, venue, shown_summary(item)))
    return _posting(item, _name("item", _work(item)), content, item.first_seen)


def _posting(item: Item, name: str, content: str, updated: datetime) -> Posting:
    authors = (one_line(name, _LONGEST_NAME) for name in item.authors[:_MOST_AUTHORS])
    return Posting(
        id=name,
        title=shown_title(item),
        content=content,
        updated=updated,
        published=item.published,
        url=web_address(item.url),
        authors=tuple(filter(None, authors)),
        topics=tuple(one_line(claim.name, _LONGEST_NAME) for claim in item.topics),
    )


def _told(told: Story) -> str:
    byline = " \u00b7 ".join((*told.byline, f"#{told.id}"))
    return _paragraphs((byline, *told.told, "; ".join(told.reasons)))


def _paragraphs(texts: Iterable[str]) -> str:
    found = [f'<p dir="auto">{escape(text)}</p>' for text in texts if text]
    return "".join(found) or "<p></p>"  # an entry without a link needs a content


def _work(item: Item) -> str:
    """Return what an item is, in this store and no other."""
    return f"{item.id} {_stamp(item.first_seen)}"


def _name(*of: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, 'tracker ' + ' '.join(of))}"


def _latest(postings: Sequence[Posting], otherwise: datetime) -> datetime:
    return max((posting.updated for posting in postings), default=otherwise)


def _stamp(moment: datetime) -> str:
    """Return a moment as RFC 3339 in UTC, to the second."""
    naive = moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    return f"{naive.isoformat()}Z"
