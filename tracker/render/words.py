"""The sentences of a digest that all its forms share."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from shlex import quote
from zoneinfo import ZoneInfo

from tracker.core.values import Outcome
from tracker.core.weekly import Digest, Section, SourceReport, Week
from tracker.render import dates
from tracker.render.clean import isolated, one_line

# Months are ours: strftime's follow the locale of the machine.
_MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
_OUTCOMES = {
    Outcome.OK: "read",
    Outcome.UNCHANGED: "unchanged",
    Outcome.EMPTY: "empty",
    Outcome.STALE: "out of date",
    Outcome.BLOCKED: "refused us",
    Outcome.RATE_LIMITED: "asked us to come back later",
    Outcome.FAILED: "could not be read",
}
_WAYS = {
    Outcome.STALE: "out of date",
    Outcome.BLOCKED: "blocked",
    Outcome.RATE_LIMITED: "rate-limited",
}
_LONGEST_NAME = 80
_LONGEST_DETAIL = 160
_MOST_NAMED = 8


def local(moment: datetime, zone: str) -> datetime:
    """Return `moment` in a time zone; in UTC where that has no such date."""
    try:
        return moment.astimezone(ZoneInfo(zone))
    except OverflowError:
        return moment.astimezone(UTC)


def day(digest: Digest, moment: datetime) -> str:
    """Return a date such as "18 Nov" in the reader's language.

    Its year stands with it when it is not that in which the digest's week ends.
    """
    date = local(moment, digest.time_zone)
    year = ends(digest.week, digest.time_zone)[1].year
    if not dates.is_ours(digest.language):
        return dates.day(date.date(), digest.language, dated=date.year != year)
    short = f"{date.day} {_MONTHS[date.month - 1]}"
    return short if date.year == year else f"{short} {date.year}"


def ends(week: Week, zone: str) -> tuple[datetime, datetime]:
    """Return a moment of the first and one of the last local day of a week."""
    last = max(week.start, week.end - timedelta(microseconds=1))
    return local(week.start, zone), local(last, zone)


def days(week: Week, zone: str, language: str = "") -> str:
    """Return a week's days: "16-22 Nov" (with a dash), "28 Sep - 4 Oct 2026"."""
    first, last = ends(week, zone)
    if not dates.is_ours(language):
        return dates.days(first.date(), last.date(), language, dated=False)
    until = f"{last.day} {_MONTHS[last.month - 1]}"
    if first.date() == last.date():
        return until
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}\u2013{until}"
    since = f"{first.day} {_MONTHS[first.month - 1]}"
    if first.year == last.year:
        return f"{since} \u2013 {until}"
    return f"{since} {first.year} \u2013 {until} {last.year}"


def heading(digest: Digest) -> tuple[str, str]:
    """Return what the digest is of, and its days: "Week 2026-W47", "16-22 Nov"."""
    language = digest.language
    if "/" not in digest.week.name:
        span = isolated(days(digest.week, digest.time_zone, language))
        return f"Week {digest.week.name}", span
    first, last = ends(digest.week, digest.time_zone)
    if not dates.is_ours(language):
        span = dates.days(first.date(), last.date(), language, dated=True)
        return isolated(span), ""
    span, year = days(digest.week, digest.time_zone), f" {last.year}"
    return f"{span}{'' if span.endswith(year) else year}", ""


def head(digest: Digest) -> str:
    """Return "Week 2026-W47 · 16-22 Nov · for anna"."""
    named = [part for part in heading(digest) if part]
    return " \u00b7 ".join([*named, f"for {reader(digest)}"])


def reader(digest: Digest) -> str:
    """Return the reader's name, safe to print."""
    return one_line(digest.reader, _LONGEST_NAME)


def title(digest: Digest, name: str) -> str:
    """Return the display title of a topic or company, safe to print."""
    return one_line(digest.names.get(name, name), _LONGEST_NAME)


def source_title(digest: Digest, name: str) -> str:
    """Return the display title of a source, safe to print.

    A source may have the name of a company: its report knows better.
    """
    known = (one.title for one in digest.sources if one.name == name)
    return one_line(next(known, digest.names.get(name, name)), _LONGEST_NAME)


def count(number: int, what: str) -> str:
    """Return "1 source", "1,512 sources"."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def shown(digest: Digest) -> int:
    """Return how many items stand in the digest."""
    return sum(len(section.picks) for section in digest.sections)


def figures(digest: Digest) -> tuple[tuple[int, str], ...]:
    """Return the totals that are not zero, each with what it counts."""
    top = sum(len(s.picks) for s in digest.sections if s.key == "top")
    more = shown(digest) - top
    trouble = troubled(digest)
    found = (
        (top, "to read first"),
        (more, "more" if top else "to read"),
        (digest.seen, "seen"),
        (len(trouble), f"source{'' if len(trouble) == 1 else 's'} {_how(trouble)}"),
    )
    return tuple((number, what) for number, what in found if number)


def _how(trouble: Sequence[SourceReport]) -> str:
    """Return in what way these sources are in trouble, if it is one way."""
    ways = {report.outcome for report in trouble}
    return _WAYS.get(ways.pop(), "in trouble") if len(ways) == 1 else "in trouble"


def totals(digest: Digest) -> str:
    """Return "7 to read first · 41 more · 1,512 seen · 3 sources blocked"."""
    return " \u00b7 ".join(f"{number:,} {what}" for number, what in figures(digest))


def nothing(digest: Digest) -> str:
    """Return why a digest has no items, in a sentence; "" when it has some."""
    if shown(digest):
        return ""
    if not digest.sources:
        return "No source has been read yet; `tracker fetch` reads them."
    when = "in these days" if "/" in digest.week.name else "this week"
    sources = count(len(digest.sources), "source")
    said = f"Nothing new {when} from {sources}"
    if digest.seen:
        seen = count(digest.seen, "item")
        said = f"Nothing to read {when}: {sources} brought {seen}, none for you"
    return f"{said}{_unread(digest)}."


def _unread(digest: Digest) -> str:
    """Return "; 3 could not be read in full: A, B, C", or ""."""
    names = [one_line(report.title, _LONGEST_NAME) for report in troubled(digest)]
    if not names:
        return ""
    more = len(names) - _MOST_NAMED
    listed = ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
    return f"; {len(names)} could not be read in full: {listed}"


def troubled(digest: Digest) -> tuple[SourceReport, ...]:
    """Return the sources of which something may be missing."""
    return tuple(report for report in digest.sources if report.outcome.is_trouble)


def trouble(report: SourceReport) -> tuple[str, str]:
    """Return a source's title, and how it did: "refused us: 403 Forbidden"."""
    detail = one_line(report.detail, _LONGEST_DETAIL)
    how = _OUTCOMES[report.outcome]
    return (
        one_line(report.title, _LONGEST_NAME),
        f"{how}: {detail}" if detail else how,
    )


def brought(digest: Digest) -> tuple[tuple[str, int], ...]:
    """Return the sources with new items and how many, most first."""
    found = [(report.title, report.new) for report in digest.sources if report.new]
    found.sort(key=lambda pair: (-pair[1], pair[0]))
    return tuple((one_line(name, _LONGEST_NAME), new) for name, new in found)


def quiet(digest: Digest) -> str:
    """Return "48 others brought nothing new", or ""."""
    idle = [r for r in digest.sources if not r.new and not r.outcome.is_trouble]
    if not idle:
        return ""
    if not brought(digest):
        return f"{count(len(idle), 'source')} brought nothing new"
    return f"{count(len(idle), 'other')} brought nothing new"


def account(digest: Digest) -> str:
    """Return what became of all that was seen, in a sentence; "" for nothing seen.

    Items of earlier weeks that return are shown and not seen anew.
    """
    if not digest.seen and not digest.joined:
        return ""
    start, end = digest.week.start, digest.week.end
    picks = [pick for section in digest.sections for pick in section.picks]
    new = sum(start <= pick.item.first_seen < end for pick in picks)
    parts = [f"{count(digest.seen, 'item')} seen for the first time"]
    if digest.old:
        parts.append(
            f"{digest.old:,} of them older posts and papers of sources new to tracker"
        )
    if digest.joined:
        parts.append(f"{count(digest.joined, 'mention')} joined to items known already")
    parts.append(f"{max(0, digest.seen - new):,} left out")
    return ", ".join(parts)


def everything(digest: Digest) -> str:
    """Return the command that lists all that was seen."""
    return f"tracker list{_within(digest)}"


def _within(digest: Digest) -> str:
    first, last = ends(digest.week, digest.time_zone)
    return f" --since {first.date()} --until {last.date()}"


def rest(digest: Digest, section: Section) -> str:
    """Return the command that lists what a section left out."""
    kind, _, name = section.key.partition(":")
    which = {
        "topic": f" --topic {quote(one_line(name, _LONGEST_NAME))}",
        "companies": " --followed",
        "conferences": " --kind paper",
    }.get(kind, "")
    return f"tracker list{which}{_within(digest)}"


def whole(digest: Digest) -> str:
    """Return the command that prints the digest."""
    since, _, until = digest.week.name.partition("/")
    if until:
        return f"tracker digest --since {since} --until {until}"
    return f"tracker digest --week {digest.week.name}"
