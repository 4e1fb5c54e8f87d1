"""OAI-PMH at oaipmh.arxiv.org: whatever changed, by the day of the change.

It has new papers, new versions, cross-lists, withdrawals and changed comments, so
nothing can be missed, whenever it was submitted. Its format arXivRaw tells all
versions. A window is harvested week by week and set by set, oldest first: a list
that breaks off (its tokens last a day) costs a week of reading at most.
info.arxiv.org/help/oa/index.html, openarchives.org/OAI/openarchivesprotocol.html
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from typing import Self
from urllib.parse import parse_qs, urlencode, urlsplit
from xml.etree.ElementTree import Element

from tracker.core import identity
from tracker.core.values import Document, Entry, ItemKind, Page, Request, Window
from tracker.errors import ReadError
from tracker.sources import base
from tracker.sources.arxiv import paper
from tracker.sources.arxiv.names import authors

MOST_OF_A_RUN = 30_000  # papers; they wait in memory until the run ends
_AT_ONCE = timedelta(days=7)
_GROUPS = frozenset({"cs", "econ", "eess", "math", "q-bio", "q-fin", "stat"})
_NUMBER = re.compile(r"v([0-9]{1,4})")
_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_RAW = "{http://arxiv.org/OAI/arXivRaw/}"


@dataclass(frozen=True, slots=True)
class _Part:
    """Some days of a set: what is being listed, and how many papers the run has read.

    `until` is None in the last part, which ends where the list does.
    """

    name: str
    since: date
    until: date | None
    count: int = 0

    def request(self, address: str, token: str = "") -> Request:
        """Return the request for the part, or for what follows `token`.

        The part stands in the fragment too: a token says nothing to us.
        """
        days = {"from": self.since.isoformat()}
        if self.until:
            days["until"] = self.until.isoformat()
        listed = {"metadataPrefix": "arXivRaw", "set": self.name, **days}
        asked = {"resumptionToken": token} if token else listed
        query = urlencode({"verb": "ListRecords", **asked})
        noted = urlencode({"set": self.name, **days, "count": self.count})
        return Request(f"{address}?{query}#{noted}", accept="text/xml")

    @classmethod
    def noted(cls, fragment: str) -> Self | None:
        """Return the part that `fragment` notes, None without one."""
        noted = {name: values[0] for name, values in parse_qs(fragment).items()}
        if not {"set", "from", "count"} <= noted.keys():
            return None
        until = date.fromisoformat(noted["until"]) if "until" in noted else None
        since = date.fromisoformat(noted["from"])
        return cls(noted["set"], since, until, int(noted["count"]))

    def week(self, today: date) -> Self:
        """Return the part without the days behind its first week."""
        until = self.since + _AT_ONCE - timedelta(days=1)
        return replace(self, until=until if until < today else None)

    def after(self, sets: Sequence[str], today: date) -> Self | None:
        """Return the same days of the next set, else the next week, None at the end."""
        others = sets[sets.index(self.name) + 1 :] if self.name in sets else ()
        if others:
            return replace(self, name=others[0])
        if self.until is None:
            return None
        since = self.until + timedelta(days=1)
        return replace(self, name=sets[0], since=since).week(today)


def set_of(category: str) -> str:
    """Return the set that holds a category: "cs:cs:IR", "physics:hep-th", "stat"."""
    archive, _, subject = category.partition(".")
    group = [] if archive in _GROUPS and not subject.strip("*") else [archive]
    whole = [archive if archive in _GROUPS else "physics", *group]
    return ":".join([*whole, subject] if subject.strip("*") else whole)


def first(address: str, sets: Sequence[str], window: Window) -> tuple[Request, ...]:
    """Return the request that starts the harvest of `sets`."""
    part = _Part(sets[0], window.since.date(), None).week(window.until.date())
    return (part.request(address),)


def read(root: Element, document: Document, sets: Sequence[str]) -> Page:
    """Return the papers of a list, and the request for what follows.

    Deleted records say nothing of the paper and are left out. Raises ReadError with
    arXiv's words for its errors, but for "nothing matches".
    """
    _refuse_error(root, document)
    sent = root.findall(f".//{_RAW}arXivRaw")
    if not sent and root.find(f".//{_OAI}metadata") is not None:
        raise ReadError(f"{document.url}: records in another format than arXivRaw")
    found = [_entry(element, document.fetched_at) for element in sent]
    entries = tuple(entry for entry in found if entry)
    if sent and not entries:
        raise ReadError(f"{document.url}: no record has an arXiv id and a title")
    return _followed(root, document, sets, entries)


def _followed(
    root: Element, document: Document, sets: Sequence[str], entries: tuple[Entry, ...]
) -> Page:
    """Return the page with what follows it: this list, the next set, the next week."""
    asked = urlsplit(document.requested)
    address = asked._replace(query="", fragment="").geturl()
    part = _Part.noted(asked.fragment)
    if part is None:
        return Page(entries)
    part = replace(part, count=part.count + len(entries))
    token = (root.findtext(f".//{_OAI}resumptionToken") or "").strip()
    if token:
        return Page(entries, (part.request(address, token),))
    following = part.after(sets, document.fetched_at.date())
    if following is None or part.until is None:
        return Page(entries, (following.request(address),) if following else ())
    done = following.since > part.since
    reached = datetime.combine(part.until, time(), UTC) if done else None
    if done and part.count >= MOST_OF_A_RUN:
        left = f"{part.count:,} papers read, up to {part.until}"
        return Page(entries, (), f"{left}; the others are read next time", reached)
    return Page(entries, (following.request(address),), "", reached)


def _refuse_error(root: Element, document: Document) -> None:
    for error in root.findall(f"{_OAI}error"):
        code = error.get("code", "error")
        if code != "noRecordsMatch":
            said = base.one_line(error.text or "no reason")
            raise ReadError(f"{document.url}: arXiv says: {code}: {said[:200]}")
    if root.find(f"{_OAI}error") is None and not root.findall(f".//{_OAI}header"):
        raise ReadError(f"{document.url}: neither records nor an error of OAI-PMH")


def _entry(element: Element, now: datetime) -> Entry | None:
    name = paper.Name.of(paper.line(element, f"{_RAW}id"))
    title = paper.line(element, f"{_RAW}title")
    if name is None or not title:
        return None
    comment = paper.line(element, f"{_RAW}comments") or None
    doi = identity.doi(paper.line(element, f"{_RAW}doi"))
    versions = _versions(element)
    newest = versions[-1] if versions else None
    return Entry(
        guid=name.key,
        title=title,
        kind=ItemKind.PAPER,
        url=name.url,
        ids=(name.key, doi) if doi else (name.key,),
        authors=authors(paper.line(element, f"{_RAW}authors")),
        summary=paper.line(element, f"{_RAW}abstract"),
        published=base.sensible(_moment(versions[0][1]) if versions else None, now),
        updated=base.sensible(_moment(newest[1]) if newest else None, now),
        categories=paper.own(paper.line(element, f"{_RAW}categories").split()),
        venue=paper.venue(comment, paper.line(element, f"{_RAW}journal-ref")),
        comment=comment,
        version=newest[0] if newest else None,
        withdrawn=_is_empty(newest) or paper.says_withdrawn(comment),
    )


def _versions(element: Element) -> list[tuple[int, Element]]:
    """Return the versions by number; arXiv sends v10 before v2."""
    found = element.findall(f"{_RAW}version")
    stated = [(_NUMBER.fullmatch(one.get("version", "")), one) for one in found]
    numbered = [(int(number[1]), one) for number, one in stated if number]
    return sorted(numbered, key=lambda pair: pair[0])


def _is_empty(version: tuple[int, Element] | None) -> bool:
    """Return whether there is nothing to read: a withdrawal is an empty version."""
    return version is not None and paper.line(version[1], f"{_RAW}size") == "0kb"


def _moment(version: Element) -> datetime | None:
    try:
        return parsedate_to_datetime(paper.line(version, f"{_RAW}date"))
    except (OverflowError, ValueError):
        return None
