"""A digest as a page: whole in itself, safe, and with its parts in order."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.render import example
from tests.render.example import digest, item, pick, titled
from tracker.core.values import Outcome
from tracker.core.weekly import Section, SourceReport
from tracker.render.html import html
from tracker.render.story import shown_title

_VOID = frozenset({"meta", "br", "img"})
_LOADING = frozenset({"src", "srcset", "data", "poster", "background", "action"})


class Page(HTMLParser):
    """What a browser makes of a page: its tags, attributes and texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in self.open:
            self.texts[tag][-1] += data

    def values(self, name: str) -> list[str]:
        return [str(attrs[name]) for _, attrs in self.tags if name in attrs]


def test_every_tag_is_closed_in_order() -> None:
    assert Page(html(example.week())).open == []
    assert Page(html(example.empty())).open == []


def test_nothing_is_loaded_and_nothing_runs() -> None:
    page = Page(html(example.week()))
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe"}
    names = {name for _, attrs in page.tags for name in attrs}
    assert not names & _LOADING
    assert not [name for name in names if name.startswith("on")]
    style = page.texts["style"][0]
    assert "url(" not in style
    assert "@import" not in style


def test_the_policy_allows_its_own_style_and_nothing_else() -> None:
    text = html(example.week())
    found = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert found
    own = b64encode(sha256(found[1].encode()).digest()).decode()
    policy = next(
        str(attrs["content"])
        for _, attrs in Page(text).tags
        if attrs.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{own}'; base-uri 'none';"
        " form-action 'none'"
    )
    assert 'style="' not in text  # the policy would not let it apply


def test_the_page_is_for_phones_and_for_both_schemes() -> None:
    page = Page(html(example.week()))
    metas = {str(a.get("name")): a.get("content") for t, a in page.tags if t == "meta"}
    assert metas["viewport"] == "width=device-width, initial-scale=1"
    assert metas["color-scheme"] == "light dark"
    assert "prefers-color-scheme: dark" in page.texts["style"][0]


def test_headings_name_the_parts_in_order() -> None:
    page = Page(html(example.week()))
    assert page.texts["h1"] == ["Week 2026-W47 16\u201322 Nov"]
    assert page.texts["h2"] == [
        "Read first",
        "Large language models",
        "Companies you follow",
        "Conferences",
        "This week against the last 4",
        "Waiting in your reading list",
        "Sources in trouble",
    ]
    assert len(page.texts["h3"]) == 8 + 2


def test_each_link_within_the_page_has_one_target() -> None:
    page = Page(html(example.week()))
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    inside = [href[1:] for href in page.values("href") if href.startswith("#")]
    assert inside
    assert set(inside) | set(page.values("aria-labelledby")) <= set(ids)


def test_the_chart_is_told_in_words_too_and_takes_its_colours_from_the_page() -> None:
    page = Page(html(example.week()))
    (chart,) = [attrs for tag, attrs in page.tags if tag == "svg"]
    assert chart["role"] == "img"
    assert "Large language models 142, usually 90" in str(chart["aria-label"])
    assert "Large language models" in page.texts["text"]
    style = page.texts["style"][0]
    drawn = {
        str(a["class"]) for t, a in page.tags if t in ("path", "text") and "class" in a
    }
    assert len(drawn) == 5
    assert all(f".{name} {{ fill: var(" in style for name in drawn)


def test_what_rises_and_what_waits_is_told() -> None:
    page = Page(html(example.week()))
    (rising,) = [text for text in page.texts["p"] if text.startswith("Rising")]
    assert "\u201cworld models\u201d 12, usually 1.5" in " ".join(rising.split())
    assert "1 being read, 11 to read; these wait longest:" in page.texts["p"]
    assert "212 mentions joined to items known already, 1,504 left out" in " ".join(
        page.texts["footer"]
    )


_HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title></style></h3><h1>",
    "{{ 7 * 7 }} {% raw %}",
    "&lt;b&gt; &amp; &nbsp;",
    "' onmouseover='alert(1)",
]


def _saying(text: str) -> Page:
    """Return a page on which every text from outside is `text`."""
    told = item(authors=(text,), summary=text, sources=(text, "b"))
    made = digest(
        Section("top", text, (pick(told, text),), more=1),
        Section("topic:x", text, (pick(item(2, text)),)),
        reader=text,
        sources=(
            SourceReport("a", text, Outcome.FAILED, 0, text),
            SourceReport("b", text, Outcome.OK, 1),
        ),
    )
    return Page(html(made))


@pytest.mark.parametrize("text", _HOSTILE)
def test_text_from_outside_is_text_wherever_it_stands(text: str) -> None:
    page, harmless = _saying(text), _saying("harmless")
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in harmless.tags]
    assert page.open == []
    assert page.texts["h2"][:2] == [text, text]
    assert page.texts["h3"][1] == text
    assert page.texts["dt"] == [text]


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.text(min_size=1, max_size=100))
def test_any_title_is_shown_as_it_is(title: str) -> None:
    made = titled(title)
    page = Page(html(made))
    assert page.texts["h3"] == [shown_title(made.sections[0].picks[0].item)]
    html(made).encode("utf-8")


def test_only_web_addresses_are_links() -> None:
    urls = ("javascript:alert(1)", "data:text/html,x", "mailto:a@b.example", "//e.x")
    made = item(url=urls[0], links=urls)
    page = Page(html(digest(Section("top", "Read first", (pick(made),)))))
    assert page.values("href") == []


def test_an_address_cannot_end_its_attribute() -> None:
    made = item(url='https://x.example/"onclick="a', links=("https://y.example/'><b>",))
    page = Page(html(digest(Section("top", "Read first", (pick(made),)))))
    assert page.values("href") == [
        "https://x.example/%22onclick=%22a",
        "https://y.example/'%3E%3Cb%3E",
    ]


def test_an_empty_week_says_so() -> None:
    page = Page(html(example.empty()))
    assert "Nothing new this week from 3 sources" in page.texts["main"][0]
    assert "nav" not in page.texts


def test_a_store_never_read_names_the_command() -> None:
    text = html(digest(sources=(), seen=0))
    assert "No source has been read yet; tracker fetch reads them." in text
    assert "<footer>" not in text
