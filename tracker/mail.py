"""The only door to SMTP: handing one message over."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import parse_qs, unquote, urlsplit

from tracker.errors import PermanentMailError, TemporaryMailError

_SECONDS = 60
_PORTS = {"smtp": 25, "smtps": 465}
_PERMANENT = 500  # reply codes from here on are final: RFC 5321, section 4.2.1
_LOGIN = frozenset({530, 534, 535, 538})  # but for those on logins: RFC 4954, section 6


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server. `starttls` is asked for, and then required."""

    host: str
    port: int
    implicit_tls: bool = False
    starttls: bool = False
    user: str | None = None
    password: str | None = None
    authorities: str | None = None  # file of certificate authorities to trust

    def __repr__(self) -> str:  # never with the password
        return f"Server({self.host}:{self.port})"


def server(url: str, password: str | None) -> Server:
    """Return the server of a URL such as smtp://user@host:587?starttls."""
    parts = urlsplit(url)
    options = parse_qs(parts.query, keep_blank_values=True)
    return Server(
        host=parts.hostname or "",
        port=parts.port or _PORTS[parts.scheme],
        implicit_tls=parts.scheme == "smtps",
        starttls="starttls" in options,
        user=unquote(parts.username) if parts.username else None,
        password=password,
        authorities=options.get("cafile", [None])[0],
    )


def send(at: Server, sender: str, recipient: str, message: bytes) -> None:
    """Hand `message` over to a mail server, for one recipient.

    Raises TemporaryMailError when a later try may succeed, PermanentMailError when
    none will. A connection that breaks after the message was sent counts as
    temporary: SMTP can't tell whether it was accepted.
    """
    options = [] if sender.isascii() and recipient.isascii() else ["SMTPUTF8"]
    try:
        with _session(at) as smtp:
            smtp.sendmail(sender, [recipient], message, options)
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        _raise(at, code, f"{recipient}: {_text(words)}", error)
    except smtplib.SMTPResponseException as error:
        _raise(at, error.smtp_code, _said(error), error)
    except (OSError, UnicodeError, smtplib.SMTPException) as error:
        raise TemporaryMailError(f"{_named(at)}: {error}") from error


@contextmanager
def _session(at: Server) -> Iterator[smtplib.SMTP]:
    """Give a connection that is encrypted and logged in as the server's URL says."""
    smtp = _connection(at)
    try:
        if at.starttls:
            smtp.starttls(context=_context(at))
        if at.user:
            if not f"{at.user}{at.password}".isascii():  # smtplib can't encode others
                raise TemporaryMailError(f"{_named(at)}: login takes ASCII only")
            smtp.login(at.user, at.password or "")
        yield smtp
        # What the server answers to QUIT can't undo what it accepted before.
        with suppress(OSError, smtplib.SMTPException):
            smtp.quit()
    finally:
        smtp.close()


def _connection(at: Server) -> smtplib.SMTP:
    if at.implicit_tls:
        return smtplib.SMTP_SSL(
            at.host, at.port, timeout=_SECONDS, context=_context(at)
        )
    return smtplib.SMTP(at.host, at.port, timeout=_SECONDS)


def _context(at: Server) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=at.authorities)


def _raise(at: Server, code: int, words: str, error: Exception) -> NoReturn:
    if code in _LOGIN:
        # A wrong password may be set right; the message itself is not at fault.
        what = f"{_named(at)}: login refused: {code} {words}"
        raise TemporaryMailError(what) from error
    kind = PermanentMailError if code >= _PERMANENT else TemporaryMailError
    raise kind(f"{_named(at)}: {code} {words}") from error


def _named(at: Server) -> str:
    return f"mail server {at.host}:{at.port}"


def _said(error: smtplib.SMTPResponseException) -> str:
    return _text(error.smtp_error)


def _text(words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join(text.split())[:300]


def check(at: Server) -> None:
    """Connect, log in, send nothing. Raises TemporaryMailError when that fails."""
    try:
        with _session(at) as smtp:
            smtp.noop()
    except (OSError, UnicodeError, smtplib.SMTPException) as error:
        raise TemporaryMailError(f"{_named(at)}: {error}") from error
