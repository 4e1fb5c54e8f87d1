"""Mail that goes to a program or a folder, and mail that is signed."""

import mailbox
from collections.abc import Callable
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tracker import mail
from tracker.errors import (
    MailServerDown,
    NoAnswer,
    PermanentMailError,
    TemporaryMailError,
)
from tracker.mail import Key, Letter, Signed

LETTER = Letter(
    "a@x.example",
    "b@x.example",
    "<1@x.example>",
    b"From: a@x.example\r\nTo: b@x.example\r\nSubject: hi\r\n\r\nHello\r\n",
)


class Kept:
    """An outlet that keeps what it is handed."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []

    def hand(self, letter: Letter, doubt: Callable[[], None]) -> None:
        doubt()
        self.letters.append(letter)

    def close(self) -> None:
        pass


def program(folder: Path, does: str) -> str:
    """Return the URL of a sendmail that does as a line of sh says."""
    file = folder / "sendmail"
    file.write_text(f"#!/bin/sh\n{does}\n", "utf-8")
    file.chmod(0o755)
    return f"sendmail:{file}"


def test_sendmail_gets_sender_recipient_and_lines_of_this_system(
    tmp_path: Path,
) -> None:
    url = program(tmp_path, f'echo "$@" > {tmp_path}/said; cat > {tmp_path}/got')
    doubts: list[int] = []
    mail.outlet(url, None).hand(LETTER, lambda: doubts.append(1))
    said = (tmp_path / "said").read_text("utf-8").split()
    assert said == ["-i", "-f", "a@x.example", "--", "b@x.example"]
    assert (tmp_path / "got").read_bytes() == LETTER.message.replace(b"\r\n", b"\n")
    assert doubts == [1]


@pytest.mark.parametrize(
    ("does", "error"),
    [
        ("echo no such user >&2; exit 67", PermanentMailError),
        ("exit 75", TemporaryMailError),
        ("exit 1", TemporaryMailError),
        ("kill -9 $$", NoAnswer),
    ],
)
def test_what_sendmail_says_tells_whether_to_try_again(
    tmp_path: Path, does: str, error: type[Exception]
) -> None:
    with pytest.raises(error) as raised:
        mail.outlet(program(tmp_path, does), None).hand(LETTER, lambda: None)
    assert raised.type is error


def test_a_sendmail_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MailServerDown, match=r"none: No such file"):
        mail.outlet(f"sendmail:{tmp_path}/none", None).hand(LETTER, lambda: None)


def test_a_maildir_holds_a_letter_once_even_when_it_was_read(tmp_path: Path) -> None:
    outlet = mail.outlet(f"maildir:{tmp_path}/mail", None)
    outlet.hand(LETTER, lambda: None)
    outlet.hand(LETTER, lambda: None)
    folder = mailbox.Maildir(tmp_path / "mail", create=False)
    ((key, message),) = folder.items()
    assert (message["Subject"], message.get_payload()) == ("hi", "Hello\n")
    message.set_subdir("cur")
    message.set_flags("S")
    folder[key] = message
    outlet.hand(LETTER, lambda: None)
    assert len(folder) == 1


def test_a_maildir_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file", "utf-8")
    with pytest.raises(MailServerDown, match="mail: "):
        mail.outlet(f"maildir:{tmp_path}/mail", None).hand(LETTER, lambda: None)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """Return the file of a private key, and what DNS has of its public one."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    file = tmp_path_factory.mktemp("keys") / "dkim.pem"
    file.write_bytes(
        made.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
    )
    public = made.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    body = b"".join(public.splitlines()[1:-1])
    return file, b"v=DKIM1; k=rsa; p=" + body


def test_a_signature_is_one_that_verifies(key: tuple[Path, bytes]) -> None:
    asked: list[bytes] = []

    def dns(name: bytes, timeout: float = 5) -> bytes:
        asked.append(name)
        return key[1]

    kept = Kept()
    Signed(Key("s1", key[0]), kept).hand(LETTER, lambda: None)
    (letter,) = kept.letters
    assert letter.message.endswith(LETTER.message)
    assert dkim.verify(letter.message, dnsfunc=dns)
    assert asked == [b"s1._domainkey.x.example."]
    forged = letter.message.replace(b"Subject: hi", b"Subject: ho")
    assert not dkim.verify(forged, dnsfunc=dns)


@pytest.mark.parametrize("content", [None, b"no key"])
def test_a_key_that_is_none_keeps_mail_waiting_and_says_so(
    tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "key.pem"
    if content is not None:
        file.write_bytes(content)
    kept = Kept()
    with pytest.raises(MailServerDown, match="dkim_key"):
        Signed(Key("s1", file), kept).hand(LETTER, lambda: None)
    assert kept.letters == []
