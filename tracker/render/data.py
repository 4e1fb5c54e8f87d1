"""A digest as JSON; docs/digest-json.md promises what it holds."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from tracker.core.values import Claim
from tracker.core.weekly import Digest, Pick, Section, SourceReport, Trend, Waiting

# Control characters that JSON lets stand but a terminal may obey, and halves of
# surrogate pairs, which UTF-8 can't hold.
_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def data(digest: Digest) -> dict[str, Any]:
    """Return the digest as JSON values, with exactly the documented keys."""
    return {
        "week": digest.week.name,
        "reader": digest.reader,
        "sections": [_section(section) for section in digest.sections],
        "sources": [_source(report) for report in digest.sources],
        "seen": digest.seen,
        "joined": digest.joined,
        "old": digest.old,
        "trends": [_trend(trend) for trend in digest.trends],
        "waiting": _waiting(digest.waiting),
    }


def json_text(digest: Digest) -> str:
    """Return the digest as indented JSON that UTF-8 can encode, ending a line."""
    text = json.dumps(data(digest), indent=2, ensure_ascii=False)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def _section(section: Section) -> dict[str, Any]:
    return {
        "key": section.key,
        "title": section.title,
        "items": [_item(pick) for pick in section.picks],
    }


def _item(pick: Pick) -> dict[str, Any]:
    item = pick.item
    return {
        "id": item.id,
        "kind": str(item.kind),
        "title": item.title,
        "url": item.url,
        "links": list(item.links),
        "authors": list(item.authors),
        "published": _stamp(item.published),
        "first_seen": _stamp(item.first_seen),
        "sources": list(item.sources),
        "topics": _names(item.topics),
        "companies": _names(item.companies),
        "venue": item.venues[-1].name if item.venues else None,
        "score": round(pick.score, 3),
        "reasons": [reason.words for reason in pick.reasons],
        "highlights": list(pick.highlights),
    }


def _names(claims: tuple[Claim, ...]) -> list[str]:
    return [claim.name for claim in claims]


def _source(report: SourceReport) -> dict[str, Any]:
    return {"name": report.name, "outcome": str(report.outcome), "new": report.new}


def _trend(trend: Trend) -> dict[str, Any]:
    return {
        "kind": str(trend.kind),
        "name": trend.name,
        "count": trend.count,
        "before": list(trend.before),
        "rise": round(trend.rise, 3),
        "rising": trend.is_rising,
    }


def _waiting(waiting: Waiting) -> dict[str, Any]:
    return {
        "to_read": waiting.to_read,
        "reading": waiting.reading,
        "longest": [
            {
                "id": item.id,
                "title": item.title,
                "url": item.url,
                "since": _stamp(since),
            }
            for item, since in waiting.longest
        ],
    }


def _stamp(moment: datetime | None) -> str | None:
    """Return a moment as ISO 8601 in UTC, to the second."""
    if moment is None:
        return None
    naive = moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    return f"{naive.isoformat()}Z"
