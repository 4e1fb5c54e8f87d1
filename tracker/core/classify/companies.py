"""Companies from affiliations, e-mail addresses, institution ids and posts' sites."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from tracker.core.values import Claim, Company

_LONGEST = 1_000  # characters of an affiliation that are looked at
_LONGEST_EVIDENCE = 200
_LETTERS = re.compile(r"[^\W\d_]+")
_SEPARATORS = re.compile(r"[+,;/|&()\[\]•·†‡§*\u2217]|\band\b|\s[-\u2013\u2014@]\s")
# "Snap Inc.", "Target Corporation": what may follow a name that stands alone.
_FIRM = re.compile(
    r"(?:[\s.,]+(?:inc|incorporated|llc|ltd|limited|plc|corp|corporation|co|company"
    r"|gmbh|ag|se|sa|group|holdings?|technolog(?:y|ies)|labs?|research|ai"
    r"|engineering|usa?|uk|nyc?))+\.?$",
    re.IGNORECASE,
)
_MAILBOX = re.compile(r"(?:\{[^{}]*\}|[^\s{}+,;()]+)@[\w-]+(?:\.[\w-]+)+")
_DOT = re.compile(r"\s*[\[({]\s*dot\s*[\])}]\s*|\s+dot\s+")
_AT = re.compile(r"\s*[\[({]\s*at\s*[\])}]\s*|\s+at\s+(?=[\w-]+\.[a-z])")
_LOCALE = re.compile(r"[a-z]{2}(?:[-_][a-z]{2})?")
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[\w./-]*)?")


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
        self._addresses: dict[str, str] = {}
        self._sites: dict[str, str] = {}
        for place, company in enumerate(companies):
            for word in {word for name in _names(company) for word in _firsts(name)}:
                self._by_word[word].append(place)
            for address in _addresses(company):
                self._addresses.setdefault(address, company.name)
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
        for name in _parents(host):
            for length in range(len(path), -1, -1):
                site = "/".join((name, *path[:length]))
                if company := self._sites.get(site):
                    return company, site
        return None

    def _in(self, affiliation: str) -> Iterator[str]:
        # PDFs have letters such as "ﬁ", East Asian keyboards wide ones.
        text = unicodedata.normalize("NFKC", affiliation[:_LONGEST])
        words = _MAILBOX.sub(" ", text) if "@" in text else text
        places = {
            place
            for word in _LETTERS.findall(words)
            for place in self._by_word.get(word.lower(), ())
        }
        found = {
            self._known[place].name: None
            for place in sorted(places)
            if _is_named(self._known[place], words)
        }
        found.update(dict.fromkeys(self._by_address(text.lower())))
        yield from found

    def _by_address(self, text: str) -> Iterator[str]:
        if "." not in text and "dot" not in text:
            return
        for host in _HOST.findall(_AT.sub("@", _DOT.sub(".", text))):
            name, _, path = host.partition("/")
            for known in (f"{name}/{path.strip('/')}", *_parents(name)):
                if company := self._addresses.get(known):
                    yield company
                    break


def _names(company: Company) -> Iterator[str]:
    """Yield the names that are looked for in the text of an affiliation."""
    alone = set(company.alone)
    for name in dict.fromkeys((company.title, *company.aliases)):
        if name not in alone and not name.startswith("@"):
            yield name
    yield from company.alone


def _addresses(company: Company) -> Iterator[str]:
    domains = (*company.domains, *(a for a in company.aliases if a.startswith("@")))
    for domain in domains:
        yield domain.lower().removeprefix("@")
    for known in company.ids:
        yield re.sub(r"^https?://", "", known.lower()).strip("/")


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
    found = rf"(?<!@)({choices(names)}){after}(?!-[a-z])"
    hidden = "|".join(spaced(phrase) for phrase in exclude)
    return re.compile(
        rf"{before}(?:(?i:{hidden}){after}|{found})" if hidden else before + found
    )


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
    return f"{re.escape(name[0])}(?i:{spaced(name[1:])})"


def spaced(text: str) -> str:
    """Return `text` as an expression; its spaces may be hyphens, or missing."""
    return r"[\s_\u2010\u2013-]*".join(map(re.escape, text.split()))


def _firsts(name: str) -> Iterator[str]:
    """Yield the words that one of is in a text that holds the name.

    They are its first word, and its first two where nothing stands between them.
    """
    words = _LETTERS.findall(name.lower())
    yield from words[:1]
    yield "".join(words[:2])


def _is_named(known: _Known, text: str) -> bool:
    pattern, alone = known.pattern, known.alone
    if pattern and any(match[1] for match in pattern.finditer(text)):
        return True
    parts = map(_bare, _SEPARATORS.split(text)) if alone else ()
    return alone is not None and any(map(alone.fullmatch, parts))


def _bare(part: str) -> str:
    """Return a part of an affiliation without marks, numbers and legal form."""
    return _FIRM.sub("", part.strip(" \t.:_0123456789'\"“”-\u2013\u2014"))


def _parents(host: str) -> Iterator[str]:
    """Yield a host's name and the names above it."""
    while "." in host:
        yield host
        host = host.partition(".")[2]
