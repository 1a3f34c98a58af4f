"""The broker is gone for longer than any of its clients waits."""

from pathlib import Path

import pytest

from tests.torture.hub import torture_hub
from tests.torture.outage import outage
from tests.torture.trial import prepare, settle

pytestmark = [
    pytest.mark.servers,
    # The supervisor is meant to outlive the call that starts it.
    pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning"),
]

GONE_S = 60.0


@pytest.mark.timeout(420)
def test_without_the_broker_orders_are_taken_and_flow_on_when_it_is_back(tmp_path: Path) -> None:
    with torture_hub(tmp_path / "var", print) as hub:
        trial = prepare(hub, tmp_path, 2, print)
        seen = outage(trial, GONE_S)
        outcome = settle(trial)
        trial.line.http.close()

    assert seen.taken > 0
    assert seen.waiting > 0
    assert (seen.disturbed, seen.unready) == (0, 0)
    assert seen.killed == ()
    assert seen.waited == ("producers-worker", "orders-worker", "logistics-worker")
    assert list(outcome.breaches) == []
