"""What a feed states of an entry, as it stands there: neither cleaned nor trusted."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

DOIS = ("prism_doi", "dc_identifier", "arxiv_doi", "citation_doi")
"""The elements that may hold a DOI, by feedparser's names."""


class Text(NamedTuple):
    """A text, its media type, and the address that relative ones in it start from."""

    value: str
    media: str
    base: str = ""


NOTHING = Text("", "text/plain")


@dataclass(slots=True)
class Stated:
    """An entry as its feed states it: what every reader of feeds fills in.

    `link` is its likeliest address, `origin` the one that FeedBurner's leads to, and
    `links` are (relation, address). `dois` are by the names of their elements. Times
    are aware; `dated` is the time of publication as it was written.
    """

    guid: str = ""
    origin: str = ""
    link: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)
    title: Text = NOTHING
    summary: Text | None = None
    contents: list[Text] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    dois: dict[str, str] = field(default_factory=dict)
    published: datetime | None = None
    updated: datetime | None = None
    created: datetime | None = None
    dated: str = ""
