"""Feeds and papers in our own words, the same ones whenever they are made."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from html import escape
from random import Random

from tracker.core.values import Author, Entry, ItemKind

CHANGES_EVERY = 20
"""One feed of so many has a new entry in a later edition: 5 %."""

_NEWEST = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
_SENTENCES = 4_000
_WHO = (
    "our retrieval stage",
    "the ranking team",
    "a small language model",
    "the feature store",
    "every embedding table",
    "the training cluster",
    "a graph neural network",
    "the new index",
    "a two-tower recommender",
    "the evaluation harness",
    "our fairness review",
    "the notification service",
    "each annotator",
    "a distilled transformer",
    "the data platform",
    "this reranker",
    "the on-call engineer",
    "a diffusion model",
    "the search backend",
)
_DOES = (
    "learns from",
    "quietly replaces",
    "is compared with",
    "falls back on",
    "shares weights with",
    "has to wait for",
    "now runs beside",
    "is measured against",
    "was rebuilt around",
    "corrects the bias of",
    "compresses",
    "samples from",
    "warms up",
    "caches the output of",
)
_WHAT = (
    "last month's clicks",
    "the long tail of items",
    "a held-out week",
    "40,000 labelled pairs",
    "the old gradient-boosted trees",
    "user sessions",
    "image & text pairs",
    "stale vectors",
    "the nightly job",
    "a stream of events",
    "three public datasets",
    "cold-start users",
    "multilingual prompts",
    "the attention layers",
    "responsible AI guidelines",
    "quantised weights",
    "a shared vocabulary",
    "counterfactual logs",
)
_HOW = (
    "without touching latency",
    "at a third of the cost",
    "although recall drops by 0.4 %",
    "because “fresh” beats “large” here",
    "on two machines instead of nine",
    "as the café example shows",
    "before anything is cached",
    "with p < 0.01",
    "which surprised us",
    "for every market, even small ones",
    "in under 12 ms",
    "after a week of shadow traffic",
    "so that nobody is woken at night",
)
_SUBJECTS = (
    "Recommendation",
    "Ranking",
    "Large language model",
    "Transformer",
    "Feature",
    "Embedding",
    "Search",
    "Fairness",
    "Inference",
    "Retrieval",
    "Streaming",
    "Evaluation",
    "Generative",
    "Graph",
    "Personalised",
)
_THINGS = (
    "pipelines",
    "at scale",
    "in production",
    "without labels",
    "under a budget",
    "for new users",
    "after the rewrite",
    "and what we threw away",
    "on the edge",
    "one year later",
    "by example",
)
_FIRST = (
    "Ada",
    "Bruno",
    "Chiara",
    "Dmitri",
    "Elif",
    "Farid",
    "Greta",
    "Hana",
    "Ivo",
    "Jun",
    "Kofi",
    "Lena",
    "Mai",
)
_LAST = (
    "Abel",
    "Brandt",
    "Costa",
    "Dahl",
    "Eze",
    "Fischer",
    "Gupta",
    "Horvat",
    "Ito",
    "Jansen",
    "Kaya",
    "Lund",
)
_PLACES = (
    "Pinterest",
    "Google DeepMind",
    "Meta AI",
    "Netflix",
    "University of Nowhere",
    "Spotify",
    "Institute for Made-Up Studies",
    "Microsoft Research",
)


@cache
def _sentences() -> tuple[str, ...]:
    """Return the pool that all texts are drawn from."""
    draw = Random(1)
    return tuple(
        f"{draw.choice(_WHO)} {draw.choice(_DOES)} {draw.choice(_WHAT)}"
        f" {draw.choice(_HOW)}.".capitalize()
        for _ in range(_SENTENCES)
    )


def _text(draw: Random, sentences: int) -> str:
    return " ".join(draw.choices(_sentences(), k=sentences))


def _title(draw: Random, number: int) -> str:
    subject, things = draw.choice(_SUBJECTS), draw.choice(_THINGS)
    return f"{subject} {draw.choice(_WHAT)} {things} #{number}"


def _name(draw: Random) -> str:
    return f"{draw.choice(_FIRST)} {draw.choice(_LAST)}"


def feed(number: int, entries: int, edition: int = 0) -> bytes:
    """Return feed `number`: RSS or, every fifth, Atom; some 3 kB an entry.

    In a later edition one feed of CHANGES_EVERY has lost its oldest entries to as
    many new ones as there were editions.
    """
    news = edition if number % CHANGES_EVERY == 0 else 0
    newest = entries + news
    write = _atom if number % 5 == 4 else _rss
    return write(number, range(newest - 1, newest - entries - 1, -1)).encode()


def _rss(number: int, posts: range) -> str:
    body = "\n".join(_rss_item(number, post) for post in posts)
    site = f"https://blog-{number}.example"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>Notes from team {number}</title><link>{site}/</link>
<atom:link href="{site}/feed" rel="self" type="application/rss+xml"/>
<description>How team {number} builds things</description><language>en</language>
{body}
</channel></rss>
"""


def _rss_item(number: int, post: int) -> str:
    draw = Random(f"{number}/{post}")
    url = f"https://blog-{number}.example/posts/{post}"
    title, author = escape(_title(draw, post)), _name(draw)
    content, summary = _html(draw, number), _text(draw, 3)
    # Two of three blogs write CDATA, the others escape their markup.
    full = f"<![CDATA[{content}]]>" if number % 3 else escape(content, quote=False)
    return f"""<item><title>{title}</title>
<link>{url}?utm_source=rss&amp;utm_medium=feed</link>
<guid isPermaLink="false">{url}</guid>
<dc:creator>{author}</dc:creator><pubDate>{format_datetime(_date(post))}</pubDate>
<category>{draw.choice(_SUBJECTS)}</category><category>engineering</category>
<description>{escape(summary, quote=False)}</description>
<content:encoded>{full}</content:encoded></item>"""


def _atom(number: int, posts: range) -> str:
    site = f"https://blog-{number}.example"
    body = "\n".join(_atom_entry(number, post) for post in posts)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{site}/"><id>{site}/feed</id>
<title>Notes from team {number}</title><link href="{site}/"/>
<link rel="self" href="{site}/feed"/><updated>{_date(posts[0]).isoformat()}</updated>
{body}
</feed>
"""


def _atom_entry(number: int, post: int) -> str:
    draw = Random(f"{number}/{post}")
    url, moment = f"https://blog-{number}.example/posts/{post}", _date(post).isoformat()
    title, author = escape(_title(draw, post)), _name(draw)
    content, summary = _html(draw, number), _text(draw, 3)
    return f"""<entry><title>{title}</title>
<id>tag:blog-{number}.example,2026:{post}</id>
<link rel="alternate" type="text/html" href="{url}"/>
<author><name>{author}</name></author>
<published>{moment}</published><updated>{moment}</updated>
<category term="{draw.choice(_SUBJECTS)}"/><category term="engineering"/>
<summary>{escape(summary, quote=False)}</summary>
<content type="html">{escape(content, quote=False)}</content></entry>"""


def _date(post: int) -> datetime:
    return _NEWEST + timedelta(hours=7 * post)


def _html(draw: Random, number: int) -> str:
    """Return a post as a blog's editor writes it, relative links included."""
    link = f'<a class="ref" href="/posts/{draw.randrange(900)}">earlier post</a>'
    paper = f"https://arxiv.org/abs/2501.{draw.randrange(10_000, 99_999)}"
    points = "".join(f"<li>{_text(draw, 1)}</li>\n" for _ in range(3))
    return f"""<figure class="lead"><img src="/img/{draw.randrange(900)}.png"
 alt="A plot" width="800" height="450" loading="lazy"/>
<figcaption>{_text(draw, 1)}</figcaption></figure>
<p style="margin:0">{_text(draw, 3)}</p>
<h2 id="why">Why it matters&nbsp;&mdash; {draw.choice(_SUBJECTS)}</h2>
<p>{_text(draw, 3)} See our {link} and
<a href="{paper}" target="_blank">the paper</a>.</p>
<ul>
{points}</ul>
<pre><code class="language-python">for user in users[:{draw.randrange(9)}]:
    scores = model(user) &amp; mask
</code></pre>
<blockquote><p><em>{_text(draw, 1)}</em></p></blockquote>
<p>{_text(draw, 3)} <strong>{_text(draw, 1)}</strong><br/>{_text(draw, 3)}</p>
<p><a href="https://blog-{number}.example/subscribe?ref=feed"
 onclick="count()">Subscribe</a>
 <script>count("{number}")</script></p>"""


def papers(numbers: range, published: datetime) -> Iterator[Entry]:
    """Yield preprints, each with some 1.3 kB of text, authors and affiliations."""
    for number in numbers:
        draw = Random(number)
        name = f"{1001 + number // 90_000:04}.{number % 90_000 + 10_000}"
        authors = tuple(
            Author(f"{_name(draw)}-{number}", (draw.choice(_PLACES),))
            for _ in range(draw.randrange(1, 5))
        )
        yield Entry(
            guid=f"oai:arXiv.org:{name}",
            title=_title(draw, number),
            kind=ItemKind.PAPER,
            url=f"https://arxiv.org/abs/{name}",
            ids=(f"arxiv:{name}",),
            authors=authors,
            summary=_text(draw, 12),
            published=published,
            categories=("cs.IR", "cs.LG"),
            version=1,
        )
