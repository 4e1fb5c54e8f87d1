"""Are the companies right? Rows of what a source states, and who published it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from tracker.config import Config
from tracker.core.classify.called import Called
from tracker.core.values import Author, Company, Entry, ItemKind
from tracker.evaluation import resampling, shipped
from tracker.evaluation.files import Row
from tracker.evaluation.measures import Tally
from tracker.evaluation.report import Line, Report
from tracker.sources.base import one_line

NEEDED = ("affiliations", "companies")

_MOST_MISSES = 20
_LONGEST_MISS = 160

Names = frozenset[str]


def measure(rows: Sequence[Row], settings: Config) -> Report:
    """Return how well companies are found, over all claims together (micro)."""
    entries = [_entry(number, row) for number, row in enumerate(rows)]
    judge = shipped.judge(settings)
    found = [
        frozenset(claim.name for claim in shipped.drafted(entry, judge).companies)
        for entry in entries
    ]
    bare = [_bare(row.texts("affiliations"), settings.companies) for row in rows]
    labels = [row.texts("companies") for row in rows]
    known = _known({one for named in labels for one in named}, settings.companies)
    truth = [frozenset(known[one] for one in named if one in known) for named in labels]
    whole = [all(one in known for one in named) for named in labels]
    methods = (
        ("tracker", _judged(found, truth, whole)),
        ("bare name", _judged(bare, truth, whole)),
    )
    return Report(
        "companies",
        len(rows),
        tuple(_line(name, said, truth) for name, said in methods),
        tuple(
            _notes(one.lower() for named in labels for one in named if one not in known)
        ),
        tuple(
            {"id": row.id(number), "companies": sorted(said)}
            for number, (row, said) in enumerate(zip(rows, found, strict=True))
        ),
        tuple(_misses(rows, methods[0][1], truth)),
    )


def _entry(number: int, row: Row) -> Entry:
    """Return what a row states; each author has their own affiliation where they can.

    Where there are more or fewer affiliations than authors, the first has them all.
    """
    names, places = row.texts("authors") or ("",), row.texts("affiliations")
    each = [places, *[()] * (len(names) - 1)]
    if len(names) == len(places):
        each = [(place,) for place in places]
    return Entry(
        guid=str(number),
        title=one_line(row.text("title")),
        kind=ItemKind.PAPER if places else ItemKind.POST,
        url=row.address("url"),
        authors=tuple(map(Author, names, each)),
        summary=row.text("abstract"),
    )


def _known(labels: Iterable[str], companies: Sequence[Company]) -> dict[str, str]:
    """Return the companies' names by the labels that mean them.

    A label is a name, a title or an alias, else it is read as an affiliation is:
    "Amazon Web Services" means Amazon.
    """
    called = Called(companies)
    meant = {label: called.company(label) for label in labels}
    return {label: company.name for label, company in meant.items() if company}


def _judged(
    found: Sequence[Names], truth: Sequence[Names], whole: Sequence[bool]
) -> list[Names]:
    """Return the claims that labels speak for or against.

    A label of no known company may mean any that was found on its row, so that row
    speaks against none.
    """
    return [
        said if is_whole else said & true
        for said, true, is_whole in zip(found, truth, whole, strict=True)
    ]


def _bare(places: Sequence[str], companies: Sequence[Company]) -> Names:
    """Return the companies whose bare name occurs anywhere in an affiliation."""
    text = "\n".join(places).lower()
    return frozenset(one.name for one in companies if one.title.lower() in text)


def _line(method: str, found: Sequence[Names], truth: Sequence[Names]) -> Line:
    outcomes = [
        (("all", Tally(len(said & true), len(said - true), len(true - said))),)
        for said, true in zip(found, truth, strict=True)
    ]
    return Line(
        method, "all", sum(map(len, truth)), resampling.tallied(outcomes)["all"]
    )


def _notes(unknown: Iterator[str]) -> Iterator[str]:
    names = Counter(unknown)
    if names:
        few = ", ".join(name for name, _ in names.most_common(10))
        yield (
            f"{names.total()} labels are of companies that feeds.toml has not, and in"
            f" no figure: {few}"
        )


def _misses(
    rows: Sequence[Row], found: Sequence[Names], truth: Sequence[Names]
) -> Iterator[str]:
    """Yield the claims that are wrong or missing, the most frequent first."""
    seen: Counter[str] = Counter()
    for row, said, true in zip(rows, found, truth, strict=True):
        places = "; ".join(dict.fromkeys(row.texts("affiliations")))[:_LONGEST_MISS]
        seen.update(f"missed {name}: {places}" for name in sorted(true - said))
        seen.update(f"wrongly {name}: {places}" for name in sorted(said - true))
    ranked = sorted(seen.items(), key=lambda pair: (-pair[1], pair[0]))
    for what, times in ranked[:_MOST_MISSES]:
        yield f"{what} ({times} times)" if times > 1 else what
