"""What topics are learnt from: lists that others labelled, and papers that no one did.

The lists name one topic a title, so that a missing label is no negative; `AGAINST`
holds the labels that are. Papers without labels are labelled weakly: by the keywords
of feeds.toml in their titles, authors' keywords and abstracts.
"""

import csv
import gzip
import json
import lzma
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from tracker.core.classify import Keywords
from tracker.core.classify.model import Reading, read
from tracker.core.text import normal
from tracker.core.values import Topic

# Lists whose rows no part of the training sees.
HELD_OUT = (
    "arxiv-negatives", "awesome-llm", "ijcai-keywords", "responsible-athenacore",
    "search-davidshq",
)  # fmt: skip
_HELD_OUT_VENUES = ("ijcai",)
_NOT_ML = {"none", "other_ml"}
AGAINST = {
    "recsys": _NOT_ML | {"genai", "transformers"},
    "ranking": _NOT_ML | {"genai", "transformers"},
    "responsible-ai": _NOT_ML | {"transformers", "recsys", "ranking"},
    "genai": _NOT_ML | {"recsys", "ranking"},
    "llm": _NOT_ML,
    "transformers": _NOT_ML,
}
_SURE = 0.66  # the weight of a keyword claim from a text that makes a positive
_EVERY = 256  # of a hash: the share of crowded categories that is kept is n / 256
_CROWDED, _LESS_CROWDED = 90, 150


@dataclass(frozen=True, slots=True)
class Example:
    """A work and for each topic 1, 0 or, where nothing is known, None.

    `named` are the topics that keywords find in it.
    """

    work: Reading
    targets: dict[str, int | None]
    list: str = ""
    named: frozenset[str] = frozenset()


def lists(data: Path, topics: Sequence[Topic]) -> list[Example]:
    """Return the labelled rows of all lists, titles alone and works with a text."""
    with (data / "topics/titles.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    with lzma.open(data / "topics/labelled_with_abstracts.jsonl.xz", "rt") as file:
        rows += map(json.loads, file)
    keywords = Keywords(topics)
    return [
        Example(
            read(row["title"], row.get("abstract", "")),
            {topic: _target(topic, row["label"]) for topic in AGAINST},
            row["file"],
            _named(keywords, row["title"], row.get("abstract", "")),
        )
        for row in rows
        if str(row["suspect"]) == "0"
    ]


def _named(keywords: Keywords, title: str, text: str) -> frozenset[str]:
    return frozenset(claim.name for claim in keywords.of(title, text))


def _target(topic: str, label: str) -> int | None:
    said = set(label.split(";"))
    if topic.replace("-", "_") in said:
        return 1
    return 0 if said <= AGAINST[topic] else None


def papers(data: Path, topics: Sequence[Topic]) -> list[Example]:
    """Return papers weakly labelled, each as a title alone and with its abstract."""
    keywords = Keywords(topics)
    seen = _titles_held_out(data)
    found = []
    for paper in _records(data):
        key = normal(paper["title"])
        if key in seen:
            continue
        seen.add(key)
        title, text = paper["title"], paper.get("abstract") or ""
        said = "; ".join(paper.get("keywords") or ())
        targets = _weak(keywords, [topic.name for topic in topics], (title, said, text))
        categories = {*paper.get("categories", ()), *paper.get("listings", ())}
        if not _kept(key, targets, categories):
            continue
        # Half of them without categories, so that words alone must do as well.
        known = sorted(categories) if _hash(key) % 2 else ()
        found.append(Example(read(title), targets))
        found.append(Example(read(title, text, known), targets))
    return found


def _titles_held_out(data: Path) -> set[str]:
    with (data / "topics/titles.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {normal(row["title"]) for row in rows if row["file"] in HELD_OUT}


def _records(data: Path) -> Iterator[dict[str, list[str]] | dict[str, str]]:
    with lzma.open(data / "arxiv/papers.jsonl.xz", "rt") as file:
        yield from map(json.loads, file)
    for path in sorted((data / "conferences/paperlists").glob("*.jsonl.gz")):
        if not path.name.startswith(_HELD_OUT_VENUES):
            with gzip.open(path, "rt") as file:
                yield from map(json.loads, file)


def _weak(
    keywords: Keywords, names: Sequence[str], texts: tuple[str, str, str]
) -> dict[str, int | None]:
    """Return what keywords say of a title, its authors' keywords and its abstract.

    That is 1 for a topic named in the title or often enough, 0 for one that no word
    hints at, None in between.
    """
    title, said, text = texts
    named = {claim.name for part in (title, said) for claim in keywords.of(part, "")}
    told = {claim.name: claim.weight for claim in keywords.of("", text)}
    hinted = keywords.hints(text)
    return {
        name: 1
        if name in named or told.get(name, 0) >= _SURE
        else (None if name in hinted else 0)
        for name in names
    }


def _kept(key: str, targets: dict[str, int | None], categories: set[str]) -> bool:
    rare = any(targets[topic] for topic in ("recsys", "ranking", "responsible-ai"))
    share = _CROWDED if "cs.CV" in categories else _LESS_CROWDED
    return rare or "cs.IR" in categories or _hash(key) % _EVERY < share


def _hash(key: str) -> int:
    return int.from_bytes(blake2b(key.encode(), digest_size=4).digest())
