"""JSON Feed, versions 1.0 and 1.1: jsonfeed.org/version/1.1."""

from datetime import UTC, datetime

from tracker.errors import ReadError
from tracker.sources import base
from tracker.sources.feed.raw import Raw, dicts, text
from tracker.sources.feed.stated import Stated, Text


def entries(feed: Raw) -> list[Stated]:
    """Return a JSON Feed's items; ReadError when it is no JSON Feed."""
    version, items = feed.get("version"), feed.get("items")
    known = str(version).startswith(("https://jsonfeed.org/", "http://jsonfeed.org/"))
    if not known or not isinstance(items, list):
        raise ReadError("JSON, but not a JSON Feed")
    people = _people(feed)
    return [_entry(item, people) for item in dicts(items)]


def _entry(item: Raw, feed_people: list[str]) -> Stated:
    own, external = text(item.get("url")), text(item.get("external_url"))
    published = base.text(item.get("date_published"))
    tags = item.get("tags")
    return Stated(
        guid=text(item.get("id")),
        link=own or external,
        links=[("related", external)] if own and external else [],
        title=Text(text(item.get("title")), "text/plain"),
        summary=Text(text(item.get("summary")), "text/plain"),
        contents=_contents(item, own),
        people=_people(item) or feed_people,
        tags=[text(tag) for tag in tags] if isinstance(tags, list) else [],
        published=_moment(published),
        updated=_moment(base.text(item.get("date_modified"))),
        dated=published,
    )


def _contents(item: Raw, own: str) -> list[Text]:
    """Return the item's HTML, else its text."""
    kinds = (("content_html", "text/html"), ("content_text", "text/plain"))
    stated = [Text(text(item.get(name)), media, own) for name, media in kinds]
    return [content for content in stated if content.value][:1]


def _people(owner: Raw) -> list[str]:
    """Return the names in `authors` (1.1), else in `author` (1.0)."""
    authors = dicts(owner.get("authors")) or dicts([owner.get("author")])
    return [text(author.get("name")) for author in authors]


def _moment(stated: str) -> datetime | None:
    """Return a time as RFC 3339 writes it, that of UTC where no zone is stated."""
    try:
        moment = datetime.fromisoformat(stated.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
