"""`python -m benchmarks.own_topics DATA`: what works named teach topics of one's own.

DATA is the folder of recorded input. Topics are made of the headings of two lists and
of the keywords of IJCAI's authors (own_topics.toml). Half of the rows of each are what
a store holds when works are named, beside 5,000 papers of arXiv; the other half is
judged, and so are 10,000 other papers, of which nobody says what they are about.
"""

import csv
import gzip
import json
import lzma
import random
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tracker.core.classify import Topics
from tracker.core.classify.learnt import Lesson, learn
from tracker.core.values import Topic
from tracker.evaluation import baselines
from tracker.evaluation.measures import Tally, mean

TOPICS = Path(__file__).with_name("own_topics.toml")
"""Titles, descriptions and headings; ours, and written before anything was measured."""

NAMED = (5, 10, 20)
AGAINST = 5
_DRAWS = 5
_AROUND, _FAR = 5_000, 10_000
_BESIDE = 1_000  # papers that logistic regression learns beside the rows
_LISTS = {"applied-ml", "awesome-scalability"}
_YEARS = (2020, 2021, 2022)
_EVEN = 0.5
_SETS = {"lists": "titles of two lists", "papers": "papers of IJCAI"}
_HALVES = ("held out", "tuned on")

Text = tuple[str, str]


@dataclass(frozen=True)
class Task:
    """A topic, and which rows of its set are on it."""

    topic: Topic
    half: str
    on_it: frozenset[int]


@dataclass(frozen=True)
class Stage:
    """A set of rows: those in the store when works are named, and those judged later.

    `texts` are the former, the papers around them last.
    """

    tasks: tuple[Task, ...]
    rows: tuple[Text, ...]
    known: tuple[int, ...]
    asked: tuple[int, ...]
    texts: tuple[Text, ...]
    far: tuple[Text, ...]

    def places(self, task: Task) -> list[int]:
        """Return where in `texts` works on a topic stand."""
        return [at for at, row in enumerate(self.known) if row in task.on_it]


@dataclass(frozen=True)
class Line:
    """How well a method found a topic, and which share of other papers it claimed."""

    tally: Tally
    far: float | None = None


Results = dict[tuple[str, str, str, int], list[Line]]
"""By set, half, method and number of works named: a line a topic and draw."""


def main() -> None:
    for line in lines(Path(sys.argv[1])):
        print(line)


def lines(data: Path) -> Iterator[str]:
    """Yield what is measured as Markdown."""
    tables = tomllib.loads(TOPICS.read_text("utf-8"))["topic"]
    around, far = _arxiv(data / "arxiv/papers.jsonl.xz")
    found: Results = defaultdict(list)
    for name, labelled in (("lists", _lists(data)), ("papers", _papers(data))):
        mine = [table for table in tables if table["set"] == name]
        stage = staged(mine, labelled, around, far)
        for key, line in measured(stage):
            found[(name, *key)].append(line)
    yield from table(found)


def staged(
    tables: Sequence[Mapping[str, Any]],
    labelled: Mapping[Text, set[str]],
    around: Sequence[Text],
    far: Sequence[Text],
) -> Stage:
    """Return a set with its rows cut into halves, every second topic held out."""
    rows = tuple(labelled)
    order = list(range(len(rows)))
    random.Random("rows").shuffle(order)
    half = len(order) // 2
    known, asked = tuple(order[:half]), tuple(order[half:])
    tasks = tuple(
        Task(
            Topic(one["name"], one["title"], one["description"]),
            _HALVES[1 - number % 2],
            frozenset(
                at for at, row in enumerate(rows) if labelled[row] & {*one["headings"]}
            ),
        )
        for number, one in enumerate(sorted(tables, key=lambda one: one["name"]))
    )
    texts = (*(rows[at] for at in known), *around)
    return Stage(tasks, rows, known, asked, texts, tuple(far))


def measured(stage: Stage) -> Iterator[tuple[tuple[str, str, int], Line]]:
    """Yield half, method and number of works named, with what was found."""
    words = Topics([task.topic for task in stage.tasks])
    each = [{claim.name for claim in words.of(*row)} for row in stage.rows]
    others = Counter(claim.name for text in stage.far for claim in words.of(*text))
    said = [[task.topic.name in names for names in each] for task in stage.tasks]
    far = [others[task.topic.name] for task in stage.tasks]
    for task, one, count in zip(stage.tasks, said, far, strict=True):
        yield _line(stage, task, "words alone", 0, one, count)
    yield from _learnt(stage, said, far)
    yield from _regressed(stage)


def _learnt(
    stage: Stage, said: Sequence[Sequence[bool]], far: Sequence[int]
) -> Iterator[tuple[tuple[str, str, int], Line]]:
    """Yield what is found by words and by what was learnt, as tracker does."""
    draws = [
        (n, named, Lesson(task.topic, tuple(places)))
        for n, task in enumerate(stage.tasks)
        for named, places in ((0, []), *_draws(stage, task))
    ]
    first = _found(stage, [lesson for *_, lesson in draws])
    told = [
        (n, named, replace(lesson, against=_wrong(stage, n, said[n], like)))
        for (n, named, lesson), (like, _) in zip(draws, first, strict=True)
        if named
    ]
    second = _found(stage, [lesson for *_, lesson in told])
    against = f"tracker, and {AGAINST} against"
    for method, cases, answers in (("tracker", draws, first), (against, told, second)):
        for (n, named, _), (like, others) in zip(cases, answers, strict=True):
            both = [a or b for a, b in zip(said[n], like, strict=True)]
            # Who is claimed by both ways is counted twice: an upper bound.
            count = far[n] + others
            yield _line(stage, stage.tasks[n], method, named, both, count)


def _found(stage: Stage, lessons: Sequence[Lesson]) -> list[tuple[list[bool], int]]:
    """Return which rows each lesson finds, and of how many other papers."""
    learnt = learn(lessons, stage.texts)
    found = [([False] * len(stage.rows), 0) for _ in lessons]
    for at, row in enumerate(stage.rows):
        for number in learnt.found(*row):
            found[number][0][at] = True
    for text in stage.far:
        for number in learnt.found(*text):
            like, count = found[number]
            found[number] = like, count + 1
    return found


def _draws(stage: Stage, task: Task) -> Iterator[tuple[int, list[int]]]:
    there = stage.places(task)
    for named in NAMED:
        for draw in range(_DRAWS):
            chance = random.Random(f"{task.topic.name} {named} {draw}")
            yield named, sorted(chance.sample(there, min(named, len(there))))


def _wrong(
    stage: Stage, n: int, words: Sequence[bool], like: Sequence[bool]
) -> tuple[int, ...]:
    """Return some of the stored works that were claimed and are not on the topic."""
    wrong = [
        at
        for at, row in enumerate(stage.known)
        if (words[row] or like[row]) and row not in stage.tasks[n].on_it
    ]
    chance = random.Random(f"against {stage.tasks[n].topic.name}")
    return tuple(sorted(chance.sample(wrong, min(AGAINST, len(wrong)))))


def _regressed(stage: Stage) -> Iterator[tuple[tuple[str, str, int], Line]]:
    """Yield what logistic regression finds, learnt of the works named and no words."""
    texts = stage.texts[: len(stage.known) + _BESIDE]
    read = baselines.tfidf([f"{a} {b}" for a, b in (*texts, *stage.rows)])
    for task in stage.tasks:
        for named, places in _draws(stage, task):
            told = [at in places for at in range(len(texts))]
            sure = baselines.logistic(read[: len(texts)], told, read[len(texts) :])
            said = [value >= _EVEN for value in sure]
            yield _line(stage, task, "TF-IDF + logistic regression", named, said, None)


def _line(
    stage: Stage,
    task: Task,
    method: str,
    named: int,
    said: Sequence[bool],
    far: int | None,
) -> tuple[tuple[str, str, int], Line]:
    tally = Tally()
    for row in stage.asked:
        tally = tally.plus(Tally.of(said[row], row in task.on_it))
    share = None if far is None else far / len(stage.far)
    return (task.half, method, named), Line(tally, share)


def table(found: Results) -> Iterator[str]:
    """Yield the figures: means over topics and draws."""
    yield "| topics | rows | method | named | precision | recall | F1 | others | most |"
    yield "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for half in _HALVES:
        for name, rows in _SETS.items():
            for (of, which, method, named), some in found.items():
                if (of, which) == (name, half):
                    cells = [half, rows, method, str(named), *_cells(some)]
                    yield f"| {' | '.join(cells)} |"


def _cells(some: Sequence[Line]) -> Iterator[str]:
    yield f"{mean([one.tally.precision for one in some]) or 0:.2f}"
    yield f"{mean([one.tally.recall for one in some]) or 0:.2f}"
    yield f"{mean([one.tally.f1 or 0 for one in some]) or 0:.3f}"
    far = [one.far for one in some if one.far is not None]
    yield f"{100 * sum(far) / len(far):.1f} %" if far else ""
    yield f"{100 * max(far):.1f} %" if far else ""


def _lists(data: Path) -> dict[Text, set[str]]:
    """Return the titles of two lists, each once, with their headings."""
    found: defaultdict[Text, set[str]] = defaultdict(set)
    with (data / "topics/titles.tsv").open(encoding="utf-8", newline="") as opened:
        reader = csv.DictReader(opened, delimiter="\t", quoting=csv.QUOTE_NONE)
        for row in reader:
            if row["file"] in _LISTS:
                found[row["title"], ""].add(row["section"].strip('"'))
    return found


def _papers(data: Path) -> dict[Text, set[str]]:
    """Return IJCAI's papers, each once, with the keywords of their authors."""
    found: defaultdict[Text, set[str]] = defaultdict(set)
    for year in _YEARS:
        file = data / f"conferences/paperlists/ijcai{year}.jsonl.gz"
        with gzip.open(file, "rt", encoding="utf-8") as opened:
            for row in map(json.loads, opened):
                words = (word.lower().split(": ") for word in row["keywords"] or ())
                text = row["title"], row["abstract"] or ""
                found[text].update(": ".join(word[:2]) for word in words)
    return found


def _arxiv(file: Path) -> tuple[list[Text], list[Text]]:
    """Return papers that stand around the rows, and others that are judged."""
    with lzma.open(file, "rt", encoding="utf-8") as opened:
        rows = [
            (one["title"], one["abstract"] or "") for one in map(json.loads, opened)
        ]
    drawn = random.Random("arxiv").sample(rows, _AROUND + _FAR)
    return drawn[:_AROUND], drawn[_AROUND:]


if __name__ == "__main__":
    main()
