"""This week against the weeks before as a picture: PNG for mail, SVG for pages.

Drawn by matplotlib, which is imported when the first chart is: that takes longer
than drawing. The same bars make the same bytes.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 400
"""How wide a chart is meant to be shown, in CSS pixels: a phone's width."""

_ROW = 38  # pixels, as all lengths here
_MARGIN = 16
_LEGEND = 24
_BAR = 9
_DPI = 100
_DENSITY = 2  # of the PNG, in its pixels for one of CSS
_SHADES = 16  # of it: a fifth of the bytes of all colours, and the eye sees no less
_MOST_BARS = 12
_INK, _SOFT, _TRACK, _FILL, _USUAL, _CARD = (
    "#1f2328", "#5c636d", "#e4e0d8", "#3a76ad", "#b4562a", "#faf8f4",
)  # fmt: skip
# On a page the colours are its own: these classes of page.css, light and dark.
_CLASSES = {
    _INK: "c-ink", _SOFT: "c-soft", _TRACK: "c-track", _FILL: "c-fill",
    _USUAL: "c-usual",
}  # fmt: skip
# Of a text's style, which names size and weight together or apart.
_FONT = {
    "font-size": re.compile(r"\b([\d.]+)px"),
    "font-weight": re.compile(r"\b(700|bold)\b"),
}
_DRAWING = Lock()  # matplotlib's settings are those of the process


@dataclass(frozen=True, slots=True)
class Bar:
    """A topic or company: its items this week, and usually in the weeks before.

    `name` is its short id in ASCII, which stands for a label that a font lacks.
    """

    label: str
    name: str
    count: int
    usual: float


def usually(number: float) -> str:
    """Return a mean as people write it: "1.4", "120"."""
    return f"{number:.1f}".removesuffix(".0") if number < 10 else f"{number:,.0f}"  # noqa: PLR2004 - two digits either way


def png(bars: Sequence[Bar]) -> bytes:
    """Return a chart on a card of its own colour, for both light and dark mails."""
    return _png(tuple(bars))


@lru_cache(maxsize=16)  # readers with the same topics have the same chart
def _png(bars: tuple[Bar, ...]) -> bytes:
    from PIL import Image

    paper = BytesIO()
    with _figure(bars, map(_in_font, bars)) as figure:
        figure.patch.set_facecolor(_CARD)
        figure.savefig(paper, format="png", dpi=_DPI * _DENSITY)
    small = BytesIO()
    with Image.open(paper) as drawn:
        drawn.convert("RGB").quantize(_SHADES).save(small, "PNG", optimize=True)
    return small.getvalue()


def svg(bars: Sequence[Bar], told: str) -> str:
    """Return a chart as an element for a page, whose style gives its colours.

    `told` says the same in words. It has no style of its own, which the page's policy
    would not let apply, and its texts are texts.
    """
    paper = BytesIO()
    # Labels are put in when it is drawn: matplotlib's font may lack their letters,
    # and the page's will be another.
    labels = {f"@{row}": bar.label for row, bar in enumerate(bars)}
    with _figure(bars, labels) as figure:
        figure.patch.set_alpha(0)
        figure.savefig(paper, format="svg", metadata={"Date": None})
    return _element(paper.getvalue(), told, labels)


@contextmanager
def _figure(bars: Sequence[Bar], labels: Iterable[str]) -> Iterator["Figure"]:
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    shown = bars[:_MOST_BARS]
    height = 2 * _MARGIN + _ROW * len(shown) + _LEGEND
    with (
        _DRAWING,
        rc_context(
            {
                "svg.hashsalt": "tracker",
                "svg.fonttype": "none",
                "font.size": 9.5,
                "text.parse_math": False,
            }
        ),
    ):
        figure = Figure(figsize=(WIDTH / _DPI, height / _DPI), dpi=_DPI)
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(height, 0))
        axes.axis("off")
        most = max((max(bar.count, bar.usual) for bar in shown), default=0) or 1
        for row, (bar, label) in enumerate(zip(shown, labels, strict=False)):
            _draw(axes, _MARGIN + row * _ROW, bar, label, most)
        _draw_legend(axes, height - _MARGIN)
        yield figure


def _draw(axes: "Axes", top: float, bar: Bar, label: str, most: float) -> None:
    full = WIDTH - 2 * _MARGIN
    middle = top + 25
    axes.text(_MARGIN, top + 13, label, color=_INK)
    axes.text(
        WIDTH - _MARGIN, top + 13, f"usually {usually(bar.usual)}", color=_SOFT,
        ha="right",
    )  # fmt: skip
    axes.text(
        WIDTH - _MARGIN - 92, top + 13, f"{bar.count:,}", color=_INK, ha="right",
        weight="bold",
    )  # fmt: skip
    axes.barh(middle, full, _BAR, _MARGIN, color=_TRACK)
    axes.barh(middle, full * bar.count / most, _BAR, _MARGIN, color=_FILL)
    _draw_mark(axes, _MARGIN + full * bar.usual / most, middle)


def _draw_mark(axes: "Axes", at: float, middle: float) -> None:
    axes.barh(middle, 3, _BAR + 6, at - 1.5, color=_USUAL)


def _draw_legend(axes: "Axes", bottom: float) -> None:
    middle = bottom - 4
    axes.barh(middle, 18, _BAR, _MARGIN, color=_FILL)
    axes.text(_MARGIN + 26, bottom, "this week", color=_SOFT)
    _draw_mark(axes, _MARGIN + 122, middle)
    axes.text(_MARGIN + 132, bottom, "the mean of the weeks before", color=_SOFT)


def _in_font(bar: Bar) -> str:
    """Return a bar's label if matplotlib's own font can write it, else its name.

    It has no letters of East Asia, and nothing here joins those of Arabic.
    """
    from matplotlib.font_manager import fontManager, get_font

    known = get_font(fontManager.findfont("DejaVu Sans")).get_charmap()
    joined = re.search("[\u0590-\u109f]", bar.label)
    is_known = all(ord(letter) in known for letter in bar.label)
    return bar.label if is_known and not joined else bar.name


def _element(drawn: bytes, told: str, labels: Mapping[str, str]) -> str:
    from lxml import etree

    root = etree.fromstring(drawn)
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            _remove(element)
            continue
        element.tag = etree.QName(element).localname
        if element.tag in ("metadata", "defs"):
            _remove(element)
        _restyle(element)
        if element.text in labels:
            element.text = labels[element.text]
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.attrib.update({"class": "chart", "role": "img", "aria-label": told})
    etree.cleanup_namespaces(root)
    return str(etree.tostring(root, encoding="unicode", with_tail=False))


def _remove(element: Any) -> None:  # noqa: ANN401 - lxml has no types
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _restyle(element: Any) -> None:  # noqa: ANN401 - lxml has no types
    """Turn a style into attributes, and its colour into a class of the page's."""
    element.attrib.pop("clip-path", None)
    element.attrib.pop("id", None)
    style = element.attrib.pop("style", "")
    said = dict(part.split(": ", 1) for part in style.split("; ") if ": " in part)
    if said.get("fill") in _CLASSES:
        element.set("class", _CLASSES[said["fill"]])
        element.set("fill", said["fill"])
    elif said.get("fill") == "none" or said.get("opacity") == "0":
        element.set("fill", "none")
    if "text-anchor" in said:
        element.set("text-anchor", said["text-anchor"])
    for name, said_by in _FONT.items():
        found = said_by.search(style)
        if found:
            element.set(name, found[1])
