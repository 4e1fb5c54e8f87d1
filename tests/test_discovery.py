"""A site's feeds are found, in few requests, from pages that nobody vouches for."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.server import Reply, Site
from tracker.core.values import Document, Outcome, Page
from tracker.discovery import Discovery, discover
from tracker.discovery.candidates import conventional, guessed, implied, linked, text_of
from tracker.fetch import Door, Limits
from tracker.sources.base import Source

_AT_HOME = Limits("tracker/test", 5.0, per_host_delay=0, allow_private_addresses=True)
_PAGE = {"Content-Type": "text/html"}
_HOME = "https://blog.example/"


def rss(title: str = "A blog", posts: int = 2) -> Reply:
    items = "".join(
        f"<item><title>Post {n}</title><link>/posts/{n}</link>"
        f"<pubDate>Mon, 1{n} Nov 2026 10:00:00 GMT</pubDate></item>"
        for n in range(posts)
    )
    channel = f"<title><![CDATA[{title}]]></title>{items}"
    body = f'<rss version="2.0"><channel>{channel}</channel></rss>'
    return 200, {"Content-Type": "application/rss+xml"}, body.encode()


def page(inside: str) -> Reply:
    return 200, _PAGE, f"<!doctype html><html>{inside}</html>".encode()


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as opened:
        yield opened


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with Door(_AT_HOME, tmp_path / "pace", utc) as opened:
        yield opened


def utc() -> datetime:
    return datetime.now(UTC)


def read(source: Source, document: Document) -> Page:
    return source.read(document)


def found(site: Site, door: Door, path: str = "/") -> Discovery:
    return discover(site.url + path, door, read)


def paths(discovery: Discovery, site: Site) -> list[str]:
    return [one.address.removeprefix(site.url) for one in discovery.feeds]


def test_an_address_that_is_a_feed_is_found_in_one_request(
    site: Site, door: Door
) -> None:
    site.routes["/blog.rss"] = rss("Serving &amp; ranking")
    (one,) = found(site, door, "/blog.rss").feeds
    assert (one.title, one.entries) == ("Serving & ranking", 2)
    assert (one.outcome, one.newest) == (
        Outcome.OK,
        datetime(2026, 11, 11, 10, 0, 0, 0, UTC),
    )
    assert site.paths() == ["/blog.rss"]


def test_the_feeds_a_page_names_are_read_and_nothing_else(
    site: Site, door: Door
) -> None:
    site.routes["/blog/"] = page(
        '<base href="/x/"><link rel="alternate" type="application/rss+xml" href="f">'
        '<LINK TYPE=application/feed+json REL="home alternate" HREF=/f.json>'
        '<link rel="alternate" hreflang="de" href="/de/">'
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts">'
    )
    site.routes["/x/f"] = rss()
    site.routes["/f.json"] = (
        200,
        {},
        b'{"version": "https://jsonfeed.org/version/1.1", "title": "J\\u00e9",'
        b' "items": [{"id": "1", "content_text": "one"}]}',
    )
    discovery = found(site, door, "/blog/")
    assert paths(discovery, site) == ["/x/f", "/f.json"]
    assert [one.title for one in discovery.feeds] == ["A blog", "Jé"]
    assert site.paths() == ["/blog/", "/x/f", "/f.json"]


def test_a_link_to_a_feed_serves_where_no_tag_names_one(site: Site, door: Door) -> None:
    site.routes["/"] = page('<a href="/about">Feed</a><a href="/en/atom.xml">Atom</a>')
    site.routes["/en/atom.xml"] = rss()
    assert paths(found(site, door), site) == ["/en/atom.xml"]


def test_usual_places_are_tried_until_one_is_a_feed(site: Site, door: Door) -> None:
    site.routes["/blog"] = site.routes["/blog/feed"] = page("an app that answers all")
    site.routes["/blog/atom.xml"] = rss()
    site.routes["/rss.xml"] = rss()
    assert paths(found(site, door, "/blog"), site) == ["/blog/atom.xml"]
    assert site.paths()[1:] == ["/blog/feed", "/blog/rss.xml", "/blog/atom.xml"]


def test_a_search_without_a_find_ends_and_says_how_much_was_asked(
    site: Site, door: Door
) -> None:
    site.routes["/"] = page("<title>Hello</title>")
    discovery = found(site, door)
    assert discovery.feeds == ()
    assert discovery.asked == len(site.requests) <= 13
    assert "Hello" in discovery.trouble


def test_a_missing_page_does_not_end_the_search(site: Site, door: Door) -> None:
    site.routes["/index.xml"] = rss()
    assert paths(found(site, door, "/2019/gone"), site) == ["/index.xml"]


def test_a_feed_that_the_page_names_and_that_is_broken_is_shown(
    site: Site, door: Door
) -> None:
    link = '<link rel="alternate" type="application/atom+xml" href="/a" title="Mine">'
    site.routes["/"] = page(link)
    site.routes["/a"] = (500, {}, b"")
    (one,) = found(site, door).feeds
    assert (one.title, one.outcome) == ("Mine", Outcome.FAILED)
    assert "500" in one.detail


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        ("<title><![CDATA[[Draft] A & B]]></title>", "[Draft] A & B"),
        ("<title>[Draft] A &amp; B</title>", "[Draft] A & B"),
        ("<link/><item><title>A post</title></item>", ""),
        ("<title></title><item><title>A post</title></item>", ""),
        ("<title>a\x1b[31m&#x202e;b</title>", "a [31mb"),
    ],
)
def test_a_feed_is_called_what_it_calls_itself(
    markup: str, title: str, site: Site, door: Door
) -> None:
    item = "<item><title>One</title></item>"
    body = f'<rss version="2.0"><channel>{markup}{item}</channel></rss>'
    site.routes["/"] = (200, {}, body.encode())
    assert [one.title for one in found(site, door).feeds] == [title]


def test_an_empty_feed_is_a_feed(site: Site, door: Door) -> None:
    site.routes["/"] = rss(posts=0)
    discovery = found(site, door)
    assert [one.outcome for one in discovery.sound] == [Outcome.EMPTY]


def test_a_site_that_refuses_us_is_asked_little_and_named(
    site: Site, door: Door
) -> None:
    for path in ("/", "/feed", "/rss.xml", "/atom.xml", "/index.xml", "/feed.xml"):
        site.routes[path] = (403, _PAGE, b"<title>Just a moment...</title>")
    discovery = found(site, door)
    assert discovery.feeds == ()
    assert "a bot check" in discovery.trouble
    assert len(site.requests) <= 4


def test_a_feed_behind_a_page_that_refuses_us_is_found(site: Site, door: Door) -> None:
    site.routes["/"] = (403, _PAGE, b"no")
    site.routes["/feed"] = rss()
    assert [one.outcome for one in found(site, door).sound] == [Outcome.OK]


def test_a_server_that_asks_for_patience_is_asked_nothing_more(
    site: Site, door: Door
) -> None:
    site.routes["/"] = (429, {"Retry-After": "60"}, b"")
    discovery = found(site, door)
    assert "asked us to come back" in discovery.trouble
    assert len(site.requests) == 1


def test_no_page_leads_into_a_private_network(site: Site, tmp_path: Path) -> None:
    with Door(replace(_AT_HOME, allow_private_addresses=False), tmp_path, utc) as shut:
        discovery = found(site, shut)
    assert (discovery.feeds, site.requests) == ((), [])
    assert "not a public address" in discovery.trouble


def test_a_server_that_does_not_answer_is_asked_once(site: Site, door: Door) -> None:
    site.routes["/"] = (502, {}, b"")
    assert found(site, door).asked == 1


def test_only_web_addresses_are_taken_from_a_page() -> None:
    hrefs = "javascript:x", "file:///etc/passwd", "data:,x", "http://a@b/", "//[", "?f"
    tags = (f'<link rel=alternate type=text/xml href="{href}">' for href in hrefs)
    (one,) = linked("".join(tags), _HOME)
    assert one.address == "https://blog.example/?f"


def test_a_blogs_own_feed_comes_before_its_comments() -> None:
    feeds = "".join(
        f'<link rel=alternate type="application/rss+xml" title="A > B" href="{path}"/>'
        for path in ("/comments/feed/", "/feed/")
    )
    named = linked(feeds, _HOME)
    assert [one.address[20:] for one in named] == ["/feed/", "/comments/feed/"]
    assert named[0].title == "A > B"


@pytest.mark.parametrize(
    "unit",
    [
        "<link ",
        "<a href=",
        '<link "',
        "<base href=' <",
        "<a " + "x=" * 900,
        "<!--",
        "'",
    ],
)
def test_a_page_made_to_be_slow_is_not(unit: str) -> None:
    markup = text_of(unit.encode() * (1_000_000 // len(unit)))
    start = time.process_time()
    linked(markup, _HOME)
    implied(markup, _HOME)
    assert time.process_time() - start < 5


@settings(deadline=None)
@given(st.text(alphabet="<>lnkab \"'=/&#;x[]:rel", max_size=300), st.text(max_size=50))
def test_no_page_is_too_odd_to_be_looked_at(markup: str, href: str) -> None:
    link = f'<link rel="alternate" type="application/rss+xml" href="{href}">'
    for one in [*linked(markup + link + markup, _HOME), *implied(markup, _HOME)]:
        assert one.address.startswith(("http://", "https://"))


def test_a_page_names_so_many_feeds_and_no_more() -> None:
    tags = (f'<link rel=alternate type=text/xml href="/{n}">' for n in range(5000))
    assert len(linked("".join(tags), _HOME)) == 6


@pytest.mark.parametrize(
    ("address", "feed"),
    [
        (
            "https://medium.com/acme-engineering",
            "https://medium.com/feed/acme-engineering",
        ),
        ("https://medium.com/acme/a-post-1a2b", "https://medium.com/feed/acme"),
        ("https://medium.com/@ada", "https://medium.com/feed/@ada"),
        ("https://medium.com/tag/recsys", "https://medium.com/feed/tag/recsys"),
        ("https://medium.com/feed/acme", None),
        ("https://medium.com/p/1a2b", None),
        ("https://acme.medium.com/a-post", "https://acme.medium.com/feed"),
        ("https://ada.substack.com/", "https://ada.substack.com/feed"),
        ("https://ada.substack.com.evil.example/", None),
        ("https://a.blogspot.com", "https://a.blogspot.com/feeds/posts/default"),
        (
            "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv/videos",
            "https://www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghijklmnopqrstuv",
        ),
        ("https://www.youtube.com/@acme", None),
        ("https://github.com/a/b/releases", "https://github.com/a/b/releases.atom"),
        ("https://arxiv.org/list/cs.IR/new", "https://rss.arxiv.org/atom/cs.IR"),
        ("https://blog.example/", None),
    ],
)
def test_an_address_implies_a_feed(address: str, feed: str | None) -> None:
    assert [one.address for one in conventional(address)] == ([feed] if feed else [])


def test_a_channels_page_tells_its_number() -> None:
    tag = '<link rel="canonical" href="https://www.youtube.com/channel/{}">'
    markup = tag.format("UCabcdefghijklmnopqrstuv")
    (one,) = implied(markup, "https://www.youtube.com/@acme")
    assert one.address.endswith("?channel_id=UCabcdefghijklmnopqrstuv")
    assert implied(markup, _HOME) == []  # a link to a channel is no channel


@pytest.mark.parametrize(
    ("sign", "path"),
    [
        ('<script src="https://cdn-client.medium.com/lite/main.js">', "/feed"),
        ('<link rel=preconnect href="https://substackcdn.com">', "/feed"),
        ('<meta name="generator" content="Ghost 5.2">', "/rss/"),
        ('<meta name="generator" content="Hugo 0.1">', "/index.xml"),
        ("<p>Ghost stories</p>", None),
    ],
)
def test_what_made_a_page_tells_where_its_feed_is(sign: str, path: str | None) -> None:
    feeds = [one.address for one in implied(sign, "https://blog.example/posts/1")]
    assert feeds == ([f"https://blog.example{path}"] if path else [])


def test_github_pages_are_looked_for_in_their_projects_folder() -> None:
    first = guessed("https://ada.github.io/notes/index.html")[0]
    assert first.address == "https://ada.github.io/notes/feed.xml"


def test_an_address_that_implies_a_feed_is_not_asked_for_its_page() -> None:
    asked = []

    def fetch(request: object) -> Document:
        asked.append(request)
        body = rss()[2]
        address = "https://medium.com/feed/acme"
        return Document(address, address, 200, body, datetime(2026, 11, 23, tzinfo=UTC))

    discovery = discover("https://medium.com/acme", fetch, read)
    assert [one.address for one in discovery.feeds] == ["https://medium.com/feed/acme"]
    assert len(asked) == 1
