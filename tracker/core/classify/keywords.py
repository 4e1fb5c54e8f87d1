"""Topics from the words that name them: keywords, phrases, categories."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress

from tracker.core.text import singular, tokens, words
from tracker.core.values import Claim, Topic

# Points of evidence; two make a claim. A phrase says more than a word, a title
# more than an abstract.
_TITLE = 2
_PHRASE = 2
_WORD = 1
_CATEGORY = 1
_ENOUGH = 2
_CERTAIN = 6  # points from which a topic's weight is 1
_IN_TITLE = "title: "  # how evidence from a title begins
_MOST_WORDS = 100_000  # remembered; English has no more in a year of papers


@dataclass(frozen=True, slots=True)
class _Phrase:
    topic: str
    text: str
    words: tuple[str, ...]
    prefix: bool  # the last word may go on: "recommend*"
    excluded: bool
    veto: bool = False  # excluded, and holds no keyword that it could hide
    second: str = ""  # its second word or the beginning of it, for speed


class Keywords:
    """Finds topics in texts by their keywords, in one pass over the words.

    An excluded phrase hides the keywords inside it: "rank" does not count in
    "low rank". One that holds no keyword keeps works with it in the title out.
    """

    def __init__(self, topics: Sequence[Topic]) -> None:
        self._names = tuple(topic.name for topic in topics)
        self._begun = _Begun()
        self._categories = {
            (topic.name, category) for topic in topics for category in topic.categories
        }
        for topic in topics:
            for text in topic.keywords:
                self._add(topic.name, text, excluded=False)
        for topic in topics:
            for text in topic.exclude:
                self._add(topic.name, text, excluded=True)

    def _add(self, topic: str, text: str, *, excluded: bool) -> None:
        hits = self._hits(words(text)) if excluded else ()
        held = {one.topic for _, one in hits if not one.excluded}
        veto = excluded and topic not in held
        for parts, prefix in _forms(text):
            second = parts[1] if len(parts) > 1 else ""
            found = _Phrase(topic, text, parts, prefix, excluded, veto, second)
            self._begun.add(found)

    def of(
        self,
        title: Sequence[str],
        text: Sequence[str] = (),
        categories: Iterable[str] = (),
        source: str = "",
    ) -> tuple[Claim, ...]:
        """Return the topics of a work by its words, in configured order."""
        points: defaultdict[str, int] = defaultdict(int)
        evidence: dict[str, str] = {}
        for phrase in dict.fromkeys(self._counted(title)):
            points[phrase.topic] += _TITLE
            evidence.setdefault(phrase.topic, f"{_IN_TITLE}{phrase.text}")
        for phrase in self._counted(text):
            points[phrase.topic] += _PHRASE if len(phrase.words) > 1 else _WORD
            evidence.setdefault(phrase.topic, f"text: {phrase.text}")
        found = ((name, category) for category in categories for name in self._names)
        for topic, category in sorted(self._categories.intersection(found)):
            points[topic] += _CATEGORY
            evidence.setdefault(topic, f"category: {category}")
        vetoed = self.vetoed(title)
        return tuple(
            Claim(
                name, evidence[name], source, round(min(1, points[name] / _CERTAIN), 3)
            )
            for name in self._names
            if points[name] >= _ENOUGH and name not in vetoed
        )

    def vetoed(self, title: Sequence[str]) -> set[str]:
        """Return the topics that a work is kept out of by a phrase in its title."""
        return {phrase.topic for _, phrase in self._hits(title) if phrase.veto}

    def excluding(self, title: Sequence[str]) -> set[str]:
        """Return the topics that have an excluded phrase in `title`."""
        return {phrase.topic for _, phrase in self._hits(title) if phrase.excluded}

    def hints(self, text: Sequence[str]) -> set[str]:
        """Return the topics of which any keyword stands in `text`."""
        return {phrase.topic for phrase in self._counted(text)}

    def _counted(self, text: Sequence[str]) -> list[_Phrase]:
        """Return the keywords in `text`, each time they occur, unless hidden."""
        hits = list(self._hits(text))
        hidden = {
            (phrase.topic, at)
            for start, phrase in hits
            if phrase.excluded
            for at in range(start, start + len(phrase.words))
        }
        return [
            phrase
            for start, phrase in hits
            if not phrase.excluded
            and not all(
                (phrase.topic, at) in hidden
                for at in range(start, start + len(phrase.words))
            )
        ]

    def _hits(self, text: Sequence[str]) -> Iterator[tuple[int, _Phrase]]:
        """Yield the phrases in `text`, each with the place of its first word."""
        begun = list(map(self._begun.__getitem__, text))
        for start in compress(range(len(text)), begun):
            after = text[start + 1] if start + 1 < len(text) else ""
            for phrase in begun[start]:
                if after.startswith(phrase.second) and _stands(phrase, text, start):
                    yield start, phrase


def _forms(phrase: str) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Yield the words that a phrase is found by, and whether the last may go on.

    What may go on is no plural ("personalis*"), but may be one in a text ("bias*").
    """
    *before, last = tokens(phrase) or [""]
    if not last:
        return
    begun, one = tuple(map(singular, before)), singular(last)
    is_open = phrase.endswith("*")
    if is_open:
        yield (*begun, last), True
    if not is_open or one != last:
        yield (*begun, one), False


class _Begun(dict[str, tuple[_Phrase, ...]]):
    """Words, and the phrases that begin with each or with a stem of it, remembered."""

    def __init__(self) -> None:
        super().__init__()
        self._exact: defaultdict[str, list[_Phrase]] = defaultdict(list)
        self._open: defaultdict[str, list[_Phrase]] = defaultdict(list)

    def add(self, phrase: _Phrase) -> None:
        """Add a phrase; what is remembered is looked up anew."""
        is_open = phrase.prefix and not phrase.second
        (self._open if is_open else self._exact)[phrase.words[0]].append(phrase)
        self.clear()

    def __missing__(self, word: str) -> tuple[_Phrase, ...]:
        stems = (word[:end] for end in range(1, len(word) + 1))
        known = (
            *self._exact.get(word, ()),
            *(phrase for stem in stems for phrase in self._open.get(stem, ())),
        )
        if len(self) < _MOST_WORDS:
            self[word] = known
        return known


def in_title(claim: Claim) -> bool:
    """Return whether a claim's evidence stands in the title."""
    return claim.evidence.startswith(_IN_TITLE)


def _stands(phrase: _Phrase, found: Sequence[str], start: int) -> bool:
    if not phrase.second:
        return True
    there = tuple(found[start : start + len(phrase.words)])
    return there == phrase.words or (
        phrase.prefix
        and len(there) == len(phrase.words)
        and there[:-1] == phrase.words[:-1]
        and there[-1].startswith(phrase.words[-1])
    )
