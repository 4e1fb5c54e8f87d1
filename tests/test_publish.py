"""Publishing: what a week's digest holds, and that it is mailed once."""

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, func, select

from tests.fakes import MONDAY, Clock, Web, paper, post, subscription
from tests.postoffice import PostOffice
from tracker import ingest, mail, publish
from tracker.core.cron import schedule_of
from tracker.core.digest import Shape
from tracker.core.schedule import DAYS, week_named, week_of
from tracker.core.values import Company, Entry, Mark, MarkState, Topic
from tracker.core.weekly import Digest, Pick, Reader, Week
from tracker.errors import MailServerDown, NoAnswer, TemporaryMailError
from tracker.ingest import Tools
from tracker.ingest.judging import judge
from tracker.publish import Hand, Press
from tracker.store import deliveries, listing, readers
from tracker.store.deliveries import Delivery, DeliveryState
from tracker.store.engine import reading, writing
from tracker.store.issues import ISSUE, Issue
from tracker.store.listing import Wanted

SENDER = "Tracker <digest@tracker.example>"
ADA = Reader("ada", "ada@reader.example")
BOB = Reader("bob", "bob@reader.example")
TOKYO = Reader("yuki", "yuki@reader.example", time_zone="Asia/Tokyo")
YORK = Reader("john", "john@reader.example", time_zone="America/New_York")
CROWD = [Reader(f"r{n}", f"r{n}@reader.example") for n in range(6)]
EVERYONE = (ADA, BOB, TOKYO, YORK, *CROWD)
PINS = Topic("pins", "Pins", keywords=("pin",))
SOURCES = tuple(subscription(name) for name in ("blog", "other", "third"))


class PowerCut(BaseException):
    """The end of everything, in the middle of something."""


class House:
    """A publishing house: a store, what is seen on the web, a press, a mail door."""

    companies: tuple[Company, ...] = ()

    def __init__(self, engine: Engine, now: datetime = MONDAY) -> None:
        self.engine, self.web, self.clock = engine, Web(), Clock(now)
        self.press = Press(
            engine, (PINS,), (), SOURCES, Shape(top=3, per_section=4), "sunday", time(7)
        )
        self._seen: dict[str, tuple[Entry, ...]] = {}

    def see(self, *entries: Entry, source: str = "blog") -> None:
        """Collect a source which has these entries beside its earlier ones."""
        kept = {entry.guid: entry for entry in self._seen.get(source, ())}
        kept |= {entry.guid: entry for entry in entries}
        self._seen[source] = tuple(kept.values())
        self.web.serve(f"https://{source}.example/feed", *self._seen[source])
        tools = Tools(
            self.engine,
            self.web.fetch,
            self.web.read,
            judge((PINS,), self.companies, SOURCES),
            self.clock,
        )
        chosen = [one for one in SOURCES if one.name == source]
        (report,) = ingest.collect(tools, ingest.due(tools, chosen, forced=True))
        assert not report.outcome.is_trouble, report

    def week(self, reader: Reader = ADA) -> Week:
        zone = ZoneInfo(reader.time_zone)
        return week_of(self.clock.now, zone, self.press.week_ends)

    def digest(self, reader: Reader = ADA, week: Week | None = None) -> Digest:
        asked = week or self.week(reader)
        return publish.digest(self.press, reader, asked, self.clock.now)

    def issue(self, reader: Reader = ADA, week: Week | None = None) -> int | None:
        asked = week or self.week(reader)
        return publish.issue(self.press, reader, asked, SENDER, self.clock.now)

    def publish(self, *people: Reader) -> dict[str, int | None]:
        """Publish to people as the daemon does, each their last week."""

        def last(reader: Reader) -> Week | None:
            return publish.last_week(self.press, reader, self.clock.now)

        return publish.publish(
            self.press, people or (ADA,), SENDER, self.clock.now, last
        )

    def deliver(self, hand: Hand) -> list[Delivery]:
        return publish.deliver(self.engine, hand, self.clock)

    def deliveries(self) -> list[Delivery]:
        with reading(self.engine) as connection:
            return deliveries.deliveries(connection)

    def stored_digests(self) -> list[str]:
        with reading(self.engine) as connection:
            query = select(ISSUE.c.digest).order_by(ISSUE.c.id)
            return list(connection.scalars(query))

    def mark(self, title: str, state: MarkState) -> None:
        """Set Ada's mark on the item of that title."""
        with writing(self.engine) as connection:
            number = readers.ensure(connection, ADA.name)
            (item,) = [
                item
                for item in listing.items(connection, Wanted())
                if item.title == title
            ]
            readers.mark(connection, number, item.id, Mark(state), self.clock.now)


@pytest.fixture
def house(engine: Engine) -> House:
    return House(engine)


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with PostOffice() as opened:
        yield opened


def hand_to(office: PostOffice) -> Hand:
    outlet = mail.outlet(f"smtp://127.0.0.1:{office.port}", None)
    hand = publish.by_mail(outlet, SENDER, EVERYONE)

    def once(delivery: Delivery, issue: Issue, doubt: Callable[[], None]) -> None:
        """Hand over and hang up, so that no connection is left open."""
        with closing(outlet):
            hand(delivery, issue, doubt)

    return once


def picks(digest: Digest) -> list[Pick]:
    return [pick for section in digest.sections for pick in section.picks]


def titles(digest: Digest) -> list[str]:
    return sorted(pick.item.title for pick in picks(digest))


def pin(guid: str, **changes: object) -> Entry:
    """Return a post on pins, which is what the reader asks for."""
    return post(guid, f"A pin called {guid}", **changes)


# What a digest holds


@pytest.mark.parametrize(
    ("zone", "name", "hours"),
    [
        ("Europe/Berlin", "2026-W13", 167),
        ("Europe/Berlin", "2026-W43", 169),
        ("America/New_York", "2026-W10", 167),
        ("America/New_York", "2026-W44", 169),
        ("Asia/Kolkata", "2026-W44", 168),
    ],
)
def test_a_digest_holds_what_was_first_seen_in_the_readers_local_week(
    engine: Engine, zone: str, name: str, hours: int
) -> None:
    week = week_named(name, ZoneInfo(zone))
    assert week.end - week.start == timedelta(hours=hours)
    house, moment = House(engine), timedelta(seconds=1)
    for guid, seen in (
        ("before", week.start - moment),
        ("first", week.start),
        ("last", week.end - moment),
        ("after", week.end),
    ):
        house.clock.now = seen
        house.see(pin(guid))
    made = house.digest(replace(ADA, time_zone=zone), week)
    assert titles(made) == ["A pin called first", "A pin called last"]
    assert made.seen == 2


def test_what_was_joined_and_what_was_old_is_counted(house: House) -> None:
    first = paper("1", "Ranking a pin with graph networks", ids=("arxiv:2611.00001",))
    ages = [MONDAY - timedelta(days=100 + n) for n in range(8)]
    old = [pin(f"old-{n}", published=age) for n, age in enumerate(ages)]
    house.see(first, *old)
    made = house.digest()
    assert (made.seen, made.joined, made.old) == (9, 0, 3)  # five may be news
    house.clock.move(days=7)
    house.see(replace(first, guid="2"), pin("a"), source="other")
    made = house.digest()
    assert (made.seen, made.joined, made.old) == (1, 1, 0)


def test_what_waits_longest_is_told_and_what_is_being_read_first(house: House) -> None:
    for guid, state in (
        ("a", MarkState.TO_READ),
        ("b", MarkState.READ),
        ("c", MarkState.TO_READ),
        ("d", MarkState.READING),
        ("e", MarkState.TO_READ),
        ("f", MarkState.NOT_FOR_ME),
    ):
        house.clock.move(hours=1)
        house.see(pin(guid))
        house.mark(f"A pin called {guid}", state)
    waiting = house.digest().waiting
    assert (waiting.to_read, waiting.reading, waiting.count) == (3, 1, 4)
    assert [item.title[-1] for item, _ in waiting.longest] == ["d", "a", "c"]
    assert waiting.longest[1][1] == MONDAY + timedelta(hours=1)
    assert house.digest(BOB).waiting.count == 0


def test_topics_and_terms_are_compared_with_the_weeks_before(house: House) -> None:
    for week in range(4):
        house.see(post(f"no-{week}", f"Number {week}"), pin(f"tiny-{week}"))
        house.clock.move(days=7)
    house.see(*(post(f"{n}", f"Knitting pin {n}x") for n in range(9)))
    house.clock.move(hours=1)
    topic, *terms = house.digest().trends
    assert (topic.name, topic.count, topic.before) == ("pins", 9, (1, 1, 1, 1))
    assert {term.name for term in terms} == {"knitting pin"}
    assert house.digest(week=week_named("2020-W10", ZoneInfo("UTC"))).trends == ()


def test_an_archive_read_at_once_is_no_rise(house: House) -> None:
    for week in range(3):
        house.see(pin(f"{week}"))
        house.clock.move(days=7)
    ages = [MONDAY - timedelta(days=100 + n) for n in range(40)]
    house.see(
        *(pin(f"old-{n}", published=age) for n, age in enumerate(ages)), source="other"
    )
    house.clock.move(hours=1)
    (topic,) = [trend for trend in house.digest().trends if trend.name == "pins"]
    assert topic.count == 5  # its newest, which are news


def test_when_something_was_published_does_not_matter(house: House) -> None:
    house.see(pin("a"))
    house.clock.move(days=7)
    house.see(pin("b", published=MONDAY - timedelta(days=300)))
    assert titles(house.digest()) == ["A pin called b"]


def test_nothing_of_an_earlier_issue_comes_again(house: House) -> None:
    house.see(pin("a"))
    assert house.issue() is not None
    house.see(pin("b"))
    assert titles(house.digest()) == ["A pin called b"]


def test_a_mailed_week_can_be_printed_as_it_was(house: House) -> None:
    house.see(pin("a"), pin("b"))
    week = house.week()
    house.clock.move(days=7)
    before = titles(house.digest(week=week))
    assert house.issue(week=week) is not None
    assert len(before) == 2
    assert titles(house.digest(week=week)) == before


def test_a_paper_shown_before_comes_again_when_a_venue_accepts_it(
    house: House,
) -> None:
    first = paper("1", "Ranking a pin with graph networks", ids=("arxiv:2611.00001",))
    house.see(first, pin("a"))
    house.issue()
    house.clock.move(days=7)
    house.see(replace(first, guid="2", venue="KDD 2027"), source="other")
    (pick,) = picks(house.digest())
    assert pick.item.title == first.title
    assert pick.reasons[0].words == "now accepted at KDD 2027"
    house.issue()
    house.clock.move(days=7)
    assert picks(house.digest()) == []


@pytest.mark.parametrize("state", [MarkState.READ, MarkState.NOT_FOR_ME])
def test_what_a_reader_is_done_with_stays_out_of_their_digest_alone(
    house: House, state: MarkState
) -> None:
    house.see(pin("a"), pin("b"))
    house.mark("A pin called a", state)
    assert titles(house.digest()) == ["A pin called b"]
    assert len(titles(house.digest(BOB))) == 2


def test_what_a_reader_means_to_read_stays(house: House) -> None:
    house.see(pin("a"))
    house.mark("A pin called a", MarkState.TO_READ)
    assert titles(house.digest()) == ["A pin called a"]


def test_withdrawn_papers_stay_out(house: House) -> None:
    first = paper("1", "A pin that proves too much", version=1)
    house.see(first)
    assert titles(house.digest()) == [first.title]
    house.see(replace(first, version=2, withdrawn=True))
    assert titles(house.digest()) == []


def test_words_a_reader_excludes_keep_items_out(house: House) -> None:
    house.see(pin("a", summary="About block chains."), pin("b"))
    reader = replace(ADA, exclude=("block chain",))
    assert titles(house.digest(reader)) == ["A pin called b"]


def test_one_prolific_source_can_not_fill_the_top(house: House) -> None:
    house.see(*(pin(f"blog-{n}") for n in range(30)))
    late = MONDAY - timedelta(days=9)
    for source in ("other", "third"):
        house.see(pin(f"{source}-1", published=late), source=source)
    top = house.digest().sections[0]
    assert top.key == "top"
    first = {pick.item.sources[0] for pick in top.picks}
    assert first == {"blog", "other", "third"}


def test_the_foot_counts_what_each_source_brought(house: House) -> None:
    house.see(pin("a"), pin("b"))
    (report,) = house.digest().sources
    assert (report.name, str(report.outcome), report.new) == ("blog", "ok", 2)


# Weeks and their issues


def test_there_is_one_issue_of_a_reader_and_week(house: House) -> None:
    house.see(pin("a"))
    assert house.issue() is not None
    assert house.issue() is None
    assert len(house.deliveries()) == 1


def test_two_publishers_at_once_make_one_issue(house: House) -> None:
    house.see(pin("a"))
    together = Barrier(4)

    def publisher() -> int | None:
        together.wait(30)
        return house.issue()

    with ThreadPoolExecutor(4) as pool:
        results = [pool.submit(publisher) for _ in range(4)]
    made = [number for result in results if (number := result.result()) is not None]
    assert len(made) == 1
    with reading(house.engine) as connection:
        assert connection.scalar(select(func.count()).select_from(ISSUE)) == 1
    assert len(house.deliveries()) == 1


def test_an_interval_starts_where_the_last_issue_ended(house: House) -> None:
    house.see(pin("monday"))
    house.issue()
    house.clock.move(days=2)
    house.see(pin("wednesday"))
    house.clock.move(days=14)
    house.see(pin("later"))
    house.issue()
    _, second = house.stored_digests()
    assert "A pin called later" in second
    assert "A pin called wednesday" in second
    assert "A pin called monday" not in second


def test_an_interval_reaches_back_four_weeks_at_most(house: House) -> None:
    house.see(pin("start"))
    house.issue()
    house.clock.move(days=7)
    house.see(pin("forgotten"))
    house.clock.move(days=42)
    house.see(pin("new"))
    house.issue()
    _, second = house.stored_digests()
    assert "A pin called new" in second
    assert "A pin called forgotten" not in second


def test_the_issue_of_a_past_week_can_be_had(house: House) -> None:
    house.see(pin("a"))
    past = house.week()
    house.clock.move(days=21)
    house.see(pin("b"))
    assert house.issue(week=past) is not None
    (made,) = house.stored_digests()
    assert "A pin called a" in made
    assert "A pin called b" not in made
    assert house.issue() is not None


def test_a_new_store_has_no_last_week_and_mails_nothing(house: House) -> None:
    assert house.publish() == {}
    house.see(pin("a"))
    assert house.publish() == {}
    house.clock.now = datetime(2026, 11, 30, 6, 59, tzinfo=UTC)
    assert house.publish() == {}
    house.clock.move(minutes=1)
    assert list(house.publish()) == ["ada"]


@pytest.mark.parametrize("ends", DAYS)
def test_a_week_is_published_on_the_morning_after_its_last_day(
    house: House, ends: str
) -> None:
    house.press = replace(house.press, week_ends=ends)
    house.see(pin("a"))
    house.clock.move(days=10)
    published = publish.last_week(house.press, ADA, house.clock.now)
    assert published is not None
    last_day = published.end - timedelta(days=1)
    assert DAYS[last_day.weekday()] == ends
    due = published.end + timedelta(hours=7)
    assert due <= house.clock.now < due + timedelta(days=7)


@pytest.mark.parametrize(
    ("zone", "due"),
    [  # 07:00 on the Monday after the clocks changed
        ("Europe/Berlin", datetime(2026, 10, 26, 6, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 3, 30, 5, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 2, 12, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 3, 9, 11, tzinfo=UTC)),
    ],
)
def test_an_issue_is_due_at_its_local_time_after_the_clocks_changed(
    engine: Engine, zone: str, due: datetime
) -> None:
    house = House(engine, due - timedelta(days=6))
    reader = replace(ADA, time_zone=zone)
    house.see(pin("a"))
    house.clock.now = due - timedelta(minutes=1)
    assert house.publish(reader) == {}
    house.clock.now = due
    assert house.publish(reader)["ada"] is not None
    assert house.publish(reader) == {"ada": None}


def test_each_reader_is_published_to_in_their_own_morning(house: House) -> None:
    tokyo, york = TOKYO, YORK
    house.see(pin("a"))
    house.clock.now = datetime(2026, 11, 29, 22, tzinfo=UTC)
    assert list(house.publish(tokyo, york)) == ["yuki"]
    house.clock.now = datetime(2026, 11, 30, 12, tzinfo=UTC)
    made = house.publish(tokyo, york)
    assert made["yuki"] is None
    assert made["john"] is not None


def test_a_reader_without_an_address_gets_no_issue(house: House) -> None:
    house.see(pin("a"))
    house.clock.move(days=10)
    assert house.publish(replace(ADA, email=None)) == {}


# Deliveries


def test_an_issue_is_one_mail_however_often_it_is_tried(
    house: House, office: PostOffice
) -> None:
    house.see(pin("a"))
    for _ in range(3):
        house.issue()
        house.deliver(hand_to(office))
        house.clock.move(hours=12)
    (letter,) = office.messages
    assert letter["To"] == f"{ADA.name} <{ADA.email}>"
    assert "A pin called a" in letter.as_string()
    (delivery,) = house.deliveries()
    assert (delivery.state, delivery.attempts) == (DeliveryState.SENT, 1)


def test_a_4xx_answer_is_tried_again_after_ever_longer_rests(
    house: House, office: PostOffice
) -> None:
    house.see(pin("a"))
    house.issue()
    office.replies = ["451 try later", "452 full"]
    (tried,) = house.deliver(hand_to(office))
    assert tried.state is DeliveryState.PENDING
    assert "451 try later" in tried.error
    rest = tried.next_attempt_at - house.clock.now
    assert house.deliver(hand_to(office)) == []
    house.clock.now = tried.next_attempt_at
    (tried,) = house.deliver(hand_to(office))
    assert tried.next_attempt_at - house.clock.now > rest
    house.clock.now = tried.next_attempt_at
    (tried,) = house.deliver(hand_to(office))
    assert (tried.state, tried.error) == (DeliveryState.SENT, "")
    assert tried.sent_at == house.clock.now
    assert len(office.messages) == 1


def test_a_dead_server_keeps_mail_waiting(house: House, office: PostOffice) -> None:
    house.see(pin("a"))
    house.issue()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    nobody = mail.outlet(f"smtp://127.0.0.1:{port}", None)
    dead = publish.by_mail(nobody, SENDER, EVERYONE)
    (tried,) = house.deliver(dead)
    assert tried.state is DeliveryState.PENDING
    house.clock.move(hours=1)
    (tried,) = house.deliver(hand_to(office))
    assert tried.state is DeliveryState.SENT


@pytest.mark.parametrize("now", [(), (replace(ADA, email="new@reader.example"),)])
def test_nothing_is_mailed_to_who_is_no_reader_at_that_address_any_more(
    house: House, office: PostOffice, now: tuple[Reader, ...]
) -> None:
    house.issue()
    outlet = mail.outlet(f"smtp://127.0.0.1:{office.port}", None)
    with closing(outlet):
        (tried,) = house.deliver(publish.by_mail(outlet, SENDER, now))
    assert tried.state is DeliveryState.FAILED
    assert "no reader 'ada' has this address any more" in tried.error
    assert office.messages == []


def test_a_server_that_stays_dead_is_given_up_after_five_days(
    house: House,
) -> None:
    def dead(_delivery: Delivery, _issue: Issue, _doubt: object) -> None:
        raise TemporaryMailError("no route to host")

    house.see(pin("a"))
    house.issue()
    began, tries = house.clock.now, 0
    while house.deliver(dead):
        tries += 1
        (delivery,) = house.deliveries()
        house.clock.now = max(house.clock.now, delivery.next_attempt_at)
    assert delivery.state is DeliveryState.FAILED
    assert tries == 28
    assert house.clock.now - began > timedelta(days=5)


def test_a_5xx_answer_is_final(house: House, office: PostOffice) -> None:
    house.see(pin("a"))
    house.issue()
    office.replies = ["554 we take no mail from you"]
    (tried,) = house.deliver(hand_to(office))
    assert tried.state is DeliveryState.FAILED
    assert "554 we take no mail from you" in tried.error
    house.clock.move(days=30)
    assert house.deliver(hand_to(office)) == []
    assert office.messages == []


def test_two_that_send_at_once_keep_to_one_rate(house: House) -> None:
    house.see(pin("a"))
    for name in ("ada", "bob", "cyd", "dan"):
        house.issue(Reader(name, f"{name}@mail.example"))
    handed: list[str] = []

    def other(delivery: Delivery, issue: Issue, doubt: Callable[[], None]) -> None:
        handed.append(delivery.reader)

    def first(delivery: Delivery, issue: Issue, doubt: Callable[[], None]) -> None:
        handed.append(delivery.reader)
        publish.deliver(house.engine, other, house.clock, 3)  # another process does

    publish.deliver(house.engine, first, house.clock, 3)
    assert handed == ["ada", "bob", "cyd"]
    assert publish.deliver(house.engine, other, house.clock, 3) == []
    house.clock.move(minutes=2)
    publish.deliver(house.engine, other, house.clock, 3)
    assert handed[3:] == ["dan"]


def test_one_bad_address_hurts_no_other_reader(
    house: House, office: PostOffice
) -> None:
    house.see(pin("a"))
    house.issue(ADA)
    house.issue(BOB)
    office.replies = ["550 no such user", "250 OK"]
    tried = {one.reader: one.state for one in house.deliver(hand_to(office))}
    assert tried == {"ada": DeliveryState.FAILED, "bob": DeliveryState.SENT}
    (letter,) = office.messages
    assert letter["To"] == f"{BOB.name} <{BOB.email}>"


def test_a_connection_cut_after_data_repeats_the_same_message(
    house: House, office: PostOffice
) -> None:
    house.see(pin("a"))
    house.issue()
    office.deaf_after_data = True
    (tried,) = house.deliver(hand_to(office))
    assert tried.state is DeliveryState.PENDING
    office.deaf_after_data = False
    house.clock.now = tried.next_attempt_at
    (tried,) = house.deliver(hand_to(office))
    assert tried.state is DeliveryState.SENT
    first, second = office.messages
    assert first["Message-ID"] == second["Message-ID"]
    assert first.as_bytes() == second.as_bytes()


@pytest.mark.parametrize("arrived", [True, False])
def test_a_try_that_never_reported_back_is_repeated_after_its_lease(
    house: House, office: PostOffice, arrived: bool
) -> None:
    def cut(delivery: Delivery, issue: Issue, doubt: Callable[[], None]) -> None:
        if arrived:
            hand_to(office)(delivery, issue, doubt)
        raise PowerCut

    house.see(pin("a"))
    house.issue()
    with pytest.raises(PowerCut):
        house.deliver(cut)
    assert house.deliveries()[0].state is DeliveryState.SENDING
    house.clock.move(minutes=14)
    assert house.deliver(hand_to(office)) == []
    house.clock.move(minutes=1)
    (tried,) = house.deliver(hand_to(office))
    assert (tried.state, tried.attempts) == (DeliveryState.SENT, 2)
    assert len({letter["Message-ID"] for letter in office.messages}) == 1


def test_a_bug_in_mailing_one_reader_keeps_no_other_from_their_mail(
    house: House, office: PostOffice
) -> None:
    def broken(_delivery: Delivery, _issue: Issue, _doubt: object) -> None:
        raise ZeroDivisionError

    house.see(pin("a"))
    house.issue(ADA)
    house.issue(BOB)
    with pytest.raises(ZeroDivisionError):
        house.deliver(broken)
    (tried,) = house.deliver(hand_to(office))
    assert (tried.reader, tried.state) == ("bob", DeliveryState.SENT)
    house.clock.move(minutes=15)
    (tried,) = house.deliver(hand_to(office))
    assert (tried.reader, tried.state) == ("ada", DeliveryState.SENT)


def test_two_processes_that_deliver_at_once_send_one_mail(
    house: House, office: PostOffice
) -> None:
    house.see(pin("a"))
    house.issue()
    together = Barrier(3)

    def postman() -> None:
        together.wait(30)
        house.deliver(hand_to(office))

    with ThreadPoolExecutor(3) as pool:
        for result in [pool.submit(postman) for _ in range(3)]:
            result.result()
    assert len(office.messages) == 1


def test_a_message_that_may_have_arrived_twice_is_not_sent_a_third_time(
    house: House, office: PostOffice
) -> None:
    house.see(pin("a"))
    house.issue()
    office.deaf_after_data = True
    for _ in range(5):
        house.deliver(hand_to(office))
        house.clock.move(days=1)
    assert len(office.messages) == 2
    (delivery,) = house.deliveries()
    assert delivery.state is DeliveryState.FAILED
    assert "may have arrived" in delivery.error


def test_a_process_that_dies_in_doubt_twice_is_told_so(
    house: House, office: PostOffice
) -> None:
    def cut(delivery: Delivery, issue: Issue, doubt: Callable[[], None]) -> None:
        hand_to(office)(delivery, issue, doubt)
        raise PowerCut

    house.see(pin("a"))
    house.issue()
    for _ in range(2):
        with pytest.raises(PowerCut):
            house.deliver(cut)
        house.clock.move(minutes=15)
    (tried,) = house.deliver(hand_to(office))
    assert tried.state is DeliveryState.FAILED
    assert "--again" in tried.error
    assert len(office.messages) == 2


def test_what_was_refused_after_a_doubt_is_no_second_doubt(
    house: House, office: PostOffice
) -> None:
    house.see(pin("a"))
    house.issue()
    office.deaf_after_data = True
    house.deliver(hand_to(office))
    office.deaf_after_data = False
    office.replies = ["451 later"] * 5
    for _ in range(6):
        house.clock.move(days=1)
        house.deliver(hand_to(office))
    (delivery,) = house.deliveries()
    assert (delivery.state, delivery.doubts) == (DeliveryState.SENT, 1)


def test_a_try_that_was_overtaken_sends_nothing_and_settles_nothing(
    house: House, office: PostOffice
) -> None:
    def slow(delivery: Delivery, issue: Issue, doubt: Callable[[], None]) -> None:
        house.clock.move(minutes=20)
        house.deliver(hand_to(office))
        hand_to(office)(delivery, issue, doubt)

    house.see(pin("a"))
    house.issue()
    house.deliver(slow)
    assert len(office.messages) == 1
    (delivery,) = house.deliveries()
    assert (delivery.state, delivery.attempts) == (DeliveryState.SENT, 2)


@pytest.mark.parametrize("days", [1, 400])
def test_a_clock_set_back_keeps_no_mail_waiting_beyond_hours(
    house: House, office: PostOffice, days: int
) -> None:
    house.see(pin("a"))
    house.issue()
    office.replies = ["451 later"]
    house.deliver(hand_to(office))
    house.clock.move(days=-days)
    (tried,) = house.deliver(hand_to(office))
    assert tried.state is DeliveryState.SENT


def test_a_server_that_is_down_is_asked_once_for_all_readers(
    house: House, office: PostOffice
) -> None:
    asked = []

    def down(delivery: Delivery, _issue: Issue, _doubt: object) -> None:
        asked.append(delivery.reader)
        raise MailServerDown("no route to host")

    house.see(pin("a"))
    house.issue(ADA)
    house.issue(BOB)
    both = house.deliver(down)
    assert asked == ["ada"]
    assert [(one.state, one.attempts, one.error) for one in both] == [
        (DeliveryState.PENDING, 1, "no route to host")
    ] * 2
    house.clock.move(minutes=5)
    tried = house.deliver(hand_to(office))
    assert {one.state for one in tried} == {DeliveryState.SENT}


def test_a_server_that_falls_silent_three_times_is_left_alone(house: House) -> None:
    asked = []

    def silent(delivery: Delivery, _issue: Issue, _doubt: object) -> None:
        asked.append(delivery.reader)
        raise NoAnswer("timed out")

    house.see(pin("a"))
    people = CROWD
    for reader in people:
        house.issue(reader)
    assert len(house.deliver(silent)) == 6
    assert asked == ["r0", "r1", "r2"]


def test_what_was_given_up_is_tried_again_when_asked_to(
    house: House, office: PostOffice
) -> None:
    house.see(pin("a"))
    house.issue()
    office.replies = ["554 no"]
    house.deliver(hand_to(office))
    with writing(house.engine) as connection:
        assert deliveries.renew(connection, "bob", house.clock.now) == 0
        assert deliveries.renew(connection, None, house.clock.now) == 1
    (tried,) = house.deliver(hand_to(office))
    assert (tried.state, tried.attempts) == (DeliveryState.SENT, 1)


def test_who_pauses_while_others_are_mailed_gets_nothing(house: House) -> None:
    bob = replace(ADA, name="bob", email="bob@reader.example")
    house.see(pin("a"))
    assert house.issue() and house.issue(bob)
    handed: list[str] = []

    def hand(delivery: Delivery, _issue: Issue, _doubt: Callable[[], None]) -> None:
        handed.append(delivery.reader)
        with writing(house.engine) as connection:
            readers.pause(connection, "bob", house.clock.now)

    house.deliver(hand)
    assert handed == ["ada"]


def test_who_pauses_gets_nothing_until_they_resume(
    house: House, office: PostOffice
) -> None:
    house.see(pin("a"))
    house.issue()
    with writing(house.engine) as connection:
        readers.pause(connection, "ada", house.clock.now)
    assert house.deliver(hand_to(office)) == []
    house.clock.move(days=17)
    assert house.publish() == {}
    with writing(house.engine) as connection:
        readers.resume(connection, "ada")
    assert len(house.deliver(hand_to(office))) == 1
    assert house.publish()["ada"] is not None


def test_an_issue_has_one_message_id_whenever_it_is_made() -> None:
    week = week_named("2026-W47", ZoneInfo("UTC"))
    first = publish.message_id(ADA, week, SENDER)
    assert first == publish.message_id(replace(ADA, topics=("pins",)), week, SENDER)
    assert first != publish.message_id(replace(ADA, name="bob"), week, SENDER)
    assert first.startswith("<2026-W47.")
    assert first.endswith("@tracker.example>")


def test_a_post_and_the_paper_it_is_about_are_shown_as_one(house: House) -> None:
    page = "https://arxiv.org/abs/2611.00001"
    told = f'<p>See <a href="{page}">our paper</a> on pins.</p>'
    house.see(post("a", "How we rank pins", content=told, links=(page,)))
    assert [pick.item.title for pick in picks(house.digest())] == ["How we rank pins"]
    house.see(
        paper("p", "A graph of pins", url=page, ids=("arxiv:2611.00001",)),
        source="other",
    )
    (pick,) = picks(house.digest())
    assert (pick.item.title, pick.item.url) == ("A graph of pins", page)
    assert "https://blog.example/a" in pick.item.links
    assert pick.reasons[-1].words == "with a post by Blog"


def test_a_clock_set_back_tells_no_week_before_the_one_told(house: House) -> None:
    house.see(pin("a"))
    house.clock.now = datetime(2026, 12, 14, 7, tzinfo=UTC)
    assert house.publish()["ada"] is not None
    house.clock.move(minutes=-5)
    assert house.publish() == {}


def test_a_clock_that_was_far_ahead_keeps_no_week_from_being_told(
    house: House,
) -> None:
    house.see(pin("a"))
    house.clock.now = datetime(2031, 12, 15, 7, tzinfo=UTC)
    assert house.publish()["ada"] is not None
    house.clock.now = datetime(2026, 12, 14, 7, tzinfo=UTC)
    assert house.publish()["ada"] is not None


def test_a_schedule_of_ones_own_ends_the_week_and_repeats_no_day(house: House) -> None:
    friday = replace(ADA, schedule=schedule_of("friday 16:00"))
    house.see(pin("a"))
    house.clock.now = datetime(2026, 12, 4, 15, 59, tzinfo=UTC)
    assert list(house.publish(friday)) == ["ada"]
    house.clock.move(minutes=1)
    week = publish.last_week(house.press, friday, house.clock.now)
    assert week is not None
    assert (week.name, week.end) == ("2026-W49", datetime(2026, 12, 4, tzinfo=UTC))
    assert house.publish(friday)["ada"] is not None
    daily = replace(ADA, schedule=schedule_of("daily 16:00"))
    assert house.publish(daily) == {}
    house.clock.move(days=1)
    day = publish.last_week(house.press, daily, house.clock.now)
    assert day is not None
    assert day.name == "2026-12-04/2026-12-04"


def test_the_dates_of_a_digest_are_in_its_readers_language(house: House) -> None:
    assert house.digest(replace(ADA, language="de")).language == "de"
    assert house.digest().language == ""
