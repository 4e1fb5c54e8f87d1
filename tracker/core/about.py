"""Which papers a post is about: by what it links to, and by its title."""

import re
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from html import unescape
from typing import NamedTuple

from tracker.core.forms import forms
from tracker.core.identity import paper_key, url_key
from tracker.core.likeness import Paper, block
from tracker.core.text import tokens
from tracker.core.values import Entry, ItemKind

_MOST = 2  # papers that one post is about
_OPENING = 0.4  # of its text, in which a link tells what it is about
_SHORT = 2_000  # characters that are an opening, whatever follows
_OFTEN = 3  # links to a paper that a post is about, beside others
_THIRD = 1 / 3
_FEWEST_SHARED = 2
_FEWEST_WORDS = 3  # of a title that can be no other thing's
_ANCHOR = re.compile(
    r"<a\b[^>]{0,600}?href=\"(https?://[^\"]{1,500})\"[^>]{0,300}>(.{0,300}?)</a>",
    re.DOTALL,
)
_TAG = re.compile(r"<[^<>]{0,500}>")
_OWN = re.compile(
    r"\bour\s+(?:(?:full|new|research|original|arxiv|technical|published)\s+)*"
    r"(?:paper|report|preprint|publication|article)\b|\btechnical\s+report\b",
    re.IGNORECASE,
)
# What a post calls its own paper, and another's too; "Okasaki's paper" is another's.
_CALLED = re.compile(
    r"^\W*(?:read\s+)?(?:paper|arxiv|preprint|pdf|publication)\W*$"
    r"|\b(?<![\u2019']s )(?:study|paper|preprint)\W*$|\bstudy published\b"
    r"|\b(?:the|full|research|original|arxiv|technical|published)\s+"
    r"(?:paper|report|preprint|publication|article)\b",
    re.IGNORECASE,
)
_PRESENTED = re.compile(
    r"(?:(?:introducing|announcing|presenting|releasing|meet)\s+)?(\S+)", re.IGNORECASE
)
_COINED = re.compile(r"(?=.*[a-z])[A-Za-z][\w+-]*[A-Z0-9][\w+-]*")  # "PinRank"

BLOCK = "block:"
"""How the key of papers under a number begins."""


class Relation(StrEnum):
    """How a post stands to a paper: calls it its own, links to it, bears its name.

    The last is found by a number that titles and names of one form share.
    """

    NAMES = "names"
    LINKS = "links"
    TITLED = "titled"


class About(NamedTuple):
    """That a post seems to be about the paper of a key, and what shows it."""

    key: str
    relation: Relation
    evidence: str


class Told(NamedTuple):
    """What a post says: its title, its summary, and its text, as markup."""

    title: str
    summary: str
    content: str = ""


def shown(relation: str, evidence: str, post: Told, paper: str) -> str | None:
    """Return what shows that a post is about a paper of a title, None if nothing does.

    One that calls the paper its own is. One that links to it is, if it has a third of
    the title's words, and two at least, or all of it in its text, or when there is no
    title to compare. A title or a name in common must be more than chance: see titled.
    """
    if relation == Relation.NAMES:
        return evidence
    if relation == Relation.TITLED:
        return _titled(post, paper)
    words = set(forms(paper))
    if not words or _shares(post, words):
        return evidence
    title = f" {' '.join(tokens(paper))} "
    said = f" {' '.join(tokens(_TAG.sub(' ', post.content)))} "
    is_said = len(title.split()) >= _FEWEST_WORDS and title in said
    return f"{evidence}, and says its title" if is_said else None


def _shares(post: Told, words: set[str]) -> bool:
    mine = words & set(forms(f"{post.title} {post.summary}"))
    return len(mine) >= max(_FEWEST_SHARED, len(words) * _THIRD)


def _titled(post: Told, paper: str) -> str | None:
    """Return how a post bears the title of a paper, or the name before its colon.

    A name alone says little: the post must have a third of the other words, too, or
    there are none, and the name is one that somebody coined.
    """
    mine, theirs = Paper(post.title), Paper(paper)
    if sorted(mine.form) == sorted(theirs.form):
        return "bears its title" if len(mine.form) >= _FEWEST_WORDS else None
    name = theirs.name or theirs.form
    if not name or name not in _names(post.title):
        return None
    others = set(theirs.form) - set(name)
    is_one = _shares(post, others) if others else _COINED.fullmatch(paper)
    return "bears its name" if is_one else None


def _names(title: str) -> list[tuple[str, ...]]:
    """Return the forms of what a title presents: before its colon, or by a verb."""
    one = _PRESENTED.fullmatch(title)
    found = [Paper(title).name, forms(one[1]) if one else ()]
    return [name for name in found if name]


def papers(entry: Entry) -> tuple[About, ...]:
    """Return the papers that a post is about, none for what is no post.

    Those it calls its paper, or the only one it links to, in its opening, or by far
    most often; and those of its title or of the name in it, which are looked for by
    numbers. A post that links to papers one after the other is about none.
    """
    if entry.kind is not ItemKind.POST:
        return ()
    found = [*_linked(entry), *_by_title(entry.title)]
    return tuple({one.key: one for one in reversed(found)}.values())[::-1]


def _by_title(title: str) -> Iterator[About]:
    form = forms(title)
    if len(form) >= _FEWEST_WORDS:
        yield About(block_key(block(form)), Relation.TITLED, "bears its title")
    for name in _names(title):
        yield About(block_key(block(name)), Relation.TITLED, "bears its name")


def block_key(number: int) -> str:
    """Return the key of papers under a number: see likeness.blocks."""
    return f"{BLOCK}{number}"


def number(key: str) -> int:
    """Return the number that a key of papers under one has."""
    return int(key.removeprefix(BLOCK))


class _Link(NamedTuple):
    """A link to a paper: its key, its place in the text, and the words it is on."""

    key: str
    place: int
    words: str


def _links(content: str) -> Iterator[_Link]:
    for found in _ANCHOR.finditer(content):
        address = unescape(found[1])
        is_pdf = address.lower().endswith(".pdf")
        key = paper_key(address) or (url_key(address) if is_pdf else None)
        if key:
            yield _Link(key, found.start(), " ".join(_TAG.sub("", found[2]).split()))


def _linked(entry: Entry) -> list[About]:
    stated = dict.fromkeys(key for a in entry.links if (key := paper_key(a)))
    if not stated and '.pdf"' not in entry.content:
        return []  # as nearly all posts, without being searched for links
    links = list(_links(entry.content))
    for relation, expression in (
        (Relation.NAMES, _OWN),
        (Relation.LINKS, _CALLED),
    ):
        called = {one.key: one.words for one in links if expression.search(one.words)}
        if called:
            some = [
                About(key, relation, f'calls it "{words}"')
                for key, words in called.items()
            ]
            return some if len(some) <= _MOST else []
    return _matter(stated, links, max(_SHORT, len(entry.content) * _OPENING))


def _matter(stated: dict[str, None], links: list[_Link], opening: float) -> list[About]:
    """Return the one paper that is linked to in the opening, or again and again."""
    first = next((one for one in links if one.key in stated), None)
    if len(stated) == 1 and (first is None or first.place <= opening):
        (only,) = stated
        return [About(only, Relation.LINKS, "links to no other paper")]
    counts = Counter(one.key for one in links).most_common(2)
    if first is None or first.place > opening or not counts:
        return []
    (key, times), *others = counts
    if key != first.key or times < _OFTEN or any(2 * n > times for _, n in others):
        return []
    return [About(key, Relation.LINKS, f"links to it {times} times")]
