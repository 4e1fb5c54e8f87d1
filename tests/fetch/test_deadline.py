"""Time: a Door is let go of at its deadline, and at once when it is closed."""

import socket
import struct
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from threading import Event

import pytest

from tests.fakes import Clock
from tests.fetch.conftest import Names, OpenDoor
from tests.fetch.wire import Script, Wire, drips, keeps_silent
from tests.server import Reply, Route, Seen, Site
from tracker.core.values import Document, Request
from tracker.errors import Blocked, FetchError, RateLimited
from tracker.fetch import Door, addresses, network
from tracker.fetch.failures import Failures

BODY = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
CHUNKS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
HINTS = b"HTTP/1.1 103 Early Hints\r\n\r\n"


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Fail when the block takes longer; generous, for slow machines."""
    start = time.monotonic()
    yield
    assert time.monotonic() - start < seconds


@pytest.mark.parametrize(
    "script",
    [
        keeps_silent,
        drips(b"HTTP/1.1 200 OK\r\nX: "),
        drips(b"HTTP/1.1 200 OK\r\n", b"X: 1\r\n"),
        drips(b"", HINTS),
        drips(BODY),
        drips(CHUNKS, b"1\r\nx\r\n"),
        drips(b"HTTP/1.1 500 Oops\r\nContent-Length: 1000\r\n\r\n"),
    ],
    ids=["silence", "header", "headers", "hints", "body", "chunks", "refusal"],
)
def test_a_server_that_drips_is_dropped_at_the_deadline(
    open_door: OpenDoor, script: Script
) -> None:
    door = open_door(timeout=0.2)
    with Wire(script) as wire, _within(1.5), pytest.raises(FetchError) as raised:
        door(Request(wire.url))
    assert "within 0.2 s" in str(raised.value) or "500" in str(raised.value)


def test_a_server_that_is_silent_in_the_tls_handshake_is_dropped_at_the_deadline(
    open_door: OpenDoor,
) -> None:
    door = open_door(timeout=0.2)
    silent = Wire(keeps_silent, reads_first=False)
    with silent as wire, _within(1.5), pytest.raises(FetchError, match=r"0\.2 s"):
        door(Request(f"https://127.0.0.1:{wire.port}/"))


def test_the_deadline_holds_for_all_redirects_together(open_door: OpenDoor) -> None:
    over = Event()

    def slow(seen: Seen) -> tuple[int, dict[str, str], bytes]:
        over.wait(0.08)
        return 302, {"Location": f"{seen.path}x"}, b""

    routes = {f"/{'x' * i}": slow for i in range(6)}
    refused = pytest.raises(FetchError, match=r"0\.2 s")
    with Site(routes) as site, _within(1.5), refused:
        open_door(timeout=0.2)(Request(f"{site.url}/"))
    assert 2 <= len(site.requests) <= 4


@contextmanager
def _full_server(host: str = "127.0.0.1", port: int = 0) -> Iterator[int]:
    """Yield the port of a server that leaves everybody waiting outside."""
    with ExitStack() as sockets:
        server = sockets.enter_context(socket.socket())
        server.bind((host, port))
        server.listen(0)
        for _ in range(3):
            waiting = sockets.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(server.getsockname())
        yield int(server.getsockname()[1])


def test_a_server_that_does_not_let_us_in_is_dropped_at_the_deadline(
    open_door: OpenDoor,
) -> None:
    refused = pytest.raises(FetchError, match=r"0\.2 s")
    with _full_server() as port, _within(1.5), refused:
        open_door(timeout=0.2)(Request(f"http://127.0.0.1:{port}/"))


def test_the_next_machine_is_tried_when_one_is_slow_to_let_us_in(
    open_door: OpenDoor, names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "_PATIENCE", 0.1)
    names.known["twins.test"] = [("127.0.0.9", "127.0.0.1")]
    with Site({"/": (200, {}, b"alive")}) as site:
        url = f"http://twins.test:{site.port}/"
        with _full_server("127.0.0.9", site.port), _within(1.5):
            assert open_door()(Request(url)).body == b"alive"


class SlowNames:
    """A name service that does not answer until the test is over."""

    def __init__(self) -> None:
        self.asked = Event()
        self.over = Event()

    def __call__(self, host: str, port: int) -> tuple[str, ...]:
        self.asked.set()
        self.over.wait(5)
        return ("127.0.0.1",)


@pytest.fixture
def slow_names(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowNames]:
    service = SlowNames()
    monkeypatch.setattr(addresses, "resolve", service)
    yield service
    service.over.set()


@pytest.mark.usefixtures("slow_names")
def test_a_slow_name_service_is_not_waited_for(open_door: OpenDoor) -> None:
    with _within(1.5), pytest.raises(FetchError, match=r"0\.2 s"):
        open_door(timeout=0.2)(Request("http://slow.test/"))


def test_a_connection_reset_is_an_error(door: Door) -> None:
    def resets(connection: socket.socket, over: Event) -> None:
        connection.sendall(BODY + b"half")
        at_once = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)

    refused = pytest.raises(FetchError, match="broken answer: Connection reset")
    with Wire(resets) as wire, refused:
        door(Request(wire.url))


def _asked_then_closed(
    door: Door, url: str, is_asked: Callable[[], object]
) -> "Future[Document]":
    """Return the finished fetch of `url`, the door closed in the midst of it."""
    with ThreadPoolExecutor(1) as threads:
        fetch = threads.submit(door, Request(url))
        is_asked()
        with _within(1.0):
            door.close()
            assert isinstance(fetch.exception(5), FetchError)
    return fetch


@pytest.mark.parametrize(
    "script",
    [keeps_silent, drips(b"HTTP/1.1 200 OK\r\n\r\n"), drips(BODY), drips(b"", HINTS)],
    ids=["silence", "endless", "body", "hints"],
)
def test_closing_interrupts_what_is_being_read(door: Door, script: Script) -> None:
    def is_under_way() -> bool:
        # A little later, so that what was sent has been read.
        return wire.asked.wait(5) and Event().wait(0.1)

    with Wire(script) as wire:
        fetch = _asked_then_closed(door, wire.url, is_under_way)
    assert "interrupted" in str(fetch.exception())


def test_closing_interrupts_a_tls_handshake(door: Door) -> None:
    greeted = Event()

    def hears_only(connection: socket.socket, over: Event) -> None:
        connection.recv(1)
        greeted.set()
        over.wait(5)

    with Wire(hears_only, reads_first=False) as wire:
        url = f"https://127.0.0.1:{wire.port}/"
        fetch = _asked_then_closed(door, url, lambda: greeted.wait(5))
    assert "interrupted" in str(fetch.exception())


def test_closing_interrupts_a_look_up(door: Door, slow_names: SlowNames) -> None:
    fetch = _asked_then_closed(
        door, "http://slow.test/", lambda: slow_names.asked.wait(5)
    )
    assert "interrupted" in str(fetch.exception())


def test_closing_interrupts_a_connection_being_made(door: Door) -> None:
    with _full_server() as port:
        fetch = _asked_then_closed(
            door, f"http://127.0.0.1:{port}/", lambda: Event().wait(0.1)
        )
    assert "interrupted" in str(fetch.exception())


def test_closing_interrupts_the_wait_for_a_turn(open_door: OpenDoor) -> None:
    door = open_door(per_host_delay=60.0)
    with Site({"/feed": (200, {}, b"")}) as site:
        door(Request(f"{site.url}/feed"))
        fetch = _asked_then_closed(door, f"{site.url}/feed", lambda: Event().wait(0.05))
        assert "interrupted" in str(fetch.exception())
        assert len(site.requests) == 1


def test_a_closed_door_stays_closed_and_may_be_closed_again(door: Door) -> None:
    with Site({"/feed": (200, {}, b"")}) as site:
        door(Request(f"{site.url}/feed"))
        door.close()
        door.close()
        with pytest.raises(FetchError, match="has ended"):
            door(Request(f"{site.url}/feed"))
    assert len(site.requests) == 1


def test_a_dead_server_is_not_tried_again_for_a_minute(open_door: OpenDoor) -> None:
    clock = Clock()
    door = open_door(clock, timeout=0.2)
    with Wire(keeps_silent) as wire:
        with pytest.raises(FetchError, match=r"no whole answer within 0\.2 s"):
            door(Request(wire.url))
        cause = r"/next: not tried, 127\.0\.0\.1 .*no whole answer within 0\.2 s"
        with pytest.raises(FetchError, match=cause):
            door(Request(f"{wire.url}next"))
        assert wire.connections == 1
        clock.move(seconds=60)
        with pytest.raises(FetchError, match=r": no whole answer within 0\.2 s"):
            door(Request(wire.url))
        assert wire.connections == 2


def test_those_who_wait_for_a_dead_server_fail_with_the_first(
    open_door: OpenDoor,
) -> None:
    door = open_door(timeout=0.2, per_host_delay=2.0)
    with Wire(keeps_silent) as wire, ThreadPoolExecutor(6) as threads, _within(1.8):
        fetches = [threads.submit(door, Request(wire.url)) for _ in range(6)]
        messages = [str(fetch.exception()) for fetch in fetches]
    assert sum("not tried" in message for message in messages) == 5
    assert wire.connections == 1


def test_a_name_not_found_is_not_looked_up_again_for_a_minute(
    open_door: OpenDoor, names: Names
) -> None:
    door = open_door()
    for what in (": cannot connect: Name or", "not tried, .*Name or service"):
        with pytest.raises(FetchError, match=what):
            door(Request("http://nowhere.test/"))
    assert names.asked == ["nowhere.test"]


def test_a_server_that_says_no_is_not_taken_for_dead(door: Door) -> None:
    with Site({"/b": (200, {}, b"alive")}) as site:
        with pytest.raises(FetchError, match="404"):
            door(Request(f"{site.url}/a"))
        assert door(Request(f"{site.url}/b")).body == b"alive"


def test_a_server_that_answers_somebody_is_alive_for_everybody() -> None:
    failures = Failures(Clock())
    failures.remember(("a.test", 80), "no answer")
    failures.refuse(("a.test", 443), "another server")
    with pytest.raises(FetchError, match=r"where: not tried, a\.test .*: no answer"):
        failures.refuse(("a.test", 80), "where")
    failures.forget(("a.test", 80))
    failures.refuse(("a.test", 80), "where")


def test_an_answer_to_somebody_revives_a_server_taken_for_dead(
    open_door: OpenDoor,
) -> None:
    door, over, failed = open_door(timeout=0.4), Event(), Event()

    def hangs(seen: Seen) -> Reply:
        over.wait(5)
        return 200, {}, b"too late"

    def answers(seen: Seen) -> Reply:
        failed.wait(5)
        return 200, {}, b"alive"

    routes: dict[str, Route] = {"/hangs": hangs, "/slow": answers}
    with Site(routes) as site, ThreadPoolExecutor(2) as threads:
        dead = threads.submit(door, Request(f"{site.url}/hangs"))
        Event().wait(0.2)
        slow = threads.submit(door, Request(f"{site.url}/slow"))
        assert isinstance(dead.exception(5), FetchError)
        failed.set()
        assert slow.result(5).body == b"alive"
        assert door(Request(f"{site.url}/slow")).body == b"alive"
        over.set()


def test_a_bot_check_with_503_tells_nothing_of_other_pages(door: Door) -> None:
    check: Reply = (503, {}, b"<title>Just a moment...</title>")
    with Site({"/a": check, "/b": check, "/c": (200, {}, b"alive")}) as site:
        for path in ("/a", "/b"):
            with pytest.raises(Blocked, match=f"{path}: a bot check .*503"):
                door(Request(f"{site.url}{path}"))
        assert door(Request(f"{site.url}/c")).body == b"alive"


def test_where_a_busy_server_asked_for_peace_others_are_told_that(
    open_door: OpenDoor,
) -> None:
    clock = Clock()
    door = open_door(clock)
    busy = (503, {"Retry-After": "20"}, b"")
    with Site({"/a": busy, "/b": (200, {}, b"alive")}) as site:
        with pytest.raises(RateLimited, match="in 20 s"):
            door(Request(f"{site.url}/a"))
        with pytest.raises(RateLimited, match="not asked for another 20 s") as other:
            door(Request(f"{site.url}/b"))
        assert other.value.retry_after == 20
        clock.move(seconds=30)
        with pytest.raises(FetchError, match=r"not tried, .*it answered 503"):
            door(Request(f"{site.url}/b"))
    assert site.paths() == ["/a"]


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_server_that_is_down_fails_fast_for_its_other_pages(
    open_door: OpenDoor, status: int
) -> None:
    clock = Clock()
    door = open_door(clock)
    with Site({"/a": (status, {}, b""), "/b": (200, {}, b"alive")}) as site:
        with pytest.raises(FetchError, match=str(status)):
            door(Request(f"{site.url}/a"))
        with pytest.raises(FetchError, match=f"not tried, .*it answered {status}"):
            door(Request(f"{site.url}/b"))
        clock.move(seconds=60)
        assert door(Request(f"{site.url}/b")).body == b"alive"
    assert site.paths() == ["/a", "/b"]
