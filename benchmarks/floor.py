"""The floor of a refresh: what its libraries take when nothing is joined to them.

`python -m benchmarks.floor DATABASE URLS THREADS` asks for the addresses in the file
URLS, conditionally where it knows an ETag, and prints how many entries were new. It
keeps what it needs to be run again, and nothing that tracker adds: no bounds, no
pacing, one process, no keys, no duplicates, no topics, no index of the texts.
"""

import calendar
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import feedparser
import httpx
import nh3
from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Engine,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    event,
    select,
)
from sqlalchemy.dialects.sqlite import insert

_METADATA = MetaData()
PAGE = Table(
    "page",
    _METADATA,
    Column("url", Text, primary_key=True),
    Column("etag", Text),
)
ENTRY = Table(
    "entry",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("feed", Text, nullable=False),
    Column("guid", Text, nullable=False, unique=True),
    Column("title", Text),
    Column("url", Text),
    Column("authors", Text),
    Column("published_at", DateTime),
    Column("summary", Text),
    Column("content", Text),
)


def _opened(path: str) -> Engine:
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")

    _METADATA.create_all(engine)
    return engine


def refresh(path: str, urls: Sequence[str], threads: int) -> int:
    """Bring the database up to date; return how many entries were new."""
    engine, new = _opened(path), 0
    with engine.connect() as connection:
        known = {row.url: row.etag for row in connection.execute(select(PAGE))}
    with httpx.Client(timeout=30) as client, ThreadPoolExecutor(threads) as pool:
        # Not kept in a name: answers must not outlive their turn.
        for answer in as_completed(
            [pool.submit(_read, client, url, known.get(url)) for url in urls]
        ):
            read = answer.result()
            if read is not None:
                with engine.begin() as connection:
                    new += _store(connection, *read)
    return new


def _read(
    client: httpx.Client, url: str, etag: str | None
) -> tuple[str, str, list[dict[str, Any]]] | None:
    """Return address, ETag and rows; None when nothing changed."""
    answer = client.get(url, headers={"If-None-Match": etag} if etag else {})
    if answer.status_code == httpx.codes.NOT_MODIFIED:
        return None
    feed = feedparser.parse(
        BytesIO(answer.content), sanitize_html=False, resolve_relative_uris=False
    )
    rows = [_row(url, entry) for entry in feed.entries]
    return url, answer.headers["ETag"], rows


def _row(url: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    content = entry["content"][0]["value"] if "content" in entry else ""
    published = entry.get("published_parsed")
    return {
        "feed": url,
        "guid": entry["id"],
        "title": entry.get("title", ""),
        "url": entry.get("link"),
        "authors": "\n".join(a.get("name", "") for a in entry.get("authors", ())),
        "published_at": published
        and datetime.fromtimestamp(calendar.timegm(published), UTC),
        "summary": nh3.clean(entry.get("summary", "")),
        "content": nh3.clean(content),
    }


def _store(
    connection: Connection, url: str, etag: str, rows: list[dict[str, Any]]
) -> int:
    page = insert(PAGE).values(url=url, etag=etag)
    connection.execute(page.on_conflict_do_update(["url"], set_={"etag": etag}))
    known = set(connection.scalars(select(ENTRY.c.guid).where(ENTRY.c.feed == url)))
    fresh = [row for row in rows if row["guid"] not in known]
    if fresh:
        connection.execute(insert(ENTRY), fresh)
    return len(fresh)


if __name__ == "__main__":
    addresses = Path(sys.argv[2]).read_text().split()
    print(refresh(sys.argv[1], addresses, int(sys.argv[3])))
