"""`tracker people` on what the demo's sources hold."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Desk
from tests.cli.test_reading import output
from tests.server import Site
from tracker.cli import run


def test_who_publishes_at_a_company_is_told_with_their_evidence(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    said = json.loads(output(filled, capsys, "people", "pinterest", "--json"))
    assert (said["company"], said["title"]) == ("pinterest", "Pinterest")
    assert said["people"]
    for person in said["people"]:
        assert person["works"] >= len(person["latest"]) >= 1
        assert person["evidence"]["text"]
    own = [p for p in said["people"] if p["evidence"]["kind"] == "affiliation"]
    assert own
    assert all("pinterest" in p["evidence"]["text"].casefold() for p in own)
    assert said["people"][: len(own)] == own
    assert sum(said["quarters"]["recsys"].values()) >= 1


def test_the_terminal_tells_people_and_what_is_worked_on(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    said = json.loads(output(filled, capsys, "people", "pinterest", "--json"))
    shown = output(filled, capsys, "people", "Pinterest Labs", "--limit", "1")
    people, quarters = shown.split("\n\n")
    first = said["people"][0]
    cells = people.split("\t")
    assert cells[:2] == [first["name"], str(first["works"])]
    assert f"#{first['latest'][0]['id']} " in cells[-1]
    assert any(line.startswith("recsys\t") for line in quarters.splitlines())


def test_a_topic_and_a_limit_narrow_it(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    every = json.loads(output(filled, capsys, "people", "pinterest", "--json"))
    narrow = ("--topic", "recsys", "--limit", "1", "--json")
    some = json.loads(output(filled, capsys, "people", "pinterest", *narrow))
    assert 0 < some["works"] <= every["works"]
    assert (len(some["people"]), some["more"] > 0) == (1, True)
    assert set(some["quarters"]) >= {"recsys"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("netflix", "--since", "2999-01-01"), "leave out --topic or --since"),
        (("netflix", "--since", "2999-01-01"), "nothing from Netflix that fits"),
    ],
)
def test_nobody_found_gets_a_line_that_helps(
    filled: Desk,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    says: str,
) -> None:
    assert run(["--config", str(filled.config), "people", *words]) == 0
    shown = capsys.readouterr()
    assert (shown.out, says in shown.err) == ("", True)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("people", "pintrest"), "no company is called 'pintrest'"),
        (("people", "pinterest", "--topic", "x"), "no topic is called 'x'"),
    ],
)
def test_what_is_not_there_is_named(
    filled: Desk,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    says: str,
) -> None:
    assert says in output(filled, capsys, *words, code=2)


def feed_of(*entries: tuple[str, str, str]) -> bytes:
    """Return an Atom feed of posts: their address, who signs them, their day."""
    posts = "".join(
        f"<entry><id>{url}</id><title>How we rank {url[-1]}</title><link href='{url}'/>"
        f"<author><name>{name}</name></author><updated>{day}T08:00:00Z</updated></entry>"
        for url, name, day in entries
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{posts}</feed>'.encode()


def test_who_signs_a_round_up_is_not_with_the_company_it_links_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = "https://eng.acme.example/1", "https://eng.acme.example/2"
    media = {"Content-Type": "application/atom+xml"}
    day = "2026-05-01"
    with Site() as site:
        round_up = feed_of((first, "Rita Roundup", day), (second, "Rita Roundup", day))
        own = feed_of((first, "Ada Lovelace", day))
        site.routes["/weekly"] = (200, media, round_up)
        site.routes["/acme"] = (200, media, own)
        config = tmp_path / "feeds.toml"
        config.write_text(
            f'[store]\nurl = "sqlite:///{tmp_path / "tracker.db"}"\n'
            "[fetch]\nallow_private_addresses = true\n"
            '[[company]]\nname = "acme"\ntitle = "Acme"\n'
            'aliases = ["Acme"]\nsites = ["eng.acme.example"]\n'
            f'[[source]]\nname = "weekly"\nkind = "feed"\nurl = "{site.url}/weekly"\n'
            '[[source]]\nname = "acme-blog"\nkind = "feed"\ncompany = "acme"\n'
            f'url = "{site.url}/acme"\n[[reader]]\nname = "you"\n',
            "utf-8",
        )
        for source in ("weekly", "acme-blog"):
            assert run(["--config", str(config), "fetch", source]) == 0
        capsys.readouterr()
        assert run(["--config", str(config), "people", "acme", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["works"] == 2
    assert [person["name"] for person in said["people"]] == ["Ada Lovelace"]
