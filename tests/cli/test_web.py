"""The web endpoint, served on loopback: GET shows, POST does, once."""

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path
from socket import create_connection

import feedparser
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.cli.conftest import Desk
from tests.render.feeds import problems
from tracker.bootstrap import App, clock, wishes
from tracker.bootstrap.library import Library, Wanted
from tracker.bootstrap.mailing import Mailing
from tracker.bootstrap.readership import Readership
from tracker.cli import run
from tracker.config import load
from tracker.core.values import MarkState
from tracker.errors import UsageError
from tracker.links import Action, Wish
from tracker.store import backup
from tracker.store.engine import writing
from tracker.store.tables import Base
from tracker.web.serving import serving


@dataclass
class Served:
    """An endpoint that is being served, and what it is served from."""

    app: App
    port: int

    def ask(
        self, method: str, path: str, body: str = "", tag: str = ""
    ) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        told = (kind if body else {}) | ({"If-None-Match": tag} if tag else {})
        connection.request(method, path, body or None, told)
        answer = connection.getresponse()
        self.headers = dict(answer.getheaders())
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def link(self, action: Action, item: int | None = 1) -> str:
        made = wishes.links(self.app)
        assert made is not None
        address = made.to(Wish("you", action, item), self.app.now())
        assert address.startswith("https://t.example/")
        return address.removeprefix("https://t.example")

    def mark(self, item: int = 1) -> tuple[MarkState, int | None]:
        found = Library(self.app).sighting(item, self.app.reader("you")).mark
        return found.state, found.rating


@pytest.fixture
def served(filled: Desk, tmp_path: Path) -> Iterator[Served]:
    text = filled.config.read_text("utf-8")
    store = tmp_path / "tracker.db"
    source = App(load(str(filled.config)))
    backup.write(source.engine, store)
    source.close()
    own = text.replace(
        f'url = "sqlite:///{filled.config.parent}', f'url = "sqlite:///{tmp_path}'
    )
    file = filled.config.with_name("web.toml")
    file.write_text(f'{own}\n[web]\nurl = "https://t.example"\n', "utf-8")
    app = App(load(str(file)))
    with writing(app.engine) as connection:  # as if nothing had been mailed
        for table in ("delivery", "issue_item", "issue"):
            connection.execute(Base.metadata.tables[table].delete())
    with serving(app, "127.0.0.1:0") as port:
        yield Served(app, port)
    app.close()


def test_looking_at_a_link_changes_nothing_and_posting_does_it_once(
    served: Served,
) -> None:
    link = served.link(Action.TO_READ)
    before = served.mark()
    status, page = served.ask("GET", link)
    assert (status, served.mark()) == (200, before)
    assert "Read later" in page
    assert (
        Library(served.app).sighting(1, served.app.reader("you")).item.title[:9] in page
    )
    for _ in range(2):
        status, page = served.ask("POST", link, "List-Unsubscribe=One-Click")
        assert status == 200
        assert "on your reading list" in page
        assert served.mark() == (MarkState.TO_READ, None)


def test_the_page_of_a_link_offers_what_else_may_be_done(served: Served) -> None:
    _, page = served.ask("GET", served.link(Action.TO_READ))
    others = re.findall(r'action="([^"]+)"><button[^>]*>([^<]+)<', page)
    assert [words for _, words in others] == ["More like this", "Not for me"]
    served.ask("POST", f"/do/{others[1][0]}")
    assert served.mark() == (MarkState.NOT_FOR_ME, None)


def told(page: str) -> dict[str, str]:
    """Return where each button on topics leads, by what it says of which topic."""
    found = re.findall(r'formaction="([^"]+)">([^<]+)<', page)
    return {f"{place.split('/')[2]}: {words}": f"/do/{place}" for place, words in found}


def test_what_an_item_is_about_is_shown_and_corrected(served: Served) -> None:
    items = Library(served.app).items(Wanted(topic="recsys"))
    item = next(one for one in items if [c.name for c in one.topics] == ["recsys"])
    link = served.link(Action.TO_READ, item.id)
    _, page = served.ask("GET", link)
    assert ">About Recommender systems</span>" in page
    status, _ = served.ask("POST", told(page)["recsys: It is not"])
    assert status == 303
    assert served.headers["location"] == f"../../../{link.removeprefix('/do/')}"
    _, page = served.ask("GET", link)
    assert ">Not about Recommender systems, as you said</span>" in page
    for _ in range(2):
        served.ask("POST", told(page)["transformers: Transformers"])
    _, page = served.ask("GET", link)
    assert ">About Transformers, as you said</span>" in page
    for name in ("transformers", "recsys"):
        served.ask("POST", told(page)[f"{name}: Take it back"])
    _, page = served.ask("GET", link)
    assert set(told(page)) == {"recsys: It is not", "transformers: Transformers"}


def test_only_a_link_of_ours_says_anything_of_a_topic_that_is_there(
    served: Served,
) -> None:
    link = served.link(Action.TO_READ)
    for path, status in (
        (f"{link}x/topics/recsys/about", 410),
        (f"{served.link(Action.STOP, None)}/topics/recsys/about", 410),
        (f"{link}/topics/recsis/about", 410),
        (f"{link}/topics/recsys/perhaps", 404),
    ):
        assert served.ask("POST", path)[0] == status
    assert served.ask("GET", f"{link}/topics/recsys/about")[0] == 405
    found = Library(served.app).sighting(1, served.app.reader("you"))
    assert list(found.verdicts) == []


def test_a_mail_leads_to_all_that_may_be_done(served: Served) -> None:
    mailing = Mailing(served.app)
    reader = served.app.reader("you")
    week = served.app.week(reader)
    mailing.publish([reader], lambda _: week)
    issue = mailing.issued(reader, week)
    assert issue is not None
    letter = message_from_bytes(issue.message, policy=default)
    assert isinstance(letter, EmailMessage)
    page = letter.get_body(("html",))
    text = letter.get_body(("plain",))
    assert page is not None
    assert text is not None
    offered = re.findall(
        r'<a href="https://t\.example(/do/[^"]+)"[^>]*>([^<]+)</a>', page.get_content()
    )
    first = [words for _, words in offered[:3]]
    assert first == ["Read later", "More like this", "Not for me"]
    assert offered[-1][1] == "Stop the mails"
    assert "read later, more like this, not for me [" in text.get_content()
    assert "/do/" in text.get_content()
    for place, words in (*offered[:3], offered[-1]):
        status, shown = served.ask("GET", place)
        assert status == 200
        assert words in shown
    stop = letter["List-Unsubscribe"].split(">")[0].removeprefix("<https://t.example")
    assert served.ask("POST", stop, "List-Unsubscribe=One-Click")[0] == 200
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_each_link_does_what_it_says(served: Served) -> None:
    served.ask("POST", served.link(Action.MORE))
    assert served.mark() == (MarkState.INBOX, 5)
    served.ask("POST", served.link(Action.NOT_FOR_ME))
    assert served.mark() == (MarkState.NOT_FOR_ME, 5)


def test_a_rating_that_likes_it_already_is_kept(served: Served) -> None:
    reader = served.app.reader("you")
    mark = Library(served.app).sighting(2, reader).mark
    Library(served.app).mark(2, reader, replace(mark, rating=4))
    served.ask("POST", served.link(Action.MORE, 2))
    assert served.mark(2)[1] == 4


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_a_link_that_is_not_ours_does_nothing(served: Served, method: str) -> None:
    link = served.link(Action.NOT_FOR_ME, 3)
    for wrong in (
        link[:-3],
        link + "x",
        "/do/x.y",
        "/do/" + "%00" * 30,
        "/do/" + "a" * 3000,
    ):
        status, page = served.ask(method, wrong)
        assert status in {404, 405, 410, 422}, wrong
        assert "Traceback" not in page
    assert served.mark(3)[0] is MarkState.INBOX


def test_what_a_link_was_for_may_be_gone(served: Served) -> None:
    status, page = served.ask("POST", served.link(Action.TO_READ, 99_999))
    assert status == 410
    assert "no longer here" in page


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/wp-login.php", 404),
        ("GET", "/topics/" + "a" * 2000 + ".atom", 404),
        ("PUT", "/do/x", 405),
    ],
)
def test_what_is_not_there_is_told_on_a_page(
    served: Served, method: str, path: str, status: int
) -> None:
    found, page = served.ask(method, path)
    assert (found, served.headers["content-type"][:9]) == (status, "text/html")
    assert "There is no such page." in page
    assert "<style>" in page
    assert served.headers["content-security-policy"].startswith("default-src 'none'")


def test_who_says_nothing_holds_no_place(served: Served) -> None:
    with serving(served.app, "127.0.0.1:0", longest=0.3) as port:
        silent = [create_connection(("127.0.0.1", port), 20) for _ in range(80)]
        slow = create_connection(("127.0.0.1", port), 20)
        slow.sendall(b"GET /health HTT")
        for client in (*silent, slow):  # each ends at once, or by being cut off
            with suppress(ConnectionResetError):
                assert client.recv(1) == b""
            client.close()
        assert replace(served, port=port).ask("GET", "/health")[0] in {200, 503}
        assert "status" in replace(served, port=port).ask("GET", "/health")[1]


def test_links_of_a_reader_who_was_renamed_go_on(served: Served) -> None:
    before, app = served.link(Action.TO_READ), served.app
    Readership(app).rename("you", "ada")
    app.config = load(str(app.config.path))
    Readership(app).rename("ada", "ada l.")
    app.config = load(str(app.config.path))
    assert served.ask("POST", before)[0] == 200
    found = Library(app).sighting(1, app.reader("ada l.")).mark
    assert found.state is MarkState.TO_READ


def test_pages_run_nothing_and_tell_no_one(served: Served) -> None:
    served.ask("GET", served.link(Action.TO_READ))
    assert served.headers["content-security-policy"].startswith("default-src 'none'")
    assert served.headers["referrer-policy"] == "no-referrer"
    assert served.headers["cache-control"] == "no-store"


def test_a_reader_has_a_feed_of_their_digests(
    served: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["--config", str(served.app.config.path), "readers", "list", "--json"])
    (reader,) = json.loads(capsys.readouterr().out)
    place = reader["feed"].removeprefix("https://t.example")
    status, text = served.ask("GET", place)
    assert status == 200
    assert served.headers["content-type"].startswith("application/atom+xml")
    found = feedparser.parse(BytesIO(text.encode()))
    assert not found.bozo
    assert len({entry.id for entry in found.entries}) == len(found.entries) > 5
    assert problems(text.encode(), reader["feed"]) == []
    token = place.removeprefix("/feeds/").removesuffix(".atom")
    assert served.ask("POST", f"/do/{token}")[0] == 410
    stop = served.link(Action.STOP, None).removeprefix("/do/")
    assert served.ask("GET", f"/feeds/{stop}.atom")[0] == 410


@pytest.mark.parametrize("place", ["/topics/recsys.atom", "/companies/pinterest.atom"])
def test_a_topic_and_a_company_have_a_feed(served: Served, place: str) -> None:
    status, text = served.ask("GET", place)
    found = feedparser.parse(BytesIO(text.encode()))
    assert (status, found.bozo) == (200, False)
    assert problems(text.encode(), f"https://t.example{place}") == []
    assert len(found.entries) > 3
    tag = served.headers["etag"]
    assert served.ask("GET", place, tag=tag) == (304, "")
    assert served.ask("HEAD", place) == (200, "")
    assert served.headers["etag"] == tag
    assert served.ask("GET", place.replace(".atom", "x.atom"))[0] == 404


def test_health_says_how_late_it_is(served: Served) -> None:
    status, text = served.ask("GET", "/health")
    told = json.loads(text)
    assert (status, told["status"]) in {(200, "ok"), (503, "late")}
    assert set(told) == {"status", "fetch_lag_seconds", "delivery_lag_seconds"}


def test_the_command_says_the_same_of_health(
    served: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _ = served.ask("GET", "/health")
    config = ["--config", str(served.app.config.path)]
    assert run([*config, "health"]) == (1 if status == 503 else 0)
    assert capsys.readouterr().out.startswith("late: " if status == 503 else "ok")
    run([*config, "health", "--json"])
    assert set(json.loads(capsys.readouterr().out)) == {
        *("status", "fetch_lag_seconds", "delivery_lag_seconds")
    }


def test_a_store_that_nobody_tends_is_late(
    served: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    app = served.app
    app.now = lambda: clock() + timedelta(days=30)
    status, text = served.ask("GET", "/health")
    assert (status, json.loads(text)["status"]) == (503, "late")


def test_metrics_are_in_the_format_of_prometheus(served: Served) -> None:
    status, text = served.ask("GET", "/metrics")
    assert status == 200
    found = {family.name: family for family in text_string_to_metric_families(text)}
    assert found["tracker_items"].samples[0].value > 40
    fetches = {
        s.labels["outcome"]: s.value for s in found["tracker_fetches_24h"].samples
    }
    assert fetches["blocked"] >= 1
    assert fetches["failed"] >= 1


def test_a_place_that_is_taken_is_named(served: Served) -> None:
    with (
        pytest.raises(UsageError, match="in use"),
        serving(served.app, f"127.0.0.1:{served.port}"),
    ):
        pass


def test_a_secret_that_many_make_at_once_is_one(served: Served) -> None:
    (served.app.config.data / "secret").unlink(missing_ok=True)
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: wishes.links(served.app), range(40)))
    assert len({one.secret for one in made if one}) == 1
    assert [f.name for f in served.app.config.data.glob("*secret*")] == ["secret"]


def test_the_secret_is_the_owners_alone_and_kept(served: Served) -> None:
    first, second = wishes.links(served.app), wishes.links(served.app)
    assert first is not None
    assert second is not None
    assert first.secret == second.secret
    file = served.app.config.data / "secret"
    assert file.stat().st_mode & 0o777 == 0o600
