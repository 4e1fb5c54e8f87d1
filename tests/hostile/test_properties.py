"""What cleans and judges text from outside keeps its word, whatever it is given."""

from ipaddress import IPv4Address, IPv6Address
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile import fuzz, safety
from tests.hostile.markup import ADDRESSES, PAYLOADS, TEXTS
from tracker.errors import AddressRefused
from tracker.fetch import addresses
from tracker.sources import base

bounded = settings(
    max_examples=100,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
# Text that is likely to mean something to somebody.
pieces = st.sampled_from([*PAYLOADS.values(), *TEXTS.values(), *ADDRESSES.values()])
marks = st.text(
    alphabet="<>&\"'/=;:#!-[]()ax \t\r\n\0\x1b\x85\u202e\ufeff", max_size=30
)
texts = st.lists(st.one_of(pieces, marks, st.text(max_size=20)), max_size=5).map(
    "".join
)


@bounded
@given(texts)
def test_plain_text_is_one_line_without_controls(markup: str) -> None:
    text = base.plain_text(markup)
    assert not list(safety.line(text, "text"))
    assert text == " ".join(text.split())


@bounded
@given(texts)
def test_one_line_changes_nothing_twice(text: str) -> None:
    once = base.one_line(text)
    assert base.one_line(once) == once


@bounded
@given(texts, st.none() | pieces)
def test_safe_html_has_nothing_that_acts(markup: str, page: str | None) -> None:
    safe = base.safe_html(markup, page)
    assert not list(safety.fragment(safe, "content"))
    assert not list(safety.fragment(base.safe_html(safe, page), "content"))


@bounded
@given(texts, st.none() | texts | st.just("https://a.example/b/"))
def test_web_url_returns_a_web_address_or_none(address: str, page: str | None) -> None:
    url = base.web_url(address, page)
    assert not list(safety.address(url, "url"))
    assert base.web_url(url) == url


@bounded
@given(st.one_of(texts, texts.map("http://a.example/".__add__)))
def test_an_address_to_fetch_is_ascii_without_controls(url: str) -> None:
    try:
        parts = addresses.address(url)
    except AddressRefused as refused:
        assert str(refused).isprintable()
        return
    for part in (parts.host, parts.target, parts.authority):
        assert part.isascii()
        assert part.isprintable()
        assert " " not in part


@bounded
@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_however_it_is_wrapped(ip: IPv4Address) -> None:
    number = int(ip)
    is_public = addresses.is_public(str(ip))
    for wrapped in (
        0xFFFF << 32 | number,
        0x64FF9B << 96 | number,
        0x2002 << 112 | number << 80,
    ):
        assert addresses.is_public(str(IPv6Address(wrapped))) is is_public
    assert not addresses.is_public(str(IPv6Address(number)))
    assert not (is_public and (ip.is_private or ip.is_loopback or ip.is_link_local))


@bounded
@given(st.ip_addresses(v=6))
def test_no_private_ipv6_address_is_public(ip: IPv6Address) -> None:
    if addresses.is_public(str(ip)):
        inside = ip.sixtofour or ip.ipv4_mapped
        assert ip.is_global or inside is not None
        assert ip.teredo is None


@pytest.mark.parametrize("reader", fuzz.READERS, ids=lambda reader: reader.name)
@settings(bounded, max_examples=40)
@given(seed=st.integers(0, 2**32))
def test_a_damaged_document_is_read_or_refused(reader: fuzz.Reader, seed: int) -> None:
    assert fuzz.wrong(reader, reader.damaged(Random(seed))) is None
