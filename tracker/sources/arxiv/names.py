"""Authors as arXiv's records hold them: one text, accents in TeX, institutions apart.

"Ada Lovelace (1), Andr\\'e Weil (2) ((1) Analytical Engines, (2) Nancago)"
"""

import re
import unicodedata

from tracker.core.values import Author
from tracker.sources import base

_MARKS = {
    "'": "\u0301",
    "`": "\u0300",
    "^": "\u0302",
    '"': "\u0308",
    "~": "\u0303",
    "=": "\u0304",
    ".": "\u0307",
    "u": "\u0306",
    "v": "\u030c",
    "H": "\u030b",
    "c": "\u0327",
    "k": "\u0328",
    "r": "\u030a",
}
_LETTERS = {
    "o": "ø",
    "O": "Ø",
    "l": "ł",
    "L": "Ł",
    "ss": "ß",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "aa": "å",
    "AA": "Å",
    "i": "i",
    "j": "j",
}
_ACCENT = re.compile(
    r"\\([`'^\"~=.])\s?\{?\\?([A-Za-z])\}?|\\([uvHckr])(?:\s|\s?\{)\\?([A-Za-z])\}?"
)
_LETTER = re.compile(r"\\(ss|[Aa][Ee]|[Oo][Ee]|[Aa][Aa]|[oOlLij])(?![A-Za-z])\s?")
_LEGEND = re.compile(r"\((\w{1,3})\)\s*([^()]+?)[\s,;]*(?=\(\w{1,3}\)|$)")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_BETWEEN = re.compile(r",\s*(?:and\s+)?|\s+and\s+|;\s*")


def authors(stated: str) -> tuple[Author, ...]:
    """Return the authors of a record, with the institutions that it tells."""
    text, legend = _without_legend(_plain(stated))
    found = (_author(part, legend) for part in _parts(text))
    return tuple(author for author in found if author.name)


def _plain(text: str) -> str:
    """Return `text` with TeX's accents as letters."""
    text = _ACCENT.sub(_accented, text)
    text = _LETTER.sub(lambda found: _LETTERS.get(found[1], found[1]), text)
    return unicodedata.normalize("NFC", text).replace("{", "").replace("}", "")


def _accented(found: re.Match[str]) -> str:
    return (found[2] or found[4]) + _MARKS[found[1] or found[3]]


def _without_legend(text: str) -> tuple[str, dict[str, str]]:
    """Return the text without what its numbers stand for, and that, by number."""
    start = text.find("((")
    if start < 0:
        return text, {}
    inside = text[start + 1 :].strip().removesuffix(")")
    if inside.count("(") > inside.count(")"):
        inside += ")"
    found = {mark: base.one_line(place) for mark, place in _LEGEND.findall(inside)}
    return text[:start], found


def _parts(text: str) -> list[str]:
    """Return the parts of a list; a comma in brackets parts nothing."""
    hidden = _BRACKETS.sub(lambda found: "\0" * len(found[0]), text)
    parts, start = [], 0
    for gap in _BETWEEN.finditer(hidden):
        parts.append(text[start : gap.start()])
        start = gap.end()
    return [*parts, text[start:]]


def _author(part: str, legend: dict[str, str]) -> Author:
    places: list[str] = []
    for inside in _BRACKETS.findall(part):
        marks = [mark.strip() for mark in re.split(r"[,;]|\band\b", inside)]
        known = [legend[mark] for mark in marks if mark in legend]
        told = [] if known or re.fullmatch(r"[\d\W]*", inside) else [inside.strip()]
        places += known + told
    name = base.one_line(_BRACKETS.sub(" ", part))
    return Author(name, tuple(dict.fromkeys(places)))
