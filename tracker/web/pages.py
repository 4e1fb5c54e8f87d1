"""The pages behind a mail's links: what is asked for, and that it is done."""

from base64 import b64encode
from hashlib import sha256

from tracker.bootstrap.wishes import Asked
from tracker.links import OFFERED, Action
from tracker.render.clean import web_address
from tracker.render.story import shown_title
from tracker.render.templates import filled, source

_STYLE = source("page.css") + source("action.css")
_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'"
)
"""The Content-Security-Policy of the pages: their own style, their own form."""

_ASK = {**OFFERED, Action.STOP: "Stop the mails"}
_DONE = {
    Action.TO_READ: "It is on your reading list.",
    Action.MORE: "More like this will come.",
    Action.NOT_FOR_ME: "It will not come again, and less like it will.",
    Action.STOP: "No more digests will be mailed to you.",
}


def asking(asked: Asked) -> str:
    """Return the page that shows what a link does, with a button that does it."""
    return _page(asked, button=_ASK[asked.wish.action], said="")


def done(asked: Asked) -> str:
    """Return the page that says that it is done."""
    return _page(asked, button="", said=_DONE[asked.wish.action])


def problem(words: str) -> str:
    """Return the page for a link that does nothing."""
    said = f"{words[:1].upper()}{words[1:]}."
    return _filled(heading=said, asked=None, place=None, button="", said="")


def _page(asked: Asked, *, button: str, said: str) -> str:
    item = asked.item
    return _filled(
        heading=shown_title(item) if item else "Weekly digest",
        asked=asked,
        place=web_address(item.url) if item else None,
        button=button,
        said=said,
    )


def _filled(**values: object) -> str:
    from markupsafe import Markup

    style = Markup(_STYLE)  # noqa: S704 - our own file
    return filled("action.html", style=style, **values)
