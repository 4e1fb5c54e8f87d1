"""A case of the hostile corpus as a value, and small documents to make cases of."""

from collections.abc import Iterable
from dataclasses import dataclass

from tests.fetch.wire import Script
from tests.server import Reply, Route
from tracker.core.values import Outcome

OK, EMPTY, STALE = Outcome.OK, Outcome.EMPTY, Outcome.STALE
FAILED, BLOCKED = Outcome.FAILED, Outcome.BLOCKED
LIMITED = Outcome.RATE_LIMITED

XML = "application/xml"


@dataclass(frozen=True, slots=True)
class Wired:
    """Play by a server that says exactly these bytes, when it likes."""

    script: Script


@dataclass(frozen=True, slots=True)
class Case:
    """What a server does, and what collecting it must come to.

    `play` answers at the source's own host, at its feed's path and at all below.
    `said` is a pattern that the source's detail must hold. `titles`, unless None,
    are those of all its items. `ips` are what the name service answers, in turn;
    the last one for ever.
    """

    name: str
    play: Route | Wired
    outcome: Outcome
    said: str = ""
    titles: tuple[str, ...] | None = None
    kind: str = "feed"
    ips: tuple[tuple[str, ...], ...] = (("127.0.0.1",),)


def document(body: bytes, media: str = XML, **headers: str) -> Reply:
    """Return a reply that serves `body`; `content_encoding="gzip"` is a header."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return 200, {"Content-Type": media, **named}, body


def item(title: str = "A post", body: str = "", name: str = "1") -> str:
    """Return an item of RSS whose address is one of its own site's."""
    link = f"<link>/post/{name}</link><guid>{name}</guid>"
    return f"<item><title>{title}</title>{link}{body}</item>"


def rss(items: str | Iterable[str], head: str = "", before: str = "") -> bytes:
    """Return a feed of RSS 2.0; `head` stands in its root tag, `before` before it."""
    listed = items if isinstance(items, str) else "".join(items)
    text = (
        f'{before}<rss version="2.0" {head}><channel><title>A blog</title>'
        f"<link>/</link>{listed}</channel></rss>"
    )
    return text.encode("utf-8", "surrogatepass")


def atom(entries: str) -> bytes:
    """Return a feed of Atom."""
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>A blog</title>'
        f"<id>tag:blog</id><updated>2026-11-20T00:00:00Z</updated>{entries}</feed>"
    ).encode()


def entry(title: str, body: str = "", name: str = "1") -> str:
    """Return an entry of Atom; `title` is a whole element or a text."""
    titled = title if title.startswith("<title") else f"<title>{title}</title>"
    link = f'<id>tag:{name}</id><link href="/post/{name}"/>'
    return f"<entry>{titled}{link}{body}</entry>"
