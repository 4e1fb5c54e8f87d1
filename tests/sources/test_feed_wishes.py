"""What a channel says of how often to ask."""

from datetime import timedelta

import pytest

from tests.fakes import MONDAY
from tracker.core.values import NO_HINTS, Document, Hints
from tracker.sources import load
from tracker.sources.feed.wishes import hints

_CHANNEL = """<rss version="2.0"><channel><title>A list</title>{}
<item><title>One</title><link>https://a.example/1</link><ttl>9</ttl></item>
</channel></rss>"""


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("<ttl>60</ttl>", Hints(ttl=timedelta(hours=1))),
        ("<ttl> 5 </ttl>", Hints(ttl=timedelta(minutes=5))),
        (
            "<skipDays><day>Saturday</day><day>sunday</day><day>Someday</day></skipDays>",
            Hints(skip_days=frozenset({5, 6})),
        ),
        (
            "<skipHours><hour>0</hour><hour>24</hour><hour>7</hour></skipHours>",
            Hints(skip_hours=frozenset({0, 7})),
        ),
        ("<ttl>-5</ttl><ttl>soon</ttl>", NO_HINTS),
        ("", NO_HINTS),
    ],
)
def test_a_channel_says_how_often_to_ask(said: str, meant: Hints) -> None:
    body = _CHANNEL.format(said).encode()
    assert hints(body) == meant
    url = "https://a.example/feed"
    page = load("feed").at(url).read(Document(url, url, 200, body, MONDAY))
    assert page.hints == meant


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"<feed><entry/></feed>", b"\xff\xfe<\0", b"<ttl" * 9999]
)
def test_other_documents_say_nothing(body: bytes) -> None:
    assert hints(body) == NO_HINTS
