"""`tracker company`: what a company works on, where it publishes, and who does."""

import argparse
import sys
from collections.abc import Sequence

from tracker.bootstrap import people
from tracker.bootstrap.people import Overview
from tracker.cli import naming, output
from tracker.cli.opening import opened
from tracker.cli.people import cut, described, known_by, quarters
from tracker.core.people import by_quarter, topics, venues, when
from tracker.core.values import Claim, Company, Item, ItemKind


def company_command(options: argparse.Namespace) -> int:
    """Print a company's works by topic, venue and quarter; the best and newest."""
    with opened(options) as app:
        company = naming.company(app.config.companies, options.company)
        found = people.overview(app, company, options.quarters)
    if options.json:
        output.print_json(_json(company, found, options.limit))
    elif found.best:
        _print(company, found, options.limit)
    else:
        since = f"nothing from {company.title} since {found.since}"
        print(f"{since}; --quarters looks further back", file=sys.stderr)
    return 0


def _print(company: Company, found: Overview, limit: int) -> None:
    works = found.staff.works
    print(f"{company.title} since {found.since}: {_counts(works)}\n")
    for head, counts in (
        ("works on", by_quarter(works)),
        ("accepted at", by_quarter(_accepted(works), venues)),
    ):
        if counts:
            quarters(head, counts)
            print()
    for head, some in (("best", found.best), ("newest", works)):
        rows = [_row(company, item) for item in some[:limit]]
        output.headed(rows, (head, "on", "at", "known by"))
        print()
    rows = [
        (person.name, str(len(person.latest)), known_by(company, person))
        for person in found.staff.people[:limit]
    ]
    if rows:
        output.headed(rows, ("who", "works", "known by"))


def _counts(works: Sequence[Item]) -> str:
    posts = sum(item.kind is ItemKind.POST for item in works)
    papers = len(works) - posts
    return f"{posts} post{'s'[: posts != 1]}, {papers} paper{'s'[: papers != 1]}"


def _accepted(works: Sequence[Item]) -> list[Item]:
    return [item for item in works if item.venues]


def _row(company: Company, item: Item) -> Sequence[str]:
    claim = _claim(company, item)
    return (
        f"#{item.id} {when(item):%Y-%m-%d} {cut(item.title)}",
        ", ".join(topics(item)),
        ", ".join(venue.name for venue in item.venues),
        f"{claim.evidence} ({claim.source})",
    )


def _claim(company: Company, item: Item) -> Claim:
    return next(claim for claim in item.companies if claim.name == company.name)


def _json(company: Company, found: Overview, limit: int) -> dict[str, object]:
    works = found.staff.works
    return {
        "company": company.name,
        "title": company.title,
        "since": f"{found.since}",
        "works": len(works),
        "topics": by_quarter(works),
        "venues": by_quarter(_accepted(works), venues),
        "best": [_work(company, item) for item in found.best[:limit]],
        "newest": [_work(company, item) for item in works[:limit]],
        "people": [described(person) for person in found.staff.people[:limit]],
    }


def _work(company: Company, item: Item) -> dict[str, object]:
    claim = _claim(company, item)
    return {
        "id": item.id,
        "kind": str(item.kind),
        "title": item.title,
        "date": f"{when(item):%Y-%m-%d}",
        "url": item.url,
        "topics": topics(item),
        "venues": [venue.name for venue in item.venues],
        "evidence": {"text": claim.evidence, "source": claim.source},
    }
