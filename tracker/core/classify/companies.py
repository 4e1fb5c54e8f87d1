"""Companies from affiliation strings."""

import re
from collections.abc import Iterable, Sequence

from tracker.core.values import Claim, Company


class Companies:
    """Finds companies in affiliation strings by their aliases."""

    def __init__(self, companies: Sequence[Company]) -> None:
        self._patterns = [
            (company.name, _alias_pattern(company)) for company in companies
        ]
        self._known: dict[str, tuple[tuple[str, str], ...]] = {}

    def of(self, affiliations: Iterable[str], source: str) -> tuple[Claim, ...]:
        """Return the companies that affiliations name, evidence the affiliation."""
        found: dict[str, str] = {}
        for affiliation in affiliations:
            for name, evidence in self._in(affiliation):
                found.setdefault(name, evidence)
        return tuple(Claim(name, evidence, source) for name, evidence in found.items())

    def _in(self, affiliation: str) -> tuple[tuple[str, str], ...]:
        known = self._known.get(affiliation)
        if known is None:
            known = tuple(
                (name, affiliation[:200])
                for name, pattern in self._patterns
                if pattern.search(affiliation)
            )
            self._known[affiliation] = known
        return known


def _alias_pattern(company: Company) -> re.Pattern[str]:
    names = sorted({company.title, *company.aliases}, key=len, reverse=True)
    choices = "|".join(
        rf"{re.escape(name)}(?![\w-])"
        if name.startswith("@")
        else rf"(?<![\w@-]){re.escape(name)}(?![\w-])"
        for name in names
    )
    return re.compile(choices)
