"""Are the topics right? Rows of a title, perhaps an abstract, and a label."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracker.config import Config
from tracker.core.classify import Keywords
from tracker.core.classify.own import titled
from tracker.core.text import normal, words
from tracker.core.values import Author, Entry, ItemKind, Topic
from tracker.evaluation import baselines, resampling, shipped
from tracker.evaluation.files import Row
from tracker.evaluation.measures import Tally, average_precision, mean
from tracker.evaluation.report import Figure, Line, Report
from tracker.sources.base import one_line

NEEDED = ("title", "label")

# Lists name one topic a row, so that a missing label is no negative. These are: what
# a list of one topic's papers does not hold, or hardly.
_NOT_ML = frozenset({"none", "other-ml"})
_AGAINST = {
    "recsys": _NOT_ML | {"genai", "transformers"},
    "ranking": _NOT_ML | {"genai", "transformers"},
    "responsible-ai": _NOT_ML | {"transformers", "recsys", "ranking"},
    "genai": _NOT_ML | {"recsys", "ranking"},
    "llm": _NOT_ML,
    "transformers": _NOT_ML,
}
_AGAINST_OTHERS = frozenset({"none"})
# Columns that may tell rows apart which were gathered together: by list, and by time.
_LISTS = ("list", "file", "source")
_TIMES = ("year",)
_BETWEEN_LABELS = re.compile(r"[;|,]")
_BETWEEN_CATEGORIES = re.compile(r"[;|,\s]+")
_EVEN = 0.5  # the probability from which a topic is claimed

Answers = list[dict[str, float]]
"""For each row the topics claimed and not claimed, with their scores."""


@dataclass(frozen=True, slots=True)
class _Method:
    """What a method answers; a topic is claimed from the score `least` on."""

    name: str
    answers: Answers
    least: float


def measure(rows: Sequence[Row], settings: Config, *, complete: bool) -> Report:
    """Return how well topics are found.

    Where the labels are `complete`, a topic that is not among them is a negative; else
    only a label that speaks against it makes one.
    """
    entries = [_entry(number, row) for number, row in enumerate(rows)]
    judge = shipped.judge(settings)
    found: Answers = [
        {claim.name: claim.weight for claim in shipped.drafted(entry, judge).topics}
        for entry in entries
    ]
    names = [topic.name for topic in settings.topics]
    truth = _Truth.of(rows, names, complete=complete)
    methods = [
        _Method("tracker", found, 0),
        _Method("keywords", _by_keywords(entries, settings.topics), 0),
        _Method("title words", _by_title(entries, settings.topics), 0),
    ]
    if truth.labels:
        methods.extend(_learnt(rows, entries, truth))
    return Report(
        "topics",
        len(rows),
        tuple(line for method in methods for line in _lines(method, truth)),
        tuple(_notes(rows, truth)),
        tuple(
            {"id": row.id(number), "topics": list(claimed)}
            for number, (row, claimed) in enumerate(zip(rows, found, strict=True))
        ),
    )


def _entry(number: int, row: Row) -> Entry:
    summary = row.text("abstract")
    categories = tuple(_parts(row, "categories", _BETWEEN_CATEGORIES))
    return Entry(
        guid=str(number),
        title=one_line(row.text("title")),
        kind=ItemKind.PAPER if summary or categories else ItemKind.POST,
        url=row.address("url"),
        authors=tuple(Author(name) for name in row.texts("authors")),
        summary=summary,
        categories=categories,
    )


def _parts(row: Row, column: str, between: re.Pattern[str]) -> Iterator[str]:
    """Yield a column's values, however they are written: "cs.IR cs.LG" are two."""
    for text in row.texts(column):
        yield from filter(None, map(str.strip, between.split(text)))


def _labels(row: Row) -> set[str]:
    """Return a row's labels as topics are named: "Responsible AI" is responsible-ai."""
    parts = _parts(row, "label", _BETWEEN_LABELS)
    return {re.sub(r"[\s_-]+", "-", part.lower()) for part in parts}


@dataclass(frozen=True, slots=True)
class _Truth:
    """For each topic that can be measured its label in each row, None for unknown.

    `unknown` are labels that are no topic of the settings, `suspect` the rows that
    their own list doubts.
    """

    labels: Mapping[str, Sequence[bool | None]]
    unknown: tuple[str, ...]
    suspect: int

    @classmethod
    def of(
        cls, rows: Sequence[Row], names: Sequence[str], *, complete: bool
    ) -> "_Truth":
        said = [_labels(row) for row in rows]
        doubted = [_is_suspect(row) for row in rows]
        labels = {
            name: [
                None if doubt else _label(name, given, complete=complete)
                for given, doubt in zip(said, doubted, strict=True)
            ]
            for name in names
        }
        given = {label for labels_ in said for label in labels_}
        return cls(
            {
                name: known
                for name, known in labels.items()
                if {True, False} <= {*known}
            },
            tuple(sorted(given - _NOT_ML - set(names))),
            sum(doubted),
        )


def _is_suspect(row: Row) -> bool:
    value = row.columns.get("suspect")
    if isinstance(value, list | dict):
        raise row.wrong("suspect", "1 or 0")
    return value in {"1", 1}


def _label(topic: str, given: set[str], *, complete: bool) -> bool | None:
    if topic in given:
        return True
    if complete:
        return False
    against = _AGAINST.get(topic, _AGAINST_OTHERS)
    return False if given and given <= against else None


def _by_keywords(entries: Sequence[Entry], topics: Sequence[Topic]) -> Answers:
    """Return the topics that the settings' words and categories find, without a model.

    A topic without keywords has its title for one.
    """
    keywords = Keywords([one if one.keywords else titled(one) for one in topics])
    found = (
        keywords.of(words(entry.title), words(entry.summary), entry.categories)
        for entry in entries
    )
    return [{claim.name: claim.weight for claim in claims} for claims in found]


def _by_title(entries: Sequence[Entry], topics: Sequence[Topic]) -> Answers:
    """Return the topics whose title's words all stand in a row's texts."""
    asked = [(topic.name, set(words(topic.title)) - {"and"}) for topic in topics]
    texts = [set(words(f"{entry.title} {entry.summary}")) for entry in entries]
    return [{name: 1.0 for name, all_ in asked if all_ <= text} for text in texts]


def _learnt(
    rows: Sequence[Row], entries: Sequence[Entry], truth: _Truth
) -> Iterator[_Method]:
    """Yield logistic regression, learnt on what was not gathered with a row."""
    texts = [
        f"{entry.title} {entry.summary} {' '.join(entry.categories)}"
        for entry in entries
    ]
    works = [normal(entry.title) for entry in entries]
    for name, column in _splits(rows):
        fold_of = baselines.folds([str(row.columns.get(column, "")) for row in rows])
        found = baselines.cross_fitted(texts, truth.labels, fold_of, works)
        answers = [
            {topic: found[topic][n] for topic in found} for n in range(len(rows))
        ]
        yield _Method(f"LR, other {name}", answers, _EVEN)


def _splits(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """Return how rows can be held out: a word for it, and the column that tells."""
    columns = rows[0].columns
    found = [
        (word, next((name for name in names if name in columns), ""))
        for word, names in (("lists", _LISTS), ("years", _TIMES))
    ]
    return [pair for pair in found if pair[1]] or [("stretches", "")]


def _lines(method: _Method, truth: _Truth) -> Iterator[Line]:
    names = tuple(truth.labels)
    outcomes = [
        _outcome(method, number, truth) for number in range(len(method.answers))
    ]
    figures = resampling.tallied(outcomes, averaged=names)
    precisions = {name: _average_precision(method, truth, name) for name in names}
    for name in names:
        count = sum(label is True for label in truth.labels[name])
        known = figures[name] | {"average precision": Figure(precisions[name])}
        yield Line(method.name, name, count, known)
    macro = Figure(mean(list(precisions.values())))
    if names:
        known = figures["macro"] | {"average precision": macro}
        yield Line(method.name, "macro", len(names), known)


def _outcome(method: _Method, number: int, truth: _Truth) -> resampling.Outcome:
    answer = method.answers[number]
    known = (
        (name, answer.get(name, -1.0) >= method.least, labels[number])
        for name, labels in truth.labels.items()
    )
    return tuple(
        (name, Tally.of(said, label))
        for name, said, label in known
        if label is not None
    )


def _average_precision(method: _Method, truth: _Truth, name: str) -> float | None:
    pairs = [
        (answer.get(name, 0.0), label)
        for answer, label in zip(method.answers, truth.labels[name], strict=True)
        if label is not None
    ]
    return average_precision([score for score, _ in pairs], [yes for _, yes in pairs])


def _notes(rows: Sequence[Row], truth: _Truth) -> Iterator[str]:
    counted = ", ".join(
        f"{name} {sum(label is True for label in known)}"
        f"/{sum(label is False for label in known)}"
        for name, known in truth.labels.items()
    )
    yield f"rows for and against: {counted or 'none'}"
    if not truth.labels:
        yield (
            "nothing to measure: a topic needs a row labelled with it and one that "
            "speaks against it, such as a row labelled none"
        )
    if truth.suspect:
        yield f"left out as suspect: {truth.suspect} rows"
    if truth.unknown:
        yield f"labels that are no topic of feeds.toml: {', '.join(truth.unknown[:10])}"
    for word, column in _splits(rows) if truth.labels else ():
        by = f'by column "{column}"' if column else "a tenth of the file each"
        yield f"LR, other {word}: TF-IDF + logistic regression, learnt on others, {by}"
    yield (
        "the shipped model was trained on lists named in docs/topics.md: figures on "
        "those are no measure"
    )
