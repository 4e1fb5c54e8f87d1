"""Other readers' lists are read and written; hostile ones are refused in one line."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker import opml
from tracker.errors import ReadError
from tracker.opml import Outline

_LIST = b"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0"><head><title>Mine</title></head><body>
<outline text="Labs"><outline text="Short" title="A lab &amp; more" type="rss"
  xmlUrl="https://lab.example/feed?a=1&amp;b=2" htmlUrl="https://lab.example/"/>
  <outline text="Deep">
    <outline text="Inner" xmlUrl=" https://in.example/rss "/>
  </outline>
</outline>
<outline text="A note"/>
<outline TEXT="Odd case" XMLURL="https://odd.example/"/>
</body></opml>"""


def nested(depth: int) -> bytes:
    return b"<opml>" + b"<outline>" * depth + b"</outline>" * depth + b"</opml>"


def test_a_lists_feeds_are_read_whatever_folder_they_are_in() -> None:
    assert opml.read(_LIST, "x") == (
        Outline(
            "A lab & more", "https://lab.example/feed?a=1&b=2", "https://lab.example/"
        ),
        Outline("Inner", "https://in.example/rss"),
        Outline("Odd case", "https://odd.example/"),
    )


def test_what_is_written_is_read_as_it_was() -> None:
    outlines = (
        Outline(
            "Quotes \" ' < & > 机器", "https://a.example/?x=1&y=2", "https://a.example"
        ),
        Outline("", "https://b.example/"),
        Outline("New\nline\ttab", "https://c.example/"),
    )
    text = opml.written(outlines, "<mine>")
    assert opml.read(text.encode(), "x") == outlines
    assert opml.read(opml.written((), "none").encode(), "x") == ()


def test_what_xml_has_no_character_for_does_not_break_a_list() -> None:
    text = opml.written([Outline("a\x00b\x1bc\ud800d\uffff", "https://a.example/")], "")
    (one,) = opml.read(text.encode(), "x")
    assert one.title == "a b c d"


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "cp1252"])
def test_a_list_in_another_encoding_is_read(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><opml><outline text="é"'
    body = f'{text} xmlUrl="https://a.example/"/></opml>'.encode(encoding)
    assert opml.read(body, "x")[0].title == "é"


_BOMB = (
    b'<!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
    )
    + b']><opml><outline text="&j;" xmlUrl="https://a.example/"/></opml>'
)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (_BOMB, "document type"),
        (b'<!DOCTYPE o SYSTEM "file:///etc/passwd"><opml/>', "document type"),
        (
            b'<!DOCTYPE o [<!ENTITY x SYSTEM "http://127.0.0.1/">]><opml>&x;</opml>',
            "document type",
        ),
        (b'<opml><outline text="&x;"/></opml>', "undefined entity"),
        (b'<rss version="2.0"><channel/></rss>', "its root is <rss>"),
        (b"<!DOCTYPE html><html></html>", "document type"),
        (b"<opml><body>", "line 1"),
        (b"", "no element found"),
        (b"\x00\x01\x02\xff\xfe", "not OPML"),
        (b"\x1f\x8b\x08" + bytes(100), "not OPML"),
        (b"Just a text", "not OPML"),
        (b'<?xml version="1.0" encoding="no-such"?><opml/>', "encoding"),
        (b'<?xml version="1.0" encoding="utf-8"?><opml a="\xff"/>', "not OPML"),
        (nested(5000), "levels deep"),
        (b"<opml " + b" ".join(b'xmlns:a%d="b"' % n for n in range(9)), "not OPML"),
        (
            b"<opml>" + b'<outline xmlUrl="https://a.example/"/>' * 20_001 + b"</opml>",
            "over 20,000 feeds",
        ),
        (b"<opml>" + b" " * 5_000_000 + b"</opml>", "over 5 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_hostile_list_is_refused_in_one_line(body: bytes, why: str) -> None:
    start = time.process_time()
    with pytest.raises(ReadError) as refused:
        opml.read(body, "list.opml")
    said = str(refused.value)
    assert said.startswith("list.opml: ")
    assert why in said
    assert "\n" not in said
    assert time.process_time() - start < 3


def test_a_list_cut_anywhere_is_refused() -> None:
    for end in range(0, len(_LIST.rstrip()), 7):
        with pytest.raises(ReadError):
            opml.read(_LIST[:end], "x")


@settings(deadline=None)
@given(st.text(), st.text(min_size=1))
def test_any_title_and_address_survive_but_for_what_xml_cannot_hold(
    title: str, address: str
) -> None:
    text = opml.written([Outline(title, address)], title)
    for one in opml.read(text.encode(), "x"):
        assert one.address == opml.sound(address).strip()
        assert one.title == opml.sound(title).strip()


@settings(deadline=None)
@given(st.integers(0, len(_LIST)), st.binary(max_size=8))
def test_a_damaged_list_is_read_or_refused(at: int, damage: bytes) -> None:
    body = _LIST[:at] + damage + _LIST[at + len(damage) :]
    try:
        assert all(one.address for one in opml.read(body, "x"))
    except ReadError as refused:
        assert "\n" not in str(refused)


@pytest.mark.recorded
@pytest.mark.parametrize(
    ("file", "feeds"),
    [("kilimchoi_engineering_blogs.opml", 422), ("peterc_engblogs.opml", 366)],
)
def test_a_real_list_survives_reading_and_writing(
    file: str, feeds: int, recorded: Path
) -> None:
    outlines = opml.read((recorded / "opml" / file).read_bytes(), file)
    assert len(outlines) == feeds
    assert opml.read(opml.written(outlines, "again").encode(), "again") == outlines
