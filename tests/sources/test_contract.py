"""What every kind of source must do, shown on its example document."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tracker import sources
from tracker.core.values import Document, Entry, Page, Request, SignalName, Window
from tracker.errors import Blocked, RateLimited, ReadError, SourceError
from tracker.sources.base import Source

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
WINDOW = Window(NOW - timedelta(days=7), NOW)
EXAMPLES = Path(__file__).parent / "examples"
TYPES = {
    ".html": "text/html",
    ".json": "application/json",
    ".xml": "application/xml",
    ".yaml": "text/yaml",
}
KINDS = sources.kinds()
DATELESS = {"dblp"}  # kinds that state a year and no day
EMPTY = {"hf_daily": b"[]"}  # sound documents that hold nothing, such as a Sunday's
BOT_CHECK = (
    b"<!DOCTYPE html><html><head><title>Making sure you&#39;re not a bot!</title>"
    b"</head><body><p>Please wait a moment.</p></body></html>"
)
MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:amp|lt|gt|quot|nbsp|#\d+);")
CONTROL = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def example(kind: str) -> Document:
    found = sorted(EXAMPLES.glob(f"{kind}.*"))
    assert found, f"no example document: tests/sources/examples/{kind}.*"
    url = f"https://example.org/{found[0].name}"
    headers = {"content-type": TYPES[found[0].suffix]}
    return Document(url, url, 200, found[0].read_bytes(), NOW, headers)


def answer(kind: str, body: bytes) -> Document:
    url = example(kind).url
    return Document(url, url, 200, body, NOW, {"content-type": "text/html"})


def source(kind: str) -> Source:
    return sources.load(kind).at(example(kind).url)


def entries(kind: str) -> tuple[Entry, ...]:
    return source(kind).read(example(kind)).entries


def is_web_address(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def test_the_kinds_that_a_first_reading_list_needs_are_there() -> None:
    assert {"arxiv", "feed"} <= set(KINDS)
    assert "base" not in KINDS


@pytest.mark.parametrize("kind", KINDS)
class TestEveryKind:
    def test_says_what_it_is_and_how_often_it_is_worth_asking(self, kind: str) -> None:
        cls = sources.load(kind)
        assert cls.__doc__
        assert cls.every > timedelta(0)
        assert cls.lookback > timedelta(0)

    def test_asks_for_web_addresses_and_always_the_same(self, kind: str) -> None:
        requests = source(kind).first(WINDOW)
        assert requests
        assert all(isinstance(request, Request) for request in requests)
        assert all(is_web_address(request.url) for request in requests)
        assert requests == source(kind).first(WINDOW)

    def test_reads_its_example(self, kind: str) -> None:
        assert len(entries(kind)) >= 2

    def test_reads_the_same_document_to_equal_values(self, kind: str) -> None:
        assert source(kind).read(example(kind)) == source(kind).read(example(kind))

    def test_gives_plain_texts(self, kind: str) -> None:
        for entry in entries(kind):
            names = [author.name for author in entry.authors]
            places = [one for author in entry.authors for one in author.affiliations]
            for text in [
                entry.title,
                entry.summary,
                *names,
                *places,
                *entry.categories,
            ]:
                assert not MARKUP.search(text), text
                assert not CONTROL.search(text), text
                assert text == " ".join(text.split())
            assert entry.title
            assert all(names)

    def test_gives_content_that_is_safe_to_show(self, kind: str) -> None:
        for entry in entries(kind):
            assert not re.search(
                r"<script|\son\w+\s*=|javascript:", entry.content, re.I
            )

    def test_gives_absolute_web_addresses_or_none(self, kind: str) -> None:
        for entry in entries(kind):
            assert entry.url is None or is_web_address(entry.url)
            assert all(is_web_address(link) for link in entry.links)

    def test_gives_aware_times_in_utc(self, kind: str) -> None:
        moments = [
            moment
            for entry in entries(kind)
            for moment in (entry.published, entry.updated)
        ]
        assert any(moments) != (kind in DATELESS), "does the example show a date?"
        assert all(moment.tzinfo is UTC for moment in moments if moment)

    def test_names_each_entry_once(self, kind: str) -> None:
        guids = [entry.guid for entry in entries(kind)]
        assert all(guids)
        assert len(set(guids)) == len(guids)

    def test_states_ids_of_known_schemes(self, kind: str) -> None:
        for entry in entries(kind):
            for name in entry.ids:
                assert re.fullmatch(r"(doi:10\.|arxiv:[\w.-]+/?|openreview:)\S+", name)
                assert name == name.lower() or name.startswith("openreview:")

    def test_adds_evidence_or_makes_items_and_never_both(self, kind: str) -> None:
        found = entries(kind)
        assert any(one.signals for one in found) != sources.load(kind).makes_items
        for entry in found:
            names = [signal.name for signal in entry.signals]
            assert len(set(names)) == len(names)
            assert entry.ids or not names, "of which work is it?"

    def test_gives_signals_that_are_one_plain_line(self, kind: str) -> None:
        links = {SignalName.CODE, SignalName.PROJECT}
        counts = {SignalName.UPVOTES, SignalName.CITATIONS, SignalName.INFLUENTIAL}
        for signal in (one for entry in entries(kind) for one in entry.signals):
            assert signal.value == " ".join(signal.value.split())
            assert signal.name not in counts or int(signal.value) > 0
            assert signal.name not in links or is_web_address(signal.value)
            assert not MARKUP.search(signal.value)
            assert not CONTROL.search(signal.value)

    def test_asks_for_further_pages_by_web_address(self, kind: str) -> None:
        page = source(kind).read(example(kind))
        assert all(is_web_address(request.url) for request in page.next)

    def test_names_a_bot_check_that_came_with_status_200(self, kind: str) -> None:
        with pytest.raises(Blocked, match=r"example\.org.*bot"):
            source(kind).read(answer(kind, BOT_CHECK))

    def test_names_a_request_to_slow_down_that_came_with_200(self, kind: str) -> None:
        with pytest.raises(RateLimited, match="Rate exceeded"):
            source(kind).read(answer(kind, b"Rate exceeded."))

    @pytest.mark.parametrize(
        "body", [b"", b" \n", b"\0", b"null", b"[]", b"{}", b"<a/>"]
    )
    def test_refuses_what_is_no_document_of_its_kind(
        self, kind: str, body: bytes
    ) -> None:
        if body == EMPTY.get(kind):
            assert source(kind).read(answer(kind, body)) == Page(())
            return
        with pytest.raises(ReadError, match=r"example\.org"):
            source(kind).read(answer(kind, body))

    def test_reads_or_refuses_a_document_cut_anywhere(self, kind: str) -> None:
        whole = example(kind)
        for cut in range(1, len(whole.body), max(1, len(whole.body) // 60)):
            try:
                page = source(kind).read(answer(kind, whole.body[:cut]))
            except SourceError as error:
                assert "example.org" in str(error)
            else:
                assert all(entry.guid for entry in page.entries)

    def test_refuses_the_examples_of_other_formats(self, kind: str) -> None:
        other = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"
        with pytest.raises(SourceError):
            source(kind).read(answer(kind, other))
