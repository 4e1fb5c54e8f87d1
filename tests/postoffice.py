"""A real SMTP server on loopback that can be told how to behave."""

import asyncio
import socket
import ssl
import threading
from base64 import b64decode
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from types import TracebackType

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "ada", "correct horse"


class PostOffice:
    """Keeps what it is handed; answers DATA with `replies`, one a message, then 250.

    `deaf_after_data` closes the connection in place of an answer.
    """

    def __init__(
        self,
        tls: ssl.SSLContext | None = None,
        *,
        login: bool = False,
        utf8: bool = True,
    ) -> None:
        self.envelopes: list[Envelope] = []
        self.replies: list[str] = []
        self.recipient_reply: str | None = None
        self.deaf_after_data = False
        self.refused_at = ""
        self.connections = 0
        self._controller = _Controller(
            self,
            hostname="127.0.0.1",
            port=0,
            tls_context=tls,
            require_starttls=tls is not None,
            auth_required=login,
            auth_require_tls=tls is not None,
            authenticator=self._authenticate,
            enable_SMTPUTF8=utf8,
        )

    def __enter__(self) -> "PostOffice":
        self._controller.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._controller.stop()

    @property
    def port(self) -> int:
        return int(self._controller.port)

    @property
    def messages(self) -> list[EmailMessage]:
        found = []
        for envelope in self.envelopes:
            assert isinstance(envelope.content, bytes)
            message = message_from_bytes(envelope.content, policy=default)
            assert isinstance(message, EmailMessage)
            found.append(message)
        return found

    async def handle_EHLO(  # noqa: N802 - aiosmtpd finds it by this name
        self,
        _server: SMTP,
        session: Session,
        _envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        if self.refused_at == "HELO":
            return ["550 not you"]
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_HELO(  # noqa: N802 - aiosmtpd finds it by this name
        self, _server: SMTP, _session: Session, _envelope: Envelope, _hostname: str
    ) -> str:
        return "550 not you"

    async def handle_MAIL(  # noqa: N802 - aiosmtpd finds it by this name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if self.refused_at == "MAIL":
            return "550 not you"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def auth_XOAUTH2(  # noqa: N802 - aiosmtpd finds it by this name
        self, server: SMTP, args: list[str]
    ) -> AuthResult:
        said = b64decode(args[1]).decode()
        if said == f"user={USER}\1auth=Bearer {PASSWORD}\1\1":
            return AuthResult(success=True)
        # The error is a challenge, which an empty line must answer.
        await server.challenge_auth('{"status": "401"}')
        return AuthResult(success=False, handled=False)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd finds it by this name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if self.recipient_reply:
            return self.recipient_reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd finds it by this name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        reply = self.replies.pop(0) if self.replies else "250 OK"
        if reply.startswith("250"):
            self.envelopes.append(envelope)
        if self.deaf_after_data:
            assert server.transport is not None
            server.transport.close()
        return reply

    def _authenticate(
        self,
        _server: SMTP,
        _session: Session,
        _envelope: Envelope,
        kind: str,
        data: object,
    ) -> AuthResult:
        assert isinstance(data, LoginPassword), kind
        known = (data.login.decode(), data.password.decode()) == (USER, PASSWORD)
        return AuthResult(success=known, handled=False)


class _Controller(Controller):
    """A controller on a port of the system's choice."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd's own


class Dripping:
    """A server whose greeting never ends: a byte at a time, as long as one listens."""

    def __enter__(self) -> int:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._drip)
        self._thread.start()
        return int(self._listening.getsockname()[1])

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()
        self._listening.close()

    def _drip(self) -> None:
        connection, _ = self._listening.accept()
        with connection:
            while not self._ended.wait(0.05):
                try:
                    connection.send(b"2")
                except OSError:
                    return
