"""A sample of `make faults`: no digest is lost, none is doubled."""

import pytest

from tests.faults.cases import MONDAY, Case, cases, runs
from tests.faults.crowd import measured
from tests.faults.playing import Stage
from tests.faults.sender import Round
from tests.faults.server import Fault


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return Stage(tmp_path_factory.mktemp("faults"))


def test_a_sender_killed_at_some_line_leaves_every_reader_the_digest_once(
    stage: Stage,
) -> None:
    # Evenly spread; `make faults` dies at 600 of them.
    swept = [case for case in runs(20, stage.lines) if case.name == "killed"]
    assert len(swept) == 12
    verdicts = [stage.play(case) for case in swept]
    assert [verdict for verdict in verdicts if not verdict.is_good] == []
    assert sum(verdict.unsure for verdict in verdicts) == 0


@pytest.mark.parametrize("case", cases()[::4], ids=lambda case: case.name)
def test_a_fault_leaves_every_reader_the_digest_once(stage: Stage, case: Case) -> None:
    verdict = stage.play(case)
    assert verdict.is_good, verdict
    assert verdict.refused == len(case.refused)


def test_a_sender_killed_after_the_server_took_a_message_repeats_it(
    stage: Stage,
) -> None:
    assert stage.play(Case("", (Fault("end", "take and kill"),))).repeated == 1
    assert stage.play(Case("", (Fault("end", "kill"),))).repeated == 0


def test_a_message_taken_twice_without_an_answer_is_told_and_not_sent_again(
    stage: Stage,
) -> None:
    verdict = stage.play(Case("", (Fault("end", "take and drop", times=9),)))
    assert verdict.repeated == 2
    assert verdict.is_good
    verdict = stage.play(Case("", (Fault("end", "drop", times=9),)))
    assert verdict.unsure == 2


def test_the_harness_sees_a_digest_that_is_lost(stage: Stage) -> None:
    never = Case("", (Fault("rcpt", "550 no", times=99),), (Round(MONDAY),))
    assert stage.play(never).lost == 2


def test_many_readers_each_have_it_once_though_the_sender_died_on_the_way() -> None:
    assert measured(20).copies == {1: 20}
