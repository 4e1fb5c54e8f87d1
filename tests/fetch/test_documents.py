"""What a Door makes of the answers a server gives."""

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from tests.fakes import MONDAY, Clock
from tests.fetch.conftest import OpenDoor
from tests.fetch.wire import Wire, says
from tests.server import Reply, Seen, Site
from tracker.core.values import Request
from tracker.errors import Answered, Blocked, FetchError, RateLimited, SourceError
from tracker.fetch import Door


def test_a_document_holds_what_was_asked_what_answered_and_when(
    open_door: OpenDoor,
) -> None:
    with Site({"/feed": (200, {"ETag": '"a"', "X-Two": "1"}, b"<feed/>")}) as site:
        document = open_door(Clock())(Request(f"{site.url}/feed"))
    assert document.requested == document.url == f"{site.url}/feed"
    assert (document.status, document.body) == (200, b"<feed/>")
    assert document.fetched_at == MONDAY
    assert document.headers["etag"] == '"a"'
    assert document.headers["x-two"] == "1"
    assert document.moved_to is None


def test_the_server_learns_who_asks_and_what_is_accepted(door: Door) -> None:
    with Site({"/feed": (200, {}, b"")}) as site:
        door(Request(f"{site.url}/feed", accept="application/atom+xml"))
    headers = site.requests[0].headers
    assert headers["user-agent"] == "tracker/test (+https://tracker.test)"
    assert headers["accept"] == "application/atom+xml"
    assert headers["accept-encoding"] == "gzip, deflate"
    assert headers["host"] == f"127.0.0.1:{site.port}"


def _conditional(seen: Seen) -> Reply:
    known = seen.headers.get("if-none-match") == '"a"'
    dated = seen.headers.get("if-modified-since") == "Mon, 23 Nov 2026 12:00:00 GMT"
    return (304, {"ETag": '"a"'}, b"") if known or dated else (200, {}, b"new")


@pytest.mark.parametrize(
    ("etag", "last_modified"),
    [('"a"', None), (None, "Mon, 23 Nov 2026 12:00:00 GMT")],
)
def test_what_has_not_changed_comes_as_304_without_a_body(
    door: Door, etag: str | None, last_modified: str | None
) -> None:
    with Site({"/feed": _conditional}) as site:
        known = Request(f"{site.url}/feed", etag=etag, last_modified=last_modified)
        unchanged = door(known)
        changed = door(Request(f"{site.url}/feed", etag='"old"'))
    assert (unchanged.status, unchanged.body) == (304, b"")
    assert unchanged.headers["etag"] == '"a"'
    assert (changed.status, changed.body) == (200, b"new")


def test_304_to_a_question_nobody_asked_is_no_document(door: Door) -> None:
    with (
        Site({"/feed": (304, {}, b"")}) as site,
        pytest.raises(FetchError, match="304"),
    ):
        door(Request(f"{site.url}/feed"))


@pytest.mark.parametrize("etag", ['"a"\r\nX-Evil: 1', "\xff", '"☃"', "a\x00", ""])
def test_an_etag_no_header_can_hold_is_not_sent(door: Door, etag: str) -> None:
    with Site({"/feed": (200, {}, b"whole")}) as site:
        document = door(Request(f"{site.url}/feed", etag=etag, last_modified=etag))
    assert document.body == b"whole"
    unsent = {"if-none-match", "if-modified-since", "x-evil"}
    assert unsent.isdisjoint(site.requests[0].headers)


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_may_be_missing_is_a_document_when_it_is(
    door: Door, status: int
) -> None:
    with Site({"/kdd": (status, {}, b"no such page")}) as site:
        document = door(Request(f"{site.url}/kdd", may_be_missing=True))
        with pytest.raises(FetchError, match=f"{status} "):
            door(Request(f"{site.url}/kdd"))
    assert (document.status, document.body) == (404, b"")


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        ((401, {}, b""), Blocked),
        ((403, {}, b"Forbidden"), Blocked),
        ((407, {}, b""), Blocked),
        ((451, {}, b""), Blocked),
        ((500, {}, b"<title>Making sure you&#39;re not a bot!</title>"), Blocked),
        ((503, {"Retry-After": "9"}, b"<title>Just a moment...</title>"), Blocked),
        ((400, {}, b'{"name":"ChallengeRequiredError"}'), Blocked),
        ((200, {"cf-mitigated": "challenge"}, b"<html>"), Blocked),
        ((202, {"x-amzn-waf-action": "challenge"}, b""), Blocked),
        ((429, {"x-vercel-mitigated": "challenge"}, b""), Blocked),
        ((429, {}, b"solve our captcha? no: too many requests"), RateLimited),
        ((503, {"Retry-After": "9"}, b""), RateLimited),
        ((503, {}, b""), Answered),
        ((500, {}, b"oops"), Answered),
        ((204, {}, b""), Answered),
        ((206, {}, b"part"), Answered),
        ((300, {}, b""), Answered),
        ((418, {}, b""), Answered),
        ((799, {}, b""), Answered),
    ],
)
def test_each_refusal_has_its_name(
    door: Door, reply: Reply, error: type[SourceError]
) -> None:
    with Site({"/feed": reply}) as site, pytest.raises(SourceError) as raised:
        door(Request(f"{site.url}/feed"))
    assert raised.type is error
    assert str(reply[0]) in str(raised.value)
    assert f"{site.url}/feed" in str(raised.value)


def test_a_bot_check_is_seen_through_its_compression(door: Door) -> None:
    import gzip

    page = gzip.compress(b"<title>Just a moment...</title>")
    routes = {"/feed": (503, {"Content-Encoding": "gzip"}, page)}
    with Site(routes) as site, pytest.raises(Blocked, match="bot check"):
        door(Request(f"{site.url}/feed"))


def test_the_refusal_is_told_although_its_page_is_broken(door: Door) -> None:
    torn = b"HTTP/1.1 500 Oops\r\nContent-Length: 99\r\n\r\nhalf"
    with Wire(says(torn)) as wire, pytest.raises(FetchError, match="500 Internal"):
        door(Request(wire.url))


def test_messages_are_one_short_line_without_secrets_or_what_the_server_likes(
    door: Door,
) -> None:
    evil = b"HTTP/1.1 500 \x1b[2Jowned\r\nContent-Length: 0\r\n\r\n"
    with Wire(says(evil)) as wire, pytest.raises(FetchError) as raised:
        door(Request(f"{wire.url}?api_key=hush&q={'x' * 500}\N{SNOWMAN}"))
    message = str(raised.value)
    assert message.isascii()
    assert message.isprintable()
    assert "owned" not in message
    assert "hush" not in message
    assert len(message) < 200


def test_cookies_are_not_kept(door: Door) -> None:
    with Site({"/feed": (200, {"Set-Cookie": "a=b; Path=/"}, b"")}) as site:
        document = door(Request(f"{site.url}/feed"))
        door(Request(f"{site.url}/feed"))
    assert "set-cookie" not in document.headers
    assert all("cookie" not in seen.headers for seen in site.requests)


def test_proxies_and_passwords_of_the_environment_are_not_used(
    open_door: OpenDoor, monkeypatch: pytest.MonkeyPatch, tmp_path: os.PathLike[str]
) -> None:
    netrc = os.path.join(tmp_path, "netrc")
    with open(netrc, "w", encoding="ascii") as file:
        file.write("machine 127.0.0.1 login me password hush\n")
    monkeypatch.setenv("NETRC", netrc)
    with Site() as proxy, Site({"/feed": (200, {}, b"direct")}) as site:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("http_proxy", proxy.url)
        assert open_door()(Request(f"{site.url}/feed")).body == b"direct"
    assert proxy.requests == []
    assert "authorization" not in site.requests[0].headers


def test_a_connection_serves_several_requests(door: Door) -> None:
    with Site({"/feed": (200, {}, b"")}) as site:
        for _ in range(3):
            door(Request(f"{site.url}/feed"))
        assert (len(site.requests), site.connections) == (3, 1)


def test_an_address_outside_ascii_is_asked_for_in_utf_8(door: Door) -> None:
    with Site({"/caf%C3%A9": (200, {}, b"ol\xc3\xa9")}) as site:
        document = door(Request(f"{site.url}/café?q=a b#part"))
    assert document.body == b"ol\xc3\xa9"
    assert site.paths() == ["/caf%C3%A9?q=a%20b"]


def test_the_time_in_a_retry_after_date_is_measured_on_our_clock(
    open_door: OpenDoor,
) -> None:
    later = {"Retry-After": "Mon, 23 Nov 2026 12:10:00 GMT"}
    door = open_door(Clock(datetime(2026, 11, 23, 12, tzinfo=UTC)))
    with Site({"/feed": (429, later, b"")}) as site, pytest.raises(RateLimited) as got:
        door(Request(f"{site.url}/feed"))
    assert got.value.retry_after == 600.0


def test_importing_the_door_does_not_import_http() -> None:
    look = "import sys, tracker.fetch; print({'httpcore', 'httpx'} & set(sys.modules))"
    shown = subprocess.run(
        [sys.executable, "-c", look], capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == "set()"
