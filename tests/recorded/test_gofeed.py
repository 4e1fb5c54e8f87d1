"""gofeed's conformance files: what its expected JSON says of items, and what we read.

Each disagreement is named with its reason; a new one fails.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tracker.core.values import Document, Entry
from tracker.sources.feed import Source

pytestmark = pytest.mark.recorded

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://blog.example/feed"
ITEM = re.compile(rb"<((?:item|entry)\b[^>/]*)(?:/>|>)")

# File and part, and why we read otherwise.
REASONS = {
    (
        "extensions/dublincore/dublincore_item_multiple_values",
        "authors",
    ): "all are authors; gofeed's universal form keeps the first",
    (
        "parser/atom/entry_id_xml_base",
        "guid",
    ): "a name stays as it is written, whatever the base (RFC 4287, 4.2.6)",
    (
        "parser/rss/rss_channel_item_author_naked_markup",
        "authors",
    ): "elements other than <name> in an author are no part of the name",
    (
        "parser/rss/rss_channel_item_guid_naked_markup",
        "guid",
    ): "elements in a name are no part of it",
    (
        "parser/rss/rss_channel_item_illegal_char",
        "title",
    ): "a control character is a space: words must not run together",
    (
        "parser/rss/rss_channel_item_uri_at_protocol",
        "link",
    ): "of no http(s) address",
}


def document(body: bytes) -> Document:
    return Document(URL, URL, 200, body, NOW)


def expected(item: dict[str, Any]) -> dict[str, Any]:
    """Return the parts that both know, those absent left out."""
    links = [link for link in item.get("links") or [] if link]
    named = [
        link if isinstance(link, str) else link.get("href")
        for link in links
        if isinstance(link, str) or link.get("rel", "alternate") == "alternate"
    ]
    guid = item.get("guid") or item.get("id")
    authors = item.get("authors") or [item.get("author") or {}]
    names = [one if isinstance(one, str) else one.get("name") for one in authors]
    parts = {
        "title": plain(item.get("title") or ""),
        "link": item.get("link") or next(iter(named), None),
        "guid": guid["value"] if isinstance(guid, dict) else guid,
        "published": moment(item.get("publishedParsed") or item.get("pubDateParsed")),
        "updated": moment(item.get("updatedParsed")),
        "authors": [plain(name) for name in names if name],
    }
    return {name: part for name, part in parts.items() if part}


def read(entry: Entry) -> dict[str, Any]:
    return {
        "title": plain(entry.title),
        "link": entry.url,
        "guid": entry.guid,
        "published": entry.published,
        "updated": entry.updated,
        "authors": [plain(author.name) for author in entry.authors],
    }


def plain(text: str) -> str:
    """Return the text of what may be markup, whether or not it is escaped once more."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", unescape(text))).split())


def moment(stated: str | None) -> datetime | None:
    if not stated:
        return None
    return datetime.fromisoformat(stated).astimezone(UTC).replace(microsecond=0)


def titled(body: bytes, items: list[dict[str, Any]]) -> bytes:
    """Return a feed with titles for the items that have none: we keep none without."""
    rest = iter(items)

    def opened(found: re.Match[bytes]) -> bytes:
        has_title = "title" in next(rest)
        return found[0] if has_title else b"<%b><title>Untitled</title>" % found[1]

    return ITEM.sub(opened, body)


def compared(folder: Path) -> Iterator[tuple[str, str, object, object]]:
    """Yield file, part, what gofeed expects, and what we read."""
    for path in sorted(folder.rglob("*.json")):
        source = path.with_suffix(".xml")
        if not source.exists():
            continue
        feed = json.loads(path.read_bytes())
        items = [expected(i) for i in feed.get("items") or feed.get("entries") or []]
        if any(items):
            name = path.relative_to(folder).with_suffix("").as_posix()
            body = titled(source.read_bytes(), items)
            entries = Source(url=URL).read(document(body)).entries
            for item, entry in zip(items, entries, strict=True):
                ours = read(entry)
                yield from ((name, part, item[part], ours[part]) for part in item)


def test_items_agree_with_gofeed_but_for_named_reasons(
    recorded: Path, record_property: Callable[[str, object], None]
) -> None:
    agreed: Counter[str] = Counter()
    total: Counter[str] = Counter()
    others: dict[tuple[str, str], tuple[object, object]] = {}
    for name, part, theirs, ours in compared(recorded / "feeds/conformance/gofeed"):
        total[part] += 1
        agreed[part] += theirs == ours
        if theirs != ours:
            others[name, part] = (theirs, ours)
    for part, count in total.items():
        record_property(part, f"{agreed[part]} of {count}")
    assert {key: pair for key, pair in others.items() if key not in REASONS} == {}
    assert REASONS.keys() == others.keys()  # a reason outlived is to be removed
    assert sum(agreed.values()) / sum(total.values()) > 0.94
    assert total["link"] > 10
