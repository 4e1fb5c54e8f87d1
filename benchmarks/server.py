"""The benchmark's web site: feeds in memory, ETags, as fast as a small loop can be.

`python -m benchmarks.server FEEDS ENTRIES` prints its address and serves /0, /1, …
until its standard input ends. A request for /edition/N switches to that edition of
all feeds and answers how many replies of each status went out before.
"""

import asyncio
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from http.client import HTTPConnection
from urllib.parse import urlsplit

from benchmarks import corpus
from benchmarks.measured import ROOT

_REQUEST = re.compile(rb"GET (/\S*) HTTP/1\.[01]")
_MATCH = re.compile(rb"\r\nif-none-match: *([^\r]+)", re.IGNORECASE)
_END = b"\r\n\r\n"


class Site:
    """All that is served: for each edition, tag and reply of each address."""

    def __init__(self, feeds: int, entries: int) -> None:
        self.edition = 0
        self.sent: Counter[int] = Counter()
        first = {b"/%d" % n: _page(corpus.feed(n, entries)) for n in range(feeds)}
        later = {
            b"/%d" % n: _page(corpus.feed(n, entries, 1))
            for n in range(0, feeds, corpus.CHANGES_EVERY)
        }
        self._editions = (first, first | later)

    def reply(self, head: bytes) -> bytes:
        """Return the whole reply to a request."""
        found = _REQUEST.match(head)
        path = found[1] if found else b""
        if path.startswith(b"/edition/"):
            return self._switched(int(path.rpartition(b"/")[2]))
        page = self._editions[self.edition].get(path)
        if page is None:
            return self._counted(404, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0")
        tag, whole = page
        known = _MATCH.search(head)
        if known and known[1].strip() == tag:
            return self._counted(304, b"HTTP/1.1 304 Not Modified\r\nETag: " + tag)
        self.sent[200] += 1
        return whole

    def _counted(self, status: int, head: bytes) -> bytes:
        self.sent[status] += 1
        return head + _END

    def _switched(self, edition: int) -> bytes:
        body = json.dumps(self.sent).encode()
        self.sent.clear()
        self.edition = edition
        return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


def _page(body: bytes) -> tuple[bytes, bytes]:
    tag = b'"%b"' % blake2b(body, digest_size=8).hexdigest().encode()
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/xml; charset=utf-8\r\n"
        b"ETag: %b\r\nContent-Length: %d\r\n\r\n" % (tag, len(body))
    )
    return tag, head + body


class _Conversation(asyncio.Protocol):
    def __init__(self, site: Site) -> None:
        self._site = site
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        self._received += data
        while _END in self._received:
            head, _, self._received = self._received.partition(_END)
            self._transport.write(self._site.reply(head))


async def _serve(site: Site) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Conversation(site), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    print(f"http://127.0.0.1:{port}", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)  # until the benchmark is gone


class Remote:
    """The site in its own process, as the benchmark sees it."""

    def __init__(self, url: str, feeds: int) -> None:
        self.urls = tuple(f"{url}/{number}" for number in range(feeds))
        self._host = urlsplit(url).netloc

    def switch(self, edition: int) -> Counter[int]:
        """Serve another edition; return the replies since the last switch by status."""
        connection = HTTPConnection(self._host, timeout=30)
        try:
            connection.request("GET", f"/edition/{edition}")
            sent = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        return Counter({int(status): count for status, count in sent.items()})

    def bytes_of_a_feed(self) -> int:
        """Return the average size of a feed, bytes."""
        sizes = []
        for url in self.urls[:20]:
            connection = HTTPConnection(self._host, timeout=30)
            connection.request("GET", urlsplit(url).path)
            sizes.append(len(connection.getresponse().read()))
            connection.close()
        return sum(sizes) // len(sizes)


@contextmanager
def serving(feeds: int, entries: int) -> Iterator[Remote]:
    """Serve that many feeds of that many entries meanwhile."""
    command = [sys.executable, "-m", "benchmarks.server", str(feeds), str(entries)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT) as it:
        assert it.stdin is not None
        assert it.stdout is not None
        try:
            yield Remote(it.stdout.readline().strip(), feeds)
        finally:
            it.stdin.close()


if __name__ == "__main__":
    asyncio.run(_serve(Site(int(sys.argv[1]), int(sys.argv[2]))))
