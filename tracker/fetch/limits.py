"""What a Door may spend on a request."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How we name ourselves, and what one request may cost.

    `timeout` is in seconds, from the first connect to the last byte with all
    redirects; waiting for a host's turn is not part of it. `max_bytes` holds for
    the body as sent and as inflated. `per_host_delay` is in seconds, from the end
    of a request to the start of the next one to the same host; 0 turns pacing off
    (but for hosts whose terms ask for more).
    """

    user_agent: str
    timeout: float = 30.0
    max_bytes: int = 20_000_000
    per_host_delay: float = 1.0
    allow_private_addresses: bool = False
