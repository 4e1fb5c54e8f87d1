"""What came out in the weeks before the sample's: titles alone, for trends."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from itertools import groupby
from pathlib import Path

ADDRESS = "/earlier.atom"
"""Where the site has the feed of one of these weeks."""

_FEED = '<feed xmlns="http://www.w3.org/2005/Atom"><title>earlier</title>{}</feed>'
_ENTRY = """
<entry><id>{url}</id><title>{title}</title><link href="{url}"/>
<category term="{category}"/><updated>{day:%Y-%m-%dT%H:%M:%SZ}</updated></entry>"""


@dataclass(frozen=True, slots=True)
class Past:
    """A week's papers as an Atom feed, and the moment at which they were read."""

    moment: datetime
    feed: bytes


class Clock:
    """A clock that can be stopped at a moment, and goes on when that is taken away."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.stopped: datetime | None = None

    def __call__(self) -> datetime:
        """Return the moment, aware."""
        return self.stopped or self._now()


def weeks(file: Path, now: datetime) -> Iterator[Past]:
    """Yield the weeks before `now`, the oldest first.

    A line of `file` is how many weeks ago a paper was read, its number at arXiv, its
    category and its title, the newest week first.
    """
    lines = [line.split("\t") for line in file.read_text("utf-8").splitlines()]
    for ago, papers in groupby(reversed(lines), key=lambda line: line[0]):
        moment = now - timedelta(weeks=int(ago))
        yield Past(moment, _feed((paper[1:] for paper in papers), moment))


def _feed(papers: Iterable[list[str]], day: datetime) -> bytes:
    entries = (
        _ENTRY.format(
            url=f"https://arxiv.org/abs/{number}",
            title=escape(title),
            category=category,
            day=day.astimezone(UTC),
        )
        for number, category, title in papers
    )
    return _FEED.format("".join(entries)).encode()
