"""PMLR, the Proceedings of Machine Learning Research: ICML, AISTATS, CoRL, UAI, COLT.

A conference's year is a numbered volume; the site's front page lists them all,
`<a href="v235"><b>Volume 235</b></a> Proceedings of ICML 2024`. The papers of one
are at /v235/assets/bib/citeproc.yaml: a YAML list of records in the manner of
citeproc, whose date-parts are flat and which hold control characters. It states no
affiliations.

The list is cut into its records, and one that is broken costs no other. Of YAML the
structure is read and no types: a title "No" is no boolean, aliases are refused.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated, ClassVar
from urllib.parse import quote, urlsplit

import yaml  # type: ignore[import-untyped]  # it has no py.typed
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from tracker.core.values import Author, Document, Entry, ItemKind, Page, Request, Window
from tracker.errors import ReadError
from tracker.sources import base

_SITE = "https://proceedings.mlr.press"
_VOLUME = re.compile(
    r"<a\s[^<>]{0,100}?href=[\"'][^\"'<>]{0,100}?\bv(\d{1,4})/?[\"'][^<>]{0,100}>"
    r"\s{0,9}(?:<b>)?\s{0,9}Volume\s\d{1,4}\s{0,9}(?:</b>)?\s{0,9}</a>([^<]{1,200})",
    re.IGNORECASE,
)
_RECORD = re.compile(r"^(?=-[ \n])", re.MULTILINE)
_NOT_YAML = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd"
    "\U00010000-\U0010ffff]"
)
_OPENREVIEW = re.compile(r"[\w-]{6,20}", re.ASCII)
_NAME = re.compile(r"[\w.-]{1,100}", re.ASCII)
_MOST_RECORDS = 50_000  # ICML 2026, the largest, had some 6,000
_LONGEST_RECORD = 200_000  # characters
_DEEPEST = 8  # a record's author list is 3 deep
_END = object()
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the latter is slow


def _number(value: object) -> int | None:
    text = value if isinstance(value, str) else ""
    return int(text) if re.fullmatch(r"(?a:\d{1,4})", text) else None


def _date_parts(value: object) -> list[int]:
    """Return [year, month, day] as far as they are known."""
    parts = value if isinstance(value, list) else []
    parts = parts[0] if parts and isinstance(parts[0], list) else parts
    return [number for part in parts[:3] if (number := _number(part)) is not None]


class _Model(BaseModel):
    model_config = ConfigDict(alias_generator=lambda name: name.replace("_", "-"))


class _Person(_Model):
    given: base.Text = ""
    family: base.Text = ""


class _Issued(_Model):
    date_parts: Annotated[tuple[int, ...], BeforeValidator(_date_parts)] = ()


class _Record(_Model):
    id: base.Text = ""
    title: base.Text = ""
    abstract: base.Text = ""
    author: Annotated[tuple[_Person, ...], base.MAPPINGS] = ()
    volume: base.Text = ""
    issued: Annotated[_Issued, base.MAPPING] = _Issued()
    openreview: base.Text = ""
    pdf: base.Text = ""
    upper_pdf: base.Text = Field("", alias="PDF")
    software: base.Text = ""


class Source(base.Source):
    """The papers of a conference, one volume a year.

    The site's front page tells the volumes of the conference, which it calls by one
    of the names in `match`, the venue unless given; of those the ones of `years`
    are read, by default the year that is asked about and the two before. `volumes`
    states them instead, as year = number; `url` is the address of one list of
    records. `endpoint` replaces the site.
    """

    every: ClassVar[timedelta] = timedelta(days=7)
    lookback: ClassVar[timedelta] = timedelta(days=365)

    venue: str
    match: tuple[str, ...] = ()
    endpoint: str = _SITE
    years: tuple[int, ...] = ()
    volumes: Mapping[int, int] = Field(default_factory=dict)
    url: str | None = None

    @classmethod
    def at(cls, url: str) -> "Source":
        """Return a source that reads the list of records at `url`."""
        return cls(venue="", url=url)

    def first(self, window: Window) -> tuple[Request, ...]:
        """Return the request for the front page, or for the volumes if configured."""
        if self.url:
            return (Request(self.url),)
        if self.volumes:
            return tuple(self._records(*volume) for volume in self.volumes.items())
        until = window.until.year
        years = self.years or (until, until - 1, until - 2)
        # A fragment stays with us: it tells read() which years were asked for.
        wanted = ",".join(str(year) for year in years)
        return (Request(f"{self._site}/#{wanted}", accept="text/html"),)

    def read(self, document: Document) -> Page:
        """Return the papers of a volume; of the front page, what to ask for next."""
        if document.body.lstrip()[:1] == b"<":
            return self._front_page(document)
        base.refuse_page(document, "a list of records")
        records = [_record(text) for text in _texts(document)]
        sound = [record for record in records if record is not None]
        if not sound:
            raise ReadError(f"{document.url}: no list of records")
        entries = (self._entry(record, document) for record in sound)
        broken = len(records) - len(sound)
        return Page(
            tuple(entry for entry in entries if entry),
            shortfall=f"{broken} of {len(records)} records are broken" * bool(broken),
        )

    @property
    def _site(self) -> str:
        return self.endpoint.rstrip("/")

    def _records(self, year: int, volume: int) -> Request:
        """Return the request for a volume's list; its fragment tells us the year."""
        url = f"{self._site}/v{volume}/assets/bib/citeproc.yaml#{year}"
        return Request(url, may_be_missing=True)

    def _front_page(self, document: Document) -> Page:
        text = document.body.decode("utf-8", "replace")
        listed = [(int(number), title) for number, title in _VOLUME.findall(text)]
        if not listed:
            base.refuse_page(document, "a list of volumes")
            raise ReadError(f"{document.url}: no list of volumes")
        volumes = {
            year: number
            for number, title in listed
            if (year := self._year(base.plain_text(title)))
        }
        if not volumes:
            return Page((), shortfall=f"no volume is called {self.venue!r}")
        wanted = urlsplit(document.requested).fragment.split(",")
        years = [year for year in sorted(volumes, reverse=True) if str(year) in wanted]
        return Page((), tuple(self._records(year, volumes[year]) for year in years))

    def _year(self, title: str) -> int | None:
        """Return the year of a volume of the conference, None for any other.

        "Proceedings of ICML 2024" is one, "Proceedings of GRaM at ICML 2024" none.
        """
        names = "|".join(re.escape(name) for name in self.match or (self.venue,))
        whole = rf"(?a:(?:proceedings of )?(?:the )?(?:{names})[ ,-]*(20\d\d)\.?)"
        found = re.fullmatch(whole, title, re.IGNORECASE) if names else None
        return int(found[1]) if found else None

    def _entry(self, record: _Record, document: Document) -> Entry | None:
        """Return a record as an entry, or None without a title or a sound name."""
        title = base.tex_text(record.title)
        volume = record.volume.removeprefix("v")
        if not title or not _NAME.fullmatch(f"{record.id}{volume}"):
            return None
        return Entry(
            guid=f"v{volume}/{record.id}",
            title=title,
            kind=ItemKind.PAPER,
            url=f"{_SITE}/v{quote(volume)}/{quote(record.id)}.html",
            ids=_ids(record),
            links=_links(record),
            authors=tuple(_authors(record)),
            summary=base.tex_text(record.abstract),
            published=base.sensible(_published(record), document.fetched_at),
            venue=self._venue(record, document),
        )

    def _venue(self, record: _Record, document: Document) -> str | None:
        """Return the venue; CoRL 2024 was published in 2025, so that is no year."""
        known = _number(urlsplit(document.requested).fragment)
        year = known or next(iter(record.issued.date_parts), None)
        return f"{self.venue} {year}" if self.venue and year else None


def _texts(document: Document) -> list[str]:
    """Return the text of each record; libyaml refuses what is replaced here."""
    text = document.body.decode("utf-8", "replace").replace("\r\n", "\n")
    records = _RECORD.split(_NOT_YAML.sub(" ", text))[1:]
    if len(records) > _MOST_RECORDS:
        raise ReadError(f"{document.url}: more than {_MOST_RECORDS:,} records")
    return records


def _record(text: str) -> _Record | None:
    """Return the record that a list of one holds, or None when it is broken."""
    if len(text) > _LONGEST_RECORD:
        return None
    try:
        events = yaml.parse(text, Loader=_LOADER)
        next(events), next(events)  # the stream starts, the document starts
        value = _value(events)
    except (yaml.YAMLError, ValueError, StopIteration):
        return None
    member = value[0] if isinstance(value, list) and value else None
    return _Record.model_validate(member) if isinstance(member, dict) else None


def _value(events: "Iterator[yaml.Event]", depth: int = 0) -> object:
    """Return the next value, whose scalars are texts; _END where there is none.

    Raises ValueError for an alias, which can make a small text a large value, and
    for values in values in values.
    """
    event = next(events)
    if isinstance(event, yaml.AliasEvent) or depth > _DEEPEST:
        raise ValueError("an alias, or too deep")
    if isinstance(event, yaml.ScalarEvent):
        return str(event.value)
    if not isinstance(event, yaml.CollectionStartEvent):
        return _END
    parts = list(iter(partial(_value, events, depth + 1), _END))
    if isinstance(event, yaml.SequenceStartEvent):
        return parts
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return {name: part for name, part in pairs if isinstance(name, str)}


def _ids(record: _Record) -> tuple[str, ...]:
    sound = _OPENREVIEW.fullmatch(record.openreview)
    return (f"openreview:{record.openreview}",) if sound else ()


def _links(record: _Record) -> tuple[str, ...]:
    """Return the addresses of the paper's PDF and of its code."""
    stated = (record.pdf or record.upper_pdf, record.software)
    return tuple(filter(None, map(base.web_url, stated)))


def _authors(record: _Record) -> Iterator[Author]:
    for person in record.author:
        if name := base.one_line(f"{person.given} {person.family}"):
            yield Author(name)


def _published(record: _Record) -> datetime | None:
    """Return the day of publication; a year alone is no day."""
    try:
        year, month, day = record.issued.date_parts
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None
