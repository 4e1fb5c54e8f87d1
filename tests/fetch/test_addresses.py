"""Which machines a Door connects to."""

import pytest

from tests.fetch.conftest import Names, OpenDoor
from tests.server import Site
from tracker.core.values import Request
from tracker.errors import AddressRefused, FetchError
from tracker.fetch.addresses import address, is_public, may_connect

# fmt: off
PRIVATE = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1",
    "127.255.255.255", "168.63.129.16", "169.254.169.254", "172.16.0.1", "192.0.0.192",
    "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1",
    "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:0:7f00:1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1",
    "64:ff9b:1::808:808", "100::1", "2001::1", "2001:0:7f00:1::1", "2001:db8::1",
    "2002:7f00:1::", "2002:a00:1::1", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254",
    "fe80::1", "fe80::1%lo", "fec0::1", "ff02::1",
]
# fmt: on
# fmt: off
PUBLIC = [
    "1.1.1.1", "8.8.8.8", "128.84.21.199", "192.0.1.1", "223.255.255.254",
    "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1", "2606:4700::1111",
    "2a00:1450:4001:80b::200e",
]
# fmt: on


@pytest.mark.parametrize("ip", PRIVATE)
def test_this_is_not_a_public_address(ip: str) -> None:
    assert not is_public(ip)
    assert not may_connect(ip, allow_private=False)


@pytest.mark.parametrize("ip", PUBLIC)
def test_this_is_a_public_address(ip: str) -> None:
    assert is_public(ip)


@pytest.mark.parametrize("ip", ["127.0.0.1", "10.0.0.1", "::1", "fd00::1", "fe80::1"])
def test_private_machines_are_reached_when_that_is_allowed(ip: str) -> None:
    assert may_connect(ip, allow_private=True)


@pytest.mark.parametrize(
    "ip", ["0.0.0.0", "224.0.0.1", "255.255.255.255", "::", "ff02::1", "::ffff:0.0.0.0"]
)
def test_what_is_no_machine_is_never_connected_to(ip: str) -> None:
    assert not may_connect(ip, allow_private=True)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.1", "127.1"]
)
def test_loopback_is_refused_however_it_is_written(
    open_door: OpenDoor, host: str
) -> None:
    door = open_door(allow_private_addresses=False)
    refused = pytest.raises(AddressRefused, match="not a public address")
    with Site({"/": (200, {}, b"secret")}) as site, refused:
        door(Request(f"http://{host}:{site.port}/"))
    assert site.connections == 0


def test_a_name_that_leads_home_is_refused(open_door: OpenDoor, names: Names) -> None:
    names.known["home.test"] = [("127.0.0.1", "::1")]
    door = open_door(allow_private_addresses=False)
    refused = pytest.raises(AddressRefused, match=r"home\.test is 127\.0\.0\.1, ::1")
    with Site({"/": (200, {}, b"secret")}) as site, refused:
        door(Request(f"http://home.test:{site.port}/"))
    assert site.connections == 0


@pytest.mark.usefixtures("public_loopback")
def test_a_name_cannot_change_between_the_check_and_the_connection(
    open_door: OpenDoor, names: Names
) -> None:
    names.known["rebind.test"] = [("127.0.0.1",), ("127.0.0.2",)]
    with Site({"/": (200, {"Connection": "close"}, b"public")}) as site:
        door = open_door(allow_private_addresses=False)
        url = f"http://rebind.test:{site.port}/"
        assert door(Request(url)).body == b"public"
        assert names.asked == ["rebind.test"]
        assert site.requests[0].headers["host"] == f"rebind.test:{site.port}"
        with pytest.raises(AddressRefused, match=r"127\.0\.0\.2"):
            door(Request(url))


@pytest.mark.usefixtures("public_loopback")
def test_of_several_addresses_only_the_public_are_tried(
    open_door: OpenDoor, names: Names
) -> None:
    names.known["mixed.test"] = [("10.0.0.1", "::1", "127.0.0.1")]
    with Site({"/": (200, {}, b"public")}) as site:
        door = open_door(allow_private_addresses=False, timeout=2.0)
        assert door(Request(f"http://mixed.test:{site.port}/")).body == b"public"


def test_the_next_machine_is_tried_when_one_lets_nobody_in(
    open_door: OpenDoor, names: Names
) -> None:
    names.known["twins.test"] = [("127.0.0.9", "127.0.0.1")]
    with Site({"/": (200, {}, b"alive")}) as site:
        url = f"http://twins.test:{site.port}/"
        assert open_door()(Request(url)).body == b"alive"


def test_an_unknown_name_is_told_as_such(open_door: OpenDoor, names: Names) -> None:
    with pytest.raises(FetchError, match="Name or service not known"):
        open_door()(Request("http://nowhere.test/"))


@pytest.mark.parametrize(
    "name", [f"{'a' * 70}.test", "a..b", ".test", f"{'a.' * 140}b"]
)
def test_a_name_no_system_can_look_up_is_a_fetch_error(
    open_door: OpenDoor, name: str
) -> None:
    with pytest.raises(FetchError):
        open_door()(Request(f"http://{name}/"))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "feed",
        "/etc/passwd",
        "file:///etc/passwd",
        "gopher://a.test/",
        "//a.test/b",
        "http://",
        "http://a b/",
        "http://me@a.test/",
        "http://a.test\r\nX: 1/",
        "http://a.test/\x00",
        "http://a%00.test/",
        "http://[::1%25lo]/",
        "http://\N{SNOWMAN}\ud800/",
    ],
)
def test_what_is_no_web_address_is_refused(open_door: OpenDoor, url: str) -> None:
    with pytest.raises(AddressRefused) as raised:
        open_door()(Request(url))
    assert str(raised.value).isprintable()


def test_a_host_outside_ascii_is_asked_for_by_its_idna_name() -> None:
    assert address("http://Bücher.test/").host == "xn--bcher-kva.test"


def test_an_ipv6_host_keeps_its_brackets_in_the_host_header() -> None:
    assert address("http://[2606:4700:0::1111]:8080/").authority == (
        "[2606:4700::1111]:8080"
    )
