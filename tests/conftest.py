"""Fixtures that several suites use. Servers start once a run, and only where a test asks for one."""

from collections.abc import Iterator

import pytest

from tests import servers


@pytest.fixture(scope="session")
def database_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with servers.database_server(tmp_path_factory.mktemp("database") / "secantus") as uri:
        yield uri


@pytest.fixture(scope="session")
def kafka_bootstrap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with servers.kafka_server(tmp_path_factory.mktemp("broker") / "kafka") as bootstrap:
        yield bootstrap
