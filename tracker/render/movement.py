"""What there is more of than usual, in words and as bars."""

from dataclasses import dataclass

from tracker.core.weekly import Digest, Trend, TrendKind
from tracker.render.chart import Bar, usually
from tracker.render.clean import cut, one_line
from tracker.render.words import title

_LONGEST_LABEL = 26  # what a chart has room for beside its counts
_LONGEST_TERM = 60
_MOST_COMPANIES = 6


@dataclass(frozen=True, slots=True)
class Movement:
    """A week against those before; `rising` are names, each with its counts in words.

    `said` tells in a sentence what the bars show.
    """

    title: str
    bars: tuple[Bar, ...]
    rising: tuple[tuple[str, str], ...]
    said: str


def movement(digest: Digest) -> Movement | None:
    """Return what moves in a digest, None where there is nothing to compare."""
    topics = _of(digest, TrendKind.TOPIC)
    companies = _of(digest, TrendKind.COMPANY)
    busiest = sorted(companies, key=lambda one: (-one.count, -one.usual, one.name))
    shown = [one for one in (*topics, *busiest[:_MOST_COMPANIES]) if any(_counts(one))]
    if not shown:
        return None
    bars = tuple(_bar(digest, one) for one in shown)
    weeks = len(shown[0].before)
    told = "; ".join(f"{bar.label} {_told(bar.count, bar.usual)}" for bar in bars)
    return Movement(
        title=_title(digest, weeks),
        bars=bars,
        rising=_rising(digest),
        said=f"Items by topic and company, and the mean of the time before: {told}.",
    )


def _of(digest: Digest, kind: TrendKind) -> list[Trend]:
    return [trend for trend in digest.trends if trend.kind is kind]


def _counts(trend: Trend) -> tuple[int, ...]:
    return (*trend.before, trend.count)


def _bar(digest: Digest, trend: Trend) -> Bar:
    label = cut(title(digest, trend.name), _LONGEST_LABEL)
    return Bar(label, trend.name, trend.count, trend.usual)


def _title(digest: Digest, weeks: int) -> str:
    if "/" in digest.week.name:
        return "These days against those before"
    return f"This week against the last {weeks}"


def _rising(digest: Digest) -> tuple[tuple[str, str], ...]:
    rising = [trend for trend in digest.trends if trend.is_rising]
    rising.sort(key=lambda trend: (-trend.rise, trend.name))
    return tuple((_name(digest, one), _told(one.count, one.usual)) for one in rising)


def _name(digest: Digest, trend: Trend) -> str:
    if trend.kind is TrendKind.TERM:
        return f"\u201c{one_line(trend.name, _LONGEST_TERM)}\u201d"
    return title(digest, trend.name)


def _told(count: int, usual: float) -> str:
    return f"{count:,}, usually {usually(usual)}"
