"""Whether a feed in XML breaks off before its end, as one cut on its way does."""

import re

_PROLOGUE = 20_000  # characters in which the root must begin
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ROOT = re.compile(r"<([a-z][\w.:-]{0,40})", re.IGNORECASE)
_OPENS = re.compile(r"<(?:[\w-]{1,20}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_CLOSES = re.compile(r"</(?:[\w-]{1,20}:)?(?:item|entry)\s*>", re.IGNORECASE)


def is_cut(text: str) -> bool:
    """Return whether the document ends before its root element does.

    Of RSS, the end of the channel is enough: there are feeds that never close more.
    """
    root = _ROOT.search(_COMMENT.sub("", text[:_PROLOGUE]))
    if root is None:
        return False
    names = {root[1], "channel"} if root[1].lower() == "rss" else {root[1]}
    end = max(_last(name, text) for name in names)
    return end < 0 or _OPENS.search(text, end) is not None


def is_in_entry(text: str) -> bool:
    """Return whether a document that is cut ends within an entry."""
    start = 0
    for closing in _CLOSES.finditer(text):
        start = closing.end()
    return _OPENS.search(text, start) is not None


def _last(name: str, text: str) -> int:
    """Return where the last element of that name ends, -1 for nowhere."""
    place = -1
    for found in re.finditer(
        rf"</{re.escape(name)}\s{{0,99}}(?:>|\Z)", text, re.IGNORECASE
    ):
        place = found.start()
    return place
