"""Telling systemd: what is sent, and that nobody listening is no trouble."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tracker.config import places
from tracker.supervisor import Supervisor


@pytest.fixture
def listening(tmp_path: Path) -> Iterator[tuple[str, socket.socket]]:
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(address)
        ear.settimeout(10)
        yield address, ear


def test_systemd_is_told_each_step(listening: tuple[str, socket.socket]) -> None:
    address, ear = listening
    told = Supervisor(address)
    told.ready("118 sources\n2 readers")
    assert ear.recv(999) == b"READY=1\nSTATUS=118 sources 2 readers"
    told.alive()
    assert ear.recv(999) == b"WATCHDOG=1"
    told.reloading()
    assert ear.recv(999).startswith(b"RELOADING=1\nMONOTONIC_USEC=")
    told.stopping()
    assert ear.recv(999) == b"STOPPING=1"


def test_an_abstract_address_is_understood() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(f"\0tracker-test-{id(ear)}")
        ear.settimeout(10)
        Supervisor(f"@tracker-test-{id(ear)}").alive()
        assert ear.recv(99) == b"WATCHDOG=1"


@pytest.mark.parametrize("address", ["", "/nowhere/at/all", "@nobody-is-here"])
def test_nobody_listening_is_no_trouble(address: str) -> None:
    Supervisor(address).ready("x")


def test_the_environment_says_whom_to_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"):
        monkeypatch.delenv(name, raising=False)
    assert (places.notify_socket(), places.watchdog()) == ("", timedelta())
    monkeypatch.setenv("NOTIFY_SOCKET", "@x")
    monkeypatch.setenv("WATCHDOG_USEC", "30000000")
    assert places.notify_socket() == "@x"
    assert places.watchdog() == timedelta(seconds=30)
    monkeypatch.setenv("WATCHDOG_PID", "1")
    assert places.watchdog() == timedelta()
