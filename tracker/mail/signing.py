"""DKIM: a signature that says whose domain a message is from (RFC 6376)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from tracker.errors import MailServerDown
from tracker.mail.letter import Letter, Outlet

# Those that say from whom, to whom and what; the rest relays may add to.
_SIGNED = [
    b"from",
    b"to",
    b"subject",
    b"date",
    b"message-id",
    b"mime-version",
    b"content-type",
    b"list-id",
    b"list-unsubscribe",
    b"list-unsubscribe-post",
]


@dataclass(frozen=True, slots=True)
class Key:
    """A private key (a PEM file), and where DNS has its public one.

    That is `selector`._domainkey.DOMAIN, of the sender's domain.
    """

    selector: str
    file: Path


class Signed:
    """An outlet whose letters are signed before they go to another one."""

    def __init__(self, key: Key, to: Outlet) -> None:
        self._key, self._to = key, to

    def hand(self, letter: Letter, doubt: Callable[[], None]) -> None:
        """Sign a letter and hand it over; see Outlet."""
        signed = replace(letter, message=self._signature(letter) + letter.message)
        self._to.hand(signed, doubt)

    def close(self) -> None:
        """Close the outlet behind."""
        self._to.close()

    def _signature(self, letter: Letter) -> bytes:
        domain = letter.sender.rpartition("@")[2]
        try:
            import dkim

            made: bytes = dkim.sign(
                letter.message,
                self._key.selector.encode(),
                domain.encode("idna"),
                self._key.file.read_bytes(),
                include_headers=_SIGNED,
            )
        except ModuleNotFoundError as error:
            what = "needs dkimpy: pip install 'tracker-digest[dkim]'"
            raise MailServerDown(f"[mail] dkim_key {what}") from error
        except OSError as error:
            what = f"{self._key.file}: {error.strerror}"
            raise MailServerDown(f"[mail] dkim_key: {what}") from error
        except (dkim.DKIMException, ValueError) as error:
            what = f"{self._key.file}: not a private key of RSA or Ed25519 in PEM"
            raise MailServerDown(f"[mail] dkim_key: {what}: {error}") from error
        return made
