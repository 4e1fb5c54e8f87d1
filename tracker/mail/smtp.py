"""Mail servers: one connection for many letters, each under a deadline."""

import contextlib
import re
import smtplib
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import parse_qs, unquote, urlsplit

from tracker.core.text import ascii_domain
from tracker.errors import (
    MailError,
    MailServerDown,
    NoAnswer,
    PermanentMailError,
    TemporaryMailError,
)
from tracker.mail.letter import Letter

_PORTS = {"smtp": 25, "smtps": 465}
_GO_AHEAD = 354
_REFUSED = 400  # reply codes from here on say no
_PERMANENT = 500  # reply codes from here on are final: RFC 5321, section 4.2.1
_CLOSING = 421  # the server ends the connection: section 3.8
_LOGIN = frozenset({530, 534, 535, 538})  # but for those on logins: RFC 4954, section 6
_MAILBOX_FULL = re.compile(
    r"\D*5\.2\.2\b"
)  # RFC 3463, section 3.3; some send it as 5xx
_LINE_END = re.compile(rb"\r\n|\r|\n")
_DOT = re.compile(rb"^\.", re.MULTILINE)
# A server that takes longer over one letter holds up those behind it. RFC 5321,
# section 4.5.3.2, would wait ten minutes for the last answer alone.
_SECONDS = 60.0  # for one answer
_LAST_ANSWER = 240.0
_FAREWELL = 5.0
_LETTER = 300.0  # for a letter, from its first command to its last answer


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server. `starttls` is asked for, and then required.

    `xoauth2`: the password is an access token. `command` prints the password; it is
    run for each connection, for tokens that last an hour. `patience` is in seconds,
    for one answer.
    """

    host: str
    port: int
    implicit_tls: bool = False
    starttls: bool = False
    user: str | None = None
    password: str | None = None
    authorities: str | None = None  # file of certificate authorities to trust
    xoauth2: bool = False
    command: tuple[str, ...] = ()
    patience: float = _SECONDS

    def __repr__(self) -> str:  # never with the password
        return f"Server({self.host}:{self.port})"


def server(url: str, password: str | None, command: tuple[str, ...] = ()) -> Server:
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
        xoauth2=options.get("auth") == ["xoauth2"],
        command=command,
    )


class Post:
    """An outlet to a mail server; its connection serves one letter after the other."""

    def __init__(self, at: Server) -> None:
        self._at = at
        self._smtp: smtplib.SMTP | None = None

    def hand(self, letter: Letter, doubt: Callable[[], None]) -> None:
        """Hand a letter over; see Outlet."""
        smtp = self._ready()
        try:
            with _worded(self._at, letter), _ended(smtp, _LETTER):
                _envelope(smtp, letter)
                _message(smtp, letter.message, doubt, self._at.patience)
        except BaseException as error:
            # After a plain refusal the connection serves the next letter.
            lost = isinstance(error, NoAnswer | MailServerDown)
            if lost or not isinstance(error, MailError):
                self._drop()
            raise

    def close(self) -> None:
        """End the connection; what the server makes of that changes nothing."""
        if self._smtp is not None:
            _quit(self._smtp)
            self._smtp = None

    def _drop(self) -> None:
        """End the connection in the middle of things."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()

    def _ready(self) -> smtplib.SMTP:
        """Return a connection that takes a letter: the open one, or a new one."""
        if self._smtp is not None:
            # A server may have ended it meanwhile, or want no more letters over it.
            with contextlib.suppress(OSError, smtplib.SMTPException):
                if self._smtp.rset()[0] < _REFUSED:
                    return self._smtp
            self._drop()
        self._smtp = _connected(self._at)
        return self._smtp


def check(at: Server) -> None:
    """Connect, log in, send nothing. Raises MailServerDown when that fails."""
    _quit(_connected(at))


def _quit(smtp: smtplib.SMTP) -> None:
    with contextlib.suppress(OSError, smtplib.SMTPException), _ended(smtp, _FAREWELL):
        smtp.quit()
    smtp.close()


# Connecting


def _connected(at: Server) -> smtplib.SMTP:
    """Return a connection that is encrypted and logged in as the server says."""
    smtp: smtplib.SMTP | None = None
    try:
        smtp = _opened(at)
        with _ended(smtp, at.patience * 2):
            if at.starttls:
                smtp.starttls(context=_context(at))
            if at.user:
                _log_in(smtp, at, at.user)
            smtp.ehlo_or_helo_if_needed()
    except BaseException as error:
        if smtp is not None:
            smtp.close()
        if isinstance(error, smtplib.SMTPResponseException):
            _refuse_all(at, error.smtp_code, _text(error.smtp_error), error)
        if isinstance(error, OSError | UnicodeError | smtplib.SMTPException):
            raise MailServerDown(f"{_named(at)}: {error}") from error
        raise
    return smtp


class _Plain(smtplib.SMTP):
    """smtplib's, with a bound on the time that a greeting takes."""

    def connect(self, *to: Any, **more: Any) -> tuple[int, bytes]:  # noqa: ANN401 - as inherited
        with _ended(self, self.timeout * 2):
            return super().connect(*to, **more)


class _Encrypted(smtplib.SMTP_SSL, _Plain):
    """The same, encrypted from the start."""


def _opened(at: Server) -> smtplib.SMTP:
    if at.implicit_tls:
        context = _context(at)
        return _Encrypted(at.host, at.port, timeout=at.patience, context=context)
    return _Plain(at.host, at.port, timeout=at.patience)


def _context(at: Server) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=at.authorities)


def _log_in(smtp: smtplib.SMTP, at: Server, user: str) -> None:
    password = _printed(at) if at.command else at.password or ""
    if at.xoauth2:
        token = f"user={user}\1auth=Bearer {password}\1\1"
        smtp.ehlo_or_helo_if_needed()
        # What a server says of a token it refuses is answered with an empty line.
        smtp.auth("XOAUTH2", lambda said=None: token if said is None else "")
        return
    if not f"{user}{password}".isascii():  # smtplib can't encode others
        raise MailServerDown(f"{_named(at)}: login takes ASCII only")
    smtp.login(user, password)


def _printed(at: Server) -> str:
    """Return the first line that the password's command prints."""
    try:
        done = subprocess.run(  # noqa: S603 - the user's own command, and no shell
            at.command, capture_output=True, timeout=_SECONDS, check=True, text=True
        )
    except OSError as error:
        raise _no_password(at, str(error.strerror)) from error
    except subprocess.CalledProcessError as error:
        raise _no_password(at, f"ended with {error.returncode}") from error
    except subprocess.TimeoutExpired as error:
        raise _no_password(at, f"still busy after {_SECONDS:g} s") from error
    except UnicodeError as error:
        raise _no_password(at, "printed no text") from error
    return done.stdout.partition("\n")[0].strip()


def _no_password(at: Server, what: str) -> MailServerDown:
    # Its arguments may hold secrets, and this is stored and shown.
    return MailServerDown(f"[mail] password_command: {at.command[0]}: {what}")


@contextlib.contextmanager
def _ended(smtp: smtplib.SMTP, seconds: float) -> Iterator[None]:
    """End a connection that is still busy after so many seconds.

    smtplib's timeout is one of each read: a byte a minute would pass it for ever.
    """
    timer = threading.Timer(seconds, _cut, [smtp])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _cut(smtp: smtplib.SMTP) -> None:
    if isinstance(smtp.sock, socket.socket):
        with contextlib.suppress(OSError):
            # The class's own: an SSLSocket's would forget its TLS state, which the
            # thread that is reading from it still uses.
            socket.socket.shutdown(smtp.sock, socket.SHUT_RDWR)


# A letter


def _envelope(smtp: smtplib.SMTP, letter: Letter) -> None:
    sender, recipient = ascii_domain(letter.sender), ascii_domain(letter.recipient)
    options = []
    if not (sender.isascii() and recipient.isascii()):
        if not smtp.has_extn("smtputf8"):
            what = "the mail server takes only addresses in ASCII (no SMTPUTF8)"
            raise PermanentMailError(f"{letter.recipient}: {what}")
        smtp.command_encoding = "utf-8"
        options = ["SMTPUTF8", "BODY=8BITMIME"]
    code, words = smtp.mail(sender, options)
    if code >= _REFUSED:
        raise smtplib.SMTPSenderRefused(code, words, sender)
    code, words = smtp.rcpt(recipient)
    if code >= _REFUSED:
        raise smtplib.SMTPRecipientsRefused({recipient: (code, words)})


def _message(
    smtp: smtplib.SMTP, message: bytes, doubt: Callable[[], None], patience: float
) -> None:
    code, words = smtp.docmd("DATA")
    if code != _GO_AHEAD:
        raise smtplib.SMTPDataError(code, words)
    try:
        doubt()
    except BaseException:
        smtp.close()  # it waits for the message, and would take a command for one
        raise
    lines = _DOT.sub(b"..", _LINE_END.sub(b"\r\n", message))
    end = b".\r\n" if lines.endswith(b"\r\n") else b"\r\n.\r\n"
    smtp.send(lines + end)
    assert smtp.sock is not None
    smtp.sock.settimeout(max(patience, min(_LAST_ANSWER, patience * 4)))
    code, words = smtp.getreply()
    smtp.sock.settimeout(patience)
    if code >= _REFUSED:
        raise smtplib.SMTPDataError(code, words)


@contextlib.contextmanager
def _worded(at: Server, letter: Letter) -> Iterator[None]:
    """Raise smtplib's errors as MailErrors of one line."""
    try:
        yield
    except smtplib.SMTPSenderRefused as error:
        _refuse_all(at, error.smtp_code, _text(error.smtp_error), error)
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        _refuse(at, code, f"{letter.recipient}: {_text(words)}", error)
    except smtplib.SMTPResponseException as error:
        _refuse(at, error.smtp_code, _text(error.smtp_error), error)
    except UnicodeError as error:
        raise PermanentMailError(f"{letter.recipient}: {error}") from error
    except (OSError, smtplib.SMTPException) as error:
        raise NoAnswer(f"{_named(at)}: {error}") from error


def _refuse(at: Server, code: int, words: str, error: Exception) -> NoReturn:
    """Raise what an answer to a recipient or a message comes to."""
    if code in _LOGIN or code == _CLOSING:
        _refuse_all(at, code, words, error)
    final = code >= _PERMANENT and not _MAILBOX_FULL.search(words)
    kind = PermanentMailError if final else TemporaryMailError
    raise kind(f"{_named(at)}: {code} {words}") from error


def _refuse_all(at: Server, code: int, words: str, error: Exception) -> NoReturn:
    """Raise what an answer comes to that speaks of us, not of one letter.

    However final it sounds, a password or a sender may be set right.
    """
    what = "login refused: " if code in _LOGIN else ""
    raise MailServerDown(f"{_named(at)}: {what}{code} {words}") from error


def _named(at: Server) -> str:
    return f"mail server {at.host}:{at.port}"


def _text(words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join(text.split())[:300]
