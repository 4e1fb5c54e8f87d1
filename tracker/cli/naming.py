"""What one names on the command line, found in the settings."""

import difflib
from collections.abc import Iterable, Sequence

from tracker.core.values import Company
from tracker.errors import UsageError

_FEW = 12


def known(name: str | None, names: Sequence[str], what: str) -> None:
    """Raise UsageError, which says what there is, when `name` is none of `names`."""
    if name is not None and name not in names:
        raise _unknown(name, names, what)


def company(companies: Iterable[Company], name: str) -> Company:
    """Return the company of that name, title or alias, in any case.

    Raises UsageError, which tells what is nearest, when there is none.
    """
    called: dict[str, Company] = {}
    for one in companies:
        for way in (one.name, one.title, *one.aliases, *one.alone):
            called.setdefault(way.lower(), one)
    found = called.get(name.lower())
    if found is None:
        raise _unknown(name, list(called), "company")
    return found


def _unknown(name: str, names: Sequence[str], what: str) -> UsageError:
    if len(names) <= _FEW:
        return UsageError(
            f"no {what} is called {name!r}; there is {', '.join(names) or 'none'}"
        )
    near = difflib.get_close_matches(name.lower(), names, n=3)
    hint = f"did you mean {' or '.join(map(repr, near))}?" if near else "see feeds.toml"
    return UsageError(f"no {what} is called {name!r}; {hint}")
