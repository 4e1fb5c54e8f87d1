"""Which papers a post is about: by what it links to, and by its title."""

import re
from enum import StrEnum
from html import unescape
from typing import NamedTuple

from tracker.core.identity import paper_key, title_key, url_key
from tracker.core.likeness import forms
from tracker.core.values import Entry, ItemKind

_MOST = 2  # papers that one post is about
_OPENING = 0.4  # of its text, in which a link tells what it is about
_SHORT = 2_000  # characters that are an opening, whatever follows
_THIRD = 1 / 3
_FEWEST_SHARED = 2
_FEWEST_WORDS = 5  # of a title that can be no other thing's
_ANCHOR = re.compile(
    r"<a\b[^>]{0,600}?href=\"(https?://[^\"]{1,500})\"[^>]{0,300}>(.{0,300}?)</a>",
    re.DOTALL,
)
_TAG = re.compile(r"<[^<>]{0,500}>")
_NAMED = re.compile(
    r"\b(?:(?:our|the|full|research|original|arxiv|technical|published)\s+)+"
    r"(?:paper|report|preprint|publication|article)\b"
    r"|^\W*(?:read\s+)?(?:paper|arxiv|preprint|pdf|publication|technical report)\W*$",
    re.IGNORECASE,
)


class Relation(StrEnum):
    """How a post stands to a paper: it names it as its own matter, or links to it."""

    NAMES = "names"
    LINKS = "links"


class About(NamedTuple):
    """That a post seems to be about the paper of a key, and what shows it."""

    key: str
    relation: Relation
    evidence: str


def is_about(relation: str, post: str, paper: str) -> bool:
    """Return whether a post, by its title and summary, is about a paper of a title.

    One that names the paper is; one that links to it alone, when it has a third of the
    title's words, and two at least, or when there is no title to compare.
    """
    words = set(forms(paper))
    if relation == Relation.NAMES or not words:
        return True
    return len(words & set(forms(post))) >= max(_FEWEST_SHARED, len(words) * _THIRD)


def papers(entry: Entry) -> tuple[About, ...]:
    """Return the papers that a post is about, none for what is no post.

    Those it calls its paper, or the only one it links to, in its opening; and one of
    its own title. A post that links to papers one after the other is about none.
    """
    if entry.kind is not ItemKind.POST:
        return ()
    found = [*_linked(entry), *_titled(entry.title)]
    return tuple({one.key: one for one in reversed(found)}.values())[::-1]


def _titled(title: str) -> list[About]:
    key = title_key(title)
    if key is None or len(key.split()) < _FEWEST_WORDS:
        return []
    return [About(key, Relation.NAMES, "bears its title")]


def _key(address: str) -> str | None:
    """Return the key of the paper an address leads to: one it names, or a PDF."""
    is_pdf = address.lower().endswith(".pdf")
    return paper_key(address) or (url_key(address) if is_pdf else None)


def _linked(entry: Entry) -> list[About]:
    linked = dict.fromkeys(key for a in entry.links if (key := _key(a)))
    if not linked and '.pdf"' not in entry.content:
        return []  # as nearly all posts, without being searched for links
    named: dict[str, str] = {}
    first: dict[str, int] = {}
    for found in _ANCHOR.finditer(entry.content):
        key = _key(unescape(found[1]))
        if key is None:
            continue
        first.setdefault(key, found.start())
        words = " ".join(_TAG.sub("", found[2]).split())
        if _NAMED.search(words):
            named.setdefault(key, words)
    if named:
        chosen = [
            About(key, Relation.NAMES, f'calls it "{words}"')
            for key, words in named.items()
        ]
        return chosen if len(chosen) <= _MOST else []
    opening = max(_SHORT, len(entry.content) * _OPENING)
    if len(linked) != 1:
        return []
    (only,) = linked
    if first.get(only, 0) > opening:
        return []
    return [About(only, Relation.LINKS, "links to no other paper")]
