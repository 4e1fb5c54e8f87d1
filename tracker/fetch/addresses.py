"""Addresses: which are well formed, and which machines we may connect to."""

import ipaddress
import re
import socket
import string
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from tracker.errors import AddressRefused
from tracker.fetch.wording import shown

_PORTS = {"http": 80, "https": 443}
_LONGEST = 8192  # what common servers take as a request line
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_.])?")

# Global by the books, yet not the address of any web site.
_NOT_PUBLIC = (
    IPv4Network("192.0.0.0/24"),  # IETF protocols; a cloud's metadata service
    IPv4Network("192.88.99.0/24"),  # 6to4 relays, RFC 7526
    IPv4Network("168.63.129.16/32"),  # a cloud's metadata service
    IPv6Network("2001::/23"),  # Teredo and other protocols, RFC 2928
    IPv6Network("2001:db8::/32"),  # documentation, RFC 3849
    IPv6Network("3fff::/20"),  # documentation, RFC 9637
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")  # RFC 4291: all that IANA hands out
_MAPPED = IPv6Network("::ffff:0:0/96")  # RFC 4291
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052
_6TO4 = IPv6Network("2002::/16")  # RFC 3056
_LOW_32 = 0xFFFF_FFFF


@dataclass(frozen=True, slots=True)
class Address:
    """A web address in the parts a connection needs; `target` is path and query."""

    url: str
    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port."""
        return self.scheme, self.host, self.port

    @property
    def authority(self) -> str:
        """The value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def address(url: str) -> Address:
    """Return the parts of an absolute http(s) `url`.

    Raises AddressRefused for another scheme, credentials, a malformed address or
    one over 8,192 characters.
    """
    if len(url) > _LONGEST or _CONTROL.search(url) or "\\" in url:
        raise AddressRefused(f"{shown(url)}: too long, or with characters none has")
    try:
        parts = urlsplit(url)
        return _checked(url, parts, _host(parts.hostname or ""))
    except ValueError as error:
        raise AddressRefused(f"{shown(url)}: not a web address") from error


def joined(base: Address, location: str) -> Address:
    """Return the address a redirect from `base` leads to; raises AddressRefused."""
    try:
        url = urljoin(base.url, location.strip())
    except ValueError as error:
        raise AddressRefused(f"{shown(location)}: not a web address") from error
    return address(url)


def _checked(url: str, parts: SplitResult, host: str) -> Address:
    if parts.scheme not in _PORTS:
        raise AddressRefused(f"{shown(url)}: only http and https are fetched")
    if "@" in parts.netloc:
        raise AddressRefused(f"{shown(url)}: a user name in an address is refused")
    port = _PORTS[parts.scheme] if parts.port is None else parts.port
    if not host or port == 0:
        raise AddressRefused(f"{shown(url)}: no host, or port 0")
    query = f"?{parts.query}" if parts.query else ""
    target = _ascii(f"{parts.path or '/'}{query}")
    return Address(url, parts.scheme, host, port, target)


def _ascii(text: str) -> str:
    """Return `text` with all but printable ASCII percent-encoded as UTF-8."""
    return quote(text, safe=string.punctuation, errors="replace")


def _host(name: str) -> str:
    """Return the host in lower-case ASCII; raises ValueError when it is none."""
    if ":" in name and "%" not in name:  # an interface's name has no place in it
        return str(IPv6Address(name))
    if not name.isascii():
        import idna  # its tables are large and rarely needed

        name = idna.encode(name, uts46=True).decode("ascii")
    if name and not _NAME.fullmatch(name):
        raise ValueError(name)
    return name


def resolve(host: str, port: int) -> tuple[str, ...]:
    """Return the IP addresses of `host`, in the system's order of preference.

    Raises OSError, or UnicodeError for a name no system can look up.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def may_connect(ip: str, allow_private: bool) -> bool:  # noqa: FBT001 - a setting, passed on
    """Return whether `ip` is one we may connect to."""
    return _is_a_machine(ip) if allow_private else is_public(ip)


def is_public(ip: str) -> bool:
    """Return whether `ip` belongs to the public internet.

    An IPv4 address inside an IPv6 one (mapped, NAT64, 6to4) is judged in its
    place. `ipaddress.is_global` alone calls ::127.0.0.1, 64:ff9b::7f00:1,
    fec0::1 and 224.0.0.1 global.
    """
    parsed = ipaddress.ip_address(ip)
    if isinstance(parsed, IPv4Address):
        return _is_public_ipv4(parsed)
    inside = _embedded(parsed)
    if inside is not None:
        return _is_public_ipv4(inside)
    return parsed in _GLOBAL_UNICAST and parsed.is_global and not _listed(parsed)


def _is_public_ipv4(ip: IPv4Address) -> bool:
    return ip.is_global and not ip.is_multicast and not _listed(ip)


def _listed(ip: IPv4Address | IPv6Address) -> bool:
    return any(ip.version == net.version and ip in net for net in _NOT_PUBLIC)


def _embedded(ip: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that `ip` stands for, or None."""
    if ip in _MAPPED or ip in _NAT64:
        return IPv4Address(int(ip) & _LOW_32)
    if ip in _6TO4:
        return IPv4Address(int(ip) >> 80 & _LOW_32)
    return None


def _is_a_machine(ip: str) -> bool:
    """Return whether `ip` can be one machine's at all, private or not."""
    parsed = ipaddress.ip_address(ip)
    if isinstance(parsed, IPv6Address):
        parsed = _embedded(parsed) or parsed
    nobody = parsed.is_multicast or parsed.is_unspecified
    return not nobody and not (parsed.version == 4 and parsed.is_reserved)  # noqa: PLR2004 - IPv4
