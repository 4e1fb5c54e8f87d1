"""Who publishes at a company: the store's works, and what their authors state."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.bootstrap import App
from tracker.core import people
from tracker.core.classify import Companies
from tracker.core.people import Person
from tracker.core.values import Company, Item
from tracker.store import authors, listing
from tracker.store import engine as store
from tracker.store.listing import Wanted


@dataclass(frozen=True, slots=True)
class Staff:
    """A company's works, the newest first, and who publishes them."""

    works: Sequence[Item]
    people: Sequence[Person]


def of(app: App, company: Company, wanted: Wanted) -> Staff:
    """Return who publishes the works of `company` that are wanted."""
    finder = Companies((company,))
    with store.reading(app.engine) as connection:
        works = listing.items(connection, wanted)
        numbers = [item.id for item in works]
        stated = authors.of(connection, numbers)
        spokesmen = authors.spokesmen(connection, numbers)
    written = {
        item: [statement.authors for statement in statements]
        for item, statements in stated.items()
    }
    own = {
        source.name
        for source in app.config.subscriptions
        if source.company == company.name
        or finder.of_site(source.address or "", source.name)
    }
    signed = {item for item, source in spokesmen.items() if source in own}
    found = people.people(
        company.name, works, written, lambda text: bool(finder.named(text)), signed
    )
    works.sort(key=lambda item: (people.when(item), item.id), reverse=True)
    return Staff(works, found)
