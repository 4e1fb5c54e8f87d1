"""Connections: only to machines we may reach, only until the deadline.

httpx and httpcore take a timeout per operation, so that a server that sends one
byte a second holds its reader for ever; and they look a name up when they connect,
after anybody's check of it. Both are mended one level below, in the network
backend, which is httpcore's public seam for it.
"""

import contextlib
import selectors
import socket
import ssl
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from typing import Any

import httpcore

from tracker.errors import AddressRefused
from tracker.fetch.addresses import may_connect
from tracker.fetch.deadline import Deadline
from tracker.fetch.lookups import Lookups

_PATIENCE = 5.0
"""Seconds for one of several machines of a host: the next one may be alive."""

_Failed = type[httpcore.TimeoutException] | type[httpcore.NetworkError]


class Network(httpcore.NetworkBackend):
    """Opens connections, and can end all of them at once."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        # Reentrant: a signal may stop us in the middle of keeping a socket.
        self._lock = threading.RLock()
        self._tls_lock = threading.Lock()
        self._tls: ssl.SSLContext | None = None
        self._sockets: set[socket.socket] = set()
        self._lookups = Lookups()
        self._current = threading.local()
        self._stopped = False

    @contextlib.contextmanager
    def until(self, deadline: Deadline) -> Iterator[None]:
        """Hold this thread's connections to `deadline`, which runs meanwhile."""
        self._current.deadline = deadline
        try:
            with deadline:
                yield
        finally:
            del self._current.deadline

    def stop(self) -> None:
        """End what is being looked up, connected, read and written; for good."""
        self._stopped = True
        self._lookups.stop()
        with self._lock:
            for connection in list(self._sockets):
                # The class's own: an SSLSocket's would forget its TLS state, which
                # the thread that is reading from it still uses.
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> "Stream":
        """Return a connection to the first machine of `host` that answers.

        Raises AddressRefused, httpcore.ConnectError or httpcore.ConnectTimeout.
        """
        ips = self._allowed(host, port)
        while True:
            ip, *ips = ips
            wait = min(self.left(httpcore.ConnectTimeout), _PATIENCE if ips else 1e9)
            try:
                with _named(httpcore.ConnectTimeout, httpcore.ConnectError):
                    return Stream(self._connected(ip, port, wait), self)
            except (httpcore.ConnectTimeout, httpcore.ConnectError):
                if not ips:
                    raise

    def left(self, over: type[httpcore.TimeoutException]) -> float:
        """Return the seconds this thread's request has left; raises `over` at 0."""
        self.refuse_stopped()
        left: float = self._current.deadline.left()
        if left <= 0:
            raise over("the time is up")
        return left

    def refuse_stopped(self) -> None:
        """Raise httpcore.ReadError once stopped.

        A connection that was ended under a reader looks like one that ended by
        itself, and half a body like a whole one.
        """
        if self._stopped:
            raise httpcore.ReadError("interrupted")

    def tls(self) -> ssl.SSLContext:
        """Return what verifies servers: the system's authorities and certifi's.

        Made when first needed, which takes some 50 ms. The system's come with
        SSL_CERT_FILE and what a company's machines are given.
        """
        with self._tls_lock:
            if self._tls is None:
                import certifi

                self._tls = ssl.create_default_context()
                self._tls.load_verify_locations(certifi.where())
                self._tls.set_alpn_protocols(["http/1.1"])
            return self._tls

    def keep(self, connection: socket.socket) -> None:
        """Remember an open socket, so that `stop` finds it."""
        with self._lock:
            self._sockets.add(connection)

    def drop(self, connection: socket.socket) -> None:
        """Close a socket and forget it."""
        with self._lock:
            self._sockets.discard(connection)
        connection.close()

    def replace(self, old: socket.socket, new: socket.socket) -> None:
        """Remember `new`, which has taken over the descriptor of `old`."""
        with self._lock:
            self._sockets.discard(old)
            self._sockets.add(new)

    def _allowed(self, host: str, port: int) -> list[str]:
        with _named(httpcore.ConnectTimeout, httpcore.ConnectError):
            left = self.left(httpcore.ConnectTimeout)
            found = self._lookups.ips(host, port, left)
        private = self._allow_private
        allowed = [ip for ip in found if may_connect(ip, private)]
        if not allowed:
            ips = ", ".join(found[:3]) or "nothing"
            raise AddressRefused(f"{host} is {ips}, not a public address")
        return allowed

    def _connected(self, ip: str, port: int, wait: float) -> socket.socket:
        family = socket.AF_INET6 if ":" in ip else socket.AF_INET
        connection = socket.socket(family, socket.SOCK_STREAM)
        self.keep(connection)
        try:
            self.refuse_stopped()
            connection.settimeout(wait)
            connection.connect((ip, port))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.refuse_stopped()
        except BaseException:
            self.drop(connection)
            raise
        return connection


class Stream(httpcore.NetworkStream):
    """An open connection that keeps to the deadline of the thread that uses it."""

    def __init__(self, connection: socket.socket, network: Network) -> None:
        self._socket = connection
        self._network = network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what has come, up to `max_bytes`; b"" at the end."""
        with _named(httpcore.ReadTimeout, httpcore.ReadError):
            self._socket.settimeout(self._network.left(httpcore.ReadTimeout))
            received = self._socket.recv(max_bytes)
        self._network.refuse_stopped()
        return received

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of `buffer`."""
        with _named(httpcore.WriteTimeout, httpcore.WriteError):
            while buffer:
                self._socket.settimeout(self._network.left(httpcore.WriteTimeout))
                buffer = buffer[self._socket.send(buffer) :]

    def close(self) -> None:
        """End the connection."""
        self._network.drop(self._socket)

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> "Stream":
        """Return this connection with TLS; verified by the network's authorities."""
        try:
            with _named(httpcore.ConnectTimeout, httpcore.ConnectError):
                self._wrap(server_hostname)
        except BaseException:
            self.close()
            raise
        return self

    def _wrap(self, server_hostname: str | None) -> None:
        plain = self._socket
        # The handshake waits until `stop` can find the new socket.
        self._socket = self._network.tls().wrap_socket(
            plain, server_hostname=server_hostname, do_handshake_on_connect=False
        )
        self._network.replace(plain, self._socket)
        self._socket.settimeout(self._network.left(httpcore.ConnectTimeout))
        self._socket.do_handshake()

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as inherited
        """Return what httpcore asks about an idle connection, or None."""
        if info == "is_readable":
            return _is_readable(self._socket)
        return self._socket if info == "socket" else None


@contextlib.contextmanager
def _named(over: _Failed, broken: _Failed) -> Iterator[None]:
    """Raise the system's errors under httpcore's names: `over` time, or `broken`."""
    try:
        yield
    except TimeoutError as error:
        raise over("the time is up") from error
    except (ssl.SSLError, UnicodeError) as error:
        raise broken(getattr(error, "verify_message", "") or str(error)) from error
    except OSError as error:
        raise broken(error.strerror or str(error)) from error
    except CancelledError as error:
        raise broken("interrupted") from error


def _is_readable(connection: socket.socket) -> bool:
    """Return whether something, or the end, has come on an idle connection."""
    if connection.fileno() < 0:
        return True
    with selectors.DefaultSelector() as selector:
        selector.register(connection, selectors.EVENT_READ)
        return bool(selector.select(0))
