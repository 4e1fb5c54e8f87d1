"""Putting what a server said, and addresses, into one safe line."""

import re

_UNPRINTABLE = re.compile(r"[^\x20-\x7e]+")
_SECRET = re.compile(
    r"([?&](?:api[_-]?key|key|token|access_token|secret|password|passwd)=)[^&#]*",
    re.IGNORECASE,
)
_USER = re.compile(r"(?<=//)[^/?#]*@")
_LONGEST = 120


def said(text: str) -> str:
    """Return what a server said as one short line of printable ASCII."""
    line = _UNPRINTABLE.sub(" ", text).strip()
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 3]}..."


def shown(url: str) -> str:
    """Return `url` for a message: one line, shortened, without its secrets."""
    return said(_SECRET.sub(r"\1***", _USER.sub("", url)))


def header_value(text: str | None) -> str | None:
    """Return `text` if it can stand in a request header as it is, else None.

    What a server once sent comes back here as an ETag: a line break in it would
    add headers of its choice.
    """
    sound = bool(text) and text is not None and text.isascii() and text.isprintable()
    return text if sound else None
