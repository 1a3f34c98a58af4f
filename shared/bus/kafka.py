"""The bus on Apache Kafka. Make its objects in the process that uses them: kafka-python is not fork-safe."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from kafka import KafkaConsumer, KafkaProducer
from kafka.errors import CommitFailedError, KafkaError

from shared.bus.port import Parcel, Record
from shared.errors import BusUnavailableError

P = ParamSpec("P")
T = TypeVar("T")

_ACK_TIMEOUT_S = 30
_SESSION_TIMEOUT_MS = 10_000
_METADATA_AGE_MS = 30_000
_RECONNECT_MS = 2_000


def _guarded(call: Callable[P, T]) -> Callable[P, T]:
    @wraps(call)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return call(*args, **kwargs)
        except KafkaError as error:
            message = f"Kafka did not do it: {type(error).__name__}: {error}"
            raise BusUnavailableError(message) from error

    return wrapper


class KafkaPublisher:
    """An idempotent producer that waits for all in-sync replicas."""

    @_guarded
    def __init__(self, bootstrap: str) -> None:
        self._producer = KafkaProducer(
            bootstrap_servers=bootstrap.split(","),
            acks="all",
            linger_ms=0,
            delivery_timeout_ms=_ACK_TIMEOUT_S * 1_000,
            request_timeout_ms=10_000,
            max_block_ms=10_000,
            reconnect_backoff_max_ms=_RECONNECT_MS,
        )

    @_guarded
    def publish(self, messages: Sequence[Parcel]) -> None:
        """Sends all, flushes, and looks at every acknowledgement."""
        futures = [
            self._producer.send(
                message.topic,
                key=message.key.encode(),
                value=message.value,
                headers=[(name, text.encode()) for name, text in message.headers],
            )
            for message in messages
        ]
        self._producer.flush(timeout=_ACK_TIMEOUT_S)
        for future in futures:
            future.get(timeout=_ACK_TIMEOUT_S)

    def close(self) -> None:
        """Waits a moment for what is under way."""
        self._producer.close(timeout=5)


class KafkaSubscription:
    """A member of a consumer group; it commits only when told.

    With an `instance` it is a static member: restarted within the session timeout, it takes its partitions back
    without a rebalance.
    """

    @_guarded
    def __init__(self, bootstrap: str, group: str, topics: Sequence[str], instance: str = "") -> None:
        self._consumer = KafkaConsumer(
            *topics,
            bootstrap_servers=bootstrap.split(","),
            group_id=group,
            group_instance_id=instance or None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=_SESSION_TIMEOUT_MS,
            heartbeat_interval_ms=3_000,
            max_partition_fetch_bytes=4_194_304,
            metadata_max_age_ms=_METADATA_AGE_MS,
            reconnect_backoff_max_ms=_RECONNECT_MS,
        )
        self._require(topics)

    def _require(self, topics: Sequence[str]) -> None:
        """Learns of the partitions before joining: a member that knows of none is dealt none."""
        absent = [topic for topic in topics if not self._consumer.partitions_for_topic(topic)]
        if absent:
            self._consumer.close(autocommit=False)
            makers = "`schakel up` makes them, elsewhere `python -m deploy.topics`"
            message = f"The topics {', '.join(absent)} do not exist yet: {makers}."
            raise BusUnavailableError(message)

    @_guarded
    def poll(self, timeout: float, limit: int) -> Sequence[Record]:
        """Kafka's own poll, flattened; the order within a partition stays."""
        batches = self._consumer.poll(timeout_ms=int(timeout * 1_000), max_records=limit)
        return [_record(raw) for batch in batches.values() for raw in batch]

    @_guarded
    def commit(self) -> None:
        """Commits the positions of the partitions that are still its own."""
        try:
            self._consumer.commit()
        except CommitFailedError:
            return

    @_guarded
    def replay(self) -> None:
        """Seeks every assigned partition to its first record."""
        self._consumer.seek_to_beginning()

    def close(self) -> None:
        """Leaves without a commit."""
        try:
            self._consumer.close(autocommit=False)
        except KafkaError:
            return


def _record(raw: Any) -> Record:  # noqa: ANN401  # kafka-python has no types
    return Record(
        topic=raw.topic,
        partition=raw.partition,
        offset=raw.offset,
        key=(raw.key or b"").decode("utf-8", "replace"),
        value=raw.value or b"",
        headers=tuple((name, (value or b"").decode("utf-8", "replace")) for name, value in raw.headers or ()),
    )
