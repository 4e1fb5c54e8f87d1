"""A digest as a mail: its headers, its two parts, and its size whatever the week."""

import os
import re
import shutil
import subprocess
from contextlib import closing
from dataclasses import replace
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, default, strict
from mailbox import mbox
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.postoffice import PostOffice
from tests.render import example
from tests.render.example import digest, huge, item, pick, titled
from tests.render.forms import MONDAY
from tests.render.test_html import Page
from tracker import mail
from tracker.core.weekly import Digest, Section, Trend, TrendKind
from tracker.render.message import message, parts
from tracker.render.story import shown_title
from tracker.render.ways import Ways

SENDER = "tracker <digest@tracker.example>"
NAME = "<2026-W47.0123456789abcdef01234567@tracker.example>"
_MOST = 100_000


def _mailed(
    made: Digest, sender: str = SENDER, to: str = "anna@mail.example"
) -> tuple[EmailMessage, bytes]:
    """Return a digest's mail as a mail program reads it, and as it is sent."""
    sent = message(made, sender, to, NAME, MONDAY).as_bytes()
    return message_from_bytes(sent, policy=default), sent


def _part(letter: EmailMessage, kind: str) -> str:
    found = letter.get_body((kind,))
    assert found is not None
    return str(found.get_content())


def test_the_subject_names_the_week_and_its_first_story() -> None:
    letter, _ = _mailed(example.week())
    first = "Two towers, one index: retrieval for 400 million boats"
    assert letter["Subject"] == f"Week 2026-W47: {first}"


def test_the_subject_of_an_empty_week_says_so() -> None:
    letter, _ = _mailed(example.empty())
    assert letter["Subject"] == "Week 2026-W47: nothing new"
    assert "Nothing new this week from 3 sources" in _part(letter, "plain")
    assert "Nothing new this week from 3 sources" in _part(letter, "html")


_WAYS = Ways(
    "https://tracker.example/do/stop",
    lambda item: (("Read later", f"https://tracker.example/do/{item}"),),
)


_LOOKED_AT = (
    (example.week(), _WAYS),
    (example.week(), None),
    (example.odd(), _WAYS),
    (example.empty(), _WAYS),
)


def test_a_filter_against_spam_finds_next_to_nothing(tmp_path: Path) -> None:
    program = shutil.which("spamassassin")
    if not program:
        pytest.skip("no spamassassin at hand: apt-get install spamassassin")
    to = '"anna" <anna@mail.example>'
    letters = [
        message(made, SENDER, to, NAME, MONDAY, ways) for made, ways in _LOOKED_AT
    ]
    with closing(mbox(tmp_path / "sent")) as box:  # all in one run: it starts slowly
        for letter in letters:
            box.add(letter)
    done = subprocess.run(
        [program, "--local", "--cf", "bayes_path /dev/null", "--mbox"],
        input=(tmp_path / "sent").read_bytes(),
        env={"HOME": str(tmp_path), "PATH": os.defpath},
        capture_output=True,
        check=True,
    )
    (tmp_path / "judged").write_bytes(done.stdout)
    with closing(mbox(tmp_path / "judged")) as box:
        verdicts = [letter["X-Spam-Status"] for letter in box]
    assert len(verdicts) == len(letters)
    for verdict in verdicts:
        score = re.search(r"score=(-?[\d.]+)", verdict)
        assert score, verdict
        assert float(score[1]) < 1.0, verdict


@pytest.mark.parametrize(
    "made", [example.week(), example.odd(), example.many(), example.empty()]
)
def test_a_strict_parser_finds_no_fault(made: Digest) -> None:
    _, sent = _mailed(made)
    letter = message_from_bytes(sent, policy=strict)  # raises at the first defect
    assert not any(part.defects for part in letter.walk())
    assert sent.count(b"\n") == sent.count(b"\r\n")
    assert sent.isascii()


def test_headers_say_from_whom_to_whom_and_when() -> None:
    letter, _ = _mailed(example.week())
    assert letter["From"] == SENDER
    assert letter["To"] == "anna@mail.example"
    assert letter["Date"].datetime == MONDAY
    assert str(letter["Date"]).endswith("+0100")  # where the reader is
    assert letter["Message-ID"] == NAME
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Id"] == "tracker <digest.tracker.example>"


def test_text_comes_before_html() -> None:
    letter, _ = _mailed(example.week())
    assert letter.get_content_type() == "multipart/alternative"
    kinds = [part.get_content_type() for part in letter.iter_parts()]
    assert kinds == ["text/plain", "multipart/related"]
    without, _ = _mailed(titled("Ranking"))
    assert [part.get_content_type() for part in without.iter_parts()] == [
        "text/plain",
        "text/html",
    ]


def test_the_chart_is_inside_the_mail_and_told_in_words() -> None:
    letter, _ = _mailed(example.week())
    (image,) = [a for t, a in Page(_part(letter, "html")).tags if t == "img"]
    (picture,) = [p for p in letter.walk() if p.get_content_type() == "image/png"]
    assert image["src"] == f"cid:{str(picture['Content-ID']).strip('<>')}"
    assert "Large language models 142, usually 90" in str(image["alt"])
    assert picture.get_content_disposition() == "inline"
    content = picture.get_content()
    assert content.startswith(b"\x89PNG")
    assert len(content) < 25_000


def test_the_same_digest_makes_the_same_bytes() -> None:
    assert _mailed(example.week())[1] == _mailed(example.week())[1]


@pytest.mark.parametrize(
    "title",
    [
        "Ranking\r\nBcc: eve@evil.example",
        "Ranking\nX-Evil: 1\n\n<html>",
        "Ranking\u2028Bcc: eve@evil.example",
        "Ranking\x00\x1b[31m",
    ],
)
def test_a_title_cannot_add_a_header(title: str) -> None:
    letter, sent = _mailed(titled(title))
    assert letter.keys() == _mailed(titled("Ranking"))[0].keys()
    assert letter["Bcc"] is None
    assert b"\x1b" not in sent


def test_an_address_with_line_breaks_cannot_add_a_header() -> None:
    letter, _ = _mailed(titled("a"), "a <a@x.example>\r\nBcc: e@x.example", "b\n@y.z")
    assert "Bcc" not in letter


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=450))
def test_any_title_makes_a_mail_that_any_server_takes(title: str) -> None:
    made = titled(title)
    letter, sent = _mailed(made)
    assert sent.isascii()
    assert max(map(len, sent.split(b"\r\n"))) <= 998
    assert b"\n" not in sent.replace(b"\r\n", b"")
    shown = shown_title(made.sections[0].picks[0].item)
    start = str(letter["Subject"]).removeprefix("Week 2026-W47: ").rstrip("\u2026")
    assert "".join(shown.split()).startswith("".join(start.split()))
    assert shown in "".join(Page(_part(letter, "html")).texts["a"])


def test_names_outside_ascii_are_encoded() -> None:
    letter, sent = _mailed(titled("Über 検索"), "Größe <digest@tracker.example>")
    assert sent.isascii()
    assert letter["Subject"] == "Week 2026-W47: Über 検索"
    assert letter["From"].addresses == (
        Address("Größe", addr_spec="digest@tracker.example"),
    )


def test_an_address_outside_ascii_is_written_as_smtputf8_asks() -> None:
    letter, sent = _mailed(example.week(), to="ännchen@mail.example")
    assert "To: ännchen@mail.example\r\n".encode() in sent
    assert letter["To"] == "ännchen@mail.example"


def test_a_server_that_speaks_smtputf8_takes_such_an_address() -> None:
    recipient = "ännchen@mail.example"
    _, sent = _mailed(example.week(), to=recipient)
    with (
        PostOffice() as office,
        closing(mail.outlet(f"smtp://127.0.0.1:{office.port}", None)) as outlet,
    ):
        letter = mail.Letter("digest@tracker.example", recipient, NAME, sent)
        outlet.hand(letter, lambda: None)
    assert office.envelopes[0].rcpt_tos == [recipient]
    assert office.messages[0]["To"] == recipient


def test_a_mail_says_how_to_stop_it() -> None:
    letter, _ = _mailed(example.week())
    way = (
        f"<mailto:digest@tracker.example?subject=unsubscribe%20{example.week().reader}>"
    )
    assert letter["List-Unsubscribe"] == way
    assert letter["List-Unsubscribe-Post"] is None


def test_one_click_stops_it_where_there_is_a_page_and_its_address_stays_whole() -> None:
    page = "https://tracker.example/do/" + "a-Z_9." * 60
    sent = message(
        example.week(), SENDER, "anna@mail.example", NAME, MONDAY, Ways(stop=page)
    ).as_bytes()
    assert f"\r\nList-Unsubscribe: <{page}>,\r\n <mailto:".encode() in sent
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in sent
    assert max(len(line) for line in sent.split(b"\r\n")) < 998


def test_no_reader_and_no_page_adds_a_header() -> None:
    odd = replace(example.week(), reader="anna\r\nBcc: x@y.example")
    page = "https://tracker.example/do/a\r\nBcc: x@y.example>"
    sent = message(
        odd, SENDER, "anna@mail.example", NAME, MONDAY, Ways(stop=page)
    ).as_bytes()
    assert message_from_bytes(sent, policy=default)["Bcc"] is None


def test_a_domain_in_another_script_is_written_as_idna_writes_it() -> None:
    letter, sent = _mailed(
        example.week(), "Größe <digest@bücher.example>", "anna@bücher.example"
    )
    assert sent.isascii()
    assert letter["To"] == "anna@xn--bcher-kva.example"
    assert letter["From"].addresses[0].domain == "xn--bcher-kva.example"
    assert letter["From"].addresses[0].display_name == "Größe"


@pytest.mark.parametrize(
    ("title", "encoding"), [("Ranking", "quoted-printable"), ("長" * 300, "base64")]
)
def test_each_part_is_encoded_in_the_shorter_way(title: str, encoding: str) -> None:
    letter, _ = _mailed(titled(*[title] * 20))
    text = letter.get_body(("plain",))
    assert text is not None
    assert text["Content-Transfer-Encoding"] == encoding


def test_the_text_has_72_columns() -> None:
    letter, _ = _mailed(example.week())
    for line in _part(letter, "plain").splitlines():
        assert cell_len(line) <= 72 or re.match(r" *\[\d+\] https://", line)
    assert "\x1b" not in _part(letter, "plain")


def test_each_number_in_the_text_has_its_address_at_the_end() -> None:
    letter, _ = _mailed(example.week())
    body, _, links = _part(letter, "plain").replace("\r", "").partition("LINKS\n")
    numbers = re.findall(r"\[(\d+)\]", body)
    assert numbers == [str(n) for n in range(1, 9)]
    assert re.findall(r"^ *\[(\d+)\] https?://\S+$", links, re.MULTILINE) == numbers
    assert "https://" not in body


def test_the_html_loads_nothing_and_carries_its_style_inline() -> None:
    letter, _ = _mailed(example.week())
    page = Page(_part(letter, "html"))
    assert not {tag for tag, _ in page.tags} & {"script", "link", "iframe"}
    assert all(src.startswith("cid:") for src in page.values("src"))
    titles = [attrs for _, attrs in page.tags if "title" in str(attrs.get("class"))]
    assert len(titles) == 8 + 2
    assert all("color:" in str(attrs["style"]) for attrs in titles)
    assert "prefers-color-scheme: dark" in page.texts["style"][0]
    tables = [attrs for tag, attrs in page.tags if tag == "table"]
    assert {attrs["role"] for attrs in tables} == {"presentation"}


def test_markup_in_a_title_is_text_in_the_html() -> None:
    title = "<script>alert(1)</script> <b style='color:red'>bold</b>"
    page = Page(_part(_mailed(titled(title))[0], "html"))
    assert page.texts["a"] == [title]
    assert "script" not in page.texts


def test_only_web_addresses_are_links() -> None:
    made = item(url="mailto:eve@evil.example", links=("javascript:alert(1)",))
    letter, _ = _mailed(digest(Section("top", "Read first", (pick(made),))))
    assert Page(_part(letter, "html")).values("href") == []
    assert "mailto" not in _part(letter, "plain")


_LONG = {
    "plain": "A paper about the ranking of very many things " * 8,
    "wide": "とても長い題名" * 60,
    "accents": "é" * 400,
    "emoji": "\U0001f680" * 400,
    "marks": "=<>&\"'" * 70,
}


@pytest.mark.parametrize(
    ("kind", "items"),
    [("plain", 1_200), ("wide", 200), ("accents", 200), ("emoji", 200), ("marks", 200)],
)
def test_no_week_makes_a_mail_of_100_000_bytes(kind: str, items: int) -> None:
    made = huge([f"{n} {_LONG[kind]}" for n in range(items)])
    letter, sent = _mailed(made)
    assert 80_000 < len(sent) < _MOST
    assert len(message_from_bytes(sent).as_bytes(policy=SMTP)) < _MOST
    shown = len(re.findall(r"^ *#\d+ ", _part(letter, "plain"), re.MULTILINE))
    assert shown >= 7  # the top picks stay
    said = f"{items - shown:,} more did not fit"
    for part in ("plain", "html"):
        assert said in _part(letter, part)
        assert "tracker digest --week 2026-W47" in _part(letter, part)


def test_a_mail_with_a_chart_stays_as_short() -> None:
    bars = tuple(
        Trend(TrendKind.TOPIC, f"topic-{n}-of-many-letters", 997 - n, (83 * n,), 1.0)
        for n in range(40)
    )
    made = replace(huge([f"{n} {_LONG['marks']}" for n in range(200)]), trends=bars)
    letter, sent = _mailed(made)
    assert 80_000 < len(sent) < _MOST
    assert "image/png" in [part.get_content_type() for part in letter.walk()]


def test_the_last_items_go_before_a_word_on_what_to_read_first_does() -> None:
    letter, sent = _mailed(huge([f"{n} {_LONG['marks']}" for n in range(60)]))
    assert len(sent) < _MOST
    assert "did not fit" in _part(letter, "plain")
    classes = [attrs.get("class") for _, attrs in Page(_part(letter, "html")).tags]
    assert classes.count("summary") == 7


def test_a_week_that_fits_is_mailed_whole() -> None:
    letter, sent = _mailed(example.week())
    assert len(sent) < _MOST
    assert "It serves 400 million items" in _part(letter, "html")
    assert "did not fit" not in _part(letter, "plain")


def test_a_mail_lists_the_first_sources_in_trouble_and_counts_the_others() -> None:
    letter, _ = _mailed(huge(["a"]))
    text = _part(letter, "plain")
    assert "188 more: tracker sources list tells how they did" in text
    assert "188 more sources" in text


def test_a_sent_mail_can_be_looked_at_without_a_mail_program() -> None:
    letter, sent = _mailed(example.week())
    text, page = parts(sent)
    assert text == _part(letter, "plain").replace("\r\n", "\n")
    (source,) = Page(page).values("src")
    assert source.startswith("data:image/png;base64,iVBORw0KGgo")
