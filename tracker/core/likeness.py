"""How alike two papers are by what they state: which is worth asking, and the answer.

A paper is often known by two names and two titles: a preprint, and what a conference
printed a year later. Which pairs are compared is told by `blocks`, so that no paper is
compared with all; whether they are one is told by `match`, with its evidence.
"""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from itertools import combinations

from tracker.core.forms import SILENT, forms
from tracker.core.identity import contradict, share_lead, surnames
from tracker.core.text import normal

_SAME_TEXT = 0.6  # Jaccard over an abstract's words; of works apart 0.1 to 0.5
_NEAR_TEXT = 0.5  # beside a title that differs in its form alone
_OTHER_TEXT = 0.3  # below, even equal words of a title are another work's
_SAME_TITLE = 0.75  # Jaccard over the words of titles that begin with one name
_MOST_AUTHORS = 0.5  # of the shorter list
_LEADS = 3  # authors who may change places
_FEWEST_WORDS = 4  # of a title that stands for a work without more evidence
_FEWEST_OF_TWINS = 5  # the same, where ids speak against it
_SHORTEST_TEXT = 20  # different words
_MOST_YEARS = 3  # between a preprint and its printing, unless the texts say more
_MOST_YEARS_OF_ONE = 4  # between two works of one title whose texts share too little
_OTHERS_WORDS = 0.25  # of the shorter abstract's; 99 of 100 pairs of any two share less
_FEWEST_TELLING = 8  # of an abstract's words, that a share of them is taken of
_LONGEST = 4_000  # characters of an abstract

_YEARLY = re.compile(  # what is written anew each year, under the same title
    r"\b(?:overview of|proceedings of|workshop|(?<!technical )report|preface|editorial"
    r"|tutorial)\b",
    re.IGNORECASE,
)
_BREAK = re.compile(r":(?=\s|[A-Z])|\s(?:-{1,3}|\u2013|\u2014)\s")
_NUMBER = re.compile(r"\d+|\+(?!\w)")
_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True)
class Paper:
    """What a paper states of itself; `ids` are its unique keys, `year` its date's."""

    title: str
    authors: tuple[str, ...] = ()
    summary: str = ""
    ids: frozenset[str] = field(default=frozenset())
    year: int | None = None

    @cached_property
    def words(self) -> frozenset[str]:
        """The different words of the abstract."""
        return frozenset(_WORD.findall(self.summary[:_LONGEST].lower()))

    @cached_property
    def telling(self) -> frozenset[str]:
        """Those of them that any text may lack."""
        return frozenset(word for word in self.words if not SILENT.fullmatch(word))

    @cached_property
    def form(self) -> tuple[str, ...]:
        """The words of the title without what changes their form."""
        return forms(self.title)

    @cached_property
    def name(self) -> tuple[str, ...]:
        """Those before the title's colon or dash; none where it has none."""
        before, *behind = _BREAK.split(self.title, maxsplit=1)
        return forms(before) if behind else ()

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers in the title, and a plus that ends a name."""
        return frozenset(_NUMBER.findall(self.title))

    @cached_property
    def is_yearly(self) -> bool:
        """Whether the title is one of many years, and says not of which."""
        return bool(_YEARLY.search(self.title)) and not self.numbers


@dataclass(frozen=True, slots=True)
class Match:
    """That two papers are one: how sure, for choosing among several, and why."""

    score: float
    evidence: str


def blocks(title: str, authors: Sequence[str]) -> tuple[int, ...]:
    """Return numbers of which papers that may be one share at least one.

    They stand for the title's words and for those before its colon, whatever their
    form, and for any two of the first three authors, and the first with the last, since
    authors change places: 64 bits each.
    """
    paper = Paper(title)
    titles = [block(part) for part in (paper.form, paper.name) if part]
    some = dict.fromkeys(map(normal, (*authors[:_LEADS], *authors[-1:])))
    names = [name for name in some if name]
    pairs = [*combinations(names[:_LEADS], 2)]
    pairs += [(names[0], last) for last in names[_LEADS:]]
    texts = ["\n".join(sorted(pair)) for pair in pairs] or names
    return tuple(dict.fromkeys((*titles, *map(_number, texts))))


def block(form: Sequence[str]) -> int:
    """Return the number of papers whose title, or the name in it, has these words."""
    return _number(" ".join(sorted(form)))


def _number(text: str) -> int:
    digest = blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def match(ours: Paper, theirs: Paper) -> Match | None:
    """Return why two papers that share no key are one work, None when they are two.

    They must name an author in common who leads one of the lists, and most of the
    shorter one; where none is stated, none contradicts. Beyond that either the
    abstracts are nearly one, or the titles are, and the abstracts don't contradict.
    Two works may bear two ids of one kind only when their titles are equal.
    """
    shared = _shared(ours.authors, theirs.authors)
    if (shared is not None and shared < _MOST_AUTHORS) or are_namesakes(ours, theirs):
        return None
    text = _likeness(ours.words, theirs.words)
    if contradict(ours.ids, theirs.ids):
        how = _twins(ours, theirs, text)
    else:
        how = _one(ours, theirs, text)
    if not how:
        return None
    said = [how]
    if shared is not None:
        said.append(f"{shared:.0%} of authors")
    if text is not None:
        said.append(f"{text:.0%} of the abstracts' words")
    return Match((text or 0.0) + (shared or 0.0), ", ".join(said))


def are_namesakes(ours: Paper, theirs: Paper) -> bool:
    """Return whether two papers that may bear one title are two for all that.

    The report on a workshop is another one each year, as is what shares next to no
    word with a paper of years before, or of another first author. Abstracts that are
    nearly one tell more.
    """
    years = _years_between(ours, theirs)
    is_yearly = ours.is_yearly and theirs.is_yearly
    is_led = bool(surnames(ours.authors[:1]) & surnames(theirs.authors[:1]))
    if not is_yearly and years <= _MOST_YEARS_OF_ONE and is_led:
        return False
    text = _likeness(ours.words, theirs.words)
    if text is not None and text >= _SAME_TEXT:
        return False
    return (is_yearly and years > 0) or _share_nothing(ours.telling, theirs.telling)


def _share_nothing(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    shorter = min(len(ours), len(theirs))
    return shorter >= _FEWEST_TELLING and len(ours & theirs) < _OTHERS_WORDS * shorter


def _twins(ours: Paper, theirs: Paper, text: float | None) -> str | None:
    enough = len(ours.form) >= _FEWEST_OF_TWINS
    if enough and normal(ours.title) == normal(theirs.title):
        return "equal titles" if text is None or text >= _NEAR_TEXT else None
    return None


def _one(ours: Paper, theirs: Paper, text: float | None) -> str | None:
    if (text is not None and text < _OTHER_TEXT) or _are_of_a_series(ours, theirs):
        return None
    if text is not None and text >= _SAME_TEXT and ours.authors and theirs.authors:
        return "abstracts alike"
    if ours.numbers != theirs.numbers or _are_years_apart(ours, theirs):
        return None
    if _are_of_one_form(ours.form, theirs.form):
        return "titles of one form"
    return _retitled(ours, theirs) if text is None or text >= _NEAR_TEXT else None


def _are_of_one_form(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    is_long = len(ours) >= _FEWEST_WORDS
    return bool(ours) and (ours == theirs or (is_long and set(ours) == set(theirs)))


def _are_of_a_series(ours: Paper, theirs: Paper) -> bool:
    """Return whether numbers tell the titles apart: of years, sizes, versions."""
    mine, other = ours.numbers - theirs.numbers, theirs.numbers - ours.numbers
    return bool(mine and other) or "+" in mine | other


def _are_years_apart(ours: Paper, theirs: Paper) -> bool:
    return _years_between(ours, theirs) > _MOST_YEARS


def _years_between(ours: Paper, theirs: Paper) -> int:
    """Return how many, 0 where one states none."""
    if ours.year is None or theirs.year is None:
        return 0
    return abs(ours.year - theirs.year)


def _retitled(ours: Paper, theirs: Paper) -> str | None:
    short, long = sorted((ours, theirs), key=lambda paper: len(paper.form))
    if ours.name and ours.name == theirs.name:
        is_longer = long.form[: len(short.form)] == short.form
        if is_longer or _jaccard(set(short.form), set(long.form)) >= _SAME_TITLE:
            return "titles of one name"
    elif short.form == long.name and len(short.form) >= _FEWEST_WORDS:
        return "one title begins the other"
    return None


def _shared(ours: Sequence[str], theirs: Sequence[str]) -> float | None:
    """Return which share of the shorter list of authors is in the other.

    None if one states none; 0 unless the first of one is in the other: long lists
    share a Wang or a Kim by chance.
    """
    if not share_lead(ours, theirs):
        return 0.0
    mine, other = surnames(ours), surnames(theirs)
    if not mine or not other:
        return None
    return len(mine & other) / min(len(mine), len(other))


def _likeness(ours: frozenset[str], theirs: frozenset[str]) -> float | None:
    """Return the Jaccard index of two abstracts' words, None where one is too short."""
    if min(len(ours), len(theirs)) < _SHORTEST_TEXT:
        return None
    return _jaccard(ours, theirs)


def _jaccard(ours: Set[str], theirs: Set[str]) -> float:
    return len(ours & theirs) / len(ours | theirs)
