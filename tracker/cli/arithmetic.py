"""A score told part by part: its points, its words, and what it rests on."""

import textwrap
from collections.abc import Iterator

from tracker.bootstrap.library import Why

_WIDTH = 80
_INDENT = " " * 10
_DEEPER = " " * 14


def data(why: Why) -> dict[str, object]:
    """Return a score as JSON values; the points of its parts sum up to it."""
    return {
        "reader": why.reader,
        "score": why.pick.score,
        "parts": [
            {
                "name": reason.name,
                "points": reason.points,
                "words": reason.words,
                "evidence": list(grounds),
            }
            for reason, grounds in why.parts
        ],
        "kept_out": why.kept_out or None,
    }


def text(why: Why) -> str:
    """Return a score as a sum that can be checked by hand."""
    return "\n".join(_lines(why))


def _lines(why: Why) -> Iterator[str]:
    item = why.pick.item
    yield f"#{item.id}  {item.title}"
    yield f"for {why.reader}, {why.now:%Y-%m-%d %H:%M} UTC"
    yield ""
    for reason, grounds in why.parts:
        yield f"{reason.points:8.3f}  {reason.words}"
        for line in grounds:
            yield from textwrap.wrap(
                line, _WIDTH, initial_indent=_INDENT, subsequent_indent=_DEEPER
            )
    yield f"{'-' * 8}"
    yield f"{why.pick.score:8.3f}  in all"
    if why.kept_out:
        yield f"no digest shows it: {why.kept_out}"
