"""Where sentences end, in the prose of abstracts and posts, and where that ends."""

import re
from collections.abc import Iterator

_MOST = 6_000  # characters read of a text: an abstract has 2,000 at most
_END = re.compile(
    r"(?<![.!?\u2026])[.!?\u2026]++[\"'\u2019\u201d)\]}]*+(?=\s)"
    r"|[\u3002\uff01\uff1f]+[\u201d\u300d\u300f\uff09]*"
)
_WIDE = "\u3002\uff01\uff1f"
# After these, a full stop ends a sentence at no time, or not before a number.
_NEVER = frozenset(
    {"e.g", "i.e", "cf", "vs", "viz", "ca", "approx", "resp", "w.r.t", "a.k.a", "al"}
)
_TITLES = frozenset({"Dr", "Prof", "Mr", "Mrs", "Ms", "St"})  # "8 ms." is none
_NUMBERED = frozenset(
    {"fig", "figs", "eq", "eqs", "sec", "sect", "tab", "ref", "refs", "no", "nos"}
    | {"alg", "thm", "prop", "def", "lem", "cor", "ch", "chap", "vol", "pp", "p", "app"}
)
_OPENING = "([{~\"'\u2018\u201c"  # what may stand before a word
_INITIAL = re.compile(r"(?:[A-Z]\.)*[A-Z]")
_NUMBER_AFTER = re.compile(r"[\d(\[\\~#]|[IVX]+\b|[A-Z]\b(?! [a-z])")
# Words that begin sentences far more often than they follow an initial.
_BEGINNERS = frozenset(
    {"A", "An", "And", "As", "At", "But", "By", "For", "From", "Here", "However", "In"}
    | {"It", "Its", "Moreover", "On", "Our", "Such", "That", "The", "Then", "There"}
    | {"These", "They", "This", "Those", "Thus", "To", "We", "When", "While", "With"}
)

# What blogs' programs add: "The post X appeared first on Y.", "Continue reading X".
_ADDED = re.compile(
    r"(?:\s*(?:\bThe post\b.{1,300}\b(?:appeared first|first appeared) on\b.{1,200}"
    r"|\b(?:Continue|Keep) [Rr]eading\b.{0,300}|\bRead (?:[Mm]ore|on)\b\W*"
    r"|\[?(?:\u2026|\.{3})\]))+\s*$",
    re.DOTALL,
)
_MOST_ADDED = 600  # characters


def prose(text: str) -> str:
    """Return `text` without what a blog's program added at its end."""
    at = max(len(text) - _MOST_ADDED, 0)
    return text[:at] + _ADDED.sub("", text[at:])


def sentences(text: str) -> list[str]:
    """Return the sentences of `text` in order, each with single spaces.

    A full stop of an abbreviation, an initial, a number, an address or a formula
    ends none; the ideographic full stop does without a space after it.
    """
    plain = " ".join(text[:_MOST].split())
    begin, found = 0, []
    for end in _ends(plain):
        found.append(plain[begin:end].strip())
        begin = end
    rest = plain[begin:].strip()
    return [*found, rest] if rest else found


def _ends(text: str) -> Iterator[int]:
    begin = 0
    for mark in _END.finditer(text):
        if _is_end(text, begin, mark):
            yield mark.end()
            begin = mark.end()


def _is_end(text: str, begin: int, mark: re.Match[str]) -> bool:
    if mark[0][0] in _WIDE:
        return True
    after = text[mark.end() + 1 : mark.end() + 25]
    if after[:1].islower() or _in_formula(text[begin : mark.start()], after):
        return False
    if mark[0] != ".":
        return True
    before = text[max(begin, mark.start() - 25) : mark.start()].split(" ")[-1]
    return not _is_abbreviation(before.lstrip(_OPENING), after)


def _in_formula(before: str, after: str) -> bool:
    """Return whether an inline TeX formula, "$a. B$", is open where `before` ends.

    A lone dollar is a price: a formula's end is not far.
    """
    is_open = (before.count("$") - before.count(r"\$")) % 2 == 1
    return is_open and "$" in after


def _is_abbreviation(word: str, after: str) -> bool:
    low = word.lower()
    if low in _NEVER or word in _TITLES:
        return True
    if low in _NUMBERED:
        return _NUMBER_AFTER.match(after) is not None
    following = re.match(r"\w*", after)
    begins = following is not None and following[0] in _BEGINNERS
    return _INITIAL.fullmatch(word) is not None and not begins
