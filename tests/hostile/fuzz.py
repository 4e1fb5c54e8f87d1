"""Fuzzing the readers: examples of every kind, damaged at random.

Feeds have three: what is well-formed is read by one, what is not by feedparser, and
JSON by a third. The first is found only by damage that leaves a tree one.

What a reader may do with a document is to return entries that are safe to store, or
to raise a SourceError, within SLOW seconds.
"""

import json
import logging
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from random import Random
from typing import Any

from lxml import etree

from tests.fakes import MONDAY
from tests.hostile import safety
from tests.hostile.kinds import TYPES, example
from tests.hostile.markup import ADDRESSES, PAYLOADS, TEXTS
from tracker import sources
from tracker.core.values import Document, Entry
from tracker.errors import SourceError

SLOW = 5.0
_HERE = Path(__file__).parent / "examples"
_MOST_DAMAGES = 6
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd]")
_ATTRIBUTES = (
    *("type", "mode", "rel", "href", "term", "isPermaLink", "encoding"),
    *("{http://www.w3.org/XML/1998/namespace}base", "published"),
)
_JSON_VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 1e308, float("inf"), 10**30, "", "x", "\ud800", "\0", [], {},
    [[]], [{}], {"": ""}, {"name": None}, ["x"],
)  # fmt: skip
_PIECES = tuple(
    piece.encode("utf-8", "surrogatepass")
    for piece in (
        *PAYLOADS.values(),
        *TEXTS.values(),
        *ADDRESSES.values(),
        *("<", ">", "&", '"', "'", "]]>", "<![CDATA[", "<!--", "-->", "<?", "?>", "</"),
        *("&#0;", "&#xD800;", "&amp;", "&x;", "&#9999999999;", "\ufeff", "\u202e"),
        *("0", "-1", "9" * 400, "1e999", "NaN", "null", "{}", "[]", "0000-00-00"),
        *(
            "10000-01-01T00:00:00Z",
            "oai:arXiv.org:x",
            "https://doi.org/10.1/x",
            " " * 99,
        ),
        *(
            "xmlns='x'",
            "xml:base='javascript:'",
            "encoding='utf-16'",
            "\r\n",
            "\0",
            "\t",
        ),
    )
)

Damage = Callable[[bytes, Random], bytes]


def _place(body: bytes, chance: Random) -> tuple[int, int]:
    """Return a slice of `body`, mostly a short one."""
    start = chance.randrange(len(body) + 1)
    return start, min(start + int(chance.expovariate(1 / 30)), len(body))


def _cut(body: bytes, chance: Random) -> bytes:
    start, end = _place(body, chance)
    return body[:start] + body[end:]


def _end(body: bytes, chance: Random) -> bytes:
    return body[: chance.randrange(len(body) + 1)]


def _repeat(body: bytes, chance: Random) -> bytes:
    start, end = _place(body, chance)
    times = chance.choice((2, 2, 2, 10, 300))
    return body[:start] + body[start:end] * times + body[end:]


def _move(body: bytes, chance: Random) -> bytes:
    start, end = _place(body, chance)
    rest = body[:start] + body[end:]
    there = chance.randrange(len(rest) + 1)
    return rest[:there] + body[start:end] + rest[there:]


def _noise(body: bytes, chance: Random) -> bytes:
    start, end = _place(body, chance)
    return body[:start] + chance.randbytes(end - start) + body[end:]


def _insert(body: bytes, chance: Random) -> bytes:
    start, end = _place(body, chance)
    kept = chance.choice((start, end))
    return body[:start] + chance.choice(_PIECES) + body[kept:]


def _json(body: bytes, chance: Random) -> bytes:
    """Return a JSON document with one value replaced by one of another type."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return body
    holders = list(_holders(value))
    if not holders:
        return body
    holder, key = chance.choice(holders)
    holder[key] = chance.choice(
        (*_JSON_VALUES, chance.choice(_PIECES).decode("latin-1"))
    )
    return json.dumps(value).encode()


def _holders(value: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - JSON
    """Yield each place in a JSON value that holds another: the holder, and the key."""
    pairs: Any = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        pairs = enumerate(value)
    for key, inside in pairs:
        yield value, key
        yield from _holders(inside)


def _tree(body: bytes, chance: Random) -> bytes:
    """Return an XML document with an element moved, renamed, or saying other things."""
    root = etree.fromstring(body)
    elements = list(root.iter("*"))
    one, other = chance.choice(elements), chance.choice(elements)
    piece = _NOT_XML.sub("?", chance.choice(_PIECES).decode("utf-8", "replace"))
    match chance.randrange(6):
        case 0:
            one.text = piece
        case 1 if one is not root:
            one.tail = piece
        case 2:
            one.set(chance.choice(_ATTRIBUTES), piece)
        case 3:
            one.tag, other.tag = other.tag, one.tag
        case 4 if one is not root:
            one.getparent().remove(one)
        case _ if root not in {one, other}:
            other.append(deepcopy(one))
    whole: bytes = etree.tostring(root)
    return whole


_DAMAGES: tuple[Damage, ...] = (
    _cut, _end, _repeat, _move, _noise, _insert, _insert, _insert, _json, _json, _json,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reader:
    """What reads a kind of document: an example of one, and how it is damaged."""

    name: str
    kind: str
    file: Path
    damages: tuple[Damage, ...] = _DAMAGES

    def damaged(self, chance: Random) -> bytes:
        """Return the example with a few damages."""
        body = self.file.read_bytes()
        for _ in range(chance.randint(1, _MOST_DAMAGES)):
            body = chance.choice(self.damages)(body, chance)
        return body


def _readers() -> Iterator[Reader]:
    for kind in sources.kinds():
        if file := example(kind):
            yield from _of(kind, kind, file)
    for file in sorted(_HERE.iterdir()):
        yield from _of(file.stem, file.stem.partition("-")[0], file)


def _of(name: str, kind: str, file: Path) -> Iterator[Reader]:
    yield Reader(name, kind, file)
    if file.suffix == ".xml":
        yield Reader(f"{name}-tree", kind, file, (_tree,))


READERS = tuple(_readers())


def wrong(reader: Reader, body: bytes) -> str | None:
    """Return what is wrong with how `body` is read; None when nothing is."""
    url = f"https://example.org/{reader.file.name}"
    headers = {"content-type": TYPES[reader.file.suffix]}
    document = Document(url, url, 200, body, MONDAY, headers)
    start = time.process_time()
    try:
        page = sources.load(reader.kind).at(url).read(document)
    except SourceError as error:
        page, said = None, str(error)
        faults = list(safety.line(said, "error"))
    except Exception as error:  # noqa: BLE001 - what a reader must not raise
        return f"raised {error!r:.300}"
    took = time.process_time() - start
    if page is not None:
        faults = [fault for entry in page.entries for fault in _told(entry)]
        faults += [f for r in page.next for f in safety.address(r.url, "next")]
    if took > SLOW:
        faults.append(f"took {took:.1f} s")
    return faults[0] if faults else None


def _told(entry: Entry) -> Iterator[str]:
    """Yield what keeps an entry from being stored as it is."""
    lines = [entry.guid, entry.title, entry.summary, *entry.categories, *entry.ids]
    lines += [author.name for author in entry.authors]
    lines += [place for author in entry.authors for place in author.affiliations]
    lines += [entry.venue or "", entry.comment or ""]
    for text in lines:
        yield from safety.line(text, "text")
    for address in (entry.url, *entry.links):
        yield from safety.address(address, "address")
    yield from safety.fragment(entry.content, "content")
    for signal in entry.signals:
        yield from safety.signal(signal.name, signal.value)
    for moment in (entry.published, entry.updated):
        if moment and moment.tzinfo is not UTC:
            yield f"a time that is not UTC: {moment!r}"
    if not entry.guid or not entry.title:
        yield f"an entry without a guid or a title: {entry!r:.200}"


def run(seconds: float, seed: int, name: str | None) -> int:
    """Damage examples until `seconds` are over; print the first finding of each reader.

    Returns 1 when there is one. What was found lies in a file, to be looked into.
    """
    logging.disable()  # some packages tell all that they leave out
    readers = [reader for reader in READERS if name in {None, reader.name}]
    found = [_hunt(reader, seconds / len(readers), seed) for reader in readers]
    return 1 if any(found) else 0


def _hunt(reader: Reader, seconds: float, seed: int) -> bool:
    chance, tried, name = Random(f"{reader.name} {seed}"), 0, reader.name
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        tried += 1
        hurt = reader.damaged(chance)
        if fault := wrong(reader, hurt):
            kept = Path(tempfile.gettempdir()) / f"fuzz-{name}-{seed}-{tried}"
            kept.write_bytes(hurt)
            sys.stdout.write(f"{name}: {fault}\n  after {tried:,}: {kept}\n")
            return True
    sys.stdout.write(f"{name}: {tried:,} documents, nothing found\n")
    return False
