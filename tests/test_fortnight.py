"""A simulated fortnight breaks no rule, and who breaks one is found out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks import fortnight, rules
from benchmarks.internet import Blog, Visit
from tests.fakes import MONDAY

_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
_PAGE = (Path(__file__).parents[1] / "docs/politeness.md").read_text("utf-8")
BLOG = Blog(0, "blog.example", ())


def visit(
    after: timedelta,
    status: int | None = 200,
    headers: Mapping[str, str] | None = None,
    blog: Blog = BLOG,
    url: str = BLOG.url,
) -> Visit:
    """Return a visit so long after Monday noon."""
    return Visit(MONDAY + after, blog, url, False, status, headers or {})


def broken(*visits: Visit, watched: timedelta = timedelta()) -> set[str]:
    """Return the numbers of the rules that visits break."""
    end = max(visits[-1].at, MONDAY + watched)
    return {rule.split()[0] for rule in rules.breaches(visits, end)}


def test_a_week_of_a_hundred_sources_breaks_no_rule_and_misses_no_post() -> None:
    outcome = fortnight.run(fortnight.Size(sources=100, days=7))
    assert outcome.breaches == {}
    assert outcome.missed() == 0
    assert len(outcome.requests("source")) > 90
    delays = outcome.delays()
    assert 0 <= delays[0] <= delays[len(delays) // 2] < 6
    statuses = {seen.status for seen in outcome.visits}
    assert statuses == {200, 301, 304, 403, 410, 429, 500, 503, None}


@pytest.mark.parametrize(
    ("rule", "visits"),
    [
        ("1", [visit(0 * _HOUR), visit(14 * _MINUTE)]),
        ("2", [visit(n * _HOUR, blog=replace(BLOG, every=_DAY)) for n in (0, 23)]),
        ("3", [visit(0 * _HOUR, 304, {"cache-control": "max-age=7200"}), visit(_HOUR)]),
        ("4", [visit(n * _HOUR, blog=replace(BLOG, ttl=90)) for n in (0, 1)]),
        ("5", [visit(n * _HOUR, blog=replace(BLOG, skip_hours=(13,))) for n in (0, 1)]),
        ("5", [visit(n * _DAY, blog=replace(BLOG, skip_days=(1,))) for n in (0, 1)]),
        ("6", [visit(0 * _DAY, 429, {"retry-after": "9000"}), visit(2 * _HOUR)]),
        (
            "6",
            [
                visit(0 * _DAY, 503, {"retry-after": "9000"}),
                visit(2 * _HOUR, blog=replace(BLOG, number=1)),
            ],
        ),
        ("6", [visit(0 * _DAY, 429), visit(_MINUTE, blog=replace(BLOG, number=1))]),
        ("7", [visit(0 * _DAY, 200, {"etag": '"a"'}), visit(_DAY)]),
        ("8", [visit(0 * _DAY, 500), visit(29 * _MINUTE)]),
        ("8", [visit(0 * _DAY, 500), visit(_HOUR, 500), visit(1.9 * _HOUR)]),
        ("9", [visit(0 * _DAY)]),
        ("10", [visit(0 * _DAY, None), visit(0 * _DAY, blog=replace(BLOG, number=1))]),
        ("11", [visit(0 * _DAY, 410), visit(30 * _DAY)]),
        (
            "12",
            [
                visit(days * _DAY, status, url=url)
                for days in (0, 1, 3, 4)
                for status, url in ((301, BLOG.url), (200, BLOG.new_url))
            ],
        ),
        ("14", [visit(0 * _DAY), visit(1 * _DAY)]),
    ],
)
def test_who_breaks_a_rule_is_found_out(rule: str, visits: list[Visit]) -> None:
    if rule == "9":
        visits = [
            visit(_DAY * day, blog=replace(BLOG, number=number))
            for day in (0, 1)
            for number in range(20)
        ]
    watched = 60 * _DAY if rule == "14" else timedelta()
    assert rule in broken(*visits, watched=watched)
    assert f"\n{rule}. " in _PAGE


def test_who_keeps_the_rules_is_not_accused() -> None:
    visits = [visit(n * _DAY, 304 if n else 200) for n in range(5)]
    assert broken(*visits) == set()
    backing_off = [visit(hours * _HOUR, 500) for hours in (0, 0.5, 1.5, 3.5, 7.5)]
    assert broken(*backing_off) == set()
