"""Telling systemd how the daemon does, by the protocol of sd_notify(3).

Nothing is told, and nothing fails, where no supervisor asked to be told.
"""

import socket
import time
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Supervisor:
    """Who is told: a datagram socket's address, "" for nobody.

    An address that starts with "@" is abstract. `watchdog` is how often a sign of life
    is due, none when it is zero.
    """

    address: str = ""
    watchdog: timedelta = timedelta()

    def ready(self, status: str) -> None:
        """Tell that starting, or reading the settings anew, is done."""
        self._tell("READY=1", f"STATUS={status}")

    def reloading(self) -> None:
        """Tell that the settings are being read anew."""
        now = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        self._tell("RELOADING=1", f"MONOTONIC_USEC={now}")

    def alive(self) -> None:
        """Give a sign of life."""
        self._tell("WATCHDOG=1")

    def stopping(self) -> None:
        """Tell that stopping has begun."""
        self._tell("STOPPING=1")

    def _tell(self, *words: str) -> None:
        if not self.address:
            return
        address = self.address
        place = f"\0{address[1:]}" if address.startswith("@") else address
        told = "\n".join(word.replace("\n", " ") for word in words)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            try:
                out.connect(place)
                out.sendall(told.encode())
            except OSError:
                return  # a supervisor that went away must not stop the work
