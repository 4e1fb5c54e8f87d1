"""The readers: added and removed in feeds.toml, paused in the store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.bootstrap import App
from tracker.config import editing
from tracker.core.weekly import Reader
from tracker.errors import UsageError
from tracker.store import deliveries, readers
from tracker.store import engine as store
from tracker.store.deliveries import Delivery


@dataclass(frozen=True, slots=True)
class Member:
    """A reader, since when they pause, and the last thing that was sent to them."""

    reader: Reader
    paused_at: datetime | None
    last: Delivery | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A reader to add; what is empty or None is left to the settings."""

    name: str
    email: str | None = None
    schedule: str | None = None
    time_zone: str | None = None
    language: str | None = None
    topics: Sequence[str] = ()
    companies: Sequence[str] = ()
    exclude: Sequence[str] = ()
    deliver: Sequence[str] = ()


class Readership:
    """The readers of the feeds.toml in use. Adding, removing, renaming edit the file.

    They raise ConfigError when the file can't be edited, and then it is as it was.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    def known(self) -> list[Member]:
        """Return the readers, each with how their mail stands."""
        with store.reading(self._app.engine) as connection:
            paused = readers.paused(connection)
            last = deliveries.latest(connection)
        return [
            Member(reader, paused.get(reader.name), last.get(reader.name))
            for reader in self._app.config.readers
        ]

    def add(self, wanted: Wanted) -> None:
        """Add a reader."""
        said = {
            "name": wanted.name,
            "email": wanted.email,
            "schedule": wanted.schedule,
            "time_zone": wanted.time_zone,
            "language": wanted.language,
            "topics": [*wanted.topics],
            "companies": [*wanted.companies],
            "exclude": [*wanted.exclude],
            "deliver": [*wanted.deliver],
        }
        table = {key: value for key, value in said.items() if value}
        editing.add(self._app.config.path, [table], "reader")

    def remove(self, name: str) -> None:
        """Remove a reader; what they marked and were sent is kept in the store."""
        editing.remove(self._app.config.path, self._app.reader(name).name, "reader")

    def rename(self, name: str, new: str) -> None:
        """Give a reader another name, in feeds.toml and in the store.

        Raises UsageError when there is no such reader, or another has had that name.
        """
        old = self._app.reader(name).name
        with store.writing(self._app.engine) as connection:
            if readers.find(connection, new) is not None:
                raise UsageError(f"a reader called {new!r} has marks or mails already")
            readers.rename(connection, old, new)
            editing.rename(self._app.config.path, old, new, "reader")

    def pause(self, name: str) -> None:
        """Send a reader nothing for now; raises UsageError when there is none."""
        with store.writing(self._app.engine) as connection:
            readers.pause(connection, self._app.reader(name).name, self._app.now())

    def resume(self, name: str) -> None:
        """Send a reader their digests again; raises UsageError when there is none."""
        with store.writing(self._app.engine) as connection:
            readers.resume(connection, self._app.reader(name).name)
