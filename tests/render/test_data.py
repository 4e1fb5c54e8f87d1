"""A digest as JSON, and the document that promises what it holds."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.render import example
from tests.render.example import digest, item, pick, titled
from tracker.core.values import Claim, ItemKind, Outcome
from tracker.core.weekly import Section
from tracker.render.data import data, json_text

_DOCUMENT = Path(__file__).parents[2] / "docs" / "digest-json.md"
_TYPES: dict[str, type] = {
    "string": str,
    "integer": int,
    "number": float,
    "list": list,
    "object": dict,
    "boolean": bool,
}
_ROW = re.compile(r"^\| `(\w+)` \| (\w+) \| (no|yes) \|(.*)\|$", re.MULTILINE)


def _promises() -> dict[str, dict[str, tuple[str, bool, str]]]:
    """Return each object's keys in order with type, nullability and description."""
    parts = re.split(r"^## ", _DOCUMENT.read_text("utf-8"), flags=re.MULTILINE)
    return {
        part.split("\n", 1)[0]: {
            key: (kind, null == "yes", words)
            for key, kind, null, words in _ROW.findall(part)
        }
        for part in parts
        if _ROW.search(part)
    }


_OBJECTS = ["Digest", "Section", "Item", "Source", "Trend", "Waiting", "Kept"]


def _objects(name: str) -> list[dict[str, Any]]:
    made = data(example.week())
    sections = made["sections"]
    found: dict[str, list[dict[str, Any]]] = {
        "Digest": [made],
        "Section": sections,
        "Item": [one for section in sections for one in section["items"]],
        "Source": made["sources"],
        "Trend": made["trends"],
        "Waiting": [made["waiting"]],
        "Kept": made["waiting"]["longest"],
    }
    return found[name]


@pytest.mark.parametrize("name", _OBJECTS)
def test_an_object_has_exactly_the_keys_that_are_documented(name: str) -> None:
    for made in _objects(name):
        assert list(made) == list(_promises()[name])


@pytest.mark.parametrize("name", _OBJECTS)
def test_values_are_of_the_types_that_are_documented(name: str) -> None:
    for made in _objects(name):
        for key, (kind, may_be_null, words) in _promises()[name].items():
            if made[key] is None:
                assert may_be_null, key
                continue
            assert isinstance(made[key], _TYPES[kind]), key
            if "strings:" in words:
                assert all(isinstance(one, str) for one in made[key])


def test_what_may_be_null_is_null_in_the_example() -> None:
    nullable = {key for key, row in _promises()["Item"].items() if row[1]}
    found = {key for one in _objects("Item") for key in one if one[key] is None}
    assert found == nullable


def test_the_document_names_every_kind_and_outcome() -> None:
    promised = _promises()
    for kind in ItemKind:
        assert f"`{kind}`" in promised["Item"]["kind"][2]
    for outcome in Outcome:
        assert f"`{outcome}`" in promised["Source"]["outcome"][2]


def test_moments_are_utc_to_the_second() -> None:
    first = _objects("Item")[0]
    assert first["first_seen"] == "2026-11-18T06:30:00Z"
    assert first["published"] == "2026-11-16T18:00:00Z"


def test_titles_stay_as_their_source_wrote_them() -> None:
    assert _objects("Item")[1]["title"].startswith(r"$\beta$-Cache")


@pytest.mark.parametrize("title", ["\x1b[31mred\x9b1m", "half \ud800 pair", "a\u2028b"])
def test_any_text_comes_back_and_obeys_no_terminal(title: str) -> None:
    text = json_text(titled(title))
    text.encode("utf-8")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028]", text)
    assert json.loads(text)["sections"][0]["items"][0]["title"] == title


def test_an_empty_week_has_its_keys() -> None:
    made = data(example.empty())
    assert made["sections"] == []
    assert [one["new"] for one in made["sources"]] == [0, 0, 0]


def test_the_last_venue_stands_for_all() -> None:
    venues = (Claim("ICLR 2026", "a", "s"), Claim("KDD 2026", "b", "s"))
    made = digest(Section("top", "Read first", (pick(item(venues=venues)),)))
    assert data(made)["sections"][0]["items"][0]["venue"] == "KDD 2026"
