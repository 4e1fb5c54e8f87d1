"""Feeds that are odd or broken, as feedparser has read them: values of any type."""

from datetime import datetime

from tracker.sources.feed import parts
from tracker.sources.feed.raw import Raw, dicts, text
from tracker.sources.feed.stated import DOIS, Stated, Text


def stated(raw: Raw) -> Stated:
    """Return what an entry of feedparser's says."""
    copied = bool(raw.get("content")) and not raw.get("summary_detail")
    return Stated(
        guid=text(raw.get("id")),
        origin=text(raw.get("feedburner_origlink")),
        link=_link(raw),
        links=[
            (text(link.get("rel")), text(link.get("href")))
            for link in dicts(raw.get("links"))
        ],
        title=_text(raw, "title"),
        summary=None if copied else _text(raw, "summary"),
        contents=[
            Text(text(one.get("value")), text(one.get("type")), text(one.get("base")))
            for one in dicts(raw.get("content"))
        ],
        people=[text(author.get("name")) for author in dicts(raw.get("authors"))],
        tags=[
            text(tag.get("term")) or text(tag.get("label"))
            for tag in dicts(raw.get("tags"))
        ],
        dois={name: text(raw[name]) for name in DOIS if name in raw},
        published=_moment(raw, "published"),
        updated=_moment(raw, "updated"),
        created=_moment(raw, "created"),
        dated=text(raw.get("published")),
    )


def _text(raw: Raw, name: str) -> Text:
    detail = raw.get(f"{name}_detail") or {}
    return Text(text(raw.get(name)), text(detail.get("type")), text(detail.get("base")))


def _link(raw: Raw) -> str:
    """Return the entry's address, unless it is just what feedparser made of a guid."""
    link = text(raw.get("link"))
    return "" if raw.get("guidislink") and link == text(raw.get("id")) else link


def _moment(raw: Raw, name: str) -> datetime | None:
    return parts.of_struct(raw.get(f"{name}_parsed"), text(raw.get(name)))
