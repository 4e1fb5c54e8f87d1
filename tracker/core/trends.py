"""What there is more of this week than in the last eight: topics, companies, terms.

The rise of one of them is the z-score of a log-odds ratio (Monroe, Colaresi and
Quinn, "Fightin' Words", Political Analysis 16, 2008, eq. 16 and 20 to 22, over items
instead of words, with Haldane and Anscombe's half an item for a prior):

    rise = (log odds this week - log odds before) / sqrt(1 / y + 1 / y')

where y of this week's n items have it, y' of the n' before, the half added to each,
and odds are y / (n - y). So a week with many items raises nothing by itself, nor
does one item of a rare thing.

Hundreds of terms are looked at, some of which stand out by chance. Those that rise
are picked by Benjamini and Hochberg's procedure (1995): of them, at most one in ten
is expected to be chance. Topics and companies are one family, terms another.

Topics and companies are counted among all items; terms among those that have one of
the reader's topics or companies. Terms are the words and pairs of words of titles,
each once a title, without stop words.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from math import ceil, log, sqrt
from statistics import NormalDist
from typing import NamedTuple

from tracker.core.text import singular
from tracker.core.weekly import Trend, TrendKind

_WEEK = timedelta(weeks=1)
_CLOCKS = timedelta(hours=2)  # a week may be longer by, when clocks are set back
_WEEKS = 8
_FEWEST_WEEKS = 2  # with less to compare with, everything is new
_FEWEST = 4  # items, below which nothing rises
_FALSE_SHARE = 0.1  # of what rises, by chance
_MOST_TERMS = 6
_PRIOR = 0.5
_PAIR_SHARE = 0.5  # of a word's items from which a pair with it tells more
_SHORTEST = 2  # letters of a word
_WORD = re.compile(r"[A-Za-z0-9]+(?:[-/\u2010\u2011][A-Za-z0-9]+)*")
_PART = re.compile(r"\b[A-Za-z][a-z]*\b")  # but "LLM", "MoE" and "GPT"
_POSSESSIVE = re.compile("['\u2019]s$")
_MARKS = "\"'()[]:;,.!?\u2018\u2019\u201c\u201d"
_CLAUSE_ENDS = (":", ";", ",", ".", "!", "?", ")", "]")
_STOP_WORDS = """
    a about across after all also among an and any are as at based be because been
    before being between both but by can could did do does doing done down each else
    every few for from get go had has have having he her here his how if in into is
    it its itself just let like made make making many may me might more most much
    must my near need new no nor not now of off on once one only or other our out
    over own part per really same should so some such than that the their them then
    there these they this those through to too toward towards two under until up use
    used using via versus very vs want was we week were what when where which while
    who why will with within without would yet you your
    approach introducing novel paper study
"""
_STOP = frozenset(_STOP_WORDS.split())


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted of an item; `first_seen` decides on its week."""

    first_seen: datetime
    title: str
    topics: frozenset[str]
    companies: frozenset[str]


Span = tuple[datetime, datetime]
"""An interval [start, end) of aware moments."""


def spans(start: datetime, end: datetime) -> tuple[Span, ...]:
    """Return [start, end) and the same days of the eight weeks before, oldest first.

    A week that is not over is compared with the same part of the others; an interval
    of several weeks with intervals of as many, within eight weeks. () for one that is
    empty or leaves no room for two others.
    """
    if end <= start:
        return ()
    weeks = max(1, ceil((end - start - _CLOCKS) / _WEEK))
    past = _WEEKS // weeks
    if past < _FEWEST_WEEKS:
        return ()
    steps = [weeks * _WEEK * back for back in range(past, -1, -1)]
    return tuple((start - step, end - step) for step in steps)


def trends(
    items: Iterable[Counted],
    spans: Sequence[Span],
    topics: Sequence[str],
    companies: Iterable[str],
) -> tuple[Trend, ...]:
    """Return the reader's topics and companies, in order, and the rising terms.

    Weeks before the first in which anything was seen don't count; () where fewer
    than two remain. Companies without any item are left out; the terms that rise
    most come first.
    """
    followed = frozenset(companies)
    weeks = _by_week(items, spans)
    begin = next((n for n, week in enumerate(weeks) if week), len(weeks))
    if len(weeks) - begin <= _FEWEST_WEEKS:
        return ()
    weeks = weeks[begin:]
    sizes = [len(week) for week in weeks]
    about = [Counter(name for one in week for name in one.topics) for week in weeks]
    of = [Counter(name for one in week for name in one.companies) for week in weeks]
    wanted = frozenset(topics)
    mine = [
        [o for o in w if o.topics & wanted or o.companies & followed] for w in weeks
    ]
    known = [_trend(TrendKind.TOPIC, name, about, sizes) for name in topics]
    known += [
        _trend(TrendKind.COMPANY, name, of, sizes)
        for name in sorted(followed)
        if any(week[name] for week in of)
    ]
    return (*_judged(known), *_terms(mine))


def _by_week(items: Iterable[Counted], spans: Sequence[Span]) -> list[list[Counted]]:
    starts = [start for start, _ in spans]
    weeks: list[list[Counted]] = [[] for _ in spans]
    for item in items:
        at = bisect_right(starts, item.first_seen) - 1
        if at >= 0 and item.first_seen < spans[at][1]:
            weeks[at].append(item)
    return weeks


def _trend(
    kind: TrendKind, name: str, weeks: Sequence[Counter[str]], sizes: Sequence[int]
) -> Trend:
    *before, count = (week[name] for week in weeks)
    rise = _rise(count, sizes[-1], sum(before), sum(sizes[:-1]))
    return Trend(kind, name, count, tuple(before), rise)


def _rise(here: int, of: int, before: int, of_before: int) -> float:
    now, then = here + _PRIOR, before + _PRIOR
    odds = log(now / (of - here + _PRIOR)) - log(then / (of_before - before + _PRIOR))
    return odds / sqrt(1 / now + 1 / then)


def _judged(family: Sequence[Trend]) -> list[Trend]:
    """Return the trends of one family, in their order, the rising ones marked so."""
    rises = sorted((trend.rise for trend in family), reverse=True)
    least = float("inf")
    for place, rise in enumerate(rises, 1):
        if 1 - NormalDist().cdf(rise) <= _FALSE_SHARE * place / len(rises):
            least = rise
    return [
        replace(trend, is_rising=trend.rise >= least and trend.count >= _FEWEST)
        for trend in family
    ]


def _terms(weeks: Sequence[Sequence[Counted]]) -> list[Trend]:
    """Return the terms that rise most, none of which shares a word with a better.

    All that occur often enough in all weeks together are looked at: those that do in
    this week alone would rise by having been chosen.
    """
    sizes = [len(week) for week in weeks]
    spelt = [[terms(one.title) for one in week] for week in weeks]
    counts = [Counter(term for found in week for term in found) for week in spelt]
    total: Counter[str] = Counter()
    for week in counts:
        total.update(week)
    often = sorted(term for term, count in total.items() if count >= _FEWEST)
    judged = _judged([_trend(TrendKind.TERM, term, counts, sizes) for term in often])
    rising = [trend for trend in judged if trend.is_rising]
    covered = _covered([trend.name for trend in rising], counts[-1])
    best = sorted(
        (trend for trend in rising if trend.name not in covered),
        key=lambda trend: (-trend.rise, trend.name),
    )
    return [
        _spelt(trend, Counter(f[trend.name] for f in spelt[-1] if trend.name in f))
        for trend in _apart(best)
    ]


def _covered(rising: Iterable[str], counts: Counter[str]) -> set[str]:
    """Return the words that mostly stand in one pair, which tells more than they."""
    return {
        word
        for pair in rising
        for word in pair.split()
        if word != pair and counts[pair] >= counts[word] * _PAIR_SHARE
    }


def _apart(rising: Iterable[Trend]) -> Iterator[Trend]:
    told: set[str] = set()
    left = _MOST_TERMS
    for trend in rising:
        words = set(trend.name.split())
        if left and not words & told:
            told |= words
            left -= 1
            yield trend


def _spelt(trend: Trend, spellings: Counter[str]) -> Trend:
    """Return a trend under the spelling that most titles have."""
    name = min(spellings, key=lambda spelling: (-spellings[spelling], spelling))
    return replace(trend, name=name)


def terms(title: str) -> dict[str, str]:
    """Return the words and pairs of words of a title, each with how it is written.

    Words are compared in lower case and singular, and written in lower case unless
    they have capitals inside. A pair stands side by side, within a clause.

    >>> terms("World Models: LLMs as planners")["world model"]
    'world models'
    """
    found: dict[str, str] = {}
    before: _Word | None = None
    for piece in title.split():
        word = _word(piece)
        if word.written:
            found.setdefault(word.key, word.written)
        if word.written and before:
            pair = f"{before.written} {word.written}"
            found.setdefault(f"{before.key} {word.key}", pair)
        before = word if word.written and not word.ends_clause else None
    return found


class _Word(NamedTuple):
    """A word as it stands within a sentence, "" for what makes no term; its key."""

    written: str
    key: str
    ends_clause: bool


@lru_cache(maxsize=65_536)
def _word(piece: str) -> _Word:
    bare = _POSSESSIVE.sub("", piece.strip(_MARKS))
    ends = piece.endswith(_CLAUSE_ENDS)
    too_short = len(bare) < _SHORTEST or bare.isdigit()
    if too_short or not _WORD.fullmatch(bare) or bare.lower() in _STOP:
        return _Word("", "", ends)
    written = _PART.sub(lambda part: part[0].lower(), bare)
    return _Word(written, singular(written.lower()), ends)
