"""Names of authors, taken apart: "Last, First" as reference managers want it.

No rule takes all names apart; what can't be told is left whole.
"""

import re
from dataclasses import dataclass

_PARTICLES = (
    "af al ap at av bin bint d da dal dalla das de degli dei del della den der des di"
    " do dos du e el ibn la las le les los st ten ter van vande vanden vander vom von"
    " y zu zum zur"
)
_SUFFIX = re.compile(r"(?i:jr|sr)\.?|I{2,3}|IV|VI{0,3}")
# A family name of two characters, as of some hundred thousand people each.
_COMPOUND = (
    "\u6b27\u9633 \u6b50\u967d \u53f8\u9a6c \u53f8\u99ac \u4e0a\u5b98 \u8bf8\u845b"
    " \u8af8\u845b \u590f\u4faf \u7687\u752b \u5c09\u8fdf \u516c\u5b59 \u516c\u5b6b"
    " \u6155\u5bb9 \u957f\u5b59 \u9577\u5b6b \u5b87\u6587 \u53f8\u5f92 \u4ee4\u72d0"
    " \uc81c\uac08 \ub0a8\uad81 \uc120\uc6b0 \ud669\ubcf4 \ub3c5\uace0"
)
_KNOWN_PARTICLES = frozenset(_PARTICLES.split())
_KNOWN_COMPOUND = frozenset(_COMPOUND.split())
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_HANGUL = re.compile(r"[\uac00-\ud7af]+")
_EAST = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_BODY = re.compile(
    r"\b(?:team|blog|labs?|laborator\w+|inc|llc|ltd|gmbh|corp\w*|company|group|project"
    r"|consortium|collaboration|research|engineering|university|institute|foundation"
    r"|editors?|staff|association|committee|network|and|of|the)\b|&|\d",
    re.IGNORECASE,
)
_LONGEST_HAN = 3


@dataclass(frozen=True, slots=True)
class Name:
    """A name: of a person with a family name, else `whole`, as it stands.

    `family` has its particles ("van den Oord").
    """

    whole: str
    family: str = ""
    given: str = ""
    suffix: str = ""

    @property
    def inverted(self) -> str:
        """The name as "Last, First", or whole."""
        if not self.family:
            return self.whole
        return ", ".join(filter(None, (self.family, self.given, self.suffix)))


def name(text: str) -> Name:
    """Return the name that stands in `text`."""
    whole = " ".join(text.split())
    if "," in whole:
        return _inverted(whole)
    if _EAST.search(whole):
        return _eastern(whole)
    if _BODY.search(whole) or " " not in whole:
        return Name(whole)
    return _western(whole)


def _inverted(whole: str) -> Name:
    """Return a name of two or three parts; biber takes none of more."""
    family, *rest = (part.strip() for part in whole.split(","))
    if len(rest) > 2 or not (family and rest[-1]) or _BODY.search(whole):  # noqa: PLR2004 - suffix, given
        return Name(whole)
    return Name(whole, family, rest[-1], rest[0] if rest[1:] else "")


def _western(whole: str) -> Name:
    words = whole.split()
    suffix = ""
    if len(words) > 2 and _SUFFIX.fullmatch(words[-1]):  # noqa: PLR2004 - first, last, suffix
        suffix = words.pop()
    # "Da" and "Van" may be given names; only small letters are sure.
    particles = (n for n, word in enumerate(words) if n and word in _KNOWN_PARTICLES)
    last = min(next(particles, len(words)), len(words) - 1)
    return Name(whole, " ".join(words[last:]), " ".join(words[:last]), suffix)


def _eastern(whole: str) -> Name:
    """Return a name whose family name stands first.

    Without a space, three characters of Han or Hangul have a family name of one, or
    of two that are known; longer ones and those with kana stay whole.
    """
    family, space, given = whole.partition(" ")
    if space:
        return Name(whole, family, given.strip())
    if not (_HAN.fullmatch(whole) or _HANGUL.fullmatch(whole)):
        return Name(whole)
    long = 2 if whole[:2] in _KNOWN_COMPOUND else 1
    if not 1 < len(whole) <= _LONGEST_HAN + long - 1:
        return Name(whole)
    return Name(whole, whole[:long], whole[long:])
