"""BibTeX, in UTF-8, for bibtex, biber and pandoc.

Letters stay as they are: LaTeX reads UTF-8 since 2018, and biber and pandoc ever did.
What TeX takes for a command is escaped, but in addresses, which \\url takes so.
"""

import re
from collections.abc import Iterable, Iterator

from tracker.export.names import Name
from tracker.export.work import Work

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_COMMANDS = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "%": r"\%",
    "&": r"\&",
    "#": r"\#",
    "$": r"\$",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
# BibTeX counts the braces of "\{" too: where they don't match, it must not see one.
_UNMATCHED = _COMMANDS | {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}


def text(works: Iterable[Work]) -> str:
    """Return the works as BibTeX entries."""
    return "\n".join(map(_entry, works))


def _entry(work: Work) -> str:
    lines = (f"  {name} = {value},\n" for name, value in _fields(work))
    return f"@{_type(work)}{{{work.key},\n{''.join(lines)}}}\n"


def _type(work: Work) -> str:
    if work.journal:
        return "article"
    return "inproceedings" if work.venue and not work.is_post else "misc"


def _fields(work: Work) -> Iterator[tuple[str, str]]:
    item = work.item
    yield "title", f"{{{_title(item.title)}}}"
    if item.authors:
        yield "author", f"{{{' and '.join(map(_author, work.authors))}}}"
    if work.venue and not work.is_post:
        where = ("journal", work.journal) if work.journal else ("booktitle", work.venue)
        yield where[0], f"{{{_escaped(where[1])}}}"
    yield "year", f"{{{work.year}}}"
    if work.published:
        yield "month", _MONTHS.split()[work.published.month - 1]
    if work.is_post:
        yield "howpublished", "{Blog post}"
    yield from _ids(work)
    if item.summary:
        yield "abstract", f"{{{_escaped(item.summary)}}}"
    if item.topics:
        words = ", ".join(claim.name for claim in item.topics)
        yield "keywords", f"{{{_escaped(words)}}}"
    if work.mark.note:
        yield "annote", f"{{{_escaped(work.mark.note)}}}"


def _ids(work: Work) -> Iterator[tuple[str, str]]:
    if work.doi and not re.search(r"[\\{}\s]", work.doi):
        yield "doi", f"{{{work.doi}}}"
    if work.arxiv:
        yield "eprint", f"{{{work.arxiv}}}"
        yield "archiveprefix", "{arXiv}"
    if work.url:
        yield "url", f"{{{work.url}}}"


def _title(title: str) -> str:
    """Return a title in which no style makes "BERT" into "bert"."""
    commands = _commands(title)
    words = (
        f"{{{word.translate(commands)}}}"
        if any(letter.isupper() for letter in word[1:])
        else word.translate(commands)
        for word in title.split()
    )
    return " ".join(words)


def _author(name: Name) -> str:
    if not name.family:
        return f"{{{_escaped(name.whole)}}}"
    parts = (name.family, name.suffix, name.given)
    return ", ".join(_part(part) for part in parts if part)


def _part(text: str) -> str:
    """Return a part of a name, in braces where a word in it would end it."""
    escaped = _escaped(text)
    return f"{{{escaped}}}" if re.search(r",|(?i:\band\b)", text) else escaped


def _escaped(text: str) -> str:
    return " ".join(text.split()).translate(_commands(text))


def _commands(text: str) -> dict[int, str]:
    """Return what the characters of a text become in TeX, for str.translate."""
    depth = 0
    for letter in text:
        depth += (letter == "{") - (letter == "}")
        if depth < 0:
            break
    return str.maketrans(_UNMATCHED if depth else _COMMANDS)
