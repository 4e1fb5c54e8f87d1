"""Companies from affiliations, e-mail addresses, institution ids and posts' sites."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from tracker.core.classify.addresses import Addresses, parents
from tracker.core.classify.parts import alone
from tracker.core.values import Claim, Company

_LONGEST = 1_000  # characters of an affiliation that are looked at
_LONGEST_EVIDENCE = 200
_LETTERS = re.compile(r"[^\W\d_]+")
# "MicrosoftResearchAsia": what PDFs glue to a name.
_GLUED = re.compile(r"(?<=[a-z])(?=(?:Research|Labs?(?![a-z])|Inc(?![a-z])))")
# "Ex-Google", "funded by Google": nobody who works there.
_ELSEWHERE = (
    r"(?:(?i:ex)[\s\u2010\u2013-]|(?i:former) "
    r"|(?i:formerly|previously) (?:at|with|of) "
    r"|(?i:funded|supported|sponsored) by )"
)
_GAP = r"[\s_\u2010\u2013-]*"
_LOCALE = re.compile(r"[a-z]{2}(?:[-_][a-z]{2})?")


@dataclass(frozen=True, slots=True)
class _Known:
    """A company with what finds it in an affiliation."""

    name: str
    pattern: re.Pattern[str] | None
    alone: re.Pattern[str] | None


class Companies:
    """Finds companies by the names, domains, ids and sites of their settings."""

    def __init__(self, companies: Sequence[Company]) -> None:
        self._known = [_known(company) for company in companies]
        self._by_word: defaultdict[str, list[int]] = defaultdict(list)
        self._addresses = Addresses(companies)
        self._sites: dict[str, str] = {}
        for place, company in enumerate(companies):
            for word in {word for name in _names(company) for word in _firsts(name)}:
                self._by_word[word].append(place)
            for site in company.sites:
                self._sites.setdefault(site.lower().rstrip("/"), company.name)
        self._found: dict[str, tuple[str, ...]] = {}

    def of(self, affiliations: Iterable[str], source: str) -> tuple[Claim, ...]:
        """Return the companies that affiliations name, evidence the affiliation."""
        found: dict[str, str] = {}
        for affiliation in affiliations:
            for name in self.named(affiliation):
                found.setdefault(name, affiliation[:_LONGEST_EVIDENCE])
        return tuple(Claim(name, evidence, source) for name, evidence in found.items())

    def named(self, affiliation: str) -> tuple[str, ...]:
        """Return the names of the companies that one affiliation names."""
        known = self._found.get(affiliation)
        if known is None:
            known = self._found[affiliation] = tuple(self._in(affiliation))
        return known

    def of_site(self, url: str, source: str) -> tuple[Claim, ...]:
        """Return the company on whose site an address is, evidence the site.

        The longest site counts, so that a part of a site may be another's.
        """
        found = self._site(url)
        return (Claim(found[0], f"site: {found[1]}", source),) if found else ()

    def _site(self, url: str) -> tuple[str, str] | None:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
        path = [part for part in unquote(parts.path).lower().split("/") if part]
        while path and _LOCALE.fullmatch(path[0]):  # "/en-GB/blog/…", "/us/en/blog/…"
            path = path[1:]
        above = [path[:length] for length in range(len(path), -1, -1)]
        if path:
            above.insert(1, [*path[:-1], "*"])
        for name in parents(host):
            for some in above:
                site = "/".join((name, *some))
                if company := self._sites.get(site):
                    return company, site.removesuffix("/*")
        return None

    def _in(self, affiliation: str) -> Iterator[str]:
        # PDFs have letters such as "ﬁ", East Asian keyboards wide ones.
        text = unicodedata.normalize("NFKC", affiliation[:_LONGEST])[:_LONGEST]
        words = _unglued(self._addresses.without(text))
        places = {
            place
            for word in _LETTERS.findall(words)
            for place in self._by_word.get(word.lower(), ())
        }
        parts = list(alone(words))
        found = {
            self._known[place].name: None
            for place in sorted(places)
            if _is_named(self._known[place], words, parts)
        }
        found.update(dict.fromkeys(self._addresses.of(text)))
        yield from found


def _unglued(text: str) -> str:
    """Return `text`, and beside it what it is once glued words are set apart."""
    apart = _GLUED.sub(" ", text)
    return text if apart == text else f"{text}; {apart}"


def _names(company: Company) -> Iterator[str]:
    """Yield the names that are looked for in the text of an affiliation."""
    alone = set(company.alone)
    for name in dict.fromkeys((company.title, *company.aliases)):
        if name not in alone and not name.startswith("@"):
            yield name
    yield from company.alone


def _known(company: Company) -> _Known:
    alone = set(company.alone)
    names = [name for name in _names(company) if name not in alone]
    return _Known(
        company.name,
        _pattern(names, company.exclude) if names else None,
        re.compile(choices(alone)) if alone else None,
    )


def _pattern(names: Iterable[str], exclude: Iterable[str]) -> re.Pattern[str]:
    """Return what finds a name, as group 1, or first a phrase that hides it."""
    before, after = r"(?<![^\W\d_])", r"(?![^\W\d_])"
    known = choices(names)
    found = rf"(?<!\w@)({known}){after}(?!-[a-z])"
    hidden = "|".join(spaced(phrase) for phrase in exclude)
    either = rf"(?i:{hidden}){after}|{found}" if hidden else found
    return re.compile(rf"{before}(?:{_ELSEWHERE}(?:{known}){after}|{either})")


def choices(names: Iterable[str]) -> str:
    """Return the ways any of the names is spelt, the longest first."""
    ordered = sorted(set(names), key=lambda name: (-len(name), name))
    return "|".join(_spelling(name) for name in ordered)


def _spelling(name: str) -> str:
    """Return the ways a name is spelt, as an expression.

    A name in capitals stands as it is (FAIR is not fair); one in small letters in any
    case; of all others the first letter as it is, and the rest in any case.
    """
    if name == name.upper():
        return spaced(name)
    if name == name.lower():
        return f"(?i:{spaced(name)})"
    gap = _GAP if name[1].isspace() else ""
    return f"{re.escape(name[0])}(?i:{gap}{spaced(name[1:])})"


def spaced(text: str) -> str:
    """Return `text` as an expression; its spaces may be hyphens, or missing."""
    return _GAP.join(map(re.escape, text.split()))


def _firsts(name: str) -> Iterator[str]:
    """Yield the words that one of is in a text that holds the name.

    They are its first word, and its first ones where nothing stands between them.
    """
    words = _LETTERS.findall(name.lower())
    for count in range(1, len(words) + 1):
        yield "".join(words[:count])


def _is_named(known: _Known, text: str, parts: Iterable[str]) -> bool:
    pattern, alone_ = known.pattern, known.alone
    if pattern and any(match[1] for match in pattern.finditer(text)):
        return True
    return alone_ is not None and any(map(alone_.fullmatch, parts))
