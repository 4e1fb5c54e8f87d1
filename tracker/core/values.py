"""The words of tracker as frozen values; everything else passes these along."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class Outcome(StrEnum):
    """What collecting a source came to."""

    OK = "ok"
    UNCHANGED = "unchanged"
    EMPTY = "empty"
    STALE = "stale"
    BLOCKED = "blocked"
    RATE_LIMITED = "rate-limited"
    FAILED = "failed"

    @property
    def is_trouble(self) -> bool:
        """Whether a reader must be told that something may be missing."""
        return self in TROUBLE


TROUBLE = frozenset(
    {Outcome.STALE, Outcome.BLOCKED, Outcome.RATE_LIMITED, Outcome.FAILED}
)


class ItemKind(StrEnum):
    """What an item is."""

    PAPER = "paper"
    POST = "post"


class MarkState(StrEnum):
    """Where an item stands with a reader."""

    INBOX = "inbox"
    TO_READ = "to-read"
    READING = "reading"
    READ = "read"
    NOT_FOR_ME = "not-for-me"


@dataclass(frozen=True, slots=True)
class Window:
    """The time a source is asked about; both ends aware, UTC.

    `ids` are the works asked about, "arxiv:…" or "doi:…", for a kind of source that
    must be told: those that somebody kept since `since`, the latest first. `facts`
    are what the source's own pages taught at earlier visits, by name.
    """

    since: datetime
    until: datetime
    ids: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """One thing a source asks for.

    `may_be_missing`: a 404 means "not published yet", an empty answer rather
    than a failure. `etag` and `last_modified` make the request conditional.
    `token` is sent as "Authorization: Bearer", or as the header `token_header`, to
    the server of `url` alone. `body`, JSON, makes it a POST: one is never conditional
    nor redirected, and its answer is that of no address. `idempotency_key` tells its
    server when it comes once more (the header of that name).
    """

    url: str
    accept: str = "*/*"
    may_be_missing: bool = False
    etag: str | None = None
    last_modified: str | None = None
    token: str | None = field(default=None, repr=False)
    token_header: str | None = None
    body: bytes | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """What came back for a request.

    `requested` is the address asked for, `url` the one that answered after
    redirects; `moved_to` is set when every redirect on the way was permanent.
    `status` is 200, 304 (empty body) or, where the request allows it, 404.
    `fetched_at` is aware. Header names are lower case.
    """

    requested: str
    url: str
    status: int
    body: bytes
    fetched_at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class Author:
    """An author as one source stated it."""

    name: str
    affiliations: tuple[str, ...] = ()


class SignalName(StrEnum):
    """What a signal tells of a work; `code` and `project` are web addresses."""

    UPVOTES = "upvotes"
    CITATIONS = "citations"
    INFLUENTIAL = "influential citations"
    CODE = "code"
    PROJECT = "project"
    ORGANIZATION = "organization"
    TLDR = "tldr"


@dataclass(frozen=True, slots=True)
class Signal:
    """Evidence on a work from a source that did not publish it, such as its upvotes.

    `value` is text: a count in digits, an address, a line. Of a stored signal,
    `source` is the name of the source that gave it and `since` when it first said so.
    """

    name: SignalName
    value: str
    source: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper or post as one source stated it.

    Texts are plain (no markup, one line for the title) except `content`, which
    is sanitised HTML. Addresses are absolute http(s). `guid` is the source's own
    name for it. `ids` are the keys the source states: `doi:…`, `arxiv:…`
    (without version), `openreview:…`. `venue` is a name with its year, such as
    "KDD 2026", when the source states acceptance. `comment` is arXiv's. `signals` are
    what a source of evidence adds to the work, each name once.
    """

    guid: str
    title: str
    kind: ItemKind
    url: str | None = None
    ids: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    authors: tuple[Author, ...] = ()
    summary: str = ""
    content: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    categories: tuple[str, ...] = ()
    venue: str | None = None
    comment: str | None = None
    version: int | None = None
    withdrawn: bool = False
    signals: tuple[Signal, ...] = ()


@dataclass(frozen=True, slots=True)
class Hints:
    """How often a source wishes to be asked, in its own words.

    `max_age` is what its answer's headers state (Cache-Control, Expires), the rest
    what its document does (RSS): `ttl`, hours (0 to 23) and days of the week
    (Monday is 0) in UTC.
    """

    max_age: timedelta = timedelta()
    ttl: timedelta = timedelta()
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


NO_HINTS = Hints()


@dataclass(frozen=True, slots=True)
class Page:
    """What one document held: entries, and the requests for what follows.

    `shortfall` says, when it is not empty, in what way the document is less than
    it claims to be: the source is then stale. `reached`, aware, says up to when the
    source has been read with it, oldest first: a run that goes no further is not in
    vain, for the next one goes on from there. `facts`, by name, are kept for the
    source's later visits, whatever comes of this one: see Window.
    """

    entries: tuple[Entry, ...]
    next: tuple[Request, ...] = ()
    shortfall: str = ""
    reached: datetime | None = None
    hints: Hints = NO_HINTS
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject to follow; `name` is its short id, keywords are its evidence.

    All that was accepted at one of its `venues` is about it.
    """

    name: str
    title: str
    description: str = ""
    keywords: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    venues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Company:
    """An employer, and what shows that a work is from it.

    `aliases` are the ways its name is written, its title among them; `alone` those
    that are its name only where nothing else stands beside them, `exclude` phrases
    that hide a name. `domains` are those of e-mail addresses, `ids` an institution's
    ("https://ror.org/…"), `sites` hosts, with a path or not, whose posts are its own.
    """

    name: str
    title: str
    aliases: tuple[str, ...] = ()
    follow: bool = False
    alone: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """That an item has a topic, company or venue, and the evidence for it.

    `weight` is in (0, 1]. `evidence` is the string that shows it, `source` the
    name of the source that stated it.
    """

    name: str
    evidence: str
    source: str
    weight: float = 1.0
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """That somebody said of an item that it is `about` a topic, or is not."""

    topic: str
    about: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class Related:
    """Another item that belongs beside one: the paper of a post, a paper's post.

    `source` is the name of the source that speaks there, `evidence` what shows it.
    """

    item: int
    kind: ItemKind
    title: str
    url: str | None
    source: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Item:
    """One work, as stored; times are aware, UTC.

    `sources` are the names of the sources it was seen at, first one first.
    `backlog`: it was old already when its source was read for the first time.
    """

    id: int
    kind: ItemKind
    title: str
    url: str | None
    first_seen: datetime
    published: datetime | None = None
    links: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    summary: str = ""
    categories: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    topics: tuple[Claim, ...] = ()
    companies: tuple[Claim, ...] = ()
    venues: tuple[Claim, ...] = ()
    withdrawn: bool = False
    backlog: bool = False
    signals: tuple[Signal, ...] = ()
    related: tuple[Related, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """What a reader thinks of an item."""

    state: MarkState = MarkState.INBOX
    rating: int | None = None
    note: str = ""
