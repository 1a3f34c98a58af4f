"""What people who look after the bus need of it: topics that exist, how far readers are, what lies on a topic.

For the processes that publish and consume there is the port; this is for `schakel` and for deployments. Every
function opens its own connection and closes it; all raise BusUnavailableError where the broker cannot do it.
"""

import socket
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import wraps
from typing import ParamSpec, TypeVar

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError, TopicAlreadyExistsError

from shared.errors import BusUnavailableError
from shared.events.catalogue import TOPICS

P = ParamSpec("P")
T = TypeVar("T")

DEAD_LETTERS = ".dlq"
_DAY_MS = 24 * 60 * 60 * 1000
_TIMEOUT_MS = 10_000
_PROBE_S = 5.0
_LATEST = -1
_EARLIEST = -2


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


def _guarded(call: Callable[P, T]) -> Callable[P, T]:
    @wraps(call)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return call(*args, **kwargs)
        except KafkaError as error:
            message = f"The broker did not do it: {type(error).__name__}: {error}"
            raise BusUnavailableError(message) from error

    return wrapper


@contextmanager
def _admin(bootstrap: str) -> Iterator[KafkaAdminClient]:
    _require_listening(bootstrap)
    admin = KafkaAdminClient(
        bootstrap_servers=bootstrap.split(","),
        client_id="schakel-admin",
        request_timeout_ms=_TIMEOUT_MS,
        bootstrap_timeout_ms=_TIMEOUT_MS,
    )
    try:
        yield admin
    finally:
        admin.close()


def _require_listening(bootstrap: str) -> None:
    """Fails at once where nobody listens: the client would try for ten seconds, and leave its sockets open."""
    if not any(_listens(address) for address in bootstrap.split(",")):
        message = f"Nothing listens at {bootstrap}, where Kafka should be. Is it started, and is that its address?"
        raise BusUnavailableError(message)


def _listens(address: str) -> bool:
    host, _, port = address.strip().rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_PROBE_S).close()
    except (OSError, ValueError):
        return False
    return True


@_guarded
def ensure_topics(bootstrap: str, specs: Iterable[TopicSpec]) -> list[str]:
    """Makes the topics that are missing and returns their names; leaves those that exist as they are."""
    with _admin(bootstrap) as admin:
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
        admin.create_topics(absent, timeout_ms=_TIMEOUT_MS)
    admin.wait_for_topics(list(absent), timeout_ms=_TIMEOUT_MS)


@_guarded
def lags(bootstrap: str, groups: Iterable[str]) -> dict[str, dict[str, int]]:
    """For each group and topic that it has read of: how many records it has yet to read."""
    with _admin(bootstrap) as admin:
        committed = admin.list_group_offsets(list(groups))
        partitions = {each for offsets in committed.values() for each in offsets}
        ends = _offsets(admin, partitions, _LATEST)
        return {group: _lag_by_topic(offsets, ends) for group, offsets in committed.items()}


def _lag_by_topic(offsets: Mapping[TopicPartition, object], ends: Mapping[TopicPartition, int]) -> dict[str, int]:
    lag: dict[str, int] = {}
    for partition, committed in sorted(offsets.items()):
        behind = max(0, ends[partition] - max(0, committed.offset))  # type: ignore[attr-defined]  # kafka is untyped
        lag[partition.topic] = lag.get(partition.topic, 0) + behind
    return lag


def _offsets(admin: KafkaAdminClient, partitions: Iterable[TopicPartition], which: int) -> dict[TopicPartition, int]:
    wanted = dict.fromkeys(partitions, which)
    return {each: found.offset for each, found in admin.list_partition_offsets(wanted).items()} if wanted else {}


@_guarded
def counts(bootstrap: str, topics: Iterable[str]) -> dict[str, int]:
    """How many records each topic holds; topics that do not exist are left out."""
    with _admin(bootstrap) as admin:
        existing = set(admin.list_topics())
        partitions = _partitions(admin, [name for name in topics if name in existing])
        starts = _offsets(admin, partitions, _EARLIEST)
        total = dict.fromkeys((each.topic for each in partitions), 0)
        for each, end in _offsets(admin, partitions, _LATEST).items():
            total[each.topic] += end - starts[each]
        return total


def _partitions(admin: KafkaAdminClient, topics: list[str]) -> list[TopicPartition]:
    described = admin.describe_topics(topics) if topics else []
    return [TopicPartition(one["name"], each["partition_index"]) for one in described for each in one["partitions"]]


@_guarded
def read_topic(bootstrap: str, topic: str) -> list[Record]:
    """All records that lie on a topic now, partition by partition; none where it does not exist."""
    with _admin(bootstrap) as admin:
        partitions = _partitions(admin, [topic]) if topic in admin.list_topics() else []
        ends = _offsets(admin, partitions, _LATEST)
    consumer = KafkaConsumer(bootstrap_servers=bootstrap.split(","), group_id=None, enable_auto_commit=False)
    try:
        consumer.assign(partitions)
        consumer.seek_to_beginning()
        records = list(_until(consumer, ends)) if partitions else []
    finally:
        consumer.close()
    return sorted(records, key=lambda record: (record.partition, record.offset))


def _until(consumer: KafkaConsumer, ends: Mapping[TopicPartition, int]) -> Iterator[Record]:
    """Polls up to the given ends; what was added meanwhile is not waited for."""
    deadline = time.monotonic() + _TIMEOUT_MS / 1000
    while any(consumer.position(each) < end for each, end in ends.items()):
        for partition, batch in consumer.poll(timeout_ms=500).items():
            deadline = time.monotonic() + _TIMEOUT_MS / 1000
            yield from (_record(raw) for raw in batch if raw.offset < ends[partition])
        if time.monotonic() > deadline:
            message = "The broker sent nothing for ten seconds, though there is more to read. Try again."
            raise BusUnavailableError(message)


def _record(raw: object) -> Record:
    return Record(
        topic=raw.topic,  # type: ignore[attr-defined]  # kafka is untyped
        partition=raw.partition,  # type: ignore[attr-defined]
        offset=raw.offset,  # type: ignore[attr-defined]
        at=raw.timestamp,  # type: ignore[attr-defined]
        key=_text(raw.key),  # type: ignore[attr-defined]
        value=raw.value or b"",  # type: ignore[attr-defined]
        headers={name: _text(value) or "" for name, value in raw.headers},  # type: ignore[attr-defined]
    )


def _text(raw: bytes | None) -> str | None:
    return None if raw is None else raw.decode("utf-8", errors="replace")


@_guarded
def send(bootstrap: str, record: Record) -> None:
    """Puts one record on its topic, where its key belongs, and returns once the broker has acknowledged it."""
    producer = KafkaProducer(bootstrap_servers=bootstrap.split(","), acks="all")
    try:
        key = None if record.key is None else record.key.encode()
        headers = [(name, value.encode()) for name, value in record.headers.items()]
        producer.send(record.topic, value=record.value, key=key, headers=headers).get(timeout=_TIMEOUT_MS / 1000)
    finally:
        producer.close()
