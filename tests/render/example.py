"""A made-up week that shows all a digest can hold, and parts to make others of."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from tracker.core.sentences import sentences
from tracker.core.values import Claim, Item, ItemKind, Outcome
from tracker.core.weekly import (
    Digest,
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


def _name(words: str) -> str:
    names = {"from": "company", "accepted": "venue", "published": "fresh"}
    return names.get(words.partition(" ")[0], "topic")


def pick(of: Item, *reasons: str) -> Pick:
    """Return an item with a point for each of its reasons."""
    parts = tuple(Reason(_name(words), 1.0, words) for words in reasons)
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


def first() -> Digest:
    """Return a first week: little news, archives put aside, nothing to compare with."""
    return digest(
        Section("top", "Read first", (_cache(),)),
        sources=_sources()[:1],
        seen=5_120,
        old=4_830,
    )


def many() -> Digest:
    """Return a week of 3,000 items, of which few have a place."""
    titles = [f"Ranking, part {n} of very many" for n in range(1, 40)]
    picks = [
        pick(item(n, title, sources=(f"s{n % 5}",)), "about large language models")
        for n, title in enumerate(titles, 2_001)
    ]
    sources = tuple(
        SourceReport(f"s{n}", f"Source {n}", Outcome.OK, 3_000 // n)
        for n in range(1, 60)
    )
    return digest(
        Section("top", "Read first", tuple(picks[:7])),
        Section("topic:llm", "Large language models", tuple(picks[7:23]), more=1_977),
        Section("topic:recsys", "Recommender systems", tuple(picks[23:]), more=961),
        sources=sources,
        seen=3_000,
        joined=1_204,
        trends=tuple(
            Trend(TrendKind.TOPIC, name, count, (count // 2,) * 8, 9.0, is_rising=True)
            for name, count in (("llm", 1_993), ("recsys", 977))
        ),
    )


_LONG = (
    "On the Surprising, Sometimes Unreasonable, and as We Shall Argue at Some Length"
    " Not at All Accidental Effectiveness of Titles That Go On: A Study of Four"
    " Hundred Characters, Their Causes, Their Consequences for Readers, Mail Programs"
    " and Narrow Telephones, and Whether a Digest Should Cut Them Where a Word Ends or"
    " in the Middle, With an Appendix on Supercalifragilisticexpialidocious Identifiers"
)


def odd() -> Digest:
    """Return titles that are long, of other scripts, formulas, or emoji."""
    titles = (
        _LONG,
        "\u05d0\u05d9\u05da \u05d1\u05e0\u05d9\u05e0\u05d5 RAG \u05e2\u05dc"
        " 12 \u05de\u05db\u05d5\u05e0\u05d5\u05ea (\u05d7\u05dc\u05e7 1)",
        "\u062a\u062d\u0633\u064a\u0646 \u0646\u0645\u0627\u0630\u062c GPT"
        " \u0641\u064a 3 \u062e\u0637\u0648\u0627\u062a!",
        "\u5927\u89c4\u6a21\u63a8\u8350\u7cfb\u7edf\u4e2d\u7684\u8868\u793a\u5b66\u4e60"
        "\uff1a\u4ece\u53cc\u5854\u6a21\u578b\u5230\u751f\u6210\u5f0f\u68c0\u7d22" * 3,
        "\uac80\uc0c9 \uc99d\uac15 \uc0dd\uc131\uc758 \ud55c\uacc4",
        r"$O(n \log n)$ Attention with $\epsilon$-Nets in $\mathbb{R}^{d}$, for \$5",
        r"{\it Fast} \& Loose: $\frac{1}{2}$ of M\"uller's $\alpha_{i}^{2}$",
        "\U0001f680 Ship it \U0001f469\U0001f3fd\u200d\U0001f52c"
        " \U0001f1e9\U0001f1ea 1\ufe0f\u20e3",
    )
    picks = [
        pick(
            item(
                n,
                title,
                authors=("\u05d3\u05e0\u05d4 \u05db\u05d4\u05df",),
                summary=title,
            ),
            "about ranking",
        )
        for n, title in enumerate(titles, 1)
    ]
    return digest(
        Section("top", "Read first", tuple(picks[:4])),
        Section("topic:llm", "\u05de\u05d5\u05d3\u05dc\u05d9\u05dd", tuple(picks[4:])),
        seen=8,
        trends=(
            Trend(TrendKind.TOPIC, "wide", 4, (1, 1), 0.5),
            Trend(TrendKind.TOPIC, "rtl", 4, (1, 1), 0.5),
        ),
        names=NAMES
        | {
            "wide": "\u63a8\u8350\u7cfb\u7edf\u4e0e\u6392\u5e8f",
            "rtl": "\u05de\u05d5\u05d3\u05dc\u05d9\u05dd",
        },
    )
