"""One visit: a GET or POST without redirects, over bounded connections."""

import ssl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import httpcore

from tracker.errors import AddressRefused, FetchError, Unreached
from tracker.fetch import answers, body
from tracker.fetch.addresses import Address
from tracker.fetch.answers import Answer
from tracker.fetch.deadline import Deadline
from tracker.fetch.failures import Failures
from tracker.fetch.limits import Limits
from tracker.fetch.network import Network
from tracker.fetch.wording import said, shown

_KEEP_ALIVE = 5.0  # seconds an idle connection is kept, as common servers do
_MOST_IDLE = 20
_NO_BODY = answers.REDIRECTS | answers.MISSING | {204, 304}
_OK = 200
_BROKEN = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError)


class Visits:
    """Single GETs and POSTs; thread-safe."""

    def __init__(self, limits: Limits, failures: Failures) -> None:
        self._limits = limits
        self._failures = failures
        self._network = Network(allow_private=limits.allow_private_addresses)
        self._pool = httpcore.ConnectionPool(
            # Trusts nobody: the network puts the real one in its place.
            ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            max_connections=None,
            max_keepalive_connections=_MOST_IDLE,
            keepalive_expiry=_KEEP_ALIVE,
            network_backend=self._network,
        )

    def answer(
        self,
        address: Address,
        headers: Mapping[str, str],
        deadline: Deadline,
        posted: bytes | None = None,
    ) -> Answer:
        """Return what `address` answers, its body read before `deadline`.

        `posted` is what is sent: with it the visit is a POST, without it a GET.
        Raises FetchError or AddressRefused; remembers a server that gives no
        answer at all.
        """
        where = shown(address.url)
        server = address.host, address.port
        with self._worded(server, where), self._network.until(deadline):
            answer = self._visited(address, headers, posted, where)
        self._failures.forget(server)
        return answer

    def stop(self) -> None:
        """End all visits, now and later."""
        self._network.stop()

    def close(self) -> None:
        """Close the idle connections, when no visit is under way any more."""
        self._pool.close()

    def _visited(
        self,
        address: Address,
        headers: Mapping[str, str],
        posted: bytes | None,
        where: str,
    ) -> Answer:
        url = httpcore.URL(
            scheme=address.scheme,
            host=address.host,
            port=address.port,
            target=address.target,
        )
        asked = {"Host": address.authority, **headers}
        if posted is not None:
            asked["Content-Length"] = str(len(posted))
        method, sent = ("GET" if posted is None else "POST"), list(asked.items())
        with self._pool.stream(method, url, headers=sent, content=posted) as response:
            got = _headers(response.headers)
            return Answer(response.status, got, self._body(response, got, where))

    def _body(
        self, response: httpcore.Response, headers: Mapping[str, str], where: str
    ) -> bytes:
        if response.status in _NO_BODY:
            return b""
        chunks = response.iter_stream()
        if response.status == _OK:
            return body.whole(chunks, headers, self._limits.max_bytes, where)
        try:
            return body.head(chunks, headers, answers.HEAD)
        except _BROKEN:
            return b""  # the status says enough

    @contextmanager
    def _worded(self, server: tuple[str, int], where: str) -> Iterator[None]:
        """Raise httpcore's errors as FetchErrors of one line."""
        try:
            yield
        except (httpcore.ConnectTimeout, httpcore.ConnectError) as error:
            late = isinstance(error, httpcore.ConnectTimeout)
            words = f"not within {self._limits.timeout:g} s" if late else str(error)
            cause = f"cannot connect: {said(words)}"
            self._failures.remember(server, cause)
            raise Unreached(f"{where}: {cause}") from error
        except httpcore.TimeoutException as error:
            cause = f"no whole answer within {self._limits.timeout:g} s"
            self._failures.remember(server, cause)
            raise FetchError(f"{where}: {cause}") from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise FetchError(f"{where}: a broken answer: {said(str(error))}") from error
        except AddressRefused as error:
            raise AddressRefused(f"{where}: {error}") from error


def _headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return headers by lower-case name; what is said repeatedly is joined."""
    headers: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers
