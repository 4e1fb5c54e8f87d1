"""Hugging Face's daily papers: who of, where the code is, and how many liked them.

GET /api/daily_papers?date=YYYY-MM-DD answers the arXiv papers that people submitted
on a day, `[{"paper": {"id", "title", "upvotes", "githubRepo", "projectPage",
"organization": {"name", "fullname"}, …}, …}, …]`: none at week-ends. See
huggingface.co/docs/hub/en/api.

Nothing is published there: it is evidence on papers that other sources bring.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated, ClassVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from pydantic import BaseModel, Field

from tracker.core import identity
from tracker.core.values import (
    Document,
    Entry,
    ItemKind,
    Page,
    Request,
    Signal,
    SignalName,
    Window,
)
from tracker.errors import ReadError
from tracker.sources import base

_ROWS = 100  # papers in one answer; the API gives no more
_MOST_PAGES = 5  # of a day; some 50 papers are usual
_LONGEST_NAME = 200  # characters


class _Organization(BaseModel):
    name: base.Text = ""
    fullname: base.Text = ""


class _Paper(BaseModel):
    id: base.Text = ""
    title: base.Text = ""
    published: base.Text = Field(default="", alias="publishedAt")
    upvotes: base.Count = 0
    code: base.Text = Field(default="", alias="githubRepo")
    project: base.Text = Field(default="", alias="projectPage")
    organization: Annotated[_Organization, base.MAPPING] = _Organization()


class _Pick(BaseModel):
    paper: Annotated[_Paper, base.MAPPING] = _Paper()
    organization: Annotated[_Organization, base.MAPPING] = _Organization()

    @property
    def organization_name(self) -> str:
        """The name of the organization, which stands in one of two places."""
        stated = (self.paper.organization, self.organization)
        names = [name for one in stated for name in (one.fullname, one.name)]
        return base.plain_text(next(filter(None, names), ""))[:_LONGEST_NAME].strip()


class Source(base.Source):
    """What is known of the papers of the last days, at most `days`.

    Each visit reads the lists of the last week again: upvotes still come in, and a
    paper may reach us after its list. A day's list is read once the day is over.
    `endpoint` replaces the API, `url` is the address of one list in place of the
    days'.
    """

    every: ClassVar[timedelta] = timedelta(days=1)
    is_catalogue: ClassVar[bool] = False
    makes_items: ClassVar[bool] = False

    days: int = Field(default=14, ge=1, le=60)
    endpoint: str = "https://huggingface.co/api/daily_papers"
    url: str | None = None

    @classmethod
    def at(cls, url: str) -> "Source":
        """Return a source that reads the list at `url`."""
        return cls(url=url)

    def first(self, window: Window) -> tuple[Request, ...]:
        """Return the requests for the days' lists, the latest first."""
        if self.url:
            return (Request(self.url, accept="application/json"),)
        last = window.until.date() - timedelta(days=1)
        count = min(max((last - window.since.date()).days + 1, 1), self.days)
        days = (last - timedelta(days=back) for back in range(count))
        queries = (urlencode({"date": day, "limit": _ROWS, "p": 0}) for day in days)
        return tuple(_request(f"{self.endpoint}?{query}") for query in queries)

    def read(self, document: Document) -> Page:
        """Return what a list says of its papers, and the request for what follows.

        An empty list is sound: nothing is submitted at week-ends.
        """
        listed = base.json_of(document)
        picks = [_Pick.model_validate(one) for one in base.mappings(listed)]
        papers = [pick for pick in picks if identity.arxiv(pick.paper.id)]
        if not isinstance(listed, list) or (listed and not papers):
            raise ReadError(f"{document.url}: no list of papers")
        found = (_entry(pick, document) for pick in papers)
        return Page(tuple(found), tuple(_next(document, len(listed))))


def _request(url: str) -> Request:
    return Request(url, accept="application/json", may_be_missing=True)


def _next(document: Document, count: int) -> Iterator[Request]:
    """Yield the request for the next page, unless this one is the last."""
    parts = urlsplit(document.requested)
    asked = dict(parse_qsl(parts.query))
    page = asked.get("p", "")
    if count >= _ROWS and page.isdecimal() and int(page[:3]) + 1 < _MOST_PAGES:
        query = urlencode(asked | {"p": int(page) + 1})
        yield _request(parts._replace(query=query).geturl())


def _entry(pick: _Pick, document: Document) -> Entry:
    paper, key = pick.paper, identity.arxiv(pick.paper.id) or ""
    number = key.partition(":")[2]
    return Entry(
        guid=number,
        title=base.tex_text(paper.title) or number,
        kind=ItemKind.PAPER,
        url=base.web_url(f"https://arxiv.org/abs/{number}"),
        ids=(key,),
        published=base.sensible(_moment(paper.published), document.fetched_at),
        signals=tuple(_signals(pick)),
    )


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _signals(pick: _Pick) -> Iterator[Signal]:
    paper = pick.paper
    stated = {
        SignalName.UPVOTES: str(paper.upvotes or ""),
        SignalName.CODE: base.web_url(paper.code) if paper.code else None,
        SignalName.PROJECT: base.web_url(paper.project) if paper.project else None,
        SignalName.ORGANIZATION: pick.organization_name,
    }
    return (Signal(name, value) for name, value in stated.items() if value)
