"""A digest as plain text, as mail carries it: 72 columns, links numbered."""

from io import StringIO

from tracker.core.weekly import Digest
from tracker.render.edition import Edition, edition
from tracker.render.terminal import lay_out

_COLUMNS = 72  # of which quoting takes some, and 80 are left (RFC 5322, 2.1.1; 3676)


def text(digest: Digest) -> str:
    """Return the digest as text without escapes; the addresses stand at its end."""
    return laid_out(edition(digest))


def laid_out(told: Edition) -> str:
    """Return an edition as text of 72 columns, but for addresses, which stay whole."""
    from rich.console import Console

    paper = StringIO()
    lay_out(told, Console(file=paper, width=_COLUMNS, color_system=None), links=[])
    return paper.getvalue()
