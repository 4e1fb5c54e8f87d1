"""Hostile ways: redirects, and names that lead where nobody should be led."""

from tests.fetch.wire import says
from tests.hostile.case import FAILED, OK, Case, Wired, document, item, rss
from tests.server import Reply, Route, Seen

PRIVATE = "not a public address"

# Where a redirect leads, by what it is; each is refused before anything is sent.
_MACHINES = {
    "loopback": "127.0.0.2",
    "loopback-by-name": "localhost",
    "loopback-ipv6": "[::1]",
    "this-host": "0.0.0.0",
    "this-host-ipv6": "[::]",
    "private-10": "10.0.0.1",
    "private-172": "172.31.255.1",
    "private-192": "192.168.1.1",
    "private-by-name": "intranet.test",
    "private-unique-local": "[fc00::1]",
    "carrier-grade-nat": "100.64.0.1",
    "benchmarking": "198.18.0.1",
    "multicast": "224.0.0.1",
    "broadcast": "255.255.255.255",
    "reserved": "240.0.0.1",
    "link-local": "169.254.1.1",
    "link-local-ipv6": "[fe80::1]",
    "site-local-ipv6": "[fec0::1]",
    "multicast-ipv6": "[ff02::1]",
    "metadata": "169.254.169.254",
    "metadata-by-name": "metadata.google.internal",
    "metadata-aws-ipv6": "[fd00:ec2::254]",
    "metadata-alibaba": "100.100.100.200",
    "metadata-azure": "168.63.129.16",
    "metadata-oracle": "192.0.0.192",
    "ipv4-mapped": "[::ffff:127.0.0.2]",
    "ipv4-mapped-metadata": "[::ffff:a9fe:a9fe]",
    "ipv4-compatible": "[::127.0.0.2]",
    "ipv4-translated": "[::ffff:0:7f00:2]",
    "nat64": "[64:ff9b::7f00:2]",
    "nat64-local": "[64:ff9b:1::a9fe:a9fe]",
    "6to4": "[2002:7f00:2::1]",
    "teredo": "[2001:0:7f00:2::1]",
    "documentation-ipv6": "[2001:db8::1]",
    "decimal": "2130706434",
    "hexadecimal": "0x7f000002",
    "octal": "0177.0.0.2",
    "short": "127.2",
    "fullwidth-digits": "\uff11\uff12\uff17.0.0.2",
    "circled-digits": "\u2460\u2461\u2466.0.0.2",
    "ideographic-dots": "169\u3002254\u3002169\u3002254",
}
_NO_ADDRESSES = {
    "file": "file:///etc/passwd",
    "file-with-a-host": "file://localhost/etc/passwd",
    "ftp": "ftp://127.0.0.1/feed",
    "gopher": "gopher://127.0.0.1:70/_GET",
    "dict": "dict://127.0.0.1:11211/stats",
    "javascript": "javascript:alert(1)",
    "data": "data:application/xml,<rss/>",
    "credentials": "http://user:hush@127.0.0.1/",
    "backslash": "http://127.0.0.1\\@a.test/",
    "no-host": "http:///feed",
    "half-a-bracket": "http://[::1/",
    "a-zone": "http://[fe80::1%25lo]/",
    "port-0": "http://127.0.0.1:0/",
    "port-99999": "http://127.0.0.1:99999/",
    "9-kilobytes": f"/{'x' * 9000}",
    "a-tab": "http://127.0.0.1/a\tb",
    "loopback-with-a-dot": "http://127.0.0.2.:9/",
}


def to(location: str, status: int = 301) -> Reply:
    """Return a redirect."""
    sent = location.encode().decode("latin-1")  # as header lines go
    return status, {"Location": sent}, b"moved"


def _longer(seen: Seen) -> Reply:
    """Lead on and on, each time to another address."""
    return to(f"{seen.path}x", 302)


def _there_and_back(seen: Seen) -> Reply:
    return to("/feed" if seen.path.endswith("/b") else "/feed/b")


def _to_a_fragment(seen: Seen) -> Reply:
    return to(f"/feed#{len(seen.headers)}")


def _home(seen: Seen) -> Reply:
    """Lead to the same name, on a new connection: it is looked up once more."""
    if seen.path.endswith("/b"):
        return document(rss(item("Inside")))
    status, headers, body = to("/feed/b")
    return status, {**headers, "Connection": "close"}, body


def _refused(name: str, location: str, said: str) -> Case:
    return Case(f"redirect-to-{name}", to(location), FAILED, said)


def _loop(name: str, play: Route | Wired, said: str) -> Case:
    return Case(f"redirect-{name}", play, FAILED, said)


_MOVED = b"HTTP/1.1 301 Moved\r\nContent-Length: 0\r\nLocation: "
_SPLIT = _MOVED + b"/feed/a\r\n\tb: c\r\n\r\n"
_NUL = _MOVED + b"/\0feed\r\n\r\n"

_REBINDING = (("127.0.0.1",), ("169.254.169.254",))
_POST = document(rss(item("Outside")))

CASES = (
    _loop("loop", to("/feed"), "in a loop"),
    _loop("loop-of-two", _there_and_back, "in a loop"),
    _loop("loop-by-fragment", _to_a_fragment, "in a loop"),
    _loop("chain-without-end", _longer, "over 5 times"),
    _loop("nowhere", (302, {}, b""), "nowhere"),
    _loop("empty", to(""), "nowhere"),
    _loop("folded", Wired(says(_SPLIT)), "."),
    _loop("with-nul", Wired(says(_NUL)), "."),
    *(_refused(name, url, ".") for name, url in _NO_ADDRESSES.items()),
    *(_refused(name, f"http://{it}:9/", PRIVATE) for name, it in _MACHINES.items()),
    Case("name-that-is-private", _POST, FAILED, PRIVATE, ips=(("192.168.0.1",),)),
    Case("name-that-is-mapped", _POST, FAILED, PRIVATE, ips=(("::ffff:10.0.0.1",),)),
    Case("name-that-is-nat64", _POST, FAILED, PRIVATE, ips=(("64:ff9b::a00:1",),)),
    Case(
        "name-that-is-many-private",
        _POST,
        FAILED,
        PRIVATE,
        ips=(tuple(f"10.0.{n}.1" for n in range(250)),),
    ),
    Case(
        "name-that-is-public-and-private",
        _POST,
        OK,
        titles=("Outside",),
        ips=(("10.0.0.1", "::1", "127.0.0.1", "169.254.169.254"),),
    ),
    Case(
        "name-that-changes-before-the-connection",
        _POST,
        OK,
        titles=("Outside",),
        ips=_REBINDING,
    ),
    Case("name-that-changes-before-a-redirect", _home, FAILED, PRIVATE, ips=_REBINDING),
)
