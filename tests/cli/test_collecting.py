"""`tracker fetch` and `tracker sources`."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Desk
from tests.cli.test_reading import output
from tests.server import Site
from tracker.cli import run

_FEED = b"""<rss version="2.0"><channel><title>A blog</title>
<item><title>Ranking &amp; &lt;i&gt;serving&lt;/i&gt;</title>
<link>/posts/1?utm_source=rss</link><guid>one</guid><author>Ada Lovelace</author>
<pubDate>Mon, 16 Nov 2026 10:00:00 GMT</pubDate></item>
<item><title>Second</title><link>javascript:alert(1)</link><guid>two</guid></item>
</channel></rss>"""


def test_a_second_fetch_asks_only_what_is_due(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert json.loads(output(filled, capsys, "fetch", "--json")) == []
    assert run(["--config", str(filled.config), "fetch"]) == 0
    assert "no source is due yet" in capsys.readouterr().err


def test_fetch_of_named_sources_asks_them_due_or_not(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    found = json.loads(output(filled, capsys, "fetch", "pinterest", "kdd", "--json"))
    assert {result["name"]: result["new"] for result in found} == {
        "pinterest": 0,
        "kdd": 0,
    }


def test_a_run_in_which_some_sources_failed_says_which_and_is_done(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--config", str(filled.config), "fetch", "pinterest", "broken"]
    assert run(words) == 0
    said = capsys.readouterr().err
    assert "2 sources: 1 read, 1 in trouble" in said
    assert "failed: A blog whose server is broken" in said


def test_a_run_in_which_none_could_be_reached_points_to_the_demo(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "feeds.toml"
    file.write_text(
        f'[store]\nurl = "sqlite:///{tmp_path}/t.db"\n'
        "[fetch]\nallow_private_addresses = true\n"
        '[[source]]\nname = "gone"\nkind = "feed"\nurl = "http://127.0.0.1:9/feed"\n',
        "utf-8",
    )
    for command in ("fetch", "digest"):
        assert run(["--config", str(file), command]) == 1
        assert "`tracker demo`" in capsys.readouterr().err
    assert run(["--config", str(file), "sources", "check"]) == 1
    assert "failed" in capsys.readouterr().out


def test_an_unknown_source_is_named(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    said = output(filled, capsys, "fetch", "pintrest", code=2)
    assert "no source is called 'pintrest'; see `tracker sources list`" in said


def test_the_list_of_sources_tells_how_each_does(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    found = json.loads(output(filled, capsys, "sources", "list", "--json"))
    by_name = {source["name"]: source for source in found}
    assert by_name["pinterest"]["succeeded"]
    assert by_name["pinterest"]["new"] > 0
    assert by_name["broken"]["outcome"] == "failed"
    assert by_name["bot-check"]["outcome"] == "blocked"
    assert "bot check" in output(filled, capsys, "sources", "list")


def test_a_check_stores_nothing(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    before = output(filled, capsys, "sources", "list", "--json")
    said = output(filled, capsys, "sources", "check", "pinterest", "broken")
    assert [line.split()[0] for line in said.splitlines()] == ["ok", "failed"]
    assert output(filled, capsys, "sources", "list", "--json") == before


def test_a_preview_reads_a_file(
    filled: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "feed.xml"
    file.write_bytes(_FEED)
    words = ["sources", "preview", "feed", str(file)]
    first, second = json.loads(output(filled, capsys, *words, "--json"))
    assert first["title"] == "Ranking & serving"
    assert first["published"] == "2026-11-16T10:00:00Z"
    assert first["authors"] == ["Ada Lovelace"]
    assert first["guid"] == "one"
    assert second["link"] is None
    assert "Ranking & serving" in output(filled, capsys, *words)


def test_a_preview_reads_an_address_and_resolves_its_links(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    with Site({"/feed": (200, {"Content-Type": "text/xml"}, _FEED)}) as site:
        words = ["sources", "preview", "feed", f"{site.url}/feed", "--json"]
        first, _ = json.loads(output(filled, capsys, *words))
        assert first["link"] == f"{site.url}/posts/1?utm_source=rss"


@pytest.mark.parametrize(
    ("kind", "content", "refusal"),
    [
        ("atom", "", (2, "no kind of source is called 'atom'; there is")),
        ("feed", "<html><title>Hi</title></html>", (1, "a web page (Hi) instead of")),
        ("feed", "", (1, "an empty answer instead of a feed")),
        ("arxiv", "Rate exceeded.", (1, "Rate exceeded.")),
        ("feed", None, (2, "No such file")),
    ],
)
def test_what_a_preview_cannot_read_is_one_line(
    filled: Desk,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    kind: str,
    content: str | None,
    refusal: tuple[int, str],
) -> None:
    code, says = refusal
    file = tmp_path / "document"
    if content is not None:
        file.write_text(content, "utf-8")
    said = output(filled, capsys, "sources", "preview", kind, str(file), code=code)
    assert says in said
    assert len(said.splitlines()) == 1
