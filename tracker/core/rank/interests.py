"""What a reader looks for, and the points that an item gets for that alone.

Where a taste is learnt, these points say which texts the settings speak for.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log

from tracker.core.rank.facts import Known
from tracker.core.weekly import Reason

TOPIC = 3.0
SECOND_TOPIC = 1.0
BESIDE_TASTE = 0.5
"""What a topic's points are multiplied by where a taste was hinted at its words."""
IN_USE = 3.5
MORE_USE = 1.0  # for each further kind of evidence
STRANGE = 0.3  # of these points, where nothing the reader follows is in use
_JOB = 1.0
_FEW = 50  # items among which rarity says nothing
_RARITY = 0.5, 1.5  # between which a topic's points are multiplied
_PRIOR = 0.5  # likes that the settings are worth


def _nobody(_title: str, _text: str) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Interests:
    """What a reader looks for, by name; titles map names to words for display.

    `learnt` is what their marks and topics say of items, by number, `likes` how many
    they liked and `hinted` how many likes their topics were worth. `assumed`, in [0,
    1], is how much counts what is not known but of the settings: see `borne_out`.
    `rarity` is what a topic's points are multiplied by: see `rarity`. `job_words` are
    phrases of a job description; they speak for an item as `include` does. `named`
    returns which of the companies a title and a text name, each with the words.
    """

    topics: tuple[str, ...]
    companies: frozenset[str]
    exclude: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    job_topics: frozenset[str] = frozenset()
    job_words: tuple[str, ...] = ()
    titles: Mapping[str, str] | None = None
    learnt: Mapping[int, Reason] = field(default_factory=dict)
    likes: int = 0
    hinted: float = 0.0
    assumed: float = 1.0
    rarity: Mapping[str, float] = field(default_factory=dict)
    named: Callable[[str, str], Mapping[str, str]] = _nobody

    def title(self, name: str) -> str:
        """Return the display title of a topic, company or source."""
        return (self.titles or {}).get(name, name)


def rarity(items: Sequence[Iterable[str]], topics: Iterable[str]) -> dict[str, float]:
    """Return what topics' points are multiplied by, given those of a time's items.

    A topic of every seventh item has its points as they are; a rarer one more, since it
    tells more: half of arXiv is about language models. It is half of the logarithm of
    how rare it is, between 0.5 and 1.5; nothing where items are few.
    """
    if len(items) < _FEW:
        return {}
    count = Counter(name for item in items for name in item)
    least, most = _RARITY
    return {
        name: max(least, min(most, log((len(items) + 1) / (count[name] + 1)) / 2))
        for name in topics
    }


Weighed = Sequence[tuple[str, float]]
"""Topics, each with the weight of its claim, the surest first."""


def wanted(topics: Mapping[str, float], interests: Interests) -> Weighed:
    """Return those of an item's topics that are followed, the surest first."""
    found = [(name, by) for name, by in topics.items() if name in interests.topics]
    return sorted(found, key=lambda one: (-one[1], interests.topics.index(one[0])))


def topic_points(found: Weighed, interests: Interests) -> float:
    """Return the points for an item's topics that are followed, the surest first."""
    if not found:
        return 0.0
    name, weight = found[0]
    points = TOPIC * (0.5 + 0.5 * weight)
    points += sum(SECOND_TOPIC * second for _, second in found[1:2])
    points *= interests.assumed * interests.rarity.get(name, 1.0)
    return round(points * (BESIDE_TASTE if interests.hinted else 1.0), 3)


def job_points(found: Weighed, interests: Interests) -> float:
    """Return the points for such topics that a job description asks for."""
    asked = any(name in interests.job_topics for name, _ in found)
    return round(_JOB * interests.assumed, 3) if asked else 0.0


def use_points(kinds: int, interests: Interests, *, follows: bool) -> float:
    """Return the points for so many kinds of evidence of use, or of industry."""
    if not kinds:
        return 0.0
    points = (IN_USE + MORE_USE * (kinds - 1)) * interests.assumed
    return round(points * (1.0 if follows else STRANGE), 3)


def assumed_points(item: Known, interests: Interests) -> float:
    """Return what an item gets for the settings alone: its topics, and being in use.

    A followed company counts where the item is from it, not where its text names it.
    """
    found = wanted(item.topics, interests)
    follows = bool(found) or item.is_from(interests.companies)
    return (
        topic_points(found, interests)
        + job_points(found, interests)
        + use_points(item.kinds, interests, follows=follows)
    )


def borne_out(liked: Sequence[float], others: Sequence[float]) -> float:
    """Return how far likes bear out what was assumed of a reader, in (0, 1].

    `liked` and `others` are assumed points. It is 1 without a like or where every like
    stands above all others, and nears 0 where many likes stand anywhere among them.
    """
    ladder = sorted(others)
    if not ladder:
        return 1.0
    above = [
        (bisect_left(ladder, one) + bisect_right(ladder, one)) / (2 * len(ladder))
        for one in liked
    ]
    mean = max(0.0, 2 * sum(above) / len(above) - 1) if above else 0.0
    return (_PRIOR + mean * len(above)) / (_PRIOR + len(above))
