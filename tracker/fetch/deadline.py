"""How long a request may still take."""

import time
from types import TracebackType


class Deadline:
    """A budget of seconds that is spent only inside its `with` block."""

    def __init__(self, seconds: float) -> None:
        self._left = seconds
        self._since: float | None = None

    def left(self) -> float:
        """Return the seconds left; 0 or less when it is over."""
        spent = 0.0 if self._since is None else time.monotonic() - self._since
        return self._left - spent

    def __enter__(self) -> "Deadline":
        self._since = time.monotonic()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._left = self.left()
        self._since = None
