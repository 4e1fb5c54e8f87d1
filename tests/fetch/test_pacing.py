"""Turns: by threads, by processes, by hosts that count as one, and closures."""

import json
import multiprocessing
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from threading import Barrier, Event, Lock

import pytest

from tests.fakes import Clock
from tests.fetch import elsewhere
from tests.fetch.conftest import Names, OpenDoor
from tests.server import Reply, Seen, Site
from tracker.core.values import Request
from tracker.errors import Blocked, FetchError, RateLimited
from tracker.fetch import Door, pacing
from tracker.fetch.pace_file import Pace, file_for, read, write
from tracker.fetch.pacing import TERMS, group_of

BUSY: Reply = (429, {"Retry-After": "600"}, b"")


class Times:
    """A route that notes when each request starts and ends, 20 ms later."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._takes = Event()
        self.spans: list[tuple[float, float]] = []

    def __call__(self, seen: Seen) -> Reply:
        start = time.monotonic()
        self._takes.wait(0.02)
        with self._lock:
            self.spans.append((start, time.monotonic()))
        return 200, {}, b""

    def gaps(self) -> list[float]:
        """Return the seconds from each end to the next start."""
        spans = sorted(self.spans)
        return [later[0] - earlier[1] for earlier, later in pairwise(spans)]


def test_threads_take_turns_with_a_host(open_door: OpenDoor) -> None:
    door, times = open_door(per_host_delay=0.1), Times()
    with Site({"/feed": times}) as site, ThreadPoolExecutor(4) as threads:
        list(threads.map(door, [Request(f"{site.url}/feed")] * 4))
    assert len(times.gaps()) == 3
    assert min(times.gaps()) >= 0.1


def test_processes_take_turns_with_a_host(tmp_path: Path) -> None:
    spawn, times = multiprocessing.get_context("spawn"), Times()
    with Site({"/feed": times}) as site:
        work = (f"{site.url}/feed", tmp_path / "pace", 0.2, 2)
        others = [spawn.Process(target=elsewhere.fetch, args=work) for _ in range(2)]
        for other in others:
            other.start()
        for other in others:
            other.join(20)
    assert [other.exitcode for other in others] == [0, 0]
    assert len(times.gaps()) == 3
    assert min(times.gaps()) >= 0.2


def test_a_process_that_dies_in_its_turn_stops_nobody(
    open_door: OpenDoor, tmp_path: Path
) -> None:
    asked, dead = Event(), Event()

    def answer(seen: Seen) -> Reply:
        if not asked.is_set():
            asked.set()
            dead.wait(10)
        return 200, {}, b"alive"

    with Site({"/feed": answer}) as site:
        work = (f"{site.url}/feed", tmp_path / "pace", 0.1, 1)
        spawn = multiprocessing.get_context("spawn")
        other = spawn.Process(target=elsewhere.fetch, args=work)
        other.start()
        assert asked.wait(10)
        other.kill()
        other.join(10)
        dead.set()
        document = open_door(per_host_delay=0.1)(Request(f"{site.url}/feed"))
    assert document.body == b"alive"


def test_without_a_delay_requests_to_a_host_run_in_parallel(
    door: Door, tmp_path: Path
) -> None:
    together = Barrier(4)

    def answer(seen: Seen) -> Reply:
        together.wait(5)
        return 200, {}, b""

    with Site({"/feed": answer}) as site, ThreadPoolExecutor(4) as threads:
        documents = list(threads.map(door, [Request(f"{site.url}/feed")] * 4))
    assert len(documents) == 4
    assert not (tmp_path / "pace").exists()


def test_hosts_do_not_wait_for_each_other(open_door: OpenDoor) -> None:
    door = open_door(per_host_delay=60.0)
    start = time.monotonic()
    with Site({"/feed": (200, {}, b"")}) as site:
        door(Request(f"{site.url}/feed"))
        door(Request(f"http://localhost:{site.port}/feed"))
    assert time.monotonic() - start < 10


@pytest.mark.parametrize("delay", [0.0, 0.01])
def test_retry_after_closes_a_host_for_every_door_until_then(
    open_door: OpenDoor, delay: float
) -> None:
    clock = Clock()
    door = open_door(clock, per_host_delay=delay)
    with Site({"/busy": BUSY, "/feed": (200, {}, b"open")}) as site:
        feed = Request(f"{site.url}/feed")
        with pytest.raises(RateLimited, match="in 600 s"):
            door(Request(f"{site.url}/busy"))
        clock.move(seconds=100)
        for each in (door, open_door(clock, per_host_delay=delay)):
            with pytest.raises(RateLimited, match="another 500 s") as raised:
                each(feed)
            assert raised.value.retry_after == 500.0
        assert site.paths() == ["/busy"]
        clock.move(seconds=500)
        assert door(feed).body == b"open"


def test_those_who_wait_for_a_host_that_closes_are_turned_away(
    open_door: OpenDoor,
) -> None:
    door = open_door(per_host_delay=2.0)
    with Site({"/busy": BUSY}) as site, ThreadPoolExecutor(5) as threads:
        start = time.monotonic()
        fetches = [threads.submit(door, Request(f"{site.url}/busy")) for _ in range(5)]
        kinds = [type(fetch.exception()) for fetch in fetches]
        assert time.monotonic() - start < 1.5
    assert kinds == [RateLimited] * 5
    assert len(site.requests) == 1


def test_a_host_that_says_not_how_long_rests_for_a_quarter_of_an_hour(
    open_door: OpenDoor,
) -> None:
    clock = Clock()
    door = open_door(clock)
    routes = {"/busy": (429, {"Retry-After": "-1"}, b""), "/feed": (200, {}, b"open")}
    with Site(routes) as site:
        with pytest.raises(RateLimited) as raised:
            door(Request(f"{site.url}/busy"))
        assert raised.value.retry_after is None
        with pytest.raises(RateLimited, match="another 900 s"):
            door(Request(f"{site.url}/feed"))
        clock.move(minutes=15)
        assert door(Request(f"{site.url}/feed")).body == b"open"


@pytest.fixture
def arxiv(names: Names, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Return a site that all of arXiv's names lead to; its terms ask for 0.1 s."""
    for name in ("arxiv.org", "export.arxiv.org", "rss.arxiv.org"):
        names.known[name] = [("127.0.0.1",)]
    quick = {"arxiv.org": replace(TERMS["arxiv.org"], delay=0.1)}
    monkeypatch.setattr(pacing, "TERMS", quick)
    with Site() as site:
        yield site


def test_all_of_arxiv_takes_turns_as_one_on_single_connections(
    open_door: OpenDoor, arxiv: Site
) -> None:
    door, times = open_door(per_host_delay=0.0), Times()
    arxiv.routes["/"] = times
    hosts = ["export.arxiv.org", "rss.arxiv.org", "arxiv.org", "EXPORT.arXiv.org"]
    asked = [Request(f"http://{host}:{arxiv.port}/") for host in hosts]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(door, asked))
    assert min(times.gaps()) >= 0.1
    assert {seen.headers["connection"] for seen in arxiv.requests} == {"close"}


def test_a_refusal_by_arxiv_ends_the_run_and_closes_it_for_hours(
    open_door: OpenDoor, arxiv: Site
) -> None:
    clock = Clock()
    arxiv.routes.update({"/": (403, {}, b""), "/feed": (200, {}, b"open")})
    refused, feed = (
        f"http://export.arxiv.org:{arxiv.port}/",
        Request(f"http://rss.arxiv.org:{arxiv.port}/feed"),
    )
    first = open_door(clock)
    with pytest.raises(Blocked, match="403"):
        first(Request(refused))
    clock.move(hours=5)
    with pytest.raises(Blocked, match="this run"):
        first(feed)
    with pytest.raises(Blocked, match="another 3600 s"):
        open_door(clock)(feed)
    clock.move(hours=2)
    with pytest.raises(Blocked, match="this run"):
        first(feed)
    assert arxiv.paths() == ["/"]
    assert open_door(clock)(feed).body == b"open"


def test_a_refusal_by_another_host_closes_nothing(door: Door) -> None:
    with Site({"/a": (403, {}, b""), "/b": (200, {}, b"open")}) as site:
        with pytest.raises(Blocked):
            door(Request(f"{site.url}/a"))
        assert door(Request(f"{site.url}/b")).body == b"open"


@pytest.mark.parametrize(
    ("host", "group"),
    [
        ("arxiv.org", "arxiv.org"),
        ("export.arxiv.org", "arxiv.org"),
        ("export.arxiv.org.", "arxiv.org"),
        ("notarxiv.org", "notarxiv.org"),
        ("arxiv.org.evil.test", "arxiv.org.evil.test"),
    ],
)
def test_which_hosts_are_one(host: str, group: str) -> None:
    assert group_of(host, 0.0).name == group


def test_arxiv_is_asked_every_three_seconds_or_more_rarely() -> None:
    assert group_of("arxiv.org", 0.0).delay == 3.0
    assert group_of("arxiv.org", 5.0).delay == 5.0
    assert group_of("a.test", 0.5).delay == 0.5


def _waited(door: Door, site: Site) -> float:
    start = time.monotonic()
    door(Request(f"{site.url}/feed"))
    return time.monotonic() - start


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "7",
        "\x00\xff",
        "[" * 3000,
        '{"last": 1}',
        '{"last": NaN, "closed_until": 0, "refusal": false}',
        '{"last": "x", "closed_until": 0, "refusal": false}',
        '{"last": 0, "closed_until": Infinity, "refusal": true}',
        '{"last": 0, "closed_until": 1e400, "refusal": true}',
        '{"last": [], "closed_until": 0, "refusal": false}',
    ],
)
def test_a_torn_file_costs_one_delay_and_is_mended(
    open_door: OpenDoor, tmp_path: Path, text: str
) -> None:
    (tmp_path / "pace").mkdir()
    file = file_for(tmp_path / "pace", "127.0.0.1")
    file.write_text(text, encoding="latin-1")
    with Site({"/feed": (200, {}, b"")}) as site:
        waited = _waited(open_door(per_host_delay=0.03), site)
    assert 0.03 <= waited < 1.0
    assert json.loads(file.read_text())["closed_until"] == 0


def test_a_clock_set_back_costs_one_delay_and_no_more(
    open_door: OpenDoor, tmp_path: Path
) -> None:
    (tmp_path / "pace").mkdir()
    clock = Clock()
    ahead = clock().timestamp() + 10 * 365 * 86400
    write(file_for(tmp_path / "pace", "127.0.0.1"), Pace(ahead, ahead, refusal=True))
    with Site({"/feed": (200, {}, b"")}) as site:
        assert _waited(open_door(clock, per_host_delay=0.05), site) < 1.0


def test_a_day_long_closure_is_believed(open_door: OpenDoor) -> None:
    clock = Clock()
    routes = {"/busy": (503, {"Retry-After": "99999999"}, b"")}
    with Site(routes) as site:
        for _ in range(2):
            with pytest.raises(RateLimited) as raised:
                open_door(clock)(Request(f"{site.url}/busy"))
            assert raised.value.retry_after == pytest.approx(86400.0)
    assert len(site.requests) == 1


@pytest.mark.parametrize(
    ("left", "is_last"),
    [
        ({"remaining": "0"}, True),
        ({"remaining": "0.0", "remaining-usd": "0.0005", "cost-usd": "0.0001"}, True),
        ({"remaining": "997", "remaining-usd": "0.0005", "cost-usd": "0.001"}, True),
        ({"remaining-usd": "0"}, True),
        ({"remaining": "1", "remaining-usd": "0.001", "cost-usd": "0.001"}, False),
        ({"remaining": "-", "remaining-usd": "9" * 400, "cost-usd": "NaN"}, False),
        ({}, False),
    ],
)
def test_a_host_whose_budget_is_spent_is_not_asked_until_it_is_renewed(
    open_door: OpenDoor, left: dict[str, str], is_last: bool
) -> None:
    clock = Clock()
    headers = {f"x-ratelimit-{name}": value for name, value in left.items()}
    routes = {"/works": (200, {**headers, "x-ratelimit-reset": "3600"}, b"{}")}
    with Site(routes) as site:
        request = Request(f"{site.url}/works")
        assert open_door(clock)(request).status == 200
        if is_last:
            with pytest.raises(RateLimited, match="another 3600 s"):
                open_door(clock)(request)
        clock.move(seconds=3601 * is_last)
        assert open_door(clock)(request).status == 200
    assert len(site.requests) == 2


def test_a_folder_that_cannot_be_used_is_named(
    open_door: OpenDoor, tmp_path: Path
) -> None:
    (tmp_path / "pace").write_text("in the way")
    door = open_door(per_host_delay=1.0)
    refused = pytest.raises(FetchError, match=r"cannot keep the pace in .*/pace: Not a")
    with Site({"/feed": (200, {}, b"")}) as site, refused:
        door(Request(f"{site.url}/feed"))
    assert site.requests == []


@pytest.mark.parametrize("group", ["a.test", "::1", "../../etc/passwd", "a" * 300])
def test_a_group_of_any_name_has_its_file_in_the_folder(
    tmp_path: Path, group: str
) -> None:
    file = file_for(tmp_path, group)
    assert file.parent == tmp_path
    assert read(file, 7.0) == Pace()
    write(file, Pace(5.0, 6.0, refusal=True))
    assert read(file, 7.0) == Pace(5.0, 6.0, refusal=True)
