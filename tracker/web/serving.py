"""Serving the endpoint in a thread, beside whatever else the process does."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tracker.bootstrap import App
from tracker.errors import UsageError
from tracker.web import application

_STOP_WITHIN = 5  # seconds
_AT_ONCE = 64  # connections
_LONGEST = 30.0  # seconds, for a connection; an answer takes one


@contextmanager
def serving(app: App, listen: str, longest: float = _LONGEST) -> Iterator[int]:
    """Serve the endpoint at `listen`, "HOST:PORT", meanwhile; give the port.

    A connection is ended after `longest` seconds, whatever its client does.

    Raises UsageError when it can't be listened at.
    """
    import uvicorn

    from tracker.web.connection import lasting

    host, _, port = listen.rpartition(":")
    host, number = host.strip("[]"), int(port)
    config = uvicorn.Config(
        application(app),
        http=lasting(longest),
        log_level="warning",
        access_log=False,  # addresses hold tokens
        server_header=False,
        limit_concurrency=_AT_ONCE,
        timeout_graceful_shutdown=_STOP_WITHIN,
        lifespan="off",
    )
    taken = _bound(host, number)
    server = uvicorn.Server(config)
    thread = threading.Thread(
        target=server.run, args=([taken],), name="web", daemon=True
    )
    thread.start()
    try:
        yield int(taken.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(_STOP_WITHIN)
        taken.close()


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        what = f"[web] listen: {host}:{port}: {error.strerror}; name another"
        raise UsageError(what) from error
