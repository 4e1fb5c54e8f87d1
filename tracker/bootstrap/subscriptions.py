"""What is subscribed to: feeds found, added and removed, other readers' lists."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from tracker import opml
from tracker.bootstrap import App
from tracker.bootstrap.library import Library
from tracker.config import editing
from tracker.core.identity import canonical_url
from tracker.core.text import normal
from tracker.discovery import KIND, Discovery, discover
from tracker.errors import UsageError
from tracker.opml import Outline
from tracker.sources import Subscription, base
from tracker.store import engine as store
from tracker.store import fetches

_LONGEST_NAME = 40
_LONGEST_TITLE = 200
# Letters that no accent was added to: NFKD leaves them whole.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th"}
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A feed to subscribe to; without name or title they are made."""

    address: str
    title: str = ""
    name: str | None = None
    company: str | None = None
    topics: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a list: names added, titles known already, no web addresses."""

    added: Sequence[str]
    known: Sequence[str]
    refused: Sequence[str]


class Subscriptions:
    """The sources of the feeds.toml in use. Adding and removing edits the file.

    All of it raises ConfigError when the file can't be edited, and then it is as
    it was.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._file = app.config.path
        self._places: dict[str, Subscription] = {}
        for subscription in app.config.subscriptions:
            if subscription.address:
                place = canonical_url(subscription.address)
                self._places.setdefault(place, subscription)

    def discover(self, address: str) -> Discovery:
        """Return the feeds of a site; raises UsageError for no web address."""
        return discover(_web(address), self._app.door(), self._app.reading())

    def known(self, address: str) -> Subscription | None:
        """Return the source that reads from `address`, however it is written."""
        return self._places.get(canonical_url(address))

    def refuse_known(self, address: str) -> None:
        """Raise UsageError when `address` is subscribed to, or no web address."""
        if have := self.known(_web(address)):
            raise UsageError(f'{address}: subscribed already, as "{have.name}"')

    def add(self, wanted: Wanted) -> str:
        """Subscribe to a feed; return its name.

        Raises UsageError for no web address, and when it is subscribed to.
        """
        address = _web(wanted.address)
        self.refuse_known(address)
        title = _title(wanted.title)
        name = wanted.name or next(self._names([(title, address)]))
        table: dict[str, str | bool | list[str]] = _table(name, title, address)
        if wanted.company:
            table["company"] = wanted.company
        if wanted.topics:
            table["topics"] = list(wanted.topics)
        editing.add(self._file, [table])
        return name

    def remove(self, name: str) -> None:
        """End a subscription; raises UsageError when there is none of that name."""
        editing.remove(self._file, self._app.subscription(name).name)

    def enable(self, name: str) -> None:
        """Have a source read again, at once and though its address was gone.

        Raises UsageError when there is none.
        """
        editing.enable(self._file, self._app.subscription(name).name)
        with store.writing(self._app.engine) as connection:
            fetches.make_due(connection, [name], self._app.now())

    def move(self, name: str) -> str:
        """Write down where a source moved for good; return the address.

        Raises UsageError when it is not known to have moved.
        """
        subscription = self._app.subscription(name)
        (known,) = (
            one
            for one in Library(self._app).health(self._app.now())
            if one.subscription == subscription
        )
        if known.moved_to is None:
            what = "is not known to have moved; see `tracker sources list`"
            raise UsageError(f'"{name}" {what}')
        editing.readdress(self._file, name, known.moved_to)
        return known.moved_to

    def disable(self, name: str) -> None:
        """Keep a source without reading it; raises UsageError when there is none."""
        editing.disable(self._file, self._app.subscription(name).name)

    def take(self, outlines: Iterable[Outline]) -> Taken:
        """Subscribe to what another reader's list has, but for what we have."""
        new: dict[str, tuple[str, str]] = {}
        known, refused = [], []
        for outline in outlines:
            title, address = _title(outline.title), base.web_url(outline.address)
            if address is None:
                refused.append(title or outline.address[:_LONGEST_TITLE])
            elif self.known(address) or canonical_url(address) in new:
                known.append(title or address)
            else:
                new[canonical_url(address)] = (title, address)
        names = list(self._names(new.values()))
        tables = [
            _table(name, *pair) for name, pair in zip(names, new.values(), strict=True)
        ]
        if tables:
            editing.add(self._file, tables)
        return Taken(names, known, refused)

    def outlines(self) -> list[Outline]:
        """Return the feeds that are read, for other readers."""
        return [
            Outline(subscription.title, subscription.address)
            for subscription in self._app.config.subscriptions
            if subscription.kind == KIND
            and subscription.enabled
            and subscription.address
        ]

    def exported(self) -> str:
        """Return the feeds that are read as an OPML document."""
        return opml.written(self.outlines(), "tracker")

    def _names(self, feeds: Iterable[tuple[str, str]]) -> Iterator[str]:
        """Yield a name for each title and address that no other source has."""
        taken = {subscription.name for subscription in self._app.config.subscriptions}
        for title, address in feeds:
            name = base_name = name_of(title, address)
            number = 1
            while name in taken:
                number += 1
                name = f"{base_name}-{number}"
            taken.add(name)
            yield name


def name_of(title: str, address: str) -> str:
    """Return a source's name made from its title, else from its address's host."""
    for text in (title, (urlsplit(address).hostname or "").removeprefix("www.")):
        plain = normal(text).translate(_LETTERS)
        words = "-".join(re.findall(r"[a-z0-9]+", plain))
        if words:
            return words[:_LONGEST_NAME].rstrip("-")
    return KIND


def _table(name: str, title: str, address: str) -> dict[str, str | bool | list[str]]:
    said = {"name": name, "kind": KIND, "title": title, "url": address}
    return {key: value for key, value in said.items() if value}


def _title(text: str) -> str:
    return base.one_line(text)[:_LONGEST_TITLE]


def _web(address: str) -> str:
    """Return an address with its scheme; raises UsageError for no web address."""
    found = base.web_url(address if "://" in address else f"https://{address}")
    if found is None:
        what = "no web address; write one such as https://blog.example.org"
        raise UsageError(f"{base.one_line(address)[:200]}: {what}")
    return found
