"""Reading in processes of its own: what goes wrong there stays there."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from tests.fakes import MONDAY
from tests.readers import Deadly, Endless, Greedy, Plain, Talkative, Troubled
from tracker.core.values import Document, Page
from tracker.errors import Blocked, Interrupted, RateLimited, ReadError, SourceError
from tracker.reading import Reading
from tracker.sources.base import Source

URL = "https://blog.example/feed"


def document(body: bytes = b"") -> Document:
    return Document(URL, URL, 200, body, MONDAY)


@pytest.fixture(scope="module")
def reading() -> Iterator[Reading]:
    made = Reading(workers=1, seconds=30)
    yield made
    made.close()


def still_reads(reading: Reading) -> bool:
    return reading(Plain(url=URL), document(b"well")) == Page((), shortfall="well")


def test_a_document_is_read_in_another_process(reading: Reading) -> None:
    assert still_reads(reading)


def test_a_document_that_takes_too_long_is_given_up_and_others_go_on() -> None:
    reading = Reading(workers=1, seconds=0.2)
    try:
        with pytest.raises(ReadError, match=r"blog\.example.*took over 0\.2 s"):
            reading(Endless(url=URL), document())
    finally:
        reading.close()


def test_a_document_that_takes_too_much_memory_is_given_up(reading: Reading) -> None:
    with pytest.raises(ReadError, match=r"blog\.example.*too much memory"):
        reading(Greedy(url=URL), document())
    assert still_reads(reading)


def test_a_reader_that_dies_loses_its_document_alone(reading: Reading) -> None:
    with pytest.raises(ReadError, match=r"blog\.example.*broke off"):
        reading(Deadly(url=URL), document())
    assert still_reads(reading)


@pytest.mark.parametrize("error", [RateLimited, Blocked, ReadError])
def test_errors_keep_their_kind_and_words(
    reading: Reading, error: type[SourceError]
) -> None:
    with pytest.raises(error) as caught:
        reading(Troubled(url=URL, how=error.__name__), document())
    assert str(caught.value) in {"slow down", "a bot check", "not Atom"}


def test_a_rate_limit_keeps_how_long_to_rest(reading: Reading) -> None:
    with pytest.raises(RateLimited) as caught:
        reading(Troubled(url=URL, how="RateLimited"), document())
    assert caught.value.retry_after == 90.5


def test_a_bug_in_a_source_is_told_as_it_is(reading: Reading) -> None:
    with pytest.raises(ZeroDivisionError, match="oops"):
        reading(Troubled(url=URL, how="a bug"), document())


@pytest.mark.parametrize("source", [Plain(url=URL), Troubled(url=URL, how="Blocked")])
def test_nothing_is_read_once_it_is_closed(source: Source) -> None:
    reading = Reading(workers=1)
    reading.close()
    with pytest.raises(Interrupted):
        reading(source, document())


def test_closing_interrupts_what_is_being_read(tmp_path: Path) -> None:
    reading, begun = Reading(workers=1), tmp_path / "begun"
    closed = Event()
    with ThreadPoolExecutor(2) as pool:
        result = pool.submit(reading, Endless(url=URL, begun=begun), document())

        def close() -> None:
            while not begun.exists():
                closed.wait(0.01)
            reading.close()
            closed.set()

        pool.submit(close)
        with pytest.raises(Interrupted):
            result.result(timeout=60)
        assert closed.wait(30)


def test_what_libraries_log_of_a_document_reaches_nobody(reading: Reading) -> None:
    page = reading(Talkative(url=URL), document(b"\x1b]0;owned\x07"))
    assert page.shortfall == "False"
