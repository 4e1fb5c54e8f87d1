"""A maildir: a folder of messages, a file each, as local mail programs read it.

See https://cr.yp.to/proto/maildir.html. A letter's file is named after its Message-ID,
so that one which is there already is not put there again.
"""

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from tracker.errors import MailServerDown
from tracker.mail.letter import Letter


class Folder:
    """An outlet to a maildir, which is made where there is none."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def hand(self, letter: Letter, _doubt: Callable[[], None]) -> None:
        """Put a letter there, once: whether it is there can be seen, without doubt."""
        named = f"{letter.name}\n{letter.recipient}"
        name = f"{sha256(named.encode()).hexdigest()[:32]}.tracker"
        try:
            self._put(name, letter.message.replace(b"\r\n", b"\n"))
        except OSError as error:
            raise MailServerDown(f"{self._path}: {error.strerror}") from error

    def close(self) -> None:
        """Nothing is kept open."""

    def _put(self, name: str, text: bytes) -> None:
        for part in ("tmp", "new", "cur"):
            (self._path / part).mkdir(parents=True, exist_ok=True)
        # A mail program moves what was seen to cur, and adds its flags to the name.
        if (self._path / "new" / name).exists() or any(
            (self._path / "cur").glob(f"{name}*")
        ):
            return
        draft = self._path / "tmp" / name
        with draft.open("wb") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        draft.replace(self._path / "new" / name)
