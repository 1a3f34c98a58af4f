"""The same documents and messages, written by bare clients on the same servers, in as many processes as workers."""

import multiprocessing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from multiprocessing.queues import SimpleQueue

from benchmarks.bare_work import Share, Took, work
from benchmarks.hub import RunningHub
from benchmarks.processes import between, snapshot
from benchmarks.quiet import ALL_SERVICES, Watch
from benchmarks.tape import Home, Tape
from deploy.hub.programs import DATABASE, KAFKA
from shared.bus.topics import TopicSpec, ensure_topics
from shared.config import read_settings
from shared.events.catalogue import TOPICS
from shared.wiring import Service

_OWN_INDEX = "_id_"
_OUTBOX_INDEX = "outbox.id"
_KEPT_MS = 3_600_000
_PATIENCE_S = 900.0


@dataclass(frozen=True, kw_only=True)
class Bare:
    """How long the bare clients took for the work of so many orders, and each process's stages in seconds.

    `cpu` is what they and the two servers used, in seconds.
    """

    orders: int
    seconds: float
    cpu: float
    stages: Mapping[str, Mapping[str, float]]

    @property
    def rate(self) -> float:
        """Orders a second."""
        return self.orders / self.seconds


@dataclass(frozen=True, kw_only=True)
class Replay:
    """What to write again: a tape of so many orders, under a name of its own; `outbox`: by way of outboxes too."""

    name: str
    tape: Tape
    orders: int
    outbox: bool = False


def replay(hub: RunningHub, watch: Watch, asked: Replay) -> Bare:
    """Writes it again, in databases and topics of its own, which go afterwards (topics with the hub)."""
    prefix = f"bare-{asked.name}-"
    partitions = read_settings().topic_partitions
    specs = [TopicSpec(name=prefix + name, partitions=partitions, retention_ms=_KEPT_MS) for name in TOPICS]
    ensure_topics(hub.plan.brokers, specs)
    shares = [_share(hub, service, asked) for service in ALL_SERVICES]
    for share in shares:
        _make_indexes(hub, watch, share)
    before = snapshot(hub)
    took = _run(shares)
    used = between(before, snapshot(hub)).by_program
    for share in shares:
        watch.client.drop_database(share.database)
    seconds = max(each.end for each in took) - min(each.start for each in took)
    return Bare(
        orders=asked.orders,
        seconds=seconds,
        cpu=sum(each.cpu for each in took) + used[DATABASE] + used[KAFKA],
        stages={each.service: each.stages for each in took},
    )


def _share(hub: RunningHub, service: Service, asked: Replay) -> Share:
    written = {collection: mine for (owner, collection), mine in asked.tape.written.items() if owner == service.name}
    return Share(
        service=service.name,
        uri=hub.plan.database_uri,
        bootstrap=hub.plan.brokers,
        database=f"bare_{asked.name}_{service.name}",
        prefix=f"bare-{asked.name}-",
        written=written,
        messages=tuple(each for each in asked.tape.messages if each.service == service.name),
        topics=tuple(service.consumes),
        to_read=sum(each.topic in service.consumes for each in asked.tape.messages),
        outbox=asked.outbox,
    )


def _make_indexes(hub: RunningHub, watch: Watch, share: Share) -> None:
    """Those that the hub's own collections have; the outbox's only where there are outboxes."""
    for collection in share.written:
        for name, index in watch.client[hub.database_of(share.service)][collection].index_information().items():
            keys = index["key"]
            if name != _OWN_INDEX and (share.outbox or keys[0][0] != _OUTBOX_INDEX):
                sparse = bool(index.get("sparse"))
                watch.client[share.database][collection].create_index(list(keys), sparse=sparse)


def _run(shares: Sequence[Share]) -> list[Took]:
    context = multiprocessing.get_context("spawn")
    ready, answers = context.Barrier(len(shares)), context.SimpleQueue()
    processes = [context.Process(target=work, args=(share, ready, answers), daemon=True) for share in shares]
    for process in processes:
        process.start()
    took = [_answer(answers, processes) for _ in shares]
    for process in processes:
        process.join(_PATIENCE_S)
    return took


def _answer(answers: "SimpleQueue[Took]", processes: Sequence[BaseProcess]) -> Took:
    while answers.empty():
        if any(process.exitcode for process in processes):
            message = "A bare process ended with an error; it is above."
            raise RuntimeError(message)
        processes[0].join(0.05)
    return answers.get()


def documents(tape: Tape) -> Mapping[Home, int]:
    """Documents touched, by collection."""
    return {home: len(mine) for home, mine in tape.written.items() if mine}
