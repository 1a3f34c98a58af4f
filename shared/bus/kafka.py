"""The bus on Apache Kafka. Make its objects in the process that uses them: kafka-python is not fork-safe."""

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from kafka import KafkaConsumer, KafkaProducer
from kafka.errors import (
    AuthorizationError,
    CommitFailedError,
    CorruptRecordError,
    IllegalSaslStateError,
    KafkaError,
    KafkaTimeoutError,
    SaslAuthenticationFailedError,
    UnsupportedCodecError,
    UnsupportedSaslMechanismError,
)

from shared.bus.brokers import Brokers, Where, brokers_at
from shared.bus.port import Parcel, Record
from shared.bus.unreadable import Obstacles
from shared.errors import BusUnavailableError

P = ParamSpec("P")
T = TypeVar("T")

_ACK_TIMEOUT_S = 15
_SESSION_TIMEOUT_MS = 10_000
_METADATA_AGE_MS = 30_000
_RECONNECT_MS = 2_000
_PROBE_S = 5.0
_LONGEST = 300
_UNREADABLE = (CorruptRecordError, UnsupportedCodecError)


def guarded(call: Callable[P, T]) -> Callable[P, T]:
    """Makes every error of Kafka's a BusUnavailableError with a sentence."""

    @wraps(call)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        with in_sentences():
            return call(*args, **kwargs)

    return wrapper


@contextmanager
def in_sentences() -> Iterator[None]:
    """The same for a block."""
    try:
        yield
    except KafkaError as error:
        raise BusUnavailableError(_sentence(error)) from error


def _sentence(error: KafkaError) -> str:
    if isinstance(error, SaslAuthenticationFailedError | IllegalSaslStateError | UnsupportedSaslMechanismError):
        return "Kafka lets nobody in with this user name, password and mechanism: see KAFKA_SASL_USERNAME and the rest."
    if isinstance(error, AuthorizationError):
        return f"Kafka does not allow this user to do that: {str(error)[:_LONGEST]}"
    return f"Kafka did not do it: {type(error).__name__}: {error}"


def opened(make: Callable[..., T], where: Where, *topics: str, **options: object) -> T:
    """A client of Kafka's. Raises BusUnavailableError, with a sentence, where nobody listens or it is not let in.

    Kafka's own clients try for a while either way, leave their sockets open, and say only that it took too long.
    """
    brokers = brokers_at(where)
    if not any(_listens(address) for address in brokers.addresses):
        message = (
            f"Nothing listens at {brokers.address}, where Kafka should be. Is it started, and is that its address?"
        )
        raise BusUnavailableError(message)
    try:
        return make(*topics, **brokers.options(), bootstrap_timeout_ms=brokers.patience_ms, **options)
    except KafkaTimeoutError as error:
        raise BusUnavailableError(_shut_out(brokers)) from error


def _listens(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_PROBE_S).close()
    except (OSError, ValueError):
        return False
    return True


def _shut_out(brokers: Brokers) -> str:
    who = f" as '{brokers.username}' by {brokers.mechanism}" if brokers.mechanism else ""
    return (
        f"What listens at {brokers.address} does not let us in{who} over {brokers.security}. "
        "See KAFKA_SECURITY_PROTOCOL and what belongs to it: user name, password, certificates."
    )


class KafkaPublisher:
    """An idempotent producer that waits for all in-sync replicas.

    One that failed is given up for a fresh one: what it had under way is not known, and it may never recover (a broker
    that stopped on a full disk has forgotten some of it). Who publishes asks again, and consumers bear repetition.
    """

    @guarded
    def __init__(self, where: Where) -> None:
        self._where = where
        self._producer: Any = self._made()

    def _made(self) -> Any:  # noqa: ANN401  # kafka-python has no types
        return opened(
            KafkaProducer,
            self._where,
            acks="all",
            linger_ms=0,
            delivery_timeout_ms=_ACK_TIMEOUT_S * 1_000,
            request_timeout_ms=10_000,
            max_block_ms=10_000,
            reconnect_backoff_max_ms=_RECONNECT_MS,
        )

    @guarded
    def publish(self, messages: Sequence[Parcel]) -> None:
        """Sends all, flushes, and looks at every acknowledgement."""
        self._producer = self._producer or self._made()
        try:
            self._send(messages)
        except KafkaError:
            self._give_up()
            raise

    def _send(self, messages: Sequence[Parcel]) -> None:
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

    def _give_up(self) -> None:
        """Sends nothing more. `close` alone would first wait for what cannot be sent, and then not close."""
        failed, self._producer = self._producer, None
        failed._sender.force_close()  # noqa: SLF001  # see above
        with suppress(KafkaError):
            failed.close(timeout=1)

    def close(self) -> None:
        """Waits a moment for what is under way; where the broker is gone, that is lost to this process alone."""
        if self._producer is not None:
            with suppress(KafkaError):
                self._producer.close(timeout=5)


class KafkaSubscription:
    """A member of a consumer group; it commits only when told.

    With an `instance` it is a static member: restarted within the session timeout, it takes its partitions back
    without a rebalance.
    """

    @guarded
    def __init__(self, where: Where, group: str, topics: Sequence[str], instance: str = "") -> None:
        self._consumer = opened(
            KafkaConsumer,
            where,
            *topics,
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
        self._obstacles = Obstacles(self._consumer, _UNREADABLE, lambda: _reader(where))

    def _require(self, topics: Sequence[str]) -> None:
        """Learns of the partitions before joining: a member that knows of none is dealt none."""
        absent = [topic for topic in topics if not self._consumer.partitions_for_topic(topic)]
        if absent:
            self._consumer.close(autocommit=False)
            makers = "`schakel up` makes them, elsewhere `python -m deploy.topics`"
            message = f"The topics {', '.join(absent)} do not exist yet ({makers}), or are not for this user to read."
            raise BusUnavailableError(message)

    @guarded
    def poll(self, timeout: float, limit: int) -> Sequence[Record]:
        """Kafka's own poll, flattened; the order within a partition stays."""
        try:
            batches = self._consumer.poll(timeout_ms=int(timeout * 1_000), max_records=limit)
        except _UNREADABLE as error:
            return self._obstacles.past(error)
        return [_record(raw) for batch in batches.values() for raw in batch]

    @guarded
    def commit(self) -> None:
        """Commits the positions of the partitions that are still its own."""
        try:
            self._consumer.commit()
        except CommitFailedError:
            return

    @guarded
    def replay(self) -> None:
        """Seeks every assigned partition to its first record."""
        self._consumer.seek_to_beginning()

    def close(self) -> None:
        """Leaves without a commit."""
        try:
            self._consumer.close(autocommit=False)
        except KafkaError:
            return


def _reader(where: Where) -> Any:  # noqa: ANN401  # kafka-python has no types
    return opened(KafkaConsumer, where, group_id=None, enable_auto_commit=False)


def _record(raw: Any) -> Record:  # noqa: ANN401  # kafka-python has no types
    return Record(
        topic=raw.topic,
        partition=raw.partition,
        offset=raw.offset,
        key=(raw.key or b"").decode("utf-8", "replace"),
        value=raw.value or b"",
        headers=tuple((name, (value or b"").decode("utf-8", "replace")) for name, value in raw.headers or ()),
    )
