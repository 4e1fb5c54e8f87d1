"""A digest told in full: what every form of it lays out in its own way."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tracker.core.weekly import Digest, Section
from tracker.render import words
from tracker.render.clean import one_line
from tracker.render.movement import Movement, movement
from tracker.render.shelf import Shelf, shelf
from tracker.render.story import Story, story

_LONGEST_TITLE = 80


@dataclass(frozen=True, slots=True)
class Part:
    """A section as a reader sees it; `rest` is the command that lists `more`."""

    title: str
    stories: tuple[Story, ...]
    more: int
    rest: str
    is_top: bool


@dataclass(frozen=True, slots=True)
class Edition:
    """A digest in words; all texts are single lines, safe to print.

    `trouble` are sources of which something may be missing, each with how it did;
    `brought` are the others with the number of their new items, most first. `cut`
    counts the items that were left out for want of room. `account` tells what became
    of all that was seen, `everything` is the command that lists it. `stop` is the
    address at which a reader ends the mails.
    """

    kind: str
    days: str
    reader: str
    head: str
    figures: tuple[tuple[int, str], ...]
    totals: str
    nothing: str
    parts: tuple[Part, ...]
    movement: Movement | None
    shelf: Shelf | None
    trouble: tuple[tuple[str, str], ...]
    brought: tuple[tuple[str, int], ...]
    quiet: str
    account: str
    everything: str
    whole: str
    cut: int = 0
    stop: str | None = None

    @property
    def first(self) -> Story | None:
        """Return the story that stands first, if any."""
        return self.parts[0].stories[0] if self.parts else None

    @property
    def subject(self) -> str:
        """Return a title of the edition: its week, and the story that stands first."""
        return f"{self.kind}: {self.first.title if self.first else 'nothing new'}"


def edition(digest: Digest) -> Edition:
    """Return all that is told of a digest; summaries stand with top picks only."""
    kind, days = words.heading(digest)
    return Edition(
        kind=kind,
        days=days,
        reader=words.reader(digest),
        head=words.head(digest),
        figures=words.figures(digest),
        totals=words.totals(digest),
        nothing=words.nothing(digest),
        parts=tuple(_part(digest, one) for one in digest.sections if one.picks),
        movement=movement(digest),
        shelf=shelf(digest),
        trouble=tuple(words.trouble(report) for report in words.troubled(digest)),
        brought=words.brought(digest),
        quiet=words.quiet(digest),
        account=words.account(digest),
        everything=words.everything(digest),
        whole=words.whole(digest),
    )


def _part(digest: Digest, section: Section) -> Part:
    is_top = section.key == "top"
    title = one_line(section.title, _LONGEST_TITLE)
    stories = [story(digest, pick) for pick in section.picks]
    return Part(
        title=title,
        stories=tuple(one if is_top else _brief(one, title) for one in stories),
        more=section.more,
        rest=words.rest(digest, section),
        is_top=is_top,
    )


def _brief(told: Story, section: str) -> Story:
    """Return a story without its text, and reasons that stand beside it already."""
    known = f"about {section}".casefold()
    reasons = tuple(why for why in told.reasons if why.casefold() != known)
    return replace(told, summary="", highlights=(), reasons=reasons)


def first_of(
    brought: Sequence[tuple[str, int]], most: int
) -> tuple[tuple[str, int], ...]:
    """Return at most `most` of the sources; the last stands for all that are left."""
    if len(brought) <= most:
        return tuple(brought)
    rest = brought[most - 1 :]
    others = (f"{len(rest):,} more sources", sum(new for _, new in rest))
    return (*brought[: most - 1], others)


def shortened(full: Edition, most: int) -> Edition:
    """Return an edition of at most `most` items; `cut` counts those left out.

    Top picks stay longest. Every other section loses its last items first, so that
    the sections grow shorter together.
    """
    places = [
        (0 if part.is_top else number, index, number)
        for index, part in enumerate(full.parts)
        for number in range(len(part.stories))
    ]
    kept = {(index, number) for _, index, number in sorted(places)[:most]}
    parts = [
        replace(part, stories=_kept(part.stories, index, kept))
        for index, part in enumerate(full.parts)
    ]
    left = tuple(part for part in parts if part.stories)
    return replace(full, parts=left, cut=max(0, len(places) - most))


def _kept(
    stories: Sequence[Story], index: int, kept: set[tuple[int, int]]
) -> tuple[Story, ...]:
    return tuple(s for number, s in enumerate(stories) if (index, number) in kept)
