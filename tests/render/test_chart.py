"""A chart: its bytes, its letters, and what it tells."""

import re
from io import BytesIO

import pytest
from PIL import Image

from tracker.render.chart import WIDTH, Bar, png, svg, usually

BARS = (
    Bar("Large language models", "llm", 142, 120.25),
    Bar("Recommender systems", "recsys", 38, 40),
)


def _lengths(drawn: str, kind: str) -> list[float]:
    """Return how long the bars of a class are, in the chart's own units."""
    found = re.findall(rf'<path d="M ([\d.]+) [\d.]+ +L ([\d.]+) [^>]*"{kind}"', drawn)
    return [float(end) - float(start) for start, end in found]


def test_the_same_bars_make_the_same_bytes() -> None:
    assert png(BARS) == png(BARS)
    assert svg(BARS, "so") == svg(BARS, "so")


def test_the_picture_is_small_and_has_two_pixels_for_one() -> None:
    many = [
        Bar(f"A topic of many letters {n}", "x", n * 97, n * 83.3) for n in range(12)
    ]
    drawn = png(many)
    assert len(drawn) < 25_000
    with Image.open(BytesIO(drawn)) as image:
        assert image.width == 2 * WIDTH


def test_bars_are_as_long_as_their_counts() -> None:
    first, second, _legend = _lengths(svg(BARS, ""), "c-fill")
    assert second / first == pytest.approx(38 / 142, abs=1e-4)


def test_a_chart_without_any_item_can_be_drawn() -> None:
    drawn = svg([Bar("Ranking", "ranking", 0, 0)], "")
    assert _lengths(drawn, "c-fill")[0] == 0


@pytest.mark.parametrize(
    "label", ["言語モデル", "نماذج اللغة", "🚀 rockets", "$x^2$ & <b>", "a $b$ c", "@1"]
)
def test_any_label_is_drawn_without_a_complaint(label: str) -> None:
    bars = (Bar(label, "short", 1, 2), *BARS)
    escaped = label.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert f">{escaped}</text>" in svg(bars, "")
    assert len(png(bars)) > 1_000


def test_a_label_without_letters_in_the_font_is_its_name_in_the_picture() -> None:
    named = png([Bar("rec", "rec", 1, 2)])
    assert png([Bar("推薦", "rec", 1, 2)]) == named
    assert png([Bar("توصية", "rec", 1, 2)]) == named
    assert png([Bar("Empfehlungen für", "rec", 1, 2)]) != named


def test_nothing_in_the_element_is_styled_by_itself_or_loaded() -> None:
    drawn = svg(BARS, 'told "so" & <b>')
    assert "style" not in drawn
    assert "href" not in drawn
    assert "url(" not in drawn
    assert 'aria-label="told &quot;so&quot; &amp; &lt;b&gt;"' in drawn


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "0"),
        (0.125, "0.1"),
        (1, "1"),
        (9.94, "9.9"),
        (12.4, "12"),
        (1234.5, "1,234"),
    ],
)
def test_a_mean_is_told_as_people_tell_it(number: float, said: str) -> None:
    assert usually(number) == said
