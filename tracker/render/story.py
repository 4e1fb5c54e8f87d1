"""An item of a digest as a reader sees it, the same in every form."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.core.sentences import prose
from tracker.core.values import Claim, Item, ItemKind
from tracker.core.weekly import CLOSE, Digest, Pick
from tracker.render.clean import host, one_line, opening, web_address
from tracker.render.tex import readable
from tracker.render.words import day, source_title, title

_LONGEST_TITLE = 400
_LONGEST_AUTHOR = 60
_LONGEST_REASON = 160
_LONGEST_SUMMARY = 240
_LONGEST_HIGHLIGHT = 360
_SUMMARY_READ = 2_000  # characters looked at for two sentences
_AUTHORS = 2
_MOST_SOURCES = 2
_MOST_CLAIMS = 3
_MOST_LINKS = 3
# A name that ends so is that of a group: "Gemma Team" has no initials.
_GROUPS = frozenset(
    {"ai", "blog", "collaboration", "community", "consortium", "engineering"}
    | {"foundation", "group", "lab", "labs", "learning", "ml", "org", "research"}
    | {"science", "team"}
)
_PARTICLES = frozenset(
    {"al", "bin", "da", "de", "del", "den", "der", "di", "du", "el", "la", "le"}
    | {"van", "von"}
)
_SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})
_WORDS_OF_A_NAME = range(2, 7)


@dataclass(frozen=True, slots=True)
class Story:
    """What is told of an item; all texts are single lines, safe to print.

    `href` and the addresses of `links` are http(s) or absent. `links` are other
    places of the work, by host. `summary` holds its first two sentences,
    `highlights` the two at most that tell idea and result. `reasons` leave out what the
    byline says. `offers` are what may be done with it, in words, each with its address.
    """

    id: int
    title: str
    href: str | None
    links: tuple[tuple[str, str], ...]
    authors: str
    source: str
    venue: str
    date: str
    topics: tuple[str, ...]
    companies: tuple[str, ...]
    reasons: tuple[str, ...]
    summary: str
    highlights: tuple[str, ...] = ()
    offers: tuple[tuple[str, str], ...] = ()

    @property
    def told(self) -> tuple[str, ...]:
        """Return what it says: its highlights, or the opening of its summary."""
        return self.highlights or ((self.summary,) if self.summary else ())

    @property
    def byline(self) -> tuple[str, ...]:
        """Return who, of which companies, where and when, in that order."""
        said = f"{self.authors} {self.source}".casefold()
        new = [name for name in self.companies if name.casefold() not in said]
        authors = "" if self.authors in self.source else self.authors
        source = "" if self.venue.startswith(self.source) else self.source
        parts = (authors, ", ".join(new), source, self.venue, self.date)
        return tuple(part for part in parts if part)


def story(digest: Digest, pick: Pick) -> Story:
    """Return what a digest tells of one of its picks."""
    item = pick.item
    places = _places(item)
    return Story(
        id=item.id,
        title=shown_title(item),
        href=places[0] if places else None,
        links=_others(places),
        authors=_authors(item),
        source=_source(digest, item),
        venue=one_line(item.venues[-1].name, _LONGEST_AUTHOR) if item.venues else "",
        date=day(digest, item.published) if item.published else "",
        topics=_claimed(digest, item.topics),
        companies=_claimed(digest, item.companies),
        reasons=_reasons(pick),
        summary=shown_summary(item),
        highlights=tuple(_highlight(sentence) for sentence in pick.highlights),
    )


def _reasons(pick: Pick) -> tuple[str, ...]:
    """Return the reasons in words that tell most.

    Those that only repeat the byline are left out, but for that of a company followed
    where it is the only one. That an item is close to what is known of the reader is
    told where nothing else is; what it is unlike is no reason to show it.
    """
    item = pick.item
    repeats = {
        "fresh": item.published is not None,
        "venue": bool(item.venues),
        "company": 0 < len(item.companies) <= _MOST_CLAIMS,
    }
    told = [one for one in pick.reasons if not repeats.get(one.name)]
    plain = [one for one in told if not one.is_vague]
    close = [one for one in told if one.words.startswith(CLOSE)]
    company = [one for one in pick.reasons if one.name == "company"]
    told = plain or company or close
    return tuple(one_line(one.words, _LONGEST_REASON) for one in told)


def shown_title(item: Item) -> str:
    """Return an item's title, readable and safe to print; never empty."""
    near = one_line(item.title, _LONGEST_TITLE * 2)
    return one_line(readable(near), _LONGEST_TITLE) or "(without a title)"


def shown_summary(item: Item) -> str:
    """Return the first sentences of an item's summary, readable and safe to print."""
    near = readable(one_line(prose(item.summary), _SUMMARY_READ))
    return opening(one_line(near, _SUMMARY_READ), _LONGEST_SUMMARY)


def _highlight(sentence: str) -> str:
    near = readable(one_line(sentence, _LONGEST_HIGHLIGHT * 2))
    return one_line(near, _LONGEST_HIGHLIGHT)


def _places(item: Item) -> list[str]:
    """Return the item's web addresses, the main one first, each once."""
    found = [web_address(url) for url in (item.url, *item.links)]
    return list(dict.fromkeys(url for url in found if url))


def _others(places: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return one address for each host but the first address's, named by host."""
    by_host: dict[str, str] = {}
    for place in places:
        by_host.setdefault(host(place), place)
    others = [(one_line(name, _LONGEST_AUTHOR), url) for name, url in by_host.items()]
    return tuple(others[1 : 1 + _MOST_LINKS])


def _source(digest: Digest, item: Item) -> str:
    named = [source_title(digest, name) for name in item.sources[:_MOST_SOURCES]]
    more = len(item.sources) - len(named)
    return ", ".join(named) + (f" +{more}" if more > 0 else "")


def _claimed(digest: Digest, claims: Sequence[Claim]) -> tuple[str, ...]:
    return tuple(title(digest, claim.name) for claim in claims[:_MOST_CLAIMS])


def _authors(item: Item) -> str:
    """Return "A. Vaswani, N. Shazeer +6"; a third author takes the place of "+1"."""
    most = len(item.authors) if len(item.authors) <= _AUTHORS + 1 else _AUTHORS
    names = [one_line(readable(n), _LONGEST_AUTHOR) for n in item.authors[:most]]
    if item.kind is ItemKind.PAPER:  # who writes a post is often no person
        names = [short_name(name) for name in names]
    more = len(item.authors) - most
    return ", ".join(filter(None, names)) + (f" +{more}" if more else "")


def short_name(name: str) -> str:
    """Return a person's name with an initial: "Ashish Vaswani" is "A. Vaswani".

    Names of one word, of groups, and in scripts without initials stay whole.
    """
    if name.count(",") == 1:
        last, _, first = name.partition(",")
        name = f"{first.strip()} {last.strip()}"
    words = [word for word in name.split() if not word.isdigit()]
    if len(words) not in _WORDS_OF_A_NAME or words[-1].casefold() in _GROUPS:
        return name
    if not words[0][0].isalpha() or not words[0][0].isupper():
        return name
    return f"{words[0][0]}. {' '.join(_last_name(words))}"


def _last_name(words: Sequence[str]) -> Sequence[str]:
    """Return the last name with its particles and suffix: "van den Oord"."""
    start = len(words) - 1
    if words[start].casefold() in _SUFFIXES and start > 1:
        start -= 1
    while start > 1 and words[start - 1].casefold() in _PARTICLES:
        start -= 1
    return words[start:]
