"""feeds.toml: found, read once, every error with its table and key."""

import tomllib
from datetime import time, timedelta
from pathlib import Path

import pytest

from tracker import config
from tracker.config import places
from tracker.errors import ConfigError

GOOD = """
[store]
url = "sqlite:////tmp/x/tracker.db"
[fetch]
contact = "ada@example.org"
timeout = 5
[digest]
week_ends = "friday"
at = "16:30"
time_zone = "Europe/Berlin"
[mail]
url = "smtp://ada@mail.example.org:587?starttls"
from = "tracker <tracker@example.org>"
[[topic]]
name = "recsys"
title = "Recommender systems"
keywords = ["recommender system"]
[[company]]
name = "pinterest"
title = "Pinterest"
follow = true
[[reader]]
name = "ada"
email = "ada@example.org"
topics = ["recsys"]
[[source]]
name = "pinterest-engineering"
kind = "feed"
url = "https://medium.com/feed/pinterest-engineering"
company = "pinterest"
every = "12h"
[[source]]
name = "kdd"
kind = "crossref"
venue = "KDD"
container = "Knowledge Discovery"
"""


def parse(text: str, path: Path = Path("feeds.toml")) -> config.Config:
    return config.parse(tomllib.loads(text), path)


def refusal(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        parse(text)
    return str(caught.value)


def test_a_whole_file_is_understood() -> None:
    read = parse(GOOD)
    assert read.store_url == "sqlite:////tmp/x/tracker.db"
    assert read.data == Path("/tmp/x")
    assert read.digest.at == time(16, 30)
    assert "mailto:ada@example.org" in read.user_agent
    assert read.readers[0].time_zone == "Europe/Berlin"
    blog, kdd = read.subscriptions
    assert blog.every == timedelta(hours=12)
    assert kdd.venue == "KDD"
    assert kdd.every == type(kdd.source).every


def test_an_empty_file_has_defaults_and_one_local_reader() -> None:
    read = parse("")
    assert [reader.name for reader in read.readers] == ["me"]
    assert read.store_url.startswith("sqlite:///")
    assert read.mail is None
    assert not read.fetch.allow_private_addresses


FEED = '[[source]]\nname = "a"\nkind = "feed"\nurl = "https://a.example/feed"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[fech]\n", "[fech]: unknown table 'fech'; did you mean 'fetch'?"),
        (
            "[fetch]\ntimeot = 5\n",
            "[fetch]: timeot: unknown key 'timeot'; did you mean",
        ),
        ("[fetch]\ntimeout = 0\n", "[fetch]: timeout: input should be greater than 0"),
        (
            "[fetch]\nworkers = 'x'\n",
            "[fetch]: workers: input should be a valid integer",
        ),
        ("[digest]\nweek_ends = 'Sun'\n", "[digest]: week_ends: 'Sun' is no day"),
        ("[digest]\nat = '25:00'\n", "[digest]: at: write a time of day"),
        (
            "[digest]\ntime_zone = 'Mars'\n",
            "[digest]: time_zone: 'Mars' is no time zone",
        ),
        ("[mail]\nfrom = 'a@b.c'\n", "[mail]: url: field required"),
        (
            "[mail]\nurl = 'smtp://u:secret@h'\nfrom = 'a@b.c'\n",
            "[mail]: url: keep the password out of it: set $TRACKER_MAIL_PASSWORD",
        ),
        ("[topic]\nname = 'a'\n", "[topic]: write [[topic]]: there may be several"),
        (
            "[[company]]\nname = 'a'\ndomains = ['@a.example']\n",
            "[[company]] \"a\": domains.0: '@a.example' is no domain; write one such",
        ),
        (
            "[[company]]\nname = 'a'\nsites = ['https://a.example']\n",
            "[[company]] \"a\": sites.0: 'https://a.example' is no site; write a host",
        ),
        (
            "[[company]]\nname = 'a'\nsites = ['a.example/*/b']\n",
            "[[company]] \"a\": sites.0: 'a.example/*/b' is no site; write a host",
        ),
        (
            "[[company]]\nname = 'a'\nids = ['12']\n",
            '[[company]] "a": ids.0: \'12\': write "https://ror.org/',
        ),
        (
            "[[company]]\nname = 'a'\naliases = ['']\n",
            "[[company]] \"a\": aliases.0: '': no letter in it",
        ),
        (
            "[[company]]\nname = 'a'\nalias = ['b']\n",
            "[[company]] \"a\": alias: unknown key 'alias'; did you mean 'aliases'?",
        ),
        ("[[topic]]\ntitle = 'a'\n", "[[topic]] number 1: name: field required"),
        ("[[topic]]\nname = 'A b'\n", "[[topic]] \"A b\": name: 'A b': use lower-case"),
        (FEED + FEED, '[[source]] "a": name: used 2 times'),
        (FEED + "every = 'soon'\n", '[[source]] "a": every: write a duration'),
        (FEED + "company = 'x'\n", "[[source]] \"a\": company: unknown company 'x'"),
        (FEED + "topics = ['x']\n", "[[source]] \"a\": topics: unknown topic 'x'"),
        (
            FEED + "ulr = 'x'\n",
            "[[source]] \"a\": ulr: unknown key 'ulr'; did you mean",
        ),
        (FEED.replace("https", "file"), '[[source]] "a": url: '),
        (FEED.replace("feed", "fed", 1), "[[source]] \"a\": kind: unknown kind 'fed'"),
        ("source = 3\n", "[source]: write [[source]]"),
        (
            "[[reader]]\nname = 'a'\njob = '~nobody-here/a.md'\n",
            '[[reader]] "a": job: ~nobody-here/a.md: ',
        ),
        ("[[reader]]\nname = 'a'\nemail = 'x'\n", '[[reader]] "a": email: '),
    ],
)
def test_an_error_names_file_table_and_key(text: str, says: str) -> None:
    assert refusal(text).startswith(f"feeds.toml: {says}")


def test_a_secret_is_never_repeated() -> None:
    text = "[mail]\nurl = 'smtp://u:secret@h'\nfrom = 'a@b.c'\n"
    assert "secret" not in refusal(text)


def test_every_problem_gets_its_line() -> None:
    said = refusal("[fetch]\ntimeout = 0\n[digest]\ntop = 0\n" + FEED + "x = 1\n")
    assert len(said.splitlines()) == 3


@pytest.mark.parametrize(
    ("body", "says"),
    [(b"a = ", "not TOML"), (b"\xff", "not UTF-8 at byte 0"), (None, "tracker init")],
)
def test_what_is_no_toml_is_refused_in_one_line(
    tmp_path: Path, body: bytes | None, says: str
) -> None:
    file = tmp_path / "feeds.toml"
    if body is not None:
        file.write_bytes(body)
    with pytest.raises(ConfigError, match=says) as caught:
        config.load(str(file))
    assert len(str(caught.value).splitlines()) == 1


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="directory"):
        config.load(str(tmp_path))


def test_the_file_is_found_in_the_stated_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRACKER_CONFIG", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert places.config_file(None) == places.shipped_config_file()
    mine = places.user_config_file()
    mine.parent.mkdir(parents=True)
    mine.touch()
    assert places.config_file(None) == mine
    here = tmp_path / "feeds.toml"
    here.touch()
    assert places.config_file(None).resolve() == here
    monkeypatch.setenv("TRACKER_CONFIG", "/else/feeds.toml")
    assert places.config_file(None) == Path("/else/feeds.toml")
    assert places.config_file("given.toml") == Path("given.toml")


def test_a_job_description_is_read_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "job.md").write_text("Ranking engineer", "utf-8")
    text = "[[reader]]\nname = 'a'\njob = 'job.md'\n"
    assert parse(text, tmp_path / "feeds.toml").readers[0].job == "Ranking engineer"


def test_a_job_description_that_is_gone_is_no_mistake(tmp_path: Path) -> None:
    text = "[[reader]]\nname = 'a'\njob = 'no\u202e.md'\n"
    (reader,) = parse(text, tmp_path / "feeds.toml").readers
    assert reader.job == ""
    said = f'[[reader]] "a": job: {tmp_path}/no\ufffd.md: No such file or directory'
    assert reader.job_trouble == said


def test_the_shipped_file_holds_what_it_should() -> None:
    read = config.load(str(places.shipped_config_file()))
    assert {topic.name for topic in read.topics} == {
        "genai",
        "llm",
        "transformers",
        "recsys",
        "ranking",
        "responsible-ai",
    }
    assert len(read.companies) >= 200
    assert all(company.domains for company in read.companies if company.follow)
    assert len(read.subscriptions) >= 75
    assert read.subscriptions[0].name.startswith("pinterest")
    venues = {s.venue for s in read.subscriptions}
    assert venues >= {
        *("KDD", "CVPR", "RecSys", "SIGIR", "WSDM", "CIKM", "TheWebConf", "NeurIPS"),
        *("ICML", "ICLR", "ACL", "EMNLP", "FAccT"),
    }
    queried = {s.name for s in read.subscriptions if s.kind == "arxiv"}
    assert len(queried) >= 6


_OPENALEX = "[[source]]\nname = 'a'\nkind = 'openalex'\ninstitution_id = 'I1'\n"


def test_a_token_comes_from_the_environment_and_is_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TRACKER_OPENALEX_TOKEN", " geheim ")
    read = parse(_OPENALEX + GOOD)
    (source,) = [one.source for one in read.subscriptions if one.kind == "openalex"]
    assert source.model_dump()["token"].get_secret_value() == "geheim"
    assert "geheim" not in repr(read)
    monkeypatch.setenv("TRACKER_OPENALEX_TOKEN", " ")
    assert parse(_OPENALEX).subscriptions[0].source.model_dump()["token"] is None


def test_a_token_in_the_file_is_refused() -> None:
    assert refusal(f"{_OPENALEX}token = 'geheim'\n").endswith(
        'feeds.toml: [[source]] "a": token: keep it out of the file:'
        " set $TRACKER_OPENALEX_TOKEN"
    )
