"""Subscribing: `tracker sources discover`, `add`, `import` …, and what doctor sees."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.fakes import MONDAY
from tests.server import Site
from tracker import opml
from tracker.bootstrap import App
from tracker.bootstrap.health import Level, findings
from tracker.bootstrap.subscriptions import name_of
from tracker.cli import run
from tracker.config import load
from tracker.core.identity import canonical_url
from tracker.core.values import Outcome
from tracker.store import engine as store
from tracker.store import fetches
from tracker.store.fetches import Collected

_FEED = b"""<rss version="2.0"><channel><title>Ada &amp; friends</title>
<item><title>One</title><link>/1</link><pubDate>Mon, 16 Nov 2026 10:00:00 GMT</pubDate>
</item></channel></rss>"""
_LINK = '<link rel="alternate" type="application/rss+xml" href="{}">'
_SETTINGS = """\
[store]
url = "sqlite:///{folder}/t.db"
[fetch]
allow_private_addresses = true
per_host_delay = 0
[[topic]]
name = "recsys"
[[company]]
name = "acme"
# what we have
[[source]]
name = "old"
kind = "feed"
url = "http://www.old.example/feed/"
[[source]]
name = "papers"
kind = "arxiv"
query = "cat:cs.IR"
"""


@pytest.fixture
def site() -> Iterator[Site]:
    with Site({"/feed": (200, {}, _FEED)}) as opened:
        home = f"<!doctype html><html>{_LINK.format('/feed')}</html>".encode()
        opened.routes["/"] = (200, {"Content-Type": "text/html"}, home)
        yield opened


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "feeds.toml"
    made.write_text(_SETTINGS.format(folder=tmp_path), "utf-8")
    return made


Say = Callable[..., tuple[int, str, str]]


@pytest.fixture
def say(file: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    """Return what runs `tracker sources …`: the exit code, both outputs."""

    def said(*words: str) -> tuple[int, str, str]:
        code = run(["--config", str(file), "sources", *words])
        return code, *capsys.readouterr()

    return said


def test_discover_prints_each_feed_with_what_is_in_it(site: Site, say: Say) -> None:
    code, out, _ = say("discover", site.url)
    assert code == 0
    assert out.rstrip("\n").split("\t") == [
        f"{site.url}/feed",
        "feed",
        "1",
        "2026-11-16",
        "ok",
        "Ada & friends",
    ]


def test_discover_as_json(site: Site, say: Say) -> None:
    code, out, _ = say("discover", f"{site.url}/feed", "--json")
    assert code == 0
    assert json.loads(out) == [
        {
            "title": "Ada & friends",
            "address": f"{site.url}/feed",
            "kind": "feed",
            "entries": 1,
            "newest": "2026-11-16T10:00:00Z",
            "outcome": "ok",
            "detail": "",
            "subscribed": None,
        }
    ]


def test_discover_says_that_a_site_refuses_us(site: Site, say: Say) -> None:
    site.routes = {"/": (403, {}, b"no")}
    code, out, err = say("discover", site.url)
    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert "refused us" in err


def test_only_web_addresses_are_taken(say: Say) -> None:
    for address in ("file:///etc/passwd", "ftp://a.example/", "http://[", "a b", ""):
        for words in (["discover"], ["add"], ["add", "--no-fetch"]):
            code, _, err = say(*words, address)
            assert code == 2
            assert "no web address" in err


def test_add_finds_a_sites_feed_and_names_it_after_its_title(
    site: Site, say: Say, file: Path
) -> None:
    words = "--company", "Acme Research", "--topic", "recsys"
    code, out, _ = say("add", site.url, *words)
    assert (code, out.startswith('added: "ada-friends"')) == (0, True)
    added = load(str(file)).subscriptions[-1]
    assert (added.name, added.title) == ("ada-friends", "Ada & friends")
    assert (added.address, added.company) == (f"{site.url}/feed", "acme")
    assert added.topics == ("recsys",)
    assert "# what we have" in file.read_text("utf-8")


def test_add_takes_the_name_and_title_given_and_asks_nothing_if_told_so(
    say: Say, file: Path
) -> None:
    words = "--name", "mine", "--title", "My own", "--no-fetch"
    assert say("add", "new.example/rss", *words)[0] == 0
    added = load(str(file)).subscriptions[1:]
    assert ("mine", "My own", "https://new.example/rss") in [
        (one.name, one.title, one.address) for one in added
    ]


def test_an_address_subscribed_already_is_not_added_however_it_is_written(
    say: Say, file: Path
) -> None:
    before = file.read_bytes()
    for address in (
        "https://old.example/feed",
        "http://OLD.example:80/feed/?utm_source=x",
    ):
        code, _, err = say("add", address)
        assert code == 2
        assert 'subscribed already, as "old"' in err
    assert file.read_bytes() == before


def test_the_feed_of_a_site_is_not_added_twice_either(site: Site, say: Say) -> None:
    assert say("add", site.url)[0] == 0
    for words, expected in (("add", 2), ("discover", 0)):
        code, _, err = say(words, site.url)
        assert code == expected
        assert 'subscribed already, as "ada-friends"' in err


def test_add_refuses_what_cannot_be_read_and_says_how_to_insist(
    site: Site, say: Say
) -> None:
    site.routes = {}
    code, _, err = say("add", site.url)
    assert code == 1
    assert "--no-fetch" in err


def test_add_asks_which_of_several_feeds(site: Site, say: Say) -> None:
    other = _FEED.replace(b"16 Nov", b"17 Nov")
    site.routes["/other"] = (200, {}, other)
    home = f"<html>{_LINK.format('/feed')}{_LINK.format('/other')}</html>".encode()
    site.routes["/"] = (200, {}, home)
    code, _, err = say("add", site.url)
    assert code == 2
    assert f"{site.url}/feed, {site.url}/other" in err


def test_a_wrong_topic_is_named_and_nothing_is_changed(say: Say, file: Path) -> None:
    before = file.read_bytes()
    code, _, err = say("add", "https://n.example/", "--no-fetch", "--topic", "recys")
    assert code == 2
    assert "did you mean 'recsys'" in err
    assert file.read_bytes() == before


def test_sources_are_disabled_enabled_and_removed_by_name(say: Say, file: Path) -> None:
    assert say("disable", "old")[0] == 0
    assert [one.enabled for one in load(str(file)).subscriptions] == [False, True]
    assert say("enable", "old")[0] == 0
    assert all(one.enabled for one in load(str(file)).subscriptions)
    assert say("remove", "old")[0] == 0
    assert [one.name for one in load(str(file)).subscriptions] == ["papers"]
    code, _, err = say("remove", "old")
    assert code == 2
    assert "no source is called 'old'" in err


def test_import_adds_what_is_new_and_counts_what_is_not(
    say: Say, file: Path, tmp_path: Path
) -> None:
    feeds = [
        opml.Outline("Old blog", "https://old.example/feed"),
        opml.Outline("Łódź's blog", "https://a.example/feed"),
        opml.Outline("Łódź: blog", "https://b.example/feed"),
        opml.Outline("again", "https://b.example/feed/"),
        opml.Outline("机器", "https://www.c.example/feed"),
        opml.Outline("Script", "javascript:alert(1)"),
        opml.Outline("Old", "https://d.example/"),
    ]
    listed = tmp_path / "list.opml"
    listed.write_text(opml.written(feeds, ""), "utf-8")
    code, out, err = say("import", str(listed))
    assert code == 0
    assert "7 feeds" in out
    assert "4 added" in out
    assert "2 subscribed already" in out
    assert "no web address: Script" in err
    assert [one.name for one in load(str(file)).subscriptions] == [
        *("old", "papers", "lodzs-blog", "lodz-blog", "c-example", "old-2")
    ]


def test_import_refuses_what_is_no_list_in_one_line(
    say: Say, file: Path, tmp_path: Path
) -> None:
    before = file.read_bytes()
    listed = tmp_path / "list.opml"
    listed.write_bytes(b'<!DOCTYPE x [<!ENTITY e "e">]><opml/>')
    for place in (listed, tmp_path, tmp_path / "none"):
        code, out, err = say("import", str(place))
        assert code in {1, 2}
        assert (out, err.count("\n")) == ("", 1)
        assert str(place) in err
    assert file.read_bytes() == before


def test_export_gives_the_feeds_that_are_read(say: Say, tmp_path: Path) -> None:
    code, out, err = say("export")
    assert code == 0
    assert opml.read(out.encode(), "x") == (
        opml.Outline("old", "http://www.old.example/feed/"),
    )
    assert err == "feeds: 1; sources left out, disabled or no feeds: 1\n"
    target = tmp_path / "out.opml"
    assert say("export", str(target))[:2] == (0, "")
    assert target.read_text("utf-8") == out
    assert say("export", str(tmp_path))[0] == 2


@pytest.mark.recorded
def test_a_real_list_comes_out_as_it_went_in(
    say: Say, file: Path, recorded: Path
) -> None:
    for name in ("kilimchoi_engineering_blogs.opml", "peterc_engblogs.opml"):
        file.write_text("# empty\n", "utf-8")
        given = opml.read((recorded / "opml" / name).read_bytes(), name)
        assert say("import", str(recorded / "opml" / name))[0] == 0
        out = say("export")[1]
        again = opml.read(out.encode(), "x")
        expected: dict[str, tuple[str, str]] = {}
        for one in given:
            expected.setdefault(canonical_url(one.address), (one.address, one.title))
        assert {(one.address, one.title) for one in again} == set(expected.values())
        assert {one.address for one in again} == {one.address for one in given}
        assert "0 added" in say("import", str(recorded / "opml" / name))[1]


@pytest.mark.parametrize(
    ("title", "address", "name"),
    [
        ("Bjørn's Æther — Café", "https://x.example/", "bjorns-aether-cafe"),
        ("机器之心", "https://www.jiqi.example/rss", "jiqi-example"),
        ("", "https://[::1]/", "1"),
        ("a " * 100, "https://x.example/", "-".join("a" * 20)),
    ],
)
def test_a_name_is_made_from_a_title(title: str, address: str, name: str) -> None:
    assert name_of(title, address) == name


@pytest.mark.parametrize(
    "action", ["discover", "add", "remove", "enable", "disable", "import", "export"]
)
def test_every_subcommand_has_help(action: str, say: Say) -> None:
    with pytest.raises(SystemExit) as left:
        say(action, "--help")
    assert left.value.code == 0


# What doctor points out


def doctor(file: Path, now: datetime = MONDAY) -> dict[str, str]:
    """Return the words of doctor's warnings by subject."""
    app = App(load(str(file)), lambda: now)
    try:
        found = list(findings(app))
    finally:
        app.close()
    return {one.subject: one.words for one in found if one.level is Level.WARNING}


def fail(file: Path, name: str, times: int, succeeded: datetime | None = None) -> None:
    """Have a source fail so often, after one success or none."""
    app = App(load(str(file)), lambda: MONDAY)
    moments = [(Outcome.OK, succeeded)] if succeeded else []
    moments += [(Outcome.FAILED, MONDAY)] * times
    for outcome, moment in moments:
        with store.writing(app.engine) as connection:
            fetches.register(connection, [name], MONDAY)
            state = fetches.states(connection)[name]
            collected = Collected(outcome, "answered 500")
            fetches.record(connection, state, collected, moment, MONDAY)
    app.close()


def test_doctor_points_out_two_sources_at_one_address(file: Path) -> None:
    twin = (
        '[[source]]\nname = "twin"\nkind = "feed"\nurl = "https://old.example/feed"\n'
    )
    file.write_text(file.read_text("utf-8") + twin, "utf-8")
    words = doctor(file)["twin"]
    assert 'reads what "old" reads' in words
    assert "`tracker sources remove twin`" in words
    file.write_text(file.read_text("utf-8") + "enabled = false\n", "utf-8")
    assert "twin" not in doctor(file)


def test_doctor_buries_a_source_that_was_never_read_in_ten_tries(file: Path) -> None:
    fail(file, "old", 9)
    assert "dead" not in doctor(file)["old"]
    fail(file, "old", 1)
    words = doctor(file)["old"]
    assert words.startswith("dead: never read in 10 tries, failed: answered 500")
    assert "`tracker sources remove old`" in words


def test_doctor_buries_a_source_that_failed_for_over_thirty_days(file: Path) -> None:
    fail(file, "old", 1, MONDAY - timedelta(days=29))
    assert "dead" not in doctor(file)["old"]
    assert (
        "dead: not read since 2026-10-25"
        in doctor(file, datetime(2026, 11, 30, tzinfo=UTC))["old"]
    )
