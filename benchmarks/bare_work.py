"""One bare process: writes one service's documents and messages with pymongo and kafka-python, and reads its topics.

In batches, with the same journal options, guards and acknowledgements as the hub; no events to check, no decisions.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from typing import Any

from kafka import KafkaConsumer, KafkaProducer
from pymongo import MongoClient, UpdateOne
from pymongo.collection import Collection

from benchmarks.tape import Message, Raw, Written

BATCH = 500
# SecantusDB holds a whole insert_many in its cache until it is committed; with a small cache 500 documents stop it.
_INSERTS = 100
_ACK_S = 60
_PATIENCE_S = 600
_JOIN_S = 60
_LOT_LIST = "reservations"

Parts = tuple[str, int]  # document id, version


@dataclass(frozen=True, kw_only=True)
class Share:
    """What one process has to do. `to_read` messages come in by `topics`; topics are named with `prefix` before.

    `outbox`: messages also go into their document and are pulled out again, as the hub does.
    """

    service: str
    uri: str
    bootstrap: str
    database: str
    prefix: str
    written: Mapping[str, tuple[Written, ...]]
    messages: tuple[Message, ...]
    topics: tuple[str, ...]
    to_read: int
    outbox: bool


@dataclass(frozen=True, kw_only=True)
class Took:
    """Between two moments of this machine's monotonic clock; `cpu` in seconds."""

    service: str
    start: float
    end: float
    cpu: float
    stages: Mapping[str, float]


def work(share: Share, ready: Barrier, answers: "SimpleQueue[Took]") -> None:
    """Prepares, waits for the others, does it, and answers how long it took."""
    client: MongoClient[Raw] = MongoClient(share.uri)
    producer: Any = KafkaProducer(bootstrap_servers=share.bootstrap.split(","), acks="all", linger_ms=0)
    consumer = _consumer(share)
    _seed(client, share)
    ready.wait()
    start, stages, since = time.monotonic(), {}, time.monotonic()
    cpu = time.process_time()
    steps: tuple[tuple[str, Callable[[], None]], ...] = (
        ("write documents", lambda: _write(client, share)),
        ("publish", lambda: _publish(producer, share)),
        ("pull outboxes", lambda: _pull(client, share) if share.outbox else None),
        ("read", lambda: _read(consumer, share.to_read)),
    )
    for stage, step in steps:
        step()
        stages[stage], since = time.monotonic() - since, time.monotonic()
    used = time.process_time() - cpu
    answers.put(Took(service=share.service, start=start, end=time.monotonic(), cpu=used, stages=stages))
    consumer.close()
    producer.close()
    client.close()


def _consumer(share: Share) -> Any:  # noqa: ANN401  # kafka-python has no types
    """Joined and ready. It must know all topics before it joins: of those that it does not know it is dealt none."""
    topics = [share.prefix + topic for topic in share.topics]
    consumer: Any = KafkaConsumer(
        *topics,
        bootstrap_servers=share.bootstrap.split(","),
        group_id=share.prefix + share.service,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    deadline = time.monotonic() + _JOIN_S
    while not all(consumer.partitions_for_topic(topic) for topic in topics):
        _check(deadline, "its topics are not there")
    while not consumer.assignment():
        _check(deadline, "it was dealt no partitions")
        consumer.poll(timeout_ms=100)
    return consumer


def _check(deadline: float, trouble: str) -> None:
    if time.monotonic() > deadline:
        message = f"A bare consumer waited in vain: {trouble}."
        raise TimeoutError(message)


def _seed(client: MongoClient[Raw], share: Share) -> None:
    """Documents that were there before are put there, untimed."""
    for collection, mine in share.written.items():
        old = [at_version(each, each.before) for each in mine if each.before]
        for batch in batches(old, _INSERTS):
            client[share.database][collection].insert_many(batch)


def _write(client: MongoClient[Raw], share: Share) -> None:
    for collection, mine in share.written.items():
        target = client[share.database][collection]
        raised = _raised(share, collection)
        _insert(target, [each for each in mine if not each.before], raised)
        _update(target, mine, raised)


def _insert(target: Collection[Raw], new: Sequence[Written], raised: Mapping[Parts, list[Raw]]) -> None:
    for batch in batches([_with_outbox(at_version(each, 1), raised) for each in new], _INSERTS):
        target.insert_many(batch, ordered=False)


def _with_outbox(raw: Raw, raised: Mapping[Parts, list[Raw]]) -> Raw:
    return {**raw, "outbox": raised[raw["_id"], 1]} if (raw["_id"], 1) in raised else raw


def _update(target: Collection[Raw], mine: Iterable[Written], raised: Mapping[Parts, list[Raw]]) -> None:
    """Pass by pass: all that were written a second time, then all that were written a third time, and so on."""
    steps = [(version - max(1, each.before), version, each) for each in mine for version in _versions(each)]
    steps.sort(key=lambda step: step[0])
    for _, same_pass in groupby(steps, key=lambda step: step[0]):
        updates = [_set(at_version(each, version), raised) for _, version, each in same_pass]
        for batch in batches(updates):
            target.bulk_write(batch, ordered=False)


def _versions(each: Written) -> range:
    return range(max(1, each.before) + 1, each.after + 1)


def _set(raw: Raw, raised: Mapping[Parts, list[Raw]]) -> UpdateOne:
    change: Raw = {"$set": {"version": raw["version"], "state": raw["state"], "inbox": raw["inbox"]}}
    events = raised.get((raw["_id"], raw["version"]))
    if events:
        change["$push"] = {"outbox": {"$each": events}}
    return UpdateOne({"_id": raw["_id"], "version": raw["version"] - 1}, change)


def at_version(written: Written, version: int) -> Raw:
    """The document as it was then, nearly: what grows in a lot is what is reserved of it; that is cut to its share."""
    raw = {**written.document, "version": version}
    state = raw["state"]
    if _LOT_LIST in state and written.after > 1:
        kept = len(state[_LOT_LIST]) * (version - 1) // (written.after - 1)
        raw["state"] = {**state, _LOT_LIST: state[_LOT_LIST][:kept]}
    return raw


def _raised(share: Share, collection: str) -> dict[Parts, list[Raw]]:
    """The events that each version of a document has to put into its outbox; none where there is no outbox."""
    raised: dict[Parts, list[Raw]] = {}
    for each in share.messages if share.outbox else ():
        event = json.loads(each.value)
        source, id_, version, _ = event["id"].rsplit("/", 3)
        if source == collection:
            body = {"id": event["id"], "topic": each.topic, "key": each.key, "body": each.value.decode()}
            raised.setdefault((id_, int(version)), []).append({**body, "at": event["time"]})
    return raised


def _publish(producer: Any, share: Share) -> None:  # noqa: ANN401  # kafka-python has no types
    for batch in batches(share.messages):
        sent = [producer.send(share.prefix + each.topic, key=each.key.encode(), value=each.value) for each in batch]
        producer.flush(timeout=_ACK_S)
        for each in sent:
            each.get(timeout=_ACK_S)


def _pull(client: MongoClient[Raw], share: Share) -> None:
    for collection in share.written:
        ids = [(id_, [event["id"] for event in events]) for (id_, _), events in _raised(share, collection).items()]
        pulls = [UpdateOne({"_id": id_}, {"$pull": {"outbox": {"id": {"$in": mine}}}}) for id_, mine in ids]
        for batch in batches(pulls):
            client[share.database][collection].bulk_write(batch, ordered=False)


def _read(consumer: Any, count: int) -> None:  # noqa: ANN401  # kafka-python has no types
    deadline = time.monotonic() + _PATIENCE_S
    while count > 0:
        _check(deadline, f"{count} messages never came")
        records = consumer.poll(timeout_ms=1_000, max_records=BATCH)
        count -= sum(len(batch) for batch in records.values())
        if records:
            consumer.commit()


def batches(items: Sequence[Any], size: int = BATCH) -> Iterator[Sequence[Any]]:
    """Pieces of that size."""
    return (items[start : start + size] for start in range(0, len(items), size))
