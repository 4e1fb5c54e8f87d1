"""What another process does: it starts afresh, and imports this."""

from pathlib import Path

from tests.fetch.conftest import AT_HOME, wall_clock
from tracker.core.values import Request
from tracker.fetch import Door, Limits


def fetch(url: str, folder: Path, delay: float, times: int) -> None:
    """Fetch `url` several times, in turns with whoever else uses `folder`."""
    limits = Limits(
        AT_HOME.user_agent, per_host_delay=delay, allow_private_addresses=True
    )
    with Door(limits, folder, wall_clock) as door:
        for _ in range(times):
            door(Request(url))
