"""What waits in a reader's reading list, as a digest reminds of it."""

from dataclasses import dataclass

from tracker.core.weekly import Digest
from tracker.render.clean import cut, web_address
from tracker.render.story import shown_title
from tracker.render.words import day

_LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Kept:
    """An item kept for reading, and since when: "3 Oct"."""

    id: int
    title: str
    href: str | None
    since: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """A reading list: `said` counts it, `longest` wait longest."""

    said: str
    longest: tuple[Kept, ...]


def shelf(digest: Digest) -> Shelf | None:
    """Return the reader's reading list, None for an empty one."""
    waiting = digest.waiting
    if not waiting.count:
        return None
    counts = ((waiting.reading, "being read"), (waiting.to_read, "to read"))
    return Shelf(
        said=", ".join(f"{number:,} {what}" for number, what in counts if number),
        longest=tuple(
            Kept(
                item.id,
                cut(shown_title(item), _LONGEST_TITLE),
                web_address(item.url),
                day(digest, since),
            )
            for item, since in waiting.longest
        ),
    )
