"""A letter, and what takes letters."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Letter:
    """A message for one recipient; both are bare addresses.

    `name` is its Message-ID, the same whenever the letter is handed over again.
    """

    sender: str
    recipient: str
    name: str
    message: bytes


class Outlet(Protocol):
    """Where letters go: a mail server, a program, a folder."""

    def hand(self, letter: Letter, doubt: Callable[[], None]) -> None:
        """Hand a letter over, calling `doubt` when its fate is about to be unknown.

        Raises TemporaryMailError when a later try may succeed (MailServerDown when
        no other letter would fare better, NoAnswer when the other side fell silent),
        PermanentMailError when none will.
        """

    def close(self) -> None:
        """Let go of what was kept open for the next letter."""
