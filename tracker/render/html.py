"""A digest as one HTML file: no script, nothing loaded, light and dark."""

from base64 import b64encode
from hashlib import sha256

from tracker.core.weekly import Digest
from tracker.render.chart import svg
from tracker.render.edition import edition
from tracker.render.movement import Movement
from tracker.render.templates import filled, source


def html(digest: Digest) -> str:
    """Return the digest as a page; its policy allows it nothing but its own style."""
    from markupsafe import Markup

    told = edition(digest)
    style = source("page.css")
    digest_of_style = b64encode(sha256(style.encode()).digest()).decode()
    return filled(
        "page.html",
        told=told,
        chart=Markup(_chart(told.movement)),  # noqa: S704 - drawn and escaped by us
        style=Markup(style),  # noqa: S704 - our own file, not text from outside
        style_hash=f"sha256-{digest_of_style}",
    )


def _chart(moves: Movement | None) -> str:
    return svg(moves.bars, moves.said) if moves else ""
