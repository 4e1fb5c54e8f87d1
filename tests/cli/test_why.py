"""`tracker show --why`: a score as a sum that can be checked, and its evidence."""

import json
import re
from dataclasses import replace
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
        "times 1.25, by how rare the first of them is in its week",
        "times 0.50, as what was learnt tells its words, too",
        "times 0.50, by how far your marks bear it out",
    )
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
    assert len(points) > 3
    assert sum(points[:-1]) == pytest.approx(points[-1])
    assert "in all" in said
    assert "from Pinterest, which you follow" in said
    why: dict[str, Any] = json.loads(
        output(filled, capsys, "show", first, "--why", "--json")
    )["why"]
    assert [part["points"] for part in why["parts"]] == points[:-1]
    assert why["score"] == points[-1]
    assert (why["reader"], why["kept_out"]) == ("you", None)
    assert all(part["evidence"] for part in why["parts"] if part["name"] == "company")


def test_what_is_kept_out_says_why(
    filled: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    found = listed(filled, capsys, "list", "--limit", "500")
    number = next(str(i["id"]) for i in found if "Attention" in i["title"])
    text_ = filled.config.read_text("utf-8")
    own = filled.config.with_name("excluding.toml")
    own.write_text(
        text_.replace('name = "you"', 'name = "you"\nexclude = ["attention"]'), "utf-8"
    )
    said = output(replace(filled, config=own), capsys, "show", number, "--why")
    assert "no digest shows it: it has a word of exclude: attention" in said
