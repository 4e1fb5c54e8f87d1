"""Feeds: valid by RFC 4287, and read back as they were meant."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from io import BytesIO

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.render import example
from tests.render.example import SEEN, WEEK, digest, item, pick, titled
from tests.render.feeds import ATOM, problems
from tracker.core.values import Claim, Document
from tracker.core.weekly import Digest, Section
from tracker.render.atom import Feed, atom, of_digest, of_items
from tracker.render.story import shown_title
from tracker.sources.feed import Source

_URL = "https://tracker.example/feeds/llm.atom"


def entries(document: bytes) -> list[feedparser.FeedParserDict]:
    feed = feedparser.parse(BytesIO(document))
    assert not feed.bozo
    return list(feed.entries)


@pytest.mark.parametrize(
    "made",
    [
        of_digest(example.week()),
        of_digest(example.week(), _URL),
        of_digest(example.empty()),
        of_items([], "nothing"),
        of_items([item(authors=("", "Ada"), url=None, summary="", title="")], "a"),
    ],
)
def test_a_feed_is_valid(made: Feed) -> None:
    assert problems(atom(made), made.url) == []


@pytest.mark.parametrize(
    ("of", "to", "what"),
    [
        (r"<updated>.*?</updated>", "", "updated"),
        (r"<title type=.html.>.*?</title>", "<title> </title>", "title"),
        (r"<id>.*?</id>", "<id>urn:uuid:1</id>", "id"),
        (r"<published>.*?</published>", "<published>now</published>", "published"),
        (r"<name>.*?</name>", "<name/>", "name"),
        (r"(?=<content)", "<link rel='alternate' href='https://a.b/'/>", "link"),
        (r"(?=<content)", "<link rel='alternate' href='../up'/>", "link"),
        (r"(<entry>[\s\S]*?</entry>)", r"\1\1", "stands twice"),
        (r"<updated>20", "<updated>19", "newer than the feed"),
        (r"&lt;/p&gt;", "", "no whole HTML"),
        (r"&lt;p dir", "&lt;p style", "in a text"),
        (r"<link rel=.self.[^>]*>", "", "self"),
    ],
)
def test_what_is_wrong_with_a_feed_is_found(of: str, to: str, what: str) -> None:
    whole = atom(of_digest(example.week(), _URL)).decode()
    broken = re.sub(of, to, whole, count=1)
    assert broken != whole
    found = problems(broken.encode(), _URL)
    assert what in "\n".join(found)


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/100%",
        "https://a.example/%zz?q=50%&r=%41",
        "https://a.example/#one#two",
        "https://a.example:port/",
        "https://bücher.example/[1]|{2}^`",
    ],
)
def test_an_odd_address_makes_a_valid_feed(url: str) -> None:
    assert problems(atom(of_items([item(url=url)], "a"))) == []


def test_a_digest_has_an_entry_for_each_pick_in_order() -> None:
    made = example.week()
    titles = [shown_title(p.item) for s in made.sections for p in s.picks]
    read = entries(atom(of_digest(made)))
    assert [unescape(entry.title) for entry in read] == titles
    assert {entry.title_detail.type for entry in read} == {"text/html"}


def test_an_entry_tells_who_what_why_and_where() -> None:
    first = entries(atom(of_digest(example.week())))[0]
    assert first.link == "https://arxiv.org/abs/2611.04211"
    assert [a.name for a in first.authors][:2] == [
        "Ines van der Meer",
        "Tomás Óscar Rúa",
    ]
    assert [tag.term for tag in first.tags] == ["recsys"]
    assert first.updated == "2026-11-18T06:30:00Z"
    assert first.published == "2026-11-16T18:00:00Z"
    content = first.content[0]
    assert content.type == "text/html"
    assert "about recommender systems; seen at 3 sources" in content.value
    assert "It serves 400 million items from one index at 8 ms." in content.value


def test_our_own_reader_reads_it_back() -> None:
    made = example.week()
    document = Document(_URL, _URL, 200, atom(of_digest(made, _URL)), SEEN)
    page = Source(url=_URL).read(document)
    picks = [p for s in made.sections for p in s.picks]
    assert [entry.title for entry in page.entries] == [
        shown_title(p.item) for p in picks
    ]
    assert page.entries[0].url == picks[0].item.url
    assert len({entry.guid for entry in page.entries}) == len(picks)


def _ids(made: Digest) -> list[str]:
    return [posting.id for posting in of_digest(made).postings]


def test_ids_stay_while_the_thing_is_the_same() -> None:
    shown = item(7, "A title")
    corrected = replace(
        shown, title="The title, corrected", url="https://doi.example/7"
    )
    one, other = (digest(Section("top", "Top", (pick(i),))) for i in (shown, corrected))
    assert _ids(one) == _ids(other)
    assert (
        of_items([shown], "a").postings[0].id
        == of_items([corrected], "b").postings[0].id
    )


def test_another_item_reader_or_week_has_another_id() -> None:
    section = Section("top", "Top", (pick(item(7)),))
    made = digest(section)
    others = (
        digest(Section("top", "Top", (pick(item(8)),))),
        digest(section, reader="bob"),
        digest(section, week=replace(WEEK, name="2026-W48")),
        digest(Section("top", "T", (pick(item(7, first_seen=SEEN - timedelta(9))),))),
    )
    assert len({i for one in (made, *others) for i in _ids(one)}) == 5
    assert of_digest(made).id == of_digest(others[2]).id
    assert of_digest(made).id != of_digest(others[1]).id


def test_a_paper_that_returns_is_updated_when_it_was_accepted() -> None:
    accepted = datetime(2026, 11, 20, tzinfo=UTC)
    back = item(
        first_seen=SEEN - timedelta(days=40),
        venues=(Claim("KDD 2026", "x", "kdd", since=accepted),),
    )
    made = of_digest(digest(Section("top", "Top", (pick(back),))))
    assert made.postings[0].updated == made.updated == accepted


def test_a_served_feed_says_where() -> None:
    root = etree.fromstring(atom(of_items([item()], "LLMs", _URL)))
    (link,) = root.findall("a:link", ATOM)
    assert dict(link.attrib) == {"rel": "self", "href": _URL}


def test_markup_in_texts_stays_text() -> None:
    hostile = "<b>x</b> ]]> &amp; <script>"
    made = item(title=hostile, summary=hostile, authors=(hostile,))
    document = atom(of_digest(digest(Section("top", "Top", (pick(made, hostile),)))))
    (entry,) = entries(document)
    assert unescape(entry.title) == hostile
    assert "<script>" not in entry.content[0].value
    assert entry.authors[0].name == hostile


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_title_makes_a_valid_feed(title: str) -> None:
    assert problems(atom(of_digest(titled(title)))) == []
    made = item(title=title, summary=title, authors=(title,), url=title)
    assert problems(atom(of_items([made], title))) == []
