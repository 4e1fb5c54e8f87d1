"""Semantic Scholar: how often papers are cited, and what they say in one line.

POST /paper/batch?fields=… with `{"ids": ["ARXIV:1706.03762", "DOI:10.…", …]}`, at most
500, answers a list with a paper for each id, or null where it knows none:
`{"paperId", "externalIds": {"ArXiv", "DOI", …}, "title", "citationCount",
"influentialCitationCount", "tldr": {"text"}, …}`. See api.semanticscholar.org/api-docs.

Nothing is published there: it is evidence on papers that other sources brought. Who
has no key shares one pool of requests with everybody else, which is often empty.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar
from urllib.parse import urlencode

from pydantic import BaseModel, Field, SecretStr

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

_FIELDS = (
    "externalIds,title,publicationDate,citationCount,influentialCitationCount,tldr"
)
_NAMES = (identity.arxiv, identity.doi)
_KEY = "x-api-key"
_LONGEST_TLDR = 600  # characters
_LONGEST_ID = 300
_HALF_A_YEAR = timedelta(days=180)


class _Summary(BaseModel):
    text: base.Text = ""


class _Names(BaseModel):
    arxiv: base.Text = Field(default="", alias="ArXiv")
    doi: base.Text = Field(default="", alias="DOI")


class _Paper(BaseModel):
    id: base.Text = Field(default="", alias="paperId")
    names: Annotated[_Names, base.MAPPING] = Field(
        default=_Names(), alias="externalIds"
    )
    title: base.Text = ""
    published: base.Text = Field(default="", alias="publicationDate")
    citations: base.Count = Field(default=0, alias="citationCount")
    influential: base.Count = Field(default=0, alias="influentialCitationCount")
    tldr: Annotated[_Summary, base.MAPPING] = _Summary()


class Source(base.Source):
    """Citations and one-line summaries of what was kept in the last half year.

    That is what a reader marked to be read or rated, and what stood in a digest; at
    most `most` papers, `rows` in a request. The token is a free key. `endpoint`
    replaces the API, `url` is the address of one answer in place of the question.
    """

    every: ClassVar[timedelta] = timedelta(days=7)
    lookback: ClassVar[timedelta] = _HALF_A_YEAR
    overlap: ClassVar[timedelta] = _HALF_A_YEAR
    is_catalogue: ClassVar[bool] = False
    makes_items: ClassVar[bool] = False
    wants_ids: ClassVar[bool] = True

    most: int = Field(default=2000, ge=1, le=5000)
    rows: int = Field(default=500, ge=1, le=500)
    endpoint: str = "https://api.semanticscholar.org/graph/v1"
    url: str | None = None
    token: SecretStr | None = None

    @classmethod
    def at(cls, url: str) -> "Source":
        """Return a source that reads the one answer at `url`."""
        return cls(url=url)

    def first(self, window: Window) -> tuple[Request, ...]:
        """Return the requests about the window's ids; none when there are none."""
        if self.url:
            return (Request(self.url, accept="application/json"),)
        ids = window.ids[: self.most]
        starts = range(0, len(ids), self.rows)
        return tuple(self._about(ids[at : at + self.rows]) for at in starts)

    def read(self, document: Document) -> Page:
        """Return what an answer says of the papers it knows."""
        listed = base.json_of(document)
        papers = [one for one in listed if one is not None] if _is_list(listed) else []
        if not _is_list(listed) or any(
            "paperId" not in base.mapping(p) for p in papers
        ):
            said = base.one_line(base.text(base.mapping(listed).get("error")))[:200]
            raise ReadError(f"{document.url}: no list of papers{said and ': '}{said}")
        found = (_entry(_Paper.model_validate(one), document) for one in papers)
        return Page(tuple(entry for entry in found if entry))

    def _about(self, ids: tuple[str, ...]) -> Request:
        asked = [f"{scheme.upper()}:{name}" for scheme, name in map(_parts, ids)]
        return Request(
            f"{self.endpoint.rstrip('/')}/paper/batch?{urlencode({'fields': _FIELDS})}",
            accept="application/json",
            token=self.token.get_secret_value() if self.token else None,
            token_header=_KEY,
            body=json.dumps({"ids": asked}).encode(),
        )


def _is_list(listed: object) -> bool:
    return isinstance(listed, list) and bool(listed)


def _parts(key: str) -> tuple[str, str]:
    scheme, _, name = key.partition(":")
    return scheme, name


def _entry(paper: _Paper, document: Document) -> Entry | None:
    """Return a paper as an entry, or None when no id of it is one of ours."""
    stated = (base.one_line(text) for text in (paper.names.arxiv, paper.names.doi))
    names = (name_of(text) for name_of, text in zip(_NAMES, stated, strict=True))
    ids = tuple(dict.fromkeys(n for n in names if n and len(n) <= _LONGEST_ID))
    guid = base.one_line(paper.id)
    if not ids or not guid:
        return None
    return Entry(
        guid=guid,
        title=base.tex_text(paper.title) or ids[0],
        kind=ItemKind.PAPER,
        ids=ids,
        published=base.sensible(_day(paper.published), document.fetched_at),
        signals=tuple(_signals(paper)),
    )


def _day(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text[:10]).replace(tzinfo=UTC)
    except ValueError:
        return None


def _signals(paper: _Paper) -> Iterator[Signal]:
    stated = {
        SignalName.CITATIONS: str(paper.citations or ""),
        SignalName.INFLUENTIAL: str(paper.influential or ""),
        SignalName.TLDR: base.tex_text(paper.tldr.text)[:_LONGEST_TLDR].strip(),
    }
    return (Signal(name, value) for name, value in stated.items() if value)
