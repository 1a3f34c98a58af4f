"""A backup of a hub on one machine while it runs: its documents, what lies on its bus, and how far readers are.

The workers stand still while the documents are copied, so nothing travels from one service to another: whatever the
copy says was told is on the bus or in an outbox of the copy, and whatever it says was read has been handled in it. Web
servers go on; what they are asked meanwhile is in the copy or not, document by document. What refers to another
document is copied before it, so that nothing refers to what is missing. Decision record 0007 says why this suffices.
"""

import tempfile
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec

from deploy.hub.backup_file import Manifest, Member, exists, pack, write_lines
from deploy.hub.control import Supervisor
from deploy.hub.operator_key import key_file
from deploy.hub.plan import Plan
from deploy.hub.ready import await_running
from deploy.hub.standstill import alone, workers_still
from deploy.hub.supervise import Tell
from deploy.hub.trouble import BackupError, NotRunningError
from services.logistics.main import SERVICE as LOGISTICS
from services.orders.main import SERVICE as ORDERS
from services.producers.main import SERVICE as PRODUCERS
from shared import clock
from shared.accounts.api import account_kind
from shared.bus.topics import Record, all_topics
from shared.bus.topics.moving import Place, committed, ends, records
from shared.config import read_settings
from shared.store.mongo import MongoStore, connect
from shared.store.moving import dump
from shared.wiring import Service

SERVICES = (PRODUCERS, ORDERS, LOGISTICS)


@dataclass(frozen=True, kw_only=True)
class Bus:
    """Where its topics ended, and how far each group had read."""

    upto: Mapping[Place, int]
    read: Mapping[str, Mapping[Place, int]]


def back_up(plan: Plan, target: Path, tell: Tell) -> Manifest:
    """Makes a backup; the hub goes on. Raises HubError, with nothing left behind."""
    _check(plan, target)
    supervisor = Supervisor(plan.layout.socket)
    with alone(plan.layout), tempfile.TemporaryDirectory(dir=target.parent, prefix=".schakel-backup-") as name:
        folder, made_at = Path(name), clock.now()
        members = _secrets(plan, folder)
        tell("Copying the documents. The workers stand still meanwhile; orders are taken.")
        with workers_still(supervisor):
            read = committed(plan.bus, [service.group for service in SERVICES])
            members |= _documents(plan, folder)
            bus = Bus(upto=ends(plan.bus, [spec.name for spec in all_topics(1)]), read=read)
        tell("Copying what lies on the bus.")
        topics, read_so_far = _topics(plan, bus, folder)
        partitions = Counter(topic for topic, _ in bus.upto)
        manifest = Manifest(made_at=made_at, partitions=dict(partitions), read=read_so_far, members=members | topics)
        pack(folder, manifest, target)
        await_running(supervisor)
    return manifest


def _check(plan: Plan, target: Path) -> None:
    if plan.mongodb_uri or plan.bootstrap:
        raise BackupError(
            "This hub uses a database or a Kafka of yours: back those up by their own means (docs/production.md)."
        )
    if target.exists():
        raise exists(target)
    if not target.parent.is_dir():
        raise BackupError(f"There is no folder {target.parent}. Make it, or name a file elsewhere.")
    if not Supervisor(plan.layout.socket).answers():
        raise NotRunningError(
            f"No hub runs in {plan.layout.var}. Start it, or copy the whole folder as it is: at rest that is a backup."
        )


def _secrets(plan: Plan, folder: Path) -> dict[str, Member]:
    """The operator's key and the hub's configuration, where it has them."""
    files = {"operator.key": key_file(plan.layout), "hub.toml": read_settings().hub_file}
    found = {name: file for name, file in files.items() if file is not None and file.is_file()}
    return {name: write_lines(folder / name, [file.read_bytes()]) for name, file in found.items()}


def _documents(plan: Plan, folder: Path) -> dict[str, Member]:
    """All of every service's; one that is referred to after those that refer to it."""
    members: dict[str, Member] = {}
    prefix = read_settings().database_prefix
    with ExitStack() as stack:
        client = connect(plan.database_uri)
        stack.callback(client.close)
        for service in SERVICES:
            store = MongoStore(client, f"{prefix}_{service.name}")
            for collection in in_order(service, store.collections()):
                name = f"databases/{service.name}/{collection}.jsonl"
                members[name] = write_lines(folder / name, dump(store, collection))
    return members


def in_order(service: Service, there: Iterable[str]) -> list[str]:
    """A service's collections, each before those that its documents refer to: its accounts are the last.

    `kinds` has what is referred to first. A collection of no kind (there should be none) is copied before all.
    """
    accounts = account_kind(service.parties.noun).collection
    known = [*(kind.collection for kind in reversed(service.kinds)), accounts]
    found = set(there)
    return [*sorted(found.difference(known)), *(name for name in known if name in found)]


def _topics(plan: Plan, bus: Bus, folder: Path) -> tuple[dict[str, Member], dict[str, dict[str, list[int]]]]:
    """Every record, and of each group how many of each partition's it had read."""
    members: dict[str, Member] = {}
    read: dict[str, dict[str, list[int]]] = {group: {} for group in bus.read}
    for topic, pairs in groupby(sorted(bus.upto.items()), key=lambda pair: pair[0][0]):
        upto = dict(pairs)
        seen = _Counts(len(upto), {group: places for group, places in bus.read.items() if _reads(places, topic)})
        name = f"topics/{topic}.jsonl"
        members[name] = write_lines(folder / name, (seen.line(record) for record in records(plan.bus, upto)))
        for group, counts in seen.read.items():
            read[group][topic] = counts
    return members, read


def _reads(places: Mapping[Place, int], topic: str) -> bool:
    return any(name == topic for name, _ in places)


class _Counts:
    """Counts, while a topic is copied, how many of its records lie before where each group was."""

    def __init__(self, partitions: int, groups: Mapping[str, Mapping[Place, int]]) -> None:
        self._groups = groups
        self.read = {group: [0] * partitions for group in groups}

    def line(self, record: Record) -> bytes:
        for group, places in self._groups.items():
            if record.offset < places.get((record.topic, record.partition), 0):
                self.read[group][record.partition] += 1
        return msgspec.json.encode(_told(record)) + b"\n"


def _told(record: Record) -> Sequence[Any]:
    """Partition, time, key, value, headers; a value that is no text is a list of its bytes in base 64."""
    try:
        value: str | list[str] = record.value.decode()
    except UnicodeDecodeError:
        value = [b64encode(record.value).decode()]
    return record.partition, record.at, record.key, value, dict(record.headers)
