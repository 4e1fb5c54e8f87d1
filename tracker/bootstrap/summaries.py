"""The language model of [llm], joined with a door of its own."""

from collections.abc import Callable
from datetime import datetime

from tracker.config import Config, places
from tracker.core.weekly import Section
from tracker.fetch import Door, Limits
from tracker.publish import Model, Summariser

_PATIENCE = 60.0  # seconds for an answer
_LARGEST = 1_000_000  # bytes of one


class Summaries:
    """Gives a section the model's highlights, where the settings name a model."""

    def __init__(self, config: Config, now: Callable[[], datetime]) -> None:
        self._door: Door | None = None
        self._summarise: Summariser | None = None
        if config.llm is None:
            return
        # The server is the user's choice, so it may be this very machine.
        limits = Limits(
            user_agent=config.user_agent,
            timeout=_PATIENCE,
            max_bytes=_LARGEST,
            per_host_delay=0,
            allow_private_addresses=True,
        )
        self._door = Door(limits, config.data / "pace", now)
        model = Model(config.llm.url, config.llm.model, places.token("llm"))
        self._summarise = Summariser(model, self._door, config.data / "llm", now)

    def __call__(self, section: Section) -> Section:
        """Return a section with the model's highlights, else as it is."""
        return self._summarise(section) if self._summarise else section

    def close(self) -> None:
        """Stop asking at once."""
        if self._door is not None:
            self._door.close()
