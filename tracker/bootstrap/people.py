"""What a company publishes, and who: the store's works, and what authors state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker import publish
from tracker.bootstrap import App
from tracker.core import people, rank
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


def of(app: App, company: Company, wanted: Wanted, since: date | None = None) -> Staff:
    """Return who publishes the works of `company` that are wanted.

    With `since`, those alone that were published then or later. What was withdrawn is
    left out, as digests do.
    """
    finder = Companies((company,))
    with store.reading(app.engine) as connection:
        works = [
            item
            for item in listing.items(connection, wanted)
            if not item.withdrawn
            and (since is None or people.when(item).date() >= since)
        ]
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


@dataclass(frozen=True, slots=True)
class Overview:
    """What a company publishes since a day; `best` are its works, the best first."""

    since: date
    staff: Staff
    best: Sequence[Item]


def overview(app: App, company: Company, quarters: int) -> Overview:
    """Return what `company` published in this quarter and those before, so many.

    The best works are those that rank first for the first reader, marks aside.
    """
    now = app.now()
    since = people.quarters_ago(now.date(), quarters - 1)
    staff = of(app, company, Wanted(companies=(company.name,)), since)
    wanted = publish.interests(app.press(), app.reader(None))
    scores = {item.id: rank.score(item, wanted, now).score for item in staff.works}
    best = sorted(staff.works, key=lambda item: (-scores[item.id], -item.id))
    return Overview(since, staff, best)
