"""Each service's API, read from its own document, asked by everybody, with all that schemathesis can think of."""

from collections import Counter
from typing import Any

import pytest
from schemathesis.engine import events, from_schema

from tests.contract.doors import NOUNS
from tests.contract.world import World, make_world
from tests.fuzz.api import Effort, api_of, may_answer
from tests.fuzz.checks import is_a_failure
from tests.fuzz.effort import many
from tests.fuzz.whole import faults

pytestmark = pytest.mark.fuzz

MAIN = ("own", "operator")
KEPT_OUT = ("nobody", "garbage", "stranger", "revoked", "suspended", "waiting")


class Run:
    """What one run of schemathesis found and reached."""

    def __init__(self, schema: Any) -> None:
        self.failures: dict[tuple[str, str], str] = {}
        self.reached: set[str] = set()
        self.answers: Counter[int] = Counter()
        schema.hook("filter_failure")(is_a_failure)
        for event in from_schema(schema).execute():
            self._take(event)

    def report(self) -> str:
        """What failed, and how to repeat it."""
        return "\n\n".join(f"{where} {check}\n{said}" for (where, check), said in sorted(self.failures.items()))

    def _take(self, event: Any) -> None:
        if isinstance(event, events.NonFatalError):
            self.failures["error", event.label] = str(event.value)
        elif isinstance(event, events.FatalError):
            raise event.exception
        elif isinstance(event, events.ScenarioFinished):
            self._look(event.recorder)

    def _look(self, recorder: Any) -> None:
        answered = {id_: each.response for id_, each in recorder.interactions.items() if each.response is not None}
        for id_, response in answered.items():
            self.answers[response.status_code] += 1
            if response.status_code < 300:
                self.reached.add(recorder.cases[id_].value.operation.label)
        for id_, checks in recorder.checks.items():
            failed = [check for check in checks if check.failure_info is not None]
            for check in failed:
                said = (check.failure_info.failure.message, check.failure_info.code_sample, answered[id_].content)
                self.failures.setdefault((recorder.label, check.name), "\n".join(map(str, said)))


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.mark.parametrize("role", MAIN)
@pytest.mark.parametrize("service", NOUNS)
def test_who_gets_in_meets_no_fault_and_everything_is_reached(world: World, service: str, role: str) -> None:
    run = Run(api_of(world, service, role, Effort(examples=many(10))))

    assert run.report() == ""
    assert may_answer(service, role) - run.reached == set()
    assert faults(world.chain) == []


@pytest.mark.parametrize("role", KEPT_OUT)
@pytest.mark.parametrize("service", NOUNS)
def test_who_is_kept_out_meets_no_fault_and_reaches_only_what_is_everybodys(
    world: World, service: str, role: str
) -> None:
    effort = Effort(phases=("fuzzing",), examples=many(4))

    run = Run(api_of(world, service, role, effort))

    assert run.report() == ""
    assert run.reached <= may_answer(service, role)
    assert faults(world.chain) == []
