"""A mail server that fails as it is told to, in one thread with whoever plays it."""

import os
import re
import selectors
import signal
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

_ADDRESS = re.compile(r"<([^>]*)>")


@dataclass(frozen=True)
class Fault:
    """What happens when a stage of SMTP is reached: a reply, or one of these.

    "drop" closes the connection, "kill" kills the client, "stall" says nothing;
    "take and …" accepts the message first. The stages are greeting, ehlo, mail, rcpt,
    data, end (of the message), rset and quit. `to` narrows it to a recipient.
    """

    stage: str
    what: str
    times: int = 1
    to: str = ""


@dataclass
class FaultyServer:
    """Takes mail, but for its faults, each of which happens so many times."""

    faults: Sequence[Fault] = ()
    taken: list[tuple[str, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._left = [[fault, fault.times] for fault in self.faults]
        self._selector = selectors.DefaultSelector()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=16)
        self._selector.register(self._listening, selectors.EVENT_READ)
        self._lines: dict[socket.socket, _Session] = {}
        self._clients: list[int] = []

    @property
    def port(self) -> int:
        return int(self._listening.getsockname()[1])

    def serve(self, clients: Sequence[int], alive: Sequence[int]) -> list[int]:
        """Serve until all clients have ended; each holds the other end of a pipe.

        Returns their exit codes, below zero for signals.
        """
        self._clients = list(clients)
        waiting = set(alive)
        for pipe in alive:
            self._selector.register(pipe, selectors.EVENT_READ)
        while waiting:
            for key, _ in self._selector.select():
                if key.fd in waiting:
                    self._selector.unregister(key.fd)
                    waiting.remove(key.fd)
                    os.close(key.fd)
                else:
                    self._read(cast(socket.socket, key.fileobj))
        for line in list(self._lines):
            self._drop(line)
        ended = (os.waitpid(client, 0)[1] for client in clients)
        return [os.waitstatus_to_exitcode(status) for status in ended]

    def close(self) -> None:
        self._listening.close()
        self._selector.close()

    def _read(self, line: socket.socket) -> None:
        if line is self._listening:
            opened, _ = self._listening.accept()
            self._lines[opened] = _Session()
            self._selector.register(opened, selectors.EVENT_READ)
            self._answer(opened, "greeting", "220 faulty.example ESMTP")
            return
        try:
            got = line.recv(1 << 16)
        except OSError:
            got = b""
        if not got:
            self._drop(line)
            return
        session = self._lines[line]
        session.buffer += got
        while line in self._lines and (step := session.step()):
            self._answer(line, *step)

    def _answer(self, line: socket.socket, stage: str, reply: str) -> None:
        session = self._lines[line]
        what = self._fault(stage, session.recipient) or reply
        if what.startswith("take and "):
            what = what.removeprefix("take and ")
            self.taken.append((session.recipient, session.message))
        elif stage == "end" and what == reply:
            self.taken.append((session.recipient, session.message))
        if what == "kill":
            for client in self._clients:
                os.kill(client, signal.SIGKILL)
        if what in {"kill", "drop"}:
            self._drop(line)
        elif what != "stall":
            session.told(stage, what)
            try:
                line.sendall(f"{what}\r\n".encode())
            except OSError:
                self._drop(line)

    def _fault(self, stage: str, recipient: str) -> str | None:
        for entry in self._left:
            fault, left = cast(Fault, entry[0]), cast(int, entry[1])
            if left and fault.stage == stage and fault.to in {"", recipient}:
                entry[1] = left - 1
                return fault.what
        return None

    def _drop(self, line: socket.socket) -> None:
        self._selector.unregister(line)
        del self._lines[line]
        line.close()


@dataclass
class _Session:
    """A connection's buffer, and what it is about."""

    buffer: bytes = b""
    recipient: str = ""
    message: bytes = b""
    is_body: bool = False

    def step(self) -> tuple[str, str] | None:
        """Return the next stage that the buffer holds, and the reply if all is well."""
        if self.is_body:
            end = self.buffer.find(b"\r\n.\r\n")
            if end < 0:
                return None
            self.message, self.buffer = self.buffer[:end], self.buffer[end + 5 :]
            self.is_body = False
            return "end", "250 taken"
        line, found, rest = self.buffer.partition(b"\r\n")
        if not found:
            return None
        self.buffer = rest
        verb = line[:4].decode("ascii", "replace").lower()
        if verb == "rcpt":
            address = _ADDRESS.search(line.decode("utf-8", "replace"))
            self.recipient = address[1] if address else ""
        replies = {"ehlo": "250 faulty.example", "data": "354 go on", "quit": "221 bye"}
        return verb, replies.get(verb, "250 well")

    def told(self, stage: str, what: str) -> None:
        """Note what the client was told: after 354 comes a message."""
        self.is_body = stage == "data" and what.startswith("354")
