"""The parts of an affiliation, and which of them a name is all of.

"Aurora" is a company and a town: "Aurora, Pittsburgh" begins with the company, and
"University of Colorado, Aurora, CO, USA" has the town before its state.
"""

import re
from collections.abc import Iterator

_OTHER = re.compile(r"[+;/|&•·†‡§*\u2217]|\band\b")
_PART = re.compile(r"[,()\[\]]|\s[-\u2013\u2014@]\s")
# "Snap, Inc." is one part; "Orange, CA" and "Aurora, CO" are two.
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")  # "(FAIR)", "[2]"
_COMMA = re.compile(
    r",\s*(?=(?:inc|incorporated|llc|ltd|limited|plc|corp|corporation|gmbh"
    r"|co\W+ltd)\b)",
    re.IGNORECASE,
)
_MARKS = " \t.:_0123456789'\"“”-\u2013\u2014"
_FORM = (
    r"inc|incorporated|llc|ltd|limited|plc|corp|corporation|company|gmbh|ag|se|sa"
    r"|group|holdings?|technolog(?:y|ies)|labs?|research|ai|engineering"
)
_FORMED = re.compile(rf"[\s.](?:{_FORM}|co\W+ltd)\.?$", re.IGNORECASE)
# "Snap Inc.", "Target Corporation": what may follow a name that stands alone.
_FIRM = re.compile(rf"(?:[\s.,]+(?:{_FORM}|co|usa?|uk|nyc?))+\.?$", re.IGNORECASE)


def firsts(text: str) -> Iterator[str]:
    """Yield with what the affiliations in `text` begin, without marks and numbers."""
    for parts in _each(text):
        yield from parts[:1]


def alone(text: str) -> Iterator[str]:
    """Yield the parts of affiliations that a company's name may be all of.

    Of each affiliation in `text` they are the first and the last part, and others only
    where a company's form follows ("Oslo, Snap Inc., Norway"). The form is left out.
    """
    for parts in _each(text):
        for place, part in enumerate(parts):
            if place in (0, len(parts) - 1) or _FORMED.search(part):
                yield _FIRM.sub("", part)


def _each(text: str) -> Iterator[list[str]]:
    """Yield the parts of each affiliation in `text`."""
    plain = _COMMA.sub(" ", _ASIDE.sub(", ", text))
    for one in _OTHER.split(plain):
        trimmed = (part.strip(_MARKS) for part in _PART.split(one))
        yield [part for part in trimmed if part]
