"""`python -m benchmarks.highlights DATA`: how many highlights are right.

DATA is the folder of recorded input; the labels are ours (highlights.tsv): numbers of
sentences, from 0, that carry an abstract's idea, and its result; "-" where none does.
The cues were weighed on the rows "tuned", which are not reported. Rows "held-out" were
labelled before; rows "unseen" were drawn and labelled when the cues stood.
"""

import json
import lzma
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tracker.core.highlights import highlights
from tracker.core.sentences import sentences

REPORTED = ("held-out", "unseen")

_LABELS = Path(__file__).with_name("highlights.tsv")
_ID = slice(8, 18)  # of a line of papers: {"id": "2611.01234", …

Choose = Callable[[str, list[str]], set[int]]


@dataclass(frozen=True)
class Row:
    """An abstract with its labels."""

    title: str
    sentences: list[str]
    idea: set[int]
    result: set[int]


@dataclass(frozen=True)
class Shares:
    """Of sentences shown that are right; of ideas and of results that are shown."""

    right: float
    idea: float
    result: float


def main() -> None:
    labelled = rows(Path(sys.argv[1]))
    print("| rows | method | abstracts | right | idea | result |")
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    for kind in REPORTED:
        for method, choose in METHODS.items():
            found = shares(labelled[kind], choose)
            figures = f"{found.right:.2f} | {found.idea:.2f} | {found.result:.2f}"
            print(f"| {kind} | {method} | {len(labelled[kind])} | {figures} |")


def rows(data: Path) -> dict[str, list[Row]]:
    """Return the labelled abstracts by kind of row."""
    lines = [line.split("\t") for line in _LABELS.read_text().splitlines()[1:]]
    papers = dict(_papers(data, {line[1] for line in lines}))
    made: dict[str, list[Row]] = {}
    for kind, number, idea, result in lines:
        title, abstract = papers[number]
        row = Row(title, sentences(abstract), _numbers(idea), _numbers(result))
        made.setdefault(kind, []).append(row)
    return made


def _papers(data: Path, wanted: set[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    with lzma.open(data / "arxiv/papers.jsonl.xz", "rt") as file:
        for line in file:
            if line[_ID] in wanted:
                paper = json.loads(line)
                yield paper["id"], (paper["title"], paper["abstract"])


def _numbers(cell: str) -> set[int]:
    return set() if cell == "-" else {int(number) for number in cell.split(",")}


def shares(labelled: Sequence[Row], choose: Choose) -> Shares:
    """Return how much of what `choose` shows is right."""
    shown = [(row, choose(row.title, row.sentences)) for row in labelled]
    right = sum(len(chosen & (row.idea | row.result)) for row, chosen in shown)
    ideas = [bool(row.idea & chosen) for row, chosen in shown]
    results = [bool(row.result & chosen) for row, chosen in shown if row.result]
    return Shares(
        right / max(1, sum(len(chosen) for _, chosen in shown)),
        sum(ideas) / len(ideas),
        sum(results) / len(results),
    )


def ours(title: str, parts: list[str]) -> set[int]:
    return {parts.index(one) for one in highlights(title, " ".join(parts))}


def first_two(_title: str, _parts: list[str]) -> set[int]:
    return {0, 1}


def last_two(_title: str, parts: list[str]) -> set[int]:
    return {len(parts) - 2, len(parts) - 1}


METHODS: dict[str, Choose] = {
    "tracker": ours,
    "first two": first_two,
    "last two": last_two,
}

if __name__ == "__main__":
    main()
