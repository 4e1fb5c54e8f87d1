"""The hostile corpus is played once; each case is held to what it must come to."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.hostile import playing
from tests.hostile.__main__ import report
from tests.hostile.case import FAILED, OK, Case, document, item, rss
from tests.hostile.files import CASES as FILES
from tests.hostile.files import FileCase
from tests.hostile.playing import CASES, GOOD, HONEST, Result
from tests.hostile.weighed import Measures, weighing

FEWEST = 120
NAMES = [case.name for case in (*CASES, HONEST, GOOD)]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    played = playing.play(CASES, tmp_path_factory.mktemp("hostile"))
    return {result.name: result for result in played}


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_source_comes_to_what_it_must(
    results: dict[str, Result], name: str
) -> None:
    assert results[name].faults == ()


@pytest.mark.parametrize("case", FILES, ids=lambda case: case.name)
def test_a_hostile_file_is_refused_in_plain_lines(
    tmp_path: Path, case: FileCase
) -> None:
    assert playing.refuse(case, tmp_path).faults == ()


def test_the_process_that_collects_it_all_stays_small(
    results: dict[str, Result],
) -> None:
    collector = results[playing.COLLECTOR]
    assert collector.faults == ()
    assert collector.reading is not None
    assert collector.reading.grown > 0


def test_a_process_that_grows_beyond_its_bound_is_at_fault() -> None:
    with weighing() as taken:
        held = [b"x" * 30_000_000]
        took = taken()
        assert len(held) == 1
    assert 25_000_000 <= took.grown < 60_000_000  # pages that were free count not
    assert playing.collector(took).faults == ()
    grown = replace(took, grown=playing.COLLECTING + 1)
    assert playing.collector(grown).faults == ("grew by 600 MB",)


def test_the_corpus_is_large_and_its_cases_have_names_of_their_own() -> None:
    names = [*NAMES, *(case.name for case in FILES)]
    assert len(set(names)) == len(names)
    assert len(names) >= FEWEST


def test_a_source_that_comes_to_something_else_is_at_fault(tmp_path: Path) -> None:
    feed = document(rss(item()))
    cases = [
        Case("other-outcome", feed, FAILED),
        Case("other-words", (500, {}, b""), FAILED, "404"),
        Case("other-items", feed, OK, titles=("Another post",)),
        Case("as-it-must", feed, OK, titles=("A post",)),
    ]
    results = playing.play(cases, tmp_path)
    faulty = [result.name for result in results if result.faults]
    assert faulty == ["other-outcome", "other-words", "other-items"]


def test_a_report_names_what_is_at_fault_and_the_worst() -> None:
    bad = Result("bad", 99.0, None, ("stored a script",))
    large = Result("large", 1.0, Measures(2.0, 300_000_000, 1), ())
    after = Result("after", 1.0, Measures(1.0, 300_000_000, 0), ())
    collector = playing.collector(Measures(1.0, 400_000_000, 90_000_000))
    lines = report([after, bad, large, collector])
    assert lines[0] == "bad: stored a script"
    assert lines[1:3] == ["cases         3", "survivors     2"]
    assert lines[3].startswith("worst time    99.0 s, bad")
    assert lines[4].startswith("worst memory  300 MB of a reading process, large")
    assert lines[5].strip().startswith("90 MB more in the collecting process, 8 at")
