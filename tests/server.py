"""A small real web site on loopback, for tests of anything that fetches."""

import contextlib
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from types import TracebackType
from typing import Any, ClassVar

Reply = tuple[int, Mapping[str, str], bytes]


@dataclass(frozen=True, slots=True)
class Seen:
    """A request the site got; header names are lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


Route = Reply | Callable[[Seen], Reply]
_MISSING: Reply = (404, {"Content-Type": "text/plain"}, b"no such page")


class Site:
    """A web site: `with Site({"/feed": (200, {}, b"...")}) as site: ... site.url`.

    Routes map a path (with its query, or without) to a reply, (status, headers,
    body), or to a function of the request that returns one; other paths answer
    404. Routes may be changed at any time. `requests` holds what was asked.
    Content-Length is added unless the reply states it or a Transfer-Encoding.
    """

    def __init__(
        self, routes: Mapping[str, Route] | None = None, host: str = "127.0.0.1"
    ) -> None:
        self.routes: dict[str, Route] = dict(routes or {})
        self.requests: list[Seen] = []
        self._server = _Server((host, 0), _Handler)
        self._server.site = self
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """The address of the site, without a slash at its end."""
        return f"http://{self._server.server_address[0]!s}:{self.port}"

    @property
    def connections(self) -> int:
        """How many connections were opened to the site."""
        return self._server.opened

    def paths(self) -> list[str]:
        """Return the paths asked for, in the order they came."""
        return [seen.path for seen in self.requests]

    def reply(self, seen: Seen) -> Reply:
        """Note the request and return its reply."""
        self.requests.append(seen)
        bare = seen.path.partition("?")[0]
        route = self.routes.get(seen.path, self.routes.get(bare, _MISSING))
        return route(seen) if callable(route) else route

    def __enter__(self) -> "Site":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that server_close waits for the handlers
    request_queue_size = 512
    site: Site

    def __init__(self, *given: Any) -> None:  # noqa: ANN401 - passed on as it came
        self._lock = Lock()
        self._open: set[socket.socket] = set()
        self.opened = 0
        super().__init__(*given)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        with self._lock:
            self._open.add(connection)
            self.opened += 1
        return connection, address

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 - as inherited
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End the connections that clients keep open."""
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as inherited
        """Say nothing: clients under test hang up in the middle of an answer."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # headers and body go in two writes
    server: _Server
    _bodiless: ClassVar[frozenset[int]] = frozenset({204, 304})

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        seen = Seen(self.command, self.path, headers, self.rfile.read(length))
        status, said, body = self.server.site.reply(seen)
        self.send_response(status)
        for name, value in self._headers_of(status, said, body):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = _answer  # noqa: N815 - http.server looks for these names

    def _headers_of(
        self, status: int, said: Mapping[str, str], body: bytes
    ) -> Iterator[tuple[str, str]]:
        yield from said.items()
        stated = {name.lower() for name in said}
        framed = stated & {"content-length", "transfer-encoding"}
        if not framed and status not in self._bodiless:
            yield "Content-Length", str(len(body))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - as inherited
        """Log nothing: the site keeps its requests."""
