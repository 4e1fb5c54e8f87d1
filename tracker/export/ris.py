"""RIS, the tagged lines that Zotero, EndNote and Mendeley import."""

from collections.abc import Iterable, Iterator

from tracker.export.work import Work


def text(works: Iterable[Work]) -> str:
    """Return the works as RIS; its lines end as the format asks, CR and LF."""
    return "".join(
        f"{tag}  - {' '.join(value.split())}\r\n"
        for work in works
        for tag, value in _lines(work)
    )


def _lines(work: Work) -> Iterator[tuple[str, str]]:
    item = work.item
    dated = f"{work.published:%Y/%m/%d}" if work.published else ""
    known = (
        ("TI", item.title),
        *(("AU", name.inverted) for name in work.authors),
        ("PY", str(work.year)),
        ("DA", dated),
        ("T2", "" if work.is_post else work.journal or work.venue),
        ("DO", work.doi),
        ("AN", f"arXiv:{work.arxiv}" if work.arxiv else ""),
        ("UR", work.url),
        ("AB", item.summary),
        *(("KW", claim.name) for claim in item.topics),
        ("N1", work.mark.note),
    )
    yield "TY", _type(work)
    yield "ID", work.key
    yield from ((tag, value) for tag, value in known if value)
    yield "ER", ""


def _type(work: Work) -> str:
    if work.is_post:
        return "BLOG"
    if work.journal:
        return "JOUR"
    return "CONF" if work.venue else "UNPB"
