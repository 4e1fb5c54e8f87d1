"""A digest as Markdown (CommonMark), for notes."""

import re
from collections.abc import Iterable, Iterator

from tracker.core.weekly import Digest
from tracker.render.chart import usually
from tracker.render.clean import isolated
from tracker.render.edition import Edition, Part, edition
from tracker.render.movement import Movement
from tracker.render.shelf import Shelf
from tracker.render.story import Story

# What means something inside a line, in CommonMark and in what notes add to it:
# tables, formulas, ~~, ==, %% and {{. At the start of a line more does, see _START.
_INLINE = re.compile(r"[\\`*_\[\]<>{}|$~&#^]|==|%%|(?<=[A-Za-z]):(?=//)")
_START = re.compile(r"(?:[-+=:!]|\d+(?=[.)]))")


def markdown(digest: Digest) -> str:
    """Return the digest as Markdown; no text from outside means anything in it."""
    return "\n".join(_lines(edition(digest))) + "\n"


def escape(text: str) -> str:
    r"""Return a line of text that Markdown shows as it is.

    >>> escape("*Attention* is [all] you need")
    '\\*Attention\\* is \\[all\\] you need'
    """
    safe = _INLINE.sub(lambda found: f"\\{found[0]}", text)
    start = _START.match(safe)
    if not start:
        return safe
    marked = start[0]  # a number's dot is escaped, not the number
    if marked.isdecimal():
        return f"{marked}\\{safe[len(marked) :]}"
    return f"\\{safe}"


def _lines(told: Edition) -> Iterator[str]:
    yield f"# {escape(told.head)}"
    if told.totals:
        yield from ("", told.totals)
    if told.nothing:
        yield from ("", _prose(told.nothing))
    for part in told.parts:
        yield from _part(part)
    if told.movement:
        yield from _movement(told.movement)
    if told.shelf:
        yield from _shelf(told.shelf)
    yield from _foot(told)


def _prose(sentence: str) -> str:
    """Return a sentence of ours; the one command that stands in one stays code."""
    return escape(sentence).replace(r"\`tracker fetch\`", "`tracker fetch`")


def _part(part: Part) -> Iterator[str]:
    yield from ("", f"## {escape(part.title)}", "")
    for story in part.stories:
        yield _story(story)
    if part.more:
        yield from ("", f"and {part.more:,} more: {_code(part.rest)}")


def _story(story: Story) -> str:
    """Return an item of a list: lines with hard breaks, indented to stay inside it."""
    lines = (
        f"**{_linked(escape(isolated(story.title)), story.href)}** \\#{story.id}",
        _joined(escape(isolated(part)) for part in story.byline),
        f"*{escape('; '.join(map(isolated, story.reasons)))}*" if story.reasons else "",
        *map(escape, story.told),
        _joined(_linked(escape(name), url) for name, url in story.links),
    )
    return "- " + "\\\n  ".join(line for line in lines if line)


def _movement(moves: Movement) -> Iterator[str]:
    yield from ("", f"## {moves.title}", "")
    for bar in moves.bars:
        counts = f"{bar.count:,}, usually {usually(bar.usual)}"
        yield f"- {escape(isolated(bar.label))}: {counts}"
    if moves.rising:
        told = (f"{escape(isolated(name))} ({how})" for name, how in moves.rising)
        yield from ("", f"Rising: {_joined(told)}")


def _shelf(waiting: Shelf) -> Iterator[str]:
    yield from ("", "## Waiting in your reading list", "", waiting.said, "")
    for kept in waiting.longest:
        title = _linked(escape(isolated(kept.title)), kept.href)
        yield f"- {title} \\#{kept.id}, since {kept.since}"


def _joined(parts: Iterable[str]) -> str:
    return " \u00b7 ".join(parts)


def _linked(text: str, href: str | None) -> str:
    return f"[{text}](<{href.replace('&', '&amp;')}>)" if href else text


def _code(command: str) -> str:
    return f"`{command.replace('`', '')}`"


def _foot(told: Edition) -> Iterator[str]:
    if told.trouble or told.brought:
        yield from ("", "## Sources", "")
    for name, how in told.trouble:
        yield f"- **{escape(name)}**: {escape(how)}"
    if told.brought:
        yield f"- {_joined(f'{escape(name)} {new:,}' for name, new in told.brought)}"
    if told.brought and told.quiet:
        yield f"- {told.quiet}"
    if told.account:
        yield from ("", f"{told.account}: {_code(told.everything)}")
