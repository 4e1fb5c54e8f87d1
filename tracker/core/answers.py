"""A language model's answer as highlights: plain sentences, and whether of the text.

Models answer with Markdown although nobody asked, and with talk or errors in place of
a summary. Talk shares few words with the text, a summary many.
"""

import re
from collections.abc import Iterator, Sequence

from tracker.core.sentences import sentences
from tracker.core.text import STOP, words

_READ = 6_000  # characters of an answer
_MOST = 2  # sentences
_LONGEST = 350  # characters of a sentence that is shown
_SHORTEST = 30  # characters of all of them
_SHARE = 0.3  # of the telling words, that stand in the text too
_FEWEST = 3  # such words

_NO_PROSE = re.compile(r"^[ \t]*(?:#{1,6}[ \t]|```)[^\n]*", re.MULTILINE)
_LIST_MARK = re.compile(r"^[ \t]*(?:(?:>|[-*+\u2022]|\d[.)])[ \t]+)+", re.MULTILINE)
_LINK = re.compile(r"\[([^]\n]{1,200})\]\(https?://[^)\s]{1,500}\)")
_STRONG = re.compile(r"(\*\*|~~|`+)(?=\S)([^\n]{1,400}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])(\*|__?)(?=\S)([^\n*]{1,400}?)(?<=\S)\1(?![\w*])")
_LABEL = re.compile(
    r"^[ \t]*(?:(?:the |key |main )?(?:idea|results?)|tl;?dr|summary)[ \t]*:[ \t]*",
    re.IGNORECASE | re.MULTILINE,
)
_APART = re.compile(r"\n\s*\n")
# What models say of themselves and of what they were asked.
_TALK = frozenset(
    words(
        "ability able about abstract ai answer any apologize article as ask assist"
        " assistance assistant can cannot certainly content context could course do"
        " document don enough give happy help here idea information just know language"
        " let like m me model more my need no ok okay please prompt provide provided"
        " question request s sentence share sorry specific summarise summarize summary"
        " sure t text there two unable unfortunately want would yes"
    )
)


def plain(answer: str) -> tuple[str, ...]:
    """Return the first two sentences of an answer, without Markdown and labels."""
    bare = _LINK.sub(r"\1", _LIST_MARK.sub("\n\n", _NO_PROSE.sub("", answer[:_READ])))
    bare = _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", bare))
    return tuple(_sentences(_LABEL.sub("\n\n", bare)))[:_MOST]


def _sentences(bare: str) -> Iterator[str]:
    """Yield sentences; one that a colon ends announces others."""
    for part in _APART.split(bare):
        yield from (one for one in sentences(part) if not one.endswith(":"))


def fits(said: Sequence[str], title: str, text: str) -> bool:
    """Return whether sentences can be a summary of a text, neither short nor long."""
    if sum(map(len, said)) < _SHORTEST or max(map(len, said)) > _LONGEST:
        return False
    told = _telling(" ".join(said))
    shared = told & _telling(f"{title} {text}")
    return len(shared) >= max(_FEWEST, _SHARE * len(told))


def _telling(text: str) -> frozenset[str]:
    return frozenset(words(text)) - STOP - _TALK
