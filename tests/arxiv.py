"""A small arXiv: submissions, announcements by its schedule, and its interfaces.

What it answers depends on its clock, as the real one's answers do: the query API
shows what has been announced, the daily feeds a batch, OAI-PMH what changed on a day.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from functools import cache
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from tests.fakes import Clock

HERE = ZoneInfo("America/New_York")
HOLIDAYS = frozenset({date(2026, 11, 26)})
CLOSES, EVENING = time(14), time(20)
_QUIET = frozenset({4, 5})  # Friday and Saturday
_PER_LIST = 25
_WINDOW = re.compile(r"submittedDate:\[(\d{12}) TO (\d{12})\]")
_CATEGORY = re.compile(r"cat:([\w.-]+)")


@cache
def announced(submitted: datetime) -> datetime:
    """Return when a submission is announced: info.arxiv.org/help/availability.html."""
    here = submitted.astimezone(HERE)
    day = here.date() + timedelta(days=here.time() >= CLOSES)
    while day.weekday() >= 5:  # what the weekend brings is announced on Monday
        day += timedelta(days=1)
    while day.weekday() in _QUIET or day in HOLIDAYS:
        day += timedelta(days=1)
    return datetime.combine(day, EVENING, HERE).astimezone(UTC)


@dataclass(frozen=True)
class Version:
    """A version, or a cross-listing when it adds `cross`."""

    submitted: datetime
    comment: str = "9 pages"
    cross: str = ""
    withdrawn: bool = False

    @property
    def announced(self) -> datetime:
        return announced(self.submitted)


@dataclass
class Paper:
    """A paper; its number is given when it is announced."""

    title: str
    categories: tuple[str, ...]
    events: list[Version]
    name: str = ""

    def at(self, now: datetime) -> "Shown | None":
        """Return the paper as it is shown at `now`, None before it is announced."""
        known = [event for event in self.events if event.announced <= now]
        return Shown(self, known) if known else None


@dataclass
class Shown:
    """A paper by what has been announced of it."""

    paper: Paper
    events: list[Version]

    @property
    def name(self) -> str:
        return self.paper.name

    @property
    def versions(self) -> list[Version]:
        return [event for event in self.events if not event.cross]

    @property
    def categories(self) -> tuple[str, ...]:
        crossed = (event.cross for event in self.events if event.cross)
        return tuple(dict.fromkeys((*self.paper.categories, *crossed)))

    @property
    def submitted(self) -> datetime:
        return self.versions[0].submitted

    def atom(self) -> str:
        """Return the paper as the query API writes it."""
        terms = "".join(f'<category term="{name}"/>' for name in self.categories)
        last = self.versions[-1]
        pdf = '<link href="https://arxiv.org/pdf/x" title="pdf" rel="related"/>'
        return (
            f"<entry><id>http://arxiv.org/abs/{self.name}v{len(self.versions)}</id>"
            f"<title>{self.paper.title}</title><summary>We rank.</summary>"
            f"<updated>{last.submitted:%Y-%m-%dT%H:%M:%SZ}</updated>"
            f"<published>{self.submitted:%Y-%m-%dT%H:%M:%SZ}</published>"
            f"<author><name>Ada Lovelace</name></author>{terms}"
            f"<arxiv:comment>{last.comment}</arxiv:comment>"
            f"{'' if last.withdrawn else pdf}</entry>"
        )

    def item(self, kind: str, day: datetime) -> str:
        """Return the paper as the daily feed announces it on `day`."""
        name = f"{self.name}v{len(self.versions)}"
        terms = "".join(f"<category>{name}</category>" for name in self.categories)
        return (
            f"<item><title>{self.paper.title}</title>"
            f"<link>https://arxiv.org/abs/{self.name}</link><description>arXiv:{name} "
            f"Announce Type: {kind} \nAbstract: We rank.</description>"
            f"<guid isPermaLink='false'>oai:arXiv.org:{name}</guid>{terms}"
            f"<pubDate>{format_datetime(day)}</pubDate>"
            f"<arxiv:announce_type>{kind}</arxiv:announce_type>"
            "<dc:creator>Ada Lovelace, Wei Wang</dc:creator></item>"
        )

    def record(self) -> str:
        """Return the paper as OAI-PMH writes it in arXivRaw; the newest first."""
        numbered = list(enumerate(self.versions, 1))
        versions = "".join(
            f'<version version="v{number}">'
            f"<date>{format_datetime(one.submitted)}</date>"
            f"{'<size>0kb</size>' if one.withdrawn else '<size>99kb</size>'}</version>"
            for number, one in reversed(numbered)
        )
        return (
            f"<record><header><identifier>oai:arXiv.org:{self.name}</identifier>"
            f"<datestamp>{self.datestamp}</datestamp></header><metadata>"
            f'<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>{self.name}</id>'
            f"{versions}<title>{self.paper.title}</title>"
            f"<authors>Ada Lovelace and Wei Wang</authors>"
            f"<categories>{' '.join(self.categories)}</categories>"
            f"<comments>{self.versions[-1].comment}</comments>"
            "<abstract>We rank.</abstract></arXivRaw></metadata></record>"
        )

    @property
    def datestamp(self) -> date:
        """The day, UTC, of the last change."""
        return max(event.announced for event in self.events).date()


@dataclass
class Arxiv:
    """Answers for its hosts at the time of its clock."""

    clock: Clock
    papers: list[Paper] = field(default_factory=list)
    stale: frozenset[date] = frozenset()
    """Days whose feed holds the batch before, under the day's date."""

    def number(self) -> None:
        """Give the papers without a name one, in the order of their announcements."""
        nameless = [paper for paper in self.papers if not paper.name]
        nameless.sort(key=lambda p: (p.events[0].announced, p.events[0].submitted))
        for count, paper in enumerate(nameless, 1):
            paper.name = f"{paper.events[0].announced:%y%m}.{count:05}"

    def answer(self, url: str) -> str:
        """Return the document at an address of export, rss or oaipmh.arxiv.org."""
        parts = urlsplit(url)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.hostname == "rss.arxiv.org":
            return self._feed(parts.path.rpartition("/")[2].split("+"))
        if parts.hostname == "oaipmh.arxiv.org":
            return self._list(asked)
        return self._found(asked)

    def shown(self) -> Iterator[Shown]:
        """Yield the papers that are announced, the first submitted first."""
        found = (paper.at(self.clock()) for paper in self.papers)
        yield from sorted((s for s in found if s), key=lambda s: s.submitted)

    def _found(self, asked: dict[str, str]) -> str:
        if "id_list" in asked:
            names = set(asked["id_list"].split(","))
            held = [shown for shown in self.shown() if shown.name in names]
        else:
            window = _WINDOW.search(asked["search_query"])
            assert window
            since, until = window.groups()
            wanted = set(_CATEGORY.findall(asked["search_query"]))
            held = [
                shown
                for shown in self.shown()
                if since <= f"{shown.submitted:%Y%m%d%H%M}" <= until
                and wanted & set(shown.categories)
            ]
        start, size = int(asked["start"]), int(asked["max_results"])
        return (
            '<feed xmlns="http://www.w3.org/2005/Atom"'
            ' xmlns:arxiv="http://arxiv.org/schemas/atom"'
            ' xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">'
            f"<opensearch:totalResults>{len(held)}</opensearch:totalResults>"
            f"<opensearch:startIndex>{start}</opensearch:startIndex>"
            f"{''.join(one.atom() for one in held[start : start + size])}</feed>"
        )

    def _feed(self, wanted: Iterable[str]) -> str:
        today = self.clock().astimezone(HERE).date()
        midnight = datetime.combine(today, time(), HERE)
        day = today - timedelta(days=1) if today in self.stale else today
        items = "".join(
            shown.item(kind, midnight)
            for shown in self.shown()
            if (kind := _kind(shown, day, set(wanted)))
        )
        return (
            '<rss version="2.0" xmlns:arxiv="http://arxiv.org/schemas/atom"'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
            f"<title>{', '.join(wanted)} updates on arXiv.org</title>"
            f"<lastBuildDate>{format_datetime(midnight)}</lastBuildDate>"
            f"{items}</channel></rss>"
        )

    def _list(self, asked: dict[str, str]) -> str:
        token = asked.get("resumptionToken", "")
        named, since, until, start = (
            token.split("|")
            if token
            else (asked["set"], asked["from"], asked.get("until", "9999-12-31"), "0")
        )
        category = named.rpartition(":")[2]
        held = [
            shown
            for shown in self.shown()
            if since <= shown.datestamp.isoformat() <= until
            and any(name.endswith(f".{category}") for name in shown.categories)
        ]
        end = int(start) + _PER_LIST
        records = "".join(one.record() for one in held[int(start) : end])
        more = f"{named}|{since}|{until}|{end}" if end < len(held) else ""
        listed = f"{records}<resumptionToken>{more}</resumptionToken>"
        error = '<error code="noRecordsMatch">Nothing matches.</error>'
        inside = f"<ListRecords>{listed}</ListRecords>" if held else error
        return (
            f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">{inside}</OAI-PMH>'
        )


def _kind(shown: Shown, day: date, wanted: set[str]) -> str:
    """Return how a paper stands in the batch of `day` for categories; "" if not."""
    evening = datetime.combine(day - timedelta(days=1), EVENING, HERE)
    events = [event for event in shown.events if event.announced == evening]
    if not events or not wanted & set(shown.categories):
        return ""
    at_home = shown.paper.categories[0] in wanted
    if events[0] is shown.events[0]:
        return "new" if at_home else "cross"
    if events[0].cross:
        return "cross" if events[0].cross in wanted else ""
    return "replace" if at_home else "replace-cross"
