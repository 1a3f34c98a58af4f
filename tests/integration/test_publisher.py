"""The publisher on a real broker, when its connection has failed it."""

import pytest

from shared.bus.kafka import KafkaPublisher
from shared.bus.port import Parcel
from shared.bus.topics import counts
from shared.errors import BusUnavailableError
from tests.servers import free_ports

pytestmark = [pytest.mark.servers]

PARCEL = Parcel(topic="jobs.dlq", key="order-1", value=b"{}")


def test_a_producer_that_failed_is_replaced_so_that_the_next_try_goes_through(kafka_bootstrap: str) -> None:
    publisher = KafkaPublisher(kafka_bootstrap)
    before = counts(kafka_bootstrap, ["jobs.dlq"])["jobs.dlq"]
    publisher._producer.close()

    with pytest.raises(BusUnavailableError):
        publisher.publish([PARCEL])
    publisher.publish([PARCEL])
    publisher.close()

    assert counts(kafka_bootstrap, ["jobs.dlq"])["jobs.dlq"] == before + 1


def test_closing_with_the_broker_gone_is_no_trouble(kafka_bootstrap: str) -> None:
    publisher = KafkaPublisher(kafka_bootstrap)
    publisher._where = f"127.0.0.1:{free_ports(1)[0]}"
    publisher._producer.close()

    for _ in range(2):
        with pytest.raises(BusUnavailableError):
            publisher.publish([PARCEL])
    publisher.close()
