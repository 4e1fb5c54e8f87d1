"""Handing a message over to a real SMTP server."""

import socket
import ssl
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest
import trustme

from tests.postoffice import PASSWORD, USER, Dripping, PostOffice
from tracker import mail
from tracker.errors import (
    MailServerDown,
    NoAnswer,
    PermanentMailError,
    StoreError,
    TemporaryMailError,
)
from tracker.mail import Letter
from tracker.mail.smtp import Post

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


def letter(to: str = "b@x.example", sender: str = "a@x.example") -> Letter:
    return Letter(sender, to, "<1@x.example>", LETTER)


def send(office: PostOffice, url: str = "", password: str | None = None) -> None:
    at = url or f"smtp://127.0.0.1:{office.port}"
    with closing(mail.outlet(at, password)) as outlet:
        outlet.hand(letter(), lambda: None)


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
    with pytest.raises(MailServerDown, match=r"mail\.\.example"):
        mail.outlet("smtp://mail..example", None).hand(letter(), lambda: None)


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


def test_a_connection_that_breaks_after_data_is_no_answer(office: PostOffice) -> None:
    office.deaf_after_data = True
    with pytest.raises(NoAnswer):
        send(office)


def test_doubt_begins_when_the_recipient_was_accepted_and_nothing_was_sent(
    office: PostOffice,
) -> None:
    seen: list[int] = []

    def doubt() -> None:
        seen.append(len(office.envelopes))

    with closing(mail.outlet(f"smtp://127.0.0.1:{office.port}", None)) as outlet:
        outlet.hand(letter(), doubt)
        office.recipient_reply = "550 no such user"
        with pytest.raises(PermanentMailError):
            outlet.hand(letter(), doubt)
    assert seen == [0]
    assert len(office.envelopes) == 1


def test_a_letter_whose_doubt_can_not_be_noted_is_not_sent(office: PostOffice) -> None:
    def full() -> None:
        raise StoreError("the disk is full")

    outlet = mail.outlet(f"smtp://127.0.0.1:{office.port}", None)
    with pytest.raises(StoreError):
        outlet.hand(letter(), full)
    assert office.envelopes == []
    outlet.hand(letter(), lambda: None)
    outlet.close()
    assert len(office.envelopes) == 1


def test_a_letter_called_back_at_the_last_moment_holds_up_no_other(
    office: PostOffice,
) -> None:
    def back() -> None:
        raise TemporaryMailError("overtaken by a later try")

    began = monotonic()
    with closing(mail.outlet(f"smtp://127.0.0.1:{office.port}", None)) as outlet:
        with pytest.raises(TemporaryMailError):
            outlet.hand(letter(), back)
        outlet.hand(letter(), lambda: None)
    assert len(office.envelopes) == 1
    assert monotonic() - began < 30  # a server in want of a message answers nothing


def test_one_connection_serves_many_letters(office: PostOffice) -> None:
    with closing(mail.outlet(f"smtp://127.0.0.1:{office.port}", None)) as outlet:
        for number in range(3):
            outlet.hand(letter(f"b{number}@x.example"), lambda: None)
    assert len(office.envelopes) == 3
    assert office.connections == 1


def test_a_connection_that_ended_meanwhile_is_opened_anew(office: PostOffice) -> None:
    with closing(mail.outlet(f"smtp://127.0.0.1:{office.port}", None)) as outlet:
        office.deaf_after_data = True
        with pytest.raises(NoAnswer):
            outlet.hand(letter(), lambda: None)
        office.deaf_after_data = False
        outlet.hand(letter(), lambda: None)
    assert office.connections == 2


def test_a_server_that_drips_its_answers_is_cut_off() -> None:
    with Dripping() as port:
        server = replace(mail.server(f"smtp://127.0.0.1:{port}", None), patience=0.3)
        with pytest.raises(MailServerDown):
            Post(server).hand(letter(), lambda: None)


def test_a_full_mailbox_is_temporary_though_its_code_is_final(
    office: PostOffice,
) -> None:
    office.recipient_reply = "552 5.2.2 mailbox full"
    with pytest.raises(TemporaryMailError, match="mailbox full"):
        send(office)


@pytest.mark.parametrize("stage", ["HELO", "MAIL"])
def test_a_server_that_refuses_the_sender_is_at_fault_for_no_reader(
    office: PostOffice, stage: str
) -> None:
    office.refused_at = stage
    with pytest.raises(MailServerDown, match="550 not you"):
        send(office)


def test_a_domain_outside_ascii_goes_as_idna_writes_it(office: PostOffice) -> None:
    with closing(mail.outlet(f"smtp://127.0.0.1:{office.port}", None)) as outlet:
        outlet.hand(letter("ada@b\u00fccher.example"), lambda: None)
    assert office.envelopes[0].rcpt_tos == ["ada@xn--bcher-kva.example"]


def test_an_address_the_server_can_not_take_is_permanent() -> None:
    with (
        PostOffice(utf8=False) as office,
        closing(mail.outlet(f"smtp://127.0.0.1:{office.port}", None)) as outlet,
    ):
        with pytest.raises(PermanentMailError, match="SMTPUTF8"):
            outlet.hand(letter("\u00e4nnchen@x.example"), lambda: None)
        outlet.hand(letter(), lambda: None)
        assert len(office.envelopes) == 1


def test_lines_of_dots_and_bare_newlines_arrive_as_text(office: PostOffice) -> None:
    odd = replace(letter(), message=b"Subject: a\n\n.\n..b\r\n.c")
    with closing(mail.outlet(f"smtp://127.0.0.1:{office.port}", None)) as outlet:
        outlet.hand(odd, lambda: None)
    assert office.envelopes[0].content == b"Subject: a\r\n\r\n.\r\n..b\r\n.c\r\n"


def test_xoauth2_sends_the_token_that_a_command_prints(
    authority: tuple[ssl.SSLContext, Path],
) -> None:
    context, file = authority
    with PostOffice(context, login=True) as office:
        url = f"smtp://{USER}@127.0.0.1:{office.port}?starttls&auth=xoauth2"
        command = (sys.executable, "-c", f"print({PASSWORD!r})")
        at = f"{url}&cafile={file}"
        with closing(mail.outlet(at, None, command)) as outlet:
            outlet.hand(letter(), lambda: None)
        assert len(office.envelopes) == 1
        wrong = mail.outlet(at, "stale")
        with pytest.raises(MailServerDown, match="login refused: 535"):
            wrong.hand(letter(), lambda: None)


def test_a_password_command_that_fails_is_told() -> None:
    with PostOffice() as office:
        url = f"smtp://{USER}@127.0.0.1:{office.port}"
        with pytest.raises(MailServerDown, match=r"password_command: false: .* 1$"):
            mail.outlet(url, None, ("false",)).hand(letter(), lambda: None)


@pytest.mark.parametrize("program", ["false", "no-such-program"])
def test_what_a_password_command_is_called_with_is_not_told(program: str) -> None:
    with PostOffice() as office:
        url = f"smtp://{USER}@127.0.0.1:{office.port}"
        outlet = mail.outlet(url, None, (program, "--token", "hush"))
        with pytest.raises(MailServerDown) as caught:
            outlet.hand(letter(), lambda: None)
    assert program in str(caught.value)
    assert "hush" not in str(caught.value)


def test_a_dead_server_is_temporary_and_named() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(MailServerDown, match=f"127.0.0.1:{port}"):
        mail.outlet(f"smtp://127.0.0.1:{port}", None).hand(letter(), lambda: None)


def test_checking_a_server_sends_nothing(office: PostOffice) -> None:
    mail.check(mail.server(f"smtp://127.0.0.1:{office.port}", None))
    assert office.envelopes == []


def test_ports_follow_the_scheme() -> None:
    assert mail.server("smtp://h", None).port == 25
    assert mail.server("smtps://u%40x@h", None) == mail.Server(
        "h", 465, implicit_tls=True, user="u@x"
    )
