"""The company that somebody means by a name: one of its names, or an affiliation."""

from collections.abc import Sequence

from tracker.core.classify.companies import Companies
from tracker.core.values import Company


class Called:
    """Finds a company by its name, its title, an alias, or as an affiliation names it.

    The first three in any case, the name before others' titles and aliases. `ways` are
    those, in small letters.
    """

    def __init__(self, companies: Sequence[Company]) -> None:
        self._companies = companies
        self._by_name = {one.name: one for one in companies}
        self._finder: Companies | None = None
        self._by_way: dict[str, Company] = {}
        for one in companies:
            self._by_way.setdefault(one.name.lower(), one)
        for one in companies:
            for way in (one.title, *one.aliases, *one.alone):
                self._by_way.setdefault(way.lower(), one)
        self.ways = tuple(self._by_way)

    def company(self, said: str) -> Company | None:
        """Return the company that is meant, None for none and for several."""
        if known := self._by_way.get(said.lower()):
            return known
        # Its expressions take a moment to make, and names need none.
        self._finder = self._finder or Companies(self._companies)
        named = self._finder.named(said)
        return self._by_name[named[0]] if len(named) == 1 else None
