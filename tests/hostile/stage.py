"""The servers and the name service that play the corpus: real ones, on loopback."""

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

import pytest

from tests.fetch.conftest import Names
from tests.fetch.wire import Wire
from tests.hostile.case import Case, Wired
from tests.server import Reply, Route, Seen, Site
from tracker.fetch import addresses, network

_NUMBER = re.compile(r"[0-9.]+|0x[0-9a-f]+")
_HOMES = {
    "localhost": "127.0.0.2",
    "intranet.test": "10.0.0.1",
    "metadata.google.internal": "169.254.169.254",
}
_resolve = addresses.resolve


class Service(Names):
    """A name service that knows the corpus, and reads numbers as the system does."""

    def __call__(self, host: str, port: int) -> tuple[str, ...]:
        if _NUMBER.fullmatch(host):
            return _resolve(host, port)
        return super().__call__(host, port)


class Stage(Site):
    """A web site of many hosts; each plays a case of its own, whatever the path."""

    def __init__(self) -> None:
        super().__init__()
        self.plays: dict[str, Route] = {}

    def reply(self, seen: Seen) -> Reply:
        host = seen.headers["host"].partition(":")[0]
        route = self.plays[host]
        return route(seen) if callable(route) else route


@contextmanager
def staged(cases: Sequence[Case]) -> Iterator[dict[str, str]]:
    """Serve all cases, each at a host of its own; yield their addresses by name.

    Meanwhile 127.0.0.1, and no other private address, passes for public, and names
    are looked up in a service of our own.
    """
    service = Service()
    service.known.update({name: [(ip,)] for name, ip in _HOMES.items()})
    with ExitStack() as stack:
        _public_loopback(stack, service)
        site = Stage()
        stack.enter_context(site)
        urls = {}
        for number, case in enumerate(cases):
            host = f"case-{number}.test"
            service.known[host] = list(case.ips)
            if isinstance(case.play, Wired):
                port = stack.enter_context(Wire(case.play.script)).port
            else:
                site.plays[host] = case.play
                port = site.port
            urls[case.name] = f"http://{host}:{port}/feed"
        yield urls


def _public_loopback(stack: ExitStack, service: Service) -> None:
    def may_connect(ip: str, allow_private: bool) -> bool:
        return ip == "127.0.0.1" or addresses.may_connect(ip, allow_private)

    patch = stack.enter_context(pytest.MonkeyPatch.context())
    patch.setattr(network, "may_connect", may_connect)
    patch.setattr(addresses, "resolve", service)
