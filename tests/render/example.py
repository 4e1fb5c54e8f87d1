"""A made-up week that shows all a digest can hold, and parts to make others of."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from tracker.core.sentences import sentences
from tracker.core.values import (
    Claim,
    Digest,
    Item,
    ItemKind,
    Outcome,
    Pick,
    Reason,
    Section,
    SourceReport,
    Trend,
    TrendKind,
    Waiting,
    Week,
)

SEEN = datetime(2026, 11, 18, 6, 30, tzinfo=UTC)
WEEK = Week(
    "2026-W47",
    datetime(2026, 11, 15, 23, tzinfo=UTC),
    datetime(2026, 11, 22, 23, tzinfo=UTC),
)
NAMES = {
    "llm": "Large language models",
    "recsys": "Recommender systems",
    "harbour": "Harbour",
    "lumen": "Lumen Labs",
    "arxiv-ir": "arXiv cs.IR",
    "harbour-eng": "Harbour Engineering",
    "notes": "Notes on ranking",
    "kdd": "KDD",
    "lagoon": "Lagoon Tech Blog",
    "ferry": "Ferry Research",
}


def item(number: int = 1, title: str = "A paper of note", **changes: object) -> Item:
    """Return a paper by two people, seen on a Wednesday."""
    made = Item(
        id=number,
        kind=ItemKind.PAPER,
        title=title,
        url=f"https://papers.example/{number}",
        first_seen=SEEN,
        published=datetime(2026, 11, 16, 18, tzinfo=UTC),
        authors=("Ada Lovelace", "Alan Turing"),
        summary="We show a thing. It holds. More follows.",
        sources=("arxiv-ir",),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # checked by replace itself


def pick(of: Item, *reasons: str) -> Pick:
    """Return an item with a point for each of its reasons."""
    parts = tuple(Reason("topic", 1.0, words) for words in reasons)
    return Pick(of, float(len(parts)), parts)


def digest(*sections: Section, **changes: object) -> Digest:
    """Return a digest of these sections for anna in Berlin."""
    made = Digest(
        week=WEEK,
        reader="anna",
        time_zone="Europe/Berlin",
        sections=sections,
        sources=(SourceReport("arxiv-ir", "arXiv cs.IR", Outcome.OK, 3),),
        seen=3,
        names=NAMES,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # checked by replace itself


def titled(*titles: str) -> Digest:
    """Return a digest of top picks with these titles."""
    picks = [pick(item(n, title), "about ranking") for n, title in enumerate(titles, 1)]
    return digest(Section("top", "Read first", tuple(picks)))


def huge(titles: Sequence[str], parts: int = 6) -> Digest:
    """Return a digest with very many items, most of them in its lower sections."""
    made = [
        pick(item(n, title, summary=title * 3), "about large language models")
        for n, title in enumerate(titles, 1_000_000)
    ]
    top, rest = made[:7], made[7:]
    share = -(-len(rest) // parts) or 1
    lower = [
        Section(f"topic:t{n}", f"Topic {n}", tuple(rest[n * share : (n + 1) * share]))
        for n in range(parts)
    ]
    sources = tuple(
        SourceReport(f"s{n}", f"Source {n} " * 20, Outcome.FAILED, n, "broken " * 40)
        for n in range(200)
    )
    return digest(Section("top", "Read first", tuple(top)), *lower, sources=sources)


def week() -> Digest:
    """Return the week of the golden files."""
    return digest(
        Section("top", "Read first", (_two_towers(), _cache(), _accepted())),
        Section("topic:llm", "Large language models", _on_llms(), more=12),
        Section("companies", "Companies you follow", (_from_harbour(),)),
        Section("conferences", "Conferences", (_at_kdd(),), more=1_204),
        sources=_sources(),
        seen=1_512,
        joined=212,
        trends=trends(),
        waiting=_waiting(),
    )


def empty() -> Digest:
    """Return a week in which sources were read and nothing was new."""
    return digest(sources=_sources()[3:], seen=0)


def trends() -> tuple[Trend, ...]:
    """Return what moves: one topic, one company and a term rise."""
    return (
        Trend(TrendKind.TOPIC, "recsys", 38, (40, 41, 37, 44), -0.4),
        Trend(TrendKind.TOPIC, "llm", 142, (91, 88, 97, 84), 4.25, is_rising=True),
        Trend(TrendKind.COMPANY, "harbour", 4, (1, 0, 1, 2), 2.5, is_rising=True),
        Trend(TrendKind.COMPANY, "lumen", 0, (1, 0, 0, 2), -0.8),
        Trend(TrendKind.TERM, "world models", 12, (1, 2, 0, 3), 4.5, is_rising=True),
    )


def _waiting() -> Waiting:
    reading = item(77, "Feature stores, ten years on", url="https://notes.example/fs")
    kept = item(78, "言語モデルの推薦", url=None)
    return Waiting(
        to_read=11,
        reading=1,
        longest=(
            (reading, datetime(2026, 10, 3, 9, tzinfo=UTC)),
            (kept, datetime(2025, 12, 24, 9, tzinfo=UTC)),
        ),
    )


def _two_towers() -> Pick:
    made = item(
        1042,
        "Two towers, one index: retrieval for 400 million boats",
        url="https://arxiv.org/abs/2611.04211",
        links=(
            "https://papers.example/2611.04211",
            "https://eng.harbour.example/two-towers?a=1&b=2",
        ),
        authors=("Ines van der Meer", "Tomás Óscar Rúa", "Ruth Abara", "Li Wei"),
        summary="A retrieval model learns both sides of a market at once. "
        "It serves 400 million items from one index at 8 ms. We tell what broke.",
        sources=("arxiv-ir", "harbour-eng", "notes"),
        topics=(Claim("recsys", "retrieval", "arxiv-ir"),),
        companies=(Claim("harbour", "Harbour Inc.", "arxiv-ir"),),
    )
    plain = pick(
        made,
        "about recommender systems",
        "from Harbour, which you follow",
        "seen at 3 sources",
    )
    idea, result, _ = sentences(made.summary)
    return replace(plain, highlights=(idea, result))


def _cache() -> Pick:
    made = item(
        1_077,
        r"$\beta$-Cache: Forgetting what a Language Model won't ask for",
        summary="Keys that no head looks at again are dropped. Memory halves.",
        authors=("Yuki Tanaka",),
        topics=(Claim("llm", "language model", "arxiv-ir"),),
    )
    return pick(made, "about large language models", "published 2 days ago")


def _accepted() -> Pick:
    made = item(
        311,
        "Counterfactual Evaluation without Logs",
        published=datetime(2025, 12, 30, 12, tzinfo=UTC),
        venues=(Claim("KDD 2026", "10.1145/0", "kdd"),),
        sources=("kdd",),
    )
    return pick(made, "now accepted at KDD 2026", "about recommender systems")


def _on_llms() -> tuple[Pick, ...]:
    return (
        pick(
            item(1_101, "言語モデルの推薦への応用について", authors=("田中 由紀",)),
            "about large language models",
        ),
        pick(
            item(1_102, "نماذج اللغة الكبيرة للترتيب", url=None, published=None),
            "about large language models",
        ),
        pick(
            item(
                1_103,
                "How we <b>stopped</b> *guessing* & [learned] to `measure` 🚀",
                kind=ItemKind.POST,
                url="https://notes.example/measure",
                authors=(),
                sources=("notes",),
            ),
            "about large language models",
        ),
    )


def _from_harbour() -> Pick:
    made = item(
        1_120,
        "A year of feature stores",
        kind=ItemKind.POST,
        url="https://eng.harbour.example/feature-stores",
        authors=("The Platform Team",),
        sources=("harbour-eng",),
        companies=(Claim("harbour", "its blog", "harbour-eng"),),
    )
    return pick(made, "from Harbour, which you follow", "published yesterday")


def _at_kdd() -> Pick:
    made = item(
        1_130,
        "Ranking Under Exposure Constraints",
        venues=(Claim("KDD 2026", "10.1145/1", "kdd"),),
        companies=(Claim("lumen", "Lumen Labs, Oslo", "kdd"),),
        sources=("kdd",),
        published=None,
    )
    return pick(made, "accepted at KDD 2026")


def _sources() -> tuple[SourceReport, ...]:
    return (
        SourceReport("arxiv-ir", "arXiv cs.IR", Outcome.OK, 1_204),
        SourceReport("kdd", "KDD", Outcome.OK, 300),
        SourceReport("harbour-eng", "Harbour Engineering", Outcome.OK, 2),
        SourceReport("notes", "Notes on ranking", Outcome.UNCHANGED, 0),
        SourceReport(
            "lagoon", "Lagoon Tech Blog", Outcome.BLOCKED, 0, "a bot check, status 200"
        ),
        SourceReport("ferry", "Ferry Research", Outcome.FAILED, 0, "503 after 3 tries"),
    )
