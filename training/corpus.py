"""What topics are learnt from: lists that others labelled, papers and posts no one did.

The lists name one topic a title, so that a missing label is no negative; `AGAINST`
holds the labels that are. Papers without labels are labelled weakly: by the keywords
of feeds.toml in their titles, authors' keywords and abstracts. So are posts of blogs
on anything at all, but that keywords make no positives: one that "recommends" a book.
"""

import csv
import gzip
import json
import lzma
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

from tracker import sources
from tracker.core.classify import Keywords
from tracker.core.classify.keywords import in_title
from tracker.core.classify.model import Reading, read, reading
from tracker.core.text import normal, words
from tracker.core.values import Document, Entry, Topic
from tracker.errors import SourceError

OUTSIDE = Path(__file__).resolve().parents[1] / "benchmarks/outside_topics.tsv"
"""Titles of other lists: `tuned` ones to learn from, `held-out` ones to measure on."""

RECORDED = OUTSIDE.with_name("outside_recorded.tsv")
"""The same of works that are among DATA's papers, with abstracts there."""

# What a last look is kept for: whole lists, one year of a conference, and one of the
# three files that the largest list consists of.
_ASIDE = {
    "awesome-llm", "responsible-athenacore", "search-davidshq", "ijcai-keywords 2022",
    "awesome-transformer-attention README_2.md",
}  # fmt: skip
_PARTED = "awesome-transformer-attention"
_YEARLY = "ijcai-keywords"
_NOT_ML = {"none", "other_ml"}
AGAINST = {
    "recsys": _NOT_ML | {"genai", "transformers"},
    "ranking": _NOT_ML | {"genai", "transformers"},
    "responsible-ai": _NOT_ML | {"transformers", "recsys", "ranking"},
    "genai": _NOT_ML | {"recsys", "ranking"},
    "llm": _NOT_ML,
    "transformers": _NOT_ML,
}
# What is about such a topic is wider than its lists' words: what has none is no part.
UNSAID = ("transformers",)
_SELDOM = ("recsys", "ranking", "responsible-ai")
_SURE = 0.66  # the weight of a keyword claim from a text that makes a positive
_NOW = datetime(2026, 1, 1, tzinfo=UTC)  # when a recorded feed is read
_EVERY = 256  # of a hash: of a kind of papers n / 256 are kept, for speed
_RARE, _COMMON, _CROWDED = 90, 32, 20


@dataclass(frozen=True, slots=True)
class Example:
    """A work and for each topic 1, 0 or, where nothing is known, None.

    `titled` are the topics that keywords find in its title, `told` in its text alone;
    `doubted` those that they don't, but of which an excluded phrase is in the title;
    `unsaid` those that its list says nothing of, and none of its words either. `list`
    is what it is left out with.
    """

    work: Reading
    targets: dict[str, int | None]
    title: str = ""
    text: str = ""
    list: str = ""
    titled: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()
    doubted: frozenset[str] = frozenset()
    unsaid: frozenset[str] = frozenset()
    is_aside: bool = False

    @property
    def key(self) -> str:
        """What works with the same title share."""
        return normal(self.title)

    @property
    def said(self) -> str:
        """All its words."""
        return f"{self.title} {self.text}"


def lists(
    data: Path, topics: Sequence[Topic], *, by_year: bool = False
) -> list[Example]:
    """Return the labelled rows of all lists, titles alone and works with a text.

    `by_year` those of a year are taken for a list.
    """
    rows = [*_titles(data), *_outside("tuned")]
    with lzma.open(data / "topics/labelled_with_abstracts.jsonl.xz", "rt") as file:
        rows += map(json.loads, file)
    keywords = Keywords(topics)
    sure = [row for row in rows if str(row["suspect"]) == "0"]
    return [_example(row, keywords, by_year=by_year) for row in sure]


def _titles(data: Path) -> list[dict[str, str]]:
    with (data / "topics/titles.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _outside(part: str, lists_: Path = OUTSIDE) -> list[dict[str, str]]:
    """Return the titles of outside lists of that part, as rows of a list."""
    with lists_.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [
            {**row, "file": row["list"], "section": "", "suspect": "0"}
            for row in rows
            if row["part"] == part
        ]


def _recorded(data: Path, part: str) -> list[dict[str, str]]:
    """Return those works of outside lists that are recorded, with their abstracts."""
    rows = {normal(row["title"]): row for row in _outside(part, RECORDED)}
    found = {
        key: {**rows[key], "abstract": paper["abstract"]}
        for paper in _records(data)
        if paper.get("abstract") and (key := normal(paper["title"])) in rows
    }
    return [found[key] for key in rows if key in found]


def held_out(data: Path, topics: Sequence[Topic]) -> list[Example]:
    """Return the works of outside lists that nothing is learnt from.

    They are titles alone, and works with an abstract.
    """
    keywords = Keywords(topics)
    rows = [*_outside("held-out"), *_recorded(data, "held-out")]
    return [_example(row, keywords) for row in rows]


def _example(
    row: dict[str, str], keywords: Keywords, *, by_year: bool = False
) -> Example:
    said = row["title"], row.get("abstract", "")
    title, text = map(words, said)
    claims = keywords.of(title, text)
    titled = frozenset(claim.name for claim in claims if in_title(claim))
    targets = {topic: _target(topic, row) for topic in AGAINST}
    unknown = {topic for topic in UNSAID if targets[topic] is None}
    return Example(
        reading(title, text),
        targets,
        *said,
        row["year"] if by_year else _list(row),
        titled,
        frozenset(claim.name for claim in claims) - titled,
        frozenset(keywords.excluding(title) - {claim.name for claim in claims}),
        frozenset(unknown - keywords.hints(title) - keywords.hints(text)),
        _list(row) in _ASIDE,
    )


def _list(row: dict[str, str]) -> str:
    if row["file"] == _YEARLY:
        return f"{_YEARLY} {row['year']}"
    if row["file"] == _PARTED:
        return f"{_PARTED} {row['section'].partition(':')[0]}"
    return row["file"]


def _target(topic: str, row: dict[str, str]) -> int | None:
    said = set(row["label"].split(";"))
    if row["file"] == _PARTED and topic == "transformers" and "genai" in said:
        return None  # a section that lists generators, whatever they are built of
    if topic.replace("-", "_") in said:
        return 1
    return 0 if said <= AGAINST[topic] else None


def papers(
    data: Path, topics: Sequence[Topic], unseen: Collection[str]
) -> list[Example]:
    """Return papers weakly labelled, each as a title alone and with its abstract.

    Those with one of the titles `unseen`, normalised, are left out.
    """
    keywords = Keywords(topics)
    seen = {*unseen}
    found = []
    for paper in _records(data):
        categories = {*paper.get("categories", ()), *paper.get("listings", ())}
        key = normal(paper["title"])
        if key in seen or _hash(key) % _EVERY >= _most(categories):
            continue
        seen.add(key)
        title, text = paper["title"], paper.get("abstract") or ""
        said = "; ".join(paper.get("keywords") or ())
        targets = _weak(keywords, [topic.name for topic in topics], (title, said, text))
        is_rare = any(targets[topic] for topic in _SELDOM) or "cs.IR" in categories
        if not is_rare and _hash(key) % _EVERY >= _share(categories):
            continue
        # Half of them without categories, so that words alone must do as well.
        known = sorted(categories) if _hash(key) % 2 else ()
        found.append(Example(read(title), targets))
        found.append(Example(read(title, text, known), targets))
    return found


def posts(
    data: Path, topics: Sequence[Topic], half: int | None = None
) -> list[Example]:
    """Return posts of recorded blogs, each as a title alone and with its text.

    Those of every other blog with a `half` of 0 or 1. A topic's target is 0 where no
    word of the post hints at it.
    """
    keywords = Keywords(topics)
    found, seen = [], set[str]()
    for place, file in enumerate(sorted((data / "feeds/recorded").rglob("*"))):
        if not file.is_file() or (half is not None and place % 2 != half):
            continue
        for entry in _entries(file):
            title, text = entry.title, entry.summary
            key = normal(title)
            if key in seen:
                continue
            seen.add(key)
            named, told = words(title), words(text)
            hinted = keywords.hints(named) | keywords.hints(told)
            targets = {t.name: None if t.name in hinted else 0 for t in topics}
            found += [
                Example(reading(named, ()), targets),
                Example(reading(named, told), targets),
            ]
    return found


def _entries(file: Path) -> tuple[Entry, ...]:
    url = f"https://example.org/{file.name}"
    document = Document(url, url, 200, file.read_bytes(), _NOW, {})
    try:
        return sources.load("feed").at(url).read(document).entries
    except SourceError:
        return ()


def _records(data: Path) -> Iterator[dict[str, Any]]:
    with lzma.open(data / "arxiv/papers.jsonl.xz", "rt") as file:
        yield from map(json.loads, file)
    for path in sorted((data / "conferences/paperlists").glob("*.jsonl.gz")):
        with gzip.open(path, "rt") as file:
            yield from map(json.loads, file)


def _weak(
    keywords: Keywords, names: Sequence[str], texts: tuple[str, str, str]
) -> dict[str, int | None]:
    """Return what keywords say of a title, its authors' keywords and its abstract.

    That is 1 for a topic named in the title or often enough, 0 for one that no word
    hints at, None in between.
    """
    title, said, text = map(words, texts)
    named = {claim.name for part in (title, said) for claim in keywords.of(part)}
    told = {claim.name: claim.weight for claim in keywords.of((), text)}
    hinted = keywords.hints(text)
    return {
        name: 1
        if name in named or told.get(name, 0) >= _SURE
        else (None if name in hinted else 0)
        for name in names
    }


def _most(categories: Collection[str]) -> int:
    return _EVERY if "cs.IR" in categories else _RARE


def _share(categories: Collection[str]) -> int:
    return _CROWDED if "cs.CV" in categories else _COMMON


def _hash(key: str) -> int:
    return int.from_bytes(blake2b(key.encode(), digest_size=4).digest())
