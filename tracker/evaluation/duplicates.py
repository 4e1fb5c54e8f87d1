"""Are works joined that are one, and only those? Rows of two entries and a label."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from tracker.core import identity
from tracker.core.text import normal
from tracker.core.values import Author, Entry, ItemKind
from tracker.evaluation import resampling, shipped
from tracker.evaluation.files import Row
from tracker.evaluation.measures import Tally
from tracker.evaluation.report import Figure, Line, Report
from tracker.sources.base import one_line

NEEDED = ("kind", "same", "title_a", "title_b")

_LABELS = {"1": True, "true": True, "0": False, "false": False}
_ALL = "all"
_PAPERS = ("conf", "arxiv", "paper")  # how a kind of pair begins whose sides are papers
_MOST_MISSES = 20
_ADDRESS = re.compile(r"https?://[^\s<>\"')]+[^\s<>\"').,;]")


def measure(rows: Sequence[Row]) -> Report:
    """Return how well it is told which entries are one work, by kind of pair.

    Of each pair one entry is stored, and the other arrives from another source.
    """
    pairs = [(_entry(row, "a"), _entry(row, "b")) for row in rows]
    same = [shipped.joined(*pair) for pair in pairs]
    linked = [shipped.linked(*pair) or shipped.linked(*pair[::-1]) for pair in pairs]
    titles = [_named_alike(*pair) for pair in pairs]
    found = (("tracker", same), ("exact normalised title", titles))
    open_ = sum(_label(row) is None for row in rows)
    return Report(
        "duplicates",
        len(rows),
        tuple(
            _with_links(line, rows, linked) if name == "tracker" else line
            for name, said in found
            for line in _lines(name, rows, said)
        ),
        (f"{open_} pairs are neither one work nor two: in no figure but `joined`",),
        tuple(
            {"same": one, "linked": other}
            for one, other in zip(same, linked, strict=True)
        ),
        tuple(_misses(rows, same)),
    )


def _with_links(line: Line, rows: Sequence[Row], linked: Sequence[bool]) -> Line:
    """Return `line` with the share of its pairs that stand beside each other."""
    mine = [
        one
        for row, one in zip(rows, linked, strict=True)
        if line.about in {_ALL, row.text("kind")}
    ]
    share = Figure(sum(mine) / len(mine) if mine else None)
    return replace(line, figures={**line.figures, "linked": share})


def _label(row: Row) -> bool | None:
    value = row.columns.get("same")
    if isinstance(value, str | int):
        return _LABELS.get(str(value).lower())
    raise row.wrong("same", "1, 0, or a word such as related")


def _entry(row: Row, side: str) -> Entry:
    """Return one side of a pair, as its source would state it."""
    name, url = row.text(f"id_{side}"), row.text(f"url_{side}")
    text = row.text(f"abstract_{side}")
    stated = identity.normal_id(name) if _is_id(name) else None
    is_paper = stated or name == "paper" or row.text("kind").startswith(_PAPERS)
    return Entry(
        guid=name or url or row.place,
        title=one_line(row.text(f"title_{side}")),
        kind=ItemKind.PAPER if is_paper else ItemKind.POST,
        url=row.address(f"url_{side}"),
        ids=(stated,) if stated else (),
        links=row.texts(f"links_{side}") + tuple(_ADDRESS.findall(text)),
        authors=tuple(Author(one) for one in row.texts(f"authors_{side}")),
        summary=text,
        published=_published(row, side),
    )


def _is_id(name: str) -> bool:
    return name.startswith(("arxiv:", "doi:", "openreview:"))


def _published(row: Row, side: str) -> datetime | None:
    name = f"published_{side}"
    return row.moment(name) if row.text(name) else None


def _named_alike(a: Entry, b: Entry) -> bool:
    return bool(a.title) and normal(a.title) == normal(b.title)


def _lines(method: str, rows: Sequence[Row], said: Sequence[bool]) -> Iterator[Line]:
    labels = [_label(row) for row in rows]
    kinds = [row.text("kind") for row in rows]
    outcomes = [
        ((_ALL, Tally.of(joined, label)), (kind, Tally.of(joined, label)))
        for kind, joined, label in zip(kinds, said, labels, strict=True)
        if label is not None
    ]
    figures = resampling.tallied(outcomes)
    for kind in (_ALL, *dict.fromkeys(kinds)):
        chosen = [kind in {_ALL, one} for one in kinds]
        joined = sum(yes and mine for yes, mine in zip(said, chosen, strict=True))
        count = sum(
            label is True and mine for label, mine in zip(labels, chosen, strict=True)
        )
        share = Figure(joined / sum(chosen) if any(chosen) else None)
        yield Line(method, kind, count, {**figures.get(kind, {}), "joined": share})


def _misses(rows: Sequence[Row], said: Sequence[bool]) -> Iterator[str]:
    """Yield pairs that were joined wrongly, then those that were not joined."""
    wrong = [
        (label, row)
        for row, joined in zip(rows, said, strict=True)
        if (label := _label(row)) is not None and label != joined
    ]
    wrong.sort(key=lambda pair: pair[0])
    for label, row in wrong[:_MOST_MISSES]:
        what = "missed" if label else "joined wrongly"
        yield f"{what}: {row.text('title_a')} | {row.text('title_b')}"
