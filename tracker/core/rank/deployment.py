"""Whether a work tells that it is in use: tested on users, deployed, in production.

By rules, each a kind of evidence. Words that take it back, such as "before it is
deployed" or "without A/B tests", make it none, and so do sentences on what others do:
"language models are increasingly deployed" says nothing of the work.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

_LONGEST = 60  # characters of evidence that are shown
_MOST = 20_000  # characters that are read
_BEFORE = 48  # characters in which a word takes evidence back

_NUMBER = (
    r"(?:(?:hundreds|tens|dozens|thousands) of (?:millions?|billions?)|[\d.,]+\s?[mb]\b"
    r"|(?:[\d.,]+|a|one|two|several|many|multiple|hundred)?\s?(?:million|billion)s?"
    r"|millions|billions)"
)
_PEOPLE = (
    r"(?:(?!of\b)[\w-]+\s){0,3}(?:users|members|customers|listeners|viewers|shoppers|consumers"
    r"|buyers|advertisers|merchants)"
)
_KINDS = {
    "test": r"\b(?:(?:online|live|large-scale) ){0,3}A/B[- /]?(?:tests?|testing|tested"
    r"|experiments?|experimentation|evaluations?|studies)\b"
    r"|\bonline (?:controlled |field )?(?:experiments?|tests|testing|evaluations?)\b"
    r" (?:\w+ ){0,4}?(?:show|demonstrat|confirm|validat|verif|prov|indicat|yield|on|in"
    r"|at|with|reveal|achiev)\w*"
    r"|\blive (?:traffic|experiments?|tests)\b"
    r"|\bonline (?:gains?|improvements?|lifts?|metrics)\b",
    "deployed": r"\b(?:has|have|had) (?:also |now |already |since |both )?been"
    r" (?:\w+ly )?(?:deployed|launched|rolled out|put into production|adopted)\b"
    r"|\b(?:successfully|fully|already|currently|now) (?:deployed|launched|in use)\b"
    r"|\bwe (?:\w+ly )?(?:deploy|deployed|launched|rolled out)\b(?! (?:\w+ ){0,3}(?:to"
    r" (?:study|evaluate|analy[sz]e|investigate)))"
    r"|\b(?:deployed|launched|rolled out) (?:\w+ )?"
    r"(?:in|at|on|to|into|across|within|by) (?:production|(?:[\w-]+ ){0,3}"
    r"(?:platform|marketplace|app|company|service|feed|e-commerce|advertising|homepage)|(?-i:[A-Z]\w+))"
    r"|\bdeployment (?:of (?:\w+ ){1,4})?(?:at|on|in) (?-i:[A-Z]\w+)"
    r"|\b(?:real-world|large-scale|industrial|production|online|full)"
    r" (?:industrial |production |online )?deployments?\b"
    r" (?:\w+ ){0,4}?(?:show|demonstrat|confirm|on|in|at|across|reveal|achiev)\w*",
    "production": r"\bin production\b(?! of\b)"
    r"|\bproduction (?:systems?|environments?|traffic|deployments?|recommend\w+"
    r"|search|models?|ranking|rank\w*|serving|baselines?|settings?|data)\b"
    r"|\bonline serving\b|\bindustrial(?:-scale)? (?:recommend\w+|search|advertis\w+"
    r"|rank\w+|datasets?|retrieval|systems?|platforms?|e-commerce|deploy\w+|practice)\b",
    "users": rf"\b(?:serv(?:es|ing|ed)|reach(?:es|ing)|used by|with|for|to|of|across)"
    rf" (?:over |more than |about |around |nearly |up to )?{_NUMBER} (?:of )?"
    rf"{_PEOPLE}\b"
    r"|\b(?:daily|monthly) active users\b",
}
_PATTERNS = {kind: re.compile(rule, re.IGNORECASE) for kind, rule in _KINDS.items()}
# Most abstracts have none of these, and need no closer look.
_HINTS = {
    "test": ("a/b", "online", "live "),
    "deployed": ("deploy", "launched", "rolled out", "put into", "adopted", "in use"),
    "production": ("production", "online serving", "industrial"),
    "users": ("million", "billion", "active users", "m users", "b users"),
}
_TAKEN_BACK = re.compile(
    r"\b(?:not|never|no|without|cannot|can't|before|until|yet to be|rather than"
    r"|instead of|lack(?:s|ing)?|if|once|when|whether|could|should|would|must|might|may"
    r"|can|challeng\w+|difficult\w*|hinder\w*|prevent\w*|limit\w*|barriers?|toward|towards"
    r"|prior to|expensive|costly|infeasible|impractical|future|ready for|widely"
    r"|increasingly|often|commonly|typically|frequently|rapidly|broadly|extensively)\b"
    r"(?:[^.;:!?]*)$",
    re.IGNORECASE,
)
_INSIDE = re.compile(
    r"\b(?:widely|increasingly|often|commonly|rapidly|broadly)\b", re.I
)


@lru_cache(maxsize=8_192)  # several models ask
def evidence(title: str, text: str) -> Mapping[str, str]:
    """Return what tells that a work is in use: kinds of evidence, each with its words.

    The kinds are "test" (on users), "deployed", "production" and "users".
    """
    found: dict[str, str] = {}
    for part in (title, text):
        for kind, words in _told(part[:_MOST]):
            found.setdefault(kind, words)
    return MappingProxyType(found)


def _told(text: str) -> Iterator[tuple[str, str]]:
    lower = text.lower()
    for kind, pattern in _PATTERNS.items():
        if not any(hint in lower for hint in _HINTS[kind]):
            continue
        for match in pattern.finditer(text):
            before = text[max(0, match.start() - _BEFORE) : match.start()]
            if not _TAKEN_BACK.search(before) and not _INSIDE.search(match[0]):
                yield kind, " ".join(match[0].split())[:_LONGEST]
                break
