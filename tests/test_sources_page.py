"""docs/sources.md: whole, and its example of a new kind is true."""

import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources import test_contract as contract
from tracker import sources
from tracker.config.schema import SourceTable
from tracker.core.values import Outcome

PAGE = (Path(__file__).parents[1] / "docs/sources.md").read_text("utf-8")
NEW = "daily_papers"
EXAMPLE = """[
  {"paper": {"id": "1706.03762", "title": "Attention <b>Is</b> All You Need",
             "summary": "Our own words.", "publishedAt": "2017-06-12T17:57:34.000Z"}},
  {"paper": {"id": "2210.00001v2", "title": "Another",
             "publishedAt": "2022-10-01T00:00:00+02:00"}}
]"""


@pytest.fixture
def new_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The page's example beside the kinds that are there, with an example document."""
    code = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert code
    (tmp_path / f"{NEW}.py").write_text(code[1], "utf-8")
    (tmp_path / f"{NEW}.json").write_text(EXAMPLE, "utf-8")
    monkeypatch.setattr(sources, "__path__", [*sources.__path__, str(tmp_path)])
    monkeypatch.setattr(contract, "EXAMPLES", tmp_path)
    sources.load.cache_clear()
    yield NEW
    sources.load.cache_clear()
    sys.modules.pop(f"{sources.__name__}.{NEW}", None)
    delattr(sources, NEW)


def test_the_example_is_a_kind_by_being_there(new_kind: str) -> None:
    assert new_kind in sources.kinds()
    first, second = contract.entries(new_kind)
    assert (first.title, first.ids) == (
        "Attention Is All You Need",
        ("arxiv:1706.03762",),
    )
    assert second.ids == ("arxiv:2210.00001",)


def test_the_example_keeps_the_contract_of_all_kinds(new_kind: str) -> None:
    every = contract.TestEveryKind()
    for name, check in inspect.getmembers(every, inspect.ismethod):
        if name == "test_refuses_what_is_no_document_of_its_kind":
            for body in (b"", b"null", b"[]", b"{}", b"<a/>"):
                check(new_kind, body)
        else:
            check(new_kind)


@pytest.mark.parametrize("kind", sources.kinds())
def test_the_page_tells_every_option_of_a_kind(kind: str) -> None:
    part = PAGE.partition(f"### `{kind}`")[2].partition("\n##")[0]
    for option in sources.load(kind).model_fields:
        assert f"| `{option}` |" in part, option


def test_the_page_tells_every_common_key_and_outcome() -> None:
    for key in set(SourceTable.model_fields) - {"name", "kind"}:
        assert f"| `{key}` |" in PAGE
    for outcome in Outcome:
        assert f"| `{outcome}` |" in PAGE
