"""Companies that a text names as where its work was done: "in live traffic at Acme".

Preprints state no affiliations where they are listed. A name alone tells little: most
are of data sets, products and rivals. So only what stands before a name counts, and in
titles more of it. Names that count only alone, being everyday words, are not found.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from tracker.core.classify.companies import choices, spaced
from tracker.core.values import Company

Mentions = Callable[[str, str], Mapping[str, str]]
"""Returns the companies that a title and a text name, each with the words."""

_IN_TITLE = re.compile(r"\b(?:at|within|in|on|for|from|by) (?:the )?$", re.IGNORECASE)
_IN_TEXT = re.compile(
    r"\b(?:at|within"
    r"|(?:deployed|launched|rolled out|production|traffic|users|engineers)"
    r" (?:in|on|to|of|from|by|across)) (?:the )?$",
    re.IGNORECASE,
)
# Code and data lie at GitHub and at Hugging Face, whoever wrote them.
_LIES = re.compile(
    r"\b(?:available|released|found|hosted|published|posted|shared|accessible|accessed"
    r"|code|data|datasets?|models?) $",
    re.IGNORECASE,
)
_BEFORE = 40  # characters before a name that are read
_MOST = 20_000  # characters of a text


@dataclass(frozen=True, slots=True)
class _Named:
    name: str
    firsts: tuple[str, ...]  # what its names begin with, for speed
    pattern: re.Pattern[str]


def finder(companies: Iterable[Company]) -> Mentions:
    """Return what finds these companies in a work's title and text."""
    known = [named for company in companies if (named := _named(company))]

    def found(title: str, text: str) -> dict[str, str]:
        body = text[:_MOST]
        lower = f"{title} {body}".lower()
        return {
            one.name: said
            for one in known
            if any(first in lower for first in one.firsts)
            and (said := _said(one, title, _IN_TITLE) or _said(one, body, _IN_TEXT))
        }

    return found


def _named(company: Company) -> _Named | None:
    names = {company.title, *company.aliases} - set(company.alone)
    names = {name for name in names if not name.startswith("@")}
    if not names:
        return None
    hidden = "|".join(map(spaced, company.exclude))
    unless = rf"(?!(?i:{hidden}))" if hidden else ""
    pattern = re.compile(rf"\b{unless}(?:{choices(names)})(?![\w-])")
    firsts = sorted({name.lower().split()[0] for name in names})
    return _Named(company.name, tuple(firsts), pattern)


def _said(known: _Named, text: str, places: re.Pattern[str]) -> str | None:
    for match in known.pattern.finditer(text):
        before = text[max(0, match.start() - _BEFORE) : match.start()]
        place = places.search(" ".join(before.split()) + " ")
        if place and not _LIES.search(place.string[: place.start()]):
            return f"{place[0]}{match[0]}"
    return None
