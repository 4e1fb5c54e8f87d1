"""The two sentences of an abstract that carry its idea and its result.

Roles of sentences are told by their words, their place and what they share with the
title, as classifiers of abstracts' sentences do; here the weights are set by hand, so
that nothing need be loaded or trained. docs/quality.md has the measure.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.core.sentences import prose, sentences
from tracker.core.text import words

_LONGEST = 350  # characters of a sentence that can still be skimmed
_FEWEST = 3  # sentences from which choosing among them saves anything
_MOST_READ = 40  # sentences
_ENOUGH = 2.0  # points below which a sentence is neither idea nor result
_PLAINLY = 3.5  # points of a result that none would take for anything else
_TITLE_SHARE = 2.0  # points of a sentence that holds all words of the title
_NAME = 1.0  # of the first one with the name before the title's colon
_LATE = 1.0  # points of the last sentence as a result; less for those before
_EARLY = 0.5  # points of the first sentence as an idea; less for those after
_REVERSED = 1.0  # costs of a result that stands before the idea: a motivation, often

_Cue = tuple[float, re.Pattern[str]]


def _cue(points: float, pattern: str) -> _Cue:
    return points, re.compile(pattern)


# What authors say that they did, and its points, by group.
_DID = re.compile(
    r"\b(?:we|(?:this|our|the present) (?:paper|work|study|article|survey|report)|here)"
    r"(?: \w+){0,2}? (?:"
    r"((?:propose|introduce|present)s?\b)"
    r"|((?:develop|design|devise|describe|release|build|create)s?\b)"
    r"|investigat|stud|examin|explor|analy[sz]|survey|compar|conduct|focus|address"
    r"|provid|participat|improv|formulat|treat)"
)
_DID_POINTS = {1: 3.0, 2: 2.5, None: 2.0}
_IDEA: tuple[_Cue, ...] = (
    _cue(0.5, r"\b(?:in this (?:paper|work|study|article)|to (?:this end|address|bridge"
         r"|tackle|fill|overcome)|inspired by|motivated by)\b"),
    _cue(0.5, r"\b(?:novel|new|first|simple|framework|benchmark|dataset|corpus|method"
         r"|approach|model|platform|system)\b"),
    _cue(-2.0, r"^(?:specifically|concretely|technically|furthermore|moreover|further"
         r"|additionally|in addition|finally|subsequently|then|first,|second|third"
         r"|to (?:facilitate|support|coordinate|mitigate|demonstrate)|building on"
         r"|complementing|beyond|also|using)\b"),
    _cue(-1.0, r"\b(?:experiments?|outperform\w*|results (?:show|demonstrate)"
         r"|earlier work)\b"),
)  # fmt: skip
_RESULT: tuple[_Cue, ...] = (
    _cue(1.5, r"\b(?:experiment\w*|evaluat\w+|results?|findings?|empirical\w*"
         r"|analys[ei]s|validation|trials|ablations?)\b"),
    _cue(1.0, r"\b(?:show|demonstrat|reveal|find|found|indicat|confirm|suggest"
         r"|highlight|verif|observe|impl(?:y|ies))"),
    _cue(1.5, r"\b(?:outperform|surpass|exceed|beat|state-of-the-art|sota\b"
         r"|superior)"),
    _cue(1.0, r"\b(?:achiev|improv|reduc|increas|gain|boost|enhanc|accelerat|sav"
         r"|(?:faster|better|higher|lower|fewer|best)\b)"),
    _cue(1.5, r"\d\$?(?:\s?\\?%|\s?(?:x|\u00d7|times|points|pp)\b|\.\d|\\times)"),
    _cue(2.0, r"\b(?:a/b[ -]?test|online (?:experiment|test|deployment)"
         r"|deployed|in production)"),
    _cue(-1.0, r"\b(?:(?:propose|introduce)s?|(?:we|this paper) presents?)\b"),
    _cue(-1.0, r"\b(?:potential|could|hope|believe|anticipate|future|opens? up|paves?"
         r"|paving|foundation for|step toward|practical (?:guidance|solution))\b"),
    _cue(-1.0, r"^(?:ablation|further|moreover|additionally|in addition|finally|besides"
         r"|taken together|in sum|overall|these (?:findings|results))\b"),
)  # fmt: skip
_NEITHER: tuple[_Cue, ...] = (
    _cue(-4.0, r"\b(?:https?://|(?:code|data\w*|models?)\b.{0,40}\bavailable\b"
         r"|open-sourced|first appeared on|appeared first on)"),
    _cue(-2.0, r"^(?:(?:however|yet|while|although|despite|recent|recently|existing"
         r"|current|prior|previous|traditional|conventional|most|many)\b|with the"
         r" (?:rapid|development|rise|advent))"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Told:
    """A sentence as idea and as result, in points; `text` is what is shown of it.

    It is plain when it says what its authors did, names their work, or has more of a
    result than chance would give.
    """

    place: int
    text: str
    idea: float
    result: float
    is_plain: bool


def highlights(title: str, text: str) -> tuple[str, ...]:
    """Return the sentences of `text` that tell idea and result, in its order.

    At most two, whole, of single spaces; none for a text of two sentences or fewer,
    nor where none speaks as an idea or a result does.
    """
    found = sentences(prose(text))[:_MOST_READ]
    if len(found) < _FEWEST:
        return ()
    chosen = _best(_told(title, found))
    return tuple(one.text for one in sorted(chosen, key=lambda one: one.place))


def _told(title: str, found: Sequence[str]) -> list[_Told]:
    wanted = set(words(title))
    name = title.partition(":")[0].strip().lower() if ":" in title else ""
    told, last = [], len(found) - 1
    for place, text in enumerate(found):
        if len(text) > _LONGEST:
            continue
        low = text.lower()
        neither = _points(_NEITHER, low)
        shared = len(wanted.intersection(words(text))) / max(len(wanted), 1)
        did = _DID.search(low)
        idea = _points(_IDEA, low) + _TITLE_SHARE * shared + neither
        idea += _DID_POINTS[did.lastindex] if did else 0
        is_named = bool(name) and name in low
        if is_named:
            idea, name = idea + _NAME, ""
        idea += _EARLY * (1 - place / last)
        result = _points(_RESULT, low) + neither + _LATE * place / last
        is_plain = did is not None or is_named or result >= _PLAINLY
        told.append(_Told(place, text, idea, result, is_plain))
    return told


def _points(cues: Sequence[_Cue], text: str) -> float:
    return sum(points for points, pattern in cues if pattern.search(text))


def _best(told: Sequence[_Told]) -> list[_Told]:
    """Return the pair of the most points together, or the one that has enough."""
    if not any(one.is_plain for one in told):  # prose, of which nothing stands out
        return []
    ideas = [one for one in told if one.idea >= _ENOUGH]
    results = [one for one in told if one.result >= _ENOUGH]
    pairs = [(i, r) for i in ideas for r in results if i is not r]
    if pairs:
        idea, result = max(pairs, key=_worth)
        return [idea, result]
    plain = [one for one in ideas or results if one.is_plain]
    alone = max(plain, key=lambda one: one.idea + one.result, default=None)
    return [alone] if alone else []


def _worth(pair: tuple[_Told, _Told]) -> float:
    idea, result = pair
    return idea.idea + result.result - _REVERSED * (result.place < idea.place)
