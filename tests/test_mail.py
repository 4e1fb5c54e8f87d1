"""Handing a message over to a real SMTP server."""

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from tests.postoffice import PASSWORD, USER, PostOffice
from tracker import mail
from tracker.errors import PermanentMailError, TemporaryMailError

LETTER = b"From: a@x.example\r\nTo: b@x.example\r\nSubject: hi\r\n\r\nHello\r\n"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with PostOffice() as opened:
        yield opened


@pytest.fixture
def authority(tmp_path: Path) -> tuple[ssl.SSLContext, Path]:
    """Return a server's TLS context and the file of the authority that signed it."""
    ca = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(context)
    file = tmp_path / "ca.pem"
    ca.cert_pem.write_to_path(str(file))
    return context, file


def send(office: PostOffice, url: str = "", password: str | None = None) -> None:
    at = mail.server(url or f"smtp://127.0.0.1:{office.port}", password)
    mail.send(at, "a@x.example", "b@x.example", LETTER)


def test_a_message_arrives_as_it_was_handed_over(office: PostOffice) -> None:
    send(office)
    (envelope,) = office.envelopes
    assert envelope.content == LETTER
    assert (envelope.mail_from, envelope.rcpt_tos) == ("a@x.example", ["b@x.example"])


def test_starttls_and_login(authority: tuple[ssl.SSLContext, Path]) -> None:
    context, file = authority
    with PostOffice(context, login=True) as office:
        url = f"smtp://{USER}@127.0.0.1:{office.port}?starttls&cafile={file}"
        send(office, url, PASSWORD)
        assert len(office.envelopes) == 1


def test_a_certificate_nobody_signed_is_refused(
    authority: tuple[ssl.SSLContext, Path],
) -> None:
    with PostOffice(authority[0]) as office:
        with pytest.raises(TemporaryMailError, match="certificate"):
            send(office, f"smtp://127.0.0.1:{office.port}?starttls")
        assert office.envelopes == []


def test_a_server_without_tls_gets_no_message_when_starttls_is_asked(
    office: PostOffice,
) -> None:
    with pytest.raises(TemporaryMailError, match="STARTTLS"):
        send(office, f"smtp://127.0.0.1:{office.port}?starttls")
    assert office.envelopes == []


def test_a_wrong_password_is_worth_another_try_and_is_not_told(
    authority: tuple[ssl.SSLContext, Path],
) -> None:
    context, file = authority
    with PostOffice(context, login=True) as office:
        url = f"smtp://{USER}@127.0.0.1:{office.port}?starttls&cafile={file}"
        with pytest.raises(TemporaryMailError, match="login refused") as caught:
            send(office, url, "wrong-secret")
        assert "wrong-secret" not in str(caught.value)
        assert "wrong-secret" not in repr(mail.server(url, "wrong-secret"))


def test_a_password_that_login_can_not_carry_is_named(office: PostOffice) -> None:
    with pytest.raises(TemporaryMailError, match="ASCII"):
        send(office, f"smtp://ada@127.0.0.1:{office.port}", "p\u00e4ss")


def test_a_server_that_wants_a_login_first_is_worth_another_try(
    office: PostOffice,
) -> None:
    office.replies = ["530 5.7.0 Authentication required"]
    with pytest.raises(TemporaryMailError, match="login refused: 530"):
        send(office)


def test_a_host_that_can_not_be_one_is_named() -> None:
    at = mail.server("smtp://mail..example", None)
    with pytest.raises(TemporaryMailError, match=r"mail\.\.example"):
        mail.send(at, "a@x.example", "b@x.example", LETTER)


@pytest.mark.parametrize("reply", ["451 try later", "452 full"])
def test_a_4xx_answer_is_temporary(office: PostOffice, reply: str) -> None:
    office.replies = [reply]
    with pytest.raises(TemporaryMailError, match=reply[:3]):
        send(office)


def test_a_5xx_answer_is_permanent(office: PostOffice) -> None:
    office.replies = ["554 spam"]
    with pytest.raises(PermanentMailError, match="554 spam"):
        send(office)


def test_an_unknown_recipient_is_permanent(office: PostOffice) -> None:
    office.recipient_reply = "550 no such user"
    with pytest.raises(PermanentMailError, match=r"b@x\.example: no such user"):
        send(office)


def test_a_greylisted_recipient_is_temporary(office: PostOffice) -> None:
    office.recipient_reply = "450 come back later"
    with pytest.raises(TemporaryMailError, match="come back later"):
        send(office)


def test_a_connection_that_breaks_after_data_is_temporary(office: PostOffice) -> None:
    office.deaf_after_data = True
    with pytest.raises(TemporaryMailError):
        send(office)


def test_a_dead_server_is_temporary_and_named() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(TemporaryMailError, match=f"127.0.0.1:{port}"):
        mail.send(mail.server(f"smtp://127.0.0.1:{port}", None), "a@x", "b@x", LETTER)


def test_checking_a_server_sends_nothing(office: PostOffice) -> None:
    mail.check(mail.server(f"smtp://127.0.0.1:{office.port}", None))
    assert office.envelopes == []


def test_ports_follow_the_scheme() -> None:
    assert mail.server("smtp://h", None).port == 25
    assert mail.server("smtps://u%40x@h", None) == mail.Server(
        "h", 465, implicit_tls=True, user="u@x"
    )
