"""Teaching a judge topics of the user's own by the works said to be on them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

from sqlalchemy import Connection

from tracker import arrays
from tracker.core.classify.learnt import Learnt, Lesson, learn
from tracker.core.values import Verdict
from tracker.ingest.judging import Judge
from tracker.store import claims, marked, verdicts

_MOST = 5_000  # texts that a topic is told apart from, the newest
_FORM = "1"  # of what is learnt and how; another number makes all be learnt anew

_Said = Sequence[tuple[int, Verdict]]


def taught(connection: Connection, judge_: Judge, file: Path | None) -> Judge:
    """Return the judge with what was said of its own topics learnt.

    It is read from `file` if it was learnt of the same words before. Nothing is learnt,
    and nothing imported, where no work is said to be on such a topic.
    """
    said = verdicts.named(connection, [topic.name for topic in judge_.topics.own])
    if not any(one.about for _, one in said):
        return judge_
    name = _name(judge_, said)
    known = arrays.read(file, name, Learnt.from_arrays) if file else None
    if known is None:
        known = _learnt(connection, judge_, said)
        if file:
            arrays.write(file, name, known.arrays())
    return _with(judge_, known, name)


def as_last_taught(judge_: Judge, file: Path) -> Judge:
    """Return the judge with what was learnt last, whatever was said since."""
    known = arrays.read(file, None, Learnt.from_arrays) if file.exists() else None
    return _with(judge_, known, "") if known else judge_


def _with(judge_: Judge, learnt: Learnt, name: str) -> Judge:
    return replace(judge_, topics=judge_.topics.taught(learnt), lessons=name)


def _name(judge_: Judge, said: _Said) -> str:
    """Return a fingerprint of all that is learnt from, but for the texts around it."""
    own = [(one.name, one.title, one.description) for one in judge_.topics.own]
    stated = [(item, one.topic, one.about, one.since.isoformat()) for item, one in said]
    return blake2b(repr((_FORM, own, stated)).encode(), digest_size=16).hexdigest()


def _learnt(connection: Connection, judge_: Judge, said: _Said) -> Learnt:
    """Return what is learnt beside the items first seen before the last word.

    So it changes with what is said, not with every collecting.
    """
    last = max(one.since for _, one in said)
    texts = {
        item.id: (item.title, item.summary)
        for item in marked.newest(connection, last, _MOST)
    }
    for item in claims.bases(connection, sorted({item for item, _ in said})):
        texts[item.id] = item.title, item.summary
    places = {item: place for place, item in enumerate(sorted(texts))}
    named: defaultdict[tuple[str, bool], list[int]] = defaultdict(list)
    for number, one in said:
        named[one.topic, one.about].append(places[number])
    lessons = [
        Lesson(topic, tuple(named[topic.name, True]), tuple(named[topic.name, False]))
        for topic in judge_.topics.own
        if named[topic.name, True]
    ]
    return learn(lessons, [texts[item] for item in sorted(texts)])
