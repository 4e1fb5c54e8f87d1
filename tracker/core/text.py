"""Text reduced to what can be compared, or sent."""

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[a-z0-9]+")
_TEX_COMMAND = re.compile(r"\\[a-zA-Z]+\s*")
_MARKS = re.compile("[\u0300-\u036f]")
_SILENT = "'\u2019{}$"  # marks that stand inside a word: "don't", "$k$-NN"
_SHORTEST_PLURAL = 4
_MOST_WORDS = 100_000  # remembered; English has no more in a year of papers


@lru_cache(maxsize=65_536)
def normal(text: str) -> str:
    """Return the words of `text` for equality: no case, accents, TeX or punctuation.

    Letters outside ASCII that carry no accent (CJK, Cyrillic) are kept, so that a
    title in any script keeps its identity.
    """
    flat = _MARKS.sub("", unicodedata.normalize("NFKD", _TEX_COMMAND.sub("", text)))
    kept = (c if c.isalnum() else " " for c in flat.casefold() if c not in _SILENT)
    return " ".join("".join(kept).split())


def words(text: str) -> list[str]:
    """Return the lower-case ASCII words of `text`, plurals reduced to singulars."""
    return list(map(_SINGULARS.__getitem__, tokens(text)))


def tokens(text: str) -> list[str]:
    """Return the lower-case ASCII words of `text` as they stand there."""
    return _WORD.findall(text.lower())


def singular(word: str) -> str:
    """Return `word` without a plural "s": "models" is "model", "loss" stays."""
    if len(word) >= _SHORTEST_PLURAL and word.endswith("s") and word[-2] not in "su":
        return word[:-1]
    return word


def ascii_domain(address: str) -> str:
    """Return a mail address whose domain is in ASCII, as IDNA writes it."""
    local, at, domain = address.rpartition("@")
    try:
        return f"{local}{at}{domain.encode('idna').decode()}"
    except UnicodeError:
        return address


class _Singulars(dict[str, str]):
    """Words and their singulars, remembered: most words of a text are old friends."""

    def __missing__(self, word: str) -> str:
        found = singular(word)
        if len(self) < _MOST_WORDS:
            self[word] = found
        return found


_SINGULARS = _Singulars()

STOP = frozenset(
    words(
        "a an the of in on at to for and or with by from as is are be this that we our "
        "it its which can was were has have these those their such also than but not "
        "into using used use based via new propose proposed paper show result approach "
        "method i you your how what"
    )
)
"""Words that say nothing of what a text is about, as `words` returns them."""
