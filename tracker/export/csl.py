"""CSL-JSON, what citeproc and Zotero read: https://docs.citationstyles.org."""

import json
from collections.abc import Iterable

from tracker.export.names import Name
from tracker.export.work import Work


def text(works: Iterable[Work]) -> str:
    """Return the works as a list of CSL items."""
    listed = [_item(work) for work in works]
    return json.dumps(listed, indent=2, ensure_ascii=False) + "\n"


def _item(work: Work) -> dict[str, object]:
    item = work.item
    date = [work.year]
    if work.published:
        date += [work.published.month, work.published.day]
    known: dict[str, object] = {
        "id": work.key,
        "type": _type(work),
        "title": item.title,
        "author": [_author(name) for name in work.authors],
        "issued": {"date-parts": [date]},
        "container-title": None if work.is_post else work.journal or work.venue,
        "DOI": work.doi,
        "number": f"arXiv:{work.arxiv}" if work.arxiv else None,
        "publisher": "arXiv" if work.is_preprint else None,
        "URL": work.url,
        "abstract": item.summary,
        "keyword": ", ".join(claim.name for claim in item.topics),
        "note": work.mark.note,
    }
    return {name: value for name, value in known.items() if value}


def _type(work: Work) -> str:
    if work.is_post:
        return "post-weblog"
    if work.journal:
        return "article-journal"
    return "paper-conference" if work.venue else "article"


def _author(name: Name) -> dict[str, str]:
    if not name.family:
        return {"literal": name.whole}
    parts = {"family": name.family, "given": name.given, "suffix": name.suffix}
    return {part: value for part, value in parts.items() if value}
