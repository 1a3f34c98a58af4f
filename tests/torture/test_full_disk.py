"""A hub on a small disk that fills up, and is freed again."""

import json
import subprocess
from pathlib import Path

import pytest

from deploy.hub.layout import CHECKOUT
from tests.torture.full_disk import command

pytestmark = [pytest.mark.servers]


@pytest.mark.timeout(420)
def test_on_a_full_disk_requests_are_put_off_clearly_and_the_hub_recovers_by_itself(tmp_path: Path) -> None:
    run = subprocess.run(
        command(tmp_path / "disk"), capture_output=True, text=True, check=False, cwd=CHECKOUT, timeout=400
    )

    assert run.returncode == 0, run.stderr[-2_000:]
    seen = json.loads(run.stdout.splitlines()[-1])
    problem = {"status": 503, "type": "application/problem+json", "retry_after": "2", "code": "try_again"}
    assert seen["refusal"] == problem
    assert set(seen["ready"]) == {503}
    assert "MB left. Make room" in seen["status"]
    assert seen["breaches"] == []
    assert {"order", "claim"} <= seen["acknowledged"].keys()
