"""Doors for tests: quick, closed afterwards."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tracker.fetch import Door, Limits, addresses, network

AT_HOME = Limits(
    "tracker/test (+https://tracker.test)",
    timeout=5.0,
    per_host_delay=0.0,
    allow_private_addresses=True,
)

OpenDoor = Callable[..., Door]


def wall_clock() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def open_door(tmp_path: Path) -> Iterator[OpenDoor]:
    """Return a function of some Limits that opens a Door; all share a folder."""
    with ExitStack() as doors:

        def opened(
            clock: Callable[[], datetime] = wall_clock,
            **limits: Any,  # noqa: ANN401 - fields of Limits, of any type
        ) -> Door:
            chosen = replace(AT_HOME, **limits)
            return doors.enter_context(Door(chosen, tmp_path / "pace", clock))

        yield opened


@pytest.fixture
def door(open_door: OpenDoor) -> Door:
    """Return a Door that may fetch from loopback, without pace."""
    return open_door()


@pytest.fixture
def public_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let 127.0.0.1, and no other private address, pass for public."""

    def may_connect(ip: str, allow_private: bool) -> bool:
        return ip == "127.0.0.1" or addresses.may_connect(ip, allow_private)

    monkeypatch.setattr(network, "may_connect", may_connect)


class Names:
    """A name service of our own; counts the questions."""

    def __init__(self) -> None:
        self.known: dict[str, list[tuple[str, ...]]] = {}
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> tuple[str, ...]:
        self.asked.append(host)
        answers = self.known.get(host)
        if not answers:
            raise OSError(-2, "Name or service not known")
        return answers.pop(0) if len(answers) > 1 else answers[0]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Return the name service that is asked in place of the system's."""
    service = Names()
    monkeypatch.setattr(addresses, "resolve", service)
    return service
