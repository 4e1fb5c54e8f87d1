"""Connections that end: uvicorn alone waits for ever for a client that says nothing."""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol


def lasting(seconds: float) -> type[asyncio.Protocol]:
    """Return uvicorn's HTTP on connections that are cut off after so many seconds.

    However little or slowly a client speaks or reads, it holds a place no longer.
    """

    class Bounded(H11Protocol):
        _end: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as inherited
            super().connection_made(transport)
            self._end = self.loop.call_later(seconds, transport.abort)

        def connection_lost(self, exc: Exception | None) -> None:
            if self._end is not None:
                self._end.cancel()
            super().connection_lost(exc)

    return Bounded
