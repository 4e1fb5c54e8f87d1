"""Institutions and venues of OpenAlex: their names, and the ids these stand for."""

import re

from pydantic import BaseModel

from tracker.core.text import normal
from tracker.errors import ReadError
from tracker.sources import base

_ID = re.compile(r"(?:https://openalex\.org/)?([IS]\d{1,15})", re.ASCII)
# "Pinterest (United States)": a company's branches are named after their countries.
_BRANCH = re.compile(r" \([^()]{1,60}\)$")
_MOST_IDS = 20


class _Place(BaseModel):
    """An institution or a venue."""

    id: base.Text = ""
    display_name: base.Text = ""
    abbreviated_title: base.Text = ""
    alternate_titles: base.Texts = ()
    display_name_alternatives: base.Texts = ()
    display_name_acronyms: base.Texts = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All that it is called, without the country of a branch."""
        return (
            _BRANCH.sub("", self.display_name),
            self.abbreviated_title,
            *self.alternate_titles,
            *self.display_name_alternatives,
            *self.display_name_acronyms,
        )


def ids(name: str, found: object, url: str) -> str:
    """Return the ids, "I1|I2", of the places that are called `name`.

    Raises ReadError, which names what there is, when none is.
    """
    places = [_Place.model_validate(one) for one in base.mappings(found)]
    sound = [(place, one[1]) for place in places if (one := _ID.fullmatch(place.id))]
    called = [
        number for place, number in sound if normal(name) in map(normal, place.names)
    ]
    if not called:
        others = ", ".join(
            f"{base.one_line(place.display_name)[:60]} ({number})"
            for place, number in sound[:5]
        )
        raise ReadError(f"{url}: none is called {name!r}; found: {others}")
    return "|".join(called[:_MOST_IDS])
