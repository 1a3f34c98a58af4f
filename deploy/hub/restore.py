"""A hub made anew from a backup: in a folder and with servers of its own, and put in place once all of it is there."""

import shutil
from base64 import b64decode
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import msgspec

from deploy.hub import leftovers, restore_swap
from deploy.hub.backup import SERVICES
from deploy.hub.backup_file import Manifest, unpack
from deploy.hub.control import Supervisor
from deploy.hub.jars import Progress
from deploy.hub.layout import Layout
from deploy.hub.operator_key import key_file
from deploy.hub.plan import Plan
from deploy.hub.restore_servers import servers
from deploy.hub.supervise import Tell
from deploy.hub.trouble import AlreadyRunningError, BackupError
from shared import clock
from shared.bus.topics import DEAD_LETTERS, Record, TopicSpec, all_topics, ensure_topics
from shared.bus.topics.moving import Place, commit, put
from shared.config import read_settings
from shared.store.mongo import MongoStore, connect
from shared.store.moving import load
from shared.wiring import Service, ensure_store

_Row = tuple[int, int, str | None, str | list[str], dict[str, str]]
_row = msgspec.json.Decoder(_Row).decode


def restore(layout: Layout, file: Path, tell: Tell, fetching: Progress, *, over: bool) -> Manifest:
    """Makes a folder's hub the one of a backup; where it holds one already, only `over` it.

    All or nothing: the hub that was there stays in its place until the other is complete, and is kept aside then.
    Raises HubError.
    """
    _check(layout, over=over)
    leftovers.end(leftovers.find(layout.var))
    restore_swap.finish(layout)
    place = restore_swap.place(layout)
    shutil.rmtree(place, ignore_errors=True)
    try:
        manifest = _make(layout, file, tell, fetching)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    restore_swap.begin(layout, "replaced-" + clock.now().replace(":", "").partition(".")[0])
    restore_swap.finish(layout)
    return manifest


def _check(layout: Layout, *, over: bool) -> None:
    if Supervisor(layout.socket).answers():
        raise AlreadyRunningError(
            f"A hub runs in {layout.var}. Stop it with `schakel stop`, or restore elsewhere by --var."
        )
    if not over and layout.data.is_dir() and any(layout.data.iterdir()):
        raise BackupError(
            f"There is a hub in {layout.var} already. Restore into another folder by --var, or say --replace: "
            "the hub that is there is then kept aside."
        )


def _make(layout: Layout, file: Path, tell: Tell, fetching: Progress) -> Manifest:
    """All of it in the place where it is made ready. The servers have ended when this returns."""
    made = Layout(var=restore_swap.place(layout))
    made.prepare()
    unpacked = made.var / "unpacked"
    tell("Checking the backup.")
    manifest = unpack(file, unpacked)
    _put_files(made, unpacked)
    with servers(made, layout.var, tell, fetching) as plan:
        tell("Restoring the documents.")
        _documents(plan, unpacked, manifest)
        tell("Restoring what lay on the bus.")
        _bus(plan, unpacked, manifest)
    shutil.rmtree(unpacked)
    shutil.rmtree(made.secrets) if not any(made.secrets.iterdir()) else None
    return manifest


def _put_files(made: Layout, unpacked: Path) -> None:
    for name, target in {"operator.key": key_file(made), "hub.toml": made.var / "hub.toml"}.items():
        if (unpacked / name).exists():
            (unpacked / name).rename(target)


def _documents(plan: Plan, unpacked: Path, manifest: Manifest) -> None:
    prefix = read_settings().database_prefix
    with closing(connect(plan.database_uri)) as client:
        for service in SERVICES:
            store = MongoStore(client, f"{prefix}_{service.name}")
            ensure_store(service, store)
            _collections(service, store, unpacked, manifest)


def _collections(service: Service, store: MongoStore, unpacked: Path, manifest: Manifest) -> None:
    beginning = f"databases/{service.name}/"
    for name, member in manifest.members.items():
        if name.startswith(beginning):
            collection = name.removeprefix(beginning).removesuffix(".jsonl")
            _require(load(store, collection, _lines(unpacked / name)), member.lines, name)


def _bus(plan: Plan, unpacked: Path, manifest: Manifest) -> None:
    ensure_topics(plan.bus, _specs(manifest))
    for topic in manifest.partitions:
        put(plan.bus, _records(topic, unpacked / "topics" / f"{topic}.jsonl"))
    for group, topics in manifest.read.items():
        places: dict[Place, int] = {
            (topic, number): count for topic, counts in topics.items() for number, count in enumerate(counts)
        }
        if places:
            commit(plan.bus, group, places)


def _specs(manifest: Manifest) -> Iterable[TopicSpec]:
    """With the partitions that they had: a key's records stay together."""
    usual = {spec.name: spec for spec in all_topics(read_settings().topic_partitions)}
    found = {
        name: replace(usual[name], partitions=count) for name, count in manifest.partitions.items() if name in usual
    }
    return (usual | found).values()


def _records(topic: str, file: Path) -> Iterator[Record]:
    """Dead letters keep their time, for the people who look at them; the others are kept as long as new ones."""
    dead = topic.endswith(DEAD_LETTERS)
    for line in _lines(file):
        partition, at, key, value, headers = _row(line)
        yield Record(
            topic=topic,
            partition=partition,
            offset=0,
            at=at if dead else 0,
            key=key,
            value=value.encode() if isinstance(value, str) else b64decode(value[0]),
            headers=headers,
        )


def _lines(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        yield from stream


def _require(count: int, wanted: int, name: str) -> None:
    if count != wanted:
        raise BackupError(f"Of {name}, {count} of {wanted} documents could be restored. Nothing was changed.")
