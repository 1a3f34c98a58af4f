"""Quiet logs, since these tests ask a lot; and long runs: `pytest tests/fuzz --hypothesis-profile=long --timeout=0`."""

from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings

from shared import log
from tests.fuzz.effort import LONG

settings.register_profile(LONG, deadline=None, database=None)


@pytest.fixture(scope="package", autouse=True)
def quiet() -> Iterator[None]:
    before = structlog.get_config()
    log.configure("fuzz", "CRITICAL")
    yield
    structlog.configure(**before)
