"""What a stretch of a run wrote: which documents, how often each, and which messages; read back when all is quiet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.hub import RunningHub
from benchmarks.quiet import ALL_SERVICES, Watch, databases
from shared.bus.topics import read_topic
from shared.events.catalogue import TOPICS

Raw = dict[str, Any]
Home = tuple[str, str]  # service, collection

_AT_ONCE = 200


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Where the data stood: each document's version, and how many records each partition had."""

    versions: Mapping[Home, Mapping[str, int]]
    ends: Mapping[tuple[str, int], int]


@dataclass(frozen=True, kw_only=True)
class Written:
    """A document that was written from version `before` (0: it was not there) up to the one it has now."""

    before: int
    document: Raw

    @property
    def after(self) -> int:
        """Its version now."""
        return int(self.document["version"])


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message that was published; its id names the document and version that raised it."""

    service: str
    topic: str
    key: str
    value: bytes


@dataclass(frozen=True, kw_only=True)
class Tape:
    """All that was written between two marks."""

    written: Mapping[Home, tuple[Written, ...]]
    messages: tuple[Message, ...]

    @property
    def inserts(self) -> dict[Home, int]:
        """New documents by collection."""
        return {home: sum(each.before == 0 for each in mine) for home, mine in self.written.items()}

    @property
    def updates(self) -> dict[Home, int]:
        """Writes of documents that were there already."""
        return {home: sum(each.after - max(1, each.before) for each in mine) for home, mine in self.written.items()}


def mark(hub: RunningHub, watch: Watch) -> Mark:
    """Where the data stands."""
    versions: dict[Home, dict[str, int]] = {}
    for service, database in databases(hub).items():
        for collection in watch.client[database].list_collection_names():
            raws = watch.client[database][collection].find({}, {"version": 1})
            versions[service, collection] = {raw["_id"]: raw["version"] for raw in raws}
    return Mark(versions=versions, ends=watch.ends())


def record(hub: RunningHub, watch: Watch, before: Mark) -> Tape:
    """What was written since."""
    now = mark(hub, watch)
    return Tape(
        written={home: _written(hub, watch, home, (before, now)) for home in now.versions},
        messages=tuple(message for topic in TOPICS for message in _messages(hub.plan.brokers, topic, before)),
    )


def _written(hub: RunningHub, watch: Watch, home: Home, marks: tuple[Mark, Mark]) -> tuple[Written, ...]:
    old, new = (each.versions.get(home, {}) for each in marks)
    changed = [id_ for id_, version in new.items() if version > old.get(id_, 0)]
    if not changed:
        return ()
    collection = watch.client[hub.database_of(home[0])][home[1]]
    pieces = [changed[start : start + _AT_ONCE] for start in range(0, len(changed), _AT_ONCE)]
    raws = [raw for piece in pieces for raw in collection.find({"_id": {"$in": piece}}, {"outbox": 0, "stamp": 0})]
    return tuple(Written(before=old.get(raw["_id"], 0), document=raw) for raw in raws)


def _messages(bootstrap: str, topic: str, before: Mark) -> list[Message]:
    return [
        Message(service=_service(record.value), topic=topic, key=record.key or "", value=record.value)
        for record in read_topic(bootstrap, topic)
        if record.offset >= before.ends[topic, record.partition]
    ]


def _service(value: bytes) -> str:
    """Told by the envelope's source, `/schakel/<service>`."""
    head = value[: value.index(b'"type"')].decode()
    return next(service.name for service in ALL_SERVICES if f'"/schakel/{service.name}"' in head)
