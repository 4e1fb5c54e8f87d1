"""Where a Door follows a redirect to, and what it makes of it."""

import pytest

from tests.fetch.conftest import Names, OpenDoor
from tests.server import Site
from tracker.core.values import Request
from tracker.errors import AddressRefused, FetchError
from tracker.fetch import Door
from tracker.fetch.answers import Answer
from tracker.fetch.trail import Trail, started


def _to(status: int, location: str) -> tuple[int, dict[str, str], bytes]:
    return status, {"Location": location}, b"moved"


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [((301,), True), ((308, 301), True), ((302,), False), ((301, 307, 308), False)],
)
def test_only_permanent_redirects_say_where_a_page_has_moved(
    door: Door, statuses: tuple[int, ...], moved: bool
) -> None:
    routes = {f"/{i}": _to(status, f"{i + 1}") for i, status in enumerate(statuses)}
    end = f"/{len(statuses)}"
    with Site({**routes, end: (200, {}, b"here")}) as site:
        document = door(Request(f"{site.url}/0"))
    assert document.body == b"here"
    assert document.requested == f"{site.url}/0"
    assert document.url == f"{site.url}{end}"
    assert document.moved_to == (document.url if moved else None)


def test_five_redirects_are_followed_and_a_sixth_is_not(door: Door) -> None:
    routes = {f"/{i}": _to(302, f"/{i + 1}") for i in range(6)}
    with Site({**routes, "/6": (200, {}, b"here")}) as site:
        assert door(Request(f"{site.url}/1")).body == b"here"
        with pytest.raises(FetchError, match="over 5 times"):
            door(Request(f"{site.url}/0"))


@pytest.mark.parametrize("back", ["/a", "#top", "/b"])
def test_a_loop_is_an_error(door: Door, back: str) -> None:
    routes = {"/a": _to(301, "/b"), "/b": _to(301, back)}
    with Site(routes) as site, pytest.raises(FetchError, match="in a loop"):
        door(Request(f"{site.url}/a"))
    assert site.paths() == ["/a", "/b"]


def test_a_redirect_to_nowhere_is_an_error(door: Door) -> None:
    with (
        Site({"/a": (302, {}, b"")}) as site,
        pytest.raises(FetchError, match="nowhere"),
    ):
        door(Request(f"{site.url}/a"))


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "javascript:alert(1)",
        "data:text/plain,hi",
        "http://me:hush@127.0.0.1/",
        "http://127.0.0.1\\@example.org/",
        "http://[::1/",
        "http://127.0.0.1:0/",
        "http://127.0.0.1:99999/",
        f"http://127.0.0.1/{'x' * 9000}",
    ],
)
def test_a_redirect_to_what_is_no_web_address_is_refused(
    door: Door, location: str
) -> None:
    refused = pytest.raises(AddressRefused)
    with Site({"/a": _to(301, location)}) as site, refused as raised:
        door(Request(f"{site.url}/a"))
    assert "hush" not in str(raised.value)
    assert len(site.requests) == 1


@pytest.mark.usefixtures("public_loopback")
@pytest.mark.parametrize(
    "host",
    ["127.0.0.2", "[::1]", "169.254.169.254", "2130706434", "0x7f.0.0.2", "0177.2"],
)
def test_a_redirect_to_a_private_machine_is_refused(
    open_door: OpenDoor, host: str
) -> None:
    door = open_door(allow_private_addresses=False)
    refused = pytest.raises(AddressRefused, match="not a public address")
    with Site({"/a": _to(301, f"http://{host}:9/")}) as site, refused:
        door(Request(f"{site.url}/a"))
    assert len(site.requests) == 1


def test_etags_go_to_the_server_that_gave_them_only(door: Door) -> None:
    with Site({"/b": (200, {}, b"here")}) as other:
        routes = {"/a": _to(302, "/b"), "/b": _to(302, f"{other.url}/b")}
        with Site(routes) as site:
            door(Request(f"{site.url}/a", etag='"a"', last_modified="then"))
    assert [seen.headers["if-none-match"] for seen in site.requests] == ['"a"'] * 2
    assert {"if-none-match", "if-modified-since"}.isdisjoint(other.requests[0].headers)


def test_a_token_goes_to_the_server_it_is_for_only(door: Door) -> None:
    with Site({"/b": (200, {}, b"here")}) as other:
        routes = {"/a": _to(302, "/b"), "/b": _to(302, f"{other.url}/b")}
        with Site(routes) as site:
            door(Request(f"{site.url}/a", token="geheim"))
            door(Request(f"{site.url}/a", token="two\r\nlines"))
    sent = [seen.headers.get("authorization") for seen in site.requests]
    assert sent == ["Bearer geheim"] * 2 + [None] * 2
    assert all("authorization" not in seen.headers for seen in other.requests)


@pytest.mark.parametrize(
    ("start", "location", "moved_to", "at_home"),
    [
        ("http://a.test/x", "https://a.test/x", "https://a.test/x", True),
        ("https://a.test/x", "http://a.test/x", None, False),
        ("https://a.test/x", "//b.test/y", "https://b.test/y", False),
        ("http://a.test/x/y", "../z?q=1", "http://a.test/z?q=1", True),
        ("http://a.test/x", "caf\xc3\xa9", "http://a.test/café", True),
        ("http://a.test/x", "caf\xe9", "http://a.test/café", True),
    ],
)
def test_where_a_permanent_redirect_leads(
    start: str, location: str, moved_to: str | None, at_home: bool
) -> None:
    trail: Trail = started(start).after(Answer(301, {"location": location}))
    assert trail.moved_to == moved_to
    assert trail.is_at_home is at_home


def test_names_differing_in_case_or_a_default_port_are_one_server(
    door: Door, names: Names
) -> None:
    first = started("HTTP://A.test:80/x#one").here
    second = started("http://a.test/x").here
    assert (first.origin, first.target) == (second.origin, second.target)
    assert first.authority == "a.test"
