"""An item of a digest as a reader sees it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.render.example import digest, item, pick
from tracker.core.values import Claim, ItemKind, Outcome
from tracker.core.weekly import SourceReport
from tracker.render.story import Story, short_name, shown_title, story


def _told(*reasons: str, **changes: object) -> Story:
    return story(digest(), pick(item(1, **changes), *reasons))  # type: ignore[arg-type]  # checked by replace itself


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Ashish Vaswani", "A. Vaswani"),
        ("Vaswani, Ashish", "A. Vaswani"),
        ("Aaron van den Oord", "A. van den Oord"),
        ("Martin Luther King Jr.", "M. King Jr."),
        ("Élodie Ñandú", "É. Ñandú"),
        ("Wei Li 0003", "W. Li"),
        ("Plato", "Plato"),
        ("Gemma Team", "Gemma Team"),
        ("田中 由紀", "田中 由紀"),
        ("the late editor", "the late editor"),
        ("Seven Words Are Not A Person Here", "Seven Words Are Not A Person Here"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_name_is_shortened_where_it_has_initials(name: str, short: str) -> None:
    assert short_name(name) == short


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, ""),
        (1, "N. A0"),
        (3, "N. A0, N. A1, N. A2"),
        (4, "N. A0, N. A1 +2"),
        (2_000, "N. A0, N. A1 +1998"),
    ],
)
def test_a_few_authors_are_named_and_the_others_counted(number: int, said: str) -> None:
    assert _told(authors=tuple(f"Nn A{n}" for n in range(number))).authors == said


def test_who_writes_a_post_is_told_as_it_stands() -> None:
    told = _told(kind=ItemKind.POST, authors=("Harbour Design",))
    assert told.authors == "Harbour Design"


def test_the_byline_says_who_of_whom_where_and_when() -> None:
    claims = (Claim("lumen", "Lumen Labs", "arxiv-ir"),)
    venues = (Claim("KDD 2026", "a", "kdd"),)
    assert _told(companies=claims, venues=venues).byline == (
        "A. Lovelace, A. Turing",
        "Lumen Labs",
        "arXiv cs.IR",
        "KDD 2026",
        "16 Nov",
    )


def test_a_company_is_not_told_beside_its_own_blog() -> None:
    claims = (Claim("harbour", "its blog", "harbour-eng"),)
    told = _told(companies=claims, sources=("harbour-eng",), authors=())
    assert told.byline == ("Harbour Engineering", "16 Nov")


def test_a_blog_is_not_told_twice_as_its_own_author() -> None:
    told = _told(
        kind=ItemKind.POST, sources=("harbour-eng",), authors=("Harbour Engineering",)
    )
    assert told.byline == ("Harbour Engineering", "16 Nov")


def test_a_source_with_the_name_of_a_company_keeps_its_title() -> None:
    made = digest(sources=(SourceReport("harbour", "Harbour Blog", Outcome.OK, 1),))
    assert story(made, pick(item(sources=("harbour",)))).source == "Harbour Blog"


def test_a_source_is_not_told_beside_the_venue_of_its_name() -> None:
    told = _told(venues=(Claim("KDD 2026", "a", "kdd"),), sources=("kdd",))
    assert told.byline == ("A. Lovelace, A. Turing", "KDD 2026", "16 Nov")


def test_the_year_of_a_date_is_told_when_it_is_another() -> None:
    assert _told(published=datetime(2025, 1, 2, tzinfo=UTC)).date == "2 Jan 2025"
    assert _told(published=None).date == ""


def test_the_date_is_that_of_the_readers_place() -> None:
    late = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)  # 00:30 in Berlin
    assert _told(published=late).date == "19 Nov"


def test_a_few_sources_are_named_and_the_others_counted() -> None:
    told = _told(sources=("arxiv-ir", "notes", "kdd", "unknown-name"))
    assert told.source == "arXiv cs.IR, Notes on ranking +2"
    assert _told(sources=("unknown-name",)).source == "unknown-name"


def test_other_places_are_told_once_for_each_host() -> None:
    told = _told(
        url="https://www.a.example/1",
        links=(
            "https://a.example/2",
            "https://b.example/1",
            "https://b.example/2",
            "javascript:alert(1)",
            "https://c.example/",
            "https://d.example/",
            "https://e.example/",
        ),
    )
    assert told.href == "https://www.a.example/1"
    assert [name for name, _ in told.links] == ["b.example", "c.example", "d.example"]
    assert told.links[0][1] == "https://b.example/1"


def test_the_first_web_address_stands_in_for_one_that_is_none() -> None:
    told = _told(url="javascript:alert(1)", links=("https://b.example/",))
    assert told.href == "https://b.example/"
    assert told.links == ()


@pytest.mark.parametrize("title", ["", "   ", "\x1b[31m", "\u200b"])
def test_a_title_is_never_empty(title: str) -> None:
    assert shown_title(item(title=title)) == "(without a title)"


def test_tex_in_titles_summaries_and_names_is_read() -> None:
    told = _told(summary=r"We take $\beta$. Done.", authors=(r"Kurt G\"odel",))
    assert told.summary == "We take β. Done."
    assert told.authors == "K. Gödel"
    assert shown_title(item(title=r"$\beta$-VAE")) == "β-VAE"


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=3_000))
def test_whatever_a_source_says_a_story_is_short_lines(text: str) -> None:
    told = _told(
        text, summary=text, authors=(text,), sources=(text,), links=(f"http://{text}",)
    )
    lines = (told.authors, told.source, told.summary, *told.reasons)
    assert max(map(len, lines)) <= 240
    assert len(shown_title(item(title=text))) <= 400
    for line in (*lines, shown_title(item(title=text))):
        assert "\n" not in line
        assert "\x1b" not in line
        line.encode("utf-8")


def test_no_reason_repeats_the_byline() -> None:
    told = item(
        venues=(Claim("KDD 2026", "a", "kdd"),),
        companies=(Claim("harbour", "a", "blog"),),
    )
    why = (
        "about LLMs",
        "from Harbour, which you follow",
        "accepted at KDD 2026",
        "published today",
    )
    assert story(digest(), pick(told, *why)).reasons == why[:1]
    assert story(digest(), pick(told, *why[1:])).reasons == (why[1],)
    bare = replace(told, published=None, venues=(), companies=())
    assert story(digest(), pick(bare, *why)).reasons == why


def test_news_of_an_acceptance_stands_beside_the_venue() -> None:
    told = item(venues=(Claim("KDD 2026", "a", "kdd"),))
    news = "now accepted at KDD 2026"
    assert story(digest(), pick(told, news)).reasons == (news,)


def test_being_close_is_told_where_nothing_else_is_and_being_unlike_never() -> None:
    close, unlike = "close to what you liked", "unlike what is on your topics"
    plain = item(companies=(Claim("harbour", "a", "blog"),))
    about, company = "about LLMs", "from Harbour, which you follow"
    assert story(digest(), pick(plain, close, about)).reasons == (about,)
    assert story(digest(), pick(plain, unlike, company)).reasons == (company,)
    assert story(digest(), pick(plain, close)).reasons == (close,)
    assert story(digest(), pick(plain, unlike)).reasons == ()
