"""The kinds of source: one module each, found by name.

A module's name is the kind; its class `Source` is what reads it. `base` holds
what they share. A new kind is one new file here.
"""

import importlib
import pkgutil
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from tracker.sources.base import Source, web_url


@dataclass(frozen=True, slots=True)
class Subscription:
    """One [[source]] table of feeds.toml."""

    name: str
    title: str
    kind: str
    source: Source
    company: str | None = None
    venue: str | None = None
    topics: tuple[str, ...] = ()
    every: timedelta = timedelta(hours=6)
    enabled: bool = True

    @property
    def is_steady(self) -> bool:
        """Whether it should publish all year round, which a conference does not."""
        return self.venue is None

    @property
    def address(self) -> str | None:
        """The web address it reads from, None for a kind that is not given one."""
        return web_url(getattr(self.source, "url", None))


def kinds() -> tuple[str, ...]:
    """Return the names of all kinds, sorted."""
    names = {module.name for module in pkgutil.iter_modules(__path__)}
    return tuple(sorted(names - {"base"}))


@cache
def load(kind: str) -> type[Source]:
    """Return the class that reads sources of `kind`, one of `kinds()`."""
    source: type[Source] = importlib.import_module(f"{__name__}.{kind}").Source
    return source
