"""The hub that is robbed, made once a file: whoever spoils it restores it."""

import logging
from collections.abc import Iterator

import pytest
import structlog

from tests.security.prey import Prey, make_prey


@pytest.fixture(scope="module")
def prey() -> Iterator[Prey]:
    """Thousands of requests: their log lines would be most of the work."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    yield make_prey()
    structlog.configure(**before)
