"""The sentences that all forms of a digest share."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.render import example
from tests.render.example import digest, item, pick, titled
from tracker.core.schedule import interval, week_named
from tracker.core.values import Outcome
from tracker.core.weekly import Section, SourceReport
from tracker.render import words


def _report(name: str, outcome: Outcome, new: int = 0) -> SourceReport:
    return SourceReport(name, name.title(), outcome, new)


@pytest.mark.parametrize(
    ("name", "zone", "said"),
    [
        ("2026-W47", "Europe/Berlin", "16\u201322 Nov"),
        ("2026-W40", "Europe/Berlin", "28 Sep \u2013 4 Oct"),
        ("2026-W53", "Europe/Berlin", "28 Dec 2026 \u2013 3 Jan 2027"),
        ("2026-W43", "Europe/Berlin", "19\u201325 Oct"),  # 169 hours: summer ends
        ("2026-W13", "Europe/Berlin", "23\u201329 Mar"),  # 167 hours: summer begins
        ("2026-W44", "America/New_York", "26 Oct \u2013 1 Nov"),
        ("2026-W47", "Pacific/Kiritimati", "16\u201322 Nov"),  # UTC+14
        ("2026-W47", "Pacific/Pago_Pago", "16\u201322 Nov"),  # UTC-11
        ("2026-W36", "America/Santiago", "31 Aug \u2013 6 Sep"),  # midnight is skipped
    ],
)
def test_a_week_is_told_in_its_local_days(name: str, zone: str, said: str) -> None:
    assert words.days(week_named(name, ZoneInfo(zone)), zone) == said


def test_a_week_that_ends_on_another_day_is_told_so() -> None:
    week = week_named("2026-W47", ZoneInfo("Asia/Tokyo"), "thursday")
    assert words.days(week, "Asia/Tokyo") == "13\u201319 Nov"


def test_a_free_interval_is_named_by_its_days() -> None:
    zone = ZoneInfo("Europe/Berlin")
    week = interval(date(2026, 11, 1), date(2026, 11, 15), zone)
    assert words.head(digest(week=week)) == "1\u201315 Nov 2026 \u00b7 for anna"
    one = interval(date(2026, 11, 1), date(2026, 11, 1), zone)
    assert words.heading(digest(week=one)) == ("1 Nov 2026", "")
    years = interval(date(2025, 12, 30), date(2026, 1, 2), zone)
    assert words.heading(digest(week=years))[0] == "30 Dec 2025 \u2013 2 Jan 2026"


def test_a_date_is_told_where_the_reader_is() -> None:
    evening = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)
    assert words.day(digest(), evening) == "19 Nov"
    assert words.day(digest(time_zone="America/New_York"), evening) == "18 Nov"
    before = digest(week=week_named("2025-W47", ZoneInfo("UTC")))
    assert words.day(before, evening) == "19 Nov 2026"


@pytest.mark.parametrize(
    ("language", "day", "dated", "span", "years"),
    [
        (
            "de",
            "19. Nov.",
            "19. Nov. 2025",
            "16.\u201322. Nov.",
            "30. Dez. 2025\u2009\u2013\u20092. Jan. 2026",
        ),
        (
            "ja",
            "11月19日",
            "2025年11月19日",
            "11月16日\uff5e22日",
            "2025年12月30日\uff5e2026年1月2日",
        ),
        (
            "ar",
            "19 نوفمبر",
            "19 نوفمبر 2025",
            "\u206816\u201322 نوفمبر\u2069",
            "\u206830 ديسمبر 2025 \u2013 2 يناير 2026\u2069",
        ),
    ],
)
def test_dates_are_written_in_the_readers_language(
    language: str, day: str, dated: str, span: str, years: str
) -> None:
    made = digest(language=language)
    evening = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)
    assert words.day(made, evening) == day
    assert words.day(made, evening.replace(year=2025)) == dated
    assert words.heading(made) == ("Week 2026-W47", span)
    zone = ZoneInfo("Europe/Berlin")
    free = interval(date(2025, 12, 30), date(2026, 1, 2), zone)
    assert words.heading(digest(week=free, language=language)) == (years, "")


def test_a_free_day_in_another_language_has_its_year() -> None:
    week = interval(date(2026, 11, 1), date(2026, 11, 1), ZoneInfo("Europe/Berlin"))
    made = digest(week=week, language="pt-BR")
    assert words.heading(made) == ("1 de nov. de 2026", "")


def test_english_dates_need_no_other_library() -> None:
    code = (
        "import sys\nfrom tests.render import example\n"
        "from tracker.render import words\n"
        "words.head(example.digest(language='en-GB'))\nprint('babel' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert ran.stdout == b"False\n"


def test_a_moment_at_the_end_of_time_is_told_in_utc() -> None:
    last = datetime.max.replace(tzinfo=UTC)
    assert words.day(digest(time_zone="Asia/Tokyo"), last) == "31 Dec 9999"


def test_the_head_names_week_days_and_reader() -> None:
    said = "Week 2026-W47 \u00b7 16\u201322 Nov \u00b7 for anna"
    assert words.head(example.week()) == said


def test_totals_leave_out_what_is_zero() -> None:
    assert words.totals(example.week()) == (
        "3 to read first \u00b7 5 more \u00b7 1,512 seen \u00b7 2 sources in trouble"
    )
    lower = Section("conferences", "Conferences", (pick(item()),))
    assert words.totals(digest(lower, seen=0)) == "1 to read"


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        ([Outcome.BLOCKED], "1 source blocked"),
        ([Outcome.BLOCKED, Outcome.OK, Outcome.BLOCKED], "2 sources blocked"),
        ([Outcome.STALE], "1 source out of date"),
        ([Outcome.RATE_LIMITED], "1 source rate-limited"),
        ([Outcome.FAILED], "1 source in trouble"),
        ([Outcome.BLOCKED, Outcome.STALE], "2 sources in trouble"),
    ],
)
def test_totals_name_the_trouble_when_it_is_one(
    outcomes: list[Outcome], said: str
) -> None:
    sources = tuple(_report(f"s{n}", outcome) for n, outcome in enumerate(outcomes))
    assert words.totals(digest(sources=sources, seen=0)) == said


def test_the_account_tells_of_all_that_was_seen() -> None:
    assert words.account(example.week()) == (
        "1,512 items seen for the first time, 212 mentions joined to items known"
        " already, 1,504 left out"
    )
    assert words.account(example.first()) == (
        "5,120 items seen for the first time, 4,830 of them older posts and papers of"
        " sources new to tracker, 5,119 left out"
    )
    assert words.account(digest(seen=0)) == ""


def test_an_item_that_returns_does_not_make_up_for_one_left_out() -> None:
    back = item(first_seen=example.SEEN - timedelta(days=30))
    top = Section("top", "Read first", (pick(back), pick(item(2))))
    assert words.account(digest(top, seen=2)).endswith("1 left out")


@pytest.mark.parametrize(("number", "said"), [(0, "0 items"), (1, "1 item")])
def test_counts_agree_with_their_noun(number: int, said: str) -> None:
    assert words.count(number, "item") == said


def test_a_digest_with_items_has_no_excuse() -> None:
    assert words.nothing(example.week()) == ""


def test_an_empty_week_says_what_was_read_and_what_was_not() -> None:
    reports = (_report("a", Outcome.OK), _report("b", Outcome.STALE))
    quiet = digest(sources=reports[:1], seen=0)
    assert words.nothing(quiet) == "Nothing new this week from 1 source."
    troubled = digest(sources=reports, seen=1)
    assert words.nothing(troubled) == (
        "Nothing to read this week: 2 sources brought 1 item, none for you;"
        " 1 could not be read in full: B."
    )


def test_an_empty_week_names_a_few_sources_in_trouble_only() -> None:
    reports = tuple(_report(f"s{n}", Outcome.FAILED) for n in range(20))
    assert words.nothing(digest(sources=reports, seen=0)).endswith("S7 and 12 more.")


def test_empty_days_are_no_week() -> None:
    days = replace(example.WEEK, name="2026-11-16/2026-11-22")
    assert "in these days" in words.nothing(digest(week=days, seen=0))


def test_trouble_is_told_with_its_detail() -> None:
    told = [words.trouble(report) for report in words.troubled(example.week())]
    assert told == [
        ("Lagoon Tech Blog", "refused us: a bot check, status 200"),
        ("Ferry Research", "could not be read: 503 after 3 tries"),
    ]
    assert words.trouble(_report("a", Outcome.RATE_LIMITED)) == (
        "A",
        "asked us to come back later",
    )


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_has_words(outcome: Outcome) -> None:
    assert words.trouble(_report("a", outcome))[1]


def test_sources_are_told_with_most_first() -> None:
    reports = (
        _report("b", Outcome.OK, 1),
        _report("a", Outcome.OK, 1),
        _report("c", Outcome.STALE, 9),
        _report("d", Outcome.UNCHANGED),
    )
    made = digest(sources=reports)
    assert words.brought(made) == (("C", 9), ("A", 1), ("B", 1))
    assert words.quiet(made) == "1 other brought nothing new"
    assert words.quiet(digest(sources=reports[:1])) == ""
    assert words.quiet(digest(sources=reports[3:])) == "1 source brought nothing new"


@pytest.mark.parametrize(
    ("key", "command"),
    [
        ("top", "tracker list --since 2026-11-16 --until 2026-11-22"),
        ("topic:llm", "tracker list --topic llm --since 2026-11-16 --until 2026-11-22"),
        (
            "topic:a b;c",
            "tracker list --topic 'a b;c' --since 2026-11-16 --until 2026-11-22",
        ),
        ("companies", "tracker list --followed --since 2026-11-16 --until 2026-11-22"),
        (
            "conferences",
            "tracker list --kind paper --since 2026-11-16 --until 2026-11-22",
        ),
    ],
)
def test_the_rest_of_a_section_has_its_command(key: str, command: str) -> None:
    assert words.rest(titled("a"), Section(key, "A", (), more=1)) == command


def test_the_whole_digest_has_its_command() -> None:
    assert words.whole(titled("a")) == "tracker digest --week 2026-W47"
    days = digest(week=replace(example.WEEK, name="2026-11-01/2026-11-15"))
    assert words.whole(days) == "tracker digest --since 2026-11-01 --until 2026-11-15"
