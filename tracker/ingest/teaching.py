"""Teaching a judge topics of the user's own: by descriptions, and by works named."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from sqlalchemy import Connection

from tracker import arrays
from tracker.core.classify.learnt import Learnt, Lesson, learn
from tracker.core.values import Topic, Verdict
from tracker.ingest.judging import Judge
from tracker.store import claims, marked, verdicts

_MOST = 5_000  # texts that a topic is told apart from, the newest
_FORM = "3"  # of what is learnt and how; another number makes all be learnt anew


@dataclass(frozen=True, slots=True)
class Matter:
    """What is to be learnt: topics, what was said of works, and beside which items.

    Those are the newest that were first seen until `last`.
    """

    topics: tuple[Topic, ...]
    said: tuple[tuple[int, Verdict], ...]
    last: datetime

    @property
    def name(self) -> str:
        """Return a fingerprint of all that is learnt from, but for the items' texts."""
        own = [(one.name, one.title, one.description) for one in self.topics]
        said = [
            (n, one.topic, one.about, one.since.isoformat()) for n, one in self.said
        ]
        whole = repr((_FORM, own, said, self.last.isoformat()))
        return blake2b(whole.encode(), digest_size=16).hexdigest()


def taught(connection: Connection, judge_: Judge, file: Path | None) -> Judge:
    """Return the judge with what is known of its own topics learnt.

    It is read from `file` if it was learnt of the same before. Nothing is learnt, and
    nothing imported, where there is no such topic, nor in a store of few items where no
    work is said to be on one.
    """
    matter = _matter(connection, judge_.topics.own)
    if matter is None:
        return judge_
    known = arrays.read(file, matter.name, Learnt.from_arrays) if file else None
    if known is None:
        known = _learnt(connection, matter)
        if file:
            arrays.write(file, matter.name, known.arrays())
    return _with(judge_, known, matter.name)


def as_last_taught(judge_: Judge, file: Path) -> Judge:
    """Return the judge with what was learnt last, whatever was said since."""
    known = arrays.read(file, None, Learnt.from_arrays) if file.exists() else None
    return _with(judge_, known, "") if known else judge_


def _with(judge_: Judge, learnt: Learnt, name: str) -> Judge:
    return replace(judge_, topics=judge_.topics.taught(learnt), lessons=name)


def _matter(connection: Connection, own: Sequence[Topic]) -> Matter | None:
    """Return what can be learnt of a reader's own topics, if anything can."""
    if not own:
        return None
    said = verdicts.named(connection, [topic.name for topic in own])
    named = {one.topic for _, one in said if one.about}
    # So it changes with what is said, and with every collecting it does not.
    grown = marked.grown(connection)
    topics = [one for one in own if one.name in named or (grown and one.description)]
    if not topics:
        return None
    names = {topic.name for topic in topics}
    told = tuple(pair for pair in said if pair[1].topic in names)
    return Matter(tuple(topics), told, grown or max(one.since for _, one in told))


def _learnt(connection: Connection, matter: Matter) -> Learnt:
    texts = {
        item.id: (item.title, item.summary)
        for item in marked.newest(connection, matter.last, _MOST)
    }
    for item in claims.bases(connection, sorted({item for item, _ in matter.said})):
        texts[item.id] = item.title, item.summary
    places = {item: place for place, item in enumerate(sorted(texts))}
    named: defaultdict[tuple[str, bool], list[int]] = defaultdict(list)
    for number, one in matter.said:
        named[one.topic, one.about].append(places[number])
    lessons = [
        Lesson(topic, tuple(named[topic.name, True]), tuple(named[topic.name, False]))
        for topic in matter.topics
    ]
    return learn(lessons, [texts[item] for item in sorted(texts)])
