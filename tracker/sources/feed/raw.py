"""What was read as values of any type: by feedparser, or from JSON."""

from collections.abc import Mapping
from typing import Any, TypeAlias

Raw: TypeAlias = Mapping[str, Any]


def text(value: object) -> str:
    """Return a text or a number as text, "" for anything else."""
    if type(value) is str:
        return value
    return str(value) if isinstance(value, str | int) else ""


def dicts(value: object) -> list[Raw]:
    """Return the dictionaries in a list, none for anything else."""
    parts = value if isinstance(value, list) else []
    return [part for part in parts if isinstance(part, dict)]
