"""Whether a hub has nothing left to do: all is published, and every group has read and written all of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from kafka import TopicPartition
from kafka.admin import KafkaAdminClient
from pymongo import MongoClient

from benchmarks.hub import RunningHub, wait_until
from deploy.hub.programs import SERVICES
from services.logistics.main import SERVICE as LOGISTICS
from services.orders.main import SERVICE as ORDERS
from services.producers.main import SERVICE as PRODUCERS
from shared.events.catalogue import TOPICS
from shared.wiring import Service

ALL_SERVICES: Sequence[Service] = (PRODUCERS, ORDERS, LOGISTICS)
_LATEST = -1
_PATIENCE_S = 1_800
_DEAD_MS = 120_000


class Watch:
    """Looks at a hub's database and broker over connections that stay open."""

    def __init__(self, hub: RunningHub, client: MongoClient[dict[str, Any]], admin: KafkaAdminClient) -> None:
        self._hub = hub
        self.client = client
        self._admin = admin
        described = admin.describe_topics(list(TOPICS))
        self._partitions = [
            TopicPartition(topic["name"], each["partition_index"])
            for topic in described
            for each in topic["partitions"]
        ]

    def await_answers(self) -> None:
        """Returns when no order waits for its answer."""
        orders = self.client[self._hub.database_of("orders")]["orders"]
        waiting = {"state.status": "placed"}
        wait_until(lambda: orders.find_one(waiting, {"_id": 1}) is None, "all are answered", seconds=_PATIENCE_S)

    def await_quiet(self) -> None:
        """Returns when nothing is left to do; nobody must be posting."""
        wait_until(self._is_quiet, "all is published and read", seconds=_PATIENCE_S)

    def ends(self) -> dict[tuple[str, int], int]:
        """How many records each partition has had."""
        found = self._admin.list_partition_offsets(dict.fromkeys(self._partitions, _LATEST))
        return {(partition.topic, partition.partition): each.offset for partition, each in found.items()}

    def _is_quiet(self) -> bool:
        """Published before read, and that twice: what one group writes, another may have to publish yet."""
        return all(self._is_published() and self._is_read() for _ in range(2))

    def _is_published(self) -> bool:
        return not any(
            self.client[self._hub.database_of(service.name)][kind.collection].find_one({"outbox.id": {"$gt": ""}})
            for service in ALL_SERVICES
            for kind in service.telling
        )

    def _is_read(self) -> bool:
        ends = self.ends()
        committed = self._admin.list_group_offsets([service.group for service in ALL_SERVICES])
        return all(self._has_read(service, committed[service.group], ends) for service in ALL_SERVICES)

    def _has_read(self, service: Service, committed: Any, ends: dict[tuple[str, int], int]) -> bool:  # noqa: ANN401  # kafka-python has no types
        mine = [each for each in self._partitions if each.topic in service.consumes]
        done = {each: committed[each].offset if each in committed else 0 for each in mine}
        return all(max(0, done[each]) >= ends[each.topic, each.partition] for each in mine)


@contextmanager
def watching(hub: RunningHub) -> Iterator[Watch]:
    """Connections that are closed with the block."""
    client: MongoClient[dict[str, Any]] = MongoClient(hub.plan.database_uri, socketTimeoutMS=_DEAD_MS)
    admin = KafkaAdminClient(bootstrap_servers=hub.plan.brokers)
    try:
        yield Watch(hub, client, admin)
    finally:
        admin.close()
        client.close()


def databases(hub: RunningHub) -> dict[str, str]:
    """The name of each service's database."""
    return {service: hub.database_of(service) for service in SERVICES}
