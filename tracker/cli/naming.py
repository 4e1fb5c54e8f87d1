"""What one names on the command line, found in the settings."""

import difflib
from collections.abc import Sequence

from tracker.core.classify.called import Called
from tracker.core.values import Company
from tracker.errors import UsageError

_FEW = 12


def known(name: str | None, names: Sequence[str], what: str) -> None:
    """Raise UsageError, which says what there is, when `name` is none of `names`."""
    if name is not None and name not in names:
        raise _unknown(name, names, what)


def company(companies: Sequence[Company], name: str) -> Company:
    """Return the company of that name, title or alias, or that an affiliation names.

    Raises UsageError, which tells what is nearest, when there is none.
    """
    called = Called(companies)
    found = called.company(name)
    if found is None:
        raise _unknown(name, called.ways, "company")
    return found


def _unknown(name: str, names: Sequence[str], what: str) -> UsageError:
    if len(names) <= _FEW:
        return UsageError(
            f"no {what} is called {name!r}; there is {', '.join(names) or 'none'}"
        )
    near = difflib.get_close_matches(name.lower(), names, n=3)
    hint = f"did you mean {' or '.join(map(repr, near))}?" if near else "see feeds.toml"
    return UsageError(f"no {what} is called {name!r}; {hint}")
