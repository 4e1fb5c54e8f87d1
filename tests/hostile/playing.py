"""Playing the corpus: every case is collected into one store, beside honest sources.

What is bounded, for each case: fetching ends TIMEOUT + SLACK seconds after it began;
reading takes BUSY seconds of the processor, in a process of at most MEMORY bytes that
is ended after READING seconds. A file that is refused, is so within BUSY seconds. The
process that collects, with WORKERS threads, grows by at most COLLECTING bytes: what is
under way in each of them, sent and inflated, and our servers, which share it.
"""

import re
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import time as time_of_day
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import LABEL_STYLE_TABLENAME_PLUS_COL, Engine, select

from tests.fakes import MONDAY, Clock
from tests.hostile import answers, documents, identities, kinds, markup, safety, ways
from tests.hostile.case import OK, Case, document, item, rss
from tests.hostile.files import FileCase
from tests.hostile.stage import staged
from tests.hostile.weighed import Measures, Weighed, WeighedFeed, measures, weighing
from tests.render import forms
from tracker import ingest, publish
from tracker.core.digest import Shape
from tracker.core.schedule import week_of
from tracker.core.values import Company, Document, Request
from tracker.core.weekly import Digest, Pick, Reader, Section
from tracker.fetch import Door, Limits
from tracker.ingest import Report, Tools
from tracker.ingest.judging import judge
from tracker.reading import Reading
from tracker.render.html import html
from tracker.render.markdown import markdown
from tracker.sources import Subscription, load
from tracker.store import engine as store
from tracker.store import fetches
from tracker.store.fetches import SOURCE, State
from tracker.store.rows import ITEM, MENTION, SIGNAL

TIMEOUT = 2.0
SLACK = 2.0
READING = 30.0
BUSY = 10.0
MEMORY = 500_000_000
WORKERS = 8
COLLECTING = 600_000_000
COLLECTOR = "the-collecting-process"
CASES: tuple[Case, ...] = (
    *ways.CASES,
    *answers.CASES,
    *documents.CASES,
    *markup.CASES,
    *identities.CASES,
    *kinds.CASES,
)
HONEST = Case(
    "the-honest-source",
    document(identities.honest()),
    OK,
    titles=tuple(title for theft in identities.THEFTS for title in theft.titles),
)
GOOD = Case(
    "the-good-source",
    document(rss(item(f"Good post {n}", name=f"{n}") for n in range(20))),
    OK,
    titles=tuple(f"Good post {n}" for n in range(20)),
)

_LONGEST_WAIT = timedelta(days=8)
_MOST_PICKS = 5  # of a case in one rendering
_TOGETHER = 12  # cases rendered together: as many troubles as a mail's foot names
_EVIL = Company("evil", "Evil")
_READER = Reader("ada", "ada@reader.example", companies=("evil",))


@dataclass(frozen=True, slots=True)
class Result:
    """What a case came to; `faults` says what is wrong with that, "" of nothing."""

    name: str
    seconds: float
    reading: Measures | None
    faults: tuple[str, ...]


@dataclass(slots=True)
class Timed:
    """A door that notes how long each host took, in seconds."""

    door: Door
    took: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    lock: Lock = field(default_factory=Lock)

    def __call__(self, request: Request) -> Document:
        start = time.monotonic()
        try:
            return self.door(request)
        finally:
            with self.lock:
                self.took[request.url] += time.monotonic() - start


@dataclass(slots=True)
class Theatre:
    """What the corpus is played with: tools, a store, and the cases' sources."""

    tools: Tools
    fetch: Timed
    folder: Path
    subscriptions: dict[str, Subscription]
    reports: dict[str, Report] = field(default_factory=dict)

    @property
    def engine(self) -> Engine:
        return self.tools.engine

    def collect(self, cases: Sequence[Case]) -> None:
        """Collect the cases' sources, all at once."""
        mine = [self.subscriptions[case.name] for case in cases]
        due = ingest.due(self.tools, mine, forced=True)
        for report in ingest.collect(self.tools, due):
            self.reports[report.name] = report


def refuse(case: FileCase, folder: Path) -> Result:
    """Let a hostile file be read; return what that came to."""
    file = folder / "hostile-file"
    file.write_bytes(case.body)
    start = time.process_time()
    said = _refusal(case, file)
    seconds = time.process_time() - start
    faults = [f"says {said[:200]!a}"] * (not re.search(case.said, said))
    for one in said.split("\n"):
        faults += safety.line(one, "refusal")
    if seconds > BUSY:
        faults.append(f"reading took {seconds:.1f} s")
    return Result(case.name, seconds, None, tuple(faults))


def _refusal(case: FileCase, file: Path) -> str:
    try:
        case.read(file)
    except case.error as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - what it should not be, whatever it is
        return f"raised {error!r}"
    return "accepted"


def play(cases: Sequence[Case], folder: Path) -> list[Result]:
    """Play `cases` and return what each came to, the honest sources' last."""
    everyone = (*cases, HONEST, GOOD)
    with staged(everyone) as urls:
        theatre = _theatre(everyone, urls, folder)
        try:
            with weighing() as taken:
                theatre.collect([HONEST])
                theatre.collect([*cases, GOOD])
                collecting = taken()
            return [*_results(theatre, everyone), collector(collecting)]
        finally:
            _close(theatre)


def collector(took: Measures) -> Result:
    """Return what collecting the corpus came to for the process that did."""
    said = f"grew by {took.grown / 1e6:.0f} MB"
    faults = (said,) if took.grown > COLLECTING else ()
    return Result(COLLECTOR, 0.0, took, faults)


def _theatre(cases: Sequence[Case], urls: Mapping[str, str], folder: Path) -> Theatre:
    engine = store.open_store(f"sqlite:///{folder / 'tracker.db'}")
    store.check(engine)
    limits = Limits("tracker/test", timeout=TIMEOUT, per_host_delay=0.0)
    clock = Clock()
    fetch = Timed(Door(limits, folder / "pace", clock))
    mine = {
        case.name: Subscription(
            name=case.name,
            title=case.name,
            kind=case.kind,
            source=(Weighed if load(case.kind).is_catalogue else WeighedFeed)(
                read_as=case.kind,
                url=urls[case.name],
                measures=folder / f"{case.name}.json",
            ),
            company="evil",
        )
        for case in cases
    }
    read = Reading(workers=2, seconds=READING)
    judged = judge((), (_EVIL,), tuple(mine.values()))
    tools = Tools(engine, fetch, read, judged, clock, WORKERS)
    return Theatre(tools, fetch, folder, mine)


def _close(theatre: Theatre) -> None:
    theatre.fetch.door.close()
    assert isinstance(theatre.tools.read, Reading)
    theatre.tools.read.close()
    theatre.engine.dispose()


def _results(theatre: Theatre, cases: Sequence[Case]) -> list[Result]:
    with store.reading(theatre.engine) as connection:
        states = fetches.states(connection)
    shown = _rendered(theatre, cases)
    results = []
    for case in cases:
        seconds = theatre.fetch.took[_url(theatre, case)]
        reading = measures(theatre.folder / f"{case.name}.json")
        faults = (
            *_of_outcome(case, states[case.name]),
            *_of_cost(seconds, reading),
            *_of_items(theatre, case),
            *shown.get(case.name, ()),
        )
        results.append(Result(case.name, seconds, reading, faults))
    return results


def _url(theatre: Theatre, case: Case) -> str:
    return theatre.subscriptions[case.name].address or ""


def _of_outcome(case: Case, state: State) -> Iterator[str]:
    if state.outcome is not case.outcome:
        yield f"{state.outcome}, not {case.outcome}: {state.detail[:200]}"
    elif not re.search(case.said, state.detail):
        yield f"says {state.detail[:200]!r}, not {case.said!r}"
    if "error in tracker itself" in state.detail:
        yield f"an error of our own: {state.detail[:200]}"
    yield from safety.line(state.detail, "detail")
    next_check = state.next_check_at
    if not next_check or not MONDAY < next_check < MONDAY + _LONGEST_WAIT:
        yield f"next check at {next_check}"


def _of_cost(seconds: float, reading: Measures | None) -> Iterator[str]:
    if seconds > TIMEOUT + SLACK:
        yield f"fetching took {seconds:.1f} s"
    if reading and reading.seconds > BUSY:
        yield f"reading took {reading.seconds:.1f} s"
    if reading and reading.peak > MEMORY:
        yield f"reading took {reading.peak / 1e6:.0f} MB"


def _of_items(theatre: Theatre, case: Case) -> Iterator[str]:
    """Yield what is wrong with the items seen at a case's source."""
    rows = _rows(theatre.engine, case.name)
    titles = sorted(row["title"] for row in rows)
    if case.titles is not None and titles != sorted(case.titles):
        yield f"has {titles[:5]}, not {sorted(case.titles)[:5]}"
    for row in rows:
        yield from safety.item(row)
        yield from safety.mention(row["mention"])
    for name, value in _signals(theatre.engine, case.name):
        yield from safety.signal(name, value)


def _signals(engine: Engine, source: str) -> list[tuple[str, str]]:
    """Return what a source told of works, by name."""
    query = select(SIGNAL.c.name, SIGNAL.c.value).where(SIGNAL.c.source == source)
    with store.reading(engine) as connection:
        return [(name, value) for name, value in connection.execute(query)]


def _rows(engine: Engine, name: str) -> list[dict[str, Any]]:
    """Return the items seen at a source, each with its mention there."""
    query = (
        select(ITEM, MENTION)
        .join(MENTION, MENTION.c.item_id == ITEM.c.id)
        .join(SOURCE, SOURCE.c.id == MENTION.c.source_id)
        .where(SOURCE.c.name == name)
        .set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)
    )
    with store.reading(engine) as connection:
        found = connection.execute(query).mappings().all()
    return [
        {key.removeprefix("item_"): row[key] for key in row if key[:5] == "item_"}
        | {"mention": {key[8:]: row[key] for key in row if key[:8] == "mention_"}}
        for row in found
    ]


# What a reader is shown


def _rendered(theatre: Theatre, cases: Sequence[Case]) -> dict[str, list[str]]:
    """Return what is dangerous in the digests of the store, by case."""
    whole = _digest(theatre)
    names = [case.name for case in cases]
    found: dict[str, list[str]] = {}
    for start in range(0, len(names), _TOGETHER):
        some = names[start : start + _TOGETHER]
        if list(_dangers(_part(whole, some))):
            found |= {name: list(_dangers(_part(whole, [name]))) for name in some}
    return found


def _digest(theatre: Theatre) -> Digest:
    press = publish.Press(
        theatre.engine,
        (),
        (_EVIL,),
        tuple(theatre.subscriptions.values()),
        Shape(top=7, per_section=1_000_000),
        "sunday",
        time_of_day(7),
    )
    week = week_of(MONDAY, ZoneInfo("UTC"))
    return publish.digest(press, _READER, week, MONDAY + timedelta(hours=1))


def _part(whole: Digest, names: Sequence[str]) -> Digest:
    """Return of a digest what concerns the sources `names`."""
    sections = []
    for section in whole.sections:
        picks = [pick for name in names for pick in _of(section, name)[:_MOST_PICKS]]
        sections.append(replace(section, picks=tuple(picks), more=0))
    reports = tuple(report for report in whole.sources if report.name in names)
    return replace(whole, sections=tuple(sections), sources=reports)


def _of(section: Section, name: str) -> list[Pick]:
    return [pick for pick in section.picks if name in pick.item.sources]


def _dangers(digest: Digest) -> Iterator[str]:
    yield from safety.page(html(digest), "page")
    yield from safety.letter(forms.letter(digest))
    yield from safety.markdown(markdown(digest))
    yield from safety.terminal(forms.on_terminal(digest))
    yield from safety.printed(forms.plain(digest), "print")
