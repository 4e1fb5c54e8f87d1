"""The sample as a web site on loopback, its dates those of the last days."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import blake2b
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import TracebackType

_AGO = re.compile(r"\{\{(\d{1,2}) days ago, (RFC 822|ISO 8601|date parts|date|ms)\}\}")
_MEDIA = {
    ".atom": "application/atom+xml",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".rss": "application/rss+xml",
    ".xml": "application/xml",
    ".yaml": "text/yaml; charset=utf-8",
}
BROKEN = "/broken"
"""The address at which the site fails."""

_POLL = 0.05  # seconds until the server notices that it is to end

Pages = Mapping[str, tuple[str, bytes]]


def pages(folder: Path, now: datetime) -> Pages:
    """Return the files of `folder` by address: their media types and contents.

    Addresses are paths below `folder` without the suffix, and with it. Dates such as
    "{{3 days ago, ISO 8601}}" are counted from `now`.
    """
    found: dict[str, tuple[str, bytes]] = {}
    for file in sorted(folder.rglob("*.*")):
        page = _MEDIA[file.suffix], dated(file.read_text("utf-8"), now).encode()
        address = f"/{file.relative_to(folder).as_posix()}"
        found[address] = found[address.removesuffix(file.suffix)] = page
    return found


def dated(template: str, now: datetime) -> str:
    """Return `template` with the dates that it gives as "{{3 days ago, date}}".

    The other forms are RFC 822, as in RSS, ISO 8601, "date parts", which is
    [year, month, day], and "ms", milliseconds since 1970.
    """

    def date(found: re.Match[str]) -> str:
        moment = (now - timedelta(days=int(found[1]))).astimezone(UTC)
        match found[2]:
            case "RFC 822":
                return format_datetime(moment, usegmt=True)
            case "date":
                return f"{moment:%Y-%m-%d}"
            case "date parts":
                return f"[{moment.year}, {moment.month}, {moment.day}]"
            case "ms":
                return f"{moment.timestamp() * 1000:.0f}"
            case _:
                return f"{moment:%Y-%m-%dT%H:%M:%SZ}"

    return _AGO.sub(date, template)


class Site:
    """A web server on a free port of this machine: `with Site(pages) as site: …`."""

    def __init__(self, content: Pages) -> None:
        self._server = _Server(content)
        self._thread = Thread(
            target=self._server.serve_forever, args=(_POLL,), name="demo", daemon=True
        )

    @property
    def url(self) -> str:
        """The address of the site, without a slash at its end."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def show(self, address: str, media: str, body: bytes) -> None:
        """Have a page at `address`, a new one or another one."""
        self._server.content = {**self._server.content, address: (media, body)}

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
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True  # a client that keeps its connection must not hold us up

    def __init__(self, content: Pages) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.content = content

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: an interrupted client hangs up in the middle of an answer."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # headers and body are written apart
    server: _Server

    def do_GET(self) -> None:
        """Answer with a page: 200, 304 when it is known, 404 when there is none."""
        address = self.path.partition("?")[0]
        if address == BROKEN:
            self._reply(HTTPStatus.INTERNAL_SERVER_ERROR, {})
            return
        media, body = self.server.content.get(address, ("", b""))
        if not body:
            self._reply(HTTPStatus.NOT_FOUND, {})
            return
        tag = f'"{blake2b(body, digest_size=8).hexdigest()}"'
        if self.headers.get("If-None-Match") == tag:
            self._reply(HTTPStatus.NOT_MODIFIED, {"ETag": tag})
            return
        self._reply(HTTPStatus.OK, {"ETag": tag, "Content-Type": media}, body)

    def _reply(
        self, status: HTTPStatus, headers: Mapping[str, str], body: bytes = b""
    ) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status is not HTTPStatus.NOT_MODIFIED:  # which never has a body
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as inherited
        """Log nothing: the demo shows what was read."""
