"""What the shipped topics are worth on outside lists: the table that tells it."""

import json
import lzma
from pathlib import Path

import pytest

from tracker import config
from tracker.config import places

pytest.importorskip("sklearn")

from training import corpus, outside

TOPICS = config.load(str(places.shipped_config_file())).topics
EACH = [*corpus.AGAINST, "macro"]
MORE = "It is told at length, so that it is more than a line below a title. " * 3


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records of works that outside lists name, each with an abstract of ours."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "arxiv").mkdir()
    each = corpus._outside("held-out", corpus.RECORDED)
    with lzma.open(folder / "arxiv/papers.jsonl.xz", "wt", encoding="utf-8") as file:
        for row in each:
            abstract = f"We write of {row['label'].replace(';', ' and ')}. {MORE}"
            paper = {"title": row["title"], "abstract": abstract}
            file.write(json.dumps(paper) + "\n")
        file.write(json.dumps({"title": "On none of these", "abstract": "Short."}))
    return folder


@pytest.mark.parametrize("file", [corpus.OUTSIDE, corpus.RECORDED])
def test_a_list_is_for_looking_at_or_held_out(file: Path) -> None:
    held, looked_at = (
        {row["file"] for row in corpus._outside(part, file)}
        for part in ("held-out", "tuned")
    )
    assert held
    assert looked_at
    assert not held & looked_at


def test_what_is_recorded_of_a_list_has_its_abstract_and_label(data: Path) -> None:
    some = [one for one in corpus.held_out(data, TOPICS) if one.work.has_text]
    assert len(some) == len(corpus._outside("held-out", corpus.RECORDED))
    assert all(one.text.startswith("We write of ") for one in some)
    search = [one for one in some if "ranking" in one.text]
    assert search
    assert all(one.targets["ranking"] == 1 for one in search)


def test_titles_and_works_with_a_text_have_a_row_for_each_topic(data: Path) -> None:
    examples = corpus.held_out(data, TOPICS)
    seen, unseen = examples[::2], examples[1::2]
    found = outside.rows(seen, unseen, TOPICS)
    assert [row[:2] for row in found] == [
        (view, topic) for view in ("titles", "abstracts") for topic in EACH
    ]
    assert all(len(row) == len(outside.HEADING) for row in found)
    table = {row[1]: row for row in found if row[0] == "titles"}
    titles = [one for one in unseen if not one.work.has_text]
    positives = sum(one.targets["recsys"] == 1 for one in titles)
    assert table["recsys"][2] == str(positives)
    assert float(table["recsys"][5]) > float(table["recsys"][7]) > 0
