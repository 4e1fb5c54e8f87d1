"""Hostile documents for the kinds of source other than feeds."""

import json
import re
from html import escape
from pathlib import Path
from typing import Any

from tests.hostile.case import BLOCKED, FAILED, OK, STALE, Case, document
from tests.hostile.markup import PAYLOADS
from tracker import sources

EXAMPLES = Path(__file__).parents[1] / "sources" / "examples"
TYPES = {
    ".html": "text/html",
    ".json": "application/json",
    ".xml": "application/xml",
    ".yaml": "text/yaml",
}
_PAYLOAD = (
    f"{PAYLOADS['script']}{PAYLOADS['image-error']}{PAYLOADS['svg']}"
    "\u202e\x07\r\nBcc: all@evil.example javascript:alert(1)"
)
_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha ha ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">'
        for a, b in zip("bcdefgh", "cdefghi", strict=True)
    )
    + "]><a>&i;</a>"
).encode()
_ALIASES = (
    "a: &a [x, x, x, x, x, x, x, x, x]\n"
    + "".join(
        f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
).encode()
_BOT_CHECK = b"<!DOCTYPE html><html><title>Making sure you&#39;re not a bot!</title>"

_NAMESPACES = r"www\.w3\.org|a9\.com|arxiv\.org/schemas"
# Where the id of a work is an address, no work is left.
_TURNED = {"arxiv": FAILED, "openalex": STALE}

_REFUSED = {
    "empty": b"",
    "nul": bytes(50_000),
    "depth-of-lists": b"[" * 200_000,
    "depth-of-objects": b'{"a":' * 200_000,
    "depth-of-elements": b"<a>" * 200_000,
    "billion-laughs": _LAUGHS,
    "billion-aliases": _ALIASES,
    "file": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "code": b"!!python/object/apply:os.system ['touch /tmp/hostile']\n",
    "number-of-100,000-digits": b"9" * 100_000,
    "angles": b"<" * 2_000_000,
    "results-of-everything": json.dumps(
        dict.fromkeys(("results", "items", "message", "meta", "result"), "x")
    ).encode(),
}


def example(kind: str) -> Path | None:
    """Return the file with the example document of a kind, if there is one."""
    return next(iter(sorted(EXAMPLES.glob(f"{kind}.*"))), None)


def _poisoned_json(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a JSON value with a payload behind every text that has a space."""
    if isinstance(value, dict):
        return {name: _poisoned_json(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_poisoned_json(one) for one in value]
    is_prose = isinstance(value, str) and " " in value
    return f"{value}{_PAYLOAD}" if is_prose else value


def poisoned(file: Path) -> bytes:
    """Return an example document with a payload in each of its texts."""
    text = file.read_text("utf-8")
    match file.suffix:
        case ".json":
            return json.dumps(_poisoned_json(json.loads(text))).encode()
        case ".xml":
            inside = escape(_PAYLOAD.replace("\x07", ""))
            return _behind(r"[a-z.](?=</)", inside, text)
        case ".yaml":
            inside = json.dumps(_PAYLOAD)[1:-1]
            return _behind(r"\w(?=\"$)", inside, text)
        case _:
            return _behind(r"\w(?=</a>)", escape(_PAYLOAD), text)


def _behind(pattern: str, payload: str, text: str) -> bytes:
    """Return `text` with a payload behind each place that matches a pattern."""
    put = re.sub(pattern, lambda found: f"{found[0]}{payload}", text, flags=re.M)
    return put.encode()


def turned(file: Path) -> bytes:
    """Return an example document with a directional override in each address."""
    addresses = rf"https?://(?!{_NAMESPACES})[^\s\"'<>]{{14}}|10\.\d{{4,9}}/\w"
    return _behind(addresses, "\u202e", file.read_text("utf-8"))


def _of(kind: str, file: Path) -> list[Case]:
    media = TYPES[file.suffix]
    refused = [
        Case(f"{kind}-{name}", document(body, media), FAILED, ".", kind=kind)
        for name, body in _REFUSED.items()
    ]
    check = document(_BOT_CHECK, "text/html")
    return [
        *refused,
        Case(f"{kind}-bot-check", check, BLOCKED, "bot check", kind=kind),
        Case(
            f"{kind}-direction",
            document(turned(file), media),
            _TURNED.get(kind, OK),
            kind=kind,
        ),
        Case(f"{kind}-script", document(poisoned(file), media), OK, kind=kind),
    ]


KINDS = tuple(kind for kind in sources.kinds() if kind != "feed" and example(kind))

_UNTITLED = re.sub(
    r"(?s)<title>.*?</title>",
    "<title> </title>",
    (EXAMPLES / "arxiv.xml").read_text("utf-8"),
).encode()

CASES = (
    *(case for kind in KINDS if (file := example(kind)) for case in _of(kind, file)),
    Case("arxiv-without-titles", document(_UNTITLED), FAILED, ".", kind="arxiv"),
)
