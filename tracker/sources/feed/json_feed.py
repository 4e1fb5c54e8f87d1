"""JSON Feed, versions 1.0 and 1.1: jsonfeed.org/version/1.1."""

from collections.abc import Mapping
from typing import Any

from tracker.errors import ReadError


def entries(feed: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a JSON Feed's items under the names feedparser would give their parts.

    The values are still of any JSON type. Raises ReadError when it is no JSON Feed.
    """
    version, items = feed.get("version"), feed.get("items")
    known = str(version).startswith(("https://jsonfeed.org/", "http://jsonfeed.org/"))
    if not known or not isinstance(items, list):
        raise ReadError("JSON, but not a JSON Feed")
    authors = _authors(feed)
    return [_entry(item, authors) for item in items if isinstance(item, dict)]


def _entry(item: Mapping[str, Any], feed_authors: list[Any]) -> dict[str, Any]:
    link, external = item.get("url"), item.get("external_url")
    plain = {"type": "text/plain"}
    return {
        "id": item.get("id"),
        "link": link or external,
        "links": [{"rel": "related", "href": external}] if link and external else [],
        "title": item.get("title"),
        "title_detail": plain,
        "summary": item.get("summary"),
        "summary_detail": plain,
        "content": _contents(item, link),
        "authors": _authors(item) or feed_authors,
        "tags": [{"term": term} for term in _list(item.get("tags"))],
        "published_parsed": item.get("date_published"),
        "updated_parsed": item.get("date_modified"),
    }


def _contents(item: Mapping[str, Any], link: object) -> list[dict[str, Any]]:
    """Return the item's HTML, else its text."""
    kinds = (("content_html", "text/html"), ("content_text", "text/plain"))
    return [
        {"value": item[name], "type": media, "base": link}
        for name, media in kinds
        if item.get(name)
    ][:1]


def _authors(owner: Mapping[str, Any]) -> list[Any]:
    """Return `authors` (1.1), else `author` (1.0)."""
    return _list(owner.get("authors")) or [one for one in [owner.get("author")] if one]


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
