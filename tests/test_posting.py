"""Digests posted to web addresses: a webhook, Slack, ntfy."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from tests.fakes import Clock
from tests.server import Site
from tracker.core.weekly import Reader
from tracker.errors import NoAnswer, PermanentMailError, TemporaryMailError
from tracker.fetch import Door, Limits
from tracker.publish.posting import addresses, by_post, target
from tracker.store.deliveries import Delivery, DeliveryState
from tracker.store.issues import Issue

_ITEMS = [
    {"title": "Pins <!channel> & needles", "url": "https://a.example/1|x"},
    {"title": "No address", "url": None},
]
NAME = "<2026-W47.abc@tracker.example>"


def issue(items: list[dict[str, object]] | None = None) -> Issue:
    letter = EmailMessage(policy=SMTP)
    letter["Subject"] = "Week 2026-W47: Pins"
    letter.set_content("Pins and needles")
    letter.add_alternative("<p>Pins and needles", subtype="html")
    digest = {"sections": [{"title": "Top", "items": items or _ITEMS}]}
    return Issue(1, "ada", "2026-W47", NAME, letter.as_bytes(), json.dumps(digest))


def delivery(to: str) -> Delivery:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    label = target(to).label
    state = DeliveryState.SENDING
    return Delivery(1, 1, "ada", "2026-W47", label, state, 1, 0, now, "", None)


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    limits = Limits("tracker", 5, 100_000, 0, allow_private_addresses=True)
    with Door(limits, tmp_path / "pace", Clock()) as opened:
        yield opened


def post(door: Door, to: str, made: Issue | None = None) -> int:
    """Post an issue to an address; return how often its fate was called unknown."""
    doubts: list[int] = []
    hand = by_post(door, [Reader("ada", deliver=(to,))])
    hand(delivery(to), made or issue(), lambda: doubts.append(1))
    return len(doubts)


@pytest.mark.parametrize(
    ("address", "kind", "url"),
    [
        ("https://hooks.slack.com/services/T/B/x", "slack", None),
        ("https://ntfy.sh/papers", "ntfy", None),
        ("https://chat.example/hook", "webhook", None),
        ("slack+https://chat.example/hook", "slack", "https://chat.example/hook"),
        ("webhook+https://ntfy.sh/papers", "webhook", "https://ntfy.sh/papers"),
    ],
)
def test_an_address_tells_its_kind(address: str, kind: str, url: str | None) -> None:
    assert (target(address).kind, target(address).url) == (kind, url or address)


def test_what_is_stored_and_shown_of_an_address_is_no_secret() -> None:
    reader = Reader(
        "ada", "ada@reader.example", deliver=("https://hooks.slack.com/T0/B0/geheim",)
    )
    mailed, posted = addresses(reader)
    assert mailed == "ada@reader.example"
    assert posted.startswith("slack at hooks.slack.com (")
    assert "geheim" not in posted


def test_a_reader_does_not_show_their_addresses() -> None:
    reader = Reader("ada", deliver=("https://hooks.slack.com/services/T/B/hush",))
    assert "hush" not in repr(reader)


def test_a_webhook_gets_the_digest_and_a_key_that_tells_repeats(door: Door) -> None:
    with Site({"/hook": (204, {}, b"")}) as site:
        assert post(door, f"{site.url}/hook") == 1
        post(door, f"{site.url}/hook")
    first, second = site.requests
    got = json.loads(first.body)
    assert got["digest"]["sections"][0]["title"] == "Top"
    assert got["subject"] == "Week 2026-W47: Pins"
    assert got["text"].strip() == "Pins and needles"
    assert first.headers["idempotency-key"] == got["message_id"] == NAME
    assert second.body == first.body


def test_slack_gets_links_and_no_commands(door: Door) -> None:
    with Site({"/hook": (200, {}, b"ok")}) as site:
        post(door, f"slack+{site.url}/hook")
    text = json.loads(site.requests[0].body)["text"]
    assert text.splitlines() == [
        "*Week 2026-W47: Pins*",
        "",
        "*Top*",
        "• <https://a.example/1%7Cx|Pins &lt;!channel&gt; &amp; needles>",
        "• No address",
    ]


def test_ntfy_is_posted_to_at_its_root_and_names_the_topic(door: Door) -> None:
    with Site({"/": (200, {}, b"{}")}) as site:
        post(door, f"ntfy+{site.url}/papers")
    got = json.loads(site.requests[0].body)
    assert (got["topic"], got["title"]) == ("papers", "Week 2026-W47: Pins")
    assert "- No address" in got["message"].splitlines()


def test_what_ntfy_stands_under_and_is_asked_with_is_kept(door: Door) -> None:
    with Site({"/under/ntfy/?auth=QmFz": (200, {}, b"{}")}) as site:
        post(door, f"ntfy+{site.url}/under/ntfy/my%2Dpapers/?auth=QmFz")
    (got,) = site.requests
    assert got.path == "/under/ntfy/?auth=QmFz"
    assert json.loads(got.body)["topic"] == "my-papers"


@pytest.mark.parametrize("kind", ["slack", "ntfy"])
def test_a_long_digest_is_cut_at_a_line(door: Door, kind: str) -> None:
    many = [{"title": f"長い題 {n}", "url": "https://a.example"} for n in range(400)]
    with Site({"/": (200, {}, b"ok")}) as site:
        post(door, f"{kind}+{site.url}/", issue([dict(one) for one in many]))
    got = json.loads(site.requests[0].body)
    text = got.get("text") or got["message"]
    assert len(text.encode()) < 4_000
    assert text.endswith("\n…")


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (404, PermanentMailError),
        (403, PermanentMailError),
        (410, PermanentMailError),
        (301, PermanentMailError),
        (429, TemporaryMailError),
        (500, TemporaryMailError),
        (503, TemporaryMailError),
    ],
)
def test_what_a_server_answers_tells_whether_to_try_again(
    door: Door, status: int, error: type[Exception]
) -> None:
    with (
        Site({"/geheim": (status, {"Location": "/x"}, b"")}) as site,
        pytest.raises(error) as raised,
    ):
        post(door, f"{site.url}/geheim")
    assert raised.type is error
    assert "geheim" not in str(raised.value)


def test_a_server_that_is_not_there_has_surely_seen_nothing(door: Door) -> None:
    with Site({}) as site:
        gone = site.url
    with pytest.raises(TemporaryMailError) as raised:
        post(door, f"{gone}/hook")
    assert raised.type is TemporaryMailError


def test_a_server_that_breaks_off_may_have_taken_it(door: Door) -> None:
    half = {"Content-Length": "99", "Connection": "close"}
    with (
        Site({"/hook": (200, half, b"o")}) as site,
        pytest.raises(NoAnswer),
    ):
        post(door, f"{site.url}/hook")


def test_an_address_that_was_taken_out_is_posted_to_no_more(door: Door) -> None:
    hand = by_post(door, [Reader("ada")])
    with pytest.raises(PermanentMailError, match="no more"):
        hand(delivery("https://a.example/hook"), issue(), lambda: None)


def test_a_private_address_is_posted_to_only_when_allowed(tmp_path: Path) -> None:
    limits = Limits("tracker", 5, 100_000, 0, allow_private_addresses=False)
    with (
        Site({"/hook": (200, {}, b"")}) as site,
        Door(limits, tmp_path / "pace", Clock()) as door,
        pytest.raises(PermanentMailError, match="not a public address"),
    ):
        post(door, f"{site.url}/hook")
    assert site.requests == []
