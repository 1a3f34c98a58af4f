"""The simulator can fail: mistakes that somebody could make are planted in its wiring, and it finds each."""

import pytest

from tests.simulation.bugs import BUGS
from tests.simulation.bugs.plant import Bug
from tests.simulation.run import Outcome, run

ENOUGH = 150
PROMISES = ("1_", "2_", "3_", "4_", "5_", "6_", "7_", "copies_")


def found_by(bug: Bug) -> Outcome | None:
    """The first history that breaks what this bug breaks."""
    outcomes = (run(seed, bug=bug) for seed in range(ENOUGH))
    return next((each for each in outcomes if each.breach and each.breach.rule in bug.breaks), None)


@pytest.mark.simulation
@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_the_simulator_finds_it(bug: Bug, record_property: pytest.FixtureRequest) -> None:
    outcome = found_by(bug)

    assert outcome is not None, f"Not found in {ENOUGH} seeds: {bug.name}"
    record_property("seed", outcome.seed)  # type: ignore[operator]  # pytest's own callable


@pytest.mark.parametrize("promise", PROMISES)
def test_every_promise_has_a_bug_that_breaks_it(promise: str) -> None:
    assert [bug.name for bug in BUGS if any(rule.startswith(promise) for rule in bug.breaks)]
