"""What arXiv's interfaces have in common: names of papers, categories, withdrawal."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from xml.etree.ElementTree import Element

from tracker.core import identity
from tracker.sources import base
from tracker.sources.arxiv.venue import accepted_venue

CATEGORY = r"[a-z][a-z-]*(?:\.(?:[A-Za-z-]+|\*))?"

_NAME = re.compile(r"(?:oai:arXiv\.org:)?(\S+?)(?:v(\d{1,4}))?", re.IGNORECASE)
_NUMBERED = re.compile(r"arxiv:(\d{4}\.\d{4,5})")
# "withdrawn from <some conference>" is no withdrawal from arXiv, and "supersedes
# 2510.00001, which has been withdrawn" is none of this paper.
_WITHDRAWN = re.compile(
    r"\b(?<!which has been )(?<!which is )(?<!which was )(?<!that was )withdrawn\b"
    r"(?! from(?! arxiv))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Name:
    """A paper's identifier: its key, its address, and the version if it states one."""

    key: str
    url: str
    version: int | None

    @classmethod
    def of(cls, stated: str) -> Self | None:
        """Return what "2611.01234v2" or "oai:arXiv.org:2611.01234" names, or None."""
        found = _NAME.fullmatch(stated.strip())
        key = identity.arxiv(found[1]) if found else None
        if not found or not key:
            return None
        version = int(found[2]) if found[2] else None
        return cls(key, f"https://arxiv.org/abs/{found[1]}", version)


def number(key: str) -> str:
    """Return the sortable part of a key, "2611.01234"; "" for those before 2007.

    Papers are numbered as they are announced.
    """
    found = _NUMBERED.fullmatch(key)
    return found[1] if found else ""


def own(categories: Iterable[str]) -> tuple[str, ...]:
    """Return arXiv's own categories, each once; no ACM or MSC classes."""
    names = dict.fromkeys(categories)
    return tuple(name for name in names if re.fullmatch(CATEGORY, name))


def venue(comment: str | None, journal: str | None) -> str | None:
    """Return the venue that has accepted a paper, by its comment or its reference."""
    return accepted_venue(comment or "") or accepted_venue(journal or "")


def says_withdrawn(comment: str | None) -> bool:
    """Return whether a comment says that the paper itself was withdrawn."""
    return bool(_WITHDRAWN.search(comment or ""))


def line(element: Element, name: str) -> str:
    """Return the text of a child element on one line, "" without one."""
    return base.one_line(element.findtext(name) or "")
