"""A note an item, in Markdown with front matter, for Obsidian and its like.

tracker renews two things in a note, and nothing else: the properties of its own in the
front matter, and what stands between its two marks. Where a reader took the marks away,
what they wrote instead stays.
"""

import json
import re
from collections.abc import Iterator

from tracker.export.work import Work

BEGIN = "<!-- tracker renews what stands from here -->"
END = "<!-- to here; your own words are safe below -->"

_FRONT = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_PROPERTY = re.compile(r"([\w-]+)[ \t]*:")
_SYNTAX = re.compile(r"([\\`*_\[\]<>$#|])")
# What YAML takes for the end of a line, or does not take at all.
_NO_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_ID = "tracker"


def file_name(work: Work) -> str:
    """Return the name of a work's file: small letters, digits and hyphens, ".md"."""
    return f"{work.key}.md"


def note(work: Work, now: str | None = None) -> str | None:
    """Return a work's note; `now` is the one there is.

    None where there is one that is not tracker's note of this item: no front matter,
    or one of another item. Line ends become those of Unix.
    """
    if now is None:
        front = "".join(f"{line}\n" for _, line in _properties(work))
        title = _escaped(work.item.title)
        return f"---\n{front}---\n\n# {title}\n\n{_block(work)}\n"
    now = now.replace("\r\n", "\n")
    found = _FRONT.match(now.removeprefix("\ufeff"))
    if not found or not re.search(rf"(?m)^{_ID}: *{work.item.id}\s*$", found[1]):
        return None
    body = now.removeprefix("\ufeff")[found.end() :]
    front = _renewed(found[1], dict(_properties(work)))
    before, begin, rest = body.partition(BEGIN)
    _, end, after = rest.partition(END)
    if begin and end:
        body = f"{before}{_block(work)}{after}"
    return f"---\n{front}---\n{body}"


def _properties(work: Work) -> Iterator[tuple[str, str]]:
    """Yield each of tracker's properties with its line, in YAML as JSON has it."""
    item, mark = work.item, work.mark
    known: dict[str, object] = {
        _ID: item.id,
        "citekey": work.key,
        "title": item.title,
        "kind": str(item.kind),
        "authors": list(item.authors),
        "year": work.year,
        "published": f"{item.published:%Y-%m-%d}" if item.published else None,
        "venue": work.venue,
        "companies": [claim.name for claim in item.companies],
        "topics": [claim.name for claim in item.topics],
        "doi": work.doi,
        "arxiv": work.arxiv,
        "url": work.url,
        "state": str(mark.state),
        "rating": mark.rating,
    }
    for name, value in known.items():
        said = "" if value is None else json.dumps(value, ensure_ascii=False)
        said = _NO_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", said)
        yield name, f"{name}: {said}".rstrip()


def _renewed(front: str, ours: dict[str, str]) -> str:
    """Return front matter with our properties renewed, each in its place."""
    lines: list[str] = []
    left = dict(ours)
    skips = False
    for line in front.removesuffix("\n").split("\n"):
        # What is indented, or a list, goes on with the property before it.
        if line[:1] not in {" ", "\t", "-", ""}:
            found = _PROPERTY.match(line)
            skips = found is not None and found[1] in ours
            if found and found[1] in left:
                lines.append(left.pop(found[1]))
        if not skips:
            lines.append(line)
    return "".join(f"{line}\n" for line in (*lines, *left.values()))


def _block(work: Work) -> str:
    item = work.item
    parts = [BEGIN]
    links = [link for link in (work.url, *item.links) if link]
    parts += ["\n".join(f"- <{link}>" for link in links)] if links else []
    note_ = _escaped(work.mark.note)
    parts += [f"> {note_}"] if note_ else []
    parts += [_escaped(item.summary)] if item.summary else []
    return "\n\n".join((*parts, END))


def _escaped(text: str) -> str:
    """Return a text on one line in which no character is Markdown."""
    return _SYNTAX.sub(r"\\\1", " ".join(text.split()))
