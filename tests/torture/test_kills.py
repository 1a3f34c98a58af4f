"""The programs of a whole hub are killed under load; `python -m tests.torture` does it for longer."""

from pathlib import Path

import pytest

from tests.torture.hub import torture_hub
from tests.torture.trial import kill_under_load, prepare, settle

pytestmark = [
    pytest.mark.servers,
    # The supervisor is meant to outlive the call that starts it.
    pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning"),
]

KILLS = 24


@pytest.mark.timeout(420)
def test_what_was_acknowledged_under_kills_is_there_once_and_the_invariants_hold(tmp_path: Path) -> None:
    with torture_hub(tmp_path / "var", print) as hub:
        trial = prepare(hub, tmp_path, 5, print)
        killer = kill_under_load(trial, KILLS, pace=1.5)
        outcome = settle(trial)
        trial.line.http.close()

    assert list(outcome.breaches) == []
    assert killer.killed.total() >= KILLS
    assert {"web", "kafka", "database"} <= killer.killed.keys()
    assert {"order", "cancel", "claim", "start", "done"} <= outcome.asked.keys()
