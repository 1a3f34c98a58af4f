"""Whether a hub has nothing left to do: all is published, and every group has read and written all of it."""

import time
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
Ends = dict[tuple[str, int], int]  # topic, partition
Committed = dict[tuple[str, str, int], int]  # group, topic, partition

_LATEST = -1
_STILL_S = 1.0
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

    def await_quiet(self) -> float:
        """Returns when nothing is left to do, and says since when (seconds since 1970); nobody must be posting.

        It looks at the bus alone, until nothing has moved there for a while: the database would read all that waits
        to be published, however little is asked of it.
        """
        seen: list[tuple[object, float]] = [(None, 0.0)]

        def quiet() -> bool:
            ends, committed = self.ends(), self._committed()
            if (ends, committed) != seen[-1][0]:
                seen.append(((ends, committed), time.time()))
            still = time.time() - seen[-1][1] > _STILL_S
            return still and self._is_read(ends, committed) and self._is_published()

        wait_until(quiet, "all is published and read", seconds=_PATIENCE_S)
        return seen[-1][1]

    def ends(self) -> Ends:
        """How many records each partition has had."""
        found = self._admin.list_partition_offsets(dict.fromkeys(self._partitions, _LATEST))
        return {(partition.topic, partition.partition): each.offset for partition, each in found.items()}

    def _is_published(self) -> bool:
        return not any(
            self.client[self._hub.database_of(service.name)][kind.collection].find_one({"outbox.id": {"$gt": ""}})
            for service in ALL_SERVICES
            for kind in service.telling
        )

    def _committed(self) -> Committed:
        found = self._admin.list_group_offsets([service.group for service in ALL_SERVICES])
        return {
            (group, partition.topic, partition.partition): max(0, each.offset)
            for group, offsets in found.items()
            for partition, each in offsets.items()
        }

    def _is_read(self, ends: Ends, committed: Committed) -> bool:
        return all(
            committed.get((service.group, topic, partition), 0) >= end
            for service in ALL_SERVICES
            for (topic, partition), end in ends.items()
            if topic in service.consumes
        )


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
