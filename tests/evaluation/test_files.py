"""Labelled files: both forms read alike, and broken ones named by line."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.evaluation.lists import rows as rows_of
from tests.evaluation.lists import settings
from tracker.errors import UsageError
from tracker.evaluation import companies, duplicates, ranking, topics
from tracker.evaluation.files import rows, write


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "labelled"


def test_json_lines_and_tsv_say_the_same(file: Path) -> None:
    file.write_text('{"title": "A", "label": ["llm", "genai"]}\n\n', "utf-8")
    (spoken,) = rows(file, ["title"])
    file.write_text("title\tlabel\r\nA\tllm; genai\r\n", "utf-8")
    (tabled,) = rows(file, ["title"])
    for row in (spoken, tabled):
        assert row.text("title") == "A"
        assert row.texts("label") == ("llm", "genai")
        assert row.text("abstract") == ""
        assert row.id(4) == 4


def test_quotes_count_where_a_program_put_them_and_not_where_an_author_did(
    file: Path,
) -> None:
    text = 'title\tlabel\n"Say ""hi"""\tnone\n"Unclosed: a study\tnone\n'
    file.write_text(text, "utf-8")
    quoted, bare = rows(file, ["title"])
    assert quoted.text("title") == 'Say "hi"'
    assert bare.text("title") == '"Unclosed: a study'


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "has no rows"),
        (b"\n \n", "has no rows"),
        (b"title\tlabel\n", "has no rows"),
        (b'{"title": "A"}\n' * 6 + b'{"title": \n', "line 7: not JSON"),
        (b'{"title": "A"}\n[1]\n', "line 2: not a JSON object"),
        (b'[{"title": "A"}]', "line 1: not a JSON object"),
        (b"[" * 100_000, "line 1: not JSON"),
        (b'{"label": "llm"}\n', 'line 1: no "title"'),
        (b"label\tname\nllm\tA\n", 'line 2: no "title"'),
        (b"title\tlabel\nA\tllm\nB\n", "line 3: 1 columns, where the heading has 2"),
        (b"title\tlabel\nA\tll\0m\n", "line 2: binary"),
        (b"title\nA\n\x89PNG\xff\n", "line 3: not UTF-8"),
    ],
)
def test_a_broken_file_is_named_with_its_line(
    file: Path, body: bytes, said: str
) -> None:
    file.write_bytes(body)
    with pytest.raises(UsageError) as failed:
        rows(file, ["title"])
    assert str(file) in str(failed.value)
    assert said in str(failed.value)
    assert "\n" not in str(failed.value)


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        rows(tmp_path / "none", [])
    with pytest.raises(UsageError, match="directory"):
        rows(tmp_path, [])


def test_a_column_of_the_wrong_type_is_told_with_its_line(file: Path) -> None:
    file.write_text('{"title": 3, "label": [1], "day": "soon", "id": 1.5}', "utf-8")
    (row,) = rows(file, [])
    with pytest.raises(UsageError, match='line 1: "title" is 3, not a text'):
        row.text("title")
    with pytest.raises(UsageError, match="not a list of texts"):
        row.texts("label")
    with pytest.raises(UsageError, match="not a date"):
        row.moment("day")
    with pytest.raises(UsageError, match="whole number"):
        row.id(0)


def test_predictions_are_a_line_each_in_plain_ascii(file: Path) -> None:
    write(file, [{"id": "\u00fc"}, {"id": "\ud800"}])
    assert file.read_text("ascii") == '{"id": "\\u00fc"}\n{"id": "\\ud800"}\n'
    with pytest.raises(UsageError):
        write(file / "below", [])


@pytest.mark.parametrize(
    "odd", ["http://[bad", "http://a:port/", "http://\u2100.example/", "::::", "x y"]
)
def test_what_is_no_address_is_judged_as_a_row_without_one(odd: str) -> None:
    row = {"title": "Recommending", "label": "recsys", "companies": []}
    row |= {"kind": "hard", "same": "0", "title_a": "One", "title_b": "Another"}
    row |= {"id": "1", "first_listed": "2026-11-01", "affiliations": []}
    names = ("url", "url_a", "url_b")
    stated, none = rows_of(row | dict.fromkeys(names, odd)), rows_of(row)
    split = datetime(2026, 11, 5, tzinfo=UTC)
    for measured in (
        lambda some: topics.measure(some, settings(), complete=True),
        lambda some: companies.measure(some, settings()),
        lambda some: ranking.measure(some, settings(), some, split),
        duplicates.measure,
    ):
        assert measured(stated) == measured(none)
