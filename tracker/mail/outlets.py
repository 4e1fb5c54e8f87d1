"""From a URL to what takes letters there."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from tracker.errors import MailServerDown
from tracker.mail.letter import Letter, Outlet
from tracker.mail.maildir import Folder
from tracker.mail.sendmail import PROGRAM, Program
from tracker.mail.smtp import Post, server


class Nowhere:
    """An outlet that takes nothing, where no mail is set up."""

    def hand(self, letter: Letter, _doubt: Callable[[], None]) -> None:
        """Raise MailServerDown."""
        raise MailServerDown(f"{letter.recipient}: [mail]: no mail server is set")

    def close(self) -> None:
        """Nothing is kept open."""


def outlet(url: str, password: str | None, command: tuple[str, ...] = ()) -> Outlet:
    """Return the outlet of a URL: smtp, smtps, sendmail or maildir.

    `command` prints the password of a mail server; see Server.
    """
    parts = urlsplit(url)
    if parts.scheme == "sendmail":
        return Program(parts.path or PROGRAM)
    if parts.scheme == "maildir":
        return Folder(Path(parts.path).expanduser())
    return Post(server(url, password, command))
