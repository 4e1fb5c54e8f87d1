"""Text and addresses from outside made fit to be shown: bounded, without controls."""

import re
import unicodedata
from urllib.parse import quote, urlsplit

from tracker.core.sentences import sentences

_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, the cursor (ECMA-48, 5.4)
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC: window titles, links
)
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# What can't be seen but moves its neighbours: directional overrides, zero widths.
_UNSEEN = re.compile("[\u00ad\u200b\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
_NO_CHARACTER = re.compile("[\ud800-\udfff\ufffe\uffff]")
_SENTENCES = 2
# Scripts that run from right to left, Hebrew to Arabic and those beyond U+FFFF.
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_JOINER = "\u200d"
# What belongs to the character before it and is no combining mark: joiners, skin
# tones, tags of flags, vowels and finals of Hangul (UAX 29, its rules GB6 to GB9).
_BELONGS = re.compile("[\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\u1160-\u11ff]")
_FLAG_LETTERS = "".join(map(chr, range(0x1F1E6, 0x1F200)))
_LONGEST_CHARACTER = 32  # code points; families of emoji have 11, and some more marks
_WORD_SHARE = 0.7  # a cut may go back to a space in the last third, not further
_LONGEST_ADDRESS = 2_048
# What may stand in an address as it is (RFC 3986), less what ends one in Markdown.
_ADDRESS_MARKS = "%/:=&?~#+!$,;@'-._"
_BARE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")


def one_line(text: str, most: int) -> str:
    """Return `text` as one line of at most `most` characters, safe to print."""
    near = text[: most * 4]  # a text of megabytes is not worth cleaning to its end
    near = _CONTROLS.sub(" ", _ESCAPES.sub("", near))
    near = _NO_CHARACTER.sub("\ufffd", _UNSEEN.sub("", near))
    return cut(" ".join(near.split()), most)


def cut(text: str, most: int) -> str:
    """Return `text`, or what fits into `most` characters and an ellipsis.

    >>> cut("attention is all you need", 20)
    'attention is all…'
    """
    if len(text) <= most:
        return text
    head = text[: _between(text, most - 1)]
    space = head.rfind(" ")
    if text[len(head)] != " " and space >= most * _WORD_SHARE:
        head = head[:space]
    return head.rstrip(" ,;:.\u2013-\u200d") + "\u2026"


def _between(text: str, end: int) -> int:
    """Return the last place up to `end` that is between two characters as seen."""
    for place in range(end, max(end - _LONGEST_CHARACTER, 0), -1):
        if not _is_inside(text, place):
            return place
    return end


def _is_inside(text: str, place: int) -> bool:
    """Return whether a cut at `place` would split what is seen as one character."""
    after = text[place]
    if after in _FLAG_LETTERS:  # two of them are a flag
        before = text[:place]
        letters = len(before) - len(before.rstrip(_FLAG_LETTERS))
        return letters % 2 == 1
    is_mark = unicodedata.category(after).startswith("M")
    return is_mark or bool(_BELONGS.match(after)) or text[place - 1] == _JOINER


def isolated(text: str) -> str:
    """Return text that leaves its neighbours in a line in their order.

    Where any of it runs from right to left, it stands between a first strong isolate
    and its end (UAX 9), which are not seen.
    """
    return f"\u2068{text}\u2069" if _RIGHT_TO_LEFT.search(text) else text


def opening(text: str, most: int) -> str:
    """Return the first two sentences of `text`, at most `most` characters.

    One alone where both are too long; a part of one, with an ellipsis, if need be.
    """
    first = sentences(text)[:_SENTENCES]
    both = " ".join(first)
    return both if len(both) <= most else cut(first[0], most)


def web_address(text: str | None) -> str | None:
    """Return `text` as an http(s) address in ASCII; None when it is none.

    Whatever could end an attribute, a Markdown link or a line is percent-encoded, and
    so is what RFC 3986 lets stand nowhere: a bare "%", a second "#".
    """
    if not text or len(text) > _LONGEST_ADDRESS or _CONTROLS.search(text):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    coded = _BARE_PERCENT.sub("%25", quote(text, safe=_ADDRESS_MARKS, errors="replace"))
    page, mark, place = coded.partition("#")
    return page + mark + place.replace("#", "%23")


def host(address: str) -> str:
    """Return the host of a web address without "www."."""
    return (urlsplit(address).hostname or "").removeprefix("www.")
