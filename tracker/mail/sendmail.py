"""A local mail program, called as all of them can be: sendmail."""

import subprocess
from collections.abc import Callable

from tracker.errors import (
    MailServerDown,
    NoAnswer,
    PermanentMailError,
    TemporaryMailError,
)
from tracker.mail.letter import Letter

PROGRAM = "/usr/sbin/sendmail"
_SECONDS = 120
# sysexits.h: no such user, no such host, data wrong. Others may pass.
_PERMANENT = frozenset({65, 67, 68})


class Program:
    """An outlet to a program that takes a message and a recipient."""

    def __init__(self, path: str = PROGRAM) -> None:
        self._path = path

    def hand(self, letter: Letter, doubt: Callable[[], None]) -> None:
        """Hand a letter over; see Outlet."""
        command = [self._path, "-i", "-f", letter.sender, "--", letter.recipient]
        # It reads text of this system and puts the ends of lines itself.
        text = letter.message.replace(b"\r\n", b"\n")
        doubt()
        try:
            done = subprocess.run(  # noqa: S603 - the user's own program, and no shell
                command, input=text, capture_output=True, timeout=_SECONDS, check=False
            )
        except subprocess.TimeoutExpired as error:
            what = f"{self._path}: still busy after {_SECONDS} s"
            raise NoAnswer(what) from error
        except OSError as error:
            raise MailServerDown(f"{self._path}: {error.strerror}") from error
        if done.returncode < 0:
            raise NoAnswer(f"{self._path}: ended by signal {-done.returncode}")
        if done.returncode:
            said = " ".join(done.stderr.decode("utf-8", "replace").split())[:300]
            final = done.returncode in _PERMANENT
            kind = PermanentMailError if final else TemporaryMailError
            raise kind(f"{self._path}: {letter.recipient}: {said or done.returncode}")

    def close(self) -> None:
        """Nothing is kept open."""
