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
# Where a work is deployed: production, a platform, whose name is written large.
_SOMEWHERE = (
    r"(?:production|(?:[\w'-]+ ){0,4}(?:platforms?|marketplaces?|apps?|compan(?:y|ies)"
    r"|services?|feeds?|e-commerce|homepage|search engine|recommender systems?"
    r"|recommendation systems?|scenarios?|business|businesses)\b|(?-i:[A-Z])\w+)"
)
_IN = r"(?:in|at|on|to|into|onto|across|within)"
_LY = r"(?:\w+ly )?"
_KINDS = {
    "test": r"\b(?:(?:online|live|large-scale) ){0,3}A/B[- /]?(?:tests?|testing|tested"
    r"|experiments?|experimentation|evaluations?|studies)\b(?!\)? (?:is|are|remains?"
    r"|may|can|has become|have become|often|requires?|platform)\b)"
    r"|\bonline (?:controlled |field )?(?:experiments?|tests|testing|evaluations?)\b"
    r" (?:\w+ ){0,4}?(?:show|demonstrat|confirm|validat|verif|prov|indicat|yield|on|in"
    r"|at|with|reveal|achiev)\w*"
    r"|\blive (?:traffic|experiments?|tests)\b"
    r"|\b(?:improve\w*|gain\w*|lift\w*|increas\w+|growth) (?:of |in |on )?"
    r"(?:\w+ ){0,3}?online (?:gains?|metrics|lifts?)\b"
    r"|\bonline (?:gains?|lifts?|metric growth)\b",
    "deployed": r"\b(?:has|have|had) (?:also |now |already |since |both )?been"
    rf" {_LY}(?:(?:deployed|launched|rolled out)(?! to (?:analy|explain|address|study"
    r"|solve|detect|predict|model))|put into production"
    r"|adopted (?:by|at) (?-i:[A-Z]))\w*"
    r"|\b(?:successfully|fully|already|currently|now) (?:deployed|launched)\b"
    rf"|\bwe {_LY}(?:have )?(?:deployed|launched|rolled out)\b"
    r"(?! (?:\w+ ){0,3}(?:to (?:study|evaluate|analy[sz]e|investigate)))"
    rf"|\bwe {_LY}deploy (?:[\w'-]+ ){{1,5}}{_IN} {_SOMEWHERE}"
    rf"|\b(?:deployed|launched|rolled out) (?:\w+ )?{_IN} {_SOMEWHERE}"
    r"|\bdeployment (?:of (?:\w+ ){1,4})?at (?-i:[A-Z])\w+"
    r"|\b(?:production|online|full|large-scale|real-world) (?:industrial |production"
    r" |online )?deployments? (?:\w+ ){0,2}?(?:show|demonstrat|confirm|reveal|achiev"
    r"|on a|in a|at (?-i:[A-Z])|on (?-i:[A-Z])|across|for (?-i:[A-Z]))\w*",
    "production": r"\b(?<!-)(?:runs?|running|used|serv\w+|live|deployed|tested"
    r"|operat\w+|works?) (?:\w+ ){0,3}?in production\b(?! of\b)"
    r"|\bin production\b(?=[.,;:)]|$| (?:at|for|on|since|with|and|to|by|across|where))"
    r"|\bin (?:a|an|our|the) (?:[\w-]+ ){0,2}production (?:systems?|environment"
    r"|settings?|recommend\w+|search)\b"
    r"|\b(?:our|the|a live) (?:[\w-]+ ){0,2}production (?:systems?|deployment"
    r"|recommend\w+|search|ranking|ranker|traffic)\b|\bproduction traffic\b",
    "users": rf"\b(?:serv(?:es|ing|ed)|reach(?:es|ing)|used by)"
    rf" (?:over |more than |about |around |nearly |up to )?{_NUMBER} (?:of )?"
    rf"{_PEOPLE}\b"
    r"|\b(?:daily|monthly) active users\b",
}
_UNTITLED = "test"  # a title with these words is on such tests
_PATTERNS = {kind: re.compile(rule, re.IGNORECASE) for kind, rule in _KINDS.items()}
# Most abstracts have none of these, and need no closer look.
_HINTS = {
    "test": ("a/b", "online", "live "),
    "deployed": ("deploy", "launched", "rolled out", "put into", "adopted"),
    "production": ("production",),
    "users": ("million", "billion", "active users", "m users", "b users"),
}
_TAKEN_BACK = re.compile(
    r"\b(?:not|never|no|without|cannot|can't|before|until|yet to be|rather than"
    r"|instead of|lack(?:s|ing)?|if|once|when|whether|although|could|should|would|must"
    r"|might|may|can|challeng\w+|difficult\w*|hinder\w*|prevent\w*|limit\w*|barriers?"
    r"|toward|towards|prior to|expensive|costly|infeasible|impractical|unsuitable"
    r"|suitab\w+|legacy|flaws|potential|practicality|feasib\w+|readiness|future"
    r"|ready for|widely|increasingly|often|commonly|typically|frequently|rapidly"
    r"|broadly|extensively)\b(?:[^.;:!?]*)$",
    re.IGNORECASE,
)
_INSIDE = re.compile(
    r"\b(?:widely|increasingly|often|commonly|rapidly|broadly|extensively)\b", re.I
)


_INDUSTRIAL = re.compile(
    r"\bindustrial(?:-scale)? (?:recommend|search|advertis|rank|dataset|retriev|system"
    r"|platform|e-commerce|deploy|practice|scenario|setting)\w*",
    re.IGNORECASE,
)


def industrial(title: str, text: str) -> str:
    """Return what tells that a work is on industry's data or systems, "" for nothing.

    It is less than use: works that compare themselves on "an industrial dataset" do.
    """
    for part in (title, text):
        if "industrial" in part[:_MOST].lower():  # of most it is not, for speed
            match = _INDUSTRIAL.search(part[:_MOST])
            if match:
                return " ".join(match[0].split())
    return ""


@lru_cache(maxsize=8_192)  # several models ask
def evidence(title: str, text: str) -> Mapping[str, str]:
    """Return what tells that a work is in use: kinds of evidence, each with its words.

    The kinds are "test" (on users), "deployed", "production" and "users".
    """
    found: dict[str, str] = {}
    for part in (title, text):
        for kind, words in _told(part[:_MOST]):
            if part is text or kind != _UNTITLED:
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
