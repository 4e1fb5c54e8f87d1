"""Fuzzing the readers: examples of every kind, damaged at random.

What a reader may do with a document is to return entries that are safe to store, or
to raise a SourceError, within SLOW seconds.
"""

import json
import logging
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path
from random import Random
from typing import Any

from tests.fakes import MONDAY
from tests.hostile import safety
from tests.hostile.kinds import TYPES, example
from tests.hostile.markup import ADDRESSES, PAYLOADS, TEXTS
from tracker import sources
from tracker.core.values import Document, Entry
from tracker.errors import SourceError

SLOW = 5.0
KINDS = tuple(kind for kind in sources.kinds() if example(kind))
_MOST_DAMAGES = 6
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


_DAMAGES: tuple[Damage, ...] = (
    _cut, _end, _repeat, _move, _noise, _insert, _insert, _insert, _json, _json, _json,
)  # fmt: skip


def damaged(body: bytes, chance: Random) -> bytes:
    """Return `body` with a few damages."""
    for _ in range(chance.randint(1, _MOST_DAMAGES)):
        body = chance.choice(_DAMAGES)(body, chance)
    return body


def wrong(kind: str, body: bytes) -> str | None:
    """Return what is wrong with how `kind` reads `body`; None when nothing is."""
    file = example(kind)
    assert file is not None
    url = f"https://example.org/{file.name}"
    headers = {"content-type": TYPES[file.suffix]}
    document = Document(url, url, 200, body, MONDAY, headers)
    start = time.process_time()
    try:
        page = sources.load(kind).at(url).read(document)
    except SourceError as error:
        page, said = None, str(error)
        faults = list(safety.line(said, "error"))
    except Exception as error:  # noqa: BLE001 - what a reader must not raise
        return f"raised {error!r:.300}"
    took = time.process_time() - start
    if page is not None:
        faults = [fault for entry in page.entries for fault in _of(entry)]
        faults += [f for r in page.next for f in safety.address(r.url, "next")]
    if took > SLOW:
        faults.append(f"took {took:.1f} s")
    return faults[0] if faults else None


def _of(entry: Entry) -> Iterator[str]:
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


def run(seconds: float, seed: int, kind: str | None) -> int:
    """Damage examples until `seconds` are over; print the first finding of each kind.

    Returns 1 when there is one. What was found lies in a file, to be looked into.
    """
    logging.disable()  # some packages tell all that they leave out
    kinds = (kind,) if kind else KINDS
    found = [_hunt(one, seconds / len(kinds), seed) for one in kinds]
    return 1 if any(found) else 0


def _hunt(kind: str, seconds: float, seed: int) -> bool:
    file = example(kind)
    assert file is not None
    body, chance, tried = file.read_bytes(), Random(f"{kind} {seed}"), 0
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        tried += 1
        hurt = damaged(body, chance)
        if fault := wrong(kind, hurt):
            kept = Path(tempfile.gettempdir()) / f"fuzz-{kind}-{seed}-{tried}"
            kept.write_bytes(hurt)
            sys.stdout.write(f"{kind}: {fault}\n  after {tried:,}: {kept}\n")
            return True
    sys.stdout.write(f"{kind}: {tried:,} documents, nothing found\n")
    return False
