"""The golden files: each form of a full week, an empty one, and of odd ones.

After a change that is meant: `python -m tests.render.forms` writes them anew; read
the difference before you commit it.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

from rich.console import Console

from tests.render import example
from tracker.core.weekly import Digest
from tracker.render.atom import digest_text
from tracker.render.data import json_text
from tracker.render.html import html
from tracker.render.markdown import markdown
from tracker.render.message import message
from tracker.render.plain import text
from tracker.render.terminal import show

GOLDEN = Path(__file__).parent / "golden"
_LINK_NUMBER = re.compile(r"(?<=\x1b\]8;)id=\d+")  # rich counts links up
_PICTURE = re.compile(
    rb"(Content-Type: image/png\r\n(?:[^\r]+\r\n)+\r\n)[A-Za-z0-9+/=\r\n]+"
)
MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)


def plain(digest: Digest, width: int = 80) -> str:
    """Return a digest as it is printed where there is no terminal."""
    paper = StringIO()
    show(digest, Console(file=paper, width=width, color_system=None))
    return paper.getvalue()


def on_terminal(digest: Digest, width: int = 80) -> str:
    """Return what a digest sends to a terminal with colours."""
    paper = StringIO()
    console = Console(
        file=paper, width=width, force_terminal=True, color_system="standard"
    )
    show(digest, console)
    return _LINK_NUMBER.sub("", paper.getvalue())


def letter(digest: Digest) -> bytes:
    """Return a digest as it is mailed."""
    name = "<2026-W47.5f1d@tracker.example>"
    sender = "tracker <digest@tracker.example>"
    return message(digest, sender, "anna@mail.example", name, MONDAY).as_bytes()


def _without_picture(digest: Digest) -> bytes:
    """Return a mail without the bytes of its picture, which each matplotlib makes."""
    return _PICTURE.sub(rb"\1(a picture)\r\n", letter(digest))


def _utf8(form: Callable[[Digest], str]) -> Callable[[Digest], bytes]:
    return lambda digest: form(digest).encode()


FORMS = {
    "printed.txt": _utf8(plain),
    "txt": _utf8(text),
    "ansi": _utf8(on_terminal),
    "md": _utf8(markdown),
    "html": _utf8(html),
    "json": _utf8(json_text),
    "atom": _utf8(digest_text),
    "eml": _without_picture,
}
WEEKS = {
    "week": example.week,
    "empty": example.empty,
    "first": example.first,
    "many": example.many,
    "odd": example.odd,
}


def files() -> dict[str, bytes]:
    """Return the golden files by name, as they are now."""
    return {
        f"{name}.{ending}": form(made())
        for name, made in WEEKS.items()
        for ending, form in FORMS.items()
    }


if __name__ == "__main__":
    for name, content in files().items():
        (GOLDEN / name).write_bytes(content)
