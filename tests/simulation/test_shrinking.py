"""A history that fails is made short, stays a failure of the same promise, and is printed so that it replays."""

import pytest

from tests.simulation.bugs import BUGS
from tests.simulation.history import history, only
from tests.simulation.report import failure
from tests.simulation.run import Outcome, run
from tests.simulation.shrink import shrunk
from tests.simulation.test_planted_bugs import found_by

BUG = next(bug for bug in BUGS if bug.name == "a refused order keeps its stock")


@pytest.fixture(scope="module")
def failed() -> Outcome:
    outcome = found_by(BUG)
    assert outcome is not None
    return outcome


@pytest.fixture(scope="module")
def short(failed: Outcome) -> Outcome:
    return shrunk(failed, BUG)


def test_a_failure_is_shrunk_to_a_few_steps_of_itself(failed: Outcome, short: Outcome) -> None:
    assert len(short.steps) < len(failed.steps) / 2
    assert set(short.steps) <= set(history(failed.seed))
    assert short.breach is not None
    assert failed.breach is not None
    assert short.breach.rule == failed.breach.rule


def test_a_shrunk_failure_replays_the_same(short: Outcome) -> None:
    again = run(short.seed, only(short.seed, [step.number for step in short.steps]), BUG)

    assert again.breach == short.breach
    assert again.notes.story == short.notes.story


def test_no_step_of_it_can_be_left_out(short: Outcome) -> None:
    for step in short.steps:
        rest = [each for each in short.steps if each is not step]
        outcome = run(short.seed, rest, BUG)

        assert outcome.breach is None or (short.breach is not None and outcome.breach.rule != short.breach.rule)


def test_a_failure_is_printed_with_the_command_that_replays_it(failed: Outcome, short: Outcome) -> None:
    text = failure(failed, short)
    numbers = ",".join(str(step.number) for step in short.steps)

    assert text.endswith(f"Replay: make simulate SEED={failed.seed} ONLY={numbers}")
    assert "1_stock_comes_back" in text
    assert len(text.splitlines()) < 25


def test_what_did_not_fail_is_not_shrunk() -> None:
    with pytest.raises(ValueError, match="Nothing failed"):
        shrunk(run(1))
