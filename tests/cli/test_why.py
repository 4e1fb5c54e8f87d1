"""`tracker show --why`: a score as a sum that can be checked, and its evidence."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.cli.conftest import Desk
from tests.cli.test_reading import listed, output
from tests.core.test_digest import KDD, PINS, READER, item, told
from tests.fakes import MONDAY
from tracker.bootstrap.library import Why
from tracker.cli.arithmetic import text
from tracker.core.grounds import grounds
from tracker.core.rank import score
from tracker.core.values import Claim, Item
from tracker.core.weekly import Reason

EXPLORED = "something else"  # said of what a digest adds from elsewhere


def evidence(of: Item) -> dict[str, tuple[str, ...]]:
    wanted = replace(
        READER, job_topics=frozenset({"llm"}), titles={"blog": "A blog", "llm": "LLMs"}
    )
    pick = score(of, wanted, MONDAY)
    return {reason.name: grounds(reason, of, wanted) for reason in pick.reasons}


def test_each_part_says_what_it_rests_on() -> None:
    topics = (
        Claim("recsys", '"recommender" in the title', "blog", weight=0.5),
        Claim("llm", '"GPT" in the text', "blog", weight=0.75),
        Claim("boats", "not followed", "blog"),
    )
    whole = item(
        1,
        topics=topics,
        companies=PINS,
        venues=KDD,
        sources=("blog", "other"),
        signals=told(upvotes="12", citations="3"),
    )
    assert evidence(whole) == {
        "topic": (
            'LLMs: "GPT" in the text (A blog, weight 0.75)',
            'recsys: "recommender" in the title (A blog, weight 0.50)',
            "3 x (0.5 + 0.5 x 0.750) + 1 x 0.500, of their weights",
        ),
        "job": ("both are about LLMs",),
        "company": ("pinterest: published by (A blog)",),
        "venue": ("KDD 2026: listed (kdd, since 2026-11-23)",),
        "sources": ("A blog, other",),
        "upvotes": ("12 (hf)",),
        "citations": ("3 (hf)",),
        "fresh": ("published 2026-11-21 12:00 UTC",),
    }


def test_what_is_included_in_use_or_learnt_says_where_from() -> None:
    liked = Reason("taste", 1.5, 'like "Boats", which you rated 5')
    wanted = replace(
        READER,
        include=("two-tower", "boats"),
        learnt={1: liked},
        hinted=2.0,
        likes=1,
        assumed=0.5,
        rarity={"recsys": 1.25},
    )
    text_ = "Two towers for boats, in an online A/B test."
    of = item(1, "recsys", title="Of two tower models", summary=text_)
    pick = score(of, wanted, MONDAY)
    found = {reason.name: grounds(reason, of, wanted) for reason in pick.reasons}
    assert found["included"] == (
        "in its title: two-tower",
        "in its text: two-tower, boats",
    )
    assert found["topic"][1:] == (
        "3 x (0.5 + 0.5 x 1.000), of their weights",
        "times 1.25, by how rare the first of them is in its week",
        "times 0.5, as what was learnt tells its words, too",
        "times 0.5, by how far your marks bear it out",
    )
    points = {reason.name: reason.points for reason in pick.reasons}
    assert points["topic"] == round(3 * (0.5 + 0.5) * 1.25 * 0.5 * 0.5, 3)
    assert "3.5, and 1 for each further kind of evidence" in found["in use"]
    assert 'test: "online A/B test"' in found["in use"]
    rated = "learnt from what you rated, kept to read, and put away"
    assert found["taste"] == (f"{rated}, and from works on your topics",)
    assert grounds(liked, of, replace(wanted, hinted=0)) == (rated,)
    (without,) = grounds(liked, of, replace(wanted, likes=0))
    assert without == "learnt from works on your topics, as you liked none so far"


def test_a_long_line_of_evidence_is_wrapped_under_its_part() -> None:
    claim = Claim("recsys", "word " * 60, "blog")
    pick = score(item(1, topics=(claim,)), READER, MONDAY)
    parts = [(r, grounds(r, pick.item, READER)) for r in pick.reasons]
    lines = text(Why("ada", MONDAY, pick, parts, "it is withdrawn")).splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[-1] == "no digest shows it: it is withdrawn"


def test_the_points_that_are_printed_sum_up_to_the_score(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    first = str(listed(filled, capsys, "list", "--company", "pinterest")[0]["id"])
    said = output(filled, capsys, "show", first, "--why")
    points = [float(n) for n in re.findall(r"^ +(-?\d+\.\d{3})  ", said, re.MULTILINE)]
    assert len(points) >= 3
    assert sum(points[:-1]) == pytest.approx(points[-1])
    assert "in all" in said
    assert "from Pinterest, which you follow" in said
    why: dict[str, Any] = json.loads(
        output(filled, capsys, "show", first, "--why", "--json")
    )["why"]
    assert [part["points"] for part in why["parts"]] == points[:-1]
    assert why["score"] == points[-1]
    assert why["reader"] == "you"
    assert all(part["evidence"] for part in why["parts"] if part["name"] == "company")


def test_a_score_is_the_digests_to_the_last_digit_and_word(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("digest", "--no-fetch", "--format", "json")
    sections = json.loads(output(filled, capsys, *words))["sections"]
    items = [item for section in sections for item in section["items"]][:12]
    for one in items:
        shown = output(filled, capsys, "show", str(one["id"]), "--why", "--json")
        why = json.loads(shown)["why"]
        assert why["kept_out"] is None
        assert (why["score"], [part["words"] for part in why["parts"]]) == (
            one["score"],
            [words for words in one["reasons"] if not words.startswith(EXPLORED)],
        )


def test_what_was_read_or_refused_is_kept_out(
    own: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    (first, second, third, *_) = listed(own, capsys, "list", "--company", "pinterest")
    for of, state, why in (
        (first, "read", "you read it"),
        (second, "not-for-me", "it is not for you"),
    ):
        output(own, capsys, "mark", str(of["id"]), state)
        said = output(own, capsys, "show", str(of["id"]), "--why")
        assert f"no digest shows it: {why}" in said
    gone = str(third["id"])
    output(own, capsys, "delete", gone)
    said = output(own, capsys, "show", gone, "--why")
    assert "no digest shows it: you deleted it" in said


def test_what_is_kept_out_says_why(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    found = listed(filled, capsys, "list", "--limit", "500")
    number = next(str(i["id"]) for i in found if "Attention" in i["title"])
    text_ = filled.config.read_text("utf-8")
    own = filled.config.with_name("excluding.toml")
    own.write_text(
        text_.replace(
            'name = "you"', 'name = "you"\nexclude = ["attention", "no such word"]'
        ),
        "utf-8",
    )
    said = output(replace(filled, config=own), capsys, "show", number, "--why")
    assert "no digest shows it: it has a word of exclude: attention" in said


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(hours=11), "published today"),
        (timedelta(hours=13), "published yesterday"),
        (timedelta(hours=-5), "published today"),
        (timedelta(days=-40), None),
    ],
)
def test_days_are_those_of_the_calendar(ago: timedelta, words: str | None) -> None:
    pick = score(item(1, published=MONDAY - ago), READER, MONDAY)
    said = [one.words for one in pick.reasons if one.name == "fresh"]
    assert said == ([words] if words else [])


def test_a_small_factor_is_printed_with_all_its_digits() -> None:
    beside = replace(READER, assumed=1 / 13)
    said = grounds(Reason("in use", 1.0, "in use"), item(1), beside)
    assert any(line.startswith("times 0.076923,") for line in said)
