"""A server that says exactly the bytes a test wants, when it wants them."""

import contextlib
import socket
from collections.abc import Callable
from threading import Event, Thread
from types import TracebackType

Script = Callable[[socket.socket, Event], None]


class Wire:
    """Runs `script(connection, over)` for each connection, its request read.

    `over` is set when the test is done: a script waits on it, not on the clock.
    `asked` is set once a request has come.
    """

    def __init__(self, script: Script, *, reads_first: bool = True) -> None:
        self._script = script
        self._reads_first = reads_first
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._threads: list[Thread] = []
        self.asked = Event()
        self.over = Event()
        self.connections = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                thread = Thread(target=self._serve, args=(connection,))
                self._threads.append(thread)
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(5)
            if self._reads_first:
                received = b""
                while b"\r\n\r\n" not in received:
                    received += connection.recv(4096) or b"\r\n\r\n"
            self.asked.set()
            self._script(connection, self.over)

    def __enter__(self) -> "Wire":
        self._threads.append(Thread(target=self._accept))
        self._threads[0].start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.over.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in list(self._threads):
            thread.join()


def says(text: bytes) -> Script:
    """Return a script that says `text` and hangs up."""

    def script(connection: socket.socket, over: Event) -> None:
        connection.sendall(text)

    return script


def drips(start: bytes, drop: bytes = b"x") -> Script:
    """Return a script that says `start`, and then a drop at a time for ever."""

    def script(connection: socket.socket, over: Event) -> None:
        connection.sendall(start)
        while not over.wait(0.02):
            connection.sendall(drop)

    return script


def keeps_silent(connection: socket.socket, over: Event) -> None:
    """Say nothing until the test is over."""
    over.wait(5)
