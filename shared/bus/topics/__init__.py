"""What people who look after the bus need of it: topics that exist, how far readers are, what lies on a topic.

For the processes that publish and consume there is the port; this is for `schakel` and for deployments. Every
function opens its own connection and closes it; all raise BusUnavailableError where the broker cannot do it.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import TopicAlreadyExistsError

from shared.bus.brokers import Where
from shared.bus.kafka import guarded, opened
from shared.errors import BusUnavailableError
from shared.events.catalogue import TOPICS

DEAD_LETTERS = ".dlq"
_DAY_MS = 24 * 60 * 60 * 1000
TIMEOUT_MS = 10_000
LATEST = -1
EARLIEST = -2


@dataclass(frozen=True, kw_only=True)
class TopicSpec:
    """A topic as it should be made; `retention_ms` is how long its records are kept."""

    name: str
    partitions: int
    retention_ms: int


@dataclass(frozen=True, kw_only=True)
class Record:
    """One record as it lies on its topic; `at` is milliseconds since 1970."""

    topic: str
    partition: int
    offset: int
    at: int
    key: str | None
    value: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def all_topics(partitions: int) -> tuple[TopicSpec, ...]:
    """Every topic of the catalogue, kept 30 days, and its dead letters, kept a year and read by people in one go."""
    live = [TopicSpec(name=name, partitions=partitions, retention_ms=30 * _DAY_MS) for name in TOPICS]
    dead = [TopicSpec(name=name + DEAD_LETTERS, partitions=1, retention_ms=365 * _DAY_MS) for name in TOPICS]
    return (*live, *dead)


@contextmanager
def admin_of(where: Where) -> Iterator[KafkaAdminClient]:
    """An administrator's client, while the block lasts."""
    admin = opened(KafkaAdminClient, where, client_id="schakel-admin", request_timeout_ms=TIMEOUT_MS)
    try:
        yield admin
    finally:
        admin.close()


@guarded
def ensure_topics(where: Where, specs: Iterable[TopicSpec]) -> list[str]:
    """Makes the topics that are missing and returns their names; leaves those that exist as they are."""
    with admin_of(where) as admin:
        existing = set(admin.list_topics())
        absent = {spec.name: _made(spec) for spec in specs if spec.name not in existing}
        if absent:
            _create(admin, absent)
        return list(absent)


def _made(spec: TopicSpec) -> dict[str, object]:
    return {"num_partitions": spec.partitions, "configs": {"retention.ms": str(spec.retention_ms)}}


def _create(admin: KafkaAdminClient, absent: dict[str, dict[str, object]]) -> None:
    # Where somebody else makes them at the same time: the wait is for whoever made them.
    with suppress(TopicAlreadyExistsError):
        admin.create_topics(absent, timeout_ms=TIMEOUT_MS)
    admin.wait_for_topics(list(absent), timeout_ms=TIMEOUT_MS)


@guarded
def lags(where: Where, groups: Iterable[str]) -> dict[str, dict[str, int]]:
    """For each group and topic that it has read of: how many records it has yet to read."""
    with admin_of(where) as admin:
        committed = admin.list_group_offsets(list(groups))
        partitions = {each for offsets in committed.values() for each in offsets}
        ends = offsets_of(admin, partitions, LATEST)
        return {group: _lag_by_topic(offsets, ends) for group, offsets in committed.items()}


def _lag_by_topic(offsets: Mapping[TopicPartition, Any], ends: Mapping[TopicPartition, int]) -> dict[str, int]:
    lag: dict[str, int] = {}
    for partition, committed in sorted(offsets.items()):
        behind = max(0, ends[partition] - max(0, committed.offset))
        lag[partition.topic] = lag.get(partition.topic, 0) + behind
    return lag


def offsets_of(admin: KafkaAdminClient, partitions: Iterable[TopicPartition], which: int) -> dict[TopicPartition, int]:
    """Where these partitions begin (EARLIEST) or end (LATEST)."""
    wanted = dict.fromkeys(partitions, which)
    return {each: found.offset for each, found in admin.list_partition_offsets(wanted).items()} if wanted else {}


@guarded
def counts(where: Where, topics: Iterable[str]) -> dict[str, int]:
    """How many records each topic holds; topics that do not exist are left out."""
    with admin_of(where) as admin:
        existing = set(admin.list_topics())
        partitions = partitions_of(admin, [name for name in topics if name in existing])
        starts = offsets_of(admin, partitions, EARLIEST)
        total = dict.fromkeys((each.topic for each in partitions), 0)
        for each, end in offsets_of(admin, partitions, LATEST).items():
            total[each.topic] += end - starts[each]
        return total


def partitions_of(admin: KafkaAdminClient, topics: list[str]) -> list[TopicPartition]:
    """All of these topics, which must exist."""
    described = admin.describe_topics(topics) if topics else []
    return [TopicPartition(one["name"], each["partition_index"]) for one in described for each in one["partitions"]]


@guarded
def read_topic(where: Where, topic: str) -> list[Record]:
    """All records that lie on a topic now, partition by partition; none where it does not exist."""
    with admin_of(where) as admin:
        partitions = partitions_of(admin, [topic]) if topic in admin.list_topics() else []
        ends = offsets_of(admin, partitions, LATEST)
    if not partitions:
        return []
    consumer = opened(KafkaConsumer, where, group_id=None, enable_auto_commit=False)
    try:
        consumer.assign(partitions)
        consumer.seek_to_beginning()
        records = list(until(consumer, ends))
    finally:
        consumer.close()
    return sorted(records, key=lambda record: (record.partition, record.offset))


def until(consumer: KafkaConsumer, ends: Mapping[TopicPartition, int]) -> Iterator[Record]:
    """Polls up to the given ends; what was added meanwhile is not waited for."""
    deadline = time.monotonic() + TIMEOUT_MS / 1000
    while any(consumer.position(each) < end for each, end in ends.items()):
        for partition, batch in consumer.poll(timeout_ms=500).items():
            deadline = time.monotonic() + TIMEOUT_MS / 1000
            yield from (_record(raw) for raw in batch if raw.offset < ends[partition])
        if time.monotonic() > deadline:
            message = "The broker sent nothing for ten seconds, though there is more to read. Try again."
            raise BusUnavailableError(message)


def _record(raw: Any) -> Record:  # noqa: ANN401  # kafka-python has no types
    return Record(
        topic=raw.topic,  # kafka is untyped
        partition=raw.partition,
        offset=raw.offset,
        at=raw.timestamp,
        key=_text(raw.key),
        value=raw.value or b"",
        headers={name: _text(value) or "" for name, value in raw.headers},
    )


def _text(raw: bytes | None) -> str | None:
    return None if raw is None else raw.decode("utf-8", errors="replace")


@guarded
def send(where: Where, record: Record) -> None:
    """Puts one record on its topic, where its key belongs, and returns once the broker has acknowledged it."""
    producer = opened(KafkaProducer, where, acks="all")
    try:
        key = None if record.key is None else record.key.encode()
        headers = [(name, value.encode()) for name, value in record.headers.items()]
        producer.send(record.topic, value=record.value, key=key, headers=headers).get(timeout=TIMEOUT_MS / 1000)
    finally:
        producer.close()
