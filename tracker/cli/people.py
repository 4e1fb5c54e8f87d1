"""`tracker people`: who publishes at a company, on what and with whom."""

import argparse
import sys
from collections.abc import Mapping, Sequence

from tracker.bootstrap import people
from tracker.bootstrap.library import Wanted
from tracker.bootstrap.people import Staff
from tracker.cli import naming, output
from tracker.cli.opening import opened
from tracker.core.people import Counts, Evidence, Person, by_quarter, when
from tracker.core.values import Company, Item

_FEW = 3
_MOST_LATEST = 5
_QUARTERS = 6
_LONGEST_TITLE = 60


def people_command(options: argparse.Namespace) -> int:
    """Print the authors with evidence of being at a company, the busiest first."""
    with opened(options) as app:
        company = naming.company(app.config.companies, options.company)
        naming.known(options.topic, [t.name for t in app.config.topics], "topic")
        since = options.since
        reader = app.reader(None)
        wanted = Wanted(
            topic=options.topic,
            companies=(company.name,),
            since=app.days(reader, since, since).start if since else None,
        )
        staff = people.of(app, company, wanted)
    if options.json:
        output.print_json(_json(company, staff, options.limit))
    elif staff.people:
        _print(company, staff, options.limit)
    else:
        print(_nobody(company, staff, options), file=sys.stderr)
    return 0


def _nobody(company: Company, staff: Staff, options: argparse.Namespace) -> str:
    if staff.works:
        works = f"{len(staff.works)} works from {company.title}"
        return f"{works}, and none of them names a person"
    if options.topic or options.since:
        return f"nothing from {company.title} that fits; leave out --topic or --since"
    return f"nothing from {company.title} yet; `tracker fetch` reads what is new"


def _print(company: Company, staff: Staff, limit: int) -> None:
    shown = staff.people[:limit]
    output.table(
        [_row(company, person) for person in shown],
        ("name", "works", "on", "at", "with", "known by", "latest"),
    )
    print()
    quarters("works on", by_quarter(staff.works), _QUARTERS)
    more = len(staff.people) - len(shown)
    if more > 0:
        output.console(stderr=True).print(f"and {more:,} more people; see --limit")


def quarters(
    head: str, counts: Mapping[str, Mapping[str, int]], most: int | None = None
) -> None:
    """Print numbers by name and quarter; of more quarters than `most` the last ones."""
    names = sorted({quarter for each in counts.values() for quarter in each})
    shown = names[-most:] if most else names
    rows = [
        (name or "other", *(str(each.get(quarter, "")) for quarter in shown))
        for name, each in counts.items()
    ]
    output.headed(rows, (head, *shown))


def _row(company: Company, person: Person) -> Sequence[str]:
    first, *others = person.latest
    numbers = "".join(f", #{item.id}" for item in others[: _FEW - 1])
    return (
        person.name,
        str(len(person.latest)),
        _few(person.topics),
        _few(person.venues),
        _few(person.others),
        known_by(company, person),
        f"#{first.id} {cut(first.title)}{numbers}",
    )


def cut(title: str) -> str:
    """Return a title that fits a column."""
    if len(title) <= _LONGEST_TITLE:
        return title
    return f"{title[: _LONGEST_TITLE - 1].rstrip()}…"


def _few(counts: Counts) -> str:
    return ", ".join(name for name, _ in counts[:_FEW])


def known_by(company: Company, person: Person) -> str:
    """Return in words how somebody is known to be with a company."""
    if person.evidence is Evidence.AFFILIATION:
        return person.said
    if person.evidence is Evidence.BLOG:
        return f"writes: {person.said}"
    return f"on papers from {company.title}"


def _json(company: Company, staff: Staff, limit: int) -> dict[str, object]:
    return {
        "company": company.name,
        "title": company.title,
        "works": len(staff.works),
        "people": [described(person) for person in staff.people[:limit]],
        "more": max(len(staff.people) - limit, 0),
        "quarters": by_quarter(staff.works),
    }


def described(person: Person) -> dict[str, object]:
    """Return somebody as JSON."""
    return {
        "name": person.name,
        "evidence": {"kind": str(person.evidence), "text": person.said},
        "works": len(person.latest),
        "topics": dict(person.topics),
        "venues": dict(person.venues),
        "with": dict(person.others),
        "latest": [_work(item) for item in person.latest[:_MOST_LATEST]],
    }


def _work(item: Item) -> dict[str, object]:
    return {
        "id": item.id,
        "title": item.title,
        "date": f"{when(item):%Y-%m-%d}",
        "url": item.url,
    }
