"""Seeded histories of a whole hub under trouble: every promise holds in each, and each can be played again."""

import subprocess
import sys

import pytest

from tests.simulation.expected import missing
from tests.simulation.many import Tally, many, one
from tests.simulation.run import run

SOME = 20
CI = 300


def test_some_histories_keep_every_promise() -> None:
    tally = Tally()
    for piece in many(0, SOME, jobs=1):
        tally.add(piece)

    assert tally.failures == []
    assert tally.counts["order", "201"] > SOME


@pytest.mark.simulation
@pytest.mark.timeout(1_800)
def test_hundreds_of_histories_keep_every_promise_and_cover_all_that_can_happen() -> None:
    tally = Tally()
    for piece in many(SOME, CI, jobs=2):
        tally.add(piece)

    assert tally.failures == []
    assert tally.seeds == CI
    assert missing(tally.counts) == []


def test_the_same_seed_plays_the_same_history() -> None:
    first, second = run(7), run(7)

    assert first.notes.story == second.notes.story
    assert first.notes.counts == second.notes.counts


def test_a_history_is_the_same_in_every_process() -> None:
    command = [sys.executable, "-m", "tests.simulation", "--seed", "11", "--story"]
    told = [
        subprocess.run(command, env={"PYTHONHASHSEED": number}, capture_output=True, text=True, check=True).stdout
        for number in ("1", "2")
    ]

    assert told[0] == told[1]
    assert told[0].endswith("Seed 11: every promise held\n")


def test_what_is_covered_is_missed_where_it_is_not() -> None:
    found = missing(one(7).counts)

    assert "step: settle" not in found
    assert "end of order: refused: no_answer_in_time" in found
