"""The venue that an arXiv comment says has accepted the paper."""

import re

# Each venue as authors write it; the name here is the one it is shown by.
_WRITTEN = {
    "KDD": r"(?:SIG)?KDD",
    "CVPR": r"CVPR",
    "ICCV": r"ICCV",
    "ECCV": r"ECCV",
    "RecSys": r"[Rr]ec[Ss]ys|RECSYS",
    "SIGIR": r"SIGIR(?!-?AP\b)",
    "WSDM": r"WSDM",
    "CIKM": r"CIKM",
    "TheWebConf": r"WWW|(?:[Tt]he|ACM) ?Web ?Conf(?:erence)?|WebConf",
    "NeurIPS": r"(?i:neurips)|NIPS",
    "ICML": r"ICML",
    "ICLR": r"ICLR",
    "ACL": r"ACL",
    "EMNLP": r"EMNLP",
    "NAACL": r"NAACL",
    "EACL": r"EACL",
    "AACL": r"(?:IJCNLP-)?AACL(?:-IJCNLP)?",
    "COLING": r"(?:LREC-)?COLING",
    "FAccT": r"FA(?:cc|CC)T",
    "AAAI": r"AAAI",
    "IJCAI": r"IJCAI(?:-ECAI)?",
    "MLSys": r"ML[Ss]ys",
    "AISTATS": r"AISTATS",
    "WACV": r"WACV",
    "COLM": r"COLM",
    "ECIR": r"ECIR",
    "UAI": r"UAI",
    "ICDM": r"ICDM",
    "CoRL": r"CoRL",
    "BMVC": r"BMVC",
}
_VENUE = "|".join(
    rf"(?P<{name}>(?<![A-Za-z@/-])(?:{written})(?![A-Za-z/]))"
    for name, written in _WRITTEN.items()
)
# What may stand between a venue and its year: "ACL Findings 2025", "ICML (2025)".
_BETWEEN = (
    r"(?i:[\s,:()]|-(?=\d)|['\u2019`\u00b4]\s?|(?:findings|main|conference|of|the|in|for|proceedings"
    r"|research|industry|applied|data|science|demo|long|short|paper|papers|track)\b){0,12}"
)
_YEAR = (
    r"(?P<year>20[12]\d|(?<=['\u2019`\u00b4-])[12]\d|(?<=['\u2019`\u00b4] )[12]\d"
    r"|(?<=[A-Z])[12]\d|(?<=[A-Z] )2\d(?!\s?(?:p\b|pp|pages)))(?!\d)"
)
_BEFORE_YEAR = re.compile(rf"(?:{_VENUE}){_BETWEEN}{_YEAR}")
_AFTER_YEAR = re.compile(rf"\b(?P<year>20[12]\d)\b[^@]{{0,150}}?(?:{_VENUE})")
# A name between the paper and the venue, or behind the venue's year, is that of a
# workshop: "at CL4Health at NAACL 2025", "(MOSS), ICML 2025", "CVPR 2025 MULA". It is
# none when it is a common word, or two that run together: "MainConference".
_NAMED = "|".join(_WRITTEN.values()).replace(" ", r"\ ")
_WORKSHOP = re.compile(
    rf"""(?: \b(?:at|to|in|by)\ (?!Round)[A-Z][^,.;()]{{1,60}}\ at
         | \([A-Z][A-Za-z\d&+-]+\), | \bwith )\ (?:the\ )?(?:{_NAMED})\b
    | \b(?:{_NAMED})(?:[\ '-]|\ ')?(?:20)?\d\d\ (?:-\ )?\(?
      (?!(?:MAIN|ORAL|POSTER|DEMO|HIGH|SPOT|PAPER|FIND|BEST|LONG|SHORT|FULL|CODE|COde
          |CAMERA|AISI|IAAI|IEEE)\w*|[A-Z][a-z]+[A-Z][a-z]+\b)
      (?:[A-Z]+[a-z]*\d[A-Z\d]+ | [A-Z][a-z]+[A-Z]+ | [A-Z]{{4,}})\b""",
    re.VERBOSE,
)
_LONGEST = 2_000  # characters of a comment; the search takes longer for each
_FINDINGS = re.compile(r"\bfindings\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[;|]|\.(?:\s+|$)(?!Workshop)")

# Where one of these is said, the paper itself is not among the venue's.
_ELSEWHERE = re.compile(
    r"""submi(?:t|ss) | under[ ]?(?:.{0,20}\ )?(?:review|consideration) | \bin\ review
    | reject | withdr[ae]w | rolling\ review | \bARR\b | targett?(?:ed|ing) | intended
    | prep[ae]r | workshop | (?:CVPR|[IE]CCV|WACV)W | \bWS\b | \bSRW\b | symposi | @
    | co-?l+ocat | non-?archival | \bsemeval\b | \bntire\b
    | in\ conjunction | alongside | satellite | consortium | companion | bridge\ program
    | challenge | competition | shared\ task | \bcup\b | place\b | winn(?:er|ing)
    | solution\ (?:to|for) | tutorial | tiny\ papers? | blog\ ?post | late[ -]breaking
    | template | requirements | compared\ to | clarif | style | format\b
    | \b(?:builds?|based)\ (?:up)?on\b
    | (?:extend|extension|expand|long|earlier|previous|preliminary|prior|short|abridged
       |journal|condensed|initial)(?:ed|s|er)?\ (?:and\ \w+\ )?
      (?:version|abstract|extension|of\b)""",
    re.IGNORECASE | re.VERBOSE,
)


def accepted_venue(comment: str) -> str | None:
    """Return the venue and year a comment says has accepted the paper: "KDD 2026".

    A bare "ICML 2025" says so too. Nothing is taken from a sentence about a
    submission, a workshop, a challenge or another version of the paper. Findings
    are a venue of their own: "Findings of ACL 2025".
    """
    for sentence in _SENTENCE.split(" ".join(comment[:_LONGEST].split())):
        if _ELSEWHERE.search(sentence) or _WORKSHOP.search(sentence):
            continue
        found = _BEFORE_YEAR.search(sentence) or _AFTER_YEAR.search(sentence)
        if found:
            return _name(found, sentence)
    return None


def _name(found: re.Match[str], sentence: str) -> str:
    parts = found.groupdict()
    year = parts.pop("year")
    venue = next(name for name, written in parts.items() if written)
    findings = "Findings of " if _FINDINGS.search(sentence) else ""
    return f"{findings}{venue} {year if len(year) > len('26') else '20' + year}"
