"""The way a request took: its address, and those it was redirected to."""

from dataclasses import dataclass, replace

from tracker.errors import FetchError
from tracker.fetch.addresses import Address, address, joined
from tracker.fetch.answers import PERMANENT, Answer
from tracker.fetch.wording import shown

MOST_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Trail:
    """The addresses visited, first one first; at least one."""

    visited: tuple[Address, ...]
    permanent: bool = True

    @property
    def here(self) -> Address:
        """The address to visit now."""
        return self.visited[-1]

    @property
    def moved_to(self) -> str | None:
        """Where the first address has moved for good, or None.

        A way that leaves https for http is no place to move to.
        """
        schemes = [address.scheme for address in self.visited]
        downgraded = "https" in schemes and schemes[-1] == "http"
        moved = len(self.visited) > 1 and self.permanent and not downgraded
        return self.here.url if moved else None

    @property
    def is_at_home(self) -> bool:
        """Whether `here` is the server first asked, perhaps now over https.

        What only that server should see, its ETags, goes nowhere else.
        """
        first, here = self.visited[0], self.here
        upgraded = first.scheme == "http" and here.scheme == "https"
        return here.host == first.host and (here.origin == first.origin or upgraded)

    def after(self, answer: Answer) -> "Trail":
        """Return the trail that follows the redirect `answer`.

        Raises FetchError for a loop, a sixth redirect or one to nowhere, and
        AddressRefused for an address that is not fetched.
        """
        start = shown(self.visited[0].url)
        location = _location(answer)
        if not location:
            raise FetchError(f"{start}: redirected to nowhere")
        there = joined(self.here, location)
        if any(_same(there, before) for before in self.visited):
            raise FetchError(f"{start}: redirected in a loop")
        if len(self.visited) > MOST_REDIRECTS:
            raise FetchError(f"{start}: redirected over {MOST_REDIRECTS} times")
        permanent = self.permanent and answer.status in PERMANENT
        return replace(self, visited=(*self.visited, there), permanent=permanent)


def started(url: str) -> Trail:
    """Return the trail that starts at `url`; raises AddressRefused."""
    return Trail((address(url),))


def _same(one: Address, other: Address) -> bool:
    """Return whether two addresses ask a server the same: fragments stay here."""
    return (one.origin, one.target) == (other.origin, other.target)


def _location(answer: Answer) -> str:
    """Return where the redirect leads; UTF-8 in it is read as such."""
    stated = answer.headers.get("location", "")
    try:
        return stated.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return stated
