"""A whole bus carried elsewhere: what lies on its topics, and how far each group has read of them."""

from collections.abc import Iterable, Iterator, Mapping

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.structs import OffsetAndMetadata

from shared.bus.brokers import Where
from shared.bus.kafka import guarded, in_sentences, opened
from shared.bus.topics import LATEST, TIMEOUT_MS, Record, admin_of, offsets_of, partitions_of, until

# A topic and one of its partitions.
Place = tuple[str, int]

_AT_ONCE = 2_000


@guarded
def ends(where: Where, topics: Iterable[str]) -> dict[Place, int]:
    """Where each partition of these topics ends now; topics that do not exist are left out."""
    with admin_of(where) as admin:
        existing = set(admin.list_topics())
        partitions = partitions_of(admin, [name for name in topics if name in existing])
        return {(each.topic, each.partition): end for each, end in offsets_of(admin, partitions, LATEST).items()}


@guarded
def committed(where: Where, groups: Iterable[str]) -> dict[str, dict[Place, int]]:
    """The first record of each partition that each group has yet to read, where it has read any."""
    with admin_of(where) as admin:
        found = admin.list_group_offsets(list(groups))
    return {
        group: {(each.topic, each.partition): at.offset for each, at in offsets.items() if at.offset >= 0}
        for group, offsets in found.items()
    }


def records(where: Where, upto: Mapping[Place, int]) -> Iterator[Record]:
    """Everything that lies before these ends, each partition in order. Raises BusUnavailableError."""
    with in_sentences():
        consumer = opened(KafkaConsumer, where, group_id=None, enable_auto_commit=False)
        try:
            partitions = {TopicPartition(*place): end for place, end in upto.items()}
            consumer.assign(list(partitions))
            consumer.seek_to_beginning()
            yield from until(consumer, partitions)
        finally:
            consumer.close()


@guarded
def put(where: Where, moved: Iterable[Record]) -> None:
    """Puts records on the partitions that they name, in their order, and returns once all are acknowledged."""
    producer = opened(KafkaProducer, where, acks="all")
    try:
        futures = []
        for record in moved:
            futures.append(_send(producer, record))
            if len(futures) >= _AT_ONCE:
                _await(producer, futures)
        _await(producer, futures)
    finally:
        producer.close()


def _send(producer: KafkaProducer, record: Record) -> object:
    return producer.send(
        record.topic,
        partition=record.partition,
        key=None if record.key is None else record.key.encode(),
        value=record.value,
        headers=[(name, text.encode()) for name, text in record.headers.items()],
        timestamp_ms=record.at or None,
    )


def _await(producer: KafkaProducer, futures: list[object]) -> None:
    producer.flush(timeout=TIMEOUT_MS / 1_000)
    for future in futures:
        future.get(timeout=TIMEOUT_MS / 1_000)  # type: ignore[attr-defined]  # kafka is untyped
    futures.clear()


@guarded
def commit(where: Where, group: str, offsets: Mapping[Place, int]) -> None:
    """Makes this how far a group has read; none of its members may be reading."""
    consumer = opened(KafkaConsumer, where, group_id=group, enable_auto_commit=False)
    try:
        consumer.assign([TopicPartition(*place) for place in offsets])
        consumer.commit(
            {TopicPartition(*place): OffsetAndMetadata(offset, "", -1) for place, offset in offsets.items()}
        )
    finally:
        consumer.close(autocommit=False)
