"""Requests with a body: posted once, to the server they are for, never cached."""

import json

import pytest

from tests.server import Site
from tracker.core.values import Request
from tracker.errors import FetchError, RateLimited
from tracker.fetch import Door

BODY = json.dumps({"ids": ["ARXIV:1706.03762", "café"]}).encode()


def test_a_body_is_posted_as_json_with_its_length(door: Door) -> None:
    with Site({"/batch": (200, {}, b"[]")}) as site:
        document = door(Request(f"{site.url}/batch?fields=tldr", body=BODY))
    (seen,) = site.requests
    assert (seen.method, seen.path) == ("POST", "/batch?fields=tldr")
    assert seen.body == BODY
    assert seen.headers["content-type"] == "application/json"
    assert seen.headers["content-length"] == str(len(BODY))
    assert document.body == b"[]"


def test_without_a_body_the_request_is_a_get(door: Door) -> None:
    with Site({"/batch": (200, {}, b"[]")}) as site:
        door(Request(f"{site.url}/batch"))
    (seen,) = site.requests
    assert seen.method == "GET"
    assert {"content-type", "content-length"}.isdisjoint(seen.headers)


def test_a_post_is_never_conditional(door: Door) -> None:
    date = "Mon, 23 Nov 2026 12:00:00 GMT"
    with Site({"/batch": (200, {}, b"[]")}) as site:
        url = f"{site.url}/batch"
        door(Request(url, body=BODY, etag='"a"', last_modified=date))
    sent = site.requests[0].headers
    assert {"if-none-match", "if-modified-since"}.isdisjoint(sent)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirected_post_is_refused_and_sent_nowhere_else(
    door: Door, status: int
) -> None:
    routes = {"/batch": (status, {"Location": "/other"}, b""), "/other": (200, {}, b"")}
    with (
        Site(routes) as site,
        pytest.raises(FetchError, match="redirected a POST"),
    ):
        door(Request(f"{site.url}/batch", body=BODY))
    assert [(seen.method, seen.path) for seen in site.requests] == [("POST", "/batch")]


def test_a_post_that_comes_too_often_is_rate_limited(door: Door) -> None:
    busy = (429, {"Retry-After": "60"}, b'{"message": "Too Many Requests"}')
    with Site({"/batch": busy}) as site, pytest.raises(RateLimited) as got:
        door(Request(f"{site.url}/batch", body=BODY))
    assert got.value.retry_after == 60.0


def test_a_token_may_stand_in_a_header_of_the_servers_own(door: Door) -> None:
    with Site({"/batch": (200, {}, b"[]")}) as site:
        url = f"{site.url}/batch"
        door(Request(url, body=BODY, token="geheim", token_header="x-api-key"))
        door(Request(url, body=BODY, token="two\r\nlines", token_header="x-api-key"))
        door(Request(url, body=BODY, token_header="x-api-key"))
    sent = [seen.headers.get("x-api-key") for seen in site.requests]
    assert sent == ["geheim", None, None]
    assert all("authorization" not in seen.headers for seen in site.requests)
